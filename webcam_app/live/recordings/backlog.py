"""The bounded queue before a recording's thread: what does not fit is left out evenly."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_QUEUED_BYTES = 128 << 20
"""Four seconds of VGA at 30 frames a second, 0.7 of 1080p: that long a disk may stand still without loss."""

MIN_QUEUED_FRAMES, MAX_QUEUED_FRAMES = 4, 120

MAX_OTHERS = 4000
"""Blocks of sound and the like: a minute or more. What does not fit in there is missing, and silent."""

MAX_STRIDE = 32
"""Least that is kept: one frame in so many, about one a second of a camera."""


class Backlog(Generic[T]):
    """Frames, which may be left out, and other items, which are not, in their order.

    Where the frames are too many, every second one of those that wait is left out, and from then on only every second
    one is taken in, and so on: a thread that stood still for seconds leaves a recording with fewer frames for as long,
    not with a hole. Once it is empty, all are taken again. Any thread may call any method.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """Frames that were left out."""
        self._changed = threading.Condition()
        self._items: deque[tuple[T, bool]] = deque()
        self._frames = 0
        self._most = MAX_QUEUED_FRAMES
        self._stride = 1
        self._offered = 0
        self._closed = False

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        return self._frames / self._most

    def put_frame(self, item: T, size: int) -> None:
        """Add a frame, or leave it out; never waits.

        Args:
            item: what ``take`` gives.
            size: its bytes, which decide how many fit.
        """
        with self._changed:
            if self._closed:
                return
            self._most = min(max(MIN_QUEUED_FRAMES, MAX_QUEUED_BYTES // max(size, 1)), MAX_QUEUED_FRAMES)
            self._offered += 1
            if self._offered % self._stride:
                self.dropped += 1
                return
            if self._frames >= self._most:
                self._thin()
            self._items.append((item, True))
            self._frames += 1
            self._changed.notify()

    def put(self, item: T) -> None:
        """Add something that is not thinned out, such as sound; never waits."""
        with self._changed:
            if not self._closed and len(self._items) - self._frames < MAX_OTHERS:
                self._items.append((item, False))
                self._changed.notify()

    def take(self) -> T | None:
        """Wait for an item; None once it is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed)
            if not self._items:
                return None
            item, is_frame = self._items.popleft()
            if is_frame:
                self._frames -= 1
                if self._frames == 0:
                    self._stride = 1
            return item

    def close(self, *, clear: bool = False) -> None:
        """Take in nothing more; with ``clear``, forget what waits as well."""
        with self._changed:
            self._closed = True
            if clear:
                self._items.clear()
                self._frames = 0
            self._changed.notify_all()

    def _thin(self) -> None:
        """Leave out every second frame that waits, and every second one to come."""
        kept: deque[tuple[T, bool]] = deque()
        keep = True
        for item, is_frame in self._items:
            if not is_frame or keep:
                kept.append((item, is_frame))
            else:
                self._frames -= 1
                self.dropped += 1
            if is_frame:
                keep = not keep
        self._items = kept
        self._stride = min(2 * self._stride, MAX_STRIDE)
