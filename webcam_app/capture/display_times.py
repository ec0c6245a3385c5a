"""When each decoded picture is shown: containers that know only the order of decoding, and clocks that jump."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webcam_app.capture.source import DEFAULT_FPS

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

RAW_FORMATS = ("h264", "hevc")
"""Bare streams, for which FFmpeg states 25 pictures a second whatever the stream itself says."""

DECODING_ORDER_FORMATS = ("avi", "asf")
"""They know the order of decoding only; so does Matroska of what was copied from AVI, which a tag tells."""

COUNTING_FROM_ZERO_FORMATS = ("matroska", "flv", "asf", "nut")
"""Their length is the end of the longest track, wherever the first picture lies."""

BROKEN_CLOCK_FORMATS = ("mpegts", "mpeg", "rtsp")
"""Broadcasts, camcorders and network cameras, whose clock may begin anew anywhere. Elsewhere a leap is a picture that
stands long."""

LATE_START_FORMATS = ("rtsp",)
"""FFmpeg gives the first picture no time, and takes that of the second for the start."""

PACKED_FORMATS = ("mpeg",)
"""Of several pictures in a pack only one has a time; read from the middle of a pack, it is given to another."""

SETTLING_SECONDS = 1.0
"""In these, times are right again by then: a pack has two kilobytes."""

MAX_STEP_BACK_SECONDS = 0.5
MAX_LEAP_SECONDS = 10.0
"""Larger steps are a clock that was set anew; FFmpeg's own programs take the latter too."""


class UnbrokenClock:
    """Times that go on where a file's clock is set back, or in a broadcast leaps ahead."""

    def __init__(self, format_name: str) -> None:
        self._leaps = any(name in BROKEN_CLOCK_FORMATS for name in format_name.split(","))
        self._last: float | None = None
        self._shift = 0.0

    @property
    def broken(self) -> bool:
        """Whether the file's clock was set anew on the way: a time on it says nothing of the place in the file."""
        return self._shift != 0.0

    def time(self, stamp: float, expected: float) -> float:
        """The time in seconds that belongs to a stamp of the file.

        Args:
            stamp: in seconds.
            expected: where the clock should be, in seconds as this gave them: the end of what came before.
        """
        time = stamp + self._shift
        if self._last is not None:
            step = time - self._last
            if step < -MAX_STEP_BACK_SECONDS or (self._leaps and step > MAX_LEAP_SECONDS):
                self._shift += expected - time
                time = expected
        self._last = time
        return time


class DisplayTimes:
    """The times of a video's pictures on the file's own clock, as ffprobe's ``best_effort_timestamp``.

    After FFmpeg's ``guess_correct_pts``: the picture's own time, or that of its decoding where the former goes wrong
    more often.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._format = container.format.name
        # FFmpeg makes up display times, which are wrong where pictures are reordered.
        copied = "matroska" in self._format and _has_tag(stream)
        self.decoding_only = self._format in DECODING_ORDER_FORMATS or copied
        """Whether only the time of decoding is known, from which that of display is found."""
        self.period = _period(container, stream)
        """Seconds from one picture to the next, about."""
        self._start = float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0
        if self._format in LATE_START_FORMATS:
            self._start -= self.period
        self.reliable = self._format not in RAW_FORMATS
        """Whether a picture's time tells where it is in the file, so far as was read."""
        self.settling_seconds = SETTLING_SECONDS if self._format in PACKED_FORMATS else 0.0
        """How long after a jump times may be wrong."""
        self.begins_at_first_byte = self._format in (*RAW_FORMATS, *BROKEN_CLOCK_FORMATS)
        """Whether the file has neither head nor index: its first byte is found, its first time perhaps not."""
        self.restart()

    def states(self, frame: VideoFrame) -> bool:
        """Whether the file says when a frame is shown."""
        return frame.time_base is not None and _stamp(frame, decoding_only=self.decoding_only) is not None

    def begin_before(self, frame: VideoFrame, count: int) -> None:
        """Some frames without a time are shown before the first that has one: Matroska loses times before zero.

        Args:
            frame: that one.
            count: how many.
        """
        ticks = _stamp(frame, decoding_only=self.decoding_only)
        if ticks is not None and frame.time_base is not None:
            self._start = float(ticks * frame.time_base) - count * self.period

    def restart(self) -> None:
        """Begin anew: the file is read from its start again."""
        self._faulty_pts = self._faulty_dts = 0
        self.go_on_elsewhere()
        self.placed = True

    def go_on_elsewhere(self) -> None:
        """The file is read on from another place; what was learned of its times holds there too."""
        self.placed = False
        """Whether a picture since then had a time, so that those without are known to be after it."""
        self._clock = UnbrokenClock(self._format)
        self._last: float | None = None
        self._last_pts: int | None = None
        self._last_dts: int | None = None

    def of(self, frame: VideoFrame) -> float:
        """Seconds on the file's clock at which the frame is shown; call it once for each, in their order."""
        expected = self._start if self._last is None else self._last + self.period
        ticks = self._best(frame.pts, frame.dts)
        if ticks is None or frame.time_base is None:
            self.reliable = self.reliable and not (self.placed and self._last is None)
            self._last = expected
        else:
            self._last = self._clock.time(float(ticks * frame.time_base), expected)
            self.reliable = self.reliable and not self._clock.broken
            self.placed = True
        return self._last

    def _best(self, pts: int | None, dts: int | None) -> int | None:
        if self.decoding_only:
            return dts
        if dts is not None:
            self._faulty_dts += self._last_dts is not None and dts <= self._last_dts
            self._last_dts = dts
        if pts is not None:
            self._faulty_pts += self._last_pts is not None and pts <= self._last_pts
            self._last_pts = pts
        if pts is not None and (dts is None or self._faulty_pts <= self._faulty_dts):
            return pts
        return dts


def stated_seconds(container: InputContainer, stream: VideoStream) -> float | None:
    """Length in seconds that the container states for its pictures, or None; it may be wrong."""
    names = container.format.name.split(",")
    counts_from_zero = any(name in names for name in COUNTING_FROM_ZERO_FORMATS)
    if stream.duration and stream.time_base and not counts_from_zero:
        return float(stream.duration * stream.time_base)
    if container.duration and not container.streams.audio:
        before = max(container.start_time or 0, 0) if counts_from_zero else 0
        return (container.duration - before) / 1_000_000
    return None


def about_seconds(container: InputContainer, first: float) -> float | None:
    """About how long the pictures play, from the length of all that is in the file, or None.

    Args:
        container: the file.
        first: time of the first picture on the file's clock, in seconds.
    """
    if not container.duration:
        return None
    names = container.format.name.split(",")
    before = max(first, 0.0) if any(name in names for name in COUNTING_FROM_ZERO_FORMATS) else 0.0
    seconds = container.duration / 1_000_000 - before
    return seconds if seconds > 0 else None


def _stamp(frame: VideoFrame, *, decoding_only: bool) -> int | None:
    return frame.dts if decoding_only or frame.pts is None else frame.pts


def _has_tag(stream: VideoStream) -> bool:
    try:
        return bool(str(stream.codec_context.codec_tag).strip("\0"))
    except UnicodeDecodeError:  # it need not be letters
        return True


def _period(container: InputContainer, stream: VideoStream) -> float:
    rate = stream.guessed_rate if container.format.name in RAW_FORMATS else stream.average_rate
    return 1.0 / float(rate or stream.guessed_rate or DEFAULT_FPS)
