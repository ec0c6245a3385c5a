"""Labels that a person gives photographs, in the ``labels.csv`` that training and ``classify --labels`` read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.output.files import reason
from webcam_app.output.tables import TextFile
from webcam_app.photographs.labels.truth import LABEL_COLUMN_NAMES, PATH_COLUMN_NAMES
from webcam_app.tables import MAX_TABLE_BYTES, format_row, original, read_rows

LABELS_FILE = "labels.csv"


def keep_labels(folder: Path, labels: Mapping[str, str], first: Mapping[str, str]) -> None:
    """Write labels into a folder's table: its other rows and columns stay as they are.

    Args:
        folder: the table is its ``labels.csv``, which is replaced as a whole or not at all.
        labels: of pictures by their paths below the folder, with slashes; empty to take one back.
        first: what a new table begins with, in the same form: with a table there, readers ask the names of folders no
            more.

    Raises:
        OutputError: the table cannot be read as one, or cannot be written.
    """
    path = folder / LABELS_FILE
    header, rows = _read(path)
    if not header:
        header = [PATH_COLUMN_NAMES[0], LABEL_COLUMN_NAMES[0]]
        labels = {**first, **labels}
    names = [column.strip().casefold() for column in header]
    path_at = next((names.index(name) for name in PATH_COLUMN_NAMES if name in names), None)
    if path_at is None:
        raise OutputError(f"'{printable(path)}' has no column 'path': rename the file, and label again")
    label_at = next((names.index(name) for name in LABEL_COLUMN_NAMES if name in names), None)
    if label_at is None:
        label_at = len(header)
        header.append(LABEL_COLUMN_NAMES[0])
    left = dict(labels)
    for row in rows:
        name = row[path_at].replace("\\", "/").removeprefix("./") if len(row) > path_at else ""
        if name in labels:
            row.extend([""] * (len(header) - len(row)))
            row[label_at] = labels[name]
            left.pop(name, None)
    for name, label in left.items():
        if label:
            new = [""] * len(header)
            new[path_at], new[label_at] = name, label
            rows.append(new)
    with TextFile(path, overwrite=True) as file:
        file.write("".join(format_row(row) for row in (header, *rows)))


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
