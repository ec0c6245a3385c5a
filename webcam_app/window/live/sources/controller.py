"""Which source is open: chosen by the person, or found at the start."""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QTime, QTimer, pyqtSignal

from webcam_app.capture.cameras import Camera, Mode, list_cameras
from webcam_app.capture.source import SourceKind
from webcam_app.live import LiveEngine, LiveState
from webcam_app.window.live.controls import LiveHeader
from webcam_app.window.live.sources.choices import SourceChoice, camera_choice, demo_choice, start_order
from webcam_app.window.live.sources.picker import mode_text
from webcam_app.window.live.sources.playlist import Playlist
from webcam_app.window.report.log import private
from webcam_app.window.settings.schema import CameraMode
from webcam_app.window.tasks import Worker
from webcam_app.window.widgets.banner import Banner, Severity

# After this the demo clip is shown, though the system has not listed its cameras yet.
LIST_TIMEOUT_MS = 2000
SOURCE, CONNECTED = "source", "connected"
LOOKING = "Looking for a camera…"
DEMO = "This is the demo clip: two women, whatever the network makes of them."
STILL_NONE = "still no camera. One that is plugged in is offered here."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    """What was asked of the engine: the source, and for a camera the mode; None for the camera's own choice."""

    choice: SourceChoice
    mode: CameraMode | None

    @property
    def title(self) -> str:
        """Its name, with the mode where one was asked for."""
        if self.mode is None:
            return self.choice.name
        return f"{self.choice.name} at {mode_text(self.mode.width, self.mode.height, self.mode.fps)}"


class SourceController(QObject):
    """Opens sources, finds one at the start, and keeps the header's lists up to date."""

    opened = pyqtSignal()
    """Opening of a source has begun."""
    camera_used = pyqtSignal(str, object)
    """A camera delivers: its identity and the mode asked for."""

    look_requested = pyqtSignal()
    """The person wants the cameras to be listed once more; ``on_looked`` takes the answer."""

    def __init__(self, engine: LiveEngine, worker: Worker, header: LiveHeader, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._worker, self._header, self._banner = engine, worker, header, banner
        self.choice: SourceChoice | None = None
        self._playlist = Playlist()
        self.cameras: Sequence[Camera] | None = None
        """None until they were listed once."""
        self._remembered = ""
        self._mode: CameraMode | None = None
        self._mode_of = ""
        self._modes: tuple[Mode, ...] = ()
        self._to_try: list[Camera] | None = None
        self._refused: list[str] = []
        self._searching = False
        self._looking = False
        self._looked_at = ""
        """When the person had the cameras looked for once more, as a time; empty at the start."""
        self._fallback: _Request | None = None
        """What was delivering before the person chose what is being opened now."""
        header.source.chosen.connect(self.open)
        header.mode.chosen.connect(self._change_mode)

    @property
    def searching(self) -> bool:
        """Whether it is still being found out what to show at the start."""
        return self._searching

    def begin(self, sources: Sequence[SourceChoice], camera: str, mode: CameraMode | None) -> None:
        """Open what was asked for at the start, else the camera used last, else the first that works, else the demo.

        Args:
            sources: what was asked for; may be empty.
            camera: identity of the camera used last; may be empty.
            mode: what was asked of it last.
        """
        self._remembered, self._mode_of, self._mode = camera, camera, mode
        if sources:
            self.open_list(sources)
        else:
            self.search()

    def search(self) -> None:
        """Show the first camera that works, else the demo clip."""
        self._searching = True
        self._fallback = None
        self._banner.clear_message(CONNECTED)
        self._to_try, self._refused = None, []
        if self.cameras is not None:
            self._try_cameras(self.cameras)
        else:
            QTimer.singleShot(LIST_TIMEOUT_MS, self._give_up_listing)

    def open(self, choice: SourceChoice) -> None:
        """Open what a person chose. If that fails, the camera or stream that was delivering before is opened again."""
        self._open_request(_Request(choice, self._wished_mode(choice)))

    def open_list(self, choices: Sequence[SourceChoice]) -> None:
        """Open the first of what a person chose together; ``step`` goes to the others.

        Args:
            choices: at least one.
        """
        self._playlist = Playlist(choices)
        self.open(choices[0])

    def step(self, step: int) -> None:
        """Open the file so many steps after this one, of those that were opened together."""
        choice = self._playlist.at(step)
        if choice is not None:
            self.open(choice)

    @property
    def following(self) -> SourceChoice | None:
        """The next of the files that were opened together."""
        return self._playlist.at(1)

    def reopen(self) -> None:
        """Open the same once more."""
        if self.choice is not None:
            self.open(self.choice)
        else:
            self.search()

    def open_demo(self) -> None:
        """Show the demo clip because a person asked for it."""
        self.open(demo_choice())
        self._banner.show_message(SOURCE, DEMO)

    def look_again(self) -> None:
        """Look for cameras because a person asked for it; what is shown stays until there is one."""
        self._looking = True
        self._banner.show_message(SOURCE, LOOKING)
        QTimer.singleShot(LIST_TIMEOUT_MS, lambda: self.on_looked(self.cameras or ()))
        self.look_requested.emit()

    def on_looked(self, cameras: Sequence[Camera]) -> None:
        """Answer the person who asked for it: with a camera, or with why there is none."""
        if not self._looking:
            return
        self._looking = False
        self._looked_at = QTime.currentTime().toString("HH:mm:ss")
        self.cameras = cameras
        if start_order(cameras, self._remembered) or self.choice is None or not self.choice.demo:
            self.search()
        else:
            self._refused = [camera.problem for camera in cameras if camera.problem is not None]
            self._say_why_demo()

    def set_cameras(self, cameras: list[Camera]) -> None:
        """The cameras that are there now have been listed."""
        known = self.cameras
        self.cameras = cameras
        self._header.source.set_cameras(cameras)
        if self._searching and known is None:
            self._try_cameras(cameras)
        elif known is not None and self._on_demo_by_itself:
            before = {camera.stable_id for camera in known if camera.problem is None}
            for camera in cameras:
                if camera.problem is None and camera.stable_id not in before:
                    choice = camera_choice(camera)
                    self._banner.clear_message(SOURCE)
                    text = f"The camera {choice.name} is there now."
                    self._banner.show_message(
                        CONNECTED, text, choices=[("Use it", functools.partial(self.open, choice))]
                    )
                    break

    def on_state(self, state: LiveState) -> bool:
        """Follow the engine. Returns whether the state was handled here, so that it is not shown."""
        if state is LiveState.RUNNING:
            self._fallback = None
            self._on_running()
        elif state is LiveState.IDLE:
            self._fallback = None
        elif state is LiveState.FAILED and self._fallback is not None:
            self._fall_back(self._fallback)
            return True
        elif state is LiveState.FAILED and self._searching and self._to_try is not None:
            self._refused.append(self._engine.message)
            self._try_next()
            return True
        return False

    def refresh_header(self) -> None:
        """Show what was really obtained."""
        info = self._engine.statistics().source
        is_camera = info is not None and info.kind is SourceKind.CAMERA
        wished = self._wished_mode(self.choice) if is_camera else None
        self._header.mode.set_source(info, self._modes if is_camera else (), wished)

    @property
    def _on_demo_by_itself(self) -> bool:
        return self.choice is not None and self.choice.demo and SOURCE in self._banner.messages()

    def _wished_mode(self, choice: SourceChoice | None) -> CameraMode | None:
        return self._mode if choice is not None and choice.camera and choice.spec == self._mode_of else None

    def _open_request(self, request: _Request) -> None:
        self._searching = self._looking = False
        self._banner.clear_message(CONNECTED)
        self._remember_delivering(request)
        self._open_as_asked(request)

    def _open_as_asked(self, request: _Request) -> None:
        if request.choice.camera and request.mode != self._wished_mode(request.choice):
            self._mode, self._mode_of = request.mode, request.choice.spec
        self._open(request.choice)

    def _remember_delivering(self, next_request: _Request) -> None:
        """Keep what delivers now, to return to if what is asked for next fails."""
        info = self._engine.statistics().source
        if self._engine.state is LiveState.RUNNING and self.choice is not None and info is not None and info.live:
            self._fallback = _Request(self.choice, self._wished_mode(self.choice))
        elif self._engine.state is not LiveState.OPENING:
            self._fallback = None
        if self._fallback == next_request:
            self._fallback = None

    def _fall_back(self, request: _Request) -> None:
        """Open what was there before, because what was chosen failed; say which failed and why."""
        reason, failed = self._engine.message, self.choice
        self._fallback = None
        if failed is None:
            return
        tried = _Request(failed, self._wished_mode(failed))
        self._open_as_asked(request)
        self._banner.show_message(
            SOURCE,
            f"{tried.title} could not be opened: {reason} {request.choice.name} goes on.",
            Severity.WARNING,
            [("Try again", functools.partial(self._open_request, tried))],
        )

    def _open(self, choice: SourceChoice) -> None:
        self._banner.clear_message(SOURCE)
        kind = "the demo clip" if choice.demo else "a camera" if choice.camera else "a file, folder or address"
        _log.info("opening %s", kind, extra=private(choice.spec, choice.name))
        self.choice = choice
        self._modes = ()
        if not self._playlist.select(choice):
            self._playlist = Playlist()
        self._header.source.set_current(choice, self._playlist.choices)
        self._header.set_steps(self._playlist.at(-1), self._playlist.at(1))
        mode = self._wished_mode(choice)
        size = (mode.width, mode.height) if mode is not None else None
        self._engine.open(choice.spec, size=size, fps=mode.fps if mode is not None else None, loop=choice.demo)
        self.opened.emit()
        self.refresh_header()

    def _try_cameras(self, cameras: Sequence[Camera]) -> None:
        self._to_try = start_order(cameras, self._remembered)
        self._refused = [camera.problem for camera in cameras if camera.problem is not None]
        self._try_next()

    def _try_next(self) -> None:
        if self._to_try:
            self._open(camera_choice(self._to_try.pop(0)))
            return
        self._searching = False
        self._to_try = None
        self._open(demo_choice())
        self._say_why_demo()

    def _say_why_demo(self) -> None:
        """Say why the demo clip is shown, and when that was found out where a person asked for it."""
        reason = self._refused[0] if self._refused else "No camera was found."
        if self._looked_at:
            reason = f"Looked again at {self._looked_at}: {self._refused[0] if self._refused else STILL_NONE}"
        self._banner.show_message(
            SOURCE,
            f"{reason} {DEMO}",
            Severity.WARNING if self._refused else Severity.INFO,
            [("Look again", self.look_again)],
        )

    def _give_up_listing(self) -> None:
        if self._searching and self._to_try is None:
            self._try_cameras(())

    def _on_running(self) -> None:
        choice = self.choice
        if self._searching:
            self._searching = False
            refused = self._refused
            if refused and choice is not None:
                self._banner.show_message(SOURCE, f"{refused[0]} {choice.name} is shown instead.", Severity.WARNING)
        info = self._engine.statistics().source
        if info is not None and info.kind is SourceKind.CAMERA:
            self._remembered, self._looked_at = info.spec, ""
            if choice is not None and choice.spec == self._mode_of:
                self._mode_of = info.spec
            self.choice = SourceChoice(info.spec, choice.name if choice else info.name, camera=True)
            self._header.source.set_current(self.choice)
            self.camera_used.emit(info.spec, self._mode if self._mode_of == info.spec else None)
            if not self._modes:
                self._worker.submit(lambda: list_cameras(with_modes=True), self._on_modes, lambda problem: None)
        self.refresh_header()

    def _on_modes(self, cameras: list[Camera]) -> None:
        if self.choice is not None:
            for camera in cameras:
                if camera.stable_id == self.choice.spec:
                    self._modes = camera.modes
            self.refresh_header()

    def _change_mode(self, mode: CameraMode | None) -> None:
        if self.choice is not None and self.choice.camera:
            self._open_request(_Request(self.choice, mode))
