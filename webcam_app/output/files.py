"""Atomic files: complete under their name or not there at all; and why a file cannot be written."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError, first_line

_REASONS = {
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "your disk quota is used up: free some space or choose another folder",
    errno.EFBIG: "the file reached the largest size that this disk takes: choose another disk or start another file",
    errno.EROFS: "the disk is read-only: choose another folder",
    errno.EACCES: "this user may not write there: choose another folder",
    errno.EPERM: "this user may not write there: choose another folder",
    errno.ENOENT: "the folder is not there: choose another one",
    errno.ENOTDIR: "there is a file where the folder should be: choose another folder",
    errno.EISDIR: "it is a folder: name a file in it",
    errno.ENAMETOOLONG: "the name is too long for this disk: choose a shorter name or folder",
    errno.EIO: "the disk reports an error: was it taken out?",
    errno.ENODEV: "the disk is gone: was it taken out?",
    errno.EEXIST: "there is such a file already",
}

READER_SECONDS = 5.0
"""A shell starts both ends of a pipe at once, or one soon after the other."""

_partial_files: set[Path] = set()


def reason(error: BaseException) -> str:
    """Why a file cannot be written and what to do, in a few words, without the file's name."""
    if isinstance(error, OSError) and error.errno is not None:
        return _REASONS.get(error.errno, error.strerror or str(error))
    return first_line(error)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing.

    Raises:
        OSError: it cannot be made; ``NotADirectoryError`` where a file is in its place.
    """
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    folder.mkdir(parents=True, exist_ok=True)


def refuse_special(path: Path, what: str) -> None:
    """A container needs a file in which one can go back.

    Args:
        path: where it is to be.
        what: for the message: ``a video``.

    Raises:
        OutputError: the path leads to a pipe, a device or a socket.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # not there yet
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        from webcam_app.capture.pictures import SPECIAL_FILES

        kind = SPECIAL_FILES.get(stat.S_IFMT(mode), "no file")
        raise OutputError(f"'{printable(path)}' is {kind}, and {what} needs a file: choose another name")


def open_for_text(path: Path) -> IO[str]:
    """Open an existing file, pipe or device for text in UTF-8; names of files in it may be no UTF-8.

    Raises:
        OSError: it cannot be opened; ``TimeoutError`` where nobody reads the pipe.
    """
    if not path.is_fifo():
        return path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
    # To open a pipe waits for whoever reads it, perhaps for ever.
    deadline = time.monotonic() + READER_SECONDS
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > deadline:
                raise TimeoutError(errno.ETIMEDOUT, "nobody reads this pipe: start its reader first") from None
            time.sleep(0.02)
        else:
            os.set_blocking(descriptor, True)
            return open(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="")  # noqa: PTH123


class AtomicFile:
    """Written to a partial file in the same folder, and renamed to its path when it is complete.

    As a context manager it is committed at the end, or discarded where the block raised. A device or pipe
    (``/dev/null``, ``/dev/stdout``) is written directly.
    """

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        """Create the partial file.

        Args:
            path: where it is to be.
            overwrite: whether it may replace an existing file.

        Raises:
            OutputError: it is there already, or its folder is missing or cannot be written.
        """
        self.path = path
        self._overwrite = overwrite
        try:
            self.direct = path.exists() and not path.is_file() and not path.is_dir()
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if self.direct:
                self.partial = path
                return
            if not overwrite and os.path.lexists(path):
                raise OutputError(f"'{printable(path)}' is there already: choose another name, or say --overwrite")
            # The file that a link points to is replaced, not the link.
            target = path.resolve() if path.is_symlink() else path
            self._target = target
            self.partial = target.with_name(f".{secrets.token_hex(6)}.partial{target.suffix}")
            os.close(os.open(self.partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except OSError as error:
            raise OutputError(f"Cannot write '{printable(path)}': {reason(error)}") from None
        _partial_files.add(self.partial)

    def commit(self) -> None:
        """Rename the partial file to its path.

        Raises:
            OutputError: it cannot be renamed, or another file appeared there meanwhile; the partial file is removed.
        """
        if self.direct:
            return
        try:
            if self._overwrite:
                self.partial.replace(self._target)
            else:
                self._link_without_overwrite()
        except FileExistsError:
            raise OutputError(
                f"'{printable(self.path)}' is there already: choose another name, or say --overwrite"
            ) from None
        except OSError as error:
            raise OutputError(f"Cannot write '{printable(self.path)}': {reason(error)}") from None
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove the partial file. Does nothing after ``commit``."""
        if not self.direct:
            with contextlib.suppress(OSError):
                self.partial.unlink()
            _partial_files.discard(self.partial)

    def __enter__(self) -> AtomicFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()

    def _link_without_overwrite(self) -> None:
        try:
            os.link(self.partial, self._target)  # unlike a rename, fails where something appeared meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(self._target):
                raise FileExistsError from None
            self.partial.replace(self._target)


def discard_partial_files() -> None:
    """Remove what is not finished: for a process that is about to end without unwinding."""
    for partial in list(_partial_files):
        with contextlib.suppress(OSError):
            partial.unlink()


def dated_path(folder: Path, now: datetime, suffix: str) -> Path:
    """A path in ``folder`` that nothing has yet, named by the local time ``now``, like ``2026-05-04 13.37.00.mp4``."""
    # Without colons, which Windows does not take.
    stem = now.strftime("%Y-%m-%d %H.%M.%S")
    path = folder / f"{stem}{suffix}"
    number = 2
    while os.path.lexists(path):
        path = folder / f"{stem} ({number}){suffix}"
        number += 1
    return path
