"""One photograph as large as there is room, with boxes and labels; zoomed with the wheel, moved with the mouse."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt5.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PyQt5.QtWidgets import QWidget

from webcam_app.capture.frame import Image
from webcam_app.capture.pictures import read_picture
from webcam_app.window.colors import STAGE
from webcam_app.window.live.face_painter import LabelStyle, on_screen, paint_faces
from webcam_app.window.photographs.collection import words
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.tasks import Worker

STEP = 1.25
LARGEST_ZOOM = 16.0
# A larger picture is shown at a reduced size: 100 MB are enough for one.
MOST_PIXELS = 25_000_000


class PhotographView(QWidget):
    """Shows a photograph once its file is decoded, which happens in the background."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self.setAccessibleName("Photograph")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._worker = worker
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

            self._worker.submit(lambda: _load(read_picture(path)), done, failed)

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
            text = self._problem or "Opening…"
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(24, 24, -24, -24), flags, text)
            return
        picture = self.picture_rectangle()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(picture, self._image)
        width, height = round(self._size.width()), round(self._size.height())
        rectangles = [on_screen(face.box, picture, width, height, mirrored=False) for face in entry.faces]
        painter.setClipRect(self.rect())
        visible = picture.intersected(QRectF(self.rect()))
        paint_faces(painter, entry.faces, rectangles, visible, LabelStyle(), self.labels)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """There is more or less room."""
        self._move(QPointF())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom at the mouse."""
        if event is not None and event.angleDelta().y():
            self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of the picture."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.localPos()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Move it."""
        if event is not None and self._grabbed is not None:
            self._move(event.localPos() - self._grabbed)
            self._grabbed = event.localPos()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let it go."""
        self._grabbed = None

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


def _load(image: Image) -> tuple[QImage, int, int]:
    """What is painted, and the width and height in which faces are told."""
    height, width = image.shape[:2]
    if height * width > MOST_PIXELS:
        scale = (MOST_PIXELS / (height * width)) ** 0.5
        size = max(1, int(width * scale)), max(1, int(height * scale))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    rows, columns = image.shape[:2]
    wrapped = QImage(image.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_BGR888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32), width, height
