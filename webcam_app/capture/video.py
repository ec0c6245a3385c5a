"""Video files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.colour import Colour
from webcam_app.capture.decoding import CONTAINER_FORMATS, Decoder, picture_stream, reason_of
from webcam_app.capture.display_times import DisplayTimes, stated_seconds
from webcam_app.capture.frame import Frame
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.network.m3u8 import is_playlist_name
from webcam_app.capture.network.playlist import open_local_playlist
from webcam_app.capture.source import SourceInfo, SourceKind
from webcam_app.capture.text import printable
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError, SourcePermissionError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MISSING_SHARE = 0.02
MISSING_SECONDS = 1.0
"""A file that ends this much before the length that it states (the larger of share and seconds) was cut off."""


def open_video(path: Path, *, loop: bool = False) -> VideoSource:
    """Open a video file. Only its head is read, however long it is.

    Args:
        path: a regular file.
        loop: begin again at the end; times go on counting.

    Raises:
        SourceNotFoundError, SourcePermissionError, SourceError: why not, in one line.
    """
    import av

    name = printable(path)
    # 'file:' keeps a name with a colon in it from being taken for a protocol. Only that file may be opened.
    options = {"format_whitelist": CONTAINER_FORMATS, "protocol_whitelist": "file"}
    try:
        if is_playlist_name(path):
            container = open_local_playlist(path)
        else:
            container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except FileNotFoundError:
        raise SourceNotFoundError(f"The file {name} does not exist.") from None
    except PermissionError:
        raise SourcePermissionError(f"{name} may not be read by this user. Change its permissions.") from None
    except (av.FFmpegError, UnicodeError) as error:
        reason = "it is empty" if _is_empty(path) else f"no video, or damaged ({reason_of(error)})"
        raise SourceError(f"{name} cannot be played: {reason}. Choose another file.") from None
    try:
        stream = picture_stream(container)
        if stream is None:
            what = "has sound but no pictures" if container.streams.audio else "is damaged or holds no pictures"
            raise SourceError(f"{name} {what}. Choose a file with video.")
        return VideoSource(path, container, stream, loop=loop)
    except BaseException:
        container.close()
        raise


class VideoSource(GuardedSource):
    """A video file. ``read`` gives frames as fast as they are decoded, with the times that the file has for them."""

    def __init__(self, path: Path, container: InputContainer, stream: VideoStream, *, loop: bool = False) -> None:
        import av

        super().__init__()
        self._name = printable(path)
        self._loop = loop
        self._errors: type[Exception] = av.FFmpegError
        self._decoder = Decoder(container, stream, low_delay=False)
        self._times = DisplayTimes(container, stream)
        self._period = self._times.period
        self._stated_length = stated_seconds(container, stream)
        self._index = 0
        self._time = 0.0
        self._round_start = 0.0
        self._first_stamp: float | None = None
        self._frames: Iterator[VideoFrame] = self._decoder.frames()
        # One frame is decoded now: only it tells the true size and how the picture is turned.
        self._ahead = self._next_frame()
        if self._ahead is None:
            raise SourceError(f"{self._name} holds no picture that can be decoded. Choose another file.")
        width, height = self._decoder.upright_size(self._ahead)
        hdr = not Colour.of(self._ahead).usual
        self._info = SourceInfo(
            kind=SourceKind.FILE,
            name=printable(path.name),
            spec=str(path),
            width=width,
            height=height,
            fps=1.0 / self._period,
            frame_count=stream.frames or None if not loop else None,
            duration=self._stated_length if not loop else None,
            hdr=hdr,
        )

    @property
    def info(self) -> SourceInfo:
        """Size is that of the first frame, upright and in square pixels."""
        return self._info

    def _read(self) -> Frame | None:
        found, self._ahead = self._ahead or self._next_frame(), None
        if found is None and self._loop and self._first_stamp is not None and self._begin_again():
            found = self._next_frame()
        if found is None:
            return None
        self._time = self._time_of(found)
        image, stored = self._decoder.picture(found)
        frame = Frame(image, self._index, self._time, time.monotonic(), stored=stored)
        self._index += 1
        return frame

    def _next_frame(self) -> VideoFrame | None:
        """The next decoded frame, None at the proper end; raises SourceLostError where the file is cut off."""
        try:
            found = next(self._frames, None)
        except self._errors as error:
            raise SourceLostError(f"{self._name} cannot be read any further ({reason_of(error)}).") from None
        finally:
            self.bad_frames = self._decoder.bad
        if found is None and self._index and not self._closing.is_set():
            self._check_whole()
        return found

    def _check_whole(self) -> None:
        played = max(self._time - self._round_start + self._period, self._decoder.seconds_read)
        stated = self._stated_length
        if stated is not None and stated - played > max(MISSING_SECONDS, MISSING_SHARE * stated):
            raise SourceLostError(
                f"{self._name} is damaged or cut off: it ends after {played:.1f} of {stated:.1f} seconds."
            )
        if self._decoder.damage is not None and stated is None:
            self.bad_frames += 1  # a recording that was interrupted: its last fragment is incomplete

    def _begin_again(self) -> bool:
        try:
            self._decoder.container.seek(0)
        except self._errors:
            return False
        self._round_start = self._time + self._period
        self._first_stamp = None
        self._times.restart()
        self._frames = self._decoder.frames()
        return True

    def _time_of(self, found: VideoFrame) -> float:
        """Seconds since the first frame of the file; rounds of a loop follow one another."""
        stamp = self._times.of(found)
        if self._first_stamp is None:
            self._first_stamp = stamp
        if not self._index:
            self.start = stamp
        lasts = found.duration * found.time_base if found.duration and found.time_base is not None else None
        self.frame_seconds = None if lasts is None else float(lasts)
        return max(self._time, self._round_start + stamp - self._first_stamp)

    def _release(self) -> None:
        self._ahead = None
        self._frames = iter(())
        self._decoder.container.close()


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False
