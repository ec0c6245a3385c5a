"""The strip of the last recordings and snapshots below the picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QItemSelectionModel, QObject, pyqtSignal
from PyQt5.QtWidgets import QAction, QHBoxLayout

from webcam_app.capture.text import printable
from webcam_app.errors import PictureError, SourceError
from webcam_app.threads import step_back
from webcam_app.window.live.strip.files import (
    KeptFile,
    TrashError,
    delete_file,
    move_to_trash,
    newest_files,
    rename_file,
)
from webcam_app.window.live.strip.model import StripModel, thumbnail_size
from webcam_app.window.live.strip.poster import Poster, read_poster
from webcam_app.window.live.strip.view import StripView
from webcam_app.window.page import Shared
from webcam_app.window.tasks import Worker
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.bar import Bar

FILE = "file"
# The picture on the screen, its faces and a recording go before thumbnails.
NICENESS = 5


class StripBar(Bar):
    """The row of files as a bar of the page."""

    def __init__(self) -> None:
        super().__init__("strip")
        self.model = StripModel(self)
        self.view = StripView(self.model)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 0)
        layout.addWidget(self.view)
        self.hide()

    def set_compact(self, compact: bool) -> None:
        """Show smaller pictures."""
        self.view.set_compact(compact)


class RecordingsStrip(QObject):
    """Fills the strip while it is shown, and does what is asked for a file. While it is hidden nothing is read.

    Everything that waits for a disk is done in a thread of its own, which lets all others go before it.
    """

    arranged = pyqtSignal()
    """The strip was shown or hidden: the page has another layout."""
    play = pyqtSignal(object)
    """A file, as a ``Path``, is to be opened in the window."""

    def __init__(self, bar: StripBar, action: QAction, shared: Shared, leave: Callable[[], None]) -> None:
        """Make it; a strip that was shown last time is shown.

        Args:
            bar: where it is.
            action: shows and hides it.
            shared: for settings and messages.
            leave: gives the focus back to the picture.
        """
        super().__init__(bar)
        self._bar, self._view, self._model = bar, bar.view, bar.model
        self._action, self._leave = action, leave
        self._settings, self._banner, self._folders = shared.settings, shared.banner, shared.folders
        self._worker: Worker | None = None
        self._round = 0
        """Counts what was asked for; an answer to an earlier question is not waited for any more."""
        self._looking = self._look_again = False
        self._shown_folders: tuple[Path, ...] = ()
        action.triggered.connect(self._toggle)
        self._settings.changed.connect(self._apply)
        self._model.on_renamed = self._rename
        self._view.play.connect(lambda file: self.play.emit(file.path))
        self._view.show_folder.connect(lambda file: self._folders.show(file.path.parent))
        self._view.trash.connect(self._trash)
        self._apply()

    @property
    def shown(self) -> bool:
        """Whether it is shown, on a page that may be hidden."""
        return not self._bar.isHidden()

    def refresh(self) -> None:
        """Files may have come or gone: look, if the strip is shown."""
        if not self.shown:
            return
        if self._looking:  # of many that come at once, such as a burst, each is not looked for by itself
            self._look_again = True
            return
        self._round += 1
        self._looking, self._look_again = True, False
        folders = self._wanted_folders
        number = self._round
        self._submit(lambda: newest_files(folders), lambda files: self._take(files, number), self._not_found)

    def close(self) -> None:
        """End the work in the background."""
        self._round += 1
        if self._worker is not None:
            self._worker.close()

    @property
    def _wanted_folders(self) -> tuple[Path, ...]:
        settings = self._settings.current
        return settings.recording_folder, settings.snapshot_folder

    def _toggle(self) -> None:
        self._settings.update(show_strip=not self._settings.current.show_strip)
        if self.shown:
            # So that the arrow keys go through it, and Tab from there to the buttons.
            self._view.setFocus()
        else:
            self._leave()

    def _apply(self) -> None:
        wanted = self._settings.current.show_strip
        self._action.setChecked(wanted)
        if wanted != self.shown:
            self._bar.setVisible(wanted)
            self._round += 1  # what is still to be read is not needed, or is asked for below
            self._shown_folders = ()
            self.arranged.emit()
        if wanted and self._wanted_folders != self._shown_folders:
            self._shown_folders = self._wanted_folders
            self.refresh()

    def _take(self, files: list[KeptFile], number: int) -> None:
        """The newest files are known: show them, and read how they look."""
        self._looking = False
        if number != self._round:  # other folders meanwhile, or hidden
            self.refresh()
            return
        chosen = self._view.current
        self._model.show(files)
        if files and self._view.current is None:
            same = [row for row, file in enumerate(files) if chosen is not None and file.path == chosen.path]
            self._select(same[0] if same else 0)
        if self._look_again:
            self.refresh()
            return
        # Sharp on a screen of high density, and in the larger of the two sizes.
        side = round(thumbnail_size(compact=False).width() * self._view.devicePixelRatioF())
        for file in self._model.missing():
            self._ask_for_poster(file, side, number)

    def _ask_for_poster(self, file: KeptFile, side: int, number: int) -> None:
        self._submit(
            lambda: self._poster(file, side, number),
            lambda poster: self._take_poster(file, poster, number),
            lambda problem: self._take_poster(file, None, number),
        )

    def _poster(self, file: KeptFile, side: int, number: int) -> Poster | None:
        """In the worker's thread: how a file looks, None where it cannot be read or is not asked for any more."""
        if number != self._round:
            return None
        try:
            return read_poster(file.path, side, video=file.video)
        except (PictureError, SourceError):
            return None

    def _take_poster(self, file: KeptFile, poster: Poster | None, number: int) -> None:
        if poster is not None or number == self._round:
            self._model.set_poster(file, poster)

    def _rename(self, file: KeptFile, name: str) -> None:
        def done(path: Path) -> None:
            self._banner.clear_message(FILE)
            self._model.rename(file, path)
            self.refresh()

        self._submit(lambda: rename_file(file.path, name), done)

    def _trash(self, file: KeptFile) -> None:
        def move() -> str:
            try:
                move_to_trash(file.path)
            except TrashError as error:
                return str(error)
            return ""

        self._submit(move, lambda problem: self._ask(file, problem) if problem else self._removed(file))

    def _ask(self, file: KeptFile, problem: str) -> None:
        """There is no trash for it: nothing is deleted before a person says so."""
        text = tr("'{name}' cannot be moved to the trash: {reason}. Delete it for good? It cannot be brought back.")
        choices = [(tr("Keep"), lambda: None), (tr("Delete for good"), lambda: self._delete(file))]
        shown = text.format(name=printable(file.path.name), reason=problem)
        self._banner.show_message(FILE, shown, Severity.WARNING, choices)

    def _delete(self, file: KeptFile) -> None:
        self._submit(lambda: delete_file(file.path), lambda _: self._removed(file))

    def _removed(self, file: KeptFile) -> None:
        """A file is gone: the next one takes its place."""
        row = self._view.currentIndex().row()
        self._banner.clear_message(FILE)
        self._model.remove(file.path)
        if self._model.files and row >= 0:
            self._select(min(row, len(self._model.files) - 1))
        self.refresh()

    def _select(self, row: int) -> None:
        selection = self._view.selectionModel()
        if selection is not None:
            selection.setCurrentIndex(self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _failed(self, problem: str) -> None:
        """Something that was asked for a file: perhaps it is another one than is shown."""
        self._banner.show_message(FILE, problem, Severity.ERROR)
        self.refresh()

    def _not_found(self, problem: str) -> None:
        self._looking = False
        self._banner.show_message(FILE, problem, Severity.ERROR)

    def _submit(
        self, job: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[str], None] | None = None
    ) -> None:
        if self._worker is None:
            self._worker = Worker("recordings", self)
            self._worker.submit(lambda: step_back(NICENESS), lambda _: None, lambda problem: None)
        self._worker.submit(job, done, failed or self._failed)
