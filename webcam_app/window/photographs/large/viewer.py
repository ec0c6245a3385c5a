"""One photograph as large as there is room, with boxes and labels; zoomed with the wheel, moved with the mouse.

Boxes are selected, drawn and moved here (``editor``); what that says of the photograph is for the page to know.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PyQt5.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt
from PyQt5.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PyQt5.QtWidgets import QWidget

from webcam_app.capture.frame import Picture
from webcam_app.capture.pictures import load_picture
from webcam_app.window import theme
from webcam_app.window.colors import STAGE
from webcam_app.window.images import to_qimage
from webcam_app.window.live.picture.face_painter import LabelStyle, paint_faces
from webcam_app.window.photographs.collection import words
from webcam_app.window.photographs.entry import Entry, is_drawn
from webcam_app.window.photographs.large.editor import BoxEditor, Place
from webcam_app.window.tasks import Worker
from webcam_app.window.translation import tr

STEP = 1.25
LARGEST_ZOOM = 16.0
# A larger picture is shown at a reduced size: 100 MB are enough for one.
MOST_PIXELS = 25_000_000
# A pencil marks what was drawn by hand.
PENCIL = 22
HANDLE = 7.0


class PhotographView(QWidget):
    """Shows a photograph once its file is decoded, which happens in the background."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Photograph"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._worker = worker
        self.editor = BoxEditor(self)
        """Which face is selected, and the box that is being drawn or moved."""
        self.editor.changed.connect(self.update)
        self.entry: Entry | None = None
        self.labels: Sequence[str] = ()
        """The model's, whose order decides the colours."""
        self.zoom = 1.0
        """1 where the whole photograph fits."""
        self._image: QImage | None = None
        self._size = QSizeF()
        self._problem = ""
        self._middle = QPointF(0.5, 0.5)
        self._grabbed: QPointF | None = None

    @property
    def loaded(self) -> bool:
        """Whether the photograph, or what is wrong with it, is shown."""
        return self._image is not None or bool(self._problem)

    def show_entry(self, entry: Entry | None) -> None:
        """Show another photograph, the whole of it; None for none."""
        self.entry = entry
        self._image, self._problem = None, ""
        self.editor.reset()
        self.fit()
        self.describe()
        if entry is not None:
            path = entry.path

            def done(loaded: tuple[QImage, int, int]) -> None:
                if self.entry is entry:
                    self._image = loaded[0]
                    self._size = QSizeF(loaded[1], loaded[2])
                    self.update()

            def failed(problem: str) -> None:
                if self.entry is entry:
                    self._problem = problem
                    self.update()

            self._worker.submit(lambda: _load(load_picture(path)), done, failed)

    def describe(self) -> None:
        """What is known of the photograph has changed."""
        entry = self.entry
        self.setAccessibleDescription("" if entry is None else f"{entry.name}: {words(entry)}")
        self.update()

    def fit(self) -> None:
        """Show the whole photograph."""
        self.zoom, self._middle = 1.0, QPointF(0.5, 0.5)
        self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out; what is at a point of the widget stays there.

        Args:
            factor: above 1 to see it larger.
            at: the point; None for the middle.
        """
        at = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        before = self.picture_rectangle()
        zoom = min(max(1.0, self.zoom * factor), LARGEST_ZOOM)
        if zoom == self.zoom or before.isEmpty():
            return
        share = QPointF((at.x() - before.left()) / before.width(), (at.y() - before.top()) / before.height())
        self.zoom = zoom
        after = self.picture_rectangle()
        moved = QPointF(
            at.x() - (after.left() + share.x() * after.width()), at.y() - (after.top() + share.y() * after.height())
        )
        self._move(moved)

    def picture_rectangle(self) -> QRectF:
        """Where the whole photograph lies; parts of it may be outside of the widget."""
        if self._size.isEmpty():
            return QRectF()
        scale = min(self.width() / self._size.width(), self.height() / self._size.height()) * self.zoom
        width, height = self._size.width() * scale, self._size.height() * scale
        left = self.width() / 2 - self._middle.x() * width
        top = self.height() / 2 - self._middle.y() * height
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(STAGE.background))
        entry = self.entry
        if entry is None:
            return
        if self._image is None:
            painter.setPen(QColor(STAGE.text))
            text = self._problem or tr("Opening…")
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(24, 24, -24, -24), flags, text)
            return
        place = self.place
        if place is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place.picture, self._image)
        painter.setClipRect(self.rect())
        moving = self.editor.moving
        shown = [each for at, each in enumerate(entry.shown) if at != moving]
        rectangles = [place.on_widget(each.face.box) for each in shown]
        paint_faces(painter, [each.face for each in shown], rectangles, place.visible, LabelStyle(), self.labels)
        for each, rectangle in zip(shown, rectangles, strict=True):
            if is_drawn(each):
                _paint_pencil(painter, rectangle)
        self._paint_chosen(painter, place)

    @property
    def place(self) -> Place | None:
        """Where the photograph is on the widget, with the boxes of its faces; None until it is loaded."""
        if self.entry is None or self._size.isEmpty() or self._image is None:
            return None
        picture = self.picture_rectangle()
        size = round(self._size.width()), round(self._size.height())
        visible = picture.intersected(QRectF(self.rect()))
        return Place(picture, visible, size, [each.face.box for each in self.entry.shown])

    def _paint_chosen(self, painter: QPainter, place: Place) -> None:
        """The selected face has handles; a box that is being drawn is dashed."""
        editor = self.editor
        if editor.box is not None:
            rectangle = place.on_widget(editor.box)
            for pen in (QPen(QColor(0, 0, 0), 4), QPen(QColor(STAGE.accent), 2, Qt.PenStyle.DashLine)):
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rectangle)
            _paint_handles(painter, rectangle)
        elif editor.selected is not None and editor.selected < len(place.boxes):
            _paint_handles(painter, place.on_widget(place.boxes[editor.selected]))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """There is more or less room."""
        self._move(QPointF())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom at the mouse."""
        if event is not None and event.angleDelta().y():
            self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of a box, or of the picture."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        place = self.place
        if place is None or not self.editor.press(place, event.localPos()):
            self._grabbed = event.localPos()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Move it."""
        place = self.place
        if event is None:
            return
        if self._grabbed is not None:
            self._move(event.localPos() - self._grabbed)
            self._grabbed = event.localPos()
        elif place is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.editor.drag(place, event.localPos())
        elif place is not None:
            self.setCursor(self.editor.hover(place, event.localPos()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let it go."""
        place = self.place
        if self._grabbed is None and place is not None:
            self.editor.release(place)
        self._grabbed = None

    def event(self, event: QEvent | None) -> bool:
        """While a box is drawn, arrows and Return belong to it, not to the actions that have these keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self.editor.takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Draw with the keys."""
        place = self.place
        if event is not None and (place is None or not self.editor.key(place, event)):
            super().keyPressEvent(event)

    def _move(self, by: QPointF) -> None:
        """Move the photograph, but never so far that there is an empty edge where there could be a picture."""
        picture = self.picture_rectangle()
        if picture.isEmpty():
            return
        middle = [self._middle.x() - by.x() / picture.width(), self._middle.y() - by.y() / picture.height()]
        for axis, (room, length) in enumerate(((self.width(), picture.width()), (self.height(), picture.height()))):
            half = room / length / 2
            middle[axis] = 0.5 if half >= 0.5 else min(max(middle[axis], half), 1 - half)
        self._middle = QPointF(*middle)
        self.update()


def _paint_pencil(painter: QPainter, rectangle: QRectF) -> None:
    corner = rectangle.bottomRight().toPoint()
    place = QRect(corner.x() - PENCIL, corner.y() - PENCIL, PENCIL, PENCIL)
    painter.fillRect(place, QColor(STAGE.raised))
    theme.icon("draw", STAGE.text).paint(painter, place.adjusted(3, 3, -3, -3))


def _paint_handles(painter: QPainter, rectangle: QRectF) -> None:
    painter.setPen(QPen(QColor(0, 0, 0), 1))
    painter.setBrush(QColor(255, 255, 255))
    for x in (rectangle.left(), rectangle.center().x(), rectangle.right()):
        for y in (rectangle.top(), rectangle.center().y(), rectangle.bottom()):
            if (x, y) != (rectangle.center().x(), rectangle.center().y()):
                painter.drawRect(QRectF(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE))


def _load(picture: Picture) -> tuple[QImage, int, int]:
    """What is painted, and the width and height in which faces are told, which are those of the whole picture."""
    image = picture.image
    height, width = image.shape[:2]
    if height * width > MOST_PIXELS:
        scale = (MOST_PIXELS / (height * width)) ** 0.5
        size = max(1, int(width * scale)), max(1, int(height * scale))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return to_qimage(image), picture.width, picture.height
