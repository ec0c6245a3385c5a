"""States, events, results and figures of the live engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from webcam_app.capture.frame import Frame
from webcam_app.capture.source import SourceInfo
from webcam_app.faces.face import Face


class LiveState(Enum):
    """The state of the source."""

    IDLE = "idle"
    """Nothing is open."""
    OPENING = "opening"
    RUNNING = "running"
    STALLED = "stalled"
    """Open, but no frame comes."""
    RETRYING = "retrying"
    """A camera or stream was lost and is opened again from time to time."""
    PAUSED = "paused"
    """A file or folder is held at one picture because the person asked for it."""
    ENDED = "ended"
    """A file or folder came to its end."""
    FAILED = "failed"
    """It cannot be opened, or is damaged from here on."""


class EventKind(Enum):
    """What happened."""

    STATE = "state"
    RECORDING_STOPPED = "recording stopped"
    REMARK = "remark"
    """A picture of the source is damaged, or was left out; the message says which."""


class Shortage(Enum):
    """What was too slow for a recording to have every frame."""

    PROCESSOR = "processor"
    DISK = "disk"
    CAMERA = "camera"
    """It gave fewer pictures a second than it said it would."""


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """A recording that ended.

    Attributes:
        path: where it is.
        seconds: how long it plays.
        frames: frames in it.
        dropped: frames that came and were not written because disk or processor were too slow.
        problem: why it ended by itself, or None.
        shortage: what was too slow, None where nothing was.
        rate: frames a second that came, 0 where that is not known.
        promised_rate: frames a second that the camera had promised, 0 where it promised none.
    """

    path: Path
    seconds: float
    frames: int
    dropped: int
    problem: str | None = None
    shortage: Shortage | None = None
    rate: float = 0.0
    promised_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """A recording that is running; fields as in ``RecordingSummary``.

    Attributes:
        size: bytes on the disk.
        free: bytes that are free there, None where that is not known yet.
        paused: whether it waits to go on.
        sound_problem: why it goes on without sound; empty where it has it, or was to have none.
        lapse: whether it is a time-lapse, which grows too slowly for its seconds to show it.
    """

    path: Path
    seconds: float
    frames: int
    dropped: int
    problem: str | None = None
    shortage: Shortage | None = None
    size: int = 0
    free: int | None = None
    paused: bool = False
    sound_problem: str = ""
    lapse: bool = False


@dataclass(frozen=True, slots=True)
class MicrophoneStatus:
    """A microphone that is listened to.

    Attributes:
        name: its name.
        level: how loud it is now: the largest deflection, 0 to 1.
        problem: why nothing is heard, in one line; empty while it is.
    """

    name: str
    level: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RecordingSetup:
    """What a recording is made of.

    Attributes:
        size: width and height in pixels.
        fps: about how many frames a second will come.
        promised_rate: frames a second that a camera is to give; 0 where none is promised.
        sound_channels: 1 or 2, 0 for no sound.
        lapse_seconds: for a time-lapse, seconds from one frame to the next; 0 for every frame.
    """

    size: tuple[int, int]
    fps: float
    promised_rate: float = 0.0
    sound_channels: int = 0
    lapse_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something to show soon.

    Attributes:
        kind: what happened.
        state: the engine's state then.
        message: one line for people; empty where there is nothing to say.
        recording: the recording that stopped, for that kind.
    """

    kind: EventKind
    state: LiveState
    message: str = ""
    recording: RecordingSummary | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The newest frame with what was found in it.

    Attributes:
        frame: its image, and its time on the engine's clock: in seconds, strictly increasing, also across reconnecting
            and across sources.
        faces: what was found; empty while the network is being loaded.
        analysed_at: ``time.monotonic()`` in seconds.
        lost: faces that were seen a moment ago and are not now, where they may be; for covering them.
        sequence: counts results from 1; for ``LiveEngine.mark_painted``.
    """

    frame: Frame
    faces: list[Face]
    analysed_at: float
    sequence: int
    lost: tuple[Face, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures for the status line.

    Attributes:
        fps: frames analysed a second, over the last two seconds.
        latency_ms_median, latency_ms_p95: from frame taken to frame painted, None until something was painted.
        faces, masked: in the newest frame.
        dropped: frames of this source that came while the one before was still being analysed.
        bad_frames: frames of this source that were damaged and skipped.
        source: what was obtained, or None.
    """

    fps: float
    latency_ms_median: float | None
    latency_ms_p95: float | None
    faces: int
    masked: int
    dropped: int
    bad_frames: int
    source: SourceInfo | None
