"""From whatever form of pixels a file holds to 8 bits of blue, green and red."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.formats.tiff import grey_values
from webcam_app.capture.frame import Image

if TYPE_CHECKING:
    import PIL.Image
    import PIL.ImageCms

WITH_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")

BAND_ROWS = 64
"""Rows that are converted at a time: they stay in the processor's cache, and no second whole copy is needed."""

NOTABLE_DIFFERENCE = 25
"""An RGB profile is applied where it changes the colour of skin by more, of 255. ProPhoto's does (39).
Display P3, that of most phones (10), and Adobe RGB (17) are left out: of 437 faces Display P3 changed the labels of 7
without and of 5 with the conversion, through its rounding; applying it takes as long as decoding."""

_SKIN = ((230, 180, 160), (140, 90, 70), (60, 40, 35))

_SIXTEEN_BITS = 65535.0
_SMALLEST_SIGNED = -32768.0


def to_bgr(picture: PIL.Image.Image, *, opaque: bool = False) -> Image:
    """Convert a decoded picture of any of Pillow's modes.

    Args:
        picture: loaded; not changed.
        opaque: whether nothing of it is transparent, whatever its alpha channel says.

    Returns:
        A new H×W×3 uint8 BGR array, not turned. What is transparent is white; 16 bits and floats are scaled.
    """
    width, height = picture.size
    if picture.mode.startswith("I") or picture.mode == "F":
        return np.asarray(cv2.cvtColor(_to_eight_bits(grey_values(picture)), cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    profile = picture.info.get("icc_profile")
    profile = profile if isinstance(profile, bytes) else b""
    image = np.empty((height, width, 3), np.uint8)
    for band in _bands(picture):
        top = band.start
        part = _to_rgb(picture.crop((0, top, width, band.stop)), profile, opaque)
        rows = np.frombuffer(part.tobytes("raw", "BGR"), np.uint8)
        image[top : band.stop] = rows.reshape(-1, width, 3)
    return image


def shows_nothing(picture: PIL.Image.Image) -> bool:
    """Whether a picture's alpha channel, if it has one, makes it transparent throughout."""
    if picture.mode not in WITH_ALPHA:
        return False
    parts = (picture.crop((0, band.start, picture.size[0], band.stop)) for band in _bands(picture))
    return all(part.getchannel(part.mode[-1]).getbbox() is None for part in parts)


def _bands(picture: PIL.Image.Image) -> Iterator[range]:
    """Rows that are converted at a time."""
    height = picture.size[1]
    return (range(top, min(height, top + BAND_ROWS)) for top in range(0, height, BAND_ROWS))


def _to_rgb(picture: PIL.Image.Image, profile: bytes, opaque: bool) -> PIL.Image.Image:
    """A band in sRGB, on white."""
    import PIL.Image

    if picture.mode in ("CMYK", "LAB"):
        own = profile if picture.mode == "CMYK" else b""
        transform = _to_srgb(own, picture.mode) if own or picture.mode == "LAB" else None
        return picture.convert("RGB") if transform is None else transform.apply(picture)
    if opaque:
        picture = picture.convert("RGB")
    elif picture.mode in WITH_ALPHA or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        white = PIL.Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = PIL.Image.alpha_composite(white, with_alpha)
    picture = picture if picture.mode == "RGB" else picture.convert("RGB")
    transform = _to_srgb(profile, "RGB") if profile else None
    return picture if transform is None else transform.apply(picture)


@functools.lru_cache(maxsize=4)
def _to_srgb(profile: bytes, mode: str) -> PIL.ImageCms.ImageCmsTransform | None:
    """What converts pixels of a mode to sRGB; None where that is not worth it, or the profile is of no use."""
    import PIL.Image
    import PIL.ImageCms

    try:
        source = PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else PIL.ImageCms.createProfile("LAB")
        transform = PIL.ImageCms.buildTransform(source, PIL.ImageCms.createProfile("sRGB"), mode, "RGB")
        if mode == "RGB":
            probe = PIL.Image.new("RGB", (len(_SKIN), 1))
            probe.putdata(_SKIN)
            change = np.asarray(transform.apply(probe), int) - np.asarray(probe, int)
            return transform if np.abs(change).max() > NOTABLE_DIFFERENCE else None
    except (PIL.ImageCms.PyCMSError, OSError, ValueError):
        return None
    return transform


def _to_eight_bits(values: NDArray[Any]) -> Image:
    """Grey of 16 or 32 bits or floats to 0 to 255: by the range of the type, else by the largest value."""
    largest = float(np.nanmax(values)) if values.size else 0.0
    smallest = float(np.nanmin(values)) if values.dtype.kind == "i" and values.size else 0.0
    if smallest < 0:  # numbers with a sign, of which the smallest is black
        black = min(smallest, _SMALLEST_SIGNED)
        values, largest = values.astype(np.float32) - black, largest - black
    if values.dtype.kind == "f":
        full = 1.0 if largest <= 1.0 else 255.0 if largest <= 255.0 else largest
    else:
        full = _SIXTEEN_BITS if largest <= _SIXTEEN_BITS else largest
    scaled = np.clip(np.nan_to_num(values.astype(np.float32)) * (255.0 / full), 0.0, 255.0)
    return np.asarray(np.round(scaled), dtype=np.uint8)
