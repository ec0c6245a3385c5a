"""The live picture: the page that shows a camera, file or stream, labels its faces and records it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtWidgets import QAction

from webcam_app.live import Event, EventKind, LiveState, Result
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.camera.controller import CameraControls
from webcam_app.window.live.actions import LiveActions
from webcam_app.window.live.announcer import FaceAnnouncer, faces_text
from webcam_app.window.live.bridge import EngineBridge, EngineFactory
from webcam_app.window.live.canvas import VideoCanvas
from webcam_app.window.live.controls import ControlBar, LiveHeader
from webcam_app.window.live.cover import CoverController
from webcam_app.window.live.face_hints import FaceHints
from webcam_app.window.live.face_painter import LabelStyle
from webcam_app.window.live.mirror import MirrorController
from webcam_app.window.live.model_status import ModelStatus
from webcam_app.window.live.model_switch import ModelSwitch
from webcam_app.window.live.presentation import PAUSE, PLAY, PRESENTATIONS, START, is_still, start_look
from webcam_app.window.live.recording_controller import RecordingController
from webcam_app.window.live.sources.choices import choice_for
from webcam_app.window.live.sources.controller import SourceController
from webcam_app.window.live.sources.watcher import CameraWatcher, Lister
from webcam_app.window.live.state_display import LiveViews, StateDisplay
from webcam_app.window.live.status import StatusLine
from webcam_app.window.page import Page, PageParts, Shared
from webcam_app.window.settings.schema import CameraMode, SettingsError
from webcam_app.window.trace import stamp
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.placeholder import Placeholder
from webcam_app.window.widgets.toast import Toast

_log = logging.getLogger(__name__)
MICROPHONE = "microphone"
STATUS_MS = 1000
REMARK = "remark"
"""Key of the message about single pictures."""
LEVEL_MS = 66
"""A level that follows a voice; painting it costs nothing beside the picture."""
SHORTEST_CLOSE_SECONDS = 0.3
"""The engine always gets this long to end, so that a recording is closed."""


class LivePage(Page):
    """Makes the parts of the live page and connects them."""

    def __init__(self, shared: Shared, engine_factory: EngineFactory, lister: Lister, parent: QObject) -> None:
        """Make it; ``begin`` opens something.

        Args:
            shared: what the window shares with its pages.
            engine_factory: makes the engine.
            lister: lists the cameras.
            parent: the window.
        """
        self.canvas = VideoCanvas()
        self.actions_: LiveActions = LiveActions(self.canvas)
        self.header = LiveHeader(shared.actions, self.actions_)
        self.controls = ControlBar(self.actions_, shared.actions.full_screen)
        self.status = StatusLine(shared.actions.model)
        super().__init__(PageParts(self.header, self.canvas, self.controls, self.status), self.actions_, parent)
        self.dialog_actions = (self.actions_.record, self.actions_.snapshot)
        self._settings, self.banner = shared.settings, shared.banner
        self.placeholder = Placeholder(self.canvas)
        self.announcer = FaceAnnouncer(self.canvas)
        self.toast = Toast(self.canvas)

        self.bridge = EngineBridge(engine_factory, self)
        self.engine = self.bridge.engine
        self.watcher = CameraWatcher(lister, self)
        self.sources = SourceController(self.engine, shared.worker, self.header, self.banner, self)
        self.recording = RecordingController(self.engine, shared, self.toast, self)
        self.model = ModelStatus(self.banner)
        self.hints = FaceHints(self.canvas, lambda: self.model.card)
        self.models = ModelSwitch(self.engine, shared, self.model, self)
        self.model.forget = self.models.forget
        self.bridge.model = self.models.path
        self.camera_controls = CameraControls(shared, self)
        self.mirror = MirrorController(self.engine, self.sources, self._settings, self.canvas, self.actions_.mirror)
        self.cover = CoverController(self.canvas, self._settings, self.actions_.cover, self._show_again)
        views = LiveViews(self.actions_, self.banner, self.canvas, self.placeholder, self.status)
        self.display = StateDisplay(self.bridge, self.sources, self.recording, views)
        self._remarks = 0
        self._second = QTimer(self)
        self._second.setInterval(STATUS_MS)
        self._second.timeout.connect(self._every_second)
        self._level = QTimer(self)
        self._level.setInterval(LEVEL_MS)
        self._connect()
        self._apply_settings()
        self.display.show()

    def begin(self, sources: Sequence[str] = ()) -> None:
        """Start to work, once the window is on the screen.

        Args:
            sources: what to open, as ``open_source`` takes it; empty to find something.
        """
        settings = self._settings.current
        self.sources.begin([choice_for(spec) for spec in sources], settings.camera, settings.camera_mode)
        self.watcher.start()
        self._second.start()
        self.recording.check_unfinished(settings.recording_folder)

    def open(self, spec: str) -> None:
        """Show what a person named."""
        self.open_all([spec])

    def open_all(self, specs: Sequence[str]) -> None:
        """Show the first of what a person named; the others follow on request."""
        self.sources.open_list([choice_for(spec) for spec in specs])

    def toggle_start(self) -> None:
        """Stop the picture of a camera or start it again; pause a video or go on."""
        look = start_look(self.engine.state, self.engine.statistics().source)
        if look is PAUSE or self.engine.state is LiveState.PAUSED:
            self.engine.set_paused(look is PAUSE)
        elif look in (START, PLAY):
            self.sources.reopen()
        else:
            self.stop()

    def stop(self) -> None:
        """Let the source go; a recording is finished first."""
        self.recording.stop()
        self.engine.cancel_open()
        self.display.show()

    def cancel(self) -> None:
        """Stop opening, or counting down."""
        self.recording.cancel_countdown()
        if self.engine.state is LiveState.OPENING:
            self.stop()

    def toggle_recording(self) -> None:
        """Start or stop a recording, or cancel the countdown to one."""
        settings = self._settings.current
        self.recording.toggle(
            settings.recording_folder,
            self.overlay_style,
            countdown_seconds=settings.countdown_seconds,
            lapse_seconds=settings.lapse_seconds,
        )

    def take_snapshot(self) -> None:
        """Keep the picture shown now."""
        self.recording.take_snapshot(self._settings.current.snapshot_folder, self.overlay_style())

    def overlay_style(self) -> OverlayStyle:
        """What recordings and snapshots show: the same as the window."""
        settings = self._settings.current
        return OverlayStyle(
            mirrored=self.canvas.mirrored,
            show_mask=settings.show_masks,
            show_no_mask=settings.show_no_masks,
            show_track=settings.show_tracks,
            covering=self.cover.covering,
        )

    def close(self, timeout_seconds: float) -> None:
        """Finish the recording and let the source go."""
        deadline = time.monotonic() + timeout_seconds
        self._second.stop()
        self.watcher.close()
        self.bridge.close(max(SHORTEST_CLOSE_SECONDS, deadline - time.monotonic()))

    def _connect(self) -> None:
        actions = self.actions_
        triggered: tuple[tuple[QAction, Callable[[], None]], ...] = (
            (actions.start, self.toggle_start),
            (actions.record, self.toggle_recording),
            (actions.pause_recording, self.recording.toggle_pause),
            (actions.snapshot, self.take_snapshot),
            (actions.previous, lambda: self.sources.step(-1)),
            (actions.next, lambda: self.sources.step(1)),
            (actions.masks, self._toggle_masks),
        )
        for action, function in triggered:
            action.triggered.connect(lambda _checked=False, call=function: call())
        self.canvas.on_painted = self._on_painted
        self._settings.changed.connect(self._apply_settings)
        self.bridge.engine_event.connect(self._on_event)
        self.bridge.result.connect(self._on_result)
        self.bridge.model_loaded.connect(self.models.on_loaded_first)
        self.models.replaced.connect(self._label_photograph)
        self.watcher.changed.connect(self.sources.set_cameras)
        self.watcher.looked.connect(self.sources.on_looked)
        self.sources.look_requested.connect(self.watcher.look_now)
        self.sources.opened.connect(self._on_opened)
        self.sources.camera_used.connect(self._remember_camera)
        self.sources.camera_used.connect(lambda camera, _mode: self.camera_controls.set_camera(camera))
        self.camera_controls.available.connect(actions.camera_controls.setEnabled)
        self.display.stop_requested.connect(self.stop)
        self.recording.elapsed.connect(self._show_elapsed)
        self.recording.progress.connect(self._show_progress)
        self.recording.counting.connect(self._show_countdown)
        self._level.timeout.connect(self._show_level)

    def _on_event(self, event: Event) -> None:
        _log.info("%s %s: %s", event.kind.name, event.state.name, event.message)
        if event.kind is EventKind.RECORDING_STOPPED:
            self.recording.on_stopped_by_engine(event.recording, event.message)
            return
        if event.kind is EventKind.REMARK:
            self._show_remark(event.message)
            return
        # The engine's present state counts: the event may be about a source that was closed since.
        if not self.sources.on_state(self.engine.state):
            self.display.show()
        self.mirror.show()
        self._listen()

    def _on_result(self, result: Result) -> None:
        self.canvas.show_result(self.cover.covered(result), self.engine.labels)
        waiting = not self.placeholder.isHidden() or not self.actions_.record.isEnabled()
        if waiting and self.engine.state in (LiveState.RUNNING, LiveState.ENDED):
            self.display.show()  # the first picture may come after the event that the source runs
        if result.frame.picture is not None:
            self._show_figures()
        self._announce(result)
        stamp("first picture")
        if any(face.label is not None for face in result.faces):
            stamp("first labelled face")

    def _show_again(self) -> None:
        """What is covered has changed, and perhaps no other picture comes."""
        result = self.engine.latest()
        if result is not None and self.canvas.result is not None:
            self.canvas.show_result(self.cover.covered(result), self.engine.labels)

    def _show_figures(self) -> None:
        masks = self._settings.current.show_masks
        self.status.show_figures(self.engine.statistics(), self.engine.latest(), masks=masks)

    def _announce(self, result: Result) -> None:
        if self.recording.counting_down:
            return
        text = faces_text(
            result.faces,
            mirrored=self.canvas.mirrored,
            recording=self.recording.active,
            masks=self._settings.current.show_masks,
        )
        self.announcer.show(text)

    def _on_painted(self, sequence: int) -> None:
        self.engine.mark_painted(sequence)
        result = self.canvas.result
        if result is not None:
            stamp("first picture painted")
            if any(face.label is not None for face in result.faces):
                stamp("first labelled face painted")

    def _show_remark(self, remark: str) -> None:
        """Name the picture that is damaged; of several the last, and how many there were."""
        self._remarks += 1
        text = remark if self._remarks == 1 else f"{self._remarks} pictures are damaged or not read. The last: {remark}"
        self.banner.show_message(REMARK, text, Severity.WARNING)

    def _on_opened(self) -> None:
        self.camera_controls.leave()
        self._remarks = 0
        self.banner.clear_message(REMARK)
        self.canvas.show_result(None, ())
        self.announcer.show("No picture")
        self.display.show()

    def _every_second(self) -> None:
        if self.engine.state in (LiveState.RUNNING, LiveState.STALLED, LiveState.RETRYING):
            self._show_figures()
            self.sources.refresh_header()
        self.model.show_analysis_problem(self.engine.analysis_problem or "")
        microphone = self.engine.microphone
        if microphone is not None and microphone.problem:
            self.banner.show_message(MICROPHONE, microphone.problem, Severity.WARNING)
        else:
            self.banner.clear_message(MICROPHONE)

    def _show_elapsed(self, elapsed: str) -> None:
        self.controls.set_recording(bool(elapsed))
        self.canvas.set_recording(elapsed)
        self.title_changed.emit(f"● {elapsed}" if elapsed else "")
        if not elapsed:
            self.display.show()

    def _label_photograph(self) -> None:
        """Another model labels: what comes next is labelled anew by itself, but nothing comes after a photograph."""
        if is_still(self.engine.statistics().source):
            self.sources.reopen()

    def _show_progress(self, elapsed: str, figures: str, paused: bool) -> None:
        self.canvas.set_recording(elapsed, figures, paused=paused)
        self.controls.set_paused(paused)

    def _show_countdown(self, seconds: int) -> None:
        self.canvas.set_countdown(seconds)
        self.controls.set_counting(seconds > 0)
        if seconds:
            self.announcer.tell_now(f"Recording in {seconds}")

    def _show_level(self) -> None:
        self.controls.set_microphone(self.engine.microphone)

    def _listen(self) -> None:
        """Listen to the chosen microphone while there is a picture, or one is waited for."""
        active = PRESENTATIONS[self.engine.state].active
        self.engine.set_microphone(self._settings.current.microphone if active else "")
        listening = self.engine.microphone is not None
        if listening != self._level.isActive():
            (self._level.start if listening else self._level.stop)()
            self._show_level()
        if not listening:
            self.banner.clear_message(MICROPHONE)

    def _apply_settings(self) -> None:
        settings = self._settings.current
        self._listen()
        self.canvas.set_style(
            LabelStyle(settings.text_percent, settings.show_masks, settings.show_no_masks, settings.show_tracks)
        )
        self.actions_.masks.setChecked(settings.show_masks)

    def _toggle_masks(self) -> None:
        self._settings.update(show_masks=not self._settings.current.show_masks)

    def _remember_camera(self, camera: str, mode: CameraMode | None) -> None:
        if (camera, mode) != (self._settings.current.camera, self._settings.current.camera_mode):
            try:
                self._settings.update(camera=camera, camera_mode=mode)
            except SettingsError:
                return  # a driver may report a name that cannot be stored
