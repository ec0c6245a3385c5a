"""``webcam-app annotate``: a source in, the annotated video and what was seen out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.frame import Frame
from webcam_app.capture.text import printable
from webcam_app.commands.interrupt import Interrupted, deferred_interrupts
from webcam_app.commands.progress import Progress
from webcam_app.commands.shell import print_error, quiet_libraries
from webcam_app.errors import OutputError, SourceLostError
from webcam_app.faces.face import Face
from webcam_app.output.annotating import AnnotatedCopy
from webcam_app.output.copy_wishes import CopyWatch, CopyWishes
from webcam_app.output.cover import CoverKind
from webcam_app.output.overlay import OverlayStyle


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
        watch = _Watch()
        wishes = CopyWishes(style or OverlayStyle(), duration, cover)
        run = AnnotatedCopy(source, analyzer, wishes, watch, lines)
        if source.info.live and not source.info.finite and duration is None:
            print_error(f"'{source.info.name}' has no end: Ctrl-C stops, and keeps what was written")
        with Progress(run.total, "s") as watch.progress:
            lost = _write_all(run, stack, out, new_video.partial)
    if lost is not None:
        raise SourceLostError(f"{lost} What came before, {run.seconds:.1f} s, is in '{printable(out)}'") from lost
    return Annotated(out, run.frames, run.seconds, tuple(run.notes))


def _write_all(run: AnnotatedCopy, outputs: ExitStack, out: Path, partial: Path) -> SourceLostError | None:
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


class _Watch(CopyWatch):
    """Draws progress on a terminal."""

    def __init__(self) -> None:
        self.progress: Progress | None = None

    def done(self, frame: Frame, faces: Sequence[Face]) -> None:
        if self.progress is not None:
            self.progress.update(frame.time, f"{len(faces)} face{'' if len(faces) == 1 else 's'}")

    def remark(self, text: str) -> None:
        if self.progress is not None:
            self.progress.clear()
        print_error(text)

    def whole(self) -> AbstractContextManager[None]:
        return deferred_interrupts()


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
