"""Frame timing: when a file's frame is due, and a frame's timestamp on the engine's clock."""

from __future__ import annotations

from webcam_app.capture.frame import Frame

MAX_LATENESS_SECONDS = 0.5
"""A file that is decoded too slowly catches up if it is at most this late; otherwise its schedule is shifted."""

ON_TIME_SECONDS = 0.02
"""A file's frame that is at most this late counts as shown when it was due: nobody sees it, and steps stay even."""

MIN_STEP_SECONDS = 0.001
"""Between frames that were taken at one moment, or in another order than they came."""


class Pace:
    """Schedules a file's frames at their own times."""

    def __init__(self, speed: float = 1.0) -> None:
        """Begin with the frame that comes next.

        Args:
            speed: how many times as fast as it was taken it plays.
        """
        self._speed = speed
        self._start: float | None = None

    def due(self, time: float, now: float) -> float:
        """When to show a frame.

        Args:
            time: of the frame, in seconds since the first.
            now: ``time.monotonic()``.

        Returns:
            A moment on the clock of ``now``, not later than is needed.
        """
        since = time / self._speed
        if self._start is None or now - (self._start + since) > MAX_LATENESS_SECONDS:
            self._start = now - since
        return self._start + since

    def shown(self, time: float, now: float) -> None:
        """A picture that took long to prepare is shown now: what follows keeps its distance from that.

        Args:
            time: of the picture, in seconds since the first.
            now: ``time.monotonic()``.
        """
        self._start = now - time / self._speed


class Timeline:
    """Strictly increasing timestamps on one clock, whatever source the frames are from: when each was taken.

    A frame's own time is no help there: a camera's clock may be off, and a file that was read too late for a while
    goes on late. Sound, and the moment at which somebody stops a recording, are on this clock.
    """

    def __init__(self, started: float) -> None:
        """Begin the clock at ``started``, in seconds of ``time.monotonic()``."""
        self._started = started
        self.last = -1.0
        """Timestamp of the newest frame."""

    def now(self, monotonic: float) -> float:
        """A moment of ``time.monotonic()`` on this clock."""
        return monotonic - self._started

    def timestamp(self, frame: Frame) -> float:
        """The timestamp of a frame, in seconds."""
        self.last = max(self.now(frame.taken_at), self.last + MIN_STEP_SECONDS)
        return self.last
