"""Files by name, from a folder or from inside a zip, without ever leaving either."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from train.errors import DatasetError

MAX_FILE_BYTES = 64 << 20
"""No picture or table of a training set is larger; a zip member that unpacks to more is a bomb or no picture."""

# Names with these are no names of pictures, and would break messages and tables.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# What zipfile raises for a damaged, encrypted or oddly compressed member.
_UNPACKING_ERRORS = (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError)


class Store(Protocol):
    """Read access to the files of a data set. Names are relative, with forward slashes."""

    path: Path

    def names(self) -> list[str]:
        """Every file's name, sorted."""

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""

    def read(self, name: str) -> bytes:
        """The file's content.

        Raises:
            DatasetError: no such file, unreadable, damaged, or larger than ``MAX_FILE_BYTES``.
        """

    def checksum(self, name: str) -> int:
        """CRC-32 of the content: the same for a folder and a zip of it.

        Raises:
            DatasetError: as ``read``.
        """


def safe_name(name: str, where: str) -> str:
    """A name from a table, cleaned of ``./`` and backslashes.

    Args:
        name: the path as written in the table.
        where: the table and line, for the message.

    Raises:
        DatasetError: the path is empty, absolute, or leads outside the set.
    """
    cleaned = name.strip().replace("\\", "/")
    parts = [part for part in cleaned.split("/") if part not in ("", ".")]
    absolute = cleaned.startswith("/") or (bool(parts) and len(parts[0]) == 2 and parts[0][1] == ":")
    if not parts or absolute or ".." in parts or _CONTROL.search(cleaned):
        shown = name if len(name) <= 80 else name[:77] + "..."
        raise DatasetError(f"{where}: the path {shown!r} does not lie inside the data set; write it relative to it")
    return str(PurePosixPath(*parts))


class FolderStore:
    """The files below a folder. Links that lead out of it are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = path.resolve()

    def names(self) -> list[str]:
        """See :class:`Store`."""
        return sorted(self._walk())

    def _walk(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            relative = Path(folder).relative_to(self.path)
            for file in files:
                if not file.startswith(".") and not _CONTROL.search(file):
                    yield (relative / file).as_posix()

    def exists(self, name: str) -> bool:
        """See :class:`Store`."""
        try:
            return self._locate(name).is_file()
        except (DatasetError, OSError, ValueError):
            return False

    def _locate(self, name: str) -> Path:
        path = (self.path / name).resolve()
        if not path.is_relative_to(self._root):
            raise DatasetError(f"{name}: leads out of {self.path}; copy the file into the data set")
        return path

    def read(self, name: str) -> bytes:
        """See :class:`Store`."""
        try:
            path = self._locate(name)
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise DatasetError(f"{name}: not a regular file")
            if status.st_size > MAX_FILE_BYTES:
                raise DatasetError(f"{name}: larger than {MAX_FILE_BYTES >> 20} MiB")
            return path.read_bytes()
        except (OSError, ValueError, RuntimeError) as error:
            raise DatasetError(f"{name}: cannot be read from {self.path} ({_reason(error)})") from error

    def checksum(self, name: str) -> int:
        """See :class:`Store`."""
        return zlib.crc32(self.read(name))


class ZipStore:
    """The members of a zip file. Each process opens the file for itself, so a forked loader reads safely."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        self._process = 0
        try:
            infos = self._open().infolist()
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise DatasetError(f"{path}: not a readable zip file ({_reason(error)})") from error
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if not info.is_dir():
                self._infos[safe_name(info.filename, str(path))] = info

    def _open(self) -> zipfile.ZipFile:
        if self._zip is None or self._process != os.getpid():
            self._zip, self._process = zipfile.ZipFile(self.path), os.getpid()
        return self._zip

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_zip": None}

    def names(self) -> list[str]:
        """See :class:`Store`."""
        hidden = (".", "__MACOSX")
        return sorted(n for n in self._infos if not any(part.startswith(hidden) for part in n.split("/")))

    def exists(self, name: str) -> bool:
        """See :class:`Store`."""
        return name in self._infos

    def read(self, name: str) -> bytes:
        """See :class:`Store`."""
        info = self._infos.get(name)
        if info is None:
            raise DatasetError(f"{name}: not in {self.path}")
        try:
            with self._open().open(info) as member:
                data = member.read(MAX_FILE_BYTES + 1)
        except _UNPACKING_ERRORS as error:
            raise DatasetError(f"{name}: cannot be unpacked from {self.path} ({_reason(error)})") from error
        if len(data) > MAX_FILE_BYTES:
            raise DatasetError(f"{name}: unpacks to more than {MAX_FILE_BYTES >> 20} MiB")
        return data

    def checksum(self, name: str) -> int:
        """See :class:`Store`."""
        info = self._infos.get(name)
        if info is None:
            raise DatasetError(f"{name}: not in {self.path}")
        return info.CRC


def open_store(path: Path) -> Store:
    """The store for a folder or a zip file.

    Raises:
        DatasetError: there is no such path, or it is neither.
    """
    if path.is_dir():
        return FolderStore(path)
    if path.is_file():
        return ZipStore(path)
    raise DatasetError(f"{path}: no such folder or zip file")


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
