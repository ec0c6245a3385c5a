"""The threads that connect capture, faces and output, for a window that only looks at the newest result."""

from webcam_app.live.engine import LiveEngine
from webcam_app.live.states import (
    Event,
    EventKind,
    LiveState,
    MicrophoneStatus,
    RecordingStatus,
    RecordingSummary,
    Result,
    Shortage,
    Statistics,
)

__all__ = [
    "Event",
    "EventKind",
    "LiveEngine",
    "LiveState",
    "MicrophoneStatus",
    "RecordingStatus",
    "RecordingSummary",
    "Result",
    "Shortage",
    "Statistics",
]
