"""Interlaced pictures, which hold two moments in alternate lines, to whole ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain as joined
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.filters import FilterChain

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# One picture for each: as many as before, each of its first field's moment. Those that are not flagged pass unchanged.
# bwdif takes of the lines between what did not move from the other field, in the order of fields that a frame states.
DEINTERLACER = [("bwdif", {"mode": "send_frame", "parity": "auto", "deint": "interlaced"})]
# idet compares the fields of frames that follow one another, and where some agree it flags them as what they are.
DETECTOR: list[tuple[str, dict[str, str]]] = [("idet", {})]
# Frames after which it knows, if something moves in them.
FRAMES_TO_DETECT = 6
# What moves shows in combs: a line is less like the next one than like the one after it, by this factor. In noise,
# which the filter may take for woven fields, both differ alike.
COMBED = 1.2
# Least difference of 255 between two frames where something moves.
MOVED = 16
# There is no interlaced standard for more lines; and these frames are large.
MOST_LINES = 1088
# What of the kinds of pixels the two filters take as they are.
PLANAR = ("yuv4", "yuvj4", "yuva4", "gray")
# Frames are numbered while a filter has them, so that each gets its own times back.
COUNTING = Fraction(1, 25)


@dataclass
class Flags:
    """Whether those of a file say what its frames are.

    Attributes:
        wrong: found out at its first frames; None before. After a jump the same holds.
    """

    wrong: bool | None = None


class _Times:
    """When a frame is shown, as its file has it."""

    def __init__(self, frame: VideoFrame) -> None:
        self._pts, self._dts, self._time_base, self._duration = frame.pts, frame.dts, frame.time_base, frame.duration

    def set(self, frame: VideoFrame) -> None:
        """Give it to another frame."""
        frame.pts, frame.dts, frame.duration = self._pts, self._dts, self._duration
        if self._time_base is not None:
            frame.time_base = self._time_base


class _Numbered:
    """Filters that give each frame back, with its own times."""

    def __init__(self, steps: list[tuple[str, dict[str, str]]], before: Iterable[VideoFrame] = ()) -> None:
        """Prepare; ``before`` are frames that the filters are to know and not to give back."""
        self._chain = FilterChain(steps)
        self._waiting: dict[int, _Times] = {}
        self._number = 0
        for frame in before:
            list(self.pass_on(frame))
        self._waiting.clear()

    def pass_on(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Give the filters a frame, and take those that are ready."""
        times = _Times(frame)
        frame.pts, frame.time_base = self._number, COUNTING
        if not self._chain.fits(frame):
            yield from self.rest()
        self._waiting[self._number] = times
        self._number += 1
        self._chain.push(frame)
        times.set(frame)
        yield from self._restored(self._chain.frames())

    def rest(self) -> Iterator[VideoFrame]:
        """The frames that the filters still hold."""
        yield from self._restored(self._chain.drain())

    def _restored(self, filtered: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
        for frame in filtered:
            number = round(frame.pts * frame.time_base / COUNTING)  # type: ignore[operator]
            times = self._waiting.pop(number, None)
            if times is not None:
                times.set(frame)
                yield frame


class _Observer:
    """Looks whether frames are what they are flagged as. They are kept, and not changed."""

    def __init__(self) -> None:
        self._detector = _Numbered(DETECTOR)
        self.recent: deque[VideoFrame] = deque(maxlen=FRAMES_TO_DETECT)

    def look(self, frame: VideoFrame) -> bool:
        """Take the next frame; returns whether the newest frame that is known to be interlaced or whole is woven.

        One that is not flagged as that is so only if combs are seen as well: what a jump meets must not depend on where
        it came from.
        """
        if not frame.format.name.startswith(PLANAR) or frame.height > MOST_LINES:
            return frame.interlaced_frame
        self.recent.append(frame)
        seen = list(self._detector.pass_on(frame))
        woven = seen[-1].interlaced_frame if seen else frame.interlaced_frame
        return woven and (frame.interlaced_frame or combed(self.recent))


def combed(frames: Iterable[VideoFrame]) -> bool:
    """Whether combs are seen where something moves.

    Args:
        frames: that follow one another, of planar pixels.
    """
    before: NDArray[np.int32] | None = None
    next_line = line_after = 0.0
    for frame in frames:
        luma = _luma(frame)
        if before is not None and before.shape == luma.shape:
            moved = (np.abs(luma - before) > MOVED)[1:-1]
            next_line += float(np.abs(luma[:-2] - luma[1:-1])[moved].sum())
            line_after += float(np.abs(luma[:-2] - luma[2:])[moved].sum())
        before = luma
    return next_line > COMBED * line_after


def _luma(frame: VideoFrame) -> NDArray[np.int32]:
    """Brightness, H×W, 0 to 255."""
    plane, bits = frame.planes[0], frame.format.components[0].bits
    kind = np.dtype(np.uint8 if bits <= 8 else np.uint16)
    lines: NDArray[np.integer[Any]] = np.frombuffer(memoryview(plane), kind)
    brightness = lines.reshape(plane.height, plane.line_size // kind.itemsize)[:, : plane.width]
    return np.right_shift(brightness.astype(np.int32), max(0, bits - 8), dtype=np.int32)


def deinterlaced(
    frames: Iterable[VideoFrame], *, look: bool = False, flags: Flags | None = None
) -> Iterator[VideoFrame]:
    """Decoded frames, interlaced ones made whole: the same number, with the same times.

    From the first interlaced one on each frame is held back until the next one, which it is compared with, has come.

    Args:
        frames: as they are decoded.
        look: do not believe their flags, but look whether they are interlaced; the first few are held back for it.
        flags: what was found out about them when the file was read from its start, or is now.

    Raises:
        Exception: what ``frames`` raises; the frames that were held back come before.
    """
    observer = _Observer() if look else None
    filters: _Numbered | None = None
    error: Exception | None = None
    remaining = iter(frames)
    flags = flags or Flags()
    if observer is not None and flags.wrong:
        filters, observer = _Numbered(DETECTOR + DEINTERLACER), None
    elif observer is not None and flags.wrong is None:
        head: list[VideoFrame] = []
        woven = False
        try:
            for frame in remaining:
                head.append(frame)
                woven = observer.look(frame)
                if len(head) == FRAMES_TO_DETECT:
                    break
        except Exception as failure:
            error, remaining = failure, iter(())
        flags.wrong = bool(head) and woven is not head[-1].interlaced_frame
        if flags.wrong:
            filters = _Numbered(DETECTOR + DEINTERLACER, head)
        observer = _Observer() if filters is None and error is None else None
        remaining = joined(head, remaining)
    try:
        for frame in remaining:
            if filters is None:
                if frame.interlaced_frame:
                    filters = _Numbered(DEINTERLACER)
                elif observer is not None and observer.look(frame):
                    filters = _Numbered(DETECTOR + DEINTERLACER, observer.recent)
                else:
                    yield frame
                    continue
                observer = None
            yield from filters.pass_on(frame)
    except Exception as failure:
        error = failure
    if filters is not None:
        yield from filters.rest()
    if error is not None:
        raise error
