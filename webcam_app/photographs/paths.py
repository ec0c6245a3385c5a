"""The paths that ``classify`` is given: which may be written to, and where a picture lies within them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.output.pictures import IMAGE_SUFFIXES

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", "")


def check_outputs(csv_out: Path | None, annotated: Path | None, paths: Sequence[Path], *, resume: bool = False) -> None:
    """Refuse outputs that would replace a photograph or mix with other files.

    Args:
        csv_out: where the table goes, if anywhere.
        annotated: folder for labelled copies, if any.
        paths: the pictures and folders that are read.
        resume: whether both are gone on with.

    Raises:
        OutputError: the table's path is an input or no table, or the folder is not empty.
    """
    if csv_out is not None and csv_out.is_file():
        # A table replaces an older table, but not a photograph after a slip of the hand.
        if csv_out.suffix.lower() not in TABLE_SUFFIXES:
            raise OutputError(f"'{printable(csv_out)}' is there and is no table: name the table with the ending .csv")
        if any(path.is_file() and path.samefile(csv_out) for path in paths):
            raise OutputError(f"'{printable(csv_out)}' is what is read: choose another name for the table")
    if annotated is None:
        return
    try:
        if annotated.exists() and (not annotated.is_dir() or (not resume and any(annotated.iterdir()))):
            raise OutputError(f"'{printable(annotated)}' is no empty folder: name a new one for the labelled pictures")
    except OSError as error:
        raise OutputError(f"'{printable(annotated)}' cannot be used: {error.strerror}: name another folder") from None


def outside(folder: Path | None, paths: Iterator[Path]) -> Iterator[Path]:
    """Those that are not in ``folder``: copies are written there while a folder around it may be read."""
    if folder is None:
        yield from paths
        return
    resolved = folder.resolve()
    for path in paths:
        if resolved not in path.resolve().parents:
            yield path


def relative_path(path: Path, roots: Sequence[Path]) -> Path:
    """A picture's path below the folder that was named; its name alone where it was named itself."""
    root = _root_of(path, roots)
    return Path(path.name) if root is None else path.relative_to(root)


def path_with_root(path: Path, roots: Sequence[Path]) -> Path:
    """A picture's path with the named folder's own name in front; with that of its folder where it was named itself."""
    root = _root_of(path, roots)
    if root is None:
        return Path(path.absolute().parent.name) / path.name
    return Path(root.resolve().name) / path.relative_to(root)


class CopyPaths:
    """Paths for labelled copies in a folder, one for each picture; the same for the same pictures in the same order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[str] = set()

    def of(self, relative: Path) -> Path:
        """A path that no picture before has: with the first free number, like ``cat (2).jpg``, where needed.

        Args:
            relative: of the picture; a kind that is not written becomes a JPEG.
        """
        path = self._folder / relative
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            path = path.with_name(f"{path.name}.jpg")
        free = path
        number = 2
        while (key := os.path.normcase(free)) in self._taken:
            free = path.with_name(f"{path.stem} ({number}){path.suffix}")
            number += 1
        self._taken.add(key)
        return free


def _root_of(path: Path, roots: Sequence[Path]) -> Path | None:
    return next((root for root in roots if path != root and root in path.parents), None)
