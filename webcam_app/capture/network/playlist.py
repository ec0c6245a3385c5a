"""HLS: a list of short videos that follow one another, on this machine or on a server.

FFmpeg would open whatever the list names, wherever that lies; here only what lies beside the list is read, and FFmpeg
gets it as one stream.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.decoding import CONTAINER_FORMATS
from webcam_app.capture.network.address import Address
from webcam_app.capture.network.decryption import Key, KeyRing
from webcam_app.capture.network.m3u8 import HLS_MARK, Playlist, Rendition, is_playlist, parse_playlist
from webcam_app.capture.network.places import Folder, Place, Readable, Server
from webcam_app.errors import SourceError, SourceLostError, first_line

if TYPE_CHECKING:
    from av.container import InputContainer

MAX_LIST_BYTES = 4_000_000
LIVE_PARTS = 3
"""How many of its parts a live list is behind: what the standard asks for, so that the next one is there in time."""
MAX_RELOAD_SECONDS = 6.0
GIVEN_UP_AFTER_TARGETS = 4
"""A live list that gets nothing new in so many times the length of a part has stopped."""


class PlaylistReader:
    """The parts of a list as one stream of bytes, as a file that is open."""

    def __init__(self, place: Place) -> None:
        """Read the list, and the largest of those that it names where it names some.

        Args:
            place: where it lies.

        Raises:
            SourceError: it is none, or leads elsewhere.
            OSError: it cannot be read.
        """
        self.closing = threading.Event()
        """Ends the waiting for new parts."""
        self.name = place.name  # PyAV asks for it
        self._place = place
        self.sounds: list[Rendition] = []
        """The sound that belongs to it, where that is not simply in it."""
        self.subtitles: list[Rendition] = []
        """The subtitles that belong to it."""
        self._home = place
        playlist = self._load()
        if playlist.variants:
            variant = max(playlist.variants, key=lambda one: one.bandwidth)
            self.sounds = [sound for sound in playlist.sounds if sound.group == variant.sound_group]
            self.subtitles = [text for text in playlist.subtitles if text.group == variant.subtitle_group]
            self._place = place.beside(variant.reference)
            playlist = self._load()
        if playlist.locked:
            raise SourceError(f"{place.name} is encrypted in a way that cannot be played.")
        if not playlist.parts:
            raise SourceError(f"{place.name} names no videos.")
        self.live = not playlist.ended
        self.seconds = None if self.live else playlist.seconds
        self._keys = KeyRing(self._place.open)
        self._parts = self._all_parts(playlist)
        self._current: Readable | None = None
        self._ahead = b""

    def ahead(self, size: int) -> bytes:
        """Some of the next bytes, about so many; they are still to be read.

        Raises:
            SourceLostError: a part cannot be read, or the list stopped.
        """
        self._ahead = self.read(size)
        return self._ahead

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end.

        Raises:
            SourceLostError: a part cannot be read, or the list stopped.
        """
        if self._ahead:
            content, self._ahead = self._ahead[:size], self._ahead[size:]
            return content
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

    def beside(self, reference: str) -> PlaylistReader:
        """Read another list that the first one names: that of a sound.

        Raises:
            SourceError, OSError: as when a list is read.
        """
        return PlaylistReader(self._home.beside(reference))

    def close(self) -> None:
        """Let the part that is open go."""
        self.closing.set()
        if self._current is not None:
            self._current.close()
            self._current = None

    def _load(self) -> Playlist:
        file = self._place.open(self._place.reference)
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

    def _all_parts(self, playlist: Playlist) -> Iterator[Readable]:
        parts = playlist.parts[-LIVE_PARTS:] if self.live else playlist.parts
        following = parts[0].number
        head: tuple[str | None, tuple[int, int] | None] = (None, None)
        changed = time.monotonic()
        while True:
            for part in playlist.parts:
                if part.number < following:
                    continue
                if (part.head, part.head_bytes) != head and part.head is not None:
                    yield self._open(part.head, part.head_bytes, part.head_key, part.number)
                    head = part.head, part.head_bytes
                yield self._open(part.reference, part.bytes, part.key, part.number)
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

    def _open(self, reference: str, wanted: tuple[int, int] | None, key: Key | None, number: int) -> Readable:
        try:
            file = self._place.open(reference, wanted)
            return file if key is None else self._keys.decrypted(file, key, number, self._place.name)
        except SourceLostError:
            raise
        except (SourceError, OSError, ValueError) as error:
            raise SourceLostError(first_line(error)) from None


def open_local_playlist(path: Path) -> PlaylistReader:
    """Read a playlist on this machine; what it names must lie in its folder or below.

    Raises:
        SourceError: it leads elsewhere, or what it names is not there.
        OSError: it cannot be read.
    """
    return PlaylistReader(Folder(path))


def open_remote_playlist(address: Address, timeout: float) -> PlaylistReader:
    """Read a playlist on a server; what it names must be there too.

    Args:
        address: ``http`` or ``https``.
        timeout: seconds that a connection or a read may take.

    Raises:
        SourceError: it leads elsewhere, or the server refuses it.
        OSError: the connection fails.
    """
    return PlaylistReader(Server(address, timeout))


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
