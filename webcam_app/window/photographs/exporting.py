"""What was found, as the table that ``classify --csv`` writes, and labelled copies of the photographs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QFileDialog, QWidget

from webcam_app.capture.pictures import load_picture
from webcam_app.capture.text import printable
from webcam_app.faces.photograph import scaled
from webcam_app.output.overlay import OverlayStyle, draw_overlay
from webcam_app.output.pictures import write_picture
from webcam_app.output.tables import CsvTable, TextFile
from webcam_app.photographs import Looked
from webcam_app.photographs.paths import CopyPaths, check_outputs
from webcam_app.photographs.table import rows_of
from webcam_app.window.page import Shared
from webcam_app.window.photographs.collection import Collection
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.tasks import Worker
from webcam_app.window.translation import number, tr
from webcam_app.window.widgets.banner import Severity

EXPORT = "export"
# The window is told how many copies there are twice a second.
TELL_MS = 500


class Exporter:
    """Asks for a file and writes it in the background."""

    def __init__(self, shared: Shared, collection: Collection, parent: QWidget) -> None:
        """Make it.

        Args:
            shared: the worker that writes, and the banner that says how it went.
            collection: what is written: all of it, in the order of the folders.
            parent: of the dialog.
        """
        self.labels: Sequence[str] = ()
        """The model's, whose order decides the colours of copies."""
        self._worker, self._banner, self._collection, self._parent = shared.worker, shared.banner, collection, parent
        self.dialog: QFileDialog | None = None
        self._copier: Worker | None = None
        self._copied = self._to_copy = 0
        self._stopped = threading.Event()
        self._timer = QTimer(parent)
        self._timer.setInterval(TELL_MS)
        self._timer.timeout.connect(self._tell)

    def ask(self) -> None:
        """Ask where to; nothing waits for the answer."""
        dialog = self.dialog = QFileDialog(
            self._parent, tr("Export what was found"), "faces.csv", f"{tr('Tables')} (*.csv)"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.open()

    def write(self, path: Path) -> None:
        """Write the table; a file that is there is replaced, as the dialog has asked."""
        entries = self._collection.entries
        done = [as_shown(entry) for entry in entries if entry.looked is not None]
        left_out = len(entries) - len(done)
        text = tr("'{file}' has {count} of {total} pictures.")
        if left_out:
            text = tr("'{file}' has {count} of {total} pictures; {rest} are not labelled yet.")
        text = text.format(
            file=printable(path), count=number(len(done)), total=number(len(entries)), rest=number(left_out)
        )

        def told() -> None:
            self._banner.show_message(EXPORT, text, Severity.INFO)

        self._worker.submit(
            lambda: write_table(path, done),
            lambda _none: told(),
            lambda problem: self._banner.show_message(EXPORT, problem, Severity.ERROR),
        )

    def ask_folder(self) -> None:
        """Ask where the copies go to."""
        dialog = self.dialog = QFileDialog(self._parent, tr("An empty folder for labelled copies"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.copy(Path(path)))
        dialog.open()

    def copy(self, folder: Path) -> None:
        """Write a labelled copy of every photograph that could be read into a new or empty folder."""
        if self._timer.isActive():
            text = tr("Copies are being written: wait for them, or cancel.")
            self._banner.show_message(EXPORT, text, Severity.WARNING)
            return
        entries = [
            (entry.path, entry.name, entry.faces)  # as they are now: another model may be asked meanwhile
            for entry in self._collection.entries
            if entry.looked is not None and entry.looked.read
        ]
        self._copier = self._copier or Worker("photographs' copies", self._parent)
        self._copied, self._to_copy = 0, len(entries)
        stopped = self._stopped = threading.Event()
        labels = self.labels

        def job() -> int:
            check_outputs(None, folder, ())
            paths = CopyPaths(folder)
            for path, name, faces in entries:
                if stopped.is_set():
                    break
                picture = load_picture(path)
                shown = scaled(faces, 1 / picture.reduction)
                drawn = draw_overlay(picture.image, shown, OverlayStyle(), labels=labels)
                write_picture(paths.of(Path(name)), drawn)
                self._copied += 1
            return self._copied

        def done(count: int) -> None:
            self._timer.stop()
            text = tr("'{folder}' has labelled copies of {count} of {total} pictures.").format(
                folder=printable(folder), count=number(count), total=number(len(entries))
            )
            self._banner.show_message(EXPORT, text, Severity.INFO)

        def failed(problem: str) -> None:
            self._timer.stop()
            self._banner.show_message(EXPORT, problem, Severity.ERROR)

        self._timer.start()
        self._copier.submit(job, done, failed)

    def close(self, timeout_seconds: float = 0.5) -> None:
        """Write no more copies."""
        self._timer.stop()
        self._stopped.set()
        if self._copier is not None:
            self._copier.close(timeout_seconds)

    def _tell(self) -> None:
        text = tr("Labelled copies: {count} of {total}")
        text = text.format(count=number(self._copied), total=number(self._to_copy))
        self._banner.show_message(EXPORT, text, Severity.INFO, [(tr("Stop"), self._stopped.set)])


def as_shown(entry: Entry) -> Looked:
    """What is exported of a photograph that was looked at: its faces as they are shown.

    One that a person labelled has no confidence.
    """
    looked = entry.looked or Looked(entry.path)
    return replace(looked, faces=entry.faces) if entry.corrected else looked


def write_table(path: Path, answers: Sequence[Looked]) -> None:
    """Write the rows of ``classify --csv``.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    with TextFile(path, overwrite=True) as file:
        table = CsvTable(file)
        for looked in answers:
            table.add(*rows_of(looked))
