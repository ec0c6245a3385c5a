"""Which files are pictures, and in which order they come."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from webcam_app.capture.formats.kinds import HEAD_BYTES, kind_by_content
from webcam_app.capture.pictures import is_picture_name

_DIGITS = re.compile(r"([0-9]+)")


def list_pictures(paths: Iterable[Path], *, on_other: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Every picture under some files and folders, by name within each folder, each folder once.

    Numbers in names count as numbers: ``img2`` comes before ``img10``. Files that were named outright are given
    whatever they are; in folders a file is a picture if its suffix or its first bytes say so. A folder that cannot be
    read, and a path that does not exist, are given too, so that ``load_picture`` says what is wrong with them.
    Symbolic links are followed, but no folder is entered twice.

    Args:
        paths: files and folders.
        on_other: told of every other file in the folders.
    """
    entered: set[tuple[int, int]] = set()
    for path in paths:
        if _leads_to_folder(path):
            yield from _list_folder(path, entered, on_other)
        else:
            yield path


def natural_key(name: str) -> tuple[tuple[str | int, ...], str]:
    """What names are sorted by: numbers in them count as numbers, capital letters as small ones."""
    parts = _DIGITS.split(name.casefold())  # text and digits in turn, so that like is compared with like
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name


def is_picture_file(path: Path) -> bool:
    """Whether a file's suffix or its first bytes say that it is a picture; special files are not opened."""
    if is_picture_name(path):
        return True
    try:
        if not path.is_file():
            return False
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    try:
        return kind_by_content(os.read(file, HEAD_BYTES)) is not None
    except OSError:
        return False
    finally:
        os.close(file)


def _list_folder(
    folder: Path, entered: set[tuple[int, int]], on_other: Callable[[Path], None] | None
) -> Iterator[Path]:
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
        found.sort(key=lambda each: natural_key(each[0]))
        for name, is_folder in found:
            if is_folder:
                continue
            if is_picture_file(folder / name):
                yield folder / name
            elif on_other is not None:
                on_other(folder / name)
        stack.extend(folder / name for name, is_folder in reversed(found) if is_folder)


def _leads_to_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it may not be looked at, or its name is too long
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a symbolic link that leads to itself
        return False
