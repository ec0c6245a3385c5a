"""Where packets of sound and subtitles come from: what is opened again, or a stream that somebody else reads."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

import av

from webcam_app.capture.reopened import Opened, Reopened
from webcam_app.capture.sound_along import SoundAlong
from webcam_app.errors import SourceLostError, first_line

# A damaged packet is a click; after so many in a row the rest is silence.
MAX_CONSECUTIVE_BAD_PACKETS = 100


class TrackReader(ABC):
    """Gives packets of tracks in the order in which they come. One thread.

    Attributes:
        sound, subtitles: the tracks that there are.
        goes_on: whether there may be a packet later where there is none now.
        live: whether it was joined on the way, and has no end of its own.
        problems: what of it is missing, a line each.
    """

    sound: Sequence[Any]
    subtitles: Sequence[Any]
    goes_on: bool
    live: bool
    problems: Sequence[str]

    @abstractmethod
    def choose(self, tracks: Collection[Any]) -> None:
        """Give packets of these tracks; called once, before any is read."""

    @abstractmethod
    def read(self) -> Any | None:
        """The next packet; None at the end, or where there is none yet."""

    @abstractmethod
    def close(self) -> None:
        """Let go what was opened."""


class OpenedTracks(TrackReader):
    """The tracks of what was opened for them."""

    goes_on = False

    def __init__(self, opened: Reopened) -> None:
        """Read from containers of one's own; closed by ``close``."""
        self._parts = opened.parts
        self.live = opened.live
        self.problems: list[str] = list(opened.problems)
        self.sound = list(chain.from_iterable(one.container.streams.audio for one in opened.parts))
        self.subtitles = list(chain.from_iterable(one.container.streams.subtitles for one in opened.parts))
        self._feeds: list[_Feed] = []

    def choose(self, tracks: Collection[Any]) -> None:
        """As ``TrackReader.choose``."""
        for part in self._parts:
            chosen = [stream for stream in tracks if stream.container is part.container]
            if chosen:
                self._feeds.append(_Feed(part, chosen))

    def read(self) -> Any | None:
        """As ``TrackReader.read``: that of the container which is furthest behind."""
        while self._feeds:
            feed = min(self._feeds, key=lambda one: one.time)
            try:
                packet = feed.read()
            except SourceLostError as error:
                self.problems.append(f"the sound ends early: {first_line(error)}")
                packet = None
            if packet is not None:
                return packet
            self._feeds.remove(feed)
        return None

    def close(self) -> None:
        """As ``TrackReader.close``."""
        for part in self._parts:
            with contextlib.suppress(av.FFmpegError):
                part.container.close()


class _Feed:
    """Packets of one container, with times on the source's clock."""

    def __init__(self, part: Opened, streams: Sequence[Any]) -> None:
        self.time = float("-inf")
        """How far it was read, in seconds on the source's clock."""
        self._behind = part.behind
        self._packets = part.container.demux(streams)
        self._bad_in_a_row = 0

    def read(self) -> Any | None:
        """The next packet, None at the end.

        Raises:
            SourceLostError: a list cannot be read any further.
        """
        while self._bad_in_a_row < MAX_CONSECUTIVE_BAD_PACKETS:
            try:
                packet: Any = next(self._packets, None)
            except IndexError:  # the end; PyAV stumbles there over streams that began on the way
                return None
            except av.FFmpegError:
                self._bad_in_a_row += 1
                continue
            if packet is None:
                return None
            self._bad_in_a_row = 0
            if packet.dts is not None and packet.time_base is not None:
                if self._behind:
                    ticks = round(self._behind / packet.time_base)
                    packet.pts, packet.dts = (packet.pts or packet.dts) + ticks, packet.dts + ticks
                self.time = float(packet.dts * packet.time_base)
            return packet
        return None


class StreamTracks(TrackReader):
    """The sound of a stream without end, so far as it was read on the way to its pictures."""

    goes_on = live = True
    subtitles = problems = ()

    def __init__(self, along: SoundAlong) -> None:
        """Take from what a source keeps; whoever opened that closes it."""
        self._along = along
        self.sound = along.streams
        self._chosen: Collection[Any] = ()

    def choose(self, tracks: Collection[Any]) -> None:
        """As ``TrackReader.choose``."""
        self._chosen = tracks

    def read(self) -> Any | None:
        """As ``TrackReader.read``."""
        while (packet := self._along.take()) is not None:
            if packet.stream in self._chosen:
                return packet
        return None

    def close(self) -> None:
        """As ``TrackReader.close``."""
