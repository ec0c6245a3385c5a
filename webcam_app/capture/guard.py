"""A source that can be closed while another thread is reading it."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from webcam_app.capture.frame import Frame
from webcam_app.capture.source import SeekCalls, Source

T = TypeVar("T")


class GuardedSource(Source):
    """A source whose handle is freed only while no read is running.

    The libraries below crash when a handle is freed during a read, and a read may block for seconds. So ``close``
    never waits: if a read is running, that read frees the handle when it comes back.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._released = False
        self._closing = threading.Event()
        """Set by ``close``. Waits inside a read end on it."""

    @abstractmethod
    def _read(self) -> Frame | None:
        """As ``read``; the handle is not freed while it runs."""

    @abstractmethod
    def _release(self) -> None:
        """Free the handle; called once."""

    def read(self) -> Frame | None:
        """The next frame, or None at the end or once the source is closed.

        Raises:
            SourceLostError: a live source stopped delivering, or a file is damaged from here on.
        """
        return self._guarded(self._read, None)

    def seek(self, time: float, *, lead: int = 0, calls: SeekCalls | None = None) -> list[Frame]:
        """As ``Source.seek``."""
        return self._guarded(lambda: self._seek(time, lead, calls or SeekCalls()), [])

    def _seek(self, time: float, lead: int, calls: SeekCalls) -> list[Frame]:
        """As ``seek``; the handle is not freed while it runs."""
        raise NotImplementedError(f"{type(self).__name__} cannot be sought")

    def _guarded(self, work: Callable[[], T], closed: T) -> T:
        """What the work gives, or ``closed`` once the source is closed; it is not freed meanwhile."""
        try:
            with self._guard:
                return closed if self._closing.is_set() else work()
        finally:
            if self._closing.is_set():
                self.close()

    def close(self) -> None:
        """Release the device or file. Safe to call twice and from another thread; never waits for a blocked read."""
        self._closing.set()
        if self._guard.acquire(blocking=False):
            try:
                if not self._released:
                    self._released = True
                    self._release()
            finally:
                self._guard.release()
