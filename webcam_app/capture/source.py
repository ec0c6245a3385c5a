"""The interface of every source of frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from types import TracebackType

from webcam_app.capture.frame import Frame

DEFAULT_FPS = 30.0
"""Frames per second assumed of a source that states no rate: what most webcams give."""


class SourceKind(Enum):
    """What is behind a source."""

    CAMERA = "camera"
    FILE = "file"
    STREAM = "stream"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What was obtained, which may differ from what was requested.

    Attributes:
        kind: what is behind the source.
        name: for people: the camera's name, the file's name.
        spec: opens the same source again, by stable identity where there is one.
        width, height: size of an upright frame in square pixels.
        fps: nominal frames per second, or None where unknown.
        frame_count: frames in total where the container or folder states it, else None (an estimate: never rely on it).
        duration: seconds in total, or None where unknown or endless.
        hdr: whether the pictures are HDR, or of more colours than a usual screen's, and are mapped to SDR.
        own_times: whether the frames' times are those at which they are to be shown, though they come over a network.
        finite: whether it ends by itself.
    """

    kind: SourceKind
    name: str
    spec: str
    width: int
    height: int
    fps: float | None = None
    frame_count: int | None = None
    duration: float | None = None
    hdr: bool = False
    own_times: bool = False
    finite: bool = False

    @property
    def live(self) -> bool:
        """Whether frames arrive in real time and are lost when they are not read."""
        return self.kind in (SourceKind.CAMERA, SourceKind.STREAM)


class Source(ABC):
    """An open source. Not thread-safe, but for ``close``, which may be called from another thread."""

    bad_frames: int = 0
    """Frames that arrived empty, damaged or of a wrong form and were skipped."""

    start: float = 0.0
    """The first frame's time in seconds on the file's own clock; of the sound in it, for one."""

    sound_left_out: bool = False
    """Whether there is sound that nobody takes over: of what comes from an address, only the pictures are read."""

    frame_seconds: float | None = None
    """How long the file says that the frame read last is shown, None where it says nothing."""

    @property
    @abstractmethod
    def info(self) -> SourceInfo:
        """What was obtained."""

    @abstractmethod
    def read(self) -> Frame | None:
        """The next frame, or None at the end of a file, folder or stream that ended by itself.

        Raises:
            SourceLostError: a live source stopped delivering, or a file is damaged from here on.
        """

    def take_remarks(self) -> list[str]:
        """What a person should know of what was read or left out since the last call, a line each."""
        return []

    @abstractmethod
    def close(self) -> None:
        """Release the device or file. Safe to call twice and from another thread; never waits for a blocked read."""

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
