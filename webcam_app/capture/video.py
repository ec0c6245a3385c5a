"""Video files."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.colour import Colour
from webcam_app.capture.decoding import CONTAINER_FORMATS, Decoder, picture_stream, reason_of
from webcam_app.capture.display_times import DisplayTimes, about_seconds, stated_seconds
from webcam_app.capture.dolby_vision import refuse_without_base
from webcam_app.capture.frame import Frame
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.network.m3u8 import is_playlist_name
from webcam_app.capture.network.playlist import PlaylistReader, open_container, open_local_playlist
from webcam_app.capture.network.sound_lists import SoundLists
from webcam_app.capture.reopened import Opened, Reopened
from webcam_app.capture.sample_tables import claims_of
from webcam_app.capture.source import SAME_SECONDS, SeekCalls, SourceInfo, SourceKind
from webcam_app.capture.text import printable
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError, SourcePermissionError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MISSING_SHARE = 0.02
MISSING_SECONDS = 1.0
"""A file that ends this much before the length that it states (the larger of share and seconds) was cut off."""

MEMORY_PICTURES = 2
"""Made whole from interlaced ones, a picture depends on so many before it."""

LEAST_BACK_SECONDS = 0.1
"""So long before a place all pictures are decoded; before that only those that others refer to, in half the time."""

MOST_WITHOUT_TIME = 24
"""So many pictures at a file's beginning may lack a time for the first one's to be found: a second of most videos."""

PREVIEW_SECONDS = 0.06
"""Longer nobody waits for a picture: one on the way is shown then."""

STEP_BACK_SECONDS = 2.0
"""How much earlier is looked where a key picture lay too late; each further time four times as much."""


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
    try:
        claims, size = claims_of(path), path.stat().st_size
        if claims.absurd(size):
            what = f"pictures and pieces of sound, {claims.samples:,} of them, than {size:,} bytes can hold"
            raise SourceError(f"{name} is damaged: it claims to have more {what}. Choose another file.")
        playlist = open_local_playlist(path) if is_playlist_name(path) else None
        container = _open_file(path) if playlist is None else open_container(playlist)
    except FileNotFoundError:
        raise SourceNotFoundError(f"The file {name} does not exist.") from None
    except PermissionError:
        raise SourcePermissionError(f"{name} may not be read by this user. Change its permissions.") from None
    except (av.FFmpegError, OSError, UnicodeError) as error:
        reason = "it is empty" if _is_empty(path) else f"no video, or damaged ({reason_of(error)})"
        raise SourceError(f"{name} cannot be played: {reason}. Choose another file.") from None
    try:
        stream = picture_stream(container)
        if stream is None:
            what = "has sound but no pictures" if container.streams.audio else "is damaged or holds no pictures"
            raise SourceError(f"{name} {what}. Choose a file with video.")
        return VideoSource(path, container, stream, playlist, loop=loop)
    except BaseException:
        container.close()
        raise


def _open_file(path: Path) -> InputContainer:
    import av

    # 'file:' keeps a name with a colon in it from being taken for a protocol. Only that file may be opened.
    options = {"format_whitelist": CONTAINER_FORMATS, "protocol_whitelist": "file"}
    return av.open(f"file:{path}", options=options, metadata_errors="replace")


def _reopened(path: Path) -> Reopened:
    return Reopened([Opened(_open_file(path))])


def _list_reopened(path: Path, lists: SoundLists, *, own: bool) -> Reopened:
    try:
        return lists.open(open_container(open_local_playlist(path)) if own else None)
    except SourceError as error:
        raise OSError(str(error)) from None


@dataclass(frozen=True, slots=True)
class _Timed:
    """A decoded picture.

    Attributes:
        picture: it.
        stamp: when it is shown on the file's clock, in seconds.
        time: the same from the first picture on, over all rounds of a loop.
    """

    picture: VideoFrame
    stamp: float
    time: float


class _Waiting:
    """Shows a picture that is near where the one that is wanted takes long, once."""

    def __init__(self, calls: SeekCalls) -> None:
        self._calls = calls
        self._due = time.monotonic() + PREVIEW_SECONDS

    @property
    def given_up(self) -> bool:
        return self._calls.given_up()

    @property
    def too_long(self) -> bool:
        return time.monotonic() > self._due

    def show(self, frame: Frame) -> None:
        self._calls.preview(frame)
        self._due = math.inf


class VideoSource(GuardedSource):
    """A video file. ``read`` gives frames as fast as they are decoded, with the times that the file has for them."""

    def __init__(
        self,
        path: Path,
        container: InputContainer,
        stream: VideoStream,
        playlist: PlaylistReader | None = None,
        *,
        loop: bool = False,
    ) -> None:
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
        self._frames: Iterator[VideoFrame] = self._from_the_start()
        # One frame is decoded now: only it tells the true size and how the picture is turned.
        self._ahead = self._next_frame()
        if self._ahead is None:
            raise SourceError(f"{self._name} holds no picture that can be decoded. Choose another file.")
        self.start = self._ahead.stamp
        refuse_without_base(self._name, stream, self._ahead.picture, path)
        has_tracks = bool(container.streams.audio or container.streams.subtitles)
        if playlist is not None:
            lists = SoundLists(playlist)
            if lists.any or has_tracks:
                self.open_again = partial(_list_reopened, path, lists, own=has_tracks and lists.own)
        elif has_tracks:
            self.open_again = partial(_reopened, path)
        width, height = self._decoder.upright_size(self._ahead.picture)
        self._info = SourceInfo(
            kind=SourceKind.FILE,
            name=printable(path.name),
            spec=str(path),
            width=width,
            height=height,
            fps=1.0 / self._period,
            frame_count=stream.frames or None if not loop else None,
            duration=self._stated_length if not loop else None,
            # Not in fragments.
            duration_exact="mp4" in container.format.name.split(",") and stream.frames > 0,
            hdr=not Colour.of(self._ahead.picture).usual,
            # What is read through a playlist is one stream without a way back.
            seekable=not loop and not is_playlist_name(path),
            about_seconds=self._stated_length or about_seconds(container, self._ahead.stamp),
        )

    @property
    def info(self) -> SourceInfo:
        """Size is that of the first frame, upright and in square pixels."""
        return self._info

    def _read(self) -> Frame | None:
        found, self._ahead = self._ahead or self._next_frame(), None
        if found is None and self._loop and self._first_stamp is not None and self._begin_again():
            found = self._next_frame()
        return None if found is None else self._shown(found)

    def _from_the_start(self) -> Iterator[VideoFrame]:
        """The decoded frames; before the first is given, that is looked for which tells when it is shown."""
        frames = self._decoder.frames()
        head: deque[VideoFrame] = deque()
        error: Exception | None = None
        try:
            for frame in frames:
                head.append(frame)
                if self._times.states(frame):
                    if len(head) > 1:
                        self._times.begin_before(frame, len(head) - 1)
                    break
                if not self._times.reliable or len(head) == MOST_WITHOUT_TIME:
                    break
        except self._errors as failure:
            error = failure
        while head:
            yield head.popleft()
        if error is not None:
            raise error
        yield from frames

    def _shown(self, found: _Timed) -> Frame:
        self._time = found.time
        lasts, base = found.picture.duration, found.picture.time_base
        self.frame_seconds = float(lasts * base) if lasts and base is not None else None
        image, stored = self._decoder.picture(found.picture)
        frame = Frame(image, self._index, found.time, time.monotonic(), stored=stored)
        self._index += 1
        return frame

    def _next_frame(self) -> _Timed | None:
        """The next decoded frame, None at the proper end; raises SourceLostError where the file is cut off."""
        try:
            found = next(self._frames, None)
        except self._errors as error:
            raise SourceLostError(f"{self._name} cannot be read any further ({reason_of(error)}).") from None
        finally:
            self.bad_frames = self._decoder.bad
        if found is not None:
            return self._timed(found)
        if self._index and not self._closing.is_set():
            self._check_whole()
        return None

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

    def _timed(self, found: VideoFrame) -> _Timed:
        stamp = self._times.of(found)
        if self._first_stamp is None:
            self._first_stamp = stamp
        self._time = max(self._time, self._round_start + stamp - self._first_stamp)
        return _Timed(found, stamp, self._time)

    def _seek(self, time: float, lead: int, calls: SeekCalls) -> list[Frame]:
        wanted, bad = max(0.0, time), self._decoder.bad
        before = lead + (MEMORY_PICTURES if self._decoder.remembers else 0)
        back = max(LEAST_BACK_SECONDS, (before + 2) * self._period)
        waiting = _Waiting(calls)
        try:
            while not self._closing.is_set() and not waiting.given_up:
                place = wanted - back if back < wanted and self._times.reliable else None
                found, count = self._decode_to(wanted, place, lead + 1, waiting)
                if (place is None or count > before) and not waiting.given_up:
                    return [self._shown(each) for each in found]
                back = 4 * back + STEP_BACK_SECONDS
        finally:
            self._decoder.bad = self.bad_frames = bad  # what a jump cannot decode is no fault of the file
            self._decoder.hurry_to = None
        return []

    def _decode_to(
        self, wanted: float, place: float | None, keep: int, waiting: _Waiting
    ) -> tuple[Sequence[_Timed], int]:
        """Decode from a key picture up to the picture that is shown at a time; the one after it lies ready.

        Args:
            wanted: that time, in seconds since the first picture.
            place: where there is to be a key picture at the latest, and from which on no picture is left out; None to
                begin at the file's start.
            keep: how many of the last pictures are given.
            waiting: is shown what is on the way, and may give up.

        Returns:
            Those from ``place`` on, and how many there were: none where the key picture comes too late.
        """
        begin = self._jump(place)
        kept: deque[_Timed] = deque(maxlen=keep)
        count, whole, settled = 0, begin is None, math.inf
        while not self._closing.is_set() and not waiting.given_up:
            try:
                found = self._next_frame()
            except SourceLostError:
                if begin is None and not kept:
                    raise
                break  # the next read says it
            if found is None or not self._times.placed:
                break
            settled = min(settled, found.time + self._times.settling_seconds)
            whole = whole or bool(found.picture.key_frame and found.time >= settled)
            if whole and found.time > wanted + SAME_SECONDS and (kept or begin is not None):
                self._ahead = found
                break
            if not whole:  # it refers to pictures that were not read
                continue
            if begin is None or found.time >= begin:
                kept.append(found)
                count += 1
            if waiting.too_long:
                waiting.show(self._shown(found))
        return kept, count

    def _jump(self, place: float | None) -> float | None:
        """Let decoding go on at the last key picture before a place; at the start where that is None or cannot be done.

        Returns:
            The place, None for the start.

        Raises:
            SourceLostError: it goes on nowhere.
        """
        container, stream = self._decoder.container, self._decoder.stream
        self._ahead, self._time = None, 0.0
        self._frames = self._decoder.frames()
        stream.codec_context.skip_frame = "DEFAULT"
        self._decoder.hurry_to = None
        if place is not None and stream.time_base is not None:
            try:
                container.seek(int((self.start + place) / stream.time_base), stream=stream)
            except self._errors:
                self._times.reliable = False
            else:
                self._times.go_on_elsewhere()
                if not self._times.decoding_only:
                    self._decoder.hurry_to = self.start + place
                return place
        try:
            # What has no index of its own is surely at its start at its first byte only.
            container.seek(0, unsupported_byte_offset=self._times.begins_at_first_byte)
        except self._errors as error:
            raise SourceLostError(f"{self._name} cannot be played from elsewhere ({reason_of(error)}).") from None
        self._times.restart()
        return None

    def _release(self) -> None:
        self._ahead = None
        self._frames = iter(())
        self._decoder.container.close()


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False
