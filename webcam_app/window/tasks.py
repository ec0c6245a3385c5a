"""Work in the background: files, folders, modes of cameras."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal

from webcam_app.errors import WebcamAppError
from webcam_app.window.core_texts import told
from webcam_app.window.translation import tr


class Worker(QObject):
    """One background thread that does jobs in order; what they return arrives in the window's thread.

    The thread is a daemon: a job that hangs on a dead disk keeps nobody from closing the window.
    """

    _finished = pyqtSignal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Callable[[Any], None], Callable[[str], None]] | None]
        self._jobs = queue.SimpleQueue()
        self._closed = False
        self._finished.connect(self._deliver)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        """Do a job in the background.

        Args:
            job: called in the worker's thread.
            done: called in the window's thread with what ``job`` returned.
            failed: called in the window's thread with one line for the person when ``job`` raised an error.
        """
        self._jobs.put((job, done, failed))

    def close(self, timeout_seconds: float = 0.2) -> None:
        """End after the present job; what it returns is forgotten."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while (entry := self._jobs.get()) is not None:
            job, done, failed = entry
            try:
                outcome = job()
                call = _bind(done, outcome)
            except (WebcamAppError, OSError) as error:
                call = _bind(failed, told(str(error)))
            except Exception as error:  # a bug; this is the thread's edge, and the other jobs must still run
                traceback.print_exc()
                text = tr("Something went wrong: {reason}.").format(reason=str(error) or type(error).__name__)
                call = _bind(failed, text)
            if self._closed:
                return
            self._finished.emit(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()


def _bind(function: Callable[[Any], None], argument: Any) -> Callable[[], None]:
    return lambda: function(argument)
