"""The process that labels photographs for ``pool``: a photograph in, its result out, until the pipe is closed."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType

from webcam_app.errors import WebcamAppError
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.photographs.looking import Looker, LookerSpec
from webcam_app.photographs.results import Looked, Photograph

GO = "go"
"""Answers ``Large``."""
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


def work(connection: Connection, spec: LookerSpec) -> None:
    """Answer ``Task`` after ``Task``. The main function of the process.

    Args:
        connection: tasks and ``GO`` come, and ``Ready``, ``Large``, ``Answer`` and ``Failed`` go.
        spec: what to look with.
    """
    from webcam_app.threads import use_opencv_threads

    _be_quiet()
    if spec.background and hasattr(os, "nice"):
        os.nice(NICENESS)
    use_opencv_threads()
    with contextlib.suppress(EOFError, OSError):  # whoever asked has gone
        try:
            looker = Looker(spec)
            connection.send(Ready(looker.card))
            _answer(connection, looker)
        except WebcamAppError as error:
            connection.send(Failed(error))
        except MemoryError:
            connection.send(Failed(WebcamAppError("there is not enough memory: close other programs, or lower --jobs")))


def _answer(connection: Connection, looker: Looker) -> None:
    waiting: deque[Task] = deque()

    def ask(pixels: int) -> None:
        connection.send(Large(pixels))
        while (message := connection.recv()) != GO:
            waiting.append(message)

    while True:
        while not waiting or connection.poll():
            waiting.append(connection.recv())
            _read_ahead(waiting)
        task = waiting.popleft()
        connection.send(Answer(task.number, looker.look(task.photograph, before_large=ask)))


def _read_ahead(waiting: deque[Task]) -> None:
    """Tell the system to read the file after the one that is worked on, so that a slow disk is not waited for."""
    if len(waiting) < 2 or not hasattr(os, "posix_fadvise"):
        return
    with contextlib.suppress(OSError, ValueError):
        file = os.open(waiting[-1].photograph.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_WILLNEED)
        finally:
            os.close(file)


def _be_quiet() -> None:
    """Leave Ctrl-C to the process that asked, end at SIGTERM without leftovers, and print nothing from C libraries."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if os.environ.get(DEBUG_VARIABLE, "") in ("", "0"):
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)


def _end(number: int, frame: FrameType | None) -> None:
    from webcam_app.output.files import discard_partial_files

    discard_partial_files()
    os._exit(128 + number)
