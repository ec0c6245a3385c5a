"""HLS: a list of short videos that follow one another, on this machine or on a server.

FFmpeg would open whatever the list names, wherever that lies; here only what lies beside the list is read, and FFmpeg
gets it as one stream.
"""

from __future__ import annotations

import contextlib
import stat
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote, urljoin

from webcam_app.capture.decoding import CONTAINER_FORMATS
from webcam_app.capture.network.address import Address
from webcam_app.capture.network.fetching import ask, refusal
from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceError, SourceLostError, first_line

if TYPE_CHECKING:
    from av.container import InputContainer

PLAYLIST_ENDINGS = (".m3u8", ".m3u")
MARK = "#EXTM3U"
HLS_MARK = "#EXT-X-"
"""A list without it is one of songs or channels."""
MAX_LIST_BYTES = 4_000_000
LIVE_PARTS = 3
"""How many of its parts a live list is behind: what the standard asks for, so that the next one is there in time."""
MAX_RELOAD_SECONDS = 6.0
GIVEN_UP_AFTER_TARGETS = 4
"""A live list that gets nothing new in so many times the length of a part has stopped."""


class _Readable(Protocol):
    def read(self, size: int = -1) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One of the short videos: its reference, its number, first byte and the one after the last, what comes before."""

    reference: str
    number: int
    bytes: tuple[int, int] | None = None
    head: str | None = None
    head_bytes: tuple[int, int] | None = None


@dataclass(slots=True)
class Playlist:
    """What a list says.

    Attributes:
        variants: bits a second and reference of each of the lists that are named, of the same at several sizes.
        parts: in their order.
        ended: whether nothing more comes.
        target_seconds: length of a part, about.
        seconds: length of all.
        encrypted: whether a key is needed.
    """

    variants: list[tuple[int, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    ended: bool = False
    target_seconds: float = 5.0
    seconds: float = 0.0
    encrypted: bool = False


def is_playlist_name(path: Path) -> bool:
    """Whether a file is called as HLS playlists are."""
    return path.suffix.lower() in PLAYLIST_ENDINGS


def is_playlist(begin: bytes) -> bool:
    """Whether a text begins as a playlist does."""
    return begin.lstrip(b"\xef\xbb\xbf \r\n").startswith(MARK.encode())


def parse_playlist(text: str) -> Playlist:
    """Read a list; what is not understood is left out."""
    found = Playlist()
    number, wanted, variant = 0, None, None
    head: str | None = None
    head_bytes: tuple[int, int] | None = None
    end_of_last = 0
    for line in map(str.strip, text.splitlines()):
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-STREAM-INF":
            variant = _number(_attributes(value).get("BANDWIDTH", "0"))
        elif tag == "#EXT-X-TARGETDURATION":
            found.target_seconds = min(max(_float(value), 0.5), 60.0)
        elif tag == "#EXT-X-MEDIA-SEQUENCE":
            number = _number(value)
        elif tag == "#EXTINF":
            found.seconds += max(0.0, _float(value.partition(",")[0]))
        elif tag == "#EXT-X-BYTERANGE":
            wanted = _range(value, end_of_last)
        elif tag == "#EXT-X-MAP":
            attributes = _attributes(value)
            head = attributes.get("URI")
            head_bytes = _range(attributes["BYTERANGE"], 0) if "BYTERANGE" in attributes else None
        elif tag == "#EXT-X-KEY":
            found.encrypted = _attributes(value).get("METHOD", "NONE") != "NONE"
        elif tag == "#EXT-X-ENDLIST":
            found.ended = True
        elif line and not line.startswith("#"):
            if variant is not None:
                found.variants.append((variant, line))
            else:
                found.parts.append(Part(line, number, wanted, head, head_bytes))
                end_of_last = wanted[1] if wanted else 0
                number += 1
            wanted, variant = None, None
    return found


class Place(ABC):
    """Where a list lies, and all that it may lead to."""

    name: str
    """For people."""

    @abstractmethod
    def open(self, reference: str, wanted: tuple[int, int] | None = None) -> _Readable:
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
        self.name = printable(path)

    def open(self, reference: str, wanted: tuple[int, int] | None = None) -> _Readable:
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
        self.name = address.name

    def open(self, reference: str, wanted: tuple[int, int] | None = None) -> _Readable:
        """As in ``Place``."""
        part = self._resolved(reference)
        headers = {} if wanted is None else {"Range": f"bytes={wanted[0]}-{wanted[1] - 1}"}
        answer = ask(part, self._timeout, headers)
        problem = refusal(part, answer)
        if problem is not None:
            answer.close()
            raise problem
        partial = answer.status == 206  # else the server sends the whole
        return answer if wanted is None or partial else _Bytes(answer, *wanted)

    def beside(self, reference: str) -> Server:
        """As in ``Place``."""
        return Server(self._resolved(reference), self._timeout)

    def _resolved(self, reference: str) -> Address:
        part = self._address.joined(urljoin(self._address.bare, reference))
        if part.origin != self._address.origin:
            raise SourceError(f"{self.name} leads to {part.name}. Give that address if you trust it.")
        return part


class PlaylistReader:
    """The parts of a list as one stream of bytes, as a file that is open."""

    def __init__(self, place: Place, reference: str) -> None:
        """Read the list, and the largest of those that it names where it names some.

        Args:
            place: where it lies.
            reference: leads there from its own place: its name.

        Raises:
            SourceError: it is none, or leads elsewhere.
            OSError: it cannot be read.
        """
        self.closing = threading.Event()
        """Ends the waiting for new parts."""
        self.name = place.name  # PyAV asks for it
        self._place, self._reference = place, reference
        playlist = self._load()
        if playlist.variants:
            _, variant = max(playlist.variants, key=lambda one: one[0])
            self._place, self._reference = place.beside(variant), variant.rpartition("/")[2]
            playlist = self._load()
        if playlist.encrypted:
            raise SourceError(f"{place.name} is encrypted, which cannot be played.")
        if not playlist.parts:
            raise SourceError(f"{place.name} names no videos.")
        self.live = not playlist.ended
        self.seconds = None if self.live else playlist.seconds
        self._parts = self._all_parts(playlist)
        self._current: _Readable | None = None

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end.

        Raises:
            SourceLostError: a part cannot be read, or the list stopped.
        """
        while not self.closing.is_set():
            if self._current is None:
                self._current = next(self._parts, None)
                if self._current is None:
                    return b""
            try:
                content = self._current.read(size)
            except TimeoutError:
                raise SourceLostError(f"{self._place.name} stopped delivering pictures.") from None
            except OSError as error:
                raise SourceLostError(f"The connection to {self._place.name} broke ({first_line(error)}).") from None
            if content:
                return content
            self._current.close()
            self._current = None
        return b""

    def close(self) -> None:
        """Let the part that is open go."""
        self.closing.set()
        if self._current is not None:
            self._current.close()
            self._current = None

    def _load(self) -> Playlist:
        file = self._place.open(self._reference)
        try:
            content = b""
            while len(content) < MAX_LIST_BYTES and (more := file.read(1 << 16)):
                content += more
        finally:
            file.close()
        text = content.decode("utf-8", "replace")
        if not is_playlist(content) or HLS_MARK not in text:
            raise SourceError(f"{self._place.name} is no HLS playlist. Choose one of the files or addresses in it.")
        return parse_playlist(text)

    def _all_parts(self, playlist: Playlist) -> Iterator[_Readable]:
        parts = playlist.parts[-LIVE_PARTS:] if self.live else playlist.parts
        following = parts[0].number
        head: tuple[str | None, tuple[int, int] | None] = (None, None)
        changed = time.monotonic()
        while True:
            for part in playlist.parts:
                if part.number < following:
                    continue
                if (part.head, part.head_bytes) != head and part.head is not None:
                    yield self._open(part.head, part.head_bytes)
                    head = part.head, part.head_bytes
                yield self._open(part.reference, part.bytes)
                following, changed = part.number + 1, time.monotonic()
            if playlist.ended:
                return
            if time.monotonic() - changed > GIVEN_UP_AFTER_TARGETS * playlist.target_seconds:
                raise SourceLostError(f"{self._place.name} stopped delivering pictures.")
            if self.closing.wait(min(playlist.target_seconds / 2, MAX_RELOAD_SECONDS)):
                return
            playlist = self._reload() or playlist

    def _reload(self) -> Playlist | None:
        """The list as it is now; None where it cannot be had at the moment."""
        with contextlib.suppress(SourceError, OSError, ValueError):
            return self._load()
        return None

    def _open(self, reference: str, wanted: tuple[int, int] | None) -> _Readable:
        try:
            return self._place.open(reference, wanted)
        except SourceLostError:
            raise
        except (SourceError, OSError, ValueError) as error:
            raise SourceLostError(first_line(error)) from None


def open_local_playlist(path: Path) -> InputContainer:
    """Open a playlist on this machine; what it names must lie in its folder or below.

    Raises:
        SourceError: it leads elsewhere, or what it names is not there.
        OSError, av.FFmpegError: it cannot be read or played.
    """
    return open_container(PlaylistReader(Folder(path), path.name))


def open_remote_playlist(address: Address, timeout: float) -> PlaylistReader:
    """Read a playlist on a server; what it names must be there too.

    Args:
        address: ``http`` or ``https``.
        timeout: seconds that a connection or a read may take.

    Raises:
        SourceError: it leads elsewhere, or the server refuses it.
        OSError: the connection fails.
    """
    return PlaylistReader(Server(address, timeout), address.bare)


def open_container(reader: PlaylistReader) -> InputContainer:
    """The videos of a list as one.

    Raises:
        SourceError, OSError, av.FFmpegError: they cannot be played.
    """
    import av

    options = {"format_whitelist": CONTAINER_FORMATS, "protocol_whitelist": ""}
    try:
        return av.open(reader, "r", options=options, metadata_errors="replace")
    except BaseException:
        reader.close()
        raise


class _Bytes:
    """Some bytes of what is open."""

    def __init__(self, file: _Readable | IO[bytes], first: int, end: int) -> None:
        self._file, self._left = file, end - first
        while first > 0 and (skipped := len(file.read(min(first, 1 << 16)))):
            first -= skipped

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        return content

    def close(self) -> None:
        self._file.close()


def _attributes(value: str) -> dict[str, str]:
    """``NAME=VALUE`` separated by commas, values perhaps in quotation marks."""
    found: dict[str, str] = {}
    while value:
        name, _, value = value.partition("=")
        if value.startswith('"'):
            text, _, value = value[1:].partition('"')
            value = value.lstrip(",")
        else:
            text, _, value = value.partition(",")
        found[name.strip()] = text.strip()
    return found


def _range(value: str, end_of_last: int) -> tuple[int, int]:
    length, _, first = value.partition("@")
    begin = _number(first) if first else end_of_last
    return begin, begin + _number(length)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value < float("inf") else 0.0
