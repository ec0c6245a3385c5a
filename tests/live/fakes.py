"""A camera that can be pulled out, frozen and taken by others, and an analyzer that can fail."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from webcam_app.capture import Frame, Image, Source, SourceInfo, SourceKind
from webcam_app.errors import SourceBusyError, SourceLostError, SourceNotFoundError
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.live import Event, EventKind, LiveEngine, LiveState

TIMEOUT_SECONDS = 20.0
"""A test that waits for something that never comes fails after this; none waits that long when all is well."""

STABLE_ID = "usb-Fake_Cam-index0"


def image_of(number: int, width: int = 64, height: int = 48) -> Image:
    return np.full((height, width, 3), number % 256, np.uint8)


class FakeCamera:
    """The camera itself, whatever handles are open on it. Its ``open`` stands in for ``open_source``."""

    def __init__(self, rate: float = 100.0) -> None:
        self.rate = rate
        self.present = True
        self.taken_by_another = False
        self.frozen = False
        self.size = (64, 48)
        self.opened: list[FakeHandle] = []
        self.asked_for: list[str] = []
        self.opening = threading.Event()
        self.may_open = threading.Event()
        self.may_open.set()
        self.thawed = threading.Event()

    def open(
        self,
        spec: str,
        *,
        size: tuple[int, int] | None = None,
        fps: float | None = None,
        loop: bool = False,
        cancel: threading.Event | None = None,
    ) -> Source:
        self.asked_for.append(spec)
        self.opening.set()
        self.may_open.wait()
        if not self.present:
            raise SourceNotFoundError("No camera was found.")
        if self.taken_by_another:
            raise SourceBusyError("The camera Fake Cam is in use by another program.")
        handle = FakeHandle(self)
        self.opened.append(handle)
        return handle

    def freeze(self) -> None:
        """From now on every read blocks, as long as the driver likes."""
        self.thawed.clear()
        self.frozen = True

    def thaw(self) -> None:
        self.frozen = False
        self.thawed.set()


class FakeHandle(Source):
    """The camera as one program has it open."""

    def __init__(self, camera: FakeCamera) -> None:
        self._camera = camera
        self._closed = threading.Event()
        self._count = itertools.count()
        self._first: float | None = None
        width, height = camera.size
        self._info = SourceInfo(SourceKind.CAMERA, "Fake Cam", STABLE_ID, width, height, camera.rate)

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def read(self) -> Frame | None:
        if self._camera.frozen:
            self._camera.thawed.wait()
        if not self._camera.present:
            raise SourceLostError("The camera Fake Cam was unplugged.")
        if self._closed.wait(1 / self._camera.rate):
            return None
        now = time.monotonic()
        self._first = now if self._first is None else self._first
        number = next(self._count)
        return Frame(image_of(number, *self._camera.size), number, now - self._first, now)

    def close(self) -> None:
        self._closed.set()


class FakeFile(Source):
    """A file that gives frames as fast as they are asked for, with given times."""

    def __init__(self, times: list[float], rate: float = 30.0) -> None:
        self._times = iter(enumerate(times))
        self._info = SourceInfo(SourceKind.FILE, "clip.mp4", "clip.mp4", 64, 48, rate, len(times), times[-1])
        self.closed = False

    @property
    def info(self) -> SourceInfo:
        return self._info

    def read(self) -> Frame | None:
        number, moment = next(self._times, (None, 0.0))
        return None if number is None else Frame(image_of(number), number, moment, time.monotonic())

    def close(self) -> None:
        self.closed = True


class FakeAnalyzer:
    """Finds one face in every frame; can be told to fail or to take its time."""

    card = None

    def __init__(self) -> None:
        self.problem: str | None = None
        self.fails_with: Exception | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.started = threading.Event()
        self.seen: list[float] = []
        self.widths: list[int | None] = []
        """Width of each analysed image, and None for each reset, in order."""
        self.resets = 0
        self.classifiers: list[tuple[FaceClassifier, str]] = []
        """What it was told to label with, and in which thread."""

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        assert time is not None
        self.started.set()
        self.may_go_on.wait()
        self.widths.append(image.shape[1])
        self.seen.append(time)
        if self.fails_with is not None:
            raise self.fails_with
        return [Face(Box(8, 8, 24, 24), track=1, label="female", probabilities={"female": 0.9, "male": 0.1})]

    def use_classifier(self, classifier: FaceClassifier) -> None:
        self.classifiers.append((classifier, threading.current_thread().name))

    def reset(self) -> None:
        self.resets += 1
        self.widths.append(None)


class Watcher:
    """Collects an engine's events and lets a test wait for what it expects."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, matches: Callable[[Event], bool]) -> Event:
        """The first event that matches, of those that were not waited past."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(matches, self.events)), TIMEOUT_SECONDS), self.events
            position = next(number for number, event in enumerate(self.events) if matches(event))
            event = self.events[position]
            del self.events[: position + 1]
            return event

    def wait_for_state(self, state: LiveState) -> Event:
        return self.wait(lambda event: event.kind is EventKind.STATE and event.state is state)

    def wait_for_recording(self) -> Event:
        return self.wait(lambda event: event.kind is EventKind.RECORDING_STOPPED)


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait for what the engine tells through no event."""
    end = time.monotonic() + TIMEOUT_SECONDS
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        pause.wait(0.005)


def results(engine: LiveEngine, count: int, after: int = 0) -> list[Frame]:
    """That many different results' frames, as the window would pull them."""
    frames: list[Frame] = []
    last = after

    def pull() -> bool:
        nonlocal last
        result = engine.latest()
        if result is not None and result.sequence > last:
            last = result.sequence
            frames.append(result.frame)
        return len(frames) >= count

    wait_until(pull, f"{count} results")
    return frames


def live_threads() -> list[str]:
    """Names of the engine's threads that are running."""
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("live"))


def packet_times(path: Path) -> list[float]:
    """When each picture of a recording is shown, in seconds."""
    with av.open(str(path)) as container:
        return sorted(float(p.pts * p.time_base) for p in container.demux(video=0) if p.pts is not None)


def sizes(path: Path) -> Iterator[tuple[int, int]]:
    """Width and height of each picture of a recording."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.width, frame.height
