"""A short message about something that went well, low over the picture."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from webcam_app.window.widgets.overlay import Overlay

SHOWN_MS = 6000


class Toast(Overlay):
    """Appears, offers one button, and goes by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        self._action: Callable[[], None] = lambda: None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(12)
        layout.addWidget(self.text)
        layout.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def show_message(self, text: str, button: str, action: Callable[[], None]) -> None:
        """Show a line of text and a button for some seconds."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.button.setText(button)
        self._action = action
        self.show()
        self.raise_()
        self.arrange()
        self._timer.start()

    def arrange(self) -> None:
        """Take the middle of the parent's lower edge."""
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        self.adjustSize()
        width = min(self.sizeHint().width(), parent.width() - 16)
        height = self.sizeHint().height()
        # Low in the picture hides least, but not the buttons of what stands in its middle.
        middle = any(part.isVisible() for part in parent.findChildren(Overlay) if part is not self)
        top = 8 if middle else max(0, parent.height() - height - 14)
        self.setGeometry((parent.width() - width) // 2, top, width, height)

    def _act(self) -> None:
        self.hide()
        self._action()
