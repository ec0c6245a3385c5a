"""Interlaced pictures, which hold two moments in alternate lines, to whole ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from webcam_app.capture.filters import FilterChain

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# One picture for each: as many as before, each of its first field's moment. Those that are not flagged pass unchanged.
# bwdif takes of the lines between what did not move from the other field, in the order of fields that a frame states.
DEINTERLACER = [("bwdif", {"mode": "send_frame", "parity": "auto", "deint": "interlaced"})]
# Frames are numbered while the filter has them, so that each gets its own times back.
COUNTING = Fraction(1, 25)


class _Times:
    """When a frame is shown, as its file has it."""

    def __init__(self, frame: VideoFrame) -> None:
        self._pts, self._dts, self._time_base, self._duration = frame.pts, frame.dts, frame.time_base, frame.duration

    def set(self, frame: VideoFrame) -> None:
        """Give it to another frame."""
        frame.pts, frame.dts, frame.duration = self._pts, self._dts, self._duration
        if self._time_base is not None:
            frame.time_base = self._time_base


def deinterlaced(frames: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
    """Decoded frames, those flagged as interlaced made whole: the same number, with the same times.

    From the first of them on each frame is held back until the next one, which it is compared with, has come.

    Raises:
        Exception: what ``frames`` raises; the frame that was held back comes before.
    """
    chain: FilterChain | None = None
    waiting: dict[int, _Times] = {}

    def restored(filtered: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
        for frame in filtered:
            number = round(frame.pts * frame.time_base / COUNTING)  # type: ignore[operator]
            times = waiting.pop(number, None)
            if times is not None:
                times.set(frame)
                yield frame

    number = 0
    try:
        for frame in frames:
            if chain is None and not frame.interlaced_frame:
                yield frame
                continue
            chain = chain or FilterChain(DEINTERLACER)
            times = _Times(frame)
            frame.pts, frame.time_base = number, COUNTING
            if not chain.fits(frame):
                yield from restored(chain.drain())
            waiting[number] = times
            number += 1
            chain.push(frame)
            yield from restored(chain.frames())
    except Exception:
        if chain is not None:
            yield from restored(chain.drain())
        raise
    if chain is not None:
        yield from restored(chain.drain())
