"""The sound of a live recording: AAC beside the pictures, unbroken from their first to their last."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

from webcam_app.output.live.sound_step import RATE, Samples, SoundStep

# What nobody tells from the original, for speech in one channel or a room in two.
BITS_A_SECOND = {1: 96_000, 2: 160_000}
# AAC begins with as many samples of its own, which players without an edit list do play. So the first that are given to
# it are those of this moment, and its own stand for what was before: 21 ms.
ENCODER_SAMPLES = 1024
# The file grows by pictures only as far as it has sound. A microphone's sound is there a tenth of a second after it was
# taken; what is later than MAX_BEHIND will not come, and silence up to FILL_BEHIND takes its place. Some systems hand
# it on later: then both are as much more as it has been late, up to MAX_LATE.
MAX_BEHIND_SECONDS, FILL_BEHIND_SECONDS, MAX_LATE_SECONDS = 0.5, 0.3, 3.0
# Of a lateness that is over, this part is forgotten with each block of 20 ms: half of it in a second and a half.
FORGOTTEN = 0.01


class LiveSound:
    """A sound stream in a recording. Its methods yield packets, which are to be muxed in this order."""

    def __init__(self, container: av.container.OutputContainer, channels: int) -> None:
        """Add the stream.

        Args:
            container: an open output container.
            channels: 1 or 2.
        """
        self._layout = "mono" if channels == 1 else "stereo"
        self._stream: Any = container.add_stream("aac", rate=RATE, layout=self._layout)
        self._stream.codec_context.bit_rate = BITS_A_SECOND[channels]
        self._stream.codec_context.time_base = Fraction(1, RATE)
        self._step = SoundStep(channels, ENCODER_SAMPLES)
        self._encoded = self._step.position
        self._picture_time = self._late = 0.0
        self._waiting: Samples = np.empty((0, channels), np.float32)

    def restart(self) -> None:
        """The next block does not follow the last: the recording was paused, or its clock set."""
        self._step.restart()

    def push(self, samples: Samples, rate: int, time: float) -> Iterator[Any]:
        """Take a block.

        Args:
            samples: N×channels float32, -1 to 1.
            rate: samples a second as the device states it.
            time: when the first was taken, in seconds of the recording.
        """
        late = self._picture_time - (time + len(samples) / rate)
        self._late = min(max(late, (1 - FORGOTTEN) * self._late, 0.0), MAX_LATE_SECONDS)
        yield from self._encode(self._step.push(samples, rate, time))

    def keep_up(self, time: float) -> Iterator[Any]:
        """A picture of this time of the recording was written: silence stands for sound that did not come."""
        self._picture_time = time
        if self._step.end < time - MAX_BEHIND_SECONDS - self._late:
            yield from self._encode(self._step.fill(time - FILL_BEHIND_SECONDS - self._late))

    def fill(self, time: float) -> Iterator[Any]:
        """Silence up to this time of the recording, if sound does not reach as far."""
        yield from self._encode(self._step.fill(time))

    def finish(self, time: float) -> Iterator[Any]:
        """The rest, up to this time of the recording. Nothing can be given afterwards."""
        yield from self.fill(time)
        if len(self._waiting):
            yield from self._send(self._waiting)
        yield from self._stream.encode(None)

    def _encode(self, parts: Iterator[Samples]) -> Iterator[Any]:
        for part in parts:
            self._waiting = np.concatenate([self._waiting, part])
            while len(self._waiting) >= ENCODER_SAMPLES:
                whole, self._waiting = self._waiting[:ENCODER_SAMPLES], self._waiting[ENCODER_SAMPLES:]
                yield from self._send(whole)

    def _send(self, samples: Samples) -> Iterator[Any]:
        planes = np.ascontiguousarray(np.clip(samples, -1, 1).T)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=self._layout)
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self._encoded
        self._encoded += len(samples)
        yield from self._stream.encode(frame)
