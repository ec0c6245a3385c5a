"""An engine and an analyzer that behave like the real ones and do what a test tells them."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from webcam_app.capture import Camera, Frame, Source, SourceInfo, SourceKind
from webcam_app.capture.frame import Image
from webcam_app.errors import OutputError, RecordingError
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.faces.labelling.crop import CropSpec
from webcam_app.live import (
    Event,
    EventKind,
    LiveState,
    MicrophoneStatus,
    RecordingStatus,
    RecordingSummary,
    Result,
    Statistics,
)
from webcam_app.output.overlay import OverlayStyle

LABELS = ("ada", "bea", "cyd")
FACE = Face(Box(100, 80, 120, 120), 1, "bea", {"ada": 0.02, "bea": 0.97, "cyd": 0.01}, 0.9, True)
BARE = Face(Box(400, 80, 120, 120), 2, "ada", {"ada": 0.8, "bea": 0.1, "cyd": 0.1}, 0.1, False)


def picture(color: tuple[int, int, int] = (40, 80, 160), width: int = 640, height: int = 480) -> Image:
    return np.full((height, width, 3), color, np.uint8)


def camera(name: str, index: int = 0, problem: str | None = None) -> Camera:
    return Camera(name, f"usb-{name}", index, f"/dev/video{index}", (), problem)


def card(labels: Sequence[str] = LABELS) -> ModelCard:
    document = {"results": {"accuracy": 0.912, "pictures": 1000}}
    return ModelCard(
        "three-way", "who it looks like", tuple(labels), 96, "RGB", CropSpec(), 1.0, 0.6, 0.5, "a", "b", "", Path("x"),
        document,
    )  # fmt: skip


class FakeEngine:
    """Has the states and answers of ``LiveEngine``; the test pushes pictures and changes the state."""

    def __init__(self, analyzer_factory: Callable[[], object], on_event: Callable[[Event], None]) -> None:
        self.make_analyzer = analyzer_factory
        self.on_event = on_event
        self.state, self.message = LiveState.IDLE, ""
        self.labels: tuple[str, ...] = LABELS
        self.analysis_problem: str | None = None
        self.opened: list[tuple[str, tuple[int, int] | None, float | None, bool]] = []
        self.painted: list[int] = []
        self.styles: list[OverlayStyle] = []
        self.info: SourceInfo | None = None
        self.recording: RecordingStatus | None = None
        self.microphone: MicrophoneStatus | None = None
        self.lapses: list[float] = []
        self.summary: RecordingSummary | None = None
        self.recording_problem = ""
        self.dropped = self.bad_frames = 0
        self.closed = False
        self.classifier: FaceClassifier | None = None
        self._result: Result | None = None
        self._numbers = itertools.count(1)

    def open(
        self, spec: str, size: tuple[int, int] | None = None, fps: float | None = None, loop: bool = False
    ) -> None:
        self.opened.append((spec, size, fps, loop))
        self._result, self.info = None, None
        self.go(LiveState.OPENING)

    def use_classifier(self, classifier: FaceClassifier) -> None:
        self.classifier = classifier
        self.labels = classifier.card.labels

    def go(self, state: LiveState, message: str = "") -> None:
        self.state, self.message = state, message
        self.on_event(Event(EventKind.STATE, state, message))

    def deliver(
        self, image: Image | None = None, faces: Sequence[Face] = (), kind: SourceKind = SourceKind.FILE
    ) -> Result:
        """A new picture from a source that runs."""
        image = picture() if image is None else image
        number = next(self._numbers)
        self._result = Result(Frame(image, number, number / 30, 0.0), list(faces), 0.0, number)
        if self.info is None:
            height, width = image.shape[:2]
            self.info = SourceInfo(kind, "fake", self.opened[-1][0] if self.opened else "fake", width, height, 30.0)
        if self.state is not LiveState.RUNNING:
            self.go(LiveState.RUNNING)
        return self._result

    def set_paused(self, paused: bool) -> None:
        if self.info is not None and not self.info.live:
            self.go(LiveState.PAUSED if paused else LiveState.RUNNING)

    def cancel_open(self) -> None:
        self.info = None
        self.go(LiveState.IDLE)

    def close(self, timeout: float = 2.0) -> bool:
        self.closed = True
        self.recording = None
        return True

    def latest(self) -> Result | None:
        return self._result

    def mark_painted(self, sequence: int) -> None:
        self.painted.append(sequence)

    def statistics(self) -> Statistics:
        faces = self._result.faces if self._result else []
        masked = sum(face.masked is True for face in faces)
        return Statistics(29.97, 8.4, 14.6, len(faces), masked, self.dropped, self.bad_frames, self.info)

    def set_microphone(self, name: str) -> None:
        self.microphone = MicrophoneStatus(name, 0.3) if name else None

    def set_recording_paused(self, paused: bool) -> None:
        if self.recording is None:
            raise RecordingError("There is no recording to pause.")
        self.recording = dataclasses.replace(self.recording, paused=paused)

    def start_recording(self, folder: Path, style: OverlayStyle, *, lapse_seconds: float = 0.0) -> Path:
        self.lapses.append(lapse_seconds)
        if self.recording_problem:
            raise RecordingError(self.recording_problem)
        self.styles.append(style)
        self.recording = RecordingStatus(folder / "one.mp4", 0.0, 0, 0)
        return self.recording.path

    def stop_recording(self) -> RecordingSummary:
        if self.recording is None:
            raise RecordingError("There is no recording to stop.")
        path, self.recording = self.recording.path, None
        return self.summary or RecordingSummary(path, 7.0, 210, 0)

    def lose_recording(self, problem: str) -> None:
        """The disk is full."""
        assert self.recording is not None
        summary = RecordingSummary(self.recording.path, 7.0, 210, 0, problem)
        self.recording = None
        self.on_event(Event(EventKind.RECORDING_STOPPED, self.state, problem, summary))

    def snapshot(self, folder: Path, style: OverlayStyle) -> Path:
        if self._result is None:
            raise OutputError("There is no picture to keep yet.")
        self.styles.append(style)
        return folder / "one.png"


class FakeAnalyzer:
    """Finds the same face in every picture; with ``problem`` set, without a label."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.card = card()

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        return [FACE] if self.problem is None else [Face(FACE.box, 1)]

    def analyze_still(self, image: Image, *, smallest: float = 0.0) -> list[Face]:
        return self.analyze(image)

    def use_classifier(self, classifier: FaceClassifier) -> None:
        self.card = classifier.card

    def reset(self) -> None:
        pass


class EndlessSource(Source):
    """A camera at 30 frames a second that can be pulled out or freeze."""

    def __init__(self, spec: str = "usb-fake") -> None:
        self._closed = threading.Event()
        self._index = 0
        self._spec = spec

    @property
    def info(self) -> SourceInfo:
        return SourceInfo(SourceKind.CAMERA, "Fake camera", self._spec, 320, 240, 30.0)

    def read(self) -> Frame | None:
        import time

        self._closed.wait(1 / 30)
        self._index += 1
        return Frame(picture(width=320, height=240), self._index, self._index / 30, time.monotonic())

    def close(self) -> None:
        self._closed.set()
