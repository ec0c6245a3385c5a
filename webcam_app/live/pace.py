"""Frame timing: when a file's frame is due, and a frame's timestamp on the engine's clock."""

from __future__ import annotations

from webcam_app.capture.frame import Frame

MAX_LATENESS_SECONDS = 0.5
"""A file that is decoded too slowly catches up if it is at most this late; otherwise its schedule is shifted."""

MAX_TIMESTAMP_DRIFT_SECONDS = 1.0
"""Where a frame's time is further than this from its arrival, the arrival counts: the source stalled, restarted, or its
clock is wrong."""

MIN_STEP_SECONDS = 0.001
"""Between frames whose times are equal or run backwards."""


class Pace:
    """Schedules a file's frames at their own times."""

    def __init__(self) -> None:
        self._start: float | None = None

    def due(self, time: float, now: float) -> float:
        """When to show a frame.

        Args:
            time: of the frame, in seconds since the first.
            now: ``time.monotonic()``.

        Returns:
            A moment on the clock of ``now``, not later than is needed.
        """
        if self._start is None or now - (self._start + time) > MAX_LATENESS_SECONDS:
            self._start = now - time
        return self._start + time

    def shown(self, time: float, now: float) -> None:
        """A picture that took long to prepare is shown now: what follows keeps its distance from that.

        Args:
            time: of the picture, in seconds since the first.
            now: ``time.monotonic()``.
        """
        self._start = now - time


class Timeline:
    """Maps the frames of successive sources to strictly increasing timestamps on one clock."""

    def __init__(self, started: float) -> None:
        """Begin the clock at ``started``, in seconds of ``time.monotonic()``."""
        self._started = started
        self._offset: float | None = None
        self.last = -1.0
        """Timestamp of the newest frame."""

    def now(self, monotonic: float) -> float:
        """A moment of ``time.monotonic()`` on this clock."""
        return monotonic - self._started

    def restart(self) -> None:
        """The next frame is the first of a source: its times start at 0 again."""
        self._offset = None

    def timestamp(self, frame: Frame) -> float:
        """The timestamp of a frame, in seconds."""
        arrived = self.now(frame.taken_at)
        if self._offset is None or abs(self._offset + frame.time - arrived) > MAX_TIMESTAMP_DRIFT_SECONDS:
            self._offset = arrived - frame.time
        self.last = max(self._offset + frame.time, self.last + MIN_STEP_SECONDS)
        return self.last
