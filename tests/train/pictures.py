"""Pictures and sets that the tests make for themselves."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

BLUE = (220, 40, 30)
RED = (30, 40, 220)
GREEN = (40, 200, 40)


def plain(color: tuple[int, int, int], size: int = 64) -> NDArray[np.uint8]:
    """A picture of one colour (BGR)."""
    return np.full((size, size, 3), color, np.uint8)


def noise(seed: int, size: int = 64) -> NDArray[np.uint8]:
    """Blobs that differ from seed to seed."""
    small = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)
    return np.asarray(cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC), np.uint8)


def encoded(image: NDArray[np.uint8], suffix: str = ".png") -> bytes:
    """A picture as a file's content."""
    return bytes(cv2.imencode(suffix, image)[1])


def write_picture(path: Path, image: NDArray[np.uint8]) -> Path:
    """A picture as a file, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(image, path.suffix))
    return path


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """A table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([columns, *rows])
    return path


def write_zip(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """A zip of name to content."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
