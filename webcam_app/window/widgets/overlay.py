"""A panel over the picture."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject
from PyQt5.QtWidgets import QFrame, QWidget


class Overlay(QFrame):
    """Lies on its parent and is arranged again when that changes its size."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        parent.installEventFilter(self)
        self.hide()

    def arrange(self) -> None:
        """Take the right place on the parent."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Notice another size of the parent."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self.arrange()
        return False
