"""Decodes picture files, which may be damaged, hostile or no pictures at all, with bounded memory."""

from __future__ import annotations

import os
import stat
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.frame import Image
from webcam_app.capture.text import printable
from webcam_app.errors import PictureError, first_line

if TYPE_CHECKING:
    import PIL.Image

MAX_PICTURE_PIXELS = 89_000_000
"""About 270 MB decoded; just below where Pillow itself starts to warn of a decompression bomb."""

MAX_PICTURE_BYTES = 400_000_000
"""What that many pixels take uncompressed. Some Pillow decoders read a file whole to see its header."""

PICTURE_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP", "PPM", "AVIF", "JPEG2000")
"""Pillow's other formats are rare, and one of them (EPS) starts another program."""

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".webp"}
    | {".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".jp2"}
)

SPECIAL_FILES = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder that cannot be read",
}


def read_picture(path: Path, *, max_pixels: int = MAX_PICTURE_PIXELS) -> Image:
    """Decode a picture file.

    EXIF rotation is applied, the first picture of an animation is taken, grey, palette, CMYK and 16-bit pictures are
    converted, what is transparent becomes white.

    Args:
        path: a regular file; anything else is refused without being opened.
        max_pixels: a picture with more is refused before it is decoded.

    Returns:
        A new H×W×3 uint8 BGR array.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    with open_picture(path) as file:
        return decode_picture(file, path, max_pixels=max_pixels)


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
    with open_picture(path) as file:
        return decode_picture(file, path, side=side)


def is_picture_name(path: Path) -> bool:
    """Whether the file's suffix is that of a picture."""
    return path.suffix.lower() in PICTURE_SUFFIXES


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


def decode_picture(
    file: IO[bytes], path: Path, *, max_pixels: int = MAX_PICTURE_PIXELS, side: int | None = None
) -> Image:
    """What ``read_picture`` does with an open file.

    Args:
        file: at its beginning; can be sought in.
        path: its name, for messages.
        max_pixels: a picture with more is refused before it is decoded.
        side: of the square that it is to fit in; None for its own size.

    Returns:
        A new H×W×3 uint8 BGR array.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    import PIL.Image
    import PIL.ImageOps

    name = printable(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that nobody asked for; bombs are checked below
            PIL.Image.init()
            readable = [kind for kind in PICTURE_FORMATS if kind in PIL.Image.OPEN]  # AVIF is not in every build
            with PIL.Image.open(file, formats=readable) as picture:
                width, height = picture.size
                if width * height > max_pixels:
                    raise PictureError(_too_large(name, f" ({width}×{height} pixels)", max_pixels))
                if side is None:
                    picture.load()
                    return _to_bgr(PIL.ImageOps.exif_transpose(picture))
                return _reduced(picture, side)
    except PictureError:
        raise
    except PIL.Image.DecompressionBombError:
        raise PictureError(_too_large(name, "", max_pixels)) from None
    except PIL.UnidentifiedImageError:
        raise PictureError(f"{name} is not a picture, or of a kind that cannot be read.") from None
    except MemoryError:
        raise PictureError(f"{name} needs more memory than there is. Make it smaller.") from None
    except Exception as error:  # damaged files make Pillow's plug-ins raise nearly anything
        reason = printable(first_line(error))
        raise PictureError(f"{name} is damaged: {reason}.") from None


def _too_large(name: str, size: str, max_pixels: int) -> str:
    return f"{name} is too large{size}: at most {max_pixels // 1_000_000} million pixels are decoded. Make it smaller."


def _reduced(picture: PIL.Image.Image, side: int) -> Image:
    """The picture, upright, within a square."""
    import PIL.ImageOps

    picture.draft("RGB", (side, side))  # JPEGs alone, which are decoded at a half, a quarter or an eighth
    picture.load()
    # Reduced before anything else is done where that is sound: a large picture is in the memory once, not twice.
    if picture.mode in ("RGB", "L", "CMYK"):
        picture.thumbnail((side, side), reducing_gap=2.0)
    image = _to_bgr(PIL.ImageOps.exif_transpose(picture))
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _to_bgr(picture: PIL.Image.Image) -> Image:
    """Convert whatever mode Pillow decoded to."""
    import PIL.Image

    if picture.mode.startswith("I") or picture.mode == "F":
        return np.asarray(cv2.cvtColor(_to_eight_bits(np.asarray(picture)), cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        white = PIL.Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = PIL.Image.alpha_composite(white, with_alpha)
    rgb = np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _to_eight_bits(values: NDArray[Any]) -> Image:
    """Grey of 16 or 32 bits or floats to 0 to 255: by the range of the type, else by the largest value."""
    largest = float(np.nanmax(values)) if values.size else 0.0
    if values.dtype.kind == "f":
        full = 1.0 if largest <= 1.0 else 255.0 if largest <= 255.0 else largest
    else:
        full = 65535.0 if largest <= 65535.0 else largest
    scaled = np.clip(np.nan_to_num(values.astype(np.float32)) * (255.0 / full), 0.0, 255.0)
    return np.asarray(np.round(scaled), dtype=np.uint8)
