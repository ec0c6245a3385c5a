"""The sound of a video file, taken over into another."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from webcam_app.output.timing import open_again

# What the containers hold as it is; anything else is encoded anew.
MP4_CODECS = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"})
COPIED_CODECS = {"mp4": MP4_CODECS, "mov": MP4_CODECS | {"pcm_s16le", "pcm_s24le"}, "matroska": None}
NEW_CODEC = "aac"
NEW_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
# A damaged packet is a click; after so many in a row the rest is silence.
MAX_CONSECUTIVE_BAD_PACKETS = 100


class Sound:
    """The first sound track of a file, read along with the video that it belongs to."""

    def __init__(self, path: Path, output: av.container.OutputContainer, format_name: str) -> None:
        """Open the file a second time and add a stream to the output.

        Args:
            path: a file that has sound.
            output: where it goes; its header must not be written yet.
            format_name: the output's format: mp4, mov or matroska.

        Raises:
            OSError, ValueError, av.FFmpegError: there is no sound, or none that can be taken over.
        """
        self._output = output
        self._input = open_again(path)
        try:
            if not self._input.streams.audio:
                raise ValueError("there is no sound")
            self._stream = self._input.streams.audio[0]
            if self._stream.codec_context is None:
                raise ValueError("nobody knows its codec")
            name = _codec_name(self._stream)
            copied = COPIED_CODECS[format_name]
            self._resampler: Any = None
            self._target: Any
            if copied is None or name in copied:
                self._target = _copy_of(self._stream, output)
            else:
                rate = self._stream.rate or NEW_RATES[0]
                rate = rate if rate in NEW_RATES else NEW_RATES[0]
                layout = "mono" if self._stream.channels == 1 else "stereo"
                self._target = output.add_stream(NEW_CODEC, rate=rate, layout=layout)
                self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate, frame_size=1024)
        except BaseException:
            self._input.close()
            raise
        self._packets = self._converted()
        self._next: Any = None
        self._last_dts: int | None = None

    def mux_until(self, seconds: float | None, base: float) -> None:
        """Write the sound up to a moment.

        Args:
            seconds: on the input's clock; None for all that is left.
            base: the input's time that is the output's zero.

        Raises:
            OSError: the output takes no more.
        """
        while True:
            packet = self._next if self._next is not None else next(self._packets, None)
            if packet is None:
                return
            if seconds is not None and float(packet.pts * packet.time_base) > seconds:
                self._next = packet
                return
            self._next = None
            self._mux(packet, base)

    def close(self) -> None:
        """Let the input go."""
        with contextlib.suppress(av.FFmpegError):
            self._input.close()

    def _mux(self, packet: Any, base: float) -> None:
        shift = round(Fraction(base) / packet.time_base)
        packet.pts -= shift
        packet.dts = packet.pts if packet.dts is None else packet.dts - shift
        if self._last_dts is not None and packet.dts <= self._last_dts:
            return
        self._last_dts = packet.dts
        packet.stream = self._target
        self._output.mux(packet)

    def _converted(self) -> Iterator[Any]:
        for packet in self._read():
            if self._resampler is None:
                if packet.pts is not None and packet.size:
                    yield packet
                continue
            with contextlib.suppress(av.FFmpegError):  # a damaged packet
                for frame in packet.decode():
                    for resampled in self._resampler.resample(frame):
                        yield from self._target.encode(resampled)
        if self._resampler is not None:
            with contextlib.suppress(av.FFmpegError):
                for resampled in self._resampler.resample(None):
                    yield from self._target.encode(resampled)
                yield from self._target.encode(None)

    def _read(self) -> Iterator[Any]:
        packets = self._input.demux(self._stream)
        bad_in_a_row = 0
        while bad_in_a_row < MAX_CONSECUTIVE_BAD_PACKETS:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                bad_in_a_row += 1
                continue
            if packet is None:
                return
            bad_in_a_row = 0
            yield packet


def _codec_name(stream: Any) -> str:
    """The codec's own name: ``mp3``, not that of the decoder at hand, ``mp3float``."""
    codec = stream.codec_context.codec
    return str(getattr(codec, "canonical_name", codec.name))


def _copy_of(stream: Any, output: Any) -> Any:
    if hasattr(output, "add_stream_from_template"):
        return output.add_stream_from_template(stream)
    return output.add_stream(template=stream)
