"""Decoding a picture from its bytes without letting a hostile file eat the memory."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import PictureError

MAX_PIXELS = 64_000_000
"""Larger than any camera's picture in a face set; decoded that is 192 MB."""

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


def is_picture_name(name: str) -> bool:
    """Whether a file is taken for a picture, by its ending."""
    return "." in name and "." + name.rsplit(".", 1)[1].lower() in PICTURE_SUFFIXES


def picture_size(data: bytes, name: str) -> tuple[int, int]:
    """Width and height as the file's header says, before any rotation by EXIF.

    Raises:
        PictureError: no picture, or one of more than ``MAX_PIXELS``.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name}: too many pixels to be decoded safely") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, MemoryError) as error:
        raise PictureError(f"{name}: not a picture that can be read") from error
    if width * height > MAX_PIXELS:
        raise PictureError(f"{name}: {width}x{height} pixels are too many to be decoded safely")
    return width, height


def decode_picture(data: bytes, name: str) -> NDArray[np.uint8]:
    """Decode a picture.

    Args:
        data: the file's content.
        name: what to call it in the message.

    Returns:
        H×W×3 uint8 BGR, upright by its EXIF.

    Raises:
        PictureError: no picture, damaged, or one of more than ``MAX_PIXELS``.
    """
    picture_size(data, name)
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise PictureError(f"{name}: damaged, cannot be decoded") from error
    if image is None or image.size == 0:
        raise PictureError(f"{name}: damaged, cannot be decoded")
    return np.asarray(image, np.uint8)
