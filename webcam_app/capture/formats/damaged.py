"""Pictures of which the end is missing: what is there, as viewers show it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.frame import Image
from webcam_app.capture.orientation import Orientation

if TYPE_CHECKING:
    import PIL.Image

MISSING_GREY = 128
"""What libjpeg gives where there is nothing; other kinds are filled with the same."""

PARTLY_READABLE = frozenset({"PNG", "BMP", "TIFF", "PPM", "TGA"})
"""Pillow's decoders that write each row as soon as they have it, into memory that is there before."""


def missing_jpeg_rows(image: Image) -> range:
    """Which rows of a JPEG that was cut off have nothing.

    Args:
        image: H×W×3 uint8, decoded from ``jpeg.mended``, not turned.
    """
    filled: NDArray[np.intp] = np.flatnonzero((image != MISSING_GREY).any(axis=(1, 2)))
    return range(int(filled[-1]) + 1 if filled.size else 0, image.shape[0])


def load_partly(open_picture: Callable[[], PIL.Image.Image]) -> tuple[PIL.Image.Image, range]:
    """Decode a picture as far as that goes.

    It is decoded twice, into memory filled with different values: what differs afterwards was never written.

    Args:
        open_picture: opens it, without loading it.

    Returns:
        The picture, and which rows have nothing or are incomplete: at its end, or where it is stored from below at its
        beginning.
    """
    # Never two of them in memory at a time.
    expected = _checksums(_load_into(open_picture(), 0))
    picture = _load_into(open_picture(), 255)
    incomplete = np.flatnonzero(_checksums(picture) != expected)
    height = picture.size[1]
    if not incomplete.size:
        return picture, range(height, height)
    if incomplete[0] == 0 and incomplete[-1] < height - 1:
        return picture, range(int(incomplete[-1]) + 1)
    return picture, range(int(incomplete[0]), height)


def remark_of(missing: range, height: int, turn: Orientation, *, progressive: bool, cut_off: bool = True) -> str:
    """What to say of a picture that was cut off, or is damaged.

    Args:
        missing: rows that have nothing, before it is turned.
        height: rows in all.
        turn: how the picture is turned to be shown.
        progressive: whether what is there lacks detail.
        cut_off: whether the rest is not there, rather than of no use.
    """
    if missing:
        sign = -1 if missing.stop < height else 1
        right, down = sign * turn[2], sign * turn[3]
        side = ("lower" if down > 0 else "upper") if down else ("right" if right > 0 else "left")
        share = min(99, max(1, round(100 * len(missing) / height)))
        if cut_off:
            return f"truncated: the {side} {share} % are missing"
        return f"damaged: the {side} {share} % are missing"
    if progressive:
        return "truncated: detail is missing" if cut_off else "damaged: detail is missing"
    return "truncated: its last bytes are missing" if cut_off else "damaged: its last bytes are missing"


def _checksums(picture: PIL.Image.Image) -> NDArray[np.uint32]:
    """One for each row."""
    width, height = picture.size
    rows = (picture.crop((0, row, width, row + 1)).tobytes() for row in range(height))
    return np.array([zlib.crc32(row) for row in rows], np.uint32)


def _load_into(picture: PIL.Image.Image, value: int) -> PIL.Image.Image:
    import PIL.Image

    ink = value if len(picture.getbands()) == 1 else (value,) * len(picture.getbands())
    picture.im = PIL.Image.new(picture.mode, picture.size, ink).im  # kept by ``load`` if it fits
    try:
        picture.load()
    except OSError:
        picture.tile = []  # type: ignore[attr-defined]  # what is there counts as loaded
    return picture
