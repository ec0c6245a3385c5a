"""Paints a file of the strip: its picture, how long it plays, when it was written."""

from __future__ import annotations

from PyQt5.QtCore import QAbstractItemModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from PyQt5.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from webcam_app.window import theme
from webcam_app.window.colors import STAGE
from webcam_app.window.live.recording.text import clock
from webcam_app.window.live.strip.files import KeptFile
from webcam_app.window.live.strip.model import FILE_ROLE, StripModel, thumbnail_size
from webcam_app.window.translation import tr

PADDING, GAP = 4, 6
MARK = 14
# A name with date and time can be read as a whole.
EDITOR_WIDTH = 220
SHADE = QColor(0, 0, 0, 170)


class StripDelegate(QStyledItemDelegate):
    """Paints what the model knows; a name is edited in place."""

    def __init__(self, model: StripModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.compact = False
        """Whether there is little room."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """The same for all."""
        return self.cell(option.fontMetrics)

    def cell(self, metrics: QFontMetrics) -> QSize:
        """How much room a file takes, its gap to the next one included."""
        size = thumbnail_size(compact=self.compact)
        return QSize(size.width() + 2 * PADDING + GAP, size.height() + metrics.height() + 3 * PADDING)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Qt paints it."""
        file = index.data(FILE_ROLE)
        if painter is None or not isinstance(file, KeptFile):
            return
        look = theme.current()
        area = option.rect.adjusted(0, 0, -GAP, 0)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(area, QColor(look.checked if selected else look.hover if over else look.surface))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(look.accent))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        size = thumbnail_size(compact=self.compact)
        place = QRect(area.left() + PADDING, area.top() + PADDING, size.width(), size.height())
        known = self._model.poster(file)
        painter.fillRect(place, QColor(STAGE.background))
        if known is not None and known[0] is not None:
            _paint_poster(painter, place, known[0])
        elif known is not None:
            mark = QRect(0, 0, 24, 24)
            mark.moveCenter(place.center())
            theme.icon("error", STAGE.alarm).paint(painter, mark)
        if file.video and (known is None or known[0] is not None):
            _paint_length(painter, place, known[1] if known is not None else None)
        painter.setPen(QColor(look.on_checked if selected else look.muted))
        line = self._line(option.rect)
        text = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), text)

    def createEditor(self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget | None:
        """The name that the file has is to be edited."""
        line = QLineEdit(parent)
        line.setObjectName("name")
        line.setAccessibleName(tr("Name of the file"))
        line.setText(str(index.data(Qt.ItemDataRole.EditRole)))
        line.selectAll()
        return line

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        """Leave it: Qt asks whenever something is known of the file, such as its picture, while a person types."""

    def setModelData(self, editor: QWidget | None, model: QAbstractItemModel | None, index: QModelIndex) -> None:
        """Take what was typed."""
        if isinstance(editor, QLineEdit) and model is not None:
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The editor lies over the caption."""
        if editor is not None:
            line = self._line(option.rect)
            height = max(line.height(), editor.sizeHint().height())
            around = editor.parentWidget()
            widest = option.rect.width() if around is None else around.width()
            width = min(max(option.rect.width() - GAP, EDITOR_WIDTH), widest)
            left = max(0, min(option.rect.left(), widest - width))
            editor.setGeometry(left, option.rect.bottom() + 1 - height, width, height)

    def _line(self, cell: QRect) -> QRect:
        """Where the caption is."""
        size = thumbnail_size(compact=self.compact)
        top = cell.top() + size.height() + PADDING + PADDING // 2
        return QRect(cell.left() + PADDING, top, size.width(), cell.bottom() - top)


def _paint_poster(painter: QPainter, place: QRect, poster: QPixmap) -> None:
    """The picture, so large that it fits."""
    size = poster.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    inside = QRect(0, 0, size.width(), size.height())
    inside.moveCenter(place.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(inside, poster)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)


def _paint_length(painter: QPainter, place: QRect, seconds: float | None) -> None:
    """A sign for playing and how long it takes, low on the picture."""
    text = "" if seconds is None else clock(seconds + 0.5)
    font = painter.font()
    painter.save()
    font.setBold(True)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    width = MARK + (metrics.horizontalAdvance(text) + 4 if text else 0) + 6
    height = max(MARK, metrics.height()) + 2
    plate = QRectF(place.right() - width - 2, place.bottom() - height - 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(SHADE)
    painter.drawRoundedRect(plate, 4, 4)
    sign = QRect(0, 0, MARK, MARK)
    sign.moveCenter(plate.center().toPoint())
    sign.moveLeft(round(plate.left()) + 2)
    theme.icon("play", "#ffffff").paint(painter, sign)
    painter.setPen(QColor("white"))
    painter.drawText(plate.adjusted(MARK + 3, 0, -4, 0), int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()
