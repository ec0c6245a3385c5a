"""A place for one thing, the newest, between two threads."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds the newest item until it is taken. Any thread may put, one takes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._working = False
        self._closed = False

    def put(self, item: T) -> bool:
        """Leave an item; returns whether it took the place of one that nobody had taken."""
        with self._changed:
            replaced = self._item is not None
            self._item = item
            self._changed.notify_all()
            return replaced

    def take(self) -> T | None:
        """Wait for an item; None once the slot is closed. Asking for the next says that the last one is done with."""
        with self._changed:
            self._working = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._item is not None or self._closed)
            item, self._item = self._item, None
            self._working = item is not None
            return None if self._closed else item

    def wait_idle(self, timeout: float) -> bool:
        """Wait until everything that was put has been worked on, at most ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closed or (self._item is None and not self._working), timeout=timeout
            )

    def close(self) -> None:
        """Let ``take`` return None from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
