"""Zooming into the live picture: wheel, two fingers, keys; and moving what is shown."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, QObject, QPointF, Qt
from PyQt5.QtGui import QCursor, QKeySequence, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QShortcut

from webcam_app.window.live.actions import LiveActions
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.live.picture.viewport import LARGEST_ZOOM, Viewport
from webcam_app.window.translation import percent, tr

STEP = 1.25
# What a notch of a usual wheel turns, in Qt's eighths of a degree.
NOTCH = 120
# A key moves the picture by this share of what is seen.
MOVE_SHARE = 0.15
MOVES = {"Alt+Left": (1, 0), "Alt+Right": (-1, 0), "Alt+Up": (0, 1), "Alt+Down": (0, -1)}
"""Keys, and where the picture goes: to see what is on the left, it goes to the right."""


class ZoomController(QObject):
    """Changes what the canvas shows. It is a view alone: recordings and snapshots have the whole picture."""

    def __init__(self, canvas: VideoCanvas, actions: LiveActions, announce: Callable[[str], None]) -> None:
        """Make it.

        Args:
            canvas: shows the picture.
            actions: zoom in and out, and back.
            announce: tells assistive technology.
        """
        super().__init__(canvas)
        self._canvas, self._actions, self._announce = canvas, actions, announce
        self._pressed: QPointF | None = None
        self._grabbed: QPointF | None = None
        self._cursor = QCursor()
        actions.zoom_in.triggered.connect(lambda: self._step(STEP))
        actions.zoom_out.triggered.connect(lambda: self._step(1 / STEP))
        actions.zoom_whole.triggered.connect(self._show_whole)
        self._keys = [QShortcut(QKeySequence(key), canvas) for key in MOVES]
        for key, (x, y) in zip(self._keys, MOVES.values(), strict=True):
            key.activated.connect(lambda x=x, y=y: self._move_by_key(x, y))
        canvas.installEventFilter(self)
        canvas.grabGesture(Qt.GestureType.PinchGesture)
        self._show(Viewport())

    def reset(self) -> None:
        """Show the whole picture: it is another one."""
        self._let_go()
        self._show(Viewport())

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Notice wheel, fingers and mouse over the picture."""
        if event is None or self._canvas.result is None:
            return False
        if isinstance(event, QWheelEvent):
            turned = event.angleDelta().y()
            if turned:
                self._zoom(STEP ** (turned / NOTCH), event.position())
            return bool(turned)
        if isinstance(event, QNativeGestureEvent):  # a touchpad
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(1 + event.value(), event.localPos())
                return True
        elif isinstance(event, QGestureEvent):  # a touchscreen
            return self._pinch(event)
        elif isinstance(event, QMouseEvent):
            self._on_mouse(event)
        elif event.type() == QEvent.Type.Resize:
            self._show(self._canvas.viewport.within(*self._canvas.sizes))
        return False

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        self._zoom(pinch.scaleFactor(), QPointF(self._canvas.mapFromGlobal(pinch.centerPoint().toPoint())))
        moved = pinch.centerPoint() - pinch.lastCenterPoint()
        self._show(self._canvas.viewport.moved(moved, *self._canvas.sizes))
        event.accept()
        return True

    def _on_mouse(self, event: QMouseEvent) -> None:
        """Drag the picture; a click that goes nowhere is left to others."""
        kind, place = event.type(), event.localPos()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None if self._canvas.viewport.whole else place
        elif kind == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            far = QApplication.startDragDistance()
            if self._grabbed is not None:
                self._show(self._canvas.viewport.moved(place - self._grabbed, *self._canvas.sizes))
                self._grabbed = place
            elif self._pressed is not None and (place - self._pressed).manhattanLength() >= far:
                self._grabbed = place
                self._cursor = self._canvas.cursor()
                self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._let_go()

    def _let_go(self) -> None:
        if self._grabbed is not None:
            self._canvas.setCursor(self._cursor)
        self._pressed = self._grabbed = None

    def _step(self, factor: float) -> None:
        if self._canvas.result is not None:
            self._zoom(factor, QPointF(self._canvas.rect().center()))
            self._tell()

    def _show_whole(self) -> None:
        self._show(Viewport())
        self._tell()

    def _move_by_key(self, x: int, y: int) -> None:
        if self._canvas.result is not None and not self._canvas.viewport.whole:
            by = QPointF(x * MOVE_SHARE * self._canvas.width(), y * MOVE_SHARE * self._canvas.height())
            self._show(self._canvas.viewport.moved(by, *self._canvas.sizes))

    def _zoom(self, factor: float, at: QPointF) -> None:
        self._show(self._canvas.viewport.zoomed(factor, at, *self._canvas.sizes))

    def _show(self, viewport: Viewport) -> None:
        self._canvas.set_viewport(viewport)
        self._actions.zoom_in.setEnabled(viewport.zoom < LARGEST_ZOOM)
        for action in (self._actions.zoom_out, self._actions.zoom_whole):
            action.setEnabled(not viewport.whole)

    def _tell(self) -> None:
        viewport = self._canvas.viewport
        whole = tr("The whole picture is shown")
        self._announce(whole if viewport.whole else tr("Enlarged to {share}").format(share=percent(viewport.zoom)))
