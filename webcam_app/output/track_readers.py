"""Where packets of sound and subtitles come from: a file that is opened again, or a stream that somebody else reads."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import av

from webcam_app.capture.sound_along import SoundAlong

# A damaged packet is a click; after so many in a row the rest is silence.
MAX_CONSECUTIVE_BAD_PACKETS = 100


class TrackReader(ABC):
    """Gives packets of tracks in the order in which they come. One thread.

    Attributes:
        sound, subtitles: the tracks that there are.
        goes_on: whether there may be a packet later where there is none now.
    """

    sound: Sequence[Any]
    subtitles: Sequence[Any]
    goes_on: bool

    @abstractmethod
    def choose(self, indices: Collection[int]) -> None:
        """Give packets of the tracks with these indices; called once, before any is read."""

    @abstractmethod
    def read(self) -> Any | None:
        """The next packet; None at the end, or where there is none yet."""

    @abstractmethod
    def close(self) -> None:
        """Let go what was opened."""


class FileTracks(TrackReader):
    """The tracks of a file."""

    goes_on = False

    def __init__(self, container: av.container.InputContainer) -> None:
        """Read from a container of one's own; closed by ``close``."""
        self._container = container
        self.sound, self.subtitles = container.streams.audio, container.streams.subtitles
        self._packets: Iterator[Any] = iter(())

    def choose(self, indices: Collection[int]) -> None:
        """As ``TrackReader.choose``."""
        self._packets = self._read([self._container.streams[index] for index in indices])

    def read(self) -> Any | None:
        """As ``TrackReader.read``."""
        return next(self._packets, None)

    def close(self) -> None:
        """As ``TrackReader.close``."""
        with contextlib.suppress(av.FFmpegError):
            self._container.close()

    def _read(self, streams: Sequence[Any]) -> Iterator[Any]:
        if not streams:
            return
        packets = self._container.demux(streams)
        bad_in_a_row = 0
        while bad_in_a_row < MAX_CONSECUTIVE_BAD_PACKETS:
            try:
                packet = next(packets, None)
            except IndexError:  # the end; PyAV stumbles there over streams that began on the way
                return
            except av.FFmpegError:
                bad_in_a_row += 1
                continue
            if packet is None:
                return
            bad_in_a_row = 0
            yield packet


class StreamTracks(TrackReader):
    """The sound of a stream without end, so far as it was read on the way to its pictures."""

    goes_on = True
    subtitles = ()

    def __init__(self, along: SoundAlong) -> None:
        """Take from what a source keeps; whoever opened that closes it."""
        self._along = along
        self.sound = along.streams
        self._chosen: Collection[int] = ()

    def choose(self, indices: Collection[int]) -> None:
        """As ``TrackReader.choose``."""
        self._chosen = indices

    def read(self) -> Any | None:
        """As ``TrackReader.read``."""
        while (packet := self._along.take()) is not None:
            if packet.stream_index in self._chosen:
                return packet
        return None

    def close(self) -> None:
        """As ``TrackReader.close``."""
