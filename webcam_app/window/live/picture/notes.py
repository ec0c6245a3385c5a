"""What is written on the picture about how it is seen: that it stands still, and how much it is enlarged."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPen

from webcam_app.window.theme import STAGE, icon

MARGIN, HEIGHT, ICON = 12, 26, 15
# Beside a frozen picture nobody should have to read to see that it is none that is live.
FROZEN_EDGE = 4


def paint_note(painter: QPainter, text: str, *, width: float, icon_name: str = "", taken: QRectF | None = None) -> None:
    """Paint a plate with a few words into the upper left corner.

    Args:
        painter: on the widget; its pen, brush, font and hints are changed.
        text: what it says; cut off where there is no room.
        width: of the widget.
        icon_name: a file of ``assets/icons`` without its suffix.
        taken: another plate, in the upper right corner; where both have no room beside each other, this one is below.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = painter.font()
    font.setPixelSize(13)
    font.setBold(True)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    before = ICON + 7 if icon_name else 0
    wanted = metrics.horizontalAdvance(text) + before + 24
    plate = QRectF(MARGIN, MARGIN, min(wanted, width - 2 * MARGIN), HEIGHT)
    if taken is not None and plate.right() + MARGIN > taken.left():
        plate.moveTop(taken.bottom() + 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(plate, HEIGHT / 2, HEIGHT / 2)
    if icon_name:
        place = QRectF(plate.left() + 11, plate.center().y() - ICON / 2, ICON, ICON)
        icon(icon_name, "white").paint(painter, place.toAlignedRect())
    painter.setPen(QColor("white"))
    room = plate.adjusted(12 + before, 0, -10, 0)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(room.width()) + 1)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def paint_frozen_edge(painter: QPainter, picture: QRectF) -> None:
    """Paint a frame onto the edge of a picture that stands still.

    Args:
        painter: on the widget; its pen, brush and hints are changed.
        picture: the part of the widget that shows the picture.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(STAGE.accent), FROZEN_EDGE, join=Qt.PenJoinStyle.MiterJoin))
    half = FROZEN_EDGE / 2
    painter.drawRect(picture.adjusted(half, half, -half, -half))
