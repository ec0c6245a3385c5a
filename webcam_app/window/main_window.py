"""The window: its pages, and what all of them share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5 import sip
from PyQt5.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PyQt5.QtWidgets import QAction, QApplication, QDialog, QMainWindow, QShortcut

from webcam_app.capture.cameras import list_cameras
from webcam_app.errors import first_line
from webcam_app.window.actions import Action, WindowActions
from webcam_app.window.desktop import FolderOpener
from webcam_app.window.dialogs.opened import OpenDialogs
from webcam_app.window.geometry import WindowGeometry
from webcam_app.window.layout import WindowLayout
from webcam_app.window.live.bridge import EngineFactory, make_engine
from webcam_app.window.live.page import LivePage
from webcam_app.window.live.sources.watcher import Lister
from webcam_app.window.page import Page, Shared
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import SHOWN_FIELDS, Settings
from webcam_app.window.settings.store import SettingsStore
from webcam_app.window.tasks import Worker
from webcam_app.window.translation import mark, tr, translated
from webcam_app.window.widgets.banner import Banner, Severity

if TYPE_CHECKING:
    from webcam_app.window.model.page import ModelPage
    from webcam_app.window.photographs.page import PhotographsPage
    from webcam_app.window.settings.dialog import SettingsDialog
    from webcam_app.window.teach.page import TeachPage

TITLE = "Webcam App"
# Together with what Qt needs, below the two seconds after which people think that a window hangs.
CLOSE_SECONDS = 1.6
SETTINGS, FAULT, DETAILS = "settings", "fault", "details"
COPIED = mark(
    "Copied: versions, system, settings and the last messages, without names, paths and addresses. Read it before you "
    "send it."
)


class MainWindow(QMainWindow):
    """Holds the pages, shows one of them, and does what belongs to none: settings, dialogs, full screen, closing."""

    def __init__(
        self,
        settings_file: SettingsFile,
        *,
        engine_factory: EngineFactory = make_engine,
        lister: Lister = list_cameras,
    ) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self._closed = False
        self._settings = SettingsStore(settings_file, self)
        self.actions_ = WindowActions(self)
        self.banner = Banner()
        self.worker = Worker("window worker", self)
        self._folders = FolderOpener(self.worker, self.banner, self.actions_.settings)
        shared = self._shared = Shared(self.actions_, self.banner, self._settings, self.worker, self._folders)
        self.live = LivePage(shared, engine_factory, lister, self)
        self.teach: TeachPage | None = None
        self.pages: list[Page] = []
        self._model: ModelPage | None = None
        self._photographs: PhotographsPage | None = None
        self._live_begun = False
        self.layout_ = WindowLayout(self.banner, self.live)
        self.add_page(self.live)
        self._before_model: Page = self.live
        """From where the model's page was opened, and where it leads back to."""
        self._dialogs = OpenDialogs(lambda: self.page.dialog_actions)
        self.setCentralWidget(self.layout_)
        self.geometry_ = WindowGeometry(self, self._settings)
        self._connect()

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self._settings.current

    @property
    def settings_store(self) -> SettingsStore:
        """Where the settings are changed, and who is told."""
        return self._settings

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.layout_.page

    def all_actions(self) -> list[Action]:
        """What can be done now: on the page that is shown, and on every page."""
        return [*self.page.actions_, *self.actions_]

    def begin(self, sources: Sequence[str] = ()) -> None:
        """Start to work, once the window is on the screen.

        Args:
            sources: what to open, as ``open_source`` takes it; empty to find something.
        """
        if not self._open_photographs(sources):
            self._live_begun = True
            self.live.begin(sources)
        if self._settings.notice:
            self.banner.show_message(SETTINGS, self._settings.notice, Severity.WARNING)

    def show_at_last_size(self) -> None:
        """Appear as it was left."""
        self.geometry_.show()
        self.page.parts.content.setFocus()

    def add_page(self, page: Page) -> None:
        """Take a page in: its title is followed, and it is closed with the window."""
        self.pages.append(page)
        page.title_changed.connect(lambda title: self.setWindowTitle(f"{title} – {TITLE}" if title else TITLE))

    def show_page(self, page: Page) -> None:
        """Show another page."""
        self.layout_.set_page(page)
        page.parts.content.setFocus()
        page.appear()

    def show_teach(self) -> None:
        """Show the page on which classes of one's own are taught; it is made when it is first asked for."""
        if self.teach is None:
            from webcam_app.window.teach.page import TeachPage

            self.teach = TeachPage(self._shared, self.live, self._dialogs, self)
            self.add_page(self.teach)
        self.show_page(self.teach)

    def open(self, spec: str) -> None:
        """Show what a person named or chose in a dialog, as ``open_source`` takes it."""
        self.open_all([spec])

    def open_all(self, specs: Sequence[str]) -> None:
        """Show what a person dropped or named together; at least one."""
        if self._open_photographs(specs):
            return
        self.show_page(self.live)
        if self._live_begun:
            self.live.open_all(specs)
        else:
            self._live_begun = True
            self.live.begin(specs)

    @property
    def photographs(self) -> PhotographsPage:
        """The page of photographs; made when it is needed."""
        if self._photographs is None:
            from webcam_app.window.photographs.page import PhotographsPage

            page, models = PhotographsPage(self._shared, self, self.live.models.path), self.live.models
            page.left.connect(self._show_live)
            page.model_refused.connect(models.on_refused)
            models.switched.connect(lambda: page.use_model(models.path) if models.path != page.model else None)
            models.replaced.connect(lambda: page.use_model(models.path))
            self._photographs = page
            self.add_page(page)
        return self._photographs

    def _open_photographs(self, specs: Sequence[str]) -> bool:
        """Show a folder, or several pictures, as a grid; returns False where it is something else."""
        from webcam_app.window.photographs.routing import photographs_of

        paths = photographs_of(specs)
        if paths:
            page = self.photographs
            self.show_page(page)
            page.open_paths(paths)
            if not self._live_begun:
                self.live.models.read_card()
        return bool(paths)

    def _show_live(self) -> None:
        """Leave the photographs; a window that began with them looks for a camera only now."""
        self.show_page(self.live)
        if not self._live_begun:
            self._live_begun = True
            self.live.begin()

    def open_from_elsewhere(self, specs: Sequence[str]) -> None:
        """Another start of the program hands over what it was to open: come to the front, and show it."""
        if self.isMinimized():
            (self.showMaximized if self.isMaximized() else self.showNormal)()
        self.raise_()
        self.activateWindow()
        if specs:
            self.open_all(specs)

    def set_full_screen(self, full_screen: bool) -> None:
        """Fill the screen with the page's content, or go back to a window."""
        if full_screen == self.isFullScreen():
            return
        if full_screen:
            self.geometry_.enter_full_screen()
            self.page.parts.content.setFocus()
        else:
            self.geometry_.leave_full_screen()
        self.actions_.full_screen.setChecked(full_screen)
        self.layout_.set_full_screen(full_screen)

    def show_fault(self, error: BaseException) -> None:
        """Something in the window itself went wrong, but it goes on."""
        text = tr("Something went wrong in this window, which goes on: {reason}").format(reason=first_line(error))
        self.banner.show_message(FAULT, text, Severity.ERROR)

    def _connect(self) -> None:
        actions = self.actions_
        triggered: tuple[tuple[QAction, Callable[[], object]], ...] = (
            (actions.full_screen, lambda: self.set_full_screen(not self.isFullScreen())),
            (actions.open_file, self._ask_file),
            (actions.open_folder, self._ask_folder),
            (actions.open_url, self._ask_url),
            (actions.demo, self._open_demo),
            (actions.show_live, lambda: self.show_page(self.live)),
            (actions.show_teach, self.show_teach),
            (actions.open_model, self._ask_model),
            (actions.built_in_model, self.live.models.open_built_in),
            (actions.show_recordings, lambda: self._folders.show(self.settings.recording_folder)),
            (actions.palette, self._show_palette),
            (actions.settings, self._show_settings),
            (actions.model, self.show_model),
            (actions.about, self._show_about),
            (actions.keys, self._show_keys),
            (actions.copy_details, self._copy_details),
            (actions.quit, self.close),
        )
        for action, function in triggered:
            action.triggered.connect(lambda _checked=False, call=function: call())
        self.live.actions_.camera_controls.triggered.connect(self._show_camera_controls)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(self._escape)
        self._settings.not_saved.connect(lambda problem: self.banner.show_message(SETTINGS, problem, Severity.WARNING))

    def _escape(self) -> None:
        if self.isFullScreen():
            self.set_full_screen(False)
        else:
            self.page.cancel()

    def _open_demo(self) -> None:
        self.show_page(self.live)
        self.live.sources.open_demo()

    def _ask_file(self) -> None:
        from webcam_app.window.dialogs.open import ask_files

        self._dialogs.show("file", lambda: ask_files(self, self.open_all))

    def _ask_folder(self) -> None:
        from webcam_app.window.dialogs.open import ask_folder

        self._dialogs.show("folder", lambda: ask_folder(self, self.open_all))

    def _ask_model(self) -> None:
        from webcam_app.window.dialogs.open import ask_model

        self._dialogs.show("model", lambda: ask_model(self, lambda paths: self.live.models.open(Path(paths[0]))))

    def _ask_url(self) -> None:
        from webcam_app.window.dialogs.open import AddressDialog

        self._dialogs.show("address", lambda: AddressDialog(self, self.open))

    def _show_settings(self) -> None:
        from webcam_app.window.settings.dialog import SettingsDialog

        before = self.settings

        def make() -> QDialog:
            dialog = SettingsDialog(before, self)
            dialog.accepted_settings.connect(lambda settings: self._take_settings(before, settings))
            self._offer_microphones(dialog)
            return dialog

        self._dialogs.show(SETTINGS, make)

    def _show_camera_controls(self) -> None:
        from webcam_app.window.camera.dialog import CameraControlsDialog

        self._dialogs.show("camera", lambda: CameraControlsDialog(self.live.camera_controls, self))

    def _offer_microphones(self, dialog: SettingsDialog) -> None:
        """Let the dialog offer the microphones that are there; asking for them may take a second."""
        from webcam_app.capture.sound.microphones import microphone_names

        def offer(names: list[str], problem: str = "") -> None:
            if not sip.isdeleted(dialog):
                dialog.offer("microphone", names, problem or ("" if names else tr("None (there is no microphone)")))

        self.worker.submit(
            microphone_names,
            offer,
            lambda problem: offer([], tr("None ({problem})").format(problem=problem.split(".")[0])),
        )

    def _take_settings(self, before: Settings, settings: Settings) -> None:
        # Only what was changed in the dialog: the rest may have changed elsewhere while it was open.
        pairs = ((name, getattr(settings, name)) for name in SHOWN_FIELDS)
        changed = {name: value for name, value in pairs if value != getattr(before, name)}
        if changed:
            self._settings.update(**changed)

    def show_model(self) -> None:
        """Show what the model in use is and how well it does, or go back from there."""
        from webcam_app.window.model.page import ModelPage

        if self._model is None:
            page = self._model = ModelPage(self.actions_, self)
            page.left.connect(lambda: self.show_page(self._before_model))
            self.live.models.switched.connect(lambda: page.show_card(self.live.model.card, self.live.model.problem))
            self.add_page(page)
        if self.page is self._model:
            self.show_page(self._before_model)
            return
        self._before_model = self.page
        self._model.show_card(self.live.model.card, self.live.model.problem)
        self.show_page(self._model)

    def _show_about(self) -> None:
        from webcam_app.window.dialogs.help import AboutDialog

        self._dialogs.show("about", lambda: AboutDialog(self.live.model.card, self.live.model.problem, self))

    def _copy_details(self) -> None:
        from webcam_app.window.report.details import Situation, details
        from webcam_app.window.report.log import recent

        kept, live = recent(), self.live
        private = {*kept.private, str(self.settings.recording_folder), str(self.settings.snapshot_folder)}
        situation = Situation(self.settings, live.sources.cameras, live.model.card, list(kept.lines), private)
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(details(situation))
            self.banner.show_message(DETAILS, translated(COPIED))

    def _show_palette(self) -> None:
        from webcam_app.window.dialogs.palette import Palette

        others = [action for action in self.all_actions() if action is not self.actions_.palette]
        self._dialogs.show("palette", lambda: Palette(others, self))

    def _show_keys(self) -> None:
        from webcam_app.window.dialogs.help import KeysDialog

        self._dialogs.show("keys", lambda: KeysDialog(self.all_actions(), self, self.page.held_keys))

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Files may be dropped on the window."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and data.hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open what was dropped."""
        data = event.mimeData() if event is not None else None
        urls = data.urls() if data is not None else []
        if urls:
            self.open_all([str(Path(url.toLocalFile())) if url.isLocalFile() else url.toString() for url in urls])

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Finish the recording, let the source go, keep the settings; within two seconds."""
        if not self._closed:
            self._closed = True
            deadline = time.monotonic() + CLOSE_SECONDS
            self.geometry_.remember()
            self._dialogs.close()
            self.hide()
            self.worker.close(CLOSE_SECONDS / 2)
            for page in self.pages:
                page.close(deadline - time.monotonic())
            self._settings.save()
        if event is not None:
            event.accept()
