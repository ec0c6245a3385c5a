"""Turns the virtual camera on and off, and says what other programs see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QAction

from webcam_app.capture.source import DEFAULT_FPS
from webcam_app.live import LiveEngine, LiveState, Result
from webcam_app.live.virtual_camera import Shot, VirtualCameraFeed
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.core_texts import told
from webcam_app.window.page import Shared
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity

VIRTUAL_CAMERA = "virtual camera"
DARK_STATES = frozenset({LiveState.IDLE, LiveState.OPENING, LiveState.FAILED})
"""Nothing is seen in the window, so others see nothing: above all not the last picture of someone who pressed Stop."""

FeedMaker = Callable[..., VirtualCameraFeed]


class VirtualCameraController(QObject):
    """Hands what the window shows to the virtual camera's thread while it is on."""

    named = pyqtSignal(str)
    """The camera's name while other programs see it; empty when they do not any more."""
    _started = pyqtSignal(object, str)
    _failed = pyqtSignal(object, str)

    def __init__(
        self,
        engine: LiveEngine,
        shared: Shared,
        action: QAction,
        style: Callable[[], OverlayStyle],
        parent: QObject,
    ) -> None:
        """Make it; it is off.

        Args:
            engine: says what is shown.
            shared: the banner.
            action: switches it.
            style: gives what is drawn into recordings.
            parent: the page.
        """
        super().__init__(parent)
        self.make_feed: FeedMaker = VirtualCameraFeed
        """Makes the thread."""
        self._before: VirtualCameraFeed | None = None
        """The one that was closed last."""
        self._token: object = None
        """Of the present one: what those before it tell counts for nothing."""
        self._engine, self._banner, self._action, self._style = engine, shared.banner, action, style
        self._feed: VirtualCameraFeed | None = None
        self._last: Result | None = None
        self._fps = DEFAULT_FPS
        action.triggered.connect(self.toggle)
        self._started.connect(self._on_started)
        self._failed.connect(self._on_failed)

    @property
    def on(self) -> bool:
        """Whether it is on, or being opened."""
        return self._feed is not None

    def toggle(self) -> None:
        """Turn it on or off."""
        if self._feed is not None:
            self.stop()
            return
        self._banner.clear_message(VIRTUAL_CAMERA)
        self._look_at_source()
        token = self._token = object()
        self._feed = self.make_feed(
            lambda name: self._started.emit(token, name),
            lambda problem: self._failed.emit(token, problem),
            after=self._before,
        )
        self._action.setChecked(True)
        if self._last is not None and self._engine.state not in DARK_STATES:
            self.show(self._last)

    def stop(self, timeout_seconds: float = 0.0) -> None:
        """Turn it off."""
        feed, self._feed, self._token = self._feed, None, None
        self._before = feed or self._before
        self._action.setChecked(False)
        self._banner.clear_message(VIRTUAL_CAMERA)
        self.named.emit("")
        if feed is not None:
            feed.close()
            feed.join(timeout_seconds)

    def show(self, result: Result) -> None:
        """Show others what the window shows.

        Args:
            result: with its faces covered already, where they are to be.
        """
        self._last = result
        if self._feed is not None and self._engine.state not in DARK_STATES:
            style = replace(self._style(), mirrored=False, covering=None)
            self._feed.show(Shot(result.frame.image, result.faces, style, self._engine.labels), self._fps)

    def follow(self, state: LiveState) -> None:
        """The source is in another state: where the window shows no picture, others see none."""
        self._look_at_source()
        if state in DARK_STATES:
            self._last = None
            if self._feed is not None:
                self._feed.show(None, DEFAULT_FPS)

    def _look_at_source(self) -> None:
        source = self._engine.statistics().source
        self._fps = source.fps if source is not None and source.fps else DEFAULT_FPS

    def _on_started(self, token: object, name: str) -> None:
        if token is self._token:
            text = tr("Other programs see this picture as the camera '{name}'.").format(name=name)
            self._banner.show_message(VIRTUAL_CAMERA, text, Severity.INFO, [(tr("Stop"), self.stop)])
            self.named.emit(name)

    def _on_failed(self, token: object, problem: str) -> None:
        if token is self._token:
            self.stop()
            self._banner.show_message(VIRTUAL_CAMERA, told(problem), Severity.WARNING)
