"""Where a playlist lies, and what it may lead to: only what lies beside it."""

from __future__ import annotations

import stat
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote, urljoin

from webcam_app.capture.network.address import Address
from webcam_app.capture.network.fetching import ask, refusal
from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceError

HTTP_PARTIAL = 206


class Readable(Protocol):
    """What is open for reading."""

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes, all for -1; none at the end."""

    def close(self) -> None:
        """Let it go."""


class Place(ABC):
    """Where a list lies, and all that it may lead to."""

    name: str
    """For people."""

    reference: str
    """Leads to the list itself."""

    @abstractmethod
    def open(self, reference: str, wanted: tuple[int, int] | None = None) -> Readable:
        """Open what a reference leads to, the whole or some bytes of it.

        Raises:
            SourceError: it leads elsewhere, or cannot be opened.
            OSError: the connection fails.
        """

    @abstractmethod
    def beside(self, reference: str) -> Place:
        """The place of another list that this one names."""


class Folder(Place):
    """A list on this machine; all of it lies in its folder or below."""

    def __init__(self, path: Path, root: Path | None = None) -> None:
        """The list is at ``path``; ``root`` is the folder of the list that named it."""
        self._path = path
        self._root = root or path.resolve().parent
        self.name, self.reference = printable(path), path.name

    def open(self, reference: str, wanted: tuple[int, int] | None = None) -> Readable:
        """As in ``Place``."""
        path = self._resolved(reference)
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise SourceError(f"{printable(path)}, which {self.name} names, is no file.")
            file = path.open("rb")
        except OSError as error:
            reason = error.strerror or "not found"
            raise SourceError(f"{printable(path)}, which {self.name} names, cannot be read ({reason}).") from None
        return file if wanted is None else _Bytes(file, *wanted)

    def beside(self, reference: str) -> Folder:
        """As in ``Place``."""
        return Folder(self._resolved(reference), self._root)

    def _resolved(self, reference: str) -> Path:
        if "://" in reference:
            target = without_password(reference)
            raise SourceError(f"{self.name} leads to {target}. Open that instead, if you trust it.")
        for written in (reference, unquote(reference)):
            path = (self._path.parent / written).resolve()
            if not path.is_relative_to(self._root):
                raise SourceError(f"{self.name} leads out of its folder, to {printable(path)}. Open that file instead.")
            if path.exists():
                break
        return path


class Server(Place):
    """A list on a server; all of it lies on that server."""

    def __init__(self, address: Address, timeout: float) -> None:
        """The list is at ``address``; each connection and read may take ``timeout`` seconds."""
        self._address, self._timeout = address, timeout
        self.name, self.reference = address.name, address.bare

    def open(self, reference: str, wanted: tuple[int, int] | None = None) -> Readable:
        """As in ``Place``."""
        part = self._resolved(reference)
        headers = {} if wanted is None else {"Range": f"bytes={wanted[0]}-{wanted[1] - 1}"}
        answer = ask(part, self._timeout, headers)
        problem = refusal(part, answer)
        if problem is not None:
            answer.close()
            raise problem
        partial = answer.status == HTTP_PARTIAL  # else the server sends the whole
        return answer if wanted is None or partial else _Bytes(answer, *wanted)

    def beside(self, reference: str) -> Server:
        """As in ``Place``."""
        return Server(self._resolved(reference), self._timeout)

    def _resolved(self, reference: str) -> Address:
        part = self._address.joined(urljoin(self._address.bare, reference))
        if part.origin != self._address.origin:
            raise SourceError(f"{self.name} leads to {part.name}. Give that address if you trust it.")
        return part


class _Bytes:
    """Some bytes of what is open."""

    def __init__(self, file: Readable | IO[bytes], first: int, end: int) -> None:
        self._file, self._left = file, end - first
        while first > 0 and (skipped := len(file.read(min(first, 1 << 16)))):
            first -= skipped

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        return content

    def close(self) -> None:
        self._file.close()
