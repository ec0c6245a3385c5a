"""Writes a recording from a bounded queue in its own thread, so that a slow disk delays no frame on the screen."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.sound import SoundBlock
from webcam_app.capture.sound.source import Samples
from webcam_app.errors import RecordingError, first_line
from webcam_app.faces.face import Box, Face
from webcam_app.live.recordings.backlog import Backlog
from webcam_app.live.recordings.shortage import WorkMeter, camera_shortage
from webcam_app.live.states import RecordingSetup, RecordingStatus, RecordingSummary, Shortage
from webcam_app.output.cover import CoverKind, cover_frame
from webcam_app.output.covering import CoverDelay
from webcam_app.output.live.effort import Effort
from webcam_app.output.overlay import OverlayStyle, draw_overlay

LIGHTEN_SHARE = 0.25
"""From so full a queue on, the encoder is to be quicker: at 1080p it is 170 ms late."""

FRAMES_BETWEEN_STEPS = 15
"""A quicker encoder gets half a second to show what it does before it is made quicker still."""

MAX_SKIPPED_BYTES = 64 << 20
"""Of frames that wait for the one before them to be analysed: two seconds of VGA, 0.3 of 1080p."""

LAPSE_RATE = 30.0
"""Frames a second at which a time-lapse plays."""

NICENESS = 2
"""Where the processor is short, finding faces and painting go before recording."""


class FrameWriter(Protocol):
    """The part of ``Recorder`` that is used here."""

    path: Path
    frames: int

    @property
    def duration(self) -> float:
        """Seconds."""

    @property
    def disk_seconds(self) -> float:
        """Seconds that the disk has taken."""

    @property
    def size(self) -> int:
        """Bytes on the disk."""

    @property
    def free(self) -> int | None:
        """Bytes that are free on the disk."""

    @property
    def effort(self) -> Effort:
        """How much work goes into a frame."""

    @property
    def sound_problem(self) -> str:
        """Why it goes on without sound."""

    def write(self, image: Image, time: float) -> None:
        """Record a frame."""

    def write_sound(self, samples: Samples, rate: int, time: float) -> None:
        """Record a block of sound."""

    def pause(self, time: float) -> None:
        """Leave out what comes."""

    def resume(self, time: float) -> None:
        """Go on."""

    def lighten(self) -> bool:
        """Work less on each frame, where that is possible."""

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
        setup: RecordingSetup | None = None,
    ) -> None:
        """Start the thread.

        Args:
            writer: writes the frames; closed by the thread.
            style: how faces are drawn.
            labels: gives the model's labels, for the colours; none while it is loading.
            on_problem: called, in the thread, if the recording ends by itself.
            setup: what it is made of; None for every frame, without sound.
        """
        self._writer = writer
        self._style = style
        self._labels = labels
        self._on_problem = on_problem
        self._promised_rate = setup.promised_rate if setup is not None else 0.0
        self._lapse_seconds = setup.lapse_seconds if setup is not None else 0.0
        self._lapse_due: float | None = None
        self._lapse_count = 0
        self._backlog: Backlog[Callable[[], None]] = Backlog()
        self._paused = False
        self._pause_began = self._paused_seconds = 0.0
        self._work = WorkMeter()
        self._skipped: list[Frame] = []
        self._faces: Sequence[Face] = ()
        self._delay = CoverDelay()
        self._missed = 0
        self._first_time: float | None = None
        self._last_time = 0.0
        self._came = 0
        self._frames_to_step = 0
        self._lightened_to: Effort | None = None
        self._problem: str | None = None
        self._stopping = False
        self._end_time: float | None = None
        self._canvases: list[Image] = []
        self._waiting = threading.Lock()
        """Guards the frames that wait to be covered."""
        self._thread = threading.Thread(target=self._run, name="live recording", daemon=True)
        self._thread.start()

    @property
    def status(self) -> RecordingStatus:
        """Its figures so far."""
        writer = self._writer
        return RecordingStatus(
            *(writer.path, writer.duration, writer.frames, self._dropped, self._problem, self._shortage),
            size=writer.size,
            free=writer.free,
            paused=self._paused,
            sound_problem=writer.sound_problem,
            lapse=self._lapse_seconds > 0,
        )

    @property
    def lightened_to(self) -> Effort | None:
        """What the encoder had to be content with because the processor was short; None where it was not."""
        return self._lightened_to

    @property
    def active(self) -> bool:
        """Whether frames are still accepted."""
        return self._problem is None and not self._stopping

    def put(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Queue a frame for writing; where the queue is full some are left out and counted. Never waits."""
        with self._waiting:
            self._put(frame, faces)

    def _put(self, frame: Frame, faces: Sequence[Face]) -> None:
        if not self.active or self._paused:
            return
        while self._skipped and self._skipped[0].time < frame.time:
            self._wait(self._skipped.pop(0), self._faces)
        self._faces = faces
        self._wait(frame, faces)

    def _wait(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Queue a frame; where faces are covered, half a second later: one may be found that is in it already."""
        covering = self._style.covering
        if covering is None or covering.kind is None:
            self._end_wait()
            self._queue(frame, faces)
            return
        self._delay.put(frame, faces, covering.spared)
        self._end_wait(all_of_them=False)

    def _end_wait(self, *, all_of_them: bool = True) -> None:
        covering = self._style.covering
        while (item := self._delay.take(all_of_them=all_of_them)) is not None:
            kind = covering.kind if covering is not None else None
            self._queue(item.frame, item.faces, item.boxes, kind or CoverKind.BLUR)

    def _queue(
        self, frame: Frame, faces: Sequence[Face], covered: Sequence[Box] = (), kind: CoverKind = CoverKind.BLUR
    ) -> None:
        if self._lapse_seconds:
            if self._lapse_due is not None and frame.time < self._lapse_due:
                return
            # On its own grid, so that it does not drift; on a new one where the source was away.
            due = frame.time if self._lapse_due is None else self._lapse_due
            late = frame.time - due
            self._lapse_due = (due if late < self._lapse_seconds else frame.time) + self._lapse_seconds
            frame = replace(frame, time=self._lapse_count / LAPSE_RATE)
            self._lapse_count += 1
        elif self._first_time is None:
            self._first_time = frame.time
        self._last_time = frame.time
        self._came += 1
        self._backlog.put_frame(lambda: self._write(cover_frame(frame, covered, kind), faces), frame.image.nbytes)

    def put_sound(self, block: SoundBlock, time: float) -> None:
        """Queue a block of sound that was taken at ``time`` on the clock of the frames. Never waits."""
        if self.active and not self._paused and not self._lapse_seconds:
            self._backlog.put(lambda: self._writer.write_sound(block.samples, block.rate, time))

    def set_paused(self, paused: bool, time: float) -> None:
        """Leave out what comes from ``time`` on, or go on at ``time``, on the clock of the frames."""
        if paused == self._paused or not self.active:
            return
        with self._waiting:
            self._end_wait()
        self._paused = paused
        self._skipped = []
        if self._lapse_seconds:
            return  # its frames have times of their own
        if paused:
            self._pause_began = time
            self._backlog.put(lambda: self._writer.pause(time))
        else:
            self._paused_seconds += time - self._pause_began
            self._backlog.put(lambda: self._writer.resume(time))

    def skip(self, frame: Frame) -> None:
        """Queue a frame that nobody had time to analyse, behind those that are still being analysed.

        It shows the faces of the frame before it. Frames and skipped frames come from one thread at a time.
        """
        if not self.active or self._paused or self._first_time is None:
            return
        self._skipped.append(frame)
        if len(self._skipped) > max(1, MAX_SKIPPED_BYTES // max(frame.image.nbytes, 1)):
            self._skipped.pop(len(self._skipped) // 2)
            self._missed += 1

    def stop(self, timeout: float, end_time: float | None = None) -> RecordingSummary:
        """Write what is queued and close the file.

        Args:
            timeout: most seconds to wait for it; the file plays in any case.
            end_time: when the recording was stopped, on the clock of the frames; None for the last frame.
        """
        self._end_time = None if self._paused or self._lapse_seconds else end_time
        with self._waiting:
            if self.active:
                self._end_wait()
            self._stopping = True
        self._backlog.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(max(0.0, timeout))
        return self._summary()

    def _run(self) -> None:
        _step_back()
        try:
            while (item := self._backlog.take()) is not None:
                item()
            self._writer.close(self._end_time)
        except RecordingError as error:
            self._fail(str(error))
        except Exception as error:  # a library's own; this is the thread's edge
            try:
                self._writer.close()
            finally:
                self._fail(f"The recording stopped: {first_line(error)}.")

    def _write(self, frame: Frame, faces: Sequence[Face]) -> None:
        self._work.begin(self._writer.disk_seconds)
        canvas = self._canvas(frame.image)
        draw_overlay(frame.image, faces, self._style, labels=self._labels(), out=canvas)
        self._writer.write(canvas, frame.time)
        late = self._backlog.share >= LIGHTEN_SHARE
        self._work.end(self._writer.disk_seconds, behind=late)
        self._frames_to_step -= 1
        if late and self._frames_to_step <= 0 and self._bottleneck is Shortage.PROCESSOR:
            self._frames_to_step = FRAMES_BETWEEN_STEPS
            if self._writer.lighten():
                self._lightened_to = self._writer.effort

    def _canvas(self, image: Image) -> Image:
        """One of two buffers to draw into in turn: the writer holds the last image until it gets the next."""
        if not self._canvases or self._canvases[0].shape != image.shape:
            self._canvases = [np.empty_like(image, order="C") for _ in range(2)]
        self._canvases.reverse()
        return self._canvases[0]

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._backlog.close(clear=True)
        self._on_problem(self._summary())

    @property
    def _dropped(self) -> int:
        return self._backlog.dropped + self._missed

    @property
    def _seconds(self) -> float:
        """Between the first and the last frame that were put, without pauses; 0 for a time-lapse."""
        return 0.0 if self._first_time is None else self._last_time - self._first_time - self._paused_seconds

    @property
    def _bottleneck(self) -> Shortage:
        return self._work.shortage(self._writer.disk_seconds)

    @property
    def _shortage(self) -> Shortage | None:
        if self._backlog.dropped > self._missed:
            return self._bottleneck
        if self._missed:
            return Shortage.PROCESSOR
        if camera_shortage(self._came, self._seconds, self._promised_rate):
            return Shortage.CAMERA
        return None

    def _summary(self) -> RecordingSummary:
        writer = self._writer
        return RecordingSummary(
            *(writer.path, writer.duration, writer.frames, self._dropped, self._problem, self._shortage),
            rate=self._came / self._seconds if self._seconds else 0.0,
            promised_rate=self._promised_rate,
        )


def _step_back() -> None:
    """Let the other threads go before this one and the encoder's, which it starts. Linux alone has this for threads."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
