"""The interface of every source of frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType

from webcam_app.capture.frame import Frame
from webcam_app.capture.reopened import Reopened
from webcam_app.capture.sound_along import SoundAlong

DEFAULT_FPS = 30.0
"""Frames per second assumed of a source that states no rate: what most webcams give."""


SAME_SECONDS = 1e-4
"""Times in a file that differ by less are those of one picture."""


@dataclass(frozen=True, slots=True)
class SeekCalls:
    """What a jump calls on the way.

    Attributes:
        preview: where it takes long, gets a frame that is near, once.
        given_up: asked between frames; whether nobody wants the frame any more.
    """

    preview: Callable[[Frame], None] = lambda _frame: None
    given_up: Callable[[], bool] = lambda: False


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
        duration_exact: whether that is the sum of the pictures'; else it may count from before the first.
        hdr: whether the pictures are HDR, or of more colours than a usual screen's, and are mapped to SDR.
        own_times: whether the frames' times are those at which they are to be shown, though they come over a network.
        finite: whether it ends by itself.
        seekable: whether ``Source.seek`` goes to any of its frames.
        about_seconds: of what is seekable, about how long it is, from the length of its sound where need be; None where
            that is unknown.
    """

    kind: SourceKind
    name: str
    spec: str
    width: int
    height: int
    fps: float | None = None
    frame_count: int | None = None
    duration: float | None = None
    duration_exact: bool = False
    hdr: bool = False
    own_times: bool = False
    finite: bool = False
    seekable: bool = False
    about_seconds: float | None = None

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

    sound_along: SoundAlong | None = None
    """The sound of what comes from an address without an end, read along with the pictures; its packets' times are on
    the clock of ``start``. None where there is none, or where ``open_again`` gives it."""

    open_again: Callable[[], Reopened] | None = None
    """Opens a file, or what an address leads to, a second time for the sound and subtitles in it: these may lie far
    from the pictures that they belong to. None where there is none, or where that would not give the same moments.
    Raises ``OSError``, ``ValueError``, ``av.FFmpegError``."""

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

    def seek(self, time: float, *, lead: int = 0, calls: SeekCalls | None = None) -> list[Frame]:
        """Go to the frame that is shown at a time; ``read`` goes on with the one after it.

        Only where ``info.seekable``. Frames are the same as if all before them had been read, with the same times;
        ``index`` counts on.

        Args:
            time: seconds since the first frame. Before it, that one is meant, and after the end the last one.
            lead: how many frames before it are wanted as well.
            calls: what is called on the way.

        Returns:
            Those frames, fewer at the beginning of the file, and the one that was asked for as the last; none once the
            source is closed, or where it was given up: then another place must be sought before anything is read.

        Raises:
            SourceLostError: the file is damaged there.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be sought")

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
