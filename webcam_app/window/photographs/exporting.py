"""What was found, as the table that ``classify --csv`` writes, and labelled copies of the photographs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QFileDialog, QWidget

from webcam_app.capture.pictures import read_picture
from webcam_app.capture.text import printable
from webcam_app.output.overlay import OverlayStyle, draw_overlay
from webcam_app.output.pictures import write_picture
from webcam_app.output.tables import CsvTable, TextFile
from webcam_app.photographs import Looked
from webcam_app.photographs.paths import CopyPaths, check_outputs
from webcam_app.photographs.table import rows_of
from webcam_app.window.page import Shared
from webcam_app.window.photographs.collection import Collection
from webcam_app.window.tasks import Worker
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
        dialog = self.dialog = QFileDialog(self._parent, "Export what was found", "faces.csv", "Tables (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.open()

    def write(self, path: Path) -> None:
        """Write the table; a file that is there is replaced, as the dialog has asked."""
        entries = self._collection.entries
        done = [entry.looked for entry in entries if entry.looked is not None]
        left_out = len(entries) - len(done)
        rest = f"; {left_out:,} are not labelled yet" if left_out else ""
        text = f"'{printable(path)}' has {len(done):,} of {len(entries):,} pictures{rest}."

        def told() -> None:
            self._banner.show_message(EXPORT, text, Severity.INFO)

        self._worker.submit(
            lambda: write_table(path, done),
            lambda _none: told(),
            lambda problem: self._banner.show_message(EXPORT, problem, Severity.ERROR),
        )

    def ask_folder(self) -> None:
        """Ask where the copies go to."""
        dialog = self.dialog = QFileDialog(self._parent, "An empty folder for labelled copies")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.copy(Path(path)))
        dialog.open()

    def copy(self, folder: Path) -> None:
        """Write a labelled copy of every photograph that could be read into a new or empty folder."""
        if self._timer.isActive():
            self._banner.show_message(EXPORT, "Copies are being written: wait for them, or cancel.", Severity.WARNING)
            return
        entries = [entry for entry in self._collection.entries if entry.looked is not None and entry.looked.read]
        self._copier = self._copier or Worker("photographs' copies", self._parent)
        self._copied, self._to_copy = 0, len(entries)
        stopped = self._stopped = threading.Event()
        labels = self.labels

        def job() -> int:
            check_outputs(None, folder, ())
            paths = CopyPaths(folder)
            for entry in entries:
                if stopped.is_set():
                    break
                drawn = draw_overlay(read_picture(entry.path), entry.faces, OverlayStyle(), labels=labels)
                write_picture(paths.of(Path(entry.name)), drawn)
                self._copied += 1
            return self._copied

        def done(count: int) -> None:
            self._timer.stop()
            text = f"'{printable(folder)}' has labelled copies of {count:,} of {len(entries):,} pictures."
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
        text = f"Labelled copies: {self._copied:,} of {self._to_copy:,}"
        self._banner.show_message(EXPORT, text, Severity.INFO, [("Stop", self._stopped.set)])


def write_table(path: Path, answers: Sequence[Looked]) -> None:
    """Write the rows of ``classify --csv``.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    with TextFile(path, overwrite=True) as file:
        table = CsvTable(file)
        for looked in answers:
            table.add(*rows_of(looked))
