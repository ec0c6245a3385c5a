"""The engine's recording, at most one at a time: started, fed, stopped, and ended by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from webcam_app.capture.frame import Frame
from webcam_app.capture.sound import SoundBlock
from webcam_app.errors import RecordingError
from webcam_app.faces.face import Face
from webcam_app.live.recordings.recording import LAPSE_RATE, Recording
from webcam_app.live.states import RecordingSetup, RecordingStatus, RecordingSummary
from webcam_app.output.live.effort import Effort
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

    def start(self, folder: Path, style: OverlayStyle, setup: RecordingSetup) -> Path:
        """Create a file and record what is ``put`` from now on.

        Args:
            folder: where the file is to be; made where it is missing.
            style: how faces are drawn.
            setup: what it is made of.

        Returns:
            The new file.

        Raises:
            RecordingError: the file cannot be created, or the engine is closing.
        """
        from webcam_app.output.recorder import FRAGMENT_SECONDS, Recorder, RecordingPlan, recording_path

        path = recording_path(folder, datetime.now())
        lapse = setup.lapse_seconds > 0
        plan = RecordingPlan(
            effort=self._effort,
            sound_channels=0 if lapse else setup.sound_channels,
            # Each frame of a time-lapse took long to come: it is written at once.
            fragment_seconds=0.0 if lapse else FRAGMENT_SECONDS,
        )
        writer = Recorder(path, *setup.size, fps_hint=LAPSE_RATE if lapse else setup.fps, plan=plan)
        with self._lock:
            if not self._closed:
                self._recording = Recording(writer, style, self._labels, self._failed, setup)
                return path
        writer.close()  # an empty file removes itself
        raise RecordingError("The program is closing; nothing was recorded.")

    def put(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Queue a frame, if there is a recording."""
        with self._lock:
            if self._recording is not None:
                self._recording.put(frame, faces)

    def put_sound(self, block: SoundBlock, time: float) -> None:
        """Queue a block of sound, taken at ``time`` on the clock of the frames, if there is a recording."""
        recording = self._recording
        if recording is not None:
            recording.put_sound(block, time)

    def set_paused(self, paused: bool, time: float) -> bool:
        """Leave out what comes from ``time`` on, or go on at ``time``; returns whether there is a recording."""
        recording = self._recording
        if recording is not None:
            recording.set_paused(paused, time)
        return recording is not None

    def skip(self, frame: Frame) -> None:
        """Queue a frame that was replaced before it could be analysed, if there is a recording."""
        with self._lock:
            if self._recording is not None:
                self._recording.skip(frame)

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
