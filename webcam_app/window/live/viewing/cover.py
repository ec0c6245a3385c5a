"""Covers faces in the live picture: all, or all but those that were clicked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt5.QtCore import QEvent, QObject, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QAction, QApplication

from webcam_app.live import Result
from webcam_app.output.cover import CoverKind
from webcam_app.output.covering import Covering
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.settings.store import SettingsStore


class CoverController(QObject):
    """Connects the setting, the action and clicks on faces with what is covered."""

    def __init__(
        self, canvas: VideoCanvas, settings: SettingsStore, action: QAction, show_again: Callable[[], None]
    ) -> None:
        """Make it.

        Args:
            canvas: where faces are clicked.
            settings: has how faces are covered.
            action: switches it.
            show_again: called when the picture that is shown is to be covered anew.
        """
        super().__init__(canvas)
        self._canvas, self._settings, self._action, self._show_again = canvas, settings, action, show_again
        self.covering = Covering()
        """For recordings and snapshots too; changed while they run."""
        self._last = CoverKind.BLUR
        self._pressed: QPointF | None = None
        action.triggered.connect(self._toggle)
        settings.changed.connect(self._apply)
        canvas.installEventFilter(self)
        self._apply()

    def covered(self, result: Result) -> Result:
        """A result as it is to be shown."""
        frame = self.covering.cover(result.frame, (*result.faces, *result.lost))
        return result if frame is result.frame else replace(result, frame=frame)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Notice a click on a face: it is left out from now on, or covered again. Dragging the picture is none."""
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = event.localPos()
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                moved = (event.localPos() - self._pressed).manhattanLength()
                self._pressed = None
                if self.covering.kind is not None and moved < QApplication.startDragDistance():
                    self._choose(event.x(), event.y())
        return False

    def _choose(self, x: float, y: float) -> None:
        result = self._canvas.result
        faces = [] if result is None or self._canvas.stale else result.faces
        for face, rectangle in zip(faces, self._canvas.face_rectangles(faces), strict=True):
            if rectangle.contains(x, y):
                self.covering.spared ^= {face.track}
                self._show_again()
                return

    def _toggle(self) -> None:
        self._settings.update(cover="" if self.covering.kind else self._last.value)

    def _apply(self) -> None:
        name = self._settings.current.cover
        kind = CoverKind(name) if name else None
        self._last = kind or self._last
        if kind is None:
            self.covering.spared = set()
        self._action.setChecked(kind is not None)
        if kind is not self.covering.kind:
            self.covering.kind = kind
            self._show_again()
