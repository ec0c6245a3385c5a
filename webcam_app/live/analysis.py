"""Finds the faces of the newest frame, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from webcam_app.capture.frame import Frame, Image
from webcam_app.errors import WebcamAppError
from webcam_app.faces.face import Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.live.slot import LatestSlot
from webcam_app.threads import use_opencv_threads

FAILURES_TO_TELL = 15
"""Half a second: a failure that is over by then is seen by nobody."""


class Analyzer(Protocol):
    """The part of ``FaceAnalyzer`` that is used here."""

    problem: str | None

    @property
    def card(self) -> ModelCard | None:
        """The network's card."""

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        """Faces of a frame."""

    def reset(self) -> None:
        """Forget all faces."""


class Analysis:
    """Two threads: one loads the analyzer, which takes a while, the other works on the newest frame meanwhile too."""

    def __init__(self, factory: Callable[[], Analyzer], publish: Callable[[Frame, list[Face], float], None]) -> None:
        """Prepare; ``start`` begins.

        Args:
            factory: makes the analyzer, in a thread.
            publish: gets each frame, its faces and the ``time.monotonic()`` at which they were found, in a thread.
        """
        self.slot: LatestSlot[Frame] = LatestSlot()
        """Where frames come in."""
        self.analyzer: Analyzer | None = None
        """None until it is loaded, or if it cannot be."""
        self.problem: str | None = None
        """Why faces are not found or not labelled, if that lasts, in one line."""
        self._factory = factory
        self._publish = publish
        self._failures = 0
        self._reset_wanted = False
        self._threads = [
            threading.Thread(target=self._load, name="live model", daemon=True),
            threading.Thread(target=self._run, name="live analysis", daemon=True),
        ]

    def start(self) -> None:
        """Begin to load and to work."""
        for thread in self._threads:
            thread.start()

    def reset(self) -> None:
        """Forget the faces before the next frame: it comes from another place."""
        self._reset_wanted = True

    def close(self) -> None:
        """Stop after the frame that is being worked on; does not wait."""
        self.slot.close()

    def join(self, timeout: float) -> bool:
        """Wait for both threads; returns whether they have ended."""
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _load(self) -> None:
        try:
            use_opencv_threads()
            self.analyzer = self._factory()
        except WebcamAppError as error:
            self.problem = str(error)
        except Exception as error:  # a library's own; this is the thread's edge
            self.problem = f"Faces are not looked for: {_first_line(error)}."

    def _run(self) -> None:
        while (frame := self.slot.take()) is not None:
            faces = self._analyze(self.analyzer, frame) if self.analyzer is not None else []
            self._publish(frame, faces, time.monotonic())

    def _analyze(self, analyzer: Analyzer, frame: Frame) -> list[Face]:
        if self._reset_wanted:
            self._reset_wanted = False
            analyzer.reset()
        try:
            faces = analyzer.analyze(frame.image, frame.time)
            problem = analyzer.problem
        except Exception as error:  # one frame without faces is better than no picture
            faces = []
            problem = str(error) if isinstance(error, WebcamAppError) else f"Faces are not found: {_first_line(error)}."
        self._failures = 0 if problem is None else self._failures + 1
        self.problem = problem if self._failures >= FAILURES_TO_TELL else None
        return faces


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
