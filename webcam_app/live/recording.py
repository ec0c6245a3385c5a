"""Writes a recording from a bounded queue in its own thread, so that a slow disk delays no frame on the screen."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from webcam_app.capture.frame import Frame, Image
from webcam_app.errors import RecordingError, first_line
from webcam_app.faces.face import Face
from webcam_app.live.states import RecordingStatus, RecordingSummary
from webcam_app.output.overlay import OverlayStyle, draw_overlay

MAX_QUEUED_BYTES = 64 << 20
"""Two seconds of VGA at 30 frames a second; with a disk that is slower for longer, frames are dropped."""

MIN_QUEUED_FRAMES, MAX_QUEUED_FRAMES = 4, 90


class FrameWriter(Protocol):
    """The part of ``Recorder`` that is used here."""

    path: Path
    frames: int

    @property
    def duration(self) -> float:
        """Seconds."""

    def write(self, image: Image, time: float) -> None:
        """Record a frame."""

    def close(self, time: float | None = None) -> None:
        """Finish the file."""


class Recording:
    """A recording that is running: a bounded queue and the thread that empties it."""

    def __init__(
        self,
        writer: FrameWriter,
        style: OverlayStyle,
        labels: Callable[[], Sequence[str]],
        on_problem: Callable[[RecordingSummary], None],
    ) -> None:
        """Start the thread.

        Args:
            writer: writes the frames; closed by the thread.
            style: how faces are drawn.
            labels: gives the model's labels, for the colours; none while it is loading.
            on_problem: called, in the thread, if the recording ends by itself.
        """
        self._writer = writer
        self._style = style
        self._labels = labels
        self._on_problem = on_problem
        self._changed = threading.Condition()
        self._queue: deque[tuple[Frame, Sequence[Face]]] = deque()
        self._dropped = 0
        self._problem: str | None = None
        self._stopping = False
        self._end_time: float | None = None
        self._canvases: list[Image] = []
        self._thread = threading.Thread(target=self._run, name="live recording", daemon=True)
        self._thread.start()

    @property
    def status(self) -> RecordingStatus:
        """Its figures so far."""
        writer = self._writer
        return RecordingStatus(writer.path, writer.duration, writer.frames, self._dropped, self._problem)

    @property
    def active(self) -> bool:
        """Whether frames are still accepted."""
        return self._problem is None and not self._stopping

    def put(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Queue a frame for writing; where the queue is full it is dropped and counted. Never waits."""
        most = min(max(MIN_QUEUED_FRAMES, MAX_QUEUED_BYTES // max(frame.image.nbytes, 1)), MAX_QUEUED_FRAMES)
        with self._changed:
            if not self.active:
                return
            if len(self._queue) >= most:
                self._dropped += 1
                return
            self._queue.append((frame, faces))
            self._changed.notify()

    def stop(self, timeout: float, end_time: float | None = None) -> RecordingSummary:
        """Write what is queued and close the file.

        Args:
            timeout: most seconds to wait for it; the file plays in any case.
            end_time: when the recording was stopped, on the clock of the frames; None for the last frame.
        """
        with self._changed:
            self._stopping = True
            self._end_time = end_time
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(max(0.0, timeout))
        return self._summary()

    def _run(self) -> None:
        try:
            while (item := self._next()) is not None:
                frame, faces = item
                canvas = self._canvas(frame.image)
                draw_overlay(frame.image, faces, self._style, labels=self._labels(), out=canvas)
                self._writer.write(canvas, frame.time)
            self._writer.close(self._end_time)
        except RecordingError as error:
            self._fail(str(error))
        except Exception as error:  # a library's own; this is the thread's edge
            try:
                self._writer.close()
            finally:
                self._fail(f"The recording stopped: {first_line(error)}.")

    def _next(self) -> tuple[Frame, Sequence[Face]] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopping)
            return self._queue.popleft() if self._queue else None

    def _canvas(self, image: Image) -> Image:
        """One of two buffers to draw into in turn: the writer holds the last image until it gets the next."""
        if not self._canvases or self._canvases[0].shape != image.shape:
            self._canvases = [np.empty_like(image, order="C") for _ in range(2)]
        self._canvases.reverse()
        return self._canvases[0]

    def _fail(self, problem: str) -> None:
        with self._changed:
            self._problem = problem
            self._queue.clear()
        self._on_problem(self._summary())

    def _summary(self) -> RecordingSummary:
        writer = self._writer
        return RecordingSummary(writer.path, writer.duration, writer.frames, self._dropped, self._problem)
