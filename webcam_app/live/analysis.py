"""Analyses the newest frame in its own thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A frame that waits.

    Attributes:
        source_number: of its source.
        frame: the frame.
        before: the frames before it, which are to be followed to it.
        faces_first: whether it is given only after that, and not before the analyzer is loaded.
    """

    source_number: int
    frame: Frame
    before: Sequence[Frame] = ()
    faces_first: bool = False


class OnResult(Protocol):
    """Gets what was found."""

    def __call__(self, frame: Frame, faces: list[Face], now: float, *, complete: bool = True) -> None:
        """A frame, its faces, the ``time.monotonic()`` at which they were found, and whether all of them are there."""


class Analysis:
    """Two threads: one loads the analyzer, one analyses the newest frame.

    Until it is loaded, results of videos have no faces. A photograph waits for it: nothing comes after it. So does a
    video where ``faces_first`` is wanted.
    """

    def __init__(self, factory: Callable[[], Analyzer], on_result: OnResult) -> None:
        """Prepare; ``start`` begins.

        Args:
            factory: makes the analyzer, in a thread.
            on_result: gets each frame and its faces, in a thread.
        """
        self.slot: LatestSlot[_Waiting] = LatestSlot()
        """Holds the newest frame that waits to be analysed."""
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
        self._shown: Image | None = None
        """The newest result's picture."""
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

    def put(self, frame: Frame, before: Sequence[Frame] = (), *, faces_first: bool = False) -> Frame | None:
        """Queue a frame for analysis.

        Args:
            frame: the newest.
            before: frames right before it, after which alone faces in it are known: it is given without them at first.
            faces_first: give it only with its faces, once they can be found.

        Returns:
            The one that it replaced, which was still waiting, if there was one.
        """
        replaced = self.slot.put(_Waiting(self._source_number, frame, before, faces_first))
        return None if replaced is None else replaced.frame

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
            frame = item.frame
            if frame.picture is not None or item.faces_first:
                self._loaded.wait()
            if self._closed:
                return
            if item.source_number != self._source_number:
                continue
            if item.before and not self._follow_to(item):
                continue
            faces = self._analyze(self.analyzer, item.source_number, frame) if self.analyzer is not None else []
            self._shown = frame.image
            self._on_result(frame, faces, time.monotonic())

    def _follow_to(self, item: _Waiting) -> bool:
        """Show a frame, then follow the faces to it; returns False where something else is to be shown meanwhile."""
        if (
            not item.faces_first and item.frame.image is not self._shown
        ):  # else it is there already, with the faces that it has by itself
            self._shown = item.frame.image
            self._on_result(item.frame, [], time.monotonic(), complete=False)
        for frame in item.before:
            if self.slot.waiting or self._closed:
                return False
            if self.analyzer is not None:
                self._analyze(self.analyzer, item.source_number, frame)
        return True

    def _analyze(self, analyzer: Analyzer, source_number: int, frame: Frame) -> list[Face]:
        if frame.position is not None:  # however fast it is played, things move as they did
            frame = replace(frame, time=frame.position)
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
