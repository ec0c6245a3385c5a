"""The files of the strip: the newest of a folder, renamed, moved to the trash, deleted. Nothing here knows a widget."""

from __future__ import annotations

import contextlib
import errno
import heapq
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError, WebcamAppError
from webcam_app.output.files import reason
from webcam_app.output.marks import is_being_recorded
from webcam_app.window.core_texts import told
from webcam_app.window.translation import tr

# Two screens full. What is older is looked for in the file manager.
MOST_SHOWN = 60
VIDEO_SUFFIXES = (".mp4", ".mkv", ".mov", ".webm", ".avi")
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png")
# A day after the first and before the last moment that can be told in every time zone.
DAY_SECONDS, LAST_SECONDS = 86_400.0, 253_402_214_400.0
# Windows refuses these; a name is to be good on every disk that the file may be copied to.
FORBIDDEN = '<>:"/\\|?*'
RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}


class TrashError(WebcamAppError):
    """A file cannot be moved to the trash; it is where it was."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A recording or a snapshot.

    Attributes:
        path: where it is.
        changed: when it was written last, in seconds since 1970.
        size: in bytes.
    """

    path: Path
    changed: float
    size: int

    @property
    def video(self) -> bool:
        """Whether it is a recording, else it is a snapshot."""
        return self.path.suffix.lower() in VIDEO_SUFFIXES

    @property
    def moment(self) -> datetime:
        """When it was written last, in local time; disks may hold times that no calendar has."""
        return datetime.fromtimestamp(min(max(self.changed, DAY_SECONDS), LAST_SECONDS))


def newest_files(folders: Iterable[Path], most: int = MOST_SHOWN) -> list[KeptFile]:
    """The newest recordings and snapshots, the newest first; folders that cannot be read have none.

    However many files there are, only ``most`` are kept in memory. What is still being written is left out.

    Args:
        folders: where they are; the same may be named twice. Their sub-folders are not searched.
        most: how many.
    """
    found = (file for folder in dict.fromkeys(folders) for file in _files_in(folder))
    # A recording that is going on is among the newest; two windows may each have one.
    newest = heapq.nlargest(most + 4, found, key=lambda file: (file.changed, file.path.name))
    return [file for file in newest if not is_being_recorded(file.path)][:most]


def renamed_path(path: Path, name: str) -> Path:
    """Where a file is to be under another name; its ending stays.

    Args:
        path: where it is.
        name: what a person typed.

    Raises:
        OutputError: it is no name for a file.
    """
    stem = name.strip()
    if stem.lower().endswith(path.suffix.lower()):
        stem = stem[: -len(path.suffix)].rstrip()
    wrong = next((sign for sign in stem if sign in FORBIDDEN or not sign.isprintable()), None)
    if not stem:
        raise OutputError(tr("A file needs a name."))
    if wrong is not None:
        shown = wrong if wrong.isprintable() else f"U+{ord(wrong):04X}"
        raise OutputError(tr("A file's name cannot have {sign} in it.").format(sign=shown))
    if stem.startswith("."):
        raise OutputError(tr("A name that begins with a dot hides the file: choose another one."))
    if stem.endswith(".") or stem.split(".")[0].strip().lower() in RESERVED:
        raise OutputError(tr("'{name}' is no name for a file on every system: choose another one.").format(name=stem))
    try:
        os.fsencode(stem)
    except UnicodeEncodeError:
        raise OutputError(tr("The name has characters that no file name can have.")) from None
    return path.with_name(stem + path.suffix)


def rename_file(path: Path, name: str) -> Path:
    """Give a file another name in its folder. A file that has that name already is never replaced.

    Args:
        path: where it is.
        name: what a person typed; the file's ending stays.

    Returns:
        Where it is now.

    Raises:
        OutputError: it is no name for a file, or taken, or the disk refuses.
    """
    new = renamed_path(path, name)
    if new == path:
        return path
    try:
        _move_without_overwrite(path, new)
    except FileExistsError:
        raise OutputError(tr("There is a file '{name}' already: choose another name.").format(
            name=printable(new.name)
        )) from None  # fmt: skip
    except FileNotFoundError:
        raise OutputError(_gone(path)) from None
    except OSError as error:
        text = tr("'{name}' cannot be renamed: {reason}.")
        raise OutputError(text.format(name=printable(path.name), reason=told(reason(error)))) from None
    return new


def move_to_trash(path: Path) -> None:
    """Move a file to the trash of the system.

    Raises:
        OutputError: it is not there any more.
        TrashError: there is no trash for that disk, or it refuses.
    """
    if not os.path.lexists(path):
        raise OutputError(_gone(path))
    try:
        from send2trash import send2trash
    except ImportError:
        raise TrashError(tr("the package Send2Trash is not installed")) from None
    try:
        send2trash(str(path))
    except PermissionError:
        raise TrashError(tr("its disk has none that this user may use")) from None
    except OSError as error:
        raise TrashError(printable(error.strerror or str(error))) from None


def delete_file(path: Path) -> None:
    """Delete a file for good.

    Raises:
        OutputError: the disk refuses. A file that is gone already is no fault.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        text = tr("'{name}' cannot be deleted: {reason}.")
        raise OutputError(text.format(name=printable(path.name), reason=told(reason(error)))) from None


def _gone(path: Path) -> str:
    return tr("'{name}' is not there any more.").format(name=printable(path.name))


def _files_in(folder: Path) -> Iterator[KeptFile]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue  # a picture that is being written, and what is beside a recording
            if not entry.name.lower().endswith((*VIDEO_SUFFIXES, *PICTURE_SUFFIXES)):
                continue
            with contextlib.suppress(OSError):  # deleted in this moment
                if entry.is_file():
                    status = entry.stat()
                    yield KeptFile(folder / entry.name, status.st_mtime, status.st_size)


def _move_without_overwrite(path: Path, new: Path) -> None:
    """Raises ``FileExistsError`` where the name is taken, also if that happens in this moment."""
    if os.name == "nt":
        path.rename(new)  # refuses by itself
        return
    try:
        os.link(path, new, follow_symlinks=False)
    except FileExistsError:
        # On a disk that takes no notice of case, 'Clip.mp4' is there while 'clip.mp4' is: it is the same file.
        if not (path.name.casefold() == new.name.casefold() and new.exists() and new.samefile(path)):
            raise
        path.rename(new)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENAMETOOLONG, errno.EACCES, errno.EROFS):
            raise
        if os.path.lexists(new):  # a disk without hard links
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        path.rename(new)
    else:
        path.unlink()
