"""Where collected pictures came from: a CSV table that only grows, so that a stopped run loses nothing."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from train.errors import CollectError


@dataclass(frozen=True, slots=True)
class Source:
    """One address that was tried.

    Attributes:
        label: the class.
        query: what was searched for.
        url: the address.
        date: when, ISO 8601 in UTC.
        outcome: ``kept``, or why not.
        path: the picture's file beside the table; empty unless kept, like all that follows.
        sha256: checksum of the file.
        width, height: in pixels.
        hashes: difference and perceptual hash, hexadecimal.
    """

    label: str
    query: str
    url: str
    date: str
    outcome: str
    path: str = ""
    sha256: str = ""
    width: int = 0
    height: int = 0
    hashes: str = ""


COLUMNS = tuple(entry.name for entry in fields(Source))


class SourceTable:
    """The table; open it with ``with``. Each row is on the disk before the next picture is fetched."""

    def __init__(self, path: Path) -> None:
        """Open the table, or begin one.

        Raises:
            OSError: it cannot be written.
        """
        self._path = path
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        # A row that was being written when the program was killed has no end.
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            path.write_text(whole, encoding="utf-8", newline="")
        self._file = path.open("a", encoding="utf-8", newline="")
        self._writer = csv.DictWriter(self._file, COLUMNS, lineterminator="\n")
        if not whole:
            self._writer.writeheader()
            self._file.flush()

    def __enter__(self) -> SourceTable:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, source: Source) -> None:
        """Add a row and see it onto the disk.

        Raises:
            OSError: it cannot be written.
        """
        row = {name: _one_line(value) if isinstance(value, str) else value for name, value in asdict(source).items()}
        self._writer.writerow(row)
        self._file.flush()
        os.fsync(self._file.fileno())

    def read(self) -> Iterator[Source]:
        """All rows, those of this run included.

        Raises:
            CollectError: the table is damaged.
        """
        reader = csv.DictReader(io.StringIO(self._path.read_text(encoding="utf-8", errors="replace")))
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise CollectError(f"'{self._path}' is not a table of this program: choose another folder")
        for row in reader:
            try:
                values: dict[str, Any] = {**row, "width": int(row["width"]), "height": int(row["height"])}
                source = Source(**values)
                if source.outcome == "kept":
                    first, second = (int(text, 16) for text in source.hashes.split())
                    if max(first, second) >> 64:
                        raise ValueError(source.hashes)
            except (TypeError, ValueError) as error:
                raise CollectError(
                    f"'{self._path}' is damaged near line {reader.line_num}: remove that line"
                ) from error
            yield source


def _one_line(text: str) -> str:
    return "".join(char if char >= " " else " " for char in text)
