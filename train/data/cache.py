"""The cache of canvases: every face cut out once, with room for jitter, in one array that is mapped and not read.

A canvas is a square around a face like the live crop, but larger (``canvas_scale`` boxes instead of the crop's 1.25).
``crop_canvas`` with no jitter gives what ``webcam_app.faces.labelling.crop`` gives, up to resampling.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.errors import TrainError
from train.files import replace_text
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face

SPLITS = ("train", "pool", "development")


def cut_canvas(image: NDArray[np.uint8], box: Box, size: int, scale: float, spec: CropSpec) -> NDArray[np.uint8]:
    """Cut a canvas: the live crop with a larger scale, around the same centre. BGR in, size×size×3 BGR out."""
    return crop_face(image, box, size, CropSpec(scale=scale, shift_down=spec.shift_down))


def canvas_box(size: int, scale: float, spec: CropSpec) -> Box:
    """Where the face's box lies in a canvas, in its pixels."""
    side = size / scale
    return Box(round((size - side) / 2), round((size - side) / 2 - spec.shift_down * side), round(side), round(side))


@dataclass(frozen=True)
class Cache:
    """Canvases and what is known of each.

    Attributes:
        images: N×S×S×3 uint8 BGR, memory-mapped.
        keys: where each came from.
        classes: N int16, index into ``labels``; -1 where no label is known.
        splits: N, one of ``SPLITS``.
        masks: N int8: 1 masked, 0 bare, -1 unknown.
        attributes: column name to N strings, for tables by group.
        labels: class names.
    """

    images: NDArray[np.uint8]
    keys: Sequence[str]
    classes: NDArray[np.int16]
    splits: NDArray[np.str_]
    masks: NDArray[np.int8]
    attributes: dict[str, list[str]]
    labels: tuple[str, ...]

    def rows(self, *splits: str) -> NDArray[np.int64]:
        """Rows of some splits, in order."""
        return np.flatnonzero(np.isin(self.splits, splits))


def open_cache(folder: Path) -> Cache:
    """Map a cache that ``prepare`` finished.

    Raises:
        TrainError: there is none, or it is not finished.
    """
    table_path = folder / "table.csv"
    if not table_path.exists():
        raise TrainError(f"'{folder}' has no finished cache: run 'python -m train prepare' first")
    labels = tuple(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
    with table_path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in (rows[0] if rows else {}) if name not in ("key", "label", "split", "mask")]
    index = {label: number for number, label in enumerate(labels)}
    return Cache(
        images=np.load(folder / "images.npy", mmap_mode="r"),
        keys=[row["key"] for row in rows],
        classes=np.array([index.get(row["label"], -1) for row in rows], np.int16),
        splits=np.array([row["split"] for row in rows]),
        masks=np.array([int(row["mask"]) for row in rows], np.int8),
        attributes={name: [row[name] for row in rows] for name in names},
        labels=labels,
    )


def write_table(folder: Path, labels: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    """Finish a cache: the table appears last, so a cache with a table is whole."""
    replace_text(folder / "labels.json", json.dumps(list(labels)) + "\n")
    partial = folder / "table.csv.partial"
    with partial.open("w", newline="", encoding="utf-8") as file:
        first = ["key", "label", "split", "mask"]
        columns = first + sorted({name for row in rows for name in row} - set(first))
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    partial.replace(folder / "table.csv")
