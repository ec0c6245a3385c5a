"""What was found, as the table that ``classify --csv`` writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtWidgets import QFileDialog, QWidget

from webcam_app.capture.text import printable
from webcam_app.output.tables import CsvTable, TextFile
from webcam_app.photographs import Looked
from webcam_app.photographs.table import rows_of
from webcam_app.window.page import Shared
from webcam_app.window.photographs.collection import Collection
from webcam_app.window.widgets.banner import Severity

EXPORT = "export"


class Exporter:
    """Asks for a file and writes it in the background."""

    def __init__(self, shared: Shared, collection: Collection, parent: QWidget) -> None:
        """Make it.

        Args:
            shared: the worker that writes, and the banner that says how it went.
            collection: what is written: all of it, in the order of the folders.
            parent: of the dialog.
        """
        self._worker, self._banner, self._collection, self._parent = shared.worker, shared.banner, collection, parent
        self.dialog: QFileDialog | None = None

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


def write_table(path: Path, answers: Sequence[Looked]) -> None:
    """Write the rows of ``classify --csv``.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    with TextFile(path, overwrite=True) as file:
        table = CsvTable(file)
        for looked in answers:
            table.add(*rows_of(looked))
