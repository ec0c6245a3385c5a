"""The bar below a video: where it is, and when which faces are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QEvent, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFocusEvent, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QSlider, QToolTip

from webcam_app.output.overlay import color_for
from webcam_app.window import theme
from webcam_app.window.player.face_timeline import (
    LANES,
    MASK_BIT,
    UNKNOWN,
    UNLABELLED_CODE,
    UNSURE_CODE,
    FaceTimeline,
)
from webcam_app.window.player.texts import clock, faces_at
from webcam_app.window.translation import tr

HEIGHT, STRIP_HEIGHT = 34, 20
SHORT_SECONDS, PAGES = 5.0, 10
"""An arrow goes so far, and Page Up or Down a tenth of the video."""
LEAST_LANES = 2
"""A single face does not look like a whole bar of its colour."""
TICKS = 1000
"""Of the slider for a second."""
KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class SeekBar(QSlider):
    """A slider over the video's time, which a strip of its faces lies on.

    The value is in milliseconds; what a person does is told by ``sought``, in seconds.
    """

    sought = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("seek")
        self.setAccessibleName(tr("Place in the video"))
        self.setMouseTracking(True)
        self.setMinimumWidth(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.masks = True
        """Whether masks are shown and told."""
        self._seconds = 0.0
        self._position = 0.0
        self._timeline: FaceTimeline | None = None
        self._picture: QImage | None = None
        self._painted_of: tuple[object, ...] = ()
        self._hovered: float | None = None
        self._dragged = False

    @property
    def position(self) -> float:
        """Where it is, in seconds."""
        return self._position

    @property
    def dragged(self) -> bool:
        """Whether the person holds the handle."""
        return self._dragged

    def set_timeline(self, timeline: FaceTimeline | None) -> None:
        """Show the faces of a video from now on; tell of changes in it with ``show_changes``."""
        self._timeline = timeline
        self.show_changes()

    def set_length(self, seconds: float) -> None:
        """The video is so long."""
        self._seconds = seconds
        self.setRange(0, max(1, round(TICKS * seconds)))
        self.update()

    def set_position(self, seconds: float) -> None:
        """It is there now; nothing happens while the person drags."""
        if not self._dragged:
            self._go(seconds)

    def show_changes(self) -> None:
        """Paint the strip anew."""
        self.update()

    def text_at(self, seconds: float) -> str:
        """The time, and who is there then."""
        time = clock(seconds)
        if self._timeline is None:
            return time
        return f"{time} · {faces_at(self._timeline.at(seconds), masks=self.masks)}"

    def describe(self) -> None:
        """Tell assistive technology where it is and who is there."""
        text = tr("{count} of {total}").format(count=self.text_at(self._position), total=clock(self._seconds))
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def seconds_at(self, x: float) -> float:
        """The time below a place of the bar, in its pixels."""
        strip = self._strip()
        return min(max((x - strip.left()) / max(1, strip.width()), 0.0), 1.0) * self._seconds

    def x_of(self, seconds: float) -> float:
        """Where a time is on the bar."""
        strip = self._strip()
        share = seconds / self._seconds if self._seconds else 0.0
        return strip.left() + min(max(share, 0.0), 1.0) * strip.width()

    def sizeHint(self) -> QSize:
        """As high as two lanes and a handle need."""
        return QSize(240, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """As narrow as leaves something to click."""
        return QSize(80, HEIGHT)

    def event(self, event: QEvent | None) -> bool:
        """Its keys are its own while it has the focus; a tool tip says what is below the mouse."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in KEYS:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.text_at(self.seconds_at(event.x())), self)
            return True
        if event is not None and event.type() == QEvent.Type.Leave:
            self._hovered = None
            self.update()
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows, Home, End, Page Up and Down."""
        if event is None:
            return
        page = max(self._seconds / PAGES, SHORT_SECONDS)
        places = {
            Qt.Key.Key_Left: self._position - SHORT_SECONDS,
            Qt.Key.Key_Down: self._position - SHORT_SECONDS,
            Qt.Key.Key_Right: self._position + SHORT_SECONDS,
            Qt.Key.Key_Up: self._position + SHORT_SECONDS,
            Qt.Key.Key_PageDown: self._position - page,
            Qt.Key.Key_PageUp: self._position + page,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._seconds,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None:
            event.ignore()  # the window's keys go on meaning what they do
        else:
            self._seek(place)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A click goes there, and from there it can be dragged."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = True
            self._seek(self.seconds_at(event.x()))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Dragging seeks; else what is below the mouse is told."""
        if event is None:
            return
        self._hovered = self.seconds_at(event.x())
        if self._dragged:
            self._seek(self._hovered)
        if self._dragged or QToolTip.isVisible():
            QToolTip.showText(event.globalPos(), self.text_at(self._hovered), self)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Dragging ends."""
        self._dragged = False

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Whoever comes here hears where it is."""
        self.describe()
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The strip, what is below the mouse, and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, strip = theme.current(), self._strip()
        ratio = self.devicePixelRatioF()
        painter.drawImage(
            QRectF(strip), self._strip_picture(round(strip.width() * ratio), round(strip.height() * ratio))
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(colors.accent if focused else colors.faint), 2 if focused else 1))
        painter.drawRoundedRect(QRectF(strip).adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        if self._hovered is not None and not self._dragged:
            painter.setPen(QPen(QColor(colors.text), 1, Qt.PenStyle.DotLine))
            x = self.x_of(self._hovered)
            painter.drawLine(round(x), strip.top(), round(x), strip.bottom())
        self._paint_handle(painter, self.x_of(self._position))
        painter.end()

    def _paint_handle(self, painter: QPainter, x: float) -> None:
        """A line with a knob above it: both are seen on every colour of the strip."""
        colors = theme.current()
        painter.setPen(QPen(QColor(colors.surface), 1))
        painter.setBrush(QColor(colors.text))
        strip = self._strip()
        painter.drawRect(QRectF(x - 2, strip.top() - 3, 4, strip.height() + 6))
        painter.drawEllipse(QRectF(x - 5.5, strip.top() - 6.5, 11, 11))

    def _strip(self) -> QRect:
        return QRect(7, (self.height() - STRIP_HEIGHT) // 2 + 2, max(1, self.width() - 14), STRIP_HEIGHT)

    def _strip_picture(self, width: int, height: int) -> QImage:
        timeline, look = self._timeline, theme.current()
        changes = None if timeline is None else (id(timeline), timeline.changes)
        wanted = (width, height, look.name, changes, self._seconds, self.masks)
        if self._picture is None or wanted != self._painted_of:
            self._painted_of = wanted
            pixels = strip_pixels(timeline, self._seconds, (width, height), look, masks=self.masks)
            self._picture = QImage(
                pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888
            ).copy()  # it owns its memory
        return self._picture

    def _seek(self, seconds: float) -> None:
        place = min(max(seconds, 0.0), self._seconds)
        self._go(place)
        self.describe()
        self.sought.emit(place)

    def _go(self, seconds: float) -> None:
        self._position = seconds
        self.setValue(round(TICKS * seconds))
        self.update()


def strip_pixels(
    timeline: FaceTimeline | None, seconds: float, size: tuple[int, int], look: theme.Theme, *, masks: bool
) -> NDArray[np.uint8]:
    """The strip as a picture: a lane for each face in its label's colour, hatched where it wears a mask.

    Args:
        timeline: the faces; None for none yet.
        seconds: length of the video.
        size: width and height in pixels.
        look: the colours of what has no face.
        masks: whether masks are shown.

    Returns:
        H×W×3 uint8 RGB.
    """
    width, height = size
    empty, looked = _rgb(look.raised), _rgb(look.pressed)
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = empty
    if timeline is None or seconds <= 0:
        return pixels
    edges = np.linspace(0, len(timeline.state) * seconds / timeline.seconds, width + 1)
    begins = np.minimum(edges[:-1].astype(int), len(timeline.state) - 1)
    ends = np.maximum(np.minimum(np.ceil(edges[1:]).astype(int), len(timeline.state)), begins + 1)
    known = timeline.state != UNKNOWN
    pixels[:, known[begins]] = looked
    lanes = max(LEAST_LANES, timeline.lanes_used)
    rows = np.linspace(0, height, lanes + 1).round().astype(int)
    hatched = (np.arange(height)[:, None] + np.arange(width)[None]) % 6 < 3
    colors = _colors(timeline, look)
    for lane in range(min(lanes, LANES)):
        # Of what shares a pixel the largest number: a mask before none, a face before none.
        codes = np.maximum.reduceat(timeline.codes[lane], begins) if width > 1 else timeline.codes[lane][begins]
        codes = np.where(ends - begins > 1, codes, timeline.codes[lane][begins])
        there = codes > 0
        top, bottom = rows[lane] + (lane > 0), rows[lane + 1]
        pixels[top:bottom, there] = colors[codes[there]]
        masked = there & (codes >= MASK_BIT) & masks
        pixels[top:bottom][hatched[top:bottom] & masked[None]] = (20, 20, 20)
        unsure = there & ((codes & ~np.uint8(MASK_BIT)) >= UNSURE_CODE)
        middle = slice(top + (bottom - top) // 3, bottom - (bottom - top) // 3)
        pixels[middle, unsure] = looked  # two thin lines, not a bar: also told from labels without colours
    return pixels


def _colors(timeline: FaceTimeline, look: theme.Theme) -> NDArray[np.uint8]:
    """256×3 uint8 RGB: the colour of each code."""
    table = np.zeros((256, 3), np.uint8)
    for number, label in enumerate(timeline.labels[: UNSURE_CODE - 1], 1):
        table[number] = color_for(label, timeline.labels)[::-1]
    table[[UNSURE_CODE, UNLABELLED_CODE]] = _rgb(look.muted)  # the picture's grey is not seen on light bars
    table[MASK_BIT:] = table[:MASK_BIT]
    return table


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
