"""Sound tracks of a video file, taken over into another: as they are where it can hold them, else encoded anew."""

from __future__ import annotations

import contextlib
import io
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from webcam_app.output.track import Span, Track, codec_name, copy_of, seconds_of

# What the containers hold as it is and players play; anything else is encoded anew. Matroska holds nearly everything.
MP4_CODECS = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"})
COPIED_CODECS = {"mp4": MP4_CODECS, "mov": MP4_CODECS | {"pcm_s16le", "pcm_s24le"}, "matroska": None}
NEW_CODEC = "aac"
# At lower rates the encoder's blocks are longer than a picture, and Matroska counts one more than there is.
NEW_RATES = (44_100, 48_000)
NEW_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"}
NEW_BITS_PER_CHANNEL = 96_000
BLOCK_SAMPLES = 1024
# Samples a second that are sound: below telephones', and above DSD of the finest kind, only damaged headers are. One
# that says 1 would make 15 minutes, a gigabyte, of each packet.
RATES = range(1_000, 4_000_001)
# Time stamps jitter, in old Windows Media by some milliseconds: what is on average off by more than the first is put
# right, as is any step of more than the second. 20 ms between picture and sound is what nobody notices.
MAX_DRIFT_SECONDS = 0.008
MAX_STEP_SECONDS = 0.05
DRIFT_SMOOTHING = 0.1
# A longer gap is left to the time stamps instead of being filled with silence.
MAX_SILENCE_SECONDS = 60.0


def sound_track(stream: Any, output: av.container.OutputContainer, format_name: str, span: Span) -> Track:
    """Add a sound track to the output.

    Args:
        stream: the input's track.
        output: where it goes; its header must not be written yet.
        format_name: the output's format: mp4, mov or matroska.
        span: the part that is taken over.

    Raises:
        TrackError, OSError, ValueError, av.FFmpegError: it cannot be taken over.
    """
    name = codec_name(stream)
    copied = COPIED_CODECS[format_name]
    if (copied is None or name in copied) and _can_hold(stream, format_name):
        return CopiedSound(stream, copy_of(stream, output), span)
    channels, rate = stream.channels, stream.rate
    if not channels or not rate:
        raise ValueError("nothing is known of its form")
    if rate not in RATES:
        raise ValueError(f"it has {rate} samples a second, which is no sound")
    layout = NEW_LAYOUTS.get(channels, "stereo")
    rate = next((usual for usual in NEW_RATES if usual % rate == 0), NEW_RATES[-1])
    target: Any = output.add_stream(NEW_CODEC, rate=rate, layout=layout)
    target.bit_rate = NEW_BITS_PER_CHANNEL * target.channels
    return EncodedSound(stream, target, span, layout=layout)


class CopiedSound(Track):
    """Packets as they are, at times that only grow."""

    def __init__(self, stream: Any, target: Any, span: Span) -> None:
        """Connect the two."""
        super().__init__(stream, target, span)
        self._last_ticks: int | None = None
        self._can_be_cut = codec_name(stream).startswith("pcm_")

    def take(self, packet: Any, time: float) -> list[Any]:
        """The packet, or what of it lies in the span."""
        seconds, end = seconds_of(packet), self.span.end
        before = 0.0 if self.span.holds_lead else max(0.0, -time)
        after = 0.0 if end is None else max(0.0, time + seconds - end)
        if before + after > 0:
            if (end is not None and time >= end) or (before and (before >= seconds or not self._can_be_cut)):
                return []
            packet = self._cut(packet, before, after)
        ticks = round((time + before) / packet.time_base)
        if self._last_ticks is not None and ticks <= self._last_ticks:
            return []
        if not packet.duration:  # NUT states none, and the last one would be no part of an MP4 file
            packet.duration = self._usual_ticks(packet, ticks)
        self._last_ticks = packet.pts = packet.dts = ticks
        packet.stream = self.target
        return [packet]

    def _usual_ticks(self, packet: Any, ticks: int) -> int:
        """How long a packet at a place lasts, about: as the one before it, or as the codec's usually do."""
        if self._last_ticks is not None:
            return int(ticks - self._last_ticks)
        samples = self.stream.codec_context.frame_size or BLOCK_SAMPLES
        return max(1, int(samples / (self.stream.rate or NEW_RATES[-1]) / packet.time_base))

    def _cut(self, packet: Any, before: float, after: float) -> Any:
        """The packet without its beginning or end, or where it is all or nothing with a shorter length stated."""
        duration = max(1, packet.duration - round((before + after) / packet.time_base))
        if self._can_be_cut:
            samples = max(1, round(seconds_of(packet) * self.stream.rate))
            size = packet.size // samples
            first, last = round(before * self.stream.rate), samples - round(after * self.stream.rate)
            shorter = av.Packet(bytes(packet)[first * size : max(last, first + 1) * size])
            shorter.time_base = packet.time_base
            packet = shorter
        packet.duration = duration
        return packet


class EncodedSound(Track):
    """Decoded, put where its time stamps say, and encoded."""

    def __init__(self, stream: Any, target: Any, span: Span, *, layout: str) -> None:
        """Connect the two.

        Args:
            stream: the input's.
            target: the output's, an encoder for planar floats.
            span: the part that is taken over.
            layout: the target's channels.
        """
        super().__init__(stream, target, span)
        self._layout, self._rate = layout, int(target.rate)
        self._resampler = self._new_resampler()
        self._decoded_until: float | None = None
        self._blocks = _Blocks(self._rate, None if span.end is None else round(span.end * self._rate))

    def take(self, packet: Any, time: float) -> list[Any]:
        """What the encoder has ready."""
        made: list[Any] = []
        with contextlib.suppress(av.FFmpegError):  # a damaged packet: its place is silent
            # What the decoder gives has the packet's times, which the clock may have moved.
            moved = None if packet.pts is None or packet.time_base is None else float(packet.pts * packet.time_base)
            for frame in packet.decode():
                if frame.sample_rate not in RATES:
                    continue
                known = moved is not None and frame.pts is not None and frame.time_base is not None
                if known and moved is not None:
                    begin = float(frame.pts * frame.time_base) - moved + time
                else:
                    begin = time if self._decoded_until is None else self._decoded_until
                self._decoded_until = begin + frame.samples / frame.sample_rate
                made += self._add(frame, begin)
        return made

    def rest(self) -> list[Any]:
        """What the encoder still holds."""
        made: list[Any] = []
        with contextlib.suppress(av.FFmpegError, ValueError):
            for frame in self.stream.codec_context.decode(None):  # some decoders are behind
                if frame.sample_rate not in RATES:
                    continue
                begin = self._decoded_until or 0.0
                self._decoded_until = begin + frame.samples / frame.sample_rate
                made += self._add(frame, begin)
        with contextlib.suppress(av.FFmpegError, ValueError):
            for resampled in self._resampler.resample(None):
                made += self._encode(resampled)
        for first, samples in self._blocks.rest():
            made += self._packets(first, samples)
        made += self.target.encode(None)
        # The encoder fills its last block with silence, which would make the track longer than it was.
        end = self._blocks.end_of_last
        kept = [packet for packet in made if packet.pts < end]
        for packet in kept:
            packet.duration = min(packet.duration or BLOCK_SAMPLES, end - packet.pts)
        return kept

    def _add(self, frame: Any, begin: float) -> list[Any]:
        frame.time_base = Fraction(1, frame.sample_rate)
        frame.pts = round(begin * frame.sample_rate)
        try:
            resampled = self._resampler.resample(frame)
        except ValueError:  # the sound's form changes on the way
            self._resampler = self._new_resampler()
            resampled = self._resampler.resample(frame)
        return [packet for part in resampled for packet in self._encode(part)]

    def _encode(self, resampled: Any) -> list[Any]:
        begin = float(resampled.pts * resampled.time_base)
        self._blocks.add(resampled.to_ndarray(), begin)
        return [packet for first, samples in self._blocks.full() for packet in self._packets(first, samples)]

    def _packets(self, first: int, samples: NDArray[np.float32]) -> list[Any]:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=self._layout)
        frame.sample_rate, frame.time_base, frame.pts = self._rate, Fraction(1, self._rate), first
        return list(self.target.encode(frame))

    def _new_resampler(self) -> Any:
        return av.AudioResampler(format="fltp", layout=self._layout, rate=self._rate)


class _Blocks:
    """Samples, channels by number of them, in blocks for the encoder; gaps and drift are put right."""

    def __init__(self, rate: int, end: int | None) -> None:
        self._rate, self._end = rate, end
        self._parts: list[NDArray[np.float32]] = []
        self._buffered = 0
        self._first: int | None = None  # position of the first sample that is buffered
        self._drift = 0.0
        self._done: list[tuple[int, NDArray[np.float32]]] = []

    @property
    def end_of_last(self) -> int:
        """Position in samples at which all that was taken ends."""
        return (self._first or 0) + self._buffered

    def add(self, samples: NDArray[np.float32], begin: float) -> None:
        """Take samples that begin at a time in seconds."""
        wanted = round(begin * self._rate)
        if self._first is None:
            if wanted < 0:
                samples, wanted = samples[:, -wanted:], 0
            if not samples.shape[1]:
                return
            self._first = wanted
        off = wanted - (self._first + self._buffered)
        self._drift += DRIFT_SMOOTHING * (off - self._drift)
        if abs(off) <= MAX_STEP_SECONDS * self._rate:
            off = round(self._drift) if abs(self._drift) > MAX_DRIFT_SECONDS * self._rate else 0
        if off:
            self._drift = 0.0
        if off > MAX_SILENCE_SECONDS * self._rate:
            self._done += self.rest()
            self._first = wanted
        elif off > 0:
            self._put(np.zeros((samples.shape[0], off), np.float32))
        elif off < 0:
            samples = samples[:, -off:]
        self._put(samples)

    def full(self) -> list[tuple[int, NDArray[np.float32]]]:
        """Blocks that are full, each with its position in samples; they are given once."""
        ready, self._done = self._done, []
        if self._first is None or self._buffered < BLOCK_SAMPLES:
            return ready
        joined = np.concatenate(self._parts, axis=1)
        count = joined.shape[1] // BLOCK_SAMPLES
        for number in range(count):
            begin = number * BLOCK_SAMPLES
            ready.append((self._first + begin, joined[:, begin : begin + BLOCK_SAMPLES]))
        self._parts = [joined[:, count * BLOCK_SAMPLES :]]
        self._buffered -= count * BLOCK_SAMPLES
        self._first += count * BLOCK_SAMPLES
        return ready

    def rest(self) -> list[tuple[int, NDArray[np.float32]]]:
        """All that is left; the last block is shorter."""
        ready = self.full()
        if self._buffered and self._first is not None:
            ready.append((self._first, np.concatenate(self._parts, axis=1)))
            self._first += self._buffered
        self._parts, self._buffered = [], 0
        return ready

    def _put(self, samples: NDArray[np.float32]) -> None:
        if self._end is not None and self._first is not None:
            samples = samples[:, : max(0, self._end - self._first - self._buffered)]
        if samples.shape[1]:
            self._parts.append(samples)
            self._buffered += samples.shape[1]


def _can_hold(stream: Any, format_name: str) -> bool:
    """Whether a container of a format takes a track as it is: tried on one that is thrown away."""
    try:
        with av.open(io.BytesIO(), "w", format=format_name) as scratch:
            copy_of(stream, scratch)
            scratch.start_encoding()
    except (OSError, ValueError, av.FFmpegError):
        return False
    return True
