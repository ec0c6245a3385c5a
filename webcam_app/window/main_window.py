"""The window: its parts, wired together."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QSize, QTimer
from PyQt5.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PyQt5.QtWidgets import QMainWindow, QShortcut

from webcam_app.capture.cameras import list_cameras
from webcam_app.capture.source import SourceKind
from webcam_app.errors import first_line
from webcam_app.live import Event, EventKind, LiveState, Result
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.actions import Actions
from webcam_app.window.layout import WindowLayout
from webcam_app.window.live.bridge import EngineBridge, EngineFactory, make_engine
from webcam_app.window.live.canvas import VideoCanvas
from webcam_app.window.live.choices import choice_for
from webcam_app.window.live.controls import ControlBar, Header
from webcam_app.window.live.face_painter import LabelStyle
from webcam_app.window.live.picker import OPEN_FILE, OPEN_FOLDER, OPEN_URL
from webcam_app.window.live.placeholder import Placeholder
from webcam_app.window.live.recordings import RecordingController, show_folder
from webcam_app.window.live.sources import SourceControl
from webcam_app.window.live.state_display import StateDisplay
from webcam_app.window.live.status import StatusLine
from webcam_app.window.live.watcher import CameraWatcher, Lister
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import CameraMode, Settings, SettingsError
from webcam_app.window.tasks import Worker
from webcam_app.window.trace import stamp
from webcam_app.window.widgets.banner import Banner, Severity
from webcam_app.window.widgets.toast import Toast

if TYPE_CHECKING:
    from webcam_app.faces.labelling.card import ModelCard

TITLE = "Webcam App"
FIRST_SIZE = QSize(1000, 720)
SMALLEST_SIZE = QSize(480, 300)
STATUS_MS = 1000
# Together with what Qt needs, below the two seconds after which people think that a window hangs.
CLOSE_SECONDS = 1.6
MODEL, ANALYSIS, SETTINGS, FAULT = "model", "analysis", "settings", "fault"


class MainWindow(QMainWindow):
    """Shows the live picture and everything that can be done with it."""

    def __init__(
        self,
        settings_file: SettingsFile,
        *,
        engine_factory: EngineFactory = make_engine,
        lister: Lister = list_cameras,
    ) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(SMALLEST_SIZE)
        self.setAcceptDrops(True)
        self._file = settings_file
        self.settings = settings_file.load()
        self.card: ModelCard | None = None
        self.model_problem = ""
        self._closed = False
        self._analysis_problem = ""
        self._normal = self.geometry()

        self.actions_ = Actions(self)
        self.header = Header(self.actions_)
        self.banner = Banner()
        self.canvas = VideoCanvas()
        self.curtain = Placeholder(self.canvas)
        self.toast = Toast(self.canvas)
        self.controls = ControlBar(self.actions_)
        self.status = StatusLine()
        self.stage = WindowLayout(self.header, self.banner, self.canvas, self.controls, self.status)
        self.setCentralWidget(self.stage)

        self.bridge = EngineBridge(engine_factory, self)
        self.engine = self.bridge.engine
        self.worker = Worker("window worker", self)
        self.watcher = CameraWatcher(lister, self)
        self.sources = SourceControl(self.engine, self.worker, self.header, self.banner, self)
        self.keeper = RecordingController(self.engine, self.worker, self.banner, self.toast, self)
        self.display = StateDisplay(
            self.bridge, self.sources, self.keeper, self.actions_, self.banner, self.canvas, self.curtain, self.status
        )
        self.canvas.on_painted = self._on_painted

        self._second = QTimer(self)
        self._second.setInterval(STATUS_MS)
        self._second.timeout.connect(self._every_second)
        self._connect()
        self._apply_settings()
        self.resize(*(self.settings.window_size or (FIRST_SIZE.width(), FIRST_SIZE.height())))
        self.display.show()

    def begin(self, source: str | None) -> None:
        """Start to work, once the window is on the screen.

        Args:
            source: what to open, as ``open_source`` takes it; None to find something.
        """
        self.sources.begin(source, self.settings.camera, self.settings.camera_mode)
        self.watcher.start()
        self._second.start()
        if self._file.notice:
            self.banner.say(SETTINGS, self._file.notice, Severity.WARNING)
        self.keeper.look_for_unfinished(self.settings.recording_folder)

    def show_at_last_size(self) -> None:
        """Appear as it was left."""
        if self.settings.maximized:
            self.showMaximized()
        else:
            self.show()
        self.canvas.setFocus()

    def toggle_start(self) -> None:
        """Stop the picture, or start it again."""
        if self.engine.state in (LiveState.IDLE, LiveState.ENDED, LiveState.FAILED):
            self.sources.reopen()
        else:
            self.stop()

    def stop(self) -> None:
        """Let the source go; a recording is finished first."""
        self.keeper.stop_recording()
        self.engine.cancel_open()
        self.display.show()

    def toggle_recording(self) -> None:
        """Start or stop a recording."""
        self.keeper.toggle_recording(self.settings.recording_folder, self.overlay_style())

    def take_snapshot(self) -> None:
        """Keep the picture shown now."""
        self.keeper.snapshot(self.settings.snapshot_folder, self.overlay_style())

    def overlay_style(self) -> OverlayStyle:
        """What recordings and snapshots show: the same as the window."""
        return OverlayStyle(
            mirrored=self.canvas.mirrored, show_mask=self.settings.show_masks, show_track=self.settings.show_tracks
        )

    def set_full_screen(self, full_screen: bool) -> None:
        """Fill the screen with the picture, or go back to a window."""
        if full_screen == self.isFullScreen():
            return
        if full_screen:
            self.settings = dataclasses.replace(self.settings, maximized=self.isMaximized())
            self._keep_size()
            self._normal = self.geometry()
            self.showFullScreen()
            screen = self.screen()
            handle = self.windowHandle()
            if screen is not None and handle is not None:
                # A window manager does this anyway, but there may be none. QWidget.setGeometry would leave full screen.
                handle.setGeometry(screen.geometry())
            self.canvas.setFocus()
        else:
            self.showMaximized() if self.settings.maximized else self.showNormal()
            if not self.settings.maximized:
                self.setGeometry(self._normal)
        self.actions_["full_screen"].setChecked(full_screen)
        self.stage.set_full_screen(full_screen)

    def tell_fault(self, error: BaseException) -> None:
        """Something in the window itself went wrong, but it goes on."""
        reason = first_line(error)
        self.banner.say(FAULT, f"Something went wrong in this window, which goes on: {reason}", Severity.ERROR)

    def change_settings(self, settings: Settings) -> None:
        """Use other settings from now on, and keep them."""
        self.settings = settings
        self._apply_settings()
        self._save()

    def _connect(self) -> None:
        triggered: dict[str, Callable[[], None]] = {
            "start": self.toggle_start,
            "record": self.toggle_recording,
            "snapshot": self.take_snapshot,
            "mirror": self._toggle_mirror,
            "masks": self._toggle_masks,
            "full_screen": lambda: self.set_full_screen(not self.isFullScreen()),
            "open_file": lambda: self._ask(OPEN_FILE),
            "open_folder": lambda: self._ask(OPEN_FOLDER),
            "open_url": lambda: self._ask(OPEN_URL),
            "demo": self.sources.open_demo,
            "show_recordings": lambda: show_folder(self.settings.recording_folder),
            "settings": self._show_settings,
            "about": self._show_about,
            "keys": self._show_keys,
            "quit": lambda: void(self.close()),
        }
        for name, function in triggered.items():
            self.actions_[name].triggered.connect(lambda _checked=False, call=function: call())
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(self._escape)
        self.header.source.asked.connect(self._ask)
        self.bridge.news.connect(self._on_event)
        self.bridge.result.connect(self._on_result)
        self.bridge.model_loaded.connect(self._on_model)
        self.watcher.changed.connect(self.sources.set_cameras)
        self.sources.opened.connect(self._on_opened)
        self.display.stop_asked.connect(self.stop)
        self.sources.camera_used.connect(self._remember_camera)
        self.keeper.elapsed.connect(self._show_elapsed)
        self.banner.changed.connect(self.stage.arrange)
        self.stage.compact_changed.connect(self._set_compact)
        self.stage.laid_out.connect(self.curtain.place)
        self.stage.laid_out.connect(self.toast.place)

    def _on_event(self, event: Event) -> None:
        if event.kind is EventKind.RECORDING_STOPPED:
            self.keeper.stopped_by_itself(event.recording, event.message)
            return
        # What the engine is now counts: the event may be about a source that was closed meanwhile.
        if not self.sources.on_state(self.engine.state):
            self.display.show()
        self._show_mirror()

    def _on_result(self, result: Result) -> None:
        self.canvas.show_result(result, self.engine.labels)
        waiting = not self.curtain.isHidden() or not self.actions_["record"].isEnabled()
        if waiting and self.engine.state is LiveState.RUNNING:
            self.display.show()  # the first picture may come after the news that the source runs
        stamp("first picture")
        if any(face.label is not None for face in result.faces):
            stamp("first labelled face")

    def _on_painted(self, sequence: int) -> None:
        self.engine.mark_painted(sequence)
        result = self.canvas.result
        if result is not None:
            stamp("first picture painted")
            if any(face.label is not None for face in result.faces):
                stamp("first labelled face painted")

    def _on_model(self, card: ModelCard | None, problem: str) -> None:
        self.card, self.model_problem = card, problem
        if problem:
            self.banner.say(MODEL, f"Faces stay without labels: {problem}", Severity.WARNING)

    def _on_opened(self) -> None:
        self.canvas.show_result(None, ())
        self.display.show()
        self._show_mirror()

    def _every_second(self) -> None:
        state = self.engine.state
        if state in (LiveState.RUNNING, LiveState.STALLED, LiveState.RETRYING):
            statistics = self.engine.statistics()
            self.status.show_figures(statistics, self.engine.latest(), masks=self.settings.show_masks)
            self.sources.refresh_header()
        self._tell_analysis_problem(self.engine.analysis_problem or "")

    def _tell_analysis_problem(self, problem: str) -> None:
        """Say it once: a message that was closed does not come back every second."""
        if problem == self._analysis_problem:
            return
        self._analysis_problem = problem
        if problem and problem != self.model_problem:
            self.banner.say(ANALYSIS, f"The picture goes on without labels: {problem}", Severity.WARNING)
        else:
            self.banner.take_back(ANALYSIS)

    def _show_elapsed(self, elapsed: str) -> None:
        self.controls.set_recording(elapsed)
        self.canvas.set_recording(elapsed)
        self.setWindowTitle(f"● {elapsed} – {TITLE}" if elapsed else TITLE)
        if not elapsed:
            self.display.show()

    def _mirrors_as_camera(self) -> bool:
        info = self.engine.statistics().source
        choice = self.sources.choice
        return info.kind is SourceKind.CAMERA if info is not None else choice is not None and choice.camera

    def _show_mirror(self) -> None:
        mirrored = self.settings.mirror_cameras if self._mirrors_as_camera() else self.settings.mirror_files
        self.actions_["mirror"].setChecked(mirrored)
        self.canvas.set_mirrored(mirrored)

    def _toggle_mirror(self) -> None:
        settings = self.settings
        if self._mirrors_as_camera():
            settings = dataclasses.replace(settings, mirror_cameras=not settings.mirror_cameras)
        else:
            settings = dataclasses.replace(settings, mirror_files=not settings.mirror_files)
        self.change_settings(settings)

    def _toggle_masks(self) -> None:
        self.change_settings(dataclasses.replace(self.settings, show_masks=not self.settings.show_masks))

    def _apply_settings(self) -> None:
        settings = self.settings
        self.canvas.set_style(LabelStyle(settings.text_percent, settings.show_masks, settings.show_tracks))
        self.actions_["masks"].setChecked(settings.show_masks)
        self._show_mirror()

    def _remember_camera(self, camera: str, mode: CameraMode | None) -> None:
        if (camera, mode) != (self.settings.camera, self.settings.camera_mode):
            try:
                self.settings = dataclasses.replace(self.settings, camera=camera, camera_mode=mode)
            except SettingsError:
                return  # a driver may tell any name; one that cannot be kept is not remembered
            self._save()

    def _keep_size(self) -> None:
        if not (self.isFullScreen() or self.isMaximized()):
            self.settings = dataclasses.replace(self.settings, window_size=(self.width(), self.height()))

    def _save(self) -> None:
        try:
            self._file.save(self.settings)
        except SettingsError as error:
            self.banner.say(SETTINGS, str(error), Severity.WARNING)

    def _set_compact(self, compact: bool) -> None:
        self.header.set_compact(compact)
        self.controls.set_compact(compact)
        self.status.set_compact(compact)

    def _escape(self) -> None:
        if self.isFullScreen():
            self.set_full_screen(False)
        elif self.engine.state is LiveState.OPENING:
            self.stop()

    def _ask(self, what: str) -> None:
        from webcam_app.window.dialogs import open as asking

        ask = {OPEN_FILE: asking.ask_file, OPEN_FOLDER: asking.ask_folder, OPEN_URL: asking.ask_url}[what]
        ask(self, lambda spec: self.sources.open(choice_for(spec)))

    def _show_settings(self) -> None:
        from webcam_app.window.settings.dialog import SettingsDialog

        dialog = SettingsDialog(self.settings, self)
        dialog.accepted_settings.connect(self._take_from_dialog)
        dialog.open()

    def _take_from_dialog(self, settings: Settings) -> None:
        self.change_settings(settings)

    def _show_about(self) -> None:
        from webcam_app.window.dialogs.help import AboutDialog

        AboutDialog(self.card, self.model_problem, self).open()

    def _show_keys(self) -> None:
        from webcam_app.window.dialogs.help import KeysDialog

        KeysDialog(self).open()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Files may be dropped on the window."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and data.hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open what was dropped."""
        data = event.mimeData() if event is not None else None
        urls: Sequence = data.urls() if data is not None else ()  # type: ignore[type-arg]
        if urls:
            spec = urls[0].toLocalFile() or urls[0].toString()
            self.sources.open(choice_for(str(Path(spec)) if urls[0].isLocalFile() else spec))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Finish the recording, let the source go, keep the settings; within two seconds."""
        if not self._closed:
            self._closed = True
            deadline = time.monotonic() + CLOSE_SECONDS
            self.settings = dataclasses.replace(
                self.settings, maximized=self.isMaximized() if not self.isFullScreen() else self.settings.maximized
            )
            self._keep_size()
            self._second.stop()
            self.hide()
            self.worker.close(CLOSE_SECONDS / 2)
            self.watcher.close()
            self.bridge.close(max(0.3, deadline - time.monotonic()))
            self._save()
        if event is not None:
            event.accept()


def void(_value: object) -> None:
    """Forget what a function returned."""
