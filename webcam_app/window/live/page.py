"""The live picture: the page that shows a camera, file or stream, labels its faces and records it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtWidgets import QAction

from webcam_app.capture.text import printable
from webcam_app.live import Event, EventKind, LiveState, Result
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.camera.controller import CameraControls
from webcam_app.window.history.controller import HistoryActions, HistoryController
from webcam_app.window.history.strip import HistoryStrip
from webcam_app.window.live.actions import LiveActions
from webcam_app.window.live.announcer import FaceAnnouncer, faces_text
from webcam_app.window.live.bridge import EngineBridge, EngineFactory
from webcam_app.window.live.controls import ControlBar, LiveHeader
from webcam_app.window.live.listening import Listening
from webcam_app.window.live.model.status import ModelStatus
from webcam_app.window.live.model.switch import ModelSwitch
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.live.picture.face_hints import FaceHints
from webcam_app.window.live.picture.face_painter import LabelStyle
from webcam_app.window.live.presentation import PAUSE, PLAY, START, is_still, start_look
from webcam_app.window.live.recording.controller import RecordingController
from webcam_app.window.live.recording.countdown import Countdown, Purpose
from webcam_app.window.live.recording.snapshots import SnapshotController
from webcam_app.window.live.remarks import Remarks
from webcam_app.window.live.sources.choices import choice_for
from webcam_app.window.live.sources.controller import SourceController
from webcam_app.window.live.sources.watcher import CameraWatcher, Lister
from webcam_app.window.live.state_display import LiveViews, StateDisplay
from webcam_app.window.live.status import StatusLine
from webcam_app.window.live.strip.strip import RecordingsStrip, StripBar
from webcam_app.window.live.viewing.cover import CoverController
from webcam_app.window.live.viewing.freeze import FreezeController
from webcam_app.window.live.viewing.mirror import MirrorController
from webcam_app.window.live.viewing.zoom import ZoomController
from webcam_app.window.live.virtual_camera import VirtualCameraController
from webcam_app.window.page import Page, PageParts, Shared
from webcam_app.window.player.actions import add_player_actions
from webcam_app.window.player.bar import PlayerBar
from webcam_app.window.player.controller import PlayerController, PlayerParts
from webcam_app.window.player.copying import Copying
from webcam_app.window.settings.schema import CameraMode, SettingsError
from webcam_app.window.trace import stamp
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.placeholder import Placeholder
from webcam_app.window.widgets.stacked_bar import StackedBar
from webcam_app.window.widgets.toast import Toast

_log = logging.getLogger(__name__)
STATUS_MS = 1000
PLAYING = "playing"
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
        self.status = StatusLine(shared.actions.model, self.actions_.strip)
        self.strip_bar = StripBar()
        below = StackedBar(self.strip_bar, self.controls)
        self.history_strip = HistoryStrip(self.actions_.export_history)
        self.player_actions = add_player_actions(self.actions_)
        self.player_bar = PlayerBar(self.player_actions)
        parts = PageParts(self.header, self.canvas, below, self.status, (self.player_bar, self.history_strip))
        super().__init__(parts, self.actions_, parent)
        self.held_keys = ((tr("Alt+arrow keys"), tr("Zoomed in: show another part of the picture")),)
        self.dialog_actions = (self.actions_.record, self.actions_.snapshot)
        self._settings, self.banner = shared.settings, shared.banner
        self.placeholder = Placeholder(self.canvas)
        self.announcer = FaceAnnouncer(self.canvas)
        self.toast = Toast(self.canvas)

        self.bridge = EngineBridge(engine_factory, self)
        self.engine = self.bridge.engine
        self.watcher = CameraWatcher(lister, self)
        self.sources = SourceController(self.engine, shared.worker, self.header, self.banner, self)
        self.countdown = Countdown(self)
        self.recording = RecordingController(self.engine, shared, self.toast, self.countdown, self)
        self.model = ModelStatus(self.banner)
        self.hints = FaceHints(self.canvas, lambda: self.model.card)
        self.models = ModelSwitch(self.engine, shared, self.model, self)
        self.model.forget = self.models.forget
        self.bridge.model = self.models.path
        player = PlayerParts(self.engine, self.player_bar, self.player_actions)
        self.player = PlayerController(player, lambda: self.models.path, self._settings)
        self.camera_controls = CameraControls(shared, self)
        self.mirror = MirrorController(self.engine, self.sources, self._settings, self.canvas, self.actions_.mirror)
        self.zoom = ZoomController(self.canvas, self.actions_, self.announcer.tell_now)
        self.freeze = FreezeController(self.canvas, self.engine, self.actions_.freeze, self.announcer.tell_now)
        self.cover = CoverController(self.canvas, self._settings, self.actions_.cover, self._show_again)
        self.freeze.covered = self.cover.covered
        action, style = self.actions_.virtual_camera, self.overlay_style
        self.virtual_camera = VirtualCameraController(self.engine, shared, action, style, self)
        history_actions = HistoryActions(self.actions_.history, self.actions_.export_history)
        self.history = HistoryController(self.engine, shared, self.history_strip, history_actions, self)
        self.snapshots = SnapshotController(self.canvas, shared, self.toast, self.countdown, self.overlay_style)
        self.strip = RecordingsStrip(self.strip_bar, self.actions_.strip, shared, self.canvas.setFocus)
        views = LiveViews(self.actions_, self.banner, self.canvas, self.placeholder, self.status, self.freeze)
        self.display = StateDisplay(self.bridge, self.sources, self.recording, views)
        self.listening = Listening(self.engine, self._settings, self.controls, self.banner)
        self.copying = Copying(shared, self.overlay_style, lambda: self.models.path, self.open, self.canvas)
        self.remarks = Remarks(self.banner)
        self._second = QTimer(self)
        self._second.setInterval(STATUS_MS)
        self._second.timeout.connect(self._every_second)
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
            self.engine.transport.set_paused(look is PAUSE)
        elif look is PLAY and self.player.info is not None:
            self.engine.transport.seek(0.0)
        elif look in (START, PLAY):
            self.sources.reopen()
        else:
            self.stop()

    def stop(self) -> None:
        """Let the source go; a recording is finished first."""
        self.countdown.cancel()
        self.recording.stop()
        self.engine.cancel_open()
        self.display.show()

    def cancel(self) -> None:
        """Stop opening, or counting down."""
        self.countdown.cancel()
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

    def take_snapshot(self, *, other: bool = False) -> None:
        """Keep the picture shown now.

        Args:
            other: with labels where the settings say without, and the other way round.
        """
        if self.canvas.result is None:
            self.freeze.show_newest()  # the first came a few milliseconds ago
        self.snapshots.take(other=other)

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
        self.history.close()
        self.virtual_camera.stop(max(SHORTEST_CLOSE_SECONDS, (deadline - time.monotonic()) / 2))
        self.player.leave()
        self.watcher.close()
        self.strip.close()
        self.copying.close(SHORTEST_CLOSE_SECONDS)
        self.bridge.close(max(SHORTEST_CLOSE_SECONDS, deadline - time.monotonic()))

    def _annotate(self) -> None:
        if self.player.info is not None:
            self.copying.ask(Path(self.player.info.spec))

    def _connect(self) -> None:
        actions = self.actions_
        triggered: tuple[tuple[QAction, Callable[[], None]], ...] = (
            (actions.start, self.toggle_start),
            (actions.record, self.toggle_recording),
            (actions.pause_recording, self.recording.toggle_pause),
            (actions.snapshot, self.take_snapshot),
            (actions.snapshot_other, lambda: self.take_snapshot(other=True)),
            (actions.burst, self.snapshots.take_burst),
            (actions.previous, lambda: self.sources.step(-1)),
            (actions.next, lambda: self.sources.step(1)),
            (actions.masks, self._toggle_masks),
            (self.player_actions.annotate, self._annotate),
        )
        for action, function in triggered:
            action.triggered.connect(lambda _checked=False, call=function: call())
        self.canvas.on_painted = self._on_painted
        self._settings.changed.connect(self._apply_settings)
        self.bridge.engine_event.connect(self._on_event)
        self.bridge.result.connect(self._on_result)
        self.bridge.model_loaded.connect(self.models.on_loaded_first)
        self.models.replaced.connect(self._label_photograph)
        self.models.switched.connect(self.player.label_anew)
        self.watcher.changed.connect(self.sources.set_cameras)
        self.watcher.looked.connect(self.sources.on_looked)
        self.sources.look_requested.connect(self.watcher.look_now)
        self.sources.opened.connect(self._on_opened)
        self.sources.camera_used.connect(self._remember_camera)
        self.sources.camera_used.connect(lambda camera, _mode: self.camera_controls.set_camera(camera))
        self.camera_controls.available.connect(actions.camera_controls.setEnabled)
        self.display.stop_requested.connect(self.stop)
        self.history.arranged.connect(self.arranged)
        self.virtual_camera.named.connect(self.status.show_virtual_camera)
        self.player.arranged.connect(self.arranged)
        self.recording.elapsed.connect(self._show_elapsed)
        self.recording.progress.connect(self._show_progress)
        self.countdown.counting.connect(self._show_countdown)
        self.freeze.changed.connect(self.display.show)
        self.freeze.appeared.connect(self.snapshots.on_shown)
        self.freeze.appeared.connect(self.virtual_camera.show)
        self.recording.ended.connect(self.strip.refresh)
        self.snapshots.kept.connect(self.strip.refresh)
        self.strip.arranged.connect(self.arranged)
        self.strip.play.connect(self._play)

    def _on_event(self, event: Event) -> None:
        _log.info("%s %s: %s", event.kind.name, event.state.name, event.message)
        if event.kind is EventKind.RECORDING_STOPPED:
            self.recording.on_stopped_by_engine(event.recording, event.message)
            return
        if event.kind is EventKind.REMARK:
            self.remarks.show(event.message)
            return
        if self.engine.state is LiveState.IDLE:
            self.freeze.forget()
        # The engine's present state counts: the event may be about a source that was closed since.
        if not self.sources.on_state(self.engine.state):
            self.display.show()
        self.player.show_state()
        self.mirror.show()
        self.virtual_camera.follow(self.engine.state)
        self.listening.follow()

    def _on_result(self, result: Result) -> None:
        shows = self.freeze.show(result)
        waiting = not self.placeholder.isHidden() or not self.actions_.record.isEnabled()
        if waiting and self.engine.state in (LiveState.RUNNING, LiveState.ENDED):
            self.display.show()  # the first picture may come after the event that the source runs
        if result.frame.picture is not None:
            self._show_figures()
        if shows:
            self._announce(result)
        self.player.show_result(result)
        self.history.add(result)
        stamp("first picture")
        if any(face.label is not None for face in result.faces):
            stamp("first labelled face")

    def _show_again(self) -> None:
        """What is covered has changed, and perhaps no other picture comes."""
        self.freeze.show_again()
        if self.canvas.result is not None:
            self.virtual_camera.show(self.canvas.result)

    def _show_figures(self) -> None:
        masks = self._settings.current.show_masks
        self.status.show_figures(self.engine.statistics(), self.engine.latest(), masks=masks)

    def _announce(self, result: Result) -> None:
        if self.countdown.purpose is None:
            masks, mirrored = self._settings.current.show_masks, self.canvas.mirrored
            text = faces_text(result.faces, mirrored=mirrored, recording=self.recording.active, masks=masks)
            self.announcer.show(text)

    def _on_painted(self, sequence: int) -> None:
        self.engine.mark_painted(sequence)
        result = self.canvas.result
        if result is not None:
            self.history.painted(result)
            stamp("first picture painted")
            if any(face.label is not None for face in result.faces):
                stamp("first labelled face painted")

    def _on_opened(self) -> None:
        self.camera_controls.leave()
        self.history.interrupt()
        self.player.leave()
        self.remarks.clear()
        self.freeze.forget()
        self.zoom.reset()
        self.snapshots.end_burst()
        self.canvas.show_result(None, ())
        self.announcer.show(tr("No picture"))
        self.display.show()

    def _every_second(self) -> None:
        if self.engine.state in (LiveState.RUNNING, LiveState.STALLED, LiveState.RETRYING):
            self._show_figures()
            self.sources.refresh_header()
        self.player.every_second()
        self.model.show_analysis_problem(self.engine.analysis_problem or "")
        self.listening.show_problem()

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

    def _play(self, path: Path) -> None:
        """Open a recording or a snapshot; one that is going on would go on with that."""
        if self.recording.active:
            text = tr("It is being recorded, and the recording would go on with '{name}'. Stop it first.")
            choices = [(tr("Stop recording"), self.recording.stop)]
            self.banner.show_message(PLAYING, text.format(name=printable(path.name)), Severity.WARNING, choices)
        else:
            self.banner.clear_message(PLAYING)
            self.open(str(path))
            self.canvas.setFocus()

    def _show_countdown(self, seconds: int) -> None:
        self.canvas.set_countdown(seconds)
        purpose = self.countdown.purpose
        self.controls.set_counting(purpose)
        if purpose is not None:
            text = tr("Snapshot in {seconds}") if purpose is Purpose.SNAPSHOT else tr("Recording in {seconds}")
            self.announcer.tell_now(text.format(seconds=seconds))

    def _apply_settings(self) -> None:
        settings = self._settings.current
        self.listening.follow()
        masks = (settings.show_masks, settings.show_no_masks)
        self.canvas.set_style(LabelStyle(settings.text_percent, *masks, settings.show_tracks))
        self.actions_.masks.setChecked(settings.show_masks)
        other = tr("Snapshot without labels") if settings.snapshot_labels else tr("Snapshot with labels")
        self.actions_.snapshot_other.setText(other)

    def _toggle_masks(self) -> None:
        self._settings.update(show_masks=not self._settings.current.show_masks)

    def _remember_camera(self, camera: str, mode: CameraMode | None) -> None:
        if (camera, mode) != (self._settings.current.camera, self._settings.current.camera_mode):
            try:
                self._settings.update(camera=camera, camera_mode=mode)
            except SettingsError:
                return  # a driver may report a name that cannot be stored
