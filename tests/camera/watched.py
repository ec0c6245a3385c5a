"""A live engine under observation."""

from __future__ import annotations

import threading
from pathlib import Path

import av

from tests.camera.devices import wait_until
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.live import Event, EventKind, LiveEngine, LiveState

# Finding faces in larger pictures would keep the emulated processor busy for seconds.
SMALL = (320, 180)


class Watched:
    """The engine as the window uses it, without a network, and what it told so far."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.engine = LiveEngine(lambda: FaceAnalyzer(classifier=None), on_event=self.events.append)

    def open(self, spec: str, size: tuple[int, int] | None = SMALL) -> None:
        """Open a source and wait until its picture is there."""
        self.engine.open(spec, size=size)
        self.wait_for(LiveState.RUNNING)
        self.wait_for_new_picture()

    def wait_for(self, *states: LiveState) -> None:
        """Wait until the engine is in one of these states."""
        names = " or ".join(state.name for state in states)
        wait_until(lambda: self.engine.state in states, f"{names}, told so far: {self.told}")

    def wait_for_new_picture(self) -> None:
        """Wait for a result that was not there before."""
        before = self._sequence
        wait_until(lambda: self._sequence > before, f"a new picture, told so far: {self.told}")

    def wait_for_recorded(self, seconds: float) -> None:
        """Wait until the running recording has this length."""
        wait_until(
            lambda: self.engine.recording is not None and self.engine.recording.seconds >= seconds,
            f"{seconds} s recorded, told so far: {self.told}",
        )

    @property
    def told(self) -> list[tuple[str, str]]:
        """The states and messages in order."""
        return [(event.state.name, event.message) for event in self.events if event.kind is EventKind.STATE]

    def close(self) -> None:
        """End the engine; nothing may stay behind but a read that a driver blocks."""
        self.engine.close()

    @property
    def _sequence(self) -> int:
        result = self.engine.latest()
        return 0 if result is None else result.sequence


def reading_threads() -> list[threading.Thread]:
    """The threads that read cameras."""
    return [thread for thread in threading.enumerate() if thread.name == "live read"]


def frame_times(path: Path) -> list[float]:
    """The time of each frame of a recording, in seconds; every frame is decoded."""
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0) if frame.time is not None]
