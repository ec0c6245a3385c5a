"""A frame, an image with its timestamp, and a picture from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""H×W×3 uint8, BGR, C-contiguous, upright (rotation flags and EXIF already applied)."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture whose pixels are not square, as it is in its file but upright.

    Attributes:
        image: H×W×3 uint8 BGR.
        aspect: width over height of a pixel.
    """

    image: Image
    aspect: Fraction


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture from a file.

    Attributes:
        image: H×W×3 uint8 BGR, upright.
        path: its file.
        width, height: of the whole picture in pixels, upright.
        reduction: pixels of the whole picture for one of ``image``, along each side: 1, 2, 4 or 8.
        reducible: whether it can be decoded at another reduction.
        remark: what is wrong with it, in a few words; empty where nothing is.
        place, content: where the file is, or its bytes, if not at ``path``.
    """

    image: Image
    path: Path
    width: int
    height: int
    reduction: int = 1
    reducible: bool = False
    remark: str = ""
    place: Path | None = None
    content: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a source. The image is shared between readers and never changed in place.

    Attributes:
        image: H×W×3 uint8 BGR, of square pixels.
        index: 0 for the first frame of the source, then counting every frame that the source delivered.
        time: seconds since the first frame, never decreasing. From the container for files, from the monotonic clock
            for cameras and streams.
        taken_at: ``time.monotonic()`` in seconds when the frame reached the program; for measuring latency.
        path: the picture's file, for folders of pictures.
        stored: the picture in the file's own pixels, None where these are square.
        picture: the photograph that the frame is, with the same image: nothing in it has to do with the frame before.
            None for a frame of a video.
    """

    image: Image
    index: int
    time: float
    taken_at: float
    path: Path | None = None
    stored: StoredPicture | None = None
    picture: Picture | None = None
