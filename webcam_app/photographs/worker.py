"""The process that labels photographs for ``pool``: a photograph in, its result out, until the pipe is closed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from webcam_app.errors import WebcamAppError
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.photographs.looking import Looker, LookerSpec
from webcam_app.photographs.results import Looked, Photograph

GO = "go"
"""Answers ``Large``."""
# Answers wait so long for others: no one sees so short a time.
TOGETHER_SECONDS = 0.05
# glibc's number for the setting, and the bytes from which on memory is returned: 24 MB less for a process that reads
# pictures of 12 megapixels, and no time lost on those of 0.1, which are smaller.
MMAP_THRESHOLD = -3
LARGE_ALLOCATION = 1 << 20
# As much as a person would choose: with nothing else to do, it makes no difference.
NICENESS = 10
DEBUG_VARIABLE = "WEBCAM_APP_DEBUG"


@dataclass(frozen=True, slots=True)
class Task:
    """A photograph with its number."""

    number: int
    photograph: Photograph


@dataclass(frozen=True, slots=True)
class Ready:
    """The networks are loaded."""

    card: ModelCard | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A photograph's result."""

    number: int
    looked: Looked


@dataclass(frozen=True, slots=True)
class Large:
    """The next photograph has so many pixels, and is decoded after ``GO``."""

    pixels: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Why nothing can be labelled."""

    error: WebcamAppError


def work(connection: Connection, spec: LookerSpec, current: ctypes.c_longlong) -> None:
    """Answer ``Task`` after ``Task``. The main function of the process.

    Args:
        connection: lists of ``Task``, and ``GO``, come; lists of ``Answer``, ``Ready``, ``Large`` and ``Failed`` go.
        spec: what to look with.
        current: in memory that both processes see: the number of the photograph that is worked on.
    """
    from webcam_app.threads import use_opencv_threads

    be_quiet()
    _give_memory_back()
    if spec.background and hasattr(os, "nice"):
        os.nice(NICENESS)
    use_opencv_threads()
    with contextlib.suppress(EOFError, OSError):  # whoever asked has gone
        try:
            looker = Looker(spec)
            connection.send(Ready(looker.card))
            _Answering(connection, looker, current).run()
        except WebcamAppError as error:
            connection.send(Failed(error))
        except MemoryError:
            connection.send(Failed(WebcamAppError("there is not enough memory: close other programs, or lower --jobs")))


class _Answering:
    """Takes tasks and gives answers, those of quick photographs several at a time.

    Each message wakes the process that asked, which takes a core from one that labels: one for each of 3,000
    photographs of 0.1 megapixels cost it 1.5 s of processor time, answers together 0.75 s.
    """

    def __init__(self, connection: Connection, looker: Looker, current: ctypes.c_longlong) -> None:
        self._connection, self._looker, self._current = connection, looker, current
        self._waiting: deque[Task] = deque()
        self._answers: list[Answer] = []
        self._sent = time.monotonic()

    def run(self) -> None:
        """Until the pipe is closed, which raises EOFError."""
        while True:
            while self._connection.poll():
                self._waiting.extend(self._connection.recv())
            if not self._waiting:
                self._send()
                self._waiting.extend(self._connection.recv())
            task = self._waiting.popleft()
            if self._waiting:
                _read_ahead(self._waiting[0].photograph.path)
            self._current.value = task.number
            self._answers.append(Answer(task.number, self._looker.look(task.photograph, before_large=self._ask)))
            if time.monotonic() - self._sent >= TOGETHER_SECONDS:
                self._send()

    def _send(self) -> None:
        if self._answers:
            self._connection.send(self._answers)
            self._answers.clear()
        self._sent = time.monotonic()

    def _ask(self, pixels: int) -> None:
        self._send()
        self._connection.send(Large(pixels))
        while (message := self._connection.recv()) != GO:
            self._waiting.extend(message)


def _read_ahead(path: Path) -> None:
    """Tell the system to read the file after the one that is worked on, so that a slow disk is not waited for."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError, ValueError):
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_WILLNEED)
            finally:
                os.close(file)


def be_quiet() -> None:
    """Leave Ctrl-C to the process that asked, end at SIGTERM without leftovers, and print nothing from C libraries."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if os.environ.get(DEBUG_VARIABLE, "") in ("", "0"):
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)


def _give_memory_back() -> None:
    """Let the C library return the memory of each picture at once; by itself it keeps what the largest one took."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE_ALLOCATION)


def _end(number: int, frame: FrameType | None) -> None:
    from webcam_app.output.files import discard_partial_files

    discard_partial_files()
    os._exit(128 + number)
