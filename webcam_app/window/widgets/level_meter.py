"""How loud a microphone is."""

from __future__ import annotations

import math

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from webcam_app.window.theme import current

GREEN = "#3fb950"
# Speech lies between -40 and -10 decibels below full scale; above -6 it may soon be too loud.
LOWEST_DB, LOUD_DB, CLIPPING_DB = -50.0, -6.0, -0.5


class LevelMeter(QWidget):
    """A bar that is as long as the sound is loud, in decibels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("level")
        self.setAccessibleName("Level of the microphone")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._share, self._color = 0.0, GREEN
        self.hide()

    def sizeHint(self) -> QSize:
        """Small enough for a narrow window."""
        return QSize(44, 12)

    def show_level(self, level: float) -> None:
        """Show a level: the largest deflection, 0 to 1."""
        decibels = 20 * math.log10(level) if level > 0 else LOWEST_DB
        share = min(1.0, max(0.0, 1 - decibels / LOWEST_DB))
        theme = current()
        color = theme.red if decibels >= CLIPPING_DB else theme.amber if decibels >= LOUD_DB else GREEN
        if abs(share - self._share) > 0.005 or color != self._color:
            self._share, self._color = share, color
            self.update()

    @property
    def share(self) -> float:
        """How much of the bar is filled, 0 to 1."""
        return self._share

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect()).adjusted(0, 3, 0, -3)
        painter.setBrush(QColor(current().edge))
        painter.drawRoundedRect(whole, 3, 3)
        painter.setBrush(QColor(self._color))
        painter.drawRoundedRect(QRectF(whole.left(), whole.top(), whole.width() * self._share, whole.height()), 3, 3)
        painter.end()
