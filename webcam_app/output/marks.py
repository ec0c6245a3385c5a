"""Lock files beside recordings in progress, so that one cut off by a crash is found again."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO, Any

_PREFIX, _SUFFIX = ".", ".recording"


class RecordingMark:
    """A small hidden file beside a recording, locked for as long as the recording is written.

    The system releases the lock when the process ends, however it ends. Best effort: where the folder refuses the
    file, recording goes on without.
    """

    def __init__(self, recording: Path) -> None:
        """Create and lock the file."""
        self._file: IO[Any] | None = None
        with contextlib.suppress(OSError):
            self._file = _mark_path(recording).open("w", encoding="utf-8")
            self._file.write(f"{os.getpid()}\n")
            self._file.flush()
            _lock(self._file)

    def remove(self, recording: Path) -> None:
        """Remove the file: the recording is closed. It may have been moved meanwhile, and this file with it."""
        if self._file is not None:
            # Windows removes no open file; elsewhere the lock is held until the name is gone.
            if os.name == "nt":
                self._file.close()
            with contextlib.suppress(OSError):
                _mark_path(recording).unlink()
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def unfinished_recordings(folder: Path) -> list[Path]:
    """Recordings in a folder that were cut off because the program was killed; they play up to the last second.

    Recordings that a running program is writing are not among them. Each is listed until ``forget_unfinished``.

    Args:
        folder: where recordings are written; it need not exist.

    Returns:
        Paths of existing files, sorted. Lock files of recordings that are gone or hold no frame yet are removed.
    """
    found = []
    with contextlib.suppress(OSError):
        for mark in sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}")):
            recording = mark.with_name(mark.name[len(_PREFIX) : -len(_SUFFIX)])
            with contextlib.suppress(OSError):
                if _in_use(mark):
                    continue
                if _has_pictures(recording):
                    found.append(recording)
                else:
                    mark.unlink()
    return found


def is_being_recorded(recording: Path) -> bool:
    """Whether a program that is running, this one or another, writes to a recording."""
    with contextlib.suppress(OSError):
        mark = _mark_path(recording)
        return mark.exists() and _in_use(mark)
    return False


def forget_unfinished(recording: Path) -> None:
    """Remove the lock file, so that ``unfinished_recordings`` does not list it again."""
    with contextlib.suppress(OSError):
        _mark_path(recording).unlink()


def _mark_path(recording: Path) -> Path:
    return recording.with_name(f"{_PREFIX}{recording.name}{_SUFFIX}")


def _has_pictures(recording: Path) -> bool:
    """The index of the tracks is written together with the first fragment."""
    if not recording.is_file():
        return False
    with recording.open("rb") as file:
        return b"moov" in file.read(4096)


def _lock(file: IO[Any]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _in_use(mark: Path) -> bool:
    with mark.open("r+", encoding="utf-8") as file:
        try:
            _lock(file)
        except OSError:
            return True
    return False
