"""Paints a photograph of the grid: its thumbnail, the label below it, and marks."""

from __future__ import annotations

from PyQt5.QtCore import QModelIndex, QObject, QPointF, QRect, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from webcam_app.faces.face import UNSURE
from webcam_app.output.overlay import color_for
from webcam_app.window import theme
from webcam_app.window.core_texts import label_text
from webcam_app.window.photographs.collection import ENTRY_ROLE
from webcam_app.window.photographs.entry import Entry, is_by_hand
from webcam_app.window.photographs.grid.thumbnails import Thumbnails
from webcam_app.window.translation import tr

SIDE = 148
"""Of the square for a thumbnail, in pixels of 96 to the inch."""
GAP, PADDING = 6, 6
MARK = 18
DOT = 5


class PhotographDelegate(QStyledItemDelegate):
    """Paints what is in the cache; it never waits for anything."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.labels: tuple[str, ...] = ()
        """The model's, whose order decides the colours."""

    def cell(self, font: QFont) -> QSize:
        """The size of a photograph in the grid."""
        height = QFontMetrics(font).height()
        return QSize(SIDE + 2 * PADDING + GAP, SIDE + 2 * height + 3 * PADDING + GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """The same for all."""
        return self.cell(option.font)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Qt paints it."""
        entry = index.data(ENTRY_ROLE)
        if painter is None or not isinstance(entry, Entry):
            return
        look = theme.current()
        area = option.rect.adjusted(GAP // 2, GAP // 2, -GAP // 2, -GAP // 2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, QColor(look.checked if selected else look.surface))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(look.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)  # the one before may have left the colour of its label
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        square = QRect(area.left() + PADDING, area.top() + PADDING, SIDE, SIDE)
        self._paint_thumbnail(painter, square, entry)
        _paint_marks(painter, square, entry)
        text = look.on_checked if selected else look.text
        muted = look.on_checked if selected else look.muted
        height = option.fontMetrics.height()
        line = QRect(square.left(), square.bottom() + 1 + PADDING // 2, square.width(), height)
        self._paint_label(painter, line, entry, option.fontMetrics, text, muted)
        line.translate(0, height)
        painter.setPen(QColor(muted))
        name = option.fontMetrics.elidedText(entry.path.name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), name)

    def _paint_thumbnail(self, painter: QPainter, square: QRect, entry: Entry) -> None:
        pixmap = self._thumbnails.get(entry.path)
        if pixmap is not None:
            device = painter.device()
            ratio = device.devicePixelRatioF() if device is not None else 1.0
            size = pixmap.size() / ratio
            if size.width() > SIDE or size.height() > SIDE:
                size.scale(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(square.center())
            painter.drawPixmap(place, pixmap)
            return
        painter.fillRect(square, QColor(theme.current().raised))
        if self._thumbnails.failed(entry.path):
            side = 32
            place = QRect(0, 0, side, side)
            place.moveCenter(square.center())
            theme.icon("error", "alarm").paint(painter, place)

    def _paint_label(
        self, painter: QPainter, line: QRect, entry: Entry, metrics: QFontMetrics, color: str, muted: str
    ) -> None:
        text, told = caption(entry)
        first = entry.largest
        face = None if first is None else first.face
        left = line.left()
        if face is not None and face.label is not None:
            blue, green, red = color_for(face.label, self.labels)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(0, 0, 0, 120))
            painter.setBrush(QColor(red, green, blue))
            painter.drawEllipse(QPointF(left + DOT, line.center().y() + 0.5), DOT, DOT)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            left += 2 * DOT + 5
        painter.setPen(QColor(color if told else muted))
        room = line.right() - left
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, line.top(), room + 1, line.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)


def caption(entry: Entry) -> tuple[str, bool]:
    """What stands below a photograph, and whether it is a label."""
    looked, first = entry.looked, entry.largest
    if looked is None:
        return ("…" if entry.truth is None else label_text(entry.truth)), False
    if looked.error:
        return tr("not read"), False
    if first is None:
        if entry.truth is None:
            return tr("no face"), False
        return tr("{label}, no face").format(label=label_text(entry.truth)), False
    face = first.face
    if face.label is None:
        return tr("not labelled"), False
    share = entry.confidence
    if is_by_hand(face):
        text = label_text(face.label)
        if entry.wrong:
            text = tr("{label}, not {other}").format(label=text, other=label_text(entry.said or ""))
    elif face.label == UNSURE or share is None:
        text = label_text(face.label)
    else:
        text = f"{label_text(face.label)} {min(99, round(100 * share))} %"
    others = len(entry.shown) - 1
    return (f"{text} +{others}" if others else text), True


def _paint_marks(painter: QPainter, square: QRect, entry: Entry) -> None:
    """In the upper right corner: what is unsure, wrong, checked, not read; and masks."""
    looked = entry.looked
    marks = []
    if looked is not None and looked.error:
        marks.append(("error", "alarm"))
    elif entry.wrong:
        marks.append(("warning", "alarm"))
    elif any(each.face.label == UNSURE for each in entry.shown):
        marks.append(("help", "amber"))
    elif entry.truth is not None or entry.corrected:
        marks.append(("check", "accent"))
    if any(each.face.masked for each in entry.shown):
        marks.append(("mask", "text"))
    for at, (name, color) in enumerate(marks):
        place = QRect(square.right() - (at + 1) * (MARK + 6) + 1, square.top() + 3, MARK + 4, MARK + 4)
        painter.fillRect(place, QColor(theme.current().raised))
        theme.icon(name, color).paint(painter, place.adjusted(2, 2, -2, -2))
