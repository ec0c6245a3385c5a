"""What a track beside the pictures has in common with the others: its clock, and where it is cut."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import av

from webcam_app.capture.display_times import UnbrokenClock

# A track that begins so long before the pictures, or after them, has a damaged clock: it begins with them instead.
MAX_OFFSET_SECONDS = 3600.0


# QuickTime has numbers for some languages only, and FFmpeg knows them by these names.
QUICKTIME_LANGUAGES = {
    "deu": "ger",
    "nld": "dut",
    "swe": "sve",
    "zho": "chi",
    "ell": "gre",
    "isl": "ice",
    "sqi": "alb",
    "mkd": "mac",
    "hye": "arm",
    "kat": "geo",
    "fas": "iri",
    "hrv": "hr ",
    "srp": "sr ",
    "rum": "ron",
    "cze": "ces",
    "slo": "slk",
    "fre": "fra",
}


class TrackError(Exception):
    """Why a track cannot be taken over, in a few words."""


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a file that is taken over.

    Attributes:
        start: seconds on the file's clock that are the output's zero: the first picture.
        end: seconds after that at which the output ends, None for where the file does.
        holds_lead: whether the output can hold what begins before its zero; it is there, but not played.
    """

    start: float = 0.0
    end: float | None = None
    holds_lead: bool = True


class Track(ABC):
    """A track of the input on its way into the output."""

    def __init__(self, stream: Any, target: Any, span: Span) -> None:
        """Connect the two, and tell the output whose track it is.

        Args:
            stream: the input's.
            target: the output's.
            span: the part that is taken over.
        """
        self.stream, self.target, self.span = stream, target, span
        metadata, quicktime = target.metadata, "mov" in target.container.format.name
        language, title = stream.metadata.get("language"), stream.metadata.get("title")
        if language:
            metadata["language"] = QUICKTIME_LANGUAGES.get(language, language) if quicktime else language
        if title:
            metadata["title"] = metadata["handler_name"] = title  # the latter is what MP4 has for it
        target.disposition = stream.disposition
        self._clock = UnbrokenClock(stream.container.format.name)
        self._end: float | None = None
        self._shift = 0.0

    @property
    def name(self) -> str:
        """For people: the codec, and the language where the file says it."""
        language = self.stream.language
        return codec_name(self.stream) + (f", {language}" if language and language != "und" else "")

    def time(self, packet: Any) -> float:
        """When a packet of the input begins, in seconds of the output; call it once for each, in the file's order."""
        stamp = packet.pts if packet.pts is not None else packet.dts
        expected = self._end if self._end is not None else self.span.start
        time = expected
        if stamp is not None and packet.time_base is not None:
            time = self._clock.time(float(stamp * packet.time_base) + self._shift, expected)
            if self._end is None and abs(time - self.span.start) > MAX_OFFSET_SECONDS:
                self._shift = self.span.start - time
                time = self._clock.time(self.span.start, expected)
        self._end = time + seconds_of(packet)
        return time - self.span.start

    @abstractmethod
    def take(self, packet: Any, time: float) -> list[Any]:
        """Packets for the output.

        Args:
            packet: the input's.
            time: when it begins, in seconds of the output.
        """

    def rest(self) -> list[Any]:
        """What is still held back, at the end."""
        return []


def seconds_of(packet: Any) -> float:
    """A packet's length in seconds, 0 where unknown."""
    return float(packet.duration * packet.time_base) if packet.duration and packet.time_base is not None else 0.0


def codec_name(stream: Any) -> str:
    """The codec's own name: ``mp3``, not that of the decoder at hand, ``mp3float``.

    Raises:
        TrackError: nobody knows the codec.
    """
    if stream.codec_context is None:
        raise TrackError("nobody knows its codec")
    codec = stream.codec_context.codec
    return str(getattr(codec, "canonical_name", codec.name))


def copy_of(stream: Any, output: av.container.OutputContainer) -> Any:
    """A new stream of the output for packets of the input as they are."""
    return output.add_stream_from_template(stream)
