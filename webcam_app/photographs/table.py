"""Results as rows of the table that ``classify`` writes, and back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.output.tables import CSV_COLUMNS, csv_row
from webcam_app.photographs.results import Looked
from webcam_app.tables import original

READ_BUT = "read, but "
"""Begins the error of a picture in which no face was found, where the picture could be read."""
_INSTEAD = "name another table, or leave out --resume to replace it"


def rows_of(looked: Looked) -> list[list[Any]]:
    """A photograph's rows: one for each face, or one alone."""
    faults = [each for each in (looked.problem, looked.remark) if each]
    if looked.error:
        return [csv_row(looked.path, error=looked.error)]
    if not looked.faces:
        return [csv_row(looked.path, error=f"{READ_BUT}{'; '.join(faults)}" if faults else "")]
    rows = []
    for number, face in enumerate(looked.faces, 1):
        own = [each for each in faults if each != looked.problem or face.label is None]
        rows.append(csv_row(looked.path, face, number=number, error="; ".join(own)))
    return rows


@dataclass(frozen=True, slots=True)
class PictureRows:
    """A photograph's rows in a table.

    Attributes:
        rows: as they are in the table, one or more.
        start: place in the file of the first row's first byte.
    """

    rows: Sequence[Sequence[str]]
    start: int

    @property
    def path(self) -> str:
        """The photograph, as it was named."""
        return original(self.rows[0][0])

    def looked(self, card: ModelCard | None) -> Looked:
        """The result that the rows were made from, as far as the table has it.

        Args:
            card: of the network that labelled: its threshold says from which probability on a face wears a mask.

        Raises:
            ValueError: a number is none.
        """
        first = self.rows[0]
        path, error = Path(self.path), original(first[-1])
        if first[1]:
            remark = next((original(row[-1]) for row in self.rows if row[6]), "")
            return Looked(path, tuple(_face(row, card) for row in self.rows), remark=remark)
        if error.startswith(READ_BUT):
            return Looked(path, remark=error[len(READ_BUT) :])
        return Looked(path, error=error)


def read_table(file: IO[bytes], path: Path) -> Iterator[PictureRows]:
    """The photographs of a table that may lack its end.

    Rows behind the last whole line are left out. Whether the last photograph has all its rows, the table does not say.

    Args:
        file: the table, at its beginning; closed in the end.
        path: its name, for messages.

    Raises:
        OutputError: it has other columns, or is damaged.
    """
    rows: list[list[str]] = []
    start = 0
    columns = list(CSV_COLUMNS)
    for row, place in _whole_rows(file, path):
        if place == 0:
            if row != columns:
                raise OutputError(f"'{printable(path)}' has other columns than {','.join(columns)}: {_INSTEAD}")
            continue
        if len(row) != len(columns):
            raise OutputError(f"'{printable(path)}' is damaged: a row has {len(row)} columns: {_INSTEAD}")
        if row[1] in ("", "1") and rows:
            yield PictureRows(rows, start)
            rows = []
        if not rows:
            start = place
        rows.append(row)
    if rows:
        yield PictureRows(rows, start)


def _whole_rows(file: IO[bytes], path: Path) -> Iterator[tuple[list[str], int]]:
    """Rows and the places where they begin, up to the last whole one."""
    place = 0
    ended = False

    def lines() -> Iterator[str]:
        nonlocal place, ended
        for line in file:
            if not line.endswith(b"\n"):
                break
            place += len(line)
            yield line.decode("utf-8", "surrogateescape")
        ended = True

    reader = csv.reader(lines(), strict=True)
    while True:
        start = place
        try:
            row = next(reader, None)
        except csv.Error as error:
            if ended:  # within the quotes of a name with a line's end in it
                return
            raise OutputError(f"'{printable(path)}' is damaged ({error}): {_INSTEAD}") from None
        if row is None:
            return
        yield row, start


def same_rows(looked: Looked, rows: PictureRows) -> bool:
    """Whether a result's rows are those of a table."""
    fresh = [[str(value) for value in row] for row in rows_of(looked)]
    return fresh == [[original(value) for value in row] for row in rows.rows]


def _face(row: Sequence[str], card: ModelCard | None) -> Face:
    x, y, width, height = (int(value) for value in row[2:6])
    label = original(row[6]) or None
    mask = float(row[8]) if row[8] else None
    at = None if card is None else card.mask_at
    masked = None if mask is None or at is None else mask >= at
    probabilities = {label: float(row[7])} if label and row[7] else {}
    return Face(Box(x, y, width, height), int(row[1]), label, probabilities, mask, masked)
