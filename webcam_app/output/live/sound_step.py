"""Keeps sound in step with the clock of the pictures, whatever the sound card's own clock does."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

RATE = 48_000
"""Samples a second of what is given back."""

# A block is never early, but late where the system is busy: the earliest of a second tells when sound was taken.
WINDOW_SECONDS = 1.0
# Of the way to a new estimate, this part a block of 20 ms: what jitter is left moves the sound by fractions of a
# millisecond, and a sound card that is off by 200 millionths is followed 0.4 ms behind.
SMOOTHING_SECONDS = 2.0
# Sound that is missing for longer than this was not taken: silence stands for it at once.
GAP_SECONDS = 0.5
# A smaller lack is jitter, unless it lasts for a whole window; then a driver has lost a block.
LASTING_GAP_SECONDS = 0.03
# libswresample stretches or squeezes by at most 1 %, which nobody hears; sound cards are off by less than 0.1 %.
MAX_STRETCH_SAMPLES = RATE // 100

Samples = NDArray[np.float32]


class SoundStep:
    """Sound in, as it was taken and with the time of that; an unbroken row of samples out, in step with these times.

    The device's clock is compared with the pictures' all the time, and libswresample stretches the sound by what they
    differ. Where sound is missing there is silence; where it overlaps, its beginning is left out.
    """

    def __init__(self, channels: int, start: int = 0) -> None:
        """Begin.

        Args:
            channels: 1 or 2, of what is given back; a block with another number is adapted.
            start: the first sample's number: what was taken before ``start / RATE`` seconds is left out.
        """
        self.channels = channels
        self.position = start
        """Number of the next sample that is given back: it belongs to ``position / RATE`` seconds."""
        self._graph: Graph | None = None
        self._rate = 0
        self._taken = 0
        self._origin = 0.0
        self._late: deque[tuple[float, float]] = deque()
        self._lateness: float | None = None

    @property
    def end(self) -> float:
        """Up to when sound has been given back, in seconds."""
        return self.position / RATE

    def restart(self) -> None:
        """The times of the next block are on another clock, or what came between was left out on purpose."""
        self._graph = None

    def push(self, samples: Samples, rate: int, time: float) -> Iterator[Samples]:
        """Take a block.

        Args:
            samples: N×channels float32.
            rate: samples a second as the device states it.
            time: when the first was taken, in seconds of the recording.

        Yields:
            Samples of the recording, M×channels at ``RATE``, the first of which is number ``position`` before.
        """
        samples = _with_channels(samples, self.channels)
        if self._graph is not None and (rate != self._rate or self._gap(time, rate) > GAP_SECONDS):
            self._graph = None
        if self._graph is None:
            yield from self.fill(time)
            skipped = max(0, round((self.end - time) * rate))
            samples, time = samples[skipped:], time + skipped / rate
            if not len(samples):
                return
            self._begin(rate, self.end)
        self._note(time)
        if self._lost_for_good:
            lost = round((self._late_now - (self._lateness or 0.0)) * rate)
            yield from self._resampled(np.zeros((lost, self.channels), np.float32))
            self._late.clear()
            self._note(time)
        yield from self._resampled(samples)

    def fill(self, until: float) -> Iterator[Samples]:
        """Silence up to a moment of the recording, if sound does not reach as far; later blocks begin after it."""
        count = round(until * RATE) - self.position
        if count > 0:
            self._graph = None
            while count > 0:
                some = min(count, RATE)
                self.position += some
                count -= some
                yield np.zeros((some, self.channels), np.float32)

    def _begin(self, rate: int, time: float) -> None:
        layout = "mono" if self.channels == 1 else "stereo"
        graph: Any = Graph()
        source = graph.add_abuffer(sample_rate=rate, format="flt", layout=layout, time_base=Fraction(1, rate))
        stretch = graph.add("aresample", f"{RATE}:async={MAX_STRETCH_SAMPLES}:min_hard_comp=10:first_pts=0")
        form = graph.add("aformat", f"sample_fmts=flt:channel_layouts={layout}")
        sink = graph.add("abuffersink")
        source.link_to(stretch)
        stretch.link_to(form)
        form.link_to(sink)
        graph.configure()
        self._graph, self._rate, self._taken, self._origin = graph, rate, 0, time
        self._late.clear()
        self._lateness = None

    def _expected(self, rate: int) -> float:
        """When the next sample should have been taken if the device's clock were right."""
        return self._origin + self._taken / rate

    def _gap(self, time: float, rate: int) -> float:
        return time - self._expected(rate) - (self._lateness or 0.0)

    @property
    def _late_now(self) -> float:
        return min(late for _, late in self._late)

    def _note(self, time: float) -> None:
        """Compare the clocks."""
        late = time - self._expected(self._rate)
        while self._late and self._late[0][0] <= time - WINDOW_SECONDS:
            self._late.popleft()
        step = time - self._late[-1][0] if self._late else 0.0
        self._late.append((time, late))
        if self._lateness is None:
            self._lateness = 0.0
        elif not self._too_late:
            weight = min(1.0, max(0.0, step) / SMOOTHING_SECONDS)
            self._lateness += weight * (self._late_now - self._lateness)

    @property
    def _lost_for_good(self) -> bool:
        """Whether each block of a whole window came too late."""
        first, last = self._late[0][0], self._late[-1][0]
        return last - first > 0.8 * WINDOW_SECONDS and self._too_late

    @property
    def _too_late(self) -> bool:
        """Whether this is no drift."""
        return self._late_now - (self._lateness or 0.0) > LASTING_GAP_SECONDS

    def _resampled(self, samples: Samples) -> Iterator[Samples]:
        graph = self._graph
        assert graph is not None
        layout = "mono" if self.channels == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.time_base = self._rate, Fraction(1, self._rate)
        frame.pts = round(self._taken + (self._lateness or 0.0) * self._rate)
        self._taken += len(samples)
        graph.push(frame)
        while True:
            try:
                out: Any = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            given = out.to_ndarray().reshape(-1, self.channels)
            self.position += len(given)
            yield given


def _with_channels(samples: Samples, channels: int) -> Samples:
    if samples.shape[1] == channels:
        return samples
    if channels == 1:
        mixed: Samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
        return mixed
    return np.repeat(samples[:, :1], channels, axis=1)
