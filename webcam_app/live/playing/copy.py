"""Writes the annotated copy of a video in a process of its own: the engine of ``webcam-app annotate``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import numpy as np

from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.text import printable
from webcam_app.errors import OutputError, SourceLostError, WebcamAppError, first_line
from webcam_app.faces.face import Face
from webcam_app.live.playing.background import stop_asked, work_in_background
from webcam_app.output.copy_wishes import CopyWatch, CopyWishes

# Behind the picture that plays, before the look through the video for the strip.
NICENESS = 10
TELL_SECONDS = 0.25
PREVIEW_WIDTH = 200


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What to write.

    Attributes:
        source: the video.
        out: the copy; a file that is there is replaced.
        wishes: what it is to be like.
        model: as ``FaceAnalyzer`` takes it.
    """

    source: Path
    out: Path
    wishes: CopyWishes
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far it is.

    Attributes:
        seconds: of the video that were looked at.
        total: its length, about; None where unknown.
        preview: H×W×3 uint8 BGR: what was written last, small; None where nothing was yet.
    """

    seconds: float
    total: float | None
    preview: Image | None


@dataclass(frozen=True, slots=True)
class CopyEnd:
    """It has ended.

    Attributes:
        frames: pictures in the copy.
        seconds: its length.
        stopped: whether it is only a part, because somebody wanted it so.
        notes: what a person should know, a line each.
        problem: why there is no copy, or why it ends early; empty where all is well.
    """

    frames: int = 0
    seconds: float = 0.0
    stopped: bool = False
    notes: tuple[str, ...] = ()
    problem: str = ""


def write_copy(connection: Connection, order: CopyOrder) -> None:
    """Write the copy, telling ``CopyProgress`` again and again and ``CopyEnd`` once. Main of the process.

    Args:
        connection: ``STOP`` ends it, or that nobody listens any more; what was written by then is kept.
        order: what to write.
    """
    work_in_background(NICENESS)
    watch = _Watch(connection)
    try:
        end = _write(order, watch)
    except WebcamAppError as error:
        end = CopyEnd(stopped=watch.was_stopped, problem=str(error))
    except MemoryError:
        end = CopyEnd(problem="There is not enough memory for the copy: close other programs.")
    except Exception as error:  # a library's own; this is the process's edge
        end = CopyEnd(problem=f"The copy could not be written: {first_line(error)}.")
    with contextlib.suppress(OSError):
        connection.send(end)


class _Watch(CopyWatch):
    """Tells how far it is, and hears when to stop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._picture: Image | None = None
        self._told = 0.0
        self.total: float | None = None
        self.was_stopped = False
        self.remarks: list[str] = []

    def stopped(self) -> bool:
        self.was_stopped = self.was_stopped or stop_asked(self._connection)
        return self.was_stopped

    def written(self, picture: Image) -> None:
        self._picture = picture

    def remark(self, text: str) -> None:
        self.remarks.append(text)

    def done(self, frame: Frame, faces: Sequence[Face]) -> None:
        now = time.monotonic()
        if now - self._told < TELL_SECONDS:
            return
        self._told = now
        preview = None if self._picture is None else _small(self._picture)
        try:
            self._connection.send(CopyProgress(frame.time, self.total, preview))
        except OSError:
            self.was_stopped = True


def _write(order: CopyOrder, watch: _Watch) -> CopyEnd:
    from webcam_app.capture import open_source
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.output.annotating import AnnotatedCopy
    from webcam_app.output.files import AtomicFile, refuse_special
    from webcam_app.output.video_file import video_format

    video_format(order.out)
    refuse_special(order.out, "a video")
    with contextlib.suppress(OSError):
        if order.source.samefile(order.out):
            raise OutputError(f"'{printable(order.out)}' is the video that is read: choose another name for the copy.")
    problem = ""
    with ExitStack() as outputs:
        new_video = outputs.enter_context(AtomicFile(order.out, overwrite=True))
        analyzer = FaceAnalyzer(order.model)
        source = outputs.enter_context(open_source(str(order.source)))
        copy = AnnotatedCopy(source, analyzer, order.wishes, watch)
        watch.total = copy.total
        try:
            try:
                copy.go(order.out, new_video.partial)
            except SourceLostError as error:  # what came before is kept
                problem = str(error)
            if watch.was_stopped and copy.empty:
                raise OutputError("The copy was stopped before its first picture.")
            copy.finish()
        finally:
            copy.close()
    notes = (*watch.remarks, *copy.notes)
    return CopyEnd(copy.frames, copy.seconds, watch.was_stopped, notes, problem)


def _small(picture: Image) -> Image:
    height, width = picture.shape[:2]
    size = PREVIEW_WIDTH, max(1, round(height * PREVIEW_WIDTH / width))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
