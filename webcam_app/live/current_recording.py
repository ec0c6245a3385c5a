"""The engine's recording, at most one at a time: started, fed, stopped, and ended by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from webcam_app.capture.frame import Frame
from webcam_app.errors import RecordingError
from webcam_app.faces.face import Face
from webcam_app.live.recording import Recording
from webcam_app.live.states import RecordingStatus, RecordingSummary
from webcam_app.output.effort import Effort
from webcam_app.output.overlay import OverlayStyle


class CurrentRecording:
    """Holds the running recording. Any thread may call any method; none but ``stop`` and ``close`` waits."""

    def __init__(self, labels: Callable[[], Sequence[str]], on_failure: Callable[[RecordingSummary], None]) -> None:
        """Begin without a recording.

        Args:
            labels: gives the model's labels, for the colours.
            on_failure: called, in the recording's thread, after one ended by itself.
        """
        self._labels = labels
        self._on_failure = on_failure
        self._lock = threading.Lock()
        self._recording: Recording | None = None
        self._effort: Effort | None = None
        """What an earlier recording had to be content with, None where it had no need to."""
        self._closed = False

    @property
    def status(self) -> RecordingStatus | None:
        """Its figures, None where there is none."""
        recording = self._recording
        return recording.status if recording is not None else None

    def start(
        self, folder: Path, size: tuple[int, int], fps: float, style: OverlayStyle, *, promised_rate: float = 0.0
    ) -> Path:
        """Create a file and record what is ``put`` from now on.

        Args:
            folder: where the file is to be; made where it is missing.
            size: width and height of the recording in pixels.
            fps: about how many frames a second will come.
            style: how faces are drawn.
            promised_rate: frames a second that a camera is to give; 0 where none is promised.

        Returns:
            The new file.

        Raises:
            RecordingError: the file cannot be created, or the engine is closing.
        """
        from webcam_app.output.recorder import Recorder, RecordingPlan, recording_path

        path = recording_path(folder, datetime.now())
        writer = Recorder(path, *size, fps_hint=fps, plan=RecordingPlan(effort=self._effort))
        with self._lock:
            if not self._closed:
                self._recording = Recording(writer, style, self._labels, self._failed, promised_rate)
                return path
        writer.close()  # an empty file removes itself
        raise RecordingError("The program is closing; nothing was recorded.")

    def put(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Queue a frame, if there is a recording."""
        with self._lock:
            if self._recording is not None:
                self._recording.put(frame, faces)

    def miss(self) -> None:
        """Count a frame that was replaced before it could be analysed, if there is a recording."""
        recording = self._recording
        if recording is not None:
            recording.miss()

    def stop(self, timeout: float, end_time: float | None = None) -> RecordingSummary | None:
        """Write what is queued and close the file; None where there is no recording.

        Args:
            timeout: most seconds to wait for it.
            end_time: when it was stopped, on the clock of the frames; None for the last frame.
        """
        recording = self._release()
        return None if recording is None else recording.stop(timeout, end_time)

    def close(self, timeout: float, end_time: float) -> None:
        """``stop``, and start no other."""
        with self._lock:
            self._closed = True
        self.stop(timeout, end_time)

    def _release(self) -> Recording | None:
        with self._lock:
            recording, self._recording = self._recording, None
            if recording is not None:
                self._effort = recording.lightened_to or self._effort
            return recording

    def _failed(self, summary: RecordingSummary) -> None:
        self._release()
        self._on_failure(summary)
