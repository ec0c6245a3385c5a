"""Labels that a person gives photographs, in the ``labels.csv`` that training and ``classify --labels`` read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.faces.marks import KIND_COLUMN, MARK_COLUMNS, Mark, is_mark, mark_values
from webcam_app.output.files import reason
from webcam_app.output.tables import TextFile
from webcam_app.photographs.labels.truth import LABEL_COLUMN_NAMES, PATH_COLUMN_NAMES, SHOWN_LABELS
from webcam_app.tables import MAX_TABLE_BYTES, format_row, original, read_rows

LABELS_FILE = "labels.csv"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person says of a picture.

    Attributes:
        label: of its largest face; empty to take one back.
        marks: of single faces; those that are in the table and not here are taken back.
    """

    label: str = ""
    marks: tuple[Mark, ...] = ()


def keep_labels(folder: Path, kept: Mapping[str, Kept], first: Mapping[str, str], labels: Sequence[str] = ()) -> None:
    """Write what a person says into a folder's table: its other rows and columns stay as they are.

    Args:
        folder: the table is its ``labels.csv``, which is replaced as a whole or not at all.
        kept: of pictures by their paths below the folder, with slashes.
        first: labels that a new table begins with, in the same form: with a table there, readers ask the names of
            folders no more.
        labels: the model's. A table that has other labels alone belongs to another question, and is not written into;
            empty to write into any.

    Raises:
        OutputError: the table cannot be read as one, has another model's labels, or cannot be written.
    """
    path = folder / LABELS_FILE
    header, rows = _read(path)
    if not header:
        header = [PATH_COLUMN_NAMES[0], LABEL_COLUMN_NAMES[0]]
        kept = {**{name: Kept(label) for name, label in first.items()}, **kept}
    table = _Table(header, path)
    others = table.labels_in(rows)
    if labels and others and not {label.casefold() for label in labels} & {other.casefold() for other in others}:
        raise OutputError(
            f"'{printable(path)}' has labels of another model ({', '.join(map(printable, others[:SHOWN_LABELS]))}): "
            "move it away to begin a table of this model's, and label again"
        )
    if any(each.marks for each in kept.values()):
        table.need(MARK_COLUMNS)
    with TextFile(path, overwrite=True) as file:
        file.write("".join(format_row(row) for row in (table.header, *table.updated(rows, kept))))


class _Table:
    """The columns of a table, and what becomes of its rows."""

    def __init__(self, header: list[str], path: Path) -> None:
        self.header = header
        names = self._names = [column.strip().casefold() for column in header]
        path_at = next((names.index(name) for name in PATH_COLUMN_NAMES if name in names), None)
        if path_at is None:
            raise OutputError(f"'{printable(path)}' has no column 'path': rename the file, and label again")
        label = next((name for name in LABEL_COLUMN_NAMES if name in names), LABEL_COLUMN_NAMES[0])
        self.need([label])
        self._path_at, self._label_at = path_at, names.index(label)

    def labels_in(self, rows: Sequence[list[str]]) -> list[str]:
        """The labels that are given in these rows, each once."""
        given = (row[self._label_at].strip() for row in rows if len(row) > self._label_at)
        return [label for label in dict.fromkeys(given) if label]

    def need(self, columns: Sequence[str]) -> None:
        """Add those columns that are missing."""
        for column in columns:
            if column not in self._names:
                self.header.append(column)
                self._names.append(column)

    def updated(self, rows: Sequence[list[str]], kept: Mapping[str, Kept]) -> list[list[str]]:
        """The rows as they are to be: of each picture its own, then those of its faces."""
        missing = {name for name, each in kept.items() if each.label}
        unmarked = {name: list(each.marks) for name, each in kept.items()}
        updated: list[tuple[str, list[str]]] = []
        for row in rows:
            name = self._name(row)
            if name not in kept:
                updated.append((name, row))
                continue
            row = [*row, *[""] * (len(self.header) - len(row))]
            if not self._is_mark(row):
                row[self._label_at] = kept[name].label
                missing.discard(name)
            else:
                mark = next((mark for mark in unmarked[name] if self._is_about(row, mark)), None)
                if mark is None:
                    continue
                unmarked[name].remove(mark)
                row[self._label_at] = mark.label or ""
            updated.append((name, row))
        updated += [(name, self._new(name, kept[name].label)) for name in kept if name in missing]
        return self._with_marks(updated, unmarked)

    def _with_marks(self, rows: Sequence[tuple[str, list[str]]], marks: Mapping[str, list[Mark]]) -> list[list[str]]:
        """The rows with new ones for marks, each behind the last row of its picture, or at the end."""
        last = {name: at for at, (name, _) in enumerate(rows)}
        new = {name: [self._new(name, mark.label or "", mark) for mark in each] for name, each in marks.items()}
        together = []
        for at, (name, row) in enumerate(rows):
            together.append(row)
            if last[name] == at:
                together += new.pop(name, [])
        return together + [row for each in new.values() for row in each]

    def _new(self, name: str, label: str, mark: Mark | None = None) -> list[str]:
        row = [""] * len(self.header)
        row[self._path_at], row[self._label_at] = name, label
        for column, value in ({} if mark is None else mark_values(mark)).items():
            row[self._names.index(column)] = value
        return row

    def _name(self, row: Sequence[str]) -> str:
        return row[self._path_at].replace("\\", "/").removeprefix("./") if len(row) > self._path_at else ""

    def _is_mark(self, row: Sequence[str]) -> bool:
        return KIND_COLUMN in self._names and is_mark(row[self._names.index(KIND_COLUMN)])

    def _is_about(self, row: Sequence[str], mark: Mark) -> bool:
        return all(row[self._names.index(column)].strip() == value for column, value in mark_values(mark).items())


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a table; nothing where there is none."""
    try:
        if not path.exists():
            return [], []
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise ValueError(f"larger than {MAX_TABLE_BYTES >> 20} MB")
        with path.open("rb") as file:
            rows = [[original(value) for value in row] for _, row in read_rows(file, errors="surrogateescape") if row]
    except OSError as error:
        raise OutputError(f"'{printable(path)}' cannot be read: {reason(error)}") from None
    except ValueError as error:
        raise OutputError(f"'{printable(path)}' is no table with a header ({error}): rename it") from None
    return (rows[0], rows[1:]) if rows else ([], [])
