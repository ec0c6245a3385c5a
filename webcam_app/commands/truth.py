"""True labels of pictures, from a table or from the names of their folders."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import SourceError

PATH_COLUMN_NAMES = ("path", "file", "filename", "file_name", "image", "name")
LABEL_COLUMN_NAMES = ("label", "gender", "class", "sex")
MASK_COLUMN_NAMES = ("mask", "masked")
MASKED_WORDS = frozenset({"1", "1.0", "true", "yes", "mask", "masked", "with_mask", "with mask", "face_mask"})
UNMASKED_WORDS = frozenset(
    {"0", "0.0", "false", "no", "bare", "unmasked", "without_mask", "without mask", "no_mask", "no mask"}
)
# A million pictures' rows; a file beyond that is no table of labels, and would fill the memory.
MAX_TABLE_BYTES = 256 << 20


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


class TableTruth:
    """Labels by path from a CSV with a header. Paths are relative to the table's folder or to the current one."""

    def __init__(self, table: Path, labels: Sequence[str]) -> None:
        """Read the table.

        Args:
            table: a CSV in UTF-8 with columns like ``path,label`` and perhaps ``mask``.
            labels: the model's labels.

        Raises:
            SourceError: it cannot be read, lacks a column, or holds none of the labels.
        """
        self._by_path: dict[str, Truth] = {}
        self._by_name: dict[str, Truth | None] = {}
        known = {label.casefold(): label for label in labels}
        shown = printable(table)
        try:
            for path, label, mask in _rows(table):
                truth = Truth(known.get(label.strip().casefold()), _mask_word(mask.strip().casefold()))
                self._by_path[_key(table.parent / path)] = truth
                self._by_path.setdefault(_key(Path(path)), truth)
                name = path.replace("\\", "/").rpartition("/")[2]
                # A name that occurs twice with different labels is ambiguous and counts for neither.
                self._by_name[name] = truth if self._by_name.get(name, truth) == truth else None
        except OSError as error:
            raise SourceError(f"labels '{shown}' cannot be read: {error.strerror or error}") from None
        except (csv.Error, ValueError) as error:
            raise SourceError(f"labels '{shown}' are no table in UTF-8 with a header: {error}") from None
        if not any(truth.label for truth in self._by_path.values()):
            raise SourceError(f"labels '{shown}' have none of the model's labels ({', '.join(labels)})")

    def of(self, path: Path) -> Truth:
        """What the table says of a picture: by its path, else by its name where that is in the table once."""
        return self._by_path.get(_key(path)) or self._by_name.get(path.name) or NOTHING


def _rows(table: Path) -> Iterator[tuple[str, str, str]]:
    """Path, label and mask of each row."""
    if not table.is_file():
        reason = "it is no file" if table.exists() else "there is no such file"
        raise OSError(reason)
    if table.stat().st_size > MAX_TABLE_BYTES:
        raise ValueError(f"larger than {MAX_TABLE_BYTES >> 20} MB")
    with table.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        header = [column.strip().casefold() for column in next(reader, [])]
        path = _column(header, PATH_COLUMN_NAMES)
        label = _column(header, LABEL_COLUMN_NAMES)
        if path is None or label is None:
            raise ValueError(f"a column '{PATH_COLUMN_NAMES[0] if path is None else LABEL_COLUMN_NAMES[0]}' is missing")
        mask = _column(header, MASK_COLUMN_NAMES)
        for row in reader:
            if len(row) > max(path, label) and row[path]:
                yield row[path], row[label], row[mask] if mask is not None and len(row) > mask else ""


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _mask_word(word: str) -> bool | None:
    if word in MASKED_WORDS:
        return True
    return False if word in UNMASKED_WORDS else None


def _key(path: Path) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - a symbolic link has its own label
