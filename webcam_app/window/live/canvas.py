"""The live picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PyQt5.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget
from PyQt5.sip import voidptr

from webcam_app.capture.frame import Image
from webcam_app.faces.face import Face
from webcam_app.live import Result
from webcam_app.window.live.face_painter import LabelStyle, on_screen, paint_faces
from webcam_app.window.theme import RED, STAGE

SMALLEST = QSize(160, 90)
# A picture that stands still is shown at this share of its brightness, without colour: nobody takes it for live.
STALE_BRIGHTNESS = 0.45
# The countdown's disc, of the shorter side: read from across the room, and the faces around it are seen.
COUNTDOWN_SHARE = 0.45


def letterbox(width: int, height: int, frame_width: int, frame_height: int) -> tuple[int, int, int, int]:
    """The largest rectangle of the frame's shape in the middle of an area: left, top, width, height in pixels."""
    scale = min(width / frame_width, height / frame_height)
    shown_width = max(1, min(width, round(frame_width * scale)))
    shown_height = max(1, min(height, round(frame_height * scale)))
    return (width - shown_width) // 2, (height - shown_height) // 2, shown_width, shown_height


class VideoCanvas(QWidget):
    """Shows the newest result: the frame letterboxed, boxes and labels sharp above it.

    The frame is scaled by OpenCV and painted from its own buffer: at 1000×600 this takes half the time of letting Qt
    scale it, and nothing is copied where no scaling is needed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Picture")
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
        self._picture = QRectF()
        self._unseen = -1

    @property
    def result(self) -> Result | None:
        """What is shown, None for an empty canvas."""
        return self._result

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged."""
        return self._mirrored

    @property
    def stale(self) -> bool:
        """Whether the picture is shown as one that stands still."""
        return self._stale

    def show_result(self, result: Result | None, labels: Sequence[str]) -> None:
        """Show a result, whose frame is kept until the next one and not changed; None empties the canvas."""
        self._result = result
        self._labels = labels
        self.update()

    def set_mirrored(self, mirrored: bool) -> None:
        """Exchange left and right of the picture; text stays readable."""
        self._mirrored = mirrored
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
            if not self._stale:
                rectangles = self.face_rectangles(result.faces)
                painter.setClipRect(self._picture)
                paint_faces(painter, result.faces, rectangles, self._picture, self._style, self._labels)
                painter.setClipping(False)
                self._notify_painted(result.sequence)
        if self._recording:
            self._paint_recording(painter)
        if self._countdown:
            self._paint_countdown(painter)
        painter.end()

    def _paint_frame(self, painter: QPainter, image: Image) -> None:
        ratio = self.devicePixelRatioF()
        area_width, area_height = round(self.width() * ratio), round(self.height() * ratio)
        left, top, width, height = letterbox(area_width, area_height, image.shape[1], image.shape[0])
        shown = self._prepared(image, width, height)
        # The array owns the memory that the QImage shows, and outlives it.
        picture = QImage(voidptr(shown.data), width, height, shown.strides[0], QImage.Format.Format_BGR888)
        picture.setDevicePixelRatio(ratio)
        self._picture = QRectF(left / ratio, top / ratio, width / ratio, height / ratio)
        painter.drawImage(QPointF(left / ratio, top / ratio), picture)
        background = QColor(STAGE.background)
        right, bottom = self._picture.right(), self._picture.bottom()
        if left:
            painter.fillRect(QRectF(0, 0, self._picture.left(), self.height()), background)
        painter.fillRect(QRectF(right, 0, self.width() - right, self.height()), background)
        if top:
            painter.fillRect(QRectF(0, 0, self.width(), self._picture.top()), background)
        painter.fillRect(QRectF(0, bottom, self.width(), self.height() - bottom), background)

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
        if self._stale:
            gray = cv2.convertScaleAbs(cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY), alpha=STALE_BRIGHTNESS)
            shown = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)  # type: ignore[assignment]
        return np.ascontiguousarray(shown)

    def _paint_recording(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(13)
        font.setBold(True)
        painter.setFont(font)
        text = f"{'PAUSED' if self._recording_paused else 'REC'} {self._recording}"
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
