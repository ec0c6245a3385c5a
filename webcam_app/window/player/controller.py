"""Connects the bar and the keys with the video that plays."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QAction

from webcam_app.capture.source import DEFAULT_FPS, SourceInfo
from webcam_app.live import LiveEngine, LiveState, Result
from webcam_app.window.player.actions import PlayerActions
from webcam_app.window.player.bar import PlayerBar, next_speed
from webcam_app.window.player.scanning import Scanning
from webcam_app.window.player.seek_bar import SHORT_SECONDS
from webcam_app.window.settings.store import SettingsStore

# The bar is painted so often while it plays: the handle moves by less than a pixel in between.
MOVED_SECONDS = 0.1
# What assistive technology is told follows at this distance.
DESCRIBE_MS = 1000
# While a picture that was sought is on its way, further places wait for it, at most so long.
WAIT_FOR_PICTURE_MS = 250
# A handle that waits for a picture goes on without it after this.
ARRIVES_SECONDS = 1.0
SHOWN = (LiveState.RUNNING, LiveState.PAUSED, LiveState.STALLED, LiveState.ENDED)


@dataclass(frozen=True)
class PlayerParts:
    """What plays, what shows where, and what can be done."""

    engine: LiveEngine
    bar: PlayerBar
    actions: PlayerActions


class PlayerController(QObject):
    """Shows the bar while a video is open that can be sought, and does what is asked there."""

    arranged = pyqtSignal()
    """The bar is wanted that was not, or the other way round."""

    def __init__(self, parts: PlayerParts, model: Callable[[], Path | None], settings: SettingsStore) -> None:
        """Make it.

        Args:
            parts: what it connects.
            model: the one that labels now, as ``FaceAnalyzer`` takes it.
            settings: say whether masks are shown.
        """
        bar = parts.bar
        super().__init__(bar)
        self._engine, self._bar, self._actions = parts.engine, bar, parts.actions
        self._model, self._settings = model, settings
        self.scanning = Scanning(self)
        self.info: SourceInfo | None = None
        """The video that is open, None where there is none."""
        self.speed = 1.0
        self._seconds = 0.0
        self._shown_at = -1.0
        self._wanted: float | None = None
        """Sought while the picture before is still on its way."""
        self._target, self._target_until = 0.0, 0.0
        """Where the handle stays until the picture from there has come, or that moment of ``time.monotonic()``."""
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(WAIT_FOR_PICTURE_MS)
        self._waiting.timeout.connect(self._seek_wanted)
        self._describe = QTimer(self)
        self._describe.setInterval(DESCRIBE_MS)
        self._describe.timeout.connect(bar.seek.describe)
        self._connect()
        bar.set_speed(self.speed)
        self._apply_settings()

    def show_state(self) -> None:
        """Follow the engine: a video was opened, has ended, or is gone."""
        info = self._engine.statistics().source if self._engine.state in SHOWN else None
        info = info if info is not None and info.seekable else None
        if info != self.info:
            self._take(info)
        paused = self._engine.state is not LiveState.RUNNING
        if info is not None:
            self._bar.set_position(self._bar.seek.position, exact=paused)
            (self._describe.stop if paused else self._describe.start)()
            if paused:
                self._bar.seek.describe()

    def show_result(self, result: Result) -> None:
        """A picture is shown."""
        position = result.frame.position
        if position is None or self.info is None:
            return
        seconds = 1.0 / (self.info.fps or DEFAULT_FPS)
        if position + seconds > self._seconds + MOVED_SECONDS:
            self._set_length(position + seconds)
        paused = self._engine.state is not LiveState.RUNNING
        if paused or abs(position - self._shown_at) >= MOVED_SECONDS or self._waiting.isActive():
            self._shown_at = position
            if self._wanted is None and self._arrived(position, seconds):
                self._bar.set_position(position, exact=paused)
        if result.faces or not paused:  # where it stands still, faces come after the picture
            self.scanning.played(result, seconds)
        if self._waiting.isActive():
            self._waiting.stop()
            self._seek_wanted()
        if paused:
            self._bar.seek.describe()

    def seek(self, seconds: float) -> None:
        """Go there, as soon as the picture sought before is shown."""
        if self.info is None:
            return
        self._wanted = min(max(seconds, 0.0), self._seconds)
        if not self._waiting.isActive():
            self._seek_wanted()

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast."""
        self.speed = speed
        self._engine.transport.set_speed(speed)
        self._bar.set_speed(speed)

    def label_anew(self) -> None:
        """Another model labels."""
        if self.info is not None:
            self._scan(self.info)

    def every_second(self) -> None:
        """Begin to look through the video, once the model is there that looks."""
        if self.info is not None and self.scanning.timeline is None:
            self._scan(self.info)

    def leave(self) -> None:
        """Another source is being opened, or the window is closed."""
        self._take(None)

    def _connect(self) -> None:
        actions, bar = self._actions, self._bar
        triggered: tuple[tuple[QAction, Callable[[], None]], ...] = (
            (actions.step_back, lambda: self._step(-1)),
            (actions.step_on, lambda: self._step(1)),
            (actions.back, lambda: self._seek_by(-SHORT_SECONDS)),
            (actions.on, lambda: self._seek_by(SHORT_SECONDS)),
            (actions.begin, lambda: self.seek(0.0)),
            (actions.end, lambda: self.seek(self._seconds)),
            (actions.slower, lambda: self.set_speed(next_speed(self.speed, -1))),
            (actions.faster, lambda: self.set_speed(next_speed(self.speed, 1))),
            (actions.loop, lambda: self._engine.transport.set_loop(actions.loop.isChecked())),
        )
        for action, function in triggered:
            action.triggered.connect(lambda _checked=False, call=function: call())
        bar.seek.sought.connect(self.seek)
        bar.speed_chosen.connect(self.set_speed)
        self.scanning.changed.connect(self._show_scanned)
        self._settings.changed.connect(self._apply_settings)

    def _take(self, info: SourceInfo | None) -> None:
        self.info, self._wanted, self._shown_at = info, None, -1.0
        self._waiting.stop()
        for action in self._actions.all:
            action.setEnabled(info is not None)
        if info is None:
            self._describe.stop()
            self.scanning.close()
            self._bar.seek.set_timeline(None)
        else:
            self._set_length(info.about_seconds or 0.0)
            self._bar.set_position(0.0, exact=False)
            self._scan(info)
            self._engine.transport.set_speed(self.speed)
            self._engine.transport.set_loop(self._actions.loop.isChecked())
            self._engine.transport.set_faces_first(bool(self._settings.current.cover))
        if self._bar.wanted != (info is not None):
            self._bar.wanted = info is not None
            self.arranged.emit()

    def _scan(self, info: SourceInfo) -> None:
        if self._engine.labels:  # else the model is being loaded
            self.scanning.open(Path(info.spec), info.about_seconds, self._model(), self._engine.labels)
            self._bar.seek.set_timeline(self.scanning.timeline)

    def _show_scanned(self) -> None:
        timeline = self.scanning.timeline
        if timeline is not None and (self.scanning.ended or not self._known_length):
            self._set_length(timeline.seconds if self.scanning.ended else self._seconds)
        self._bar.seek.show_changes()

    @property
    def _known_length(self) -> bool:
        return self.info is not None and self.info.about_seconds is not None

    def _set_length(self, seconds: float) -> None:
        self._seconds = seconds
        self._bar.set_length(seconds)

    def _step(self, frames: int) -> None:
        self._seek_wanted()
        self._engine.transport.step(frames)

    def _seek_by(self, seconds: float) -> None:
        self.seek(self._bar.seek.position + seconds)
        if self._wanted is not None or self._waiting.isActive():
            self._bar.set_position(min(max(self._bar.seek.position + seconds, 0.0), self._seconds), exact=False)

    def _arrived(self, position: float, seconds: float) -> bool:
        """Whether what is shown is what was sought, and not what was on its way or lies on the way to it."""
        if time.monotonic() < self._target_until and abs(position - self._target) > 3 * seconds:
            return False
        self._target_until = 0.0
        return True

    def _seek_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._target, self._target_until = wanted, time.monotonic() + ARRIVES_SECONDS
            self._engine.transport.seek(wanted)
            self._waiting.start()

    def _apply_settings(self) -> None:
        self._engine.transport.set_faces_first(bool(self._settings.current.cover))
        self._bar.seek.masks = self._settings.current.show_masks
        self._bar.seek.show_changes()
