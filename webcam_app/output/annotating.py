"""The annotated copy of a source: each frame with its faces drawn or covered, with the sound of the original."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.source import DEFAULT_FPS, Source, SourceKind
from webcam_app.errors import SourceError, SourceLostError
from webcam_app.faces.face import Box, Face
from webcam_app.faces.photograph import analyze_frame, on_image
from webcam_app.output.copy_wishes import CopyWatch, CopyWishes
from webcam_app.output.cover import cover_frame
from webcam_app.output.covering import CoverDelay
from webcam_app.output.overlay import draw_overlay
from webcam_app.output.stored_pixels import drawn_in_stored_pixels, faces_in_stored_pixels, fitted
from webcam_app.output.tables import TextFile, frame_line
from webcam_app.output.timing import Timing
from webcam_app.output.track_readers import OpenedTracks, StreamTracks, TrackReader
from webcam_app.output.video_file import VideoFile

if TYPE_CHECKING:
    from webcam_app.faces.analyzer import FaceAnalyzer

# Windows Media and Matroska count in milliseconds: a picture at 0.999 s is the one after the first second.
SAME_MOMENT_SECONDS = 0.0015
# Broadcasts send pictures so long before they are shown, and sound when it is heard.
MAX_SOUND_LAG_SECONDS = 2.0


class AnnotatedCopy:
    """The loop over the frames and what it counts. One thread uses it; whoever made the parts closes them."""

    def __init__(
        self,
        source: Source,
        analyzer: FaceAnalyzer,
        wishes: CopyWishes,
        watch: CopyWatch,
        lines: TextFile | None = None,
    ) -> None:
        """Prepare; ``go`` works, then ``finish`` makes the video whole, and ``close`` lets it go in any case.

        Args:
            source: open.
            analyzer: looks for the faces.
            wishes: what the copy is to be like.
            watch: follows the work.
            lines: gets a line of JSON for each frame; None for none.
        """
        self._source, self._analyzer, self._lines, self._watch = source, analyzer, lines, watch
        self._timing = _timing(source)
        self._style, self._duration, self._cover = wishes.style, wishes.duration, wishes.cover
        self._video: VideoFile | None = None
        self._shape: tuple[tuple[int, int], Fraction | None] | None = None
        self._last_time = 0.0
        self._stated: float | None = None
        self._cut = False
        self._interval = 1 / (source.info.fps or DEFAULT_FPS)
        self._unlabelled = 0
        self._out = self._partial = Path()
        self._delay = CoverDelay()
        self._read_one = False
        self.frames = 0
        self.notes: list[str] = []

    @property
    def keeps_a_part(self) -> bool:
        """Whether what was written so far is worth something by itself: a part of what has no end."""
        return self._source.info.live and not self.empty

    @property
    def empty(self) -> bool:
        """Whether there is no picture for the copy yet."""
        return self.frames + len(self._delay) == 0

    @property
    def seconds(self) -> float:
        """Length of what was written."""
        return self._last_time + self._last_seconds if self.frames else 0.0

    @property
    def total(self) -> float | None:
        """About how many seconds there are to do, None where that is unknown or there is no end."""
        return self._duration or self._timing.video_seconds or self._source.info.duration

    def go(self, out: Path, partial: Path) -> None:
        """Write all frames, or those until the watch says to stop.

        Args:
            out: what the video will be called; its ending decides on the format.
            partial: the existing file to write to.

        Raises:
            WebcamAppError: the source is damaged, or the disk is full.
        """
        self._out, self._partial = out, partial
        while not self._watch.stopped() and (frame := self._read()) is not None:
            if self._duration is not None and self._read_one and frame.time >= self._duration - SAME_MOMENT_SECONDS:
                self._cut = True
                self._read_sound_until(self._duration)
                break
            faces = analyze_frame(self._analyzer, frame)
            self._unlabelled += self._analyzer.problem is not None
            self._stated = self._source.frame_seconds
            with self._watch.whole():  # a frame is in the video, the lines and the count, or in none
                self._take(frame, faces)
            self._watch.done(frame, faces)

    def _take(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Write a frame, or let it wait for faces that are found later and may be in it already."""
        self._read_one = True
        if self._cover is not None and frame.picture is None:
            self._delay.put(frame, faces)
            self._write_waiting()
            return
        self._write_waiting(all_of_them=True)
        self._write(frame, faces, () if self._cover is None else [face.box for face in on_image(faces, frame)])

    def _write_waiting(self, *, all_of_them: bool = False) -> None:
        while (item := self._delay.take(all_of_them=all_of_them)) is not None:
            self._write(item.frame, item.faces, item.boxes)

    def _write(self, frame: Frame, faces: Sequence[Face], covered: Sequence[Box]) -> None:
        if self._cover is not None:
            frame = cover_frame(frame, covered, self._cover)
        picture = self._annotated(frame, faces)
        self._watch.written(picture)
        if self._video is None:
            self._video = self._new_video(frame, picture)
        self._video.write(picture, frame.time)
        if self._lines is not None:
            self._lines.write(frame_line(frame, faces_in_stored_pixels(faces, frame)) + "\n")
        self.frames += 1
        self._last_time = frame.time

    def _new_video(self, frame: Frame, picture: Image) -> VideoFile:
        height, width = picture.shape[:2]
        return VideoFile(
            self._out,
            self._partial,
            width,
            height,
            fps=1 / self._interval,
            bt709=self._source.info.hdr,
            aspect=frame.stored.aspect if frame.stored else None,
            tracks_of=self._tracks_of(),
            start=self._source.start,
            end=self._duration,
        )

    def _tracks_of(self) -> Callable[[], TrackReader] | None:
        """What opens the source's sound and subtitles; None where it has none."""
        along, again = self._source.sound_along, self._source.open_again
        if along is not None:
            return lambda: StreamTracks(along)
        return None if again is None else lambda: OpenedTracks(again())

    def _read(self) -> Frame | None:
        """The next frame; what is to be said of pictures on the way to it is said."""
        frame = self._source.read()
        for remark in self._source.take_remarks():
            self._watch.remark(remark)
        return frame

    def _read_sound_until(self, end: float) -> None:
        """Read on: in a stream, sound comes later than the pictures that belong to it."""
        self._write_waiting(all_of_them=True)
        if self._source.sound_along is None or self._video is None:
            return
        with contextlib.suppress(SourceLostError):  # there is as much as there is
            while not self._video.has_sound_until(end):
                frame = self._read()
                if frame is None or frame.time > end + MAX_SOUND_LAG_SECONDS:
                    return

    def _annotated(self, frame: Frame, faces: Sequence[Face]) -> Image:
        """The picture with the overlay, in the size and the pixels of the first one."""
        card = self._analyzer.card
        labels = () if card is None else card.labels
        drawn = draw_overlay(frame.image, on_image(faces, frame), self._style, labels=labels)
        picture = drawn_in_stored_pixels(drawn, frame)
        shape = (picture.shape[1], picture.shape[0]), frame.stored.aspect if frame.stored else None
        self._shape = self._shape or shape
        return picture if shape == self._shape else fitted(drawn, *self._shape)

    def finish(self) -> None:
        """Write what waits, close the video and collect the notes.

        Raises:
            WebcamAppError: there were no pictures, or the disk is full.
        """
        self._write_waiting(all_of_them=True)
        if self._video is None or not self.frames:
            raise SourceError(f"'{self._source.info.name}' has no pictures")
        self._video.finish(self._last_seconds)
        self.notes += self._video.problems
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
        """Let the video go; without ``finish`` it is of no use."""
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
    info = source.info
    return Timing(info.duration, info.duration_exact) if info.kind is SourceKind.FILE else Timing()
