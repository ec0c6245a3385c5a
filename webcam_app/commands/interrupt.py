"""Ctrl-C and SIGTERM: stop cleanly, and within seconds whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Closing a video takes a fraction of this; a camera or disk that hangs must not keep the process alive.
GRACE_SECONDS = 5.0
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if hasattr(signal, name))


class Interrupted(BaseException):
    """The person or the system asked the program to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.outcome = ""

    @property
    def exit_code(self) -> int:
        """130 for Ctrl-C, 143 for SIGTERM, as a shell would say it."""
        return 128 + self.number


class _Handler:
    """Raises ``Interrupted`` at the first signal, or at the end of a ``deferred_interrupts`` block around it."""

    def __init__(self) -> None:
        self._received = False
        self._deferred = False
        self._pending: int | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._received:
            return
        self._received = True
        if self._deferred:
            self._pending = number
        else:
            raise Interrupted(number)

    @contextmanager
    def defer(self) -> Iterator[None]:
        self._deferred = True
        try:
            yield
        finally:
            self._deferred = False
        if self._pending is not None:
            number, self._pending = self._pending, None
            raise Interrupted(number)


_handler: _Handler | None = None
"""Installed while ``interruptible`` runs. Only the main thread sets it and runs it."""


@contextmanager
def interruptible() -> Iterator[None]:
    """While the block runs, the first signal raises ``Interrupted`` in the main thread, and further ones do nothing.

    Should the block not end within ``GRACE_SECONDS`` after that, because something blocks that Python cannot interrupt,
    unfinished files are removed and the process ends. Does nothing outside of the main thread.
    """
    global _handler
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    done = threading.Event()
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    previous_wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    previous = {number: signal.getsignal(number) for number in _SIGNALS}
    # Under nohup a terminal that closes stays ignored. A script's background job has Ctrl-C ignored too, but whoever
    # sends it a SIGINT by its number means it.
    ignored = {number for number in _SIGNALS if number.name == "SIGHUP" and previous[number] == signal.SIG_IGN}
    caught = [number for number in _SIGNALS if number not in ignored]
    _handler = _Handler()
    for number in caught:
        signal.signal(number, _handler)
    watch = threading.Thread(target=_watch, args=(ours, done), name="signals", daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(previous_wakeup)
        for number in caught:
            signal.signal(number, previous[number])
        _handler = None
        theirs.close()
        watch.join()
        ours.close()


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Keep a signal out of a step that must not be cut in half: ``Interrupted`` is raised when the block has ended.

    The grace period of ``interruptible`` runs from the signal on all the same. Blocks do not nest. If the block itself
    raises, that error passes. Does nothing outside of ``interruptible``.
    """
    if _handler is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    with _handler.defer():
        yield


def _watch(wakeups: socket.socket, done: threading.Event) -> None:
    while received := wakeups.recv(1):
        number = received[0]
        if number in _SIGNALS and not done.wait(GRACE_SECONDS):
            from webcam_app.output.files import discard_partial_files

            discard_partial_files()
            os._exit(128 + number)
