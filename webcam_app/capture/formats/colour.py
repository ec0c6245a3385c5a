"""From whatever form of pixels a file holds to 8 bits of blue, green and red."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.frame import Image

if TYPE_CHECKING:
    import PIL.Image
    import PIL.ImageCms

BAND_ROWS = 64
"""Rows that are converted at a time: they stay in the processor's cache, and no second whole copy is needed."""

NOTABLE_DIFFERENCE = 25
"""An RGB profile is applied where it changes the colour of skin by more, of 255. ProPhoto's does (39).
Display P3, that of most phones (10), and Adobe RGB (17) are left out: of 437 faces Display P3 changed the labels of 7
without and of 5 with the conversion, through its rounding; applying it takes as long as decoding."""

_SKIN = ((230, 180, 160), (140, 90, 70), (60, 40, 35))

_SIXTEEN_BITS = 65535.0


def to_bgr(picture: PIL.Image.Image) -> Image:
    """Convert a decoded picture of any of Pillow's modes.

    Args:
        picture: loaded; not changed.

    Returns:
        A new H×W×3 uint8 BGR array, not turned. What is transparent is white; 16 bits and floats are scaled.
    """
    width, height = picture.size
    if picture.mode.startswith("I") or picture.mode == "F":
        return np.asarray(cv2.cvtColor(_to_eight_bits(np.asarray(picture)), cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    profile = _profile_of(picture)
    image = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, BAND_ROWS):
        band = _to_rgb(picture.crop((0, top, width, min(height, top + BAND_ROWS))), profile)
        rows = np.frombuffer(band.tobytes("raw", "BGR"), np.uint8)
        image[top : top + BAND_ROWS] = rows.reshape(-1, width, 3)
    return image


def _to_rgb(picture: PIL.Image.Image, profile: bytes) -> PIL.Image.Image:
    """A band in sRGB, on white."""
    import PIL.Image

    if profile or picture.mode == "LAB":
        transform = _to_srgb(profile, picture.mode)
        if transform is not None:
            return transform.apply(picture)
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        white = PIL.Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = PIL.Image.alpha_composite(white, with_alpha)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _profile_of(picture: PIL.Image.Image) -> bytes:
    """The colour profile of a picture to which one is applied, empty otherwise."""
    profile = picture.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and picture.mode in ("RGB", "CMYK") else b""


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
    if values.dtype.kind == "f":
        full = 1.0 if largest <= 1.0 else 255.0 if largest <= 255.0 else largest
    else:
        full = _SIXTEEN_BITS if largest <= _SIXTEEN_BITS else largest
    scaled = np.clip(np.nan_to_num(values.astype(np.float32)) * (255.0 / full), 0.0, 255.0)
    return np.asarray(np.round(scaled), dtype=np.uint8)
