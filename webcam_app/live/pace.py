"""When a frame is due, and when it happened on the engine's clock."""

from __future__ import annotations

from webcam_app.capture.frame import Frame

MAX_LATENESS_SECONDS = 0.5
"""A file that is decoded too slowly hurries to catch up by this much; later than that, it plays on from where it is."""

MAX_TIMESTAMP_DRIFT_SECONDS = 1.0
"""Frame times that are this far from their arrival are taken from the arrival: the source stood still, began again, or
its clock is wrong."""

MIN_STEP_SECONDS = 0.001
"""Between frames that claim the same time, or to lie in the past."""


class Pace:
    """Plays frames at the times that their file has for them."""

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


class Timeline:
    """Gives frames of one source after another strictly increasing times on one clock."""

    def __init__(self, started: float) -> None:
        """Begin the clock at ``started``, in seconds of ``time.monotonic()``."""
        self._started = started
        self._offset: float | None = None
        self.last = -1.0
        """When the newest frame happened."""

    def now(self, monotonic: float) -> float:
        """A moment of ``time.monotonic()`` on this clock."""
        return monotonic - self._started

    def restart(self) -> None:
        """The next frame is the first of a source: its times begin at 0 again."""
        self._offset = None

    def timestamp(self, frame: Frame) -> float:
        """When a frame happened, in seconds."""
        arrived = self.now(frame.taken_at)
        if self._offset is None or abs(self._offset + frame.time - arrived) > MAX_TIMESTAMP_DRIFT_SECONDS:
            self._offset = arrived - frame.time
        self.last = max(self._offset + frame.time, self.last + MIN_STEP_SECONDS)
        return self.last
