"""From the times of frames, on any clock, to the timestamps of a recording."""

from __future__ import annotations

import math

# A clock that stands still or steps back by less than this repeats a moment: the frame is dropped. By more, it was set
# back or another source took over: the recording goes on from there without a gap.
CLOCK_STEP_SECONDS = 0.5
# MP4 keeps the time from one frame to the next in 32 bits, which at 90 kHz is 13 hours.
MAX_GAP_SECONDS = 12 * 3600.0
# Weight of the newest frame in the running mean of the interval, and the longest interval that counts.
INTERVAL_WEIGHT = 1 / 8
MAX_INTERVAL_SECONDS = 1.0


class RecordingClock:
    """Strictly increasing timestamps in seconds, the first frame's 0."""

    def __init__(self, interval: float) -> None:
        """Start.

        Args:
            interval: about how many seconds pass between frames.
        """
        self.interval = interval
        """Running mean of the seconds between frames: how long the last one is shown."""
        self.last: float | None = None
        """Timestamp of the last frame, set by whoever recorded it; None before the first."""
        self.offset = 0.0
        """What is added to a time to get its timestamp."""
        self._held: float | None = None

    def timestamp(self, time: float) -> float | None:
        """Timestamp of a frame taken at ``time``, or None where it is not later than the last, or no number."""
        if not math.isfinite(time):
            return None
        if self.last is None:
            self.offset = -time
            return 0.0
        timestamp = time + self.offset
        step = timestamp - self.last
        if step <= -CLOCK_STEP_SECONDS or step > MAX_GAP_SECONDS:
            timestamp = self.last + self.interval
            self.offset = timestamp - time
        elif step <= 0:
            return None
        return timestamp

    def hold(self, time: float) -> None:
        """Stop at ``time``: what is taken from ``go_on`` on follows it without a gap."""
        if self.last is not None:
            self._held = max(time + self.offset, self.last + self.interval)

    def go_on(self, time: float) -> None:
        """Go on at ``time`` after ``hold``."""
        if self._held is not None:
            self.offset, self._held = self._held - time, None

    def update_interval(self, timestamp: float) -> None:
        """Take the step to a new frame into the running mean."""
        if self.last is not None:
            step = min(timestamp - self.last, MAX_INTERVAL_SECONDS)
            self.interval += (step - self.interval) * INTERVAL_WEIGHT

    def closing_timestamp(self, time: float) -> float | None:
        """When to repeat the last frame so that it is shown until ``time``; None where it needs no repeating."""
        if self.last is None:
            return None
        timestamp = time + self.offset - self.interval
        return timestamp if self.interval / 2 < timestamp - self.last <= MAX_GAP_SECONDS else None
