"""Work on a video in a process of its own: the TFLite runtime holds Python's lock, and with it the picture."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

STOP = "stop"
"""Sent to the process: end soon, and keep what is worth keeping."""


class BackgroundProcess:
    """A process and its pipe. One thread uses it; nothing waits but ``join``."""

    def __init__(self, target: Callable[..., None], *arguments: object, outlives: bool = False) -> None:
        """Start it.

        Args:
            target: a function of a module; gets its end of the pipe and the arguments.
            arguments: can be pickled.
            outlives: whether this process, at its own end, waits for it rather than ending it.

        Raises:
            OSError: no process can be started.
        """
        # Started afresh, as on every system: a copy of this process would have its threads' locks, and Qt's.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=target, args=(theirs, *arguments), name=target.__name__, daemon=not outlives
        )
        self._process.start()
        theirs.close()
        self.ended = False
        """Whether nothing more will come."""

    def messages(self) -> list[Any]:
        """What it has sent since the last call."""
        found = []
        try:
            while not self.ended and self._connection.poll():
                found.append(self._connection.recv())
        except (EOFError, OSError):
            self.ended = True
        return found

    def stop(self) -> None:
        """Ask it to end soon."""
        with contextlib.suppress(OSError):
            self._connection.send(STOP)

    def end(self) -> None:
        """End it now, whatever it does, without waiting: only for one that leaves nothing behind."""
        self.ended = True
        self._connection.close()
        self._process.kill()
        self._process.join(0)  # else the next process that is started, or the end of this one, does

    def join(self, timeout: float) -> bool:
        """Wait until it has ended by itself; returns whether it has."""
        self._process.join(timeout)
        return not self._process.is_alive()


def work_in_background(niceness: int) -> None:
    """Called first in such a process: let others go before, and leave the terminal alone."""
    # Here, not above: whoever starts such a process need not load what labels photographs.
    from webcam_app.photographs.worker import be_quiet
    from webcam_app.threads import use_opencv_threads

    be_quiet()
    if hasattr(os, "nice"):
        os.nice(niceness)
    use_opencv_threads(1)


def stop_asked(connection: Connection) -> bool:
    """Whether ``STOP`` has come, or whoever started this has gone."""
    try:
        return connection.poll() and connection.recv() == STOP
    except (EOFError, OSError):
        return True
