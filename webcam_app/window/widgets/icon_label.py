"""An icon that stands by itself."""

from __future__ import annotations

from PyQt5.QtCore import QRect, QSize
from PyQt5.QtGui import QIcon, QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget


class IconLabel(QWidget):
    """Shows an icon as sharp as the screen allows, in the colours that the theme has then."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        """Make it empty.

        Args:
            side: of the icon, in pixels that do not depend on the screen's density.
            parent: the widget that it lies on.
        """
        super().__init__(parent)
        self.setFixedSize(QSize(side, side))
        self._icon = QIcon()

    def set_icon(self, icon: QIcon) -> None:
        """Show this icon."""
        self._icon = icon
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        self._icon.paint(QPainter(self), QRect(0, 0, self.width(), self.height()))
