"""Labelling by hand without a window: which picture is next, what was decided, and how it survives a crash.

Every decision is a line of ``.sorting.jsonl`` in the folder of pictures, on the disk before anything else happens. What
follows from it (a file moved, ``labels.csv`` written) is done again from there at the next start, should it be missing.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

from train.errors import DatasetError, SortError
from train.readers.pictures import is_picture_name
from train.readers.stores import FolderStore, safe_name
from train.readers.tables import read_table
from webcam_app.faces.marks import KIND_COLUMN, is_mark

JOURNAL = ".sorting.jsonl"
TABLE = "labels.csv"
KEPT_TABLE = "labels.csv.before-sorting"
SAVE_EVERY = 50
"""Decisions between two rewritings of ``labels.csv``; the journal has them all meanwhile."""


class Sorting:
    """Pictures of a folder, and the decisions on them.

    Attributes:
        folder: where the pictures are.
        labels: the classes.
        move_to: where class folders with the pictures are made; None to write ``labels.csv`` instead.
        decisions: path in the folder to its class, oldest decision first; None for a skipped picture.
    """

    def __init__(self, folder: Path, labels: Sequence[str], *, move_to: Path | None = None) -> None:
        """Find the pictures, and take up the decisions of earlier sessions.

        Args:
            folder: where the pictures are, sub-folders included.
            labels: the classes; at least two.
            move_to: see the class.

        Raises:
            SortError: there are no pictures, the classes do not serve, or the folder cannot be written.
            DatasetError: there is a ``labels.csv`` that cannot be read.
        """
        if len(labels) < 2 or len(set(labels)) < len(labels):
            raise SortError("name at least two different classes")
        for label in labels:
            if move_to is not None:
                _check_folder_name(label)
        if not folder.is_dir():
            raise SortError(f"'{folder}' is no folder of pictures")
        self.folder = folder
        self.labels = tuple(labels)
        self.move_to = move_to
        self.decisions: dict[str, str | None] = {}
        self._targets: dict[str, str] = {}
        self._columns: list[str] = ["path", "label"]
        self._rows: dict[str, dict[str, str]] = {}
        self._marks: list[dict[str, str]] = []
        """Rows about single faces, which stay as they are."""
        self._unsaved = 0
        if move_to is None:
            self._read_table()
        undone = self._replay()
        self._finish_moves(undone)
        sorted_into = () if move_to is None else tuple(_inside(move_to / label, folder) for label in labels)
        names = [name for name in FolderStore(folder).names() if is_picture_name(name)]
        present = [name for name in names if not name.startswith(tuple(each for each in sorted_into if each))]
        self.pictures: list[str] = sorted({*present, *self._targets})
        if not self.pictures:
            raise SortError(f"there are no pictures in '{folder}'")
        skipped = [name for name in self.pictures if self.decisions.get(name, "") is None]
        self._queue = [name for name in self.pictures if name not in self.decisions] + skipped
        self._history = [name for name in self.decisions if name in self._targets or name in set(present)]
        self._journal = self._open_journal()
        self.save()

    @property
    def current(self) -> str | None:
        """The picture to decide on, as its path in the folder; None when all are decided."""
        return self._queue[0] if self._queue else None

    @property
    def upcoming(self) -> str | None:
        """The one after it."""
        return self._queue[1] if len(self._queue) > 1 else None

    @property
    def counts(self) -> Mapping[str, int]:
        """Pictures of each class so far."""
        counts = Counter(label for label in self.decisions.values() if label is not None)
        return {label: counts[label] for label in self.labels}

    @property
    def skipped(self) -> int:
        """Pictures passed over; they come again at the next start."""
        return sum(label is None for label in self.decisions.values())

    @property
    def done(self) -> int:
        """Pictures decided on or skipped in this session, and labelled in those before."""
        return len(self.pictures) - len(self._queue)

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._history)

    def path(self, name: str) -> Path:
        """Where a picture's file is now."""
        return Path(self._targets[name]) if name in self._targets else self.folder / name

    def decide(self, label: str | None) -> None:
        """Give the current picture its class, or skip it.

        Args:
            label: one of ``labels``; None to skip.

        Raises:
            SortError: the decision cannot be kept, or the file not be moved; the picture stays current.
            ValueError: all are decided, or there is no such class.
        """
        name = self.current
        if name is None or (label is not None and label not in self.labels):
            raise ValueError(f"{label!r} for {name!r}")
        target = None if label is None or self.move_to is None else self._free_target(label, name)
        self._write({"path": name, "label": label} | ({} if target is None else {"target": str(target)}))
        if target is not None:
            try:
                _move(self.folder / name, target)
            except OSError as error:
                self._write({"undo": name})
                raise SortError(f"'{name}' cannot be moved to '{target.parent}': {error.strerror or error}") from error
            self._targets[name] = str(target)
        self._queue.pop(0)
        self.decisions.pop(name, None)
        self.decisions[name] = label
        self._history.append(name)
        self._changed()

    def undo(self) -> str:
        """Take back the last decision, also one of an earlier session; its picture is the current one again.

        Returns:
            The picture.

        Raises:
            SortError: that cannot be kept, or the file not be moved back.
            ValueError: there is no decision.
        """
        if not self._history:
            raise ValueError("nothing to undo")
        name = self._history[-1]
        self._write({"undo": name})
        if name in self._targets:
            try:
                _move(Path(self._targets[name]), self.folder / name)
            except OSError as error:
                self._write({"path": name, "label": self.decisions[name], "target": self._targets[name]})
                raise SortError(f"'{name}' cannot be moved back: {error.strerror or error}") from error
            del self._targets[name]
        self._history.pop()
        self.decisions.pop(name, None)
        if name in self._queue:
            self._queue.remove(name)
        self._queue.insert(0, name)
        self._changed()
        return name

    def save(self) -> None:
        """Write ``labels.csv``, whole or not at all; nothing to do where files are moved.

        Raises:
            SortError: it cannot be written.
        """
        self._unsaved = 0
        if self.move_to is not None:
            return
        rows = {name: dict(row) for name, row in self._rows.items()}
        for name, label in self.decisions.items():
            rows.setdefault(name, {"path": name})["label"] = label or ""
        for name in rows.keys() - self.decisions.keys():
            rows[name]["label"] = ""
        kept = [row for row in rows.values() if row.get("label") or row["path"] in self._rows]
        path = self.folder / TABLE
        if not kept and not path.exists():
            return
        text = io.StringIO()
        writer = csv.DictWriter(text, self._columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*kept, *self._marks])
        partial = path.with_name(TABLE + ".part")
        try:
            with partial.open("wb") as file:
                file.write(text.getvalue().encode())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise SortError(f"'{path}' cannot be written: {error.strerror or error}") from error

    def close(self) -> None:
        """Write what is unwritten and let go of the journal.

        Raises:
            SortError: ``labels.csv`` cannot be written; the journal has the decisions.
        """
        try:
            self.save()
        finally:
            self._journal.close()

    def _changed(self) -> None:
        self._unsaved += 1
        if self._unsaved >= SAVE_EVERY or not self._queue:
            self.save()

    def _read_table(self) -> None:
        path = self.folder / TABLE
        if not path.exists():
            return
        table = read_table(FolderStore(self.folder), TABLE)
        table.require("path")
        self._columns = [column for column in table.columns if column]
        if "label" not in self._columns:
            self._columns.append("label")
        for row in table.rows:
            name = safe_name(row.values["path"], row.where)
            values = {column: row.values.get(column, "") for column in self._columns} | {"path": name}
            if is_mark(values.get(KIND_COLUMN, "")):
                self._marks.append(values)
                continue
            self._rows[name] = values
            if row.values.get("label"):
                self.decisions[name] = row.values["label"]
        if not (self.folder / JOURNAL).exists():
            try:
                (self.folder / KEPT_TABLE).write_bytes(path.read_bytes())
            except OSError as error:
                raise SortError(f"'{self.folder}' cannot be written: {error.strerror or error}") from error

    def _replay(self) -> dict[str, str]:
        """Take in the journal; the result is where undone pictures had been moved to."""
        path = self.folder / JOURNAL
        undone: dict[str, str] = {}
        try:
            content = path.read_bytes() if path.exists() else b""
        except OSError as error:
            raise SortError(f"'{path}' cannot be read: {error.strerror or error}") from error
        for number, line in enumerate(content.split(b"\n")[:-1], 1):
            entry = _parse(line)
            if entry is None:
                raise SortError(f"'{path}' is damaged in line {number}: remove that line to go on")
            if "undo" in entry:
                name = entry["undo"]
                self.decisions.pop(name, None)
                if name in self._targets:
                    undone[name] = self._targets.pop(name)
                continue
            name = entry["path"]
            self.decisions.pop(name, None)
            self.decisions[name] = entry["label"]
            if entry.get("target"):
                self._targets[name] = entry["target"]
                undone.pop(name, None)
        return undone

    def _finish_moves(self, undone: Mapping[str, str]) -> None:
        moves = [(self.folder / name, Path(target)) for name, target in self._targets.items()]
        moves += [(Path(target), self.folder / name) for name, target in undone.items()]
        try:
            for source, target in moves:
                if source.exists() and not target.exists():
                    _move(source, target)
        except OSError as error:
            raise SortError(f"'{source}' cannot be moved to '{target}': {error.strerror or error}") from error
        for name in [name for name, target in self._targets.items() if not Path(target).exists()]:
            del self._targets[name]

    def _open_journal(self) -> FileIO:
        path = self.folder / JOURNAL
        try:
            # Unbuffered: what could not be written must not be written later.
            file = path.open("ab+", buffering=0)
            # A line that was being written at a crash has no end, and says nothing.
            file.seek(0)
            content = file.read()
            file.truncate(content.rfind(b"\n") + 1)
        except OSError as error:
            raise SortError(f"'{path}' cannot be written: {error.strerror or error}") from error
        return file

    def _write(self, entry: Mapping[str, Any]) -> None:
        file = self._journal
        try:
            start = file.seek(0, os.SEEK_END)
            try:
                line = json.dumps(entry).encode() + b"\n"
                if file.write(line) != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(start)
                raise
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SortError(f"the decision cannot be kept in '{self.folder / JOURNAL}': {reason}") from error

    def _free_target(self, label: str, name: str) -> Path:
        assert self.move_to is not None
        wanted = (self.move_to / label / Path(name).name).absolute()
        target, number = wanted, 2
        while target.exists():
            target, number = wanted.with_stem(f"{wanted.stem}-{number}"), number + 1
        return target


def find_labels(folder: Path) -> tuple[str, ...]:
    """The classes that an earlier session used, or that ``labels.csv`` names; empty where there are none."""
    found: dict[str, None] = {}
    if (folder / JOURNAL).exists():
        for line in (folder / JOURNAL).read_bytes().split(b"\n"):
            entry = _parse(line)
            if entry and isinstance(entry.get("label"), str):
                found[entry["label"]] = None
    if (folder / TABLE).exists():
        try:
            table = read_table(FolderStore(folder), TABLE)
        except DatasetError:
            return tuple(sorted(found))
        found |= dict.fromkeys(row.values["label"] for row in table.rows if row.values.get("label"))
    return tuple(sorted(found))


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    if isinstance(entry.get("undo"), str):
        return entry
    texts = isinstance(entry.get("path"), str) and isinstance(entry.get("target", ""), str)
    return entry if texts and isinstance(entry.get("label", 0), (str, type(None))) else None


def _move(source: Path, target: Path) -> None:
    import shutil

    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


def _inside(path: Path, folder: Path) -> str:
    """The path as a beginning of names in the folder, empty where it lies elsewhere."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix() + "/"
    except ValueError:
        return ""


def _check_folder_name(label: str) -> None:
    if not label.strip(". ") or set(label) & set('/\\:*?"<>|') or any(char < " " for char in label):
        raise SortError(f"class {label!r} cannot be the name of a folder")
