"""CSV tables as they come from anywhere: any separator, a byte order mark, broken lines."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from train.errors import DatasetError
from train.readers.stores import Store
from webcam_app.tables import original, read_rows


class Row(NamedTuple):
    """One line of a table.

    Attributes:
        where: table and line number, to begin a message with.
        values: column in lower case to value, both stripped. A column that the line does not reach is empty.
    """

    where: str
    values: Mapping[str, str]


class Table(NamedTuple):
    """A table with its columns, in lower case and in order."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]

    def require(self, *columns: str) -> None:
        """Check that the columns are there.

        Raises:
            DatasetError: one is missing; the message names it and those that there are.
        """
        for column in columns:
            if column not in self.columns:
                raise DatasetError(f"{self.name}: no column {column!r}; it has {', '.join(self.columns)[:200]}")


def read_table(store: Store, name: str) -> Table:
    """Read a CSV table with a header.

    Args:
        store: where it lies.
        name: its name there.

    Raises:
        DatasetError: it cannot be read, is no text or no CSV, has no header, or names a column twice.
    """
    where = f"{store.path.name}/{name}"
    rows: list[Row] = []
    columns: list[str] = []
    try:
        for number, row in read_rows(io.BytesIO(store.read(name))):
            values = [original(value.strip()) for value in row]
            if not any(values):
                continue
            if not columns:
                columns = [value.lower() for value in values]
                continue
            padded = values + [""] * (len(columns) - len(values))
            rows.append(Row(f"{where} line {number}", dict(zip(columns, padded, strict=False))))
    except ValueError as error:
        raise DatasetError(f"{where} {error}; save it as CSV in UTF-8") from error
    if not columns:
        raise DatasetError(f"{where}: empty; the first line must name the columns")
    twice = {column for column in columns if column and columns.count(column) > 1} if len(columns) < 1000 else {"..."}
    if twice:
        raise DatasetError(f"{where}: the column {min(twice)[:40]!r} is there more than once")
    return Table(where, columns, rows)
