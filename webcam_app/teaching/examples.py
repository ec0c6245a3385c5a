"""Which pictures teach which class: a sub-folder a class, or a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.listing import list_pictures
from webcam_app.capture.text import printable
from webcam_app.errors import TeachingError
from webcam_app.tables import MAX_TABLE_BYTES, original, read_rows

TABLE = "labels.csv"
PATH_COLUMNS = ("path", "file", "filename", "file_name", "image", "name")
LABEL_COLUMNS = ("label", "class", "gender", "mask")
PERSON_COLUMNS = ("subject", "person", "identity")


@dataclass(frozen=True, slots=True)
class Example:
    """A picture that shows a class.

    Attributes:
        path: the file.
        label: the class.
        person: who is in it, where the table says so, or another reason why some belong together, such as a moment of
            one take; pictures of one person never stand on both sides of a test.
    """

    path: Path
    label: str
    person: str | None = None


def list_examples(folders: Sequence[Path], label: str | None = None) -> list[Example]:
    """The examples of some folders, those of equal names together, sorted by class and path.

    Args:
        folders: each with a sub-folder for each class, or with a ``labels.csv``; or such a table itself.
        label: the table's column that names the class; None for the first of ``LABEL_COLUMNS``.

    Raises:
        TeachingError: a folder is missing, or has neither; a table is damaged.
    """
    found: dict[Path, Example] = {}
    for folder in folders:
        table = folder if folder.is_file() else folder / TABLE
        if not folder.exists():
            raise TeachingError(f"'{printable(folder)}' does not exist: name a folder with a sub-folder for each class")
        examples = list(_of_table(table, label) if table.is_file() else _of_folders(folder))
        if not examples:
            raise TeachingError(
                f"'{printable(folder)}' has no pictures in sub-folders and no {TABLE}: make a sub-folder for each class"
            )
        for example in examples:
            found.setdefault(example.path, example)
    return sorted(found.values(), key=lambda example: (example.label, str(example.path)))


def _of_folders(folder: Path) -> Iterator[Example]:
    try:
        classes = sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError as error:
        raise TeachingError(f"'{printable(folder)}' cannot be read: {error.strerror or error}") from None
    for entry in classes:
        for path in list_pictures([entry]):
            yield Example(path, entry.name.strip())


def _of_table(table: Path, label: str | None) -> Iterator[Example]:
    shown = printable(table)
    try:
        if table.stat().st_size > MAX_TABLE_BYTES:
            raise TeachingError(f"'{shown}' is larger than {MAX_TABLE_BYTES >> 20} MB: it is no table of labels")
        with table.open("rb") as file:
            yield from _rows((row for _, row in read_rows(file)), table.parent, label)
    except OSError as error:
        raise TeachingError(f"'{shown}' cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise TeachingError(f"'{shown}' is no table with a header: {error}") from None


def _rows(reader: Iterator[list[str]], folder: Path, label: str | None) -> Iterator[Example]:
    header = [column.strip().casefold() for column in next(reader, [])]
    wanted = LABEL_COLUMNS if label is None else (label.strip().casefold(),)
    path_column = _column(header, PATH_COLUMNS)
    label_column = _column(header, wanted)
    if path_column is None or label_column is None:
        missing = PATH_COLUMNS[0] if path_column is None else wanted[0]
        raise ValueError(f"a column '{missing}' is missing; it has: {', '.join(header)}")
    person_column = _column(header, PERSON_COLUMNS)
    for row in reader:
        if len(row) > max(path_column, label_column) and row[path_column] and row[label_column].strip():
            person = row[person_column].strip() if person_column is not None and len(row) > person_column else ""
            yield Example(folder / original(row[path_column]), original(row[label_column].strip()), person or None)


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)
