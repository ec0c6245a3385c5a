"""Snapshots and labelled photographs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import cv2

from webcam_app.capture.frame import Image
from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.output.files import AtomicFile, dated_path, make_folder, reason

# Visibly the same as the picture, at a third of a PNG's size.
JPEG_QUALITY = 95
JPEG_SUFFIXES = (".jpg", ".jpeg")
IMAGE_SUFFIXES = (*JPEG_SUFFIXES, ".png")


def snapshot_path(folder: Path, now: datetime, suffix: str = ".jpg") -> Path:
    """A name for a new snapshot that no file in the folder has, like ``2026-05-04 13.37.00.jpg``.

    Args:
        folder: where it is to be; it need not exist.
        now: the local time that names it.
        suffix: the file's ending.
    """
    return dated_path(folder, now, suffix)


def encode_picture(path: Path, image: Image) -> bytes:
    """A picture as the content of a file.

    Args:
        path: the file, ending in .jpg, .jpeg or .png.
        image: H×W×3 uint8 BGR.

    Raises:
        OutputError: another ending, or a picture that the format does not take.
    """
    ending = path.suffix.lower()
    if ending not in IMAGE_SUFFIXES:
        raise OutputError(f"Cannot write '{printable(path)}': name it with the ending .jpg or .png")
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if ending in JPEG_SUFFIXES else []
    try:
        # Encoded in memory: on Windows OpenCV opens ASCII paths only, and it gives no reason for a failure.
        done, content = cv2.imencode(ending, image, options)
    except cv2.error as error:
        raise OutputError(
            f"Cannot write '{printable(path)}': a picture of {image.shape[1]}x{image.shape[0]} is refused"
        ) from error
    if not done:
        raise OutputError(f"Cannot write '{printable(path)}': the picture cannot be encoded")
    return content.tobytes()


def write_picture(path: Path, image: Image, *, overwrite: bool = False) -> None:
    """Write a picture; its folder is made where it is missing.

    Args:
        path: the file, ending in .jpg, .jpeg or .png.
        image: H×W×3 uint8 BGR.
        overwrite: whether it may replace an existing file.

    Raises:
        OutputError: another ending, a file that is there already, no space, no right to write. Nothing is left behind.
    """
    write_encoded(path, encode_picture(path, image), overwrite=overwrite)


def write_encoded(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write what ``encode_picture`` gave, like ``write_picture``."""
    try:
        make_folder(path.parent)
        with AtomicFile(path, overwrite=overwrite) as file:
            file.partial.write_bytes(content)
    except OSError as error:
        raise OutputError(f"Cannot write '{printable(path)}': {reason(error)}") from None
