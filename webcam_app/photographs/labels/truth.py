"""True labels of pictures, from a table or from the names of their folders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import SourceError
from webcam_app.tables import MAX_TABLE_BYTES, original, read_rows

PATH_COLUMN_NAMES = ("path", "file", "filename", "file_name", "image", "name")
LABEL_COLUMN_NAMES = ("label", "gender", "class", "sex")
MASK_COLUMN_NAMES = ("mask", "masked")
MASKED_WORDS = frozenset({"1", "1.0", "true", "yes", "mask", "masked", "with_mask", "with mask", "face_mask"})
UNMASKED_WORDS = frozenset(
    {"0", "0.0", "false", "no", "bare", "unmasked", "without_mask", "without mask", "no_mask", "no mask"}
)
# Of the labels that a model does not know, for people to see what they are.
SHOWN_LABELS = 5
SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a picture.

    Attributes:
        label: one of the model's labels, None where unknown.
        masked: whether a mask is worn, None where unknown.
    """

    label: str | None = None
    masked: bool | None = None


NOTHING = Truth()


class FolderTruth:
    """A picture's label is the name of the nearest folder around it that is one of the model's labels."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = {label.casefold(): label for label in labels}

    def of(self, path: Path) -> Truth:
        """What the folders around a picture say.

        Args:
            path: the picture, beginning with the folder that the person named: those above it say nothing.
        """
        label: str | None = None
        masked: bool | None = None
        for folder in reversed(path.parent.parts):
            word = folder.casefold()
            label = label or self._labels.get(word)
            if masked is None and ("mask" in word or word == "bare"):
                masked = _mask_word(word)
        return Truth(label, masked)

    def lines(self) -> Iterator[str]:
        """Nothing is odd about folders."""
        yield from ()


class TableTruth:
    """Labels by path from a table. Paths are relative to the table's folder or to the current one."""

    def __init__(self, table: Path, labels: Sequence[str]) -> None:
        """Read the table.

        Args:
            table: a CSV as ``read_rows`` takes it, with columns like ``path,label`` and perhaps ``mask``.
            labels: the model's labels.

        Raises:
            SourceError: it cannot be read, lacks a column, or holds none of the labels.
        """
        self._table = table
        self._truths: list[Truth] = []
        self._met = bytearray()
        self._by_path: dict[str, int] = {}
        self._by_name: dict[str, int | None] = {}
        self._twice = self._contradicting = self._unlisted = 0
        self._unknown: Counter[str] = Counter()
        known = {label.casefold(): label for label in labels}
        shown = printable(table)
        try:
            for path, label, mask in _rows(table):
                self._add(path, label.strip(), known.get(label.strip().casefold()), _mask_word(mask.strip().casefold()))
        except OSError as error:
            raise SourceError(f"labels '{shown}' cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise SourceError(f"labels '{shown}' are no table with a header: {error}") from None
        if not any(truth.label for truth in self._truths):
            raise SourceError(f"labels '{shown}' have none of the model's labels ({', '.join(labels)})")

    def of(self, path: Path) -> Truth:
        """What the table says of a picture: by its path, else by its name where that is in the table once.

        The picture's row counts as met, for ``lines``.
        """
        row = self._by_path.get(_key(path))
        if row is None:
            row = self._by_name.get(path.name)
        if row is None:
            self._unlisted += 1
            return NOTHING
        self._met[row] = True
        return self._truths[row]

    def lines(self) -> Iterator[str]:
        """What is odd about the table, for people, once all pictures were asked for; nothing where nothing is."""
        parts = []
        if self._twice:
            parts.append(
                f"{_rows_are(self._twice)} of a picture that has one already"
                + (
                    f" ({self._contradicting} say otherwise: these pictures are not compared)"
                    * bool(self._contradicting)
                )
            )
        if self._unknown:
            names = ", ".join(
                printable(label)[:SHOWN_CHARACTERS] for label, _ in self._unknown.most_common(SHOWN_LABELS)
            )
            more = ", ..." if len(self._unknown) > SHOWN_LABELS else ""
            parts.append(f"{_rows_are(self._unknown.total())} of labels that the model does not know ({names}{more})")
        unmet = len(self._met) - sum(self._met)
        if unmet:
            parts.append(f"{_rows_are(unmet)} of pictures that are not among these")
        if self._unlisted:
            parts.append(f"{self._unlisted} picture{'s have' if self._unlisted > 1 else ' has'} no row")
        if parts:
            yield f"{printable(self._table.name)}: {'; '.join(parts)}"

    def _add(self, path: str, label: str, known: str | None, masked: bool | None) -> None:
        self._unknown.update([label] if label and known is None else [])
        truth = Truth(known, masked)
        key = _key(self._table.parent / path)
        if key in self._by_path:
            row = self._by_path[key]
            self._twice += 1
            if self._truths[row] != truth:
                self._contradicting += 1
                self._truths[row] = NOTHING
            return
        row = len(self._truths)
        self._truths.append(truth)
        self._met.append(False)
        self._by_path[key] = row
        self._by_path.setdefault(_key(Path(path)), row)
        name = path.replace("\\", "/").rpartition("/")[2]
        other = self._by_name.get(name, row)
        # A name that occurs twice with different labels is ambiguous and counts for neither.
        self._by_name[name] = row if other is not None and self._truths[other] == truth else None


def _rows(table: Path) -> Iterator[tuple[str, str, str]]:
    """Path, label and mask of each row."""
    if not table.is_file():
        reason = "it is no file" if table.exists() else "there is no such file"
        raise OSError(reason)
    if table.stat().st_size > MAX_TABLE_BYTES:
        raise ValueError(f"larger than {MAX_TABLE_BYTES >> 20} MB")
    with table.open("rb") as file:
        rows = (row for _, row in read_rows(file, errors="surrogateescape"))
        header = [column.strip().casefold() for column in next(rows, [])]
        path = _column(header, PATH_COLUMN_NAMES)
        label = _column(header, LABEL_COLUMN_NAMES)
        if path is None or label is None:
            raise ValueError(f"a column '{PATH_COLUMN_NAMES[0] if path is None else LABEL_COLUMN_NAMES[0]}' is missing")
        mask = _column(header, MASK_COLUMN_NAMES)
        for row in rows:
            if len(row) > max(path, label) and row[path]:
                yield (
                    original(row[path]),
                    original(row[label]),
                    row[mask] if mask is not None and len(row) > mask else "",
                )


def _rows_are(number: int) -> str:
    return f"{number} row{'s are' if number > 1 else ' is'}"


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _mask_word(word: str) -> bool | None:
    if word in MASKED_WORDS:
        return True
    return False if word in UNMASKED_WORDS else None


def _key(path: Path) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - a symbolic link has its own label
