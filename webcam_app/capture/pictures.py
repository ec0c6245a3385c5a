"""Decodes picture files, which may be damaged, hostile or no pictures at all, with bounded memory."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import IO

import cv2
import numpy as np

from webcam_app.capture.formats.decoding import Wish, decode
from webcam_app.capture.formats.kinds import kind_by_name
from webcam_app.capture.frame import Image, Picture
from webcam_app.capture.text import printable
from webcam_app.errors import PictureError

MAX_PICTURE_PIXELS = 89_000_000
"""About 270 MB decoded, and 620 MB meanwhile; just below where Pillow itself starts to warn of a decompression bomb."""

MAX_PICTURE_BYTES = 400_000_000
"""What that many pixels take uncompressed. Some Pillow decoders read a file whole to see its header."""

SPECIAL_FILES = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder that cannot be read",
}


def load_picture(
    path: Path,
    *,
    shorter_side: int | None = None,
    max_pixels: int = MAX_PICTURE_PIXELS,
    place: Path | None = None,
    content: bytes | None = None,
) -> Picture:
    """Decode a picture file.

    It is turned upright, the first picture of an animation is taken, every form of pixels is converted, what is
    transparent becomes white. A picture of which the end is missing is read as far as it goes, with a remark.

    Args:
        path: a regular file; anything else is refused without being opened.
        shorter_side: a JPEG is decoded at a half, a quarter or an eighth of its size, which takes a fraction of the
            time and memory, as long as its shorter side keeps so many pixels; None for the full size.
        max_pixels: a picture with more is refused before it is decoded; a JPEG is decoded at a size that has no more.
        place: where the file is, if ``path`` is only what it is called.
        content: its bytes, if it is not to be opened.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    with open_picture(place or path, named=path) if content is None else io.BytesIO(content) as file:
        found = decode(file, path, Wish(max_pixels, shorter_side))
    return Picture(found.image, path, *found[1:], place=place, content=content)


def reload_picture(picture: Picture, shorter_side: int) -> Picture:
    """The same picture at another size; see ``load_picture``."""
    return load_picture(picture.path, shorter_side=shorter_side, place=picture.place, content=picture.content)


def jpeg_reduction(width: int, height: int, shorter_side: int | None = None) -> int:
    """The reduction at which ``load_picture`` decodes a JPEG of that size."""
    return Wish(MAX_PICTURE_PIXELS, shorter_side).reduction(width, height)


def read_picture(path: Path, *, max_pixels: int = MAX_PICTURE_PIXELS) -> Image:
    """The image of a picture file, for whoever needs nothing else: see ``load_picture``.

    Returns:
        A new H×W×3 uint8 BGR array.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    return load_picture(path, max_pixels=max_pixels).image


def read_thumbnail(path: Path, side: int) -> Image:
    """Decode a picture at a reduced size, upright: JPEGs in a fraction of the time that the whole picture takes.

    Args:
        path: a regular file; anything else is refused without being opened.
        side: of the square that it fits in, in pixels; a smaller picture keeps its size.

    Returns:
        A new H×W×3 uint8 BGR array.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    return shrunk(load_picture(path, shorter_side=side).image, side)


def shrunk(image: Image, side: int) -> Image:
    """A picture no larger than a square.

    Args:
        image: H×W×3 uint8; not changed.
        side: of the square, in pixels.

    Returns:
        The same with its longer side so long; ``image`` itself where it is smaller.
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def is_picture_name(path: Path) -> bool:
    """Whether the file's suffix is that of a picture, be it of a kind that is read or not."""
    return kind_by_name(path) is not None


def open_picture(path: Path, *, named: Path | None = None) -> IO[bytes]:
    """Open a regular file.

    Args:
        path: where it is.
        named: what messages call it, if not by its path.

    Raises:
        PictureError: it is none, is too large, or cannot be read; one line that names it.
    """
    name = printable(named or path)
    try:
        status = path.stat()
        kind = stat.S_IFMT(status.st_mode)
        if status.st_size > MAX_PICTURE_BYTES and kind == stat.S_IFREG:
            raise PictureError(
                f"{name} is too large: at most {MAX_PICTURE_BYTES // 1_000_000} MB are read. Make it smaller."
            )
        if kind != stat.S_IFREG:
            raise PictureError(f"{name} is {SPECIAL_FILES.get(kind, 'no file')}, not a picture.")
        # O_NONBLOCK in case the file was replaced by a pipe meanwhile; it has no effect on a file.
        return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb")
    except FileNotFoundError:
        raise PictureError(f"{name} does not exist.") from None
    except PermissionError:
        raise PictureError(f"{name} may not be read by this user. Change its permissions.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise PictureError(f"{name} cannot be read: {reason}.") from None
