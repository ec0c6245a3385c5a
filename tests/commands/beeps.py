"""Videos whose picture turns white whenever their sound beeps, and how far apart the two are in a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 30
BEEPS = (0.5, 1.5, 2.5)
BEEP_SECONDS = 0.2
SECONDS = 3.2


@dataclass(frozen=True)
class Sound:
    """A sound track to make: its codec and form, when it begins, and what part of it is missing."""

    codec: str
    rate: int = 48_000
    layout: str = "mono"
    start: float = 0.0
    seconds: float = SECONDS
    gap: tuple[float, float] | None = None
    language: str | None = None
    default: bool = True


def write_beeps(
    path: Path,
    sounds: Sequence[Sound],
    *,
    video: str = "mpeg4",
    options: dict[str, str] | None = None,
    start: float = 0.0,
    form: str | None = None,
) -> Path:
    """Write the video, its first picture at ``start``; picture and sound belong together where both have a time."""
    with av.open(str(path), "w", format=form) as container:
        stream: Any = container.add_stream(video, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p" if video == "mjpeg" else "yuv420p"
        stream.codec_context.options = options or {}
        voices = []
        for sound in sounds:
            voice: Any = container.add_stream(sound.codec, rate=sound.rate, layout=sound.layout)
            voice.bit_rate = 128_000
            voice.disposition = av.stream.Disposition.default if sound.default else av.stream.Disposition(0)
            if sound.language is not None:
                voice.metadata["language"] = sound.language
            voices.append(voice)
        for number in range(round((SECONDS - start) * RATE)):
            white = any(-0.001 <= start + number / RATE - beep < BEEP_SECONDS - 0.001 for beep in BEEPS)
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 235 if white else 16, np.uint8), format="bgr24")
            frame.pts, frame.time_base = number + round(start * RATE), Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        for voice, sound in zip(voices, sounds, strict=True):
            for packet in _beeping(voice, sound):
                container.mux(packet)
    return path


def _beeping(voice: Any, sound: Sound) -> list[Any]:
    context = voice.codec_context
    size = context.frame_size or 1024
    resampler = av.AudioResampler(format=context.format.name, layout=sound.layout, rate=sound.rate, frame_size=size)
    packets: list[Any] = []
    channels = context.layout.nb_channels
    for first in range(0, round(sound.seconds * sound.rate), size):
        times = sound.start + np.arange(first, first + size) / sound.rate
        if sound.gap is not None and sound.gap[0] <= times[0] < sound.gap[1]:
            continue
        loud = np.any([(times >= beep) & (times < beep + BEEP_SECONDS) for beep in BEEPS], axis=0)
        wave = (0.5 * loud * np.sin(2 * np.pi * 1000 * times)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.tile(wave, (channels, 1)), format="fltp", layout=sound.layout)
        frame.sample_rate, frame.time_base = sound.rate, Fraction(1, sound.rate)
        frame.pts = first + round(sound.start * sound.rate)
        for part in resampler.resample(frame):
            packets += voice.encode(part)
    return packets + list(voice.encode(None))


def flashes(path: Path) -> list[float]:
    """When the picture turns white, in seconds from the first picture."""
    found, before = [], 0.0
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    for frame in frames:
        mean = frame.to_ndarray(format="gray").mean()
        if mean > 128 >= before:
            found.append(float((frame.pts - frames[0].pts) * frame.time_base))
        before = mean
    return found


def first_picture(path: Path) -> float:
    """When the first picture is shown, in seconds on the file's clock."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert frame.pts is not None and frame.time_base is not None
        return float(frame.pts * frame.time_base)


def beeps(path: Path, track: int = 0) -> list[float]:
    """When the sound begins to beep, in seconds on the file's clock."""
    times, waves, expected = [], [], 0.0
    with av.open(str(path)) as container:
        for frame in container.decode(audio=track):
            begin = expected if frame.pts is None else float(frame.pts * frame.time_base)
            expected = begin + frame.samples / frame.sample_rate
            frame.pts = None
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=frame.sample_rate)
            for part in [*resampler.resample(frame), *resampler.resample(None)]:
                wave = np.abs(part.to_ndarray()[0])
                times.append(begin + np.arange(len(wave)) / frame.sample_rate)
                waves.append(wave)
    time, wave = np.concatenate(times), np.concatenate(waves)
    found, last = [], -1.0
    for moment in time[(wave > 0.2 * wave.max()) & (time >= 0)]:
        if moment - last > BEEP_SECONDS:
            found.append(float(moment))
        last = moment
    return found


def track_ends(path: Path) -> list[float]:
    """When each track ends in seconds, as its container states it."""
    with av.open(str(path)) as container:
        stated = [stream for stream in container.streams if stream.duration and stream.time_base]
        return [float(((stream.start_time or 0) + stream.duration) * stream.time_base) for stream in stated]
