"""What is shown where no live picture is: what happens, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QRectF, QSize, Qt, QTimer
from PyQt5.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from webcam_app.window import theme
from webcam_app.window.colors import STAGE
from webcam_app.window.widgets.button_row import ButtonRow, Choice
from webcam_app.window.widgets.icon_label import IconLabel
from webcam_app.window.widgets.overlay import Overlay

SPINNER_SIDE = 40
# Twelve small steps a second look alive and cost next to nothing.
SPINNER_MS = 80
SPINNER_DEGREES = 30
WIDEST = 460
ICON_SIDE = 44


class Spinner(QWidget):
    """An arc that goes round while it is visible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(SPINNER_SIDE, SPINNER_SIDE))
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(SPINNER_MS)
        self._timer.timeout.connect(self._turn)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Begin to turn."""
        self._timer.start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Stop turning."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(4, 4, SPINNER_SIDE - 8, SPINNER_SIDE - 8)
        painter.setPen(QPen(QColor(STAGE.edge), 4))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(STAGE.accent), 4, cap=Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, -self._angle * 16, 100 * 16)

    def _turn(self) -> None:
        self._angle = (self._angle + SPINNER_DEGREES) % 360
        self.update()


class Placeholder(Overlay):
    """A panel in the middle of the parent: an icon or a spinner, a headline, a line of detail, and buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.spinner = Spinner()
        self._icon = IconLabel(ICON_SIDE)
        self.headline = QLabel()
        self.headline.setObjectName("headline")
        self.detail = QLabel()
        self.detail.setObjectName("detail")
        for label in (self.headline, self.detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self._buttons = ButtonRow()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(8)
        layout.addWidget(self.spinner, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.headline)
        layout.addWidget(self.detail)
        centered = QHBoxLayout()
        centered.addStretch()
        centered.addLayout(self._buttons)
        centered.addStretch()
        layout.addLayout(centered)
        self._icon_name = ""
        self._shown: tuple[str, str, str, tuple[str, ...]] | None = None

    @property
    def buttons(self) -> list[QPushButton]:
        """The buttons that are offered now."""
        return self._buttons.buttons

    def present(self, headline: str, detail: str = "", *, icon: str = "", choices: Sequence[Choice] = ()) -> None:
        """Show the panel.

        Args:
            headline: what happens, in a few words.
            detail: one line more.
            icon: name of an icon; empty for a spinner.
            choices: text and action of each button; the first is the one to take.
        """
        shown = (headline, detail, icon, tuple(text for text, _ in choices))
        if shown != self._shown:
            self._shown = shown
            self._fill(headline, detail, icon, choices)
        self.show()
        self.raise_()
        self.arrange()

    def arrange(self) -> None:
        """Take the middle of the parent."""
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        width = min(WIDEST, parent.width() - 24)
        room = parent.height() - 12
        small = room < 190
        self._icon.setVisible(not small and bool(self._icon_name))
        layout = self.layout()
        height = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        height = min(max(height, self.sizeHint().height()), room)
        self.setGeometry((parent.width() - width) // 2, (parent.height() - height) // 2, width, height)

    def _fill(self, headline: str, detail: str, icon: str, choices: Sequence[Choice]) -> None:
        self.headline.setText(headline)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.spinner.setVisible(not icon)
        self._icon_name = icon
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(theme.icon(icon, STAGE.muted))
        self._buttons.set_choices(choices, primary=bool(icon))
