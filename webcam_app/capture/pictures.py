"""Decodes picture files, which may be damaged, hostile or no pictures at all, with bounded memory."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from webcam_app.capture.formats.decoding import Wish, decode
from webcam_app.capture.formats.kinds import HEAD_BYTES, kind_by_content, kind_by_name
from webcam_app.capture.frame import Image, Picture
from webcam_app.capture.text import printable
from webcam_app.errors import PictureError

MAX_PICTURE_PIXELS = 89_000_000
"""About 270 MB decoded; just below where Pillow itself starts to warn of a decompression bomb."""

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
    path: Path, *, shorter_side: int | None = None, max_pixels: int = MAX_PICTURE_PIXELS, file: IO[bytes] | None = None
) -> Picture:
    """Decode a picture file.

    It is turned upright, the first picture of an animation is taken, every form of pixels is converted, what is
    transparent becomes white. A picture of which the end is missing is read as far as it goes, with a remark.

    Args:
        path: a regular file; anything else is refused without being opened.
        shorter_side: a JPEG is decoded at a half, a quarter or an eighth of its size, which takes a fraction of the
            time and memory, as long as its shorter side keeps so many pixels; None for the full size.
        max_pixels: a picture with more is refused before it is decoded; a JPEG is decoded at a size that has no more.
        file: the content, where it is not to be read from ``path``; can be sought in.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    wish = Wish(max_pixels, shorter_side)
    if file is not None:
        found = decode(file, path, wish)
    else:
        with _open_regular(path) as opened:
            found = decode(opened, path, wish)
    return Picture(found.image, path, *found[1:])


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


def list_pictures(paths: Iterable[Path]) -> Iterator[Path]:
    """Every picture under some files and folders, by name within each folder (2 before 10), each folder once.

    Files that were named outright are given whatever they are; in folders, those that ``is_picture_file``. A folder
    that cannot be read, and a path that does not exist, are given too, so that ``load_picture`` says what is wrong with
    them. Symbolic links are followed, but no folder is entered twice.
    """
    entered: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_dir():
            yield from _list_folder(path, entered)
        else:
            yield path


def is_picture_name(path: Path) -> bool:
    """Whether the file's suffix is that of a picture, be it of a kind that is read or not."""
    return kind_by_name(path) is not None


def is_picture_file(path: Path) -> bool:
    """Whether the file's suffix or its first bytes are those of a picture. Only regular files are opened."""
    if is_picture_name(path):
        return True
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return kind_by_content(file.read(HEAD_BYTES)) is not None
    except (OSError, ValueError):
        return False


def natural_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sorts names as people number them: ``2.jpg`` before ``10.jpg``."""
    parts = re.split(r"([0-9]+)", name)
    return [(int(part), "") if index % 2 else (-1, part) for index, part in enumerate(parts)], name


def _list_folder(folder: Path, entered: set[tuple[int, int]]) -> Iterator[Path]:
    """Pictures of a folder and then of its sub-folders. A stack of its own: deep trees must not end in recursion."""
    stack = [folder]
    while stack:
        folder = stack.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                found = [(entry.name, _is_folder(entry)) for entry in entries]
        except OSError:
            yield folder
            continue
        found.sort(key=lambda entry: natural_key(entry[0]))
        yield from (folder / name for name, is_folder in found if not is_folder and is_picture_file(folder / name))
        stack.extend(folder / name for name, is_folder in reversed(found) if is_folder)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a symbolic link that leads to itself
        return False


def _open_regular(path: Path) -> IO[bytes]:
    name = printable(path)
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
