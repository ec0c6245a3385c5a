"""Analyses the newest frame in its own thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from webcam_app.capture.frame import Frame, Image
from webcam_app.errors import WebcamAppError, first_line
from webcam_app.faces.face import Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.faces.photograph import analyze_frame, on_image
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

    def analyze_still(self, image: Image, *, smallest: float = 0.0) -> list[Face]:
        """Faces of a photograph."""

    def use_classifier(self, classifier: FaceClassifier) -> None:
        """Label with another network from the next frame on."""

    def reset(self) -> None:
        """Forget all faces."""


class Analysis:
    """Two threads: one loads the analyzer, one analyses the newest frame.

    Until it is loaded, results of videos have no faces. A photograph waits for it: nothing comes after it.
    """

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
        self._loaded = threading.Event()
        """Set once it is known whether there is an analyzer, and by ``close``."""
        self._closed = False
        self._classifiers: deque[FaceClassifier] = deque(maxlen=1)
        """The network that the next frame is to be labelled with; empty for the same as before."""
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

    def use_classifier(self, classifier: FaceClassifier) -> None:
        """Label with another network from the next frame on, or from when the analyzer is loaded."""
        self._classifiers.append(classifier)

    def close(self) -> None:
        """Stop after the frame that is being worked on; does not wait."""
        self._closed = True
        self._loaded.set()
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
        finally:
            self._loaded.set()

    def _run(self) -> None:
        while (item := self.slot.take()) is not None:
            source_number, frame = item
            if frame.picture is not None:
                self._loaded.wait()
            if self._closed:
                return
            if source_number != self._source_number:
                continue
            faces = self._analyze(self.analyzer, source_number, frame) if self.analyzer is not None else []
            self._on_result(frame, faces, time.monotonic())

    def _analyze(self, analyzer: Analyzer, source_number: int, frame: Frame) -> list[Face]:
        if source_number != self._analysed_source_number:
            self._analysed_source_number = source_number
            analyzer.reset()
        try:
            if self._classifiers:
                analyzer.use_classifier(self._classifiers.pop())
            faces = on_image(analyze_frame(analyzer, frame), frame)
            problem = analyzer.problem
        except Exception as error:  # one frame without faces is better than no picture
            faces = []
            problem = str(error) if isinstance(error, WebcamAppError) else f"Faces are not found: {first_line(error)}."
        self._failures = 0 if problem is None else self._failures + 1
        self.problem = problem if self._failures >= FAILURES_TO_REPORT else None
        return faces
