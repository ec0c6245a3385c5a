"""A queue of length one between two threads that keeps the newest item."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds the newest item until it is taken; a slow consumer drops items instead of delaying. One thread takes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._working = False
        self._closed = False

    def put(self, item: T) -> T | None:
        """Store an item; returns the one that it replaced, which was not taken yet, if there was one."""
        with self._changed:
            replaced, self._item = self._item, item
            self._changed.notify_all()
            return replaced

    def take(self) -> T | None:
        """Wait for an item; None once the slot is closed. A call also marks the last item as done."""
        with self._changed:
            self._working = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._item is not None or self._closed)
            item, self._item = self._item, None
            self._working = item is not None
            return None if self._closed else item

    def wait_idle(self, timeout: float) -> bool:
        """Wait until every item is taken and done, at most ``timeout`` seconds; returns whether that is so."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closed or (self._item is None and not self._working), timeout=timeout
            )

    def close(self) -> None:
        """Make ``take`` return None from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
