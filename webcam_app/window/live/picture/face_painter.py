"""Paints boxes and labels at the screen's resolution, whatever the resolution of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from webcam_app.faces.face import Box, Face
from webcam_app.output.overlay import color_for, text_color_on
from webcam_app.window.core_texts import face_text

# Letters of 1/28 of the picture's shorter side as it is on the screen, within what is readable and not loud.
LETTER_SHARE = 1 / 28
SMALLEST_LETTERS, LARGEST_LETTERS = 11.0, 40.0
OUTLINE = QColor(0, 0, 0, 200)


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """What is written at a face and how large.

    Attributes:
        text_percent: size of the letters, 100 for what suits the picture's size on the screen.
        show_masks: say where a mask is worn.
        show_no_masks: with ``show_masks``, say as well where none is worn.
        show_tracks: write each track's number.
    """

    text_percent: int = 100
    show_masks: bool = True
    show_no_masks: bool = False
    show_tracks: bool = False


def on_screen(box: Box, picture: QRectF, frame_width: int, frame_height: int, *, mirrored: bool) -> QRectF:
    """Where a box of the frame lies on the widget.

    Args:
        box: in pixels of the frame.
        picture: the rectangle of the widget that shows the frame.
        frame_width: the frame's width in pixels.
        frame_height: its height.
        mirrored: whether left and right are exchanged on the screen.
    """
    scale_x, scale_y = picture.width() / frame_width, picture.height() / frame_height
    left = frame_width - box.x - box.width if mirrored else box.x
    return QRectF(
        picture.left() + left * scale_x,
        picture.top() + box.y * scale_y,
        box.width * scale_x,
        box.height * scale_y,
    )


def paint_faces(
    painter: QPainter,
    faces: Sequence[Face],
    rectangles: Sequence[QRectF],
    picture: QRectF,
    style: LabelStyle,
    labels: Sequence[str],
) -> None:
    """Paint each face's box and label.

    Args:
        painter: on the widget; its pen, brush, font and hints are changed.
        faces: what to paint.
        rectangles: where each of them is on the widget.
        picture: the part of the widget that shows the frame; plates stay within it.
        style: what is written and how large.
        labels: the model's labels, whose order decides the colours.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    letters = min(picture.width(), picture.height()) * LETTER_SHARE
    letters = min(max(letters, SMALLEST_LETTERS), LARGEST_LETTERS) * style.text_percent / 100
    font = QFont(painter.font())
    font.setPixelSize(round(letters))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    line = max(2.0, letters / 7)
    colors = [color_for(face.label, labels) for face in faces]
    for rectangle, color in zip(rectangles, colors, strict=True):
        _paint_box(painter, rectangle, color, line)
    taken: list[QRectF] = []
    for face, rectangle, color in zip(faces, rectangles, colors, strict=True):
        text = face_text(
            face, show_mask=style.show_masks, show_no_mask=style.show_no_masks, show_track=style.show_tracks
        )
        if text:
            plate = _place_plate(metrics, text, rectangle, picture, line, taken)
            taken.append(plate)
            _paint_plate(painter, plate, text, color)


def _paint_box(painter: QPainter, rectangle: QRectF, color: tuple[int, int, int], line: float) -> None:
    radius = min(rectangle.width(), rectangle.height()) * 0.06
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(OUTLINE, line + 2))
    painter.drawRoundedRect(rectangle, radius, radius)
    painter.setPen(QPen(_qt(color), line))
    painter.drawRoundedRect(rectangle, radius, radius)


def _place_plate(
    metrics: QFontMetricsF, text: str, face: QRectF, picture: QRectF, line: float, taken: Sequence[QRectF]
) -> QRectF:
    """Above the box, below it where there is no room, inside it where there is none either; not over another plate."""
    padding = metrics.height() * 0.35
    width = min(metrics.horizontalAdvance(text) + 2 * padding, picture.width())
    height = metrics.height() + 4
    left = min(max(face.left() - line / 2, picture.left()), picture.right() - width)
    gap = line + 2
    tops = (face.top() - height - gap, face.bottom() + gap, face.top() + gap, face.bottom() - height - gap)
    places = [
        QRectF(left, top, width, height) for top in tops if picture.top() <= top and top + height <= picture.bottom()
    ]
    free = [place for place in places if not any(place.intersects(other) for other in taken)]
    if free or places:
        return (free or places)[0]
    return QRectF(left, min(max(face.top(), picture.top()), picture.bottom() - height), width, height)


def _paint_plate(painter: QPainter, plate: QRectF, text: str, color: tuple[int, int, int]) -> None:
    painter.setPen(QPen(OUTLINE, 1.2))
    painter.setBrush(_qt(color))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(_qt(text_color_on(color)))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(plate.width()))
    x = plate.left() + max(0.0, (plate.width() - metrics.horizontalAdvance(shown)) / 2)
    painter.drawText(QPointF(x, plate.top() + (plate.height() + metrics.ascent() - metrics.descent()) / 2), shown)


def _qt(color: tuple[int, int, int]) -> QColor:
    blue, green, red = color
    return QColor(red, green, blue)
