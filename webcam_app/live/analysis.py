"""Analyses the newest frame in its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from webcam_app.capture.frame import Frame, Image
from webcam_app.errors import WebcamAppError, first_line
from webcam_app.faces.face import Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.live.slot import LatestSlot
from webcam_app.threads import use_opencv_threads

FAILURES_TO_REPORT = 15
"""Half a second of a camera: a failure that is over by then is not reported."""


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
    """Two threads: one loads the analyzer, one analyses the newest frame. Until it is loaded, results have no faces."""

    def __init__(self, factory: Callable[[], Analyzer], on_result: Callable[[Frame, list[Face], float], None]) -> None:
        """Prepare; ``start`` begins.

        Args:
            factory: makes the analyzer, in a thread.
            on_result: gets each frame, its faces and the ``time.monotonic()`` at which they were found, in a thread.
        """
        self.slot: LatestSlot[tuple[int, Frame]] = LatestSlot()
        """Holds the newest frame that waits to be analysed, with the number of its source."""
        self.analyzer: Analyzer | None = None
        """None until it is loaded, or if it cannot be."""
        self.problem: str | None = None
        """Why faces are not found or not labelled, if that lasts, in one line."""
        self._factory = factory
        self._on_result = on_result
        self._failures = 0
        self._source_number = 0
        """Counts ``reset``; stamped on every frame, so that one of the source before cannot use up a reset."""
        self._analysed_source_number = 0
        self._threads = [
            threading.Thread(target=self._load, name="live model", daemon=True),
            threading.Thread(target=self._run, name="live analysis", daemon=True),
        ]

    def start(self) -> None:
        """Begin to load and to work."""
        for thread in self._threads:
            thread.start()

    def put(self, frame: Frame) -> Frame | None:
        """Queue a frame for analysis; returns the one that it replaced, which was still waiting, if there was one."""
        replaced = self.slot.put((self._source_number, frame))
        return None if replaced is None else replaced[1]

    def reset(self) -> None:
        """Begin another source: frames put before are skipped if they still wait, and the tracks are dropped.

        Not to be called during ``put``.
        """
        self._source_number += 1

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
            self.problem = f"Faces are not looked for: {first_line(error)}."

    def _run(self) -> None:
        while (item := self.slot.take()) is not None:
            source_number, frame = item
            if source_number != self._source_number:
                continue
            faces = self._analyze(self.analyzer, source_number, frame) if self.analyzer is not None else []
            self._on_result(frame, faces, time.monotonic())

    def _analyze(self, analyzer: Analyzer, source_number: int, frame: Frame) -> list[Face]:
        if source_number != self._analysed_source_number:
            self._analysed_source_number = source_number
            analyzer.reset()
        try:
            faces = analyzer.analyze(frame.image, frame.time)
            problem = analyzer.problem
        except Exception as error:  # one frame without faces is better than no picture
            faces = []
            problem = str(error) if isinstance(error, WebcamAppError) else f"Faces are not found: {first_line(error)}."
        self._failures = 0 if problem is None else self._failures + 1
        self.problem = problem if self._failures >= FAILURES_TO_REPORT else None
        return faces
