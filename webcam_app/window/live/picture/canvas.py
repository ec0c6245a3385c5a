"""The live picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PyQt5.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget
from PyQt5.sip import voidptr

from webcam_app.capture.frame import Image
from webcam_app.faces.face import Face
from webcam_app.live import Result
from webcam_app.window.live.picture.face_painter import LabelStyle, on_screen, paint_faces
from webcam_app.window.live.picture.notes import paint_frozen_edge, paint_note
from webcam_app.window.live.picture.viewport import Cut, Viewport, letterbox
from webcam_app.window.theme import RED, STAGE
from webcam_app.window.translation import percent, tr

SMALLEST = QSize(160, 90)
# A picture that stands still is shown at this share of its brightness, without colour: nobody takes it for live.
STALE_BRIGHTNESS = 0.45
# The countdown's disc, of the shorter side: read from across the room, and the faces around it are seen.
COUNTDOWN_SHARE = 0.45


class VideoCanvas(QWidget):
    """Shows the newest result: the frame letterboxed, boxes and labels sharp above it.

    The frame is scaled by OpenCV and painted from its own buffer: at 1000×600 this takes half the time of letting Qt
    scale it, and nothing is copied where no scaling is needed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SMALLEST)
        self.setMouseTracking(True)
        # So that no button has the focus, and looks like it, before someone presses Tab.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.on_painted: Callable[[int], None] = lambda sequence: None
        """Called with a result's sequence number when it has reached the screen."""
        self._result: Result | None = None
        self._labels: Sequence[str] = ()
        self._mirrored = False
        self._stale = False
        self._style = LabelStyle()
        self._recording, self._recording_figures, self._recording_paused = "", "", False
        self._countdown = 0
        self._buffer: Image | None = None
        self._frozen = False
        self._viewport = Viewport()
        self._picture = QRectF()
        """Where the whole picture lies; zoomed in, its edges are outside."""
        self._unseen = -1

    @property
    def result(self) -> Result | None:
        """What is shown, None for an empty canvas."""
        return self._result

    @property
    def labels(self) -> Sequence[str]:
        """Of the model, in the order that decides the colours."""
        return self._labels

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged."""
        return self._mirrored

    @property
    def stale(self) -> bool:
        """Whether the picture is shown as one that is not live any more. One that was frozen on purpose is not."""
        return self._stale and not self._frozen

    @property
    def viewport(self) -> Viewport:
        """Which part of the picture is shown."""
        return self._viewport

    @property
    def sizes(self) -> tuple[QSizeF, QSizeF]:
        """What there is room for, and the picture's size in its own pixels; both empty without a picture."""
        if self._result is None:
            return QSizeF(), QSizeF()
        height, width = self._result.frame.image.shape[:2]
        return QSizeF(self.size()), QSizeF(width, height)

    def show_result(self, result: Result | None, labels: Sequence[str]) -> None:
        """Show a result, whose frame is kept until the next one and not changed; None empties the canvas."""
        self._result = result
        self._labels = labels
        self.update()

    def set_mirrored(self, mirrored: bool) -> None:
        """Exchange left and right of the picture; text stays readable, and the same part of it is shown."""
        if mirrored != self._mirrored:
            self._viewport = self._viewport.flipped()
        self._mirrored = mirrored
        self.update()

    def set_viewport(self, viewport: Viewport) -> None:
        """Show another part of the picture. It has no effect on recordings and snapshots."""
        if viewport != self._viewport:
            self._viewport = viewport
            self.update()

    def set_frozen(self, frozen: bool) -> None:
        """Show the picture as one that was made to stand still."""
        if frozen != self._frozen:
            self._frozen = frozen
            self.update()

    def set_stale(self, stale: bool) -> None:
        """Show the picture grey and dark, without faces, because it is not live."""
        if stale != self._stale:
            self._stale = stale
            self.update()

    def set_style(self, style: LabelStyle) -> None:
        """Choose what is written at the faces."""
        self._style = style
        self.update()

    def set_recording(self, elapsed: str, figures: str = "", *, paused: bool = False) -> None:
        """Show the recording mark.

        Args:
            elapsed: the time beside it; empty for no mark.
            figures: more about it, left out where there is little room.
            paused: whether it waits.
        """
        shown = (elapsed, figures, paused)
        if shown != (self._recording, self._recording_figures, self._recording_paused):
            self._recording, self._recording_figures, self._recording_paused = shown
            self.update()

    def set_countdown(self, seconds: int) -> None:
        """Show large how many seconds are left until a recording begins; 0 for nothing."""
        if seconds != self._countdown:
            self._countdown = seconds
            self.update()

    def face_rectangles(self, faces: Sequence[Face]) -> list[QRectF]:
        """Where faces of the frame shown lie on this widget."""
        if self._result is None:
            return []
        height, width = self._result.frame.image.shape[:2]
        return [on_screen(face.box, self._picture, width, height, mirrored=self._mirrored) for face in faces]

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        painter = QPainter(self)
        result = self._result
        if result is None:
            painter.fillRect(self.rect(), QColor(STAGE.background))
        else:
            self._paint_frame(painter, result.frame.image)
            if not self.stale:
                self._paint_faces(painter, result.faces)
                self._notify_painted(result.sequence)
        plate = self._paint_recording(painter) if self._recording else None
        if result is not None:
            self._paint_notes(painter, plate)
        if self._countdown:
            self._paint_countdown(painter)
        painter.end()

    def _paint_frame(self, painter: QPainter, image: Image) -> None:
        ratio = self.devicePixelRatioF()
        area_width, area_height = round(self.width() * ratio), round(self.height() * ratio)
        if self._viewport.whole:
            left, top, width, height = letterbox(area_width, area_height, image.shape[1], image.shape[0])
            self._picture = QRectF(left / ratio, top / ratio, width / ratio, height / ratio)
        else:
            area, frame = QSizeF(area_width, area_height), QSizeF(image.shape[1], image.shape[0])
            whole = self._viewport.picture(area, frame)
            self._picture = QRectF(whole.topLeft() / ratio, whole.size() / ratio)
            part, place = self._viewport.cut(area, frame)
            left, top = round(place.left()), round(place.top())
            width, height = max(1, round(place.width())), max(1, round(place.height()))
            image = self._part(image, part)
        shown = self._prepared(image, width, height)
        # The array owns the memory that the QImage shows, and outlives it.
        picture = QImage(voidptr(shown.data), width, height, shown.strides[0], QImage.Format.Format_BGR888)
        picture.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(left / ratio, top / ratio), picture)
        self._paint_around(painter)

    def _part(self, image: Image, part: Cut) -> Image:
        """What is seen of a frame, not copied."""
        left, right = part.left, part.right
        if self._mirrored:
            left, right = image.shape[1] - right, image.shape[1] - left
        return image[part.top : part.bottom, left:right]

    @property
    def _visible(self) -> QRectF:
        """The part of this widget that shows something of the picture."""
        return self._picture.intersected(QRectF(self.rect()))

    def _paint_around(self, painter: QPainter) -> None:
        background, shown = QColor(STAGE.background), self._visible
        if shown.left() > 0:
            painter.fillRect(QRectF(0, 0, shown.left(), self.height()), background)
        painter.fillRect(QRectF(shown.right(), 0, self.width() - shown.right(), self.height()), background)
        if shown.top() > 0:
            painter.fillRect(QRectF(0, 0, self.width(), shown.top()), background)
        painter.fillRect(QRectF(0, shown.bottom(), self.width(), self.height() - shown.bottom()), background)

    def _paint_faces(self, painter: QPainter, faces: Sequence[Face]) -> None:
        shown = self._visible
        placed = zip(faces, self.face_rectangles(faces), strict=True)
        seen = [(face, rectangle) for face, rectangle in placed if rectangle.intersects(shown)]
        painter.setClipRect(shown)
        paint_faces(painter, [face for face, _ in seen], [place for _, place in seen], shown, self._style, self._labels)
        painter.setClipping(False)

    def _paint_notes(self, painter: QPainter, taken: QRectF | None) -> None:
        """Say what is not as usual: that the picture stands still, and how much it is enlarged."""
        parts = []
        if self._frozen:
            paint_frozen_edge(painter, self._visible)
            parts.append(tr("Frozen: the recording goes on live") if self._recording else tr("Frozen"))
        if not self._viewport.whole:
            parts.append(percent(self._viewport.zoom))
        if parts:
            name = "freeze" if self._frozen else "search"
            paint_note(painter, " · ".join(parts), width=self.width(), icon_name=name, taken=taken)

    def _prepared(self, image: Image, width: int, height: int) -> Image:
        """The frame as it is shown: in this widget's own buffer or, where nothing is to be done, the frame itself."""
        shown = image
        if (image.shape[1], image.shape[0]) != (width, height):
            if self._buffer is None or self._buffer.shape != (height, width, 3):
                self._buffer = np.empty((height, width, 3), np.uint8)
            shrinks = width * 2 <= image.shape[1]
            shown = cv2.resize(  # type: ignore[assignment]
                image, (width, height), dst=self._buffer, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            )
        if self._mirrored:
            shown = cv2.flip(shown, 1)  # type: ignore[assignment]
        if self.stale:
            gray = cv2.convertScaleAbs(cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY), alpha=STALE_BRIGHTNESS)
            shown = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)  # type: ignore[assignment]
        return np.ascontiguousarray(shown)

    def _paint_recording(self, painter: QPainter) -> QRectF:
        """Returns where it is."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(13)
        font.setBold(True)
        painter.setFont(font)
        text = f"{tr('PAUSED') if self._recording_paused else tr('REC')} {self._recording}"
        metrics = painter.fontMetrics()
        longer = f"{text} · {self._recording_figures}"
        if self._recording_figures and metrics.horizontalAdvance(longer) + 60 < self.width():
            text = longer
        width = metrics.horizontalAdvance(text) + 36
        plate = QRectF(self.width() - width - 12, 12, width, 26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(plate, 13, 13)
        left, middle = plate.left() + 15, plate.center().y()
        if self._recording_paused:
            painter.setBrush(QColor("white"))
            for x in (left - 5, left + 1.5):
                painter.drawRect(QRectF(x, middle - 5, 3.5, 10))
        else:
            painter.setBrush(QColor(RED))
            painter.drawEllipse(QPointF(left, middle), 5.5, 5.5)
        painter.setPen(QColor("white"))
        painter.drawText(
            plate.adjusted(27, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text
        )
        return plate

    def _paint_countdown(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height()) * COUNTDOWN_SHARE
        center = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawEllipse(center, side / 2, side / 2)
        font = painter.font()
        font.setPixelSize(max(12, round(side * 0.6)))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        place = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), str(self._countdown))

    def _notify_painted(self, sequence: int) -> None:
        """Once this event is through, Qt has handed the picture to the screen."""
        if sequence != self._unseen:
            self._unseen = sequence
            QTimer.singleShot(0, lambda: self.on_painted(sequence))
