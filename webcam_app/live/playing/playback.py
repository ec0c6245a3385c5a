"""What a person wants of the file that plays; between the window's thread and the one that reads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

SLOWEST, FASTEST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class Goal:
    """Where to go to.

    Attributes:
        time: seconds since the first frame; None for where it is.
        steps: so many frames from there, backwards where negative.
    """

    time: float | None
    steps: int = 0


class Playback:
    """Paused or not, where to, how fast, over and over. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._paused = False
        self._speed = 1.0
        self._loop = False
        self._faces_first = False
        self._goal: Goal | None = None
        self._at_end = False
        self._closed = False

    @property
    def paused(self) -> bool:
        """Whether it stands still because the person asked for it."""
        return self._paused

    @property
    def speed(self) -> float:
        """How many times as fast as it was taken it plays."""
        return self._speed

    @property
    def loop(self) -> bool:
        """Whether it begins again at its end."""
        return self._loop

    @property
    def faces_first(self) -> bool:
        """Whether a frame that was sought, or is the first, is shown only when the faces in it are known."""
        return self._faces_first

    @property
    def at_end(self) -> bool:
        """Whether the last frame was shown and nothing else is to be shown."""
        return self._at_end

    @property
    def wanted(self) -> bool:
        """Whether there is a goal that nobody has gone to yet."""
        return self._goal is not None

    @property
    def wants_elsewhere(self) -> bool:
        """Whether that goal is another time, so that the way to any other need not be gone."""
        goal = self._goal
        return self._closed or (goal is not None and goal.time is not None)

    def set_paused(self, paused: bool) -> None:
        """Stand still, or go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def set_speed(self, speed: float) -> None:
        """Play slower or faster.

        Raises:
            ValueError: it is not between a quarter and four times.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"a speed is {SLOWEST} to {FASTEST}, not {speed}")
        with self._changed:
            self._speed = speed
            self._changed.notify_all()

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or not."""
        with self._changed:
            self._loop = loop
            self._changed.notify_all()

    def set_faces_first(self, faces_first: bool) -> None:
        """Show a file's first frame, and one that is sought, only with its faces; for who covers them."""
        self._faces_first = faces_first

    def seek(self, time: float) -> None:
        """Go to the frame that is shown at a time, in seconds; of several wishes the newest counts."""
        self._set_goal(Goal(time))

    def step(self, frames: int) -> None:
        """Go so many frames on, backwards where negative, and stand still there."""
        with self._changed:
            self._paused = True
            goal = self._goal or Goal(None)
            self._set_goal(Goal(goal.time, goal.steps + frames))

    def close(self) -> None:
        """Nobody wants anything any more: all waiting ends, and no other begins."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take_goal(self) -> Goal | None:
        """The goal, which is forgotten then."""
        with self._changed:
            goal, self._goal = self._goal, None
            return goal

    def set_at_end(self) -> bool:
        """The last frame was shown; returns False where something else is wanted already."""
        with self._changed:
            self._at_end = self._goal is None and not self._loop and not self._closed
            return self._at_end

    def wait_while_paused(self) -> bool:
        """Wait until it is to go on; returns whether there was anything to wait for."""
        with self._changed:
            if not self._paused:
                return False
            self._changed.wait_for(lambda: self._closed or not self._paused)
            return True

    def wait_for_a_wish(self, timeout: float | None = None) -> bool:
        """Wait, paused or at the end, until something is wanted.

        Args:
            timeout: seconds after which to give up; None for never.

        Returns:
            Whether something is wanted.
        """
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closed or self._goal is not None or not self._rests, timeout=timeout
            )

    def wait_until(self, due: float) -> bool:
        """Wait for a moment of ``time.monotonic()``; returns False if something else is wanted before.

        Args:
            due: that moment.
        """
        speed = self._speed
        with self._changed:
            return not self._changed.wait_for(
                lambda: self._closed or self._goal is not None or self._paused or self._speed != speed,
                timeout=max(0.0, due - time.monotonic()),
            )

    @property
    def _rests(self) -> bool:
        return self._paused or (self._at_end and not self._loop)

    def _set_goal(self, goal: Goal) -> None:
        with self._changed:
            self._goal, self._at_end = goal, False
            self._changed.notify_all()
