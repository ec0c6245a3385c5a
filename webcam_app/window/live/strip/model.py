"""The strip's files as a list that a view shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QAbstractListModel, QLocale, QModelIndex, QObject, QSize, Qt, QTime
from PyQt5.QtGui import QPixmap

from webcam_app.capture.text import printable
from webcam_app.window.live.strip.files import KeptFile
from webcam_app.window.live.strip.poster import Poster
from webcam_app.window.translation import tr

FILE_ROLE = Qt.ItemDataRole.UserRole
# The names that recordings and snapshots get: there the time says more than the name.
DATED = re.compile(r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d(\.\d{3})?( \(\d+\))?")


class StripModel(QAbstractListModel):
    """Files, the newest first, and their posters as they come."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: list[KeptFile] = []
        self._posters: dict[KeptFile, tuple[QPixmap | None, float | None]] = {}
        self.on_renamed: Callable[[KeptFile, str], None] = lambda file, name: None
        """Called when a person typed another name for a file."""

    @property
    def files(self) -> Sequence[KeptFile]:
        """What is shown."""
        return self._files

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._files)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is known about a file."""
        if not index.isValid() or index.row() >= len(self._files):
            return None
        file = self._files[index.row()]
        if role == FILE_ROLE:
            return file
        if role == Qt.ItemDataRole.DisplayRole:
            return caption(file, date.today())
        if role == Qt.ItemDataRole.EditRole:
            return printable(file.path.stem)
        if role == Qt.ItemDataRole.ToolTipRole:
            return printable(file.path.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(file)
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A person typed another name: it is shown once the file has it."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        file = self._files[index.row()]
        if str(value) != printable(file.path.stem):
            self.on_renamed(file, str(value))
        return True

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        """Names can be edited."""
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.isValid() else usual

    def show(self, files: Sequence[KeptFile]) -> None:
        """Show these, the newest first; one that is there already stays chosen, and its name goes on being edited."""
        self._remove_all_but({file.path for file in files})
        for row, file in enumerate(files):
            at = self._row(file.path)
            if at is None:
                self.beginInsertRows(QModelIndex(), row, row)
                self._files.insert(row, file)
                self.endInsertRows()
                continue
            if at != row:
                self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), row)
                self._files.insert(row, self._files.pop(at))
                self.endMoveRows()
            if self._files[row] != file:  # written on: it may look otherwise
                self._posters.pop(self._files[row], None)
                self._replace(row, file)

    def remove(self, path: Path) -> None:
        """A file is gone."""
        self._remove_all_but({file.path for file in self._files if file.path != path})

    def rename(self, file: KeptFile, path: Path) -> None:
        """A file has another name now."""
        row = self._row(file.path)
        if row is not None:
            old = self._files[row]
            new = KeptFile(path, old.changed, old.size)
            if old in self._posters:
                self._posters[new] = self._posters.pop(old)
            self._replace(row, new)

    def missing(self) -> list[KeptFile]:
        """Files of which it is not known yet how they look."""
        return [file for file in self._files if file not in self._posters]

    def set_poster(self, file: KeptFile, poster: Poster | None) -> None:
        """Show how a file looks; None where it cannot be read."""
        if file in self._files:
            self._posters[file] = (None, None) if poster is None else (QPixmap.fromImage(poster.image), poster.seconds)
            index = self.index(self._files.index(file))
            self.dataChanged.emit(index, index)

    def forget_posters(self) -> None:
        """They are wanted in another size."""
        self._posters.clear()

    def poster(self, file: KeptFile) -> tuple[QPixmap | None, float | None] | None:
        """How a file looks and how long it plays; None while that is not known, and without a picture if it is bad."""
        return self._posters.get(file)

    def _row(self, path: Path) -> int | None:
        return next((row for row, file in enumerate(self._files) if file.path == path), None)

    def _replace(self, row: int, file: KeptFile) -> None:
        self._files[row] = file
        self.dataChanged.emit(self.index(row), self.index(row))

    def _remove_all_but(self, wanted: set[Path]) -> None:
        for row in reversed(range(len(self._files))):
            if self._files[row].path not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._posters.pop(self._files.pop(row), None)
                self.endRemoveRows()

    def _spoken(self, file: KeptFile) -> str:
        """A file in words."""
        kind = tr("Recording") if file.video else tr("Snapshot")
        moment = QLocale().toString(file.moment, QLocale.FormatType.LongFormat)
        parts = [kind, moment]
        known = self._posters.get(file)
        if known is not None and known[0] is None:
            parts.append(tr("cannot be read"))
        elif known is not None and known[1] is not None:
            parts.append(tr("%n second(s)", count=round(known[1])))
        if not DATED.fullmatch(file.path.stem):
            parts.insert(0, printable(file.path.stem))
        return ", ".join(parts)


def caption(file: KeptFile, today: date) -> str:
    """What stands below a file: the name that a person gave it, else when it was written.

    Args:
        file: the file.
        today: the present day, of which the time alone is told.
    """
    if not DATED.fullmatch(file.path.stem):
        return printable(file.path.stem)
    moment = file.moment
    clock = QLocale().toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
    if moment.date() == today:
        return clock
    return f"{QLocale().toString(moment.date(), tr('d MMM', 'a day of a month, as Qt writes patterns'))} {clock}"


def thumbnail_size(*, compact: bool) -> QSize:
    """How large a file is shown, in pixels of the screen's unit; smaller where there is little room."""
    return QSize(80, 45) if compact else QSize(128, 72)
