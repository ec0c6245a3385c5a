"""``webcam-app annotate``: a source in, the annotated video and what was seen out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.source import DEFAULT_FPS
from webcam_app.capture.text import printable
from webcam_app.commands.interrupt import Interrupted, deferred_interrupts
from webcam_app.commands.progress import Progress
from webcam_app.commands.shell import print_error, quiet_libraries
from webcam_app.errors import OutputError, SourceError, SourceLostError

if TYPE_CHECKING:
    from webcam_app.capture import Source
    from webcam_app.capture.frame import Frame, Image
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.faces.face import Box, Face
    from webcam_app.output.cover import CoverKind
    from webcam_app.output.overlay import OverlayStyle
    from webcam_app.output.tables import TextFile
    from webcam_app.output.timing import Timing
    from webcam_app.output.video_file import VideoFile

# Windows Media and Matroska count in milliseconds: a picture at 0.999 s is the one after the first second.
SAME_MOMENT_SECONDS = 0.0015


@dataclass(frozen=True, slots=True)
class Annotated:
    """What ``annotate`` did.

    Attributes:
        path: the video.
        frames: pictures in it.
        seconds: its length.
        notes: what the person should know, one line each.
    """

    path: Path
    frames: int
    seconds: float
    notes: tuple[str, ...]


def annotate(
    spec: str,
    out: Path,
    *,
    faces_out: Path | None = None,
    overwrite: bool = False,
    style: OverlayStyle | None = None,
    duration: float | None = None,
    cover: CoverKind | None = None,
) -> Annotated:
    """Write an annotated copy of a source.

    A source without end (a camera, a stream) is written until it is interrupted, and kept then; of a file that is
    interrupted or turns out to be damaged, nothing is kept. A signal during the last flush lets it finish: the output
    is complete then.

    Args:
        spec: what to open.
        out: the video; its ending decides on the format.
        faces_out: where to write a line of JSON for each frame, None for nowhere.
        overwrite: whether files that are there may be replaced.
        style: how the overlay looks.
        duration: seconds after which to stop, None for the end of the source.
        cover: how faces are covered, None for not at all; from half a second before they are found.

    Raises:
        WebcamAppError: the source, the model or an output is at fault; nothing is left behind.
        Interrupted: a signal arrived; ``outcome`` says what became of the output.
    """
    from webcam_app.output.files import AtomicFile, refuse_special
    from webcam_app.output.tables import TextFile
    from webcam_app.output.video_file import video_format

    video_format(out)
    refuse_special(out, "a video")
    _refuse_same(spec, out, faces_out)
    with ExitStack() as stack:
        # What is cheap to refuse is refused before a camera lights up.
        new_video = stack.enter_context(AtomicFile(out, overwrite=overwrite))
        lines = None
        if faces_out is not None:
            lines = stack.enter_context(TextFile(faces_out, overwrite=overwrite, reader_may_go=True))

        from webcam_app.capture import open_source
        from webcam_app.faces.analyzer import FaceAnalyzer
        from webcam_app.threads import use_opencv_threads

        with quiet_libraries():
            use_opencv_threads()
            analyzer = FaceAnalyzer()
        source = stack.enter_context(open_source(spec))
        run = _Run(source, analyzer, style, lines, duration, _timing(source))
        run.cover = cover
        lost = _write_all(run, stack, out, new_video.partial)
    if lost is not None:
        raise SourceLostError(f"{lost} What came before, {run.seconds:.1f} s, is in '{printable(out)}'") from lost
    return Annotated(out, run.frames, run.seconds, tuple(run.notes))


def _write_all(run: _Run, outputs: ExitStack, out: Path, partial: Path) -> SourceLostError | None:
    """Run to the end and close the outputs; returns why a live source ended early, if it did."""
    lost: SourceLostError | None = None
    complete = False
    try:
        try:
            run.go(out, partial)
        except SourceLostError as error:
            if not run.keeps_a_part:
                raise
            lost = error
        with deferred_interrupts():
            run.finish()
            outputs.close()
            complete = True
    except Interrupted as stop:
        if not complete:
            if not run.keeps_a_part:
                stop.outcome = f"'{printable(out)}' was not finished and is removed"
                raise
            run.finish()
            outputs.close()
        stop.outcome = f"{run.frames} frames, {run.seconds:.1f} s, are in '{printable(out)}'"
        raise
    finally:
        run.close()
    return lost


class _Run:
    """The loop over the frames and what it counts."""

    def __init__(
        self,
        source: Source,
        analyzer: FaceAnalyzer,
        style: OverlayStyle | None,
        lines: TextFile | None,
        duration: float | None,
        timing: Timing,
    ) -> None:
        from webcam_app.output.covering import CoverDelay
        from webcam_app.output.overlay import OverlayStyle

        self._source, self._analyzer, self._lines, self._timing = source, analyzer, lines, timing
        self._style = style or OverlayStyle()
        self._duration = duration
        self._video: VideoFile | None = None
        self._shape: tuple[tuple[int, int], Fraction | None] | None = None
        self._last_time = 0.0
        self._stated: float | None = None
        self._cut = False
        self._interval = 1 / (source.info.fps or DEFAULT_FPS)
        self._unlabelled = 0
        self._out = self._partial = Path()
        self._delay = CoverDelay()
        self.cover: CoverKind | None = None
        self._read_one = False
        self.frames = 0
        self.notes: list[str] = []

    @property
    def keeps_a_part(self) -> bool:
        """Whether what was written so far is worth something by itself: a part of what has no end."""
        return self._source.info.live and self.frames + len(self._delay) > 0

    @property
    def seconds(self) -> float:
        return self._last_time + self._last_seconds if self.frames else 0.0

    def go(self, out: Path, partial: Path) -> None:
        from webcam_app.faces.photograph import analyze_frame

        self._out, self._partial = out, partial
        if self._source.info.live and not self._source.info.finite and self._duration is None:
            print_error(f"'{self._source.info.name}' has no end: Ctrl-C stops, and keeps what was written")
        total = self._duration or (self._timing.video_seconds or self._source.info.duration)
        with Progress(total, "s") as progress:
            while (frame := self._read(progress)) is not None:
                if self._duration is not None and self._read_one and frame.time >= self._duration - SAME_MOMENT_SECONDS:
                    self._cut = True
                    break
                faces = analyze_frame(self._analyzer, frame)
                self._unlabelled += self._analyzer.problem is not None
                self._stated = self._source.frame_seconds
                with deferred_interrupts():  # a frame is in the video, the lines and the count, or in none
                    self._take(frame, faces)
                progress.update(frame.time, f"{len(faces)} face{'' if len(faces) == 1 else 's'}")

    def _take(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Write a frame, or let it wait for faces that are found later and may be in it already."""
        from webcam_app.faces.photograph import on_image

        self._read_one = True
        if self.cover is not None and frame.picture is None:
            self._delay.put(frame, faces)
            self._write_waiting()
            return
        self._write_waiting(all_of_them=True)
        self._write(frame, faces, () if self.cover is None else [face.box for face in on_image(faces, frame)])

    def _write_waiting(self, *, all_of_them: bool = False) -> None:
        while (item := self._delay.take(all_of_them=all_of_them)) is not None:
            self._write(item.frame, item.faces, item.boxes)

    def _write(self, frame: Frame, faces: Sequence[Face], covered: Sequence[Box]) -> None:
        from webcam_app.output.cover import cover_frame
        from webcam_app.output.stored_pixels import faces_in_stored_pixels
        from webcam_app.output.tables import frame_line

        if self.cover is not None:
            frame = cover_frame(frame, covered, self.cover)
        picture = self._annotated(frame, faces)
        if self._video is None:
            self._video = self._new_video(frame, picture)
        self._video.write(picture, frame.time)
        if self._lines is not None:
            self._lines.write(frame_line(frame, faces_in_stored_pixels(faces, frame)) + "\n")
        self.frames += 1
        self._last_time = frame.time

    def _new_video(self, frame: Frame, picture: Image) -> VideoFile:
        from webcam_app.output.video_file import VideoFile

        height, width = picture.shape[:2]
        return VideoFile(
            self._out,
            self._partial,
            width,
            height,
            fps=1 / self._interval,
            bt709=self._source.info.hdr,
            aspect=frame.stored.aspect if frame.stored else None,
            tracks_of=Path(self._source.info.spec) if self._timing.has_tracks else None,
            start=self._source.start,
            end=self._duration,
        )

    def _read(self, progress: Progress) -> Frame | None:
        """The next frame; what is to be said of pictures on the way to it is said."""
        frame = self._source.read()
        for remark in self._source.take_remarks():
            progress.clear()
            print_error(remark)
        return frame

    def _annotated(self, frame: Frame, faces: Sequence[Face]) -> Image:
        """The picture with the overlay, in the size and the pixels of the first one."""
        from webcam_app.faces.photograph import on_image
        from webcam_app.output.overlay import draw_overlay
        from webcam_app.output.stored_pixels import drawn_in_stored_pixels, fitted

        card = self._analyzer.card
        labels = () if card is None else card.labels
        drawn = draw_overlay(frame.image, on_image(faces, frame), self._style, labels=labels)
        picture = drawn_in_stored_pixels(drawn, frame)
        shape = (picture.shape[1], picture.shape[0]), frame.stored.aspect if frame.stored else None
        self._shape = self._shape or shape
        return picture if shape == self._shape else fitted(drawn, *self._shape)

    def finish(self) -> None:
        """Write what waits, close the video and collect the notes."""
        self._write_waiting(all_of_them=True)
        if self._video is None or not self.frames:
            raise SourceError(f"'{self._source.info.name}' has no pictures")
        self._video.finish(self._last_seconds)
        self.notes += self._video.problems
        if self._source.sound_left_out:
            self.notes.append("the sound is left out: of what comes from an address, only the pictures are read")
        if self._lines is not None and self._lines.reader_gone:
            self.notes.append("the list of faces is cut off: whoever read it had enough. The video is whole")
        if self._source.bad_frames:
            count = self._source.bad_frames
            self.notes.append(f"{count} damaged picture{' was' if count == 1 else 's were'} left out")
        if self._delay.shortened:
            self.notes.append("the pictures are so large that faces are covered from less than half a second before")
        if self._unlabelled:
            self.notes.append(f"faces stayed unlabelled in {self._unlabelled} pictures: {self._analyzer.problem}")

    def close(self) -> None:
        if self._video is not None:
            self._video.close()

    @property
    def _last_seconds(self) -> float:
        """How long the last picture is shown: as the file says, or up to the end that was asked for."""
        stated = self._timing.last_frame_seconds(self._last_time, self._stated, self._interval)
        if self._duration is None:
            return stated
        left = self._duration - self._last_time
        return left if self._cut else min(left, stated)


def _timing(source: Source) -> Timing:
    from webcam_app.capture import SourceKind
    from webcam_app.output.timing import Timing, read_timing

    return read_timing(Path(source.info.spec)) if source.info.kind is SourceKind.FILE else Timing()


def _refuse_same(spec: str, out: Path, faces_out: Path | None) -> None:
    """No output may be the input or the other output."""
    source = Path(spec)
    for path in (out, faces_out):
        if path is not None and _same(source, path):
            raise OutputError(f"'{printable(path)}' is what is read: choose another name for what is written")
    if faces_out is not None and _same(out, faces_out):
        raise OutputError(f"'{printable(out)}' cannot be both the video and the list of faces: choose another name")


def _same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except (OSError, ValueError):
        return Path(os.path.abspath(first)) == Path(os.path.abspath(second))  # noqa: PTH100 - resolve() follows links
