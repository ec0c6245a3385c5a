"""Ctrl-C and SIGTERM: stop cleanly, and within seconds whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Closing a video takes a fraction of this; a camera or disk that does not answer shall not keep the process alive.
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


@contextmanager
def interruptible() -> Iterator[None]:
    """While the block runs, the first signal raises ``Interrupted`` in the main thread, and further ones do nothing.

    Should the block not end within ``GRACE_SECONDS`` after that, because something blocks that Python cannot interrupt,
    unfinished files are removed and the process ends. Does nothing outside of the main thread.
    """
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
    kept = {number for number in _SIGNALS if number.name == "SIGHUP" and previous[number] == signal.SIG_IGN}
    caught = [number for number in _SIGNALS if number not in kept]
    raised = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal raised
        if not raised:
            raised = True
            raise Interrupted(number)

    for number in caught:
        signal.signal(number, stop)
    watch = threading.Thread(target=_watch, args=(ours, done), name="signals", daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(previous_wakeup)
        for number in caught:
            signal.signal(number, previous[number])
        theirs.close()
        watch.join()
        ours.close()


def _watch(wakeups: socket.socket, done: threading.Event) -> None:
    while received := wakeups.recv(1):
        number = received[0]
        if number in _SIGNALS and not done.wait(GRACE_SECONDS):
            from webcam_app.output.files import discard_partial_files

            discard_partial_files()
            os._exit(128 + number)
