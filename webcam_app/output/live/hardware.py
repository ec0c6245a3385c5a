"""Hardware encoders, tried with real pictures before they are used.

No machine that this was written on has one, so what is here refuses rather than trusts. A hardware encoder is asked
only where the processor is too slow for the size and rate.
"""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np

from webcam_app.output.h264 import TICKS_PER_SECOND, VideoTrack

# Pictures that are encoded to see whether it works, and how many may be on their way: a crash loses those.
TRIAL_PICTURES, MAX_DELAYED = 12, 4
# The mean difference from what was encoded. A right picture at these qualities is off by 1 to 3; a green or torn one,
# or one with swapped planes, by dozens.
MAX_DIFFERENCE = 8.0


@dataclass(frozen=True, eq=False)
class HardwareEncoder:
    """An encoder of FFmpeg that runs on a graphics chip, with the options for live pictures without B-frames."""

    codec: str
    options: Mapping[str, str]


# In this order: a card of its own before the chip in the processor. VA-API needs frames in the chip's own memory, which
# PyAV cannot make, and its wheels are built without it.
_NVENC = HardwareEncoder(
    "h264_nvenc", {"preset": "p3", "tune": "ll", "rc": "vbr", "cq": "25", "b": "0", "bf": "0", "delay": "0"}
)
_QSV = HardwareEncoder("h264_qsv", {"preset": "veryfast", "global_quality": "25", "async_depth": "1", "bf": "0"})
_AMF = HardwareEncoder(
    "h264_amf", {"usage": "lowlatency", "quality": "speed", "rc": "cqp", "qp_i": "23", "qp_p": "25", "bf": "0"}
)
_MF = HardwareEncoder("h264_mf", {"hw_encoding": "1", "rate_control": "quality", "quality": "70"})
_VIDEOTOOLBOX = HardwareEncoder("h264_videotoolbox", {"realtime": "1", "allow_sw": "0", "b": "8M"})
CANDIDATES = {
    "win32": (_NVENC, _QSV, _AMF, _MF),
    "darwin": (_VIDEOTOOLBOX,),
}.get(sys.platform, (_NVENC, _QSV, _AMF))


_failed: set[str] = set()


@functools.lru_cache(maxsize=8)
def working_encoder(
    width: int, height: int, fps: float, candidates: tuple[HardwareEncoder, ...] = ()
) -> HardwareEncoder | None:
    """The first hardware encoder that encodes pictures of this size rightly; None where none does.

    Takes a moment the first time; the answer is kept while the program runs.

    Args:
        width: width of the pictures in pixels.
        height: their height.
        fps: about how many come a second.
        candidates: which to try; empty for those of this system.
    """
    for candidate in candidates or CANDIDATES:
        usable = candidate.codec in av.codecs_available and candidate.codec not in _failed
        if usable and _works(candidate, width, height, fps):
            return candidate
    return None


def leave(codec: str) -> None:
    """Do not use this encoder again while the program runs: it failed in a recording."""
    _failed.add(codec)
    working_encoder.cache_clear()


def _works(encoder: HardwareEncoder, width: int, height: int, fps: float) -> bool:
    """Whether pictures come back as they went in, in their order, without much delay. Any error is a no."""
    file = io.BytesIO()
    try:
        with av.open(file, "w", format="mp4") as container:
            track = _TrialTrack(encoder, container, width, height, fps)
            packets: list[Any] = []
            for number in range(TRIAL_PICTURES):
                packets += track.encode(_picture(number, width, height), number * TICKS_PER_SECOND // 30)
            delayed = TRIAL_PICTURES - len(packets)
            packets += track.finish()
            for packet in packets:
                container.mux(packet)
        times = [packet.pts for packet in packets if packet.size]
        if delayed > MAX_DELAYED or len(times) != TRIAL_PICTURES or times != sorted(set(times)):
            return False
        return _same_pictures(file, width, height)
    except (OSError, ValueError, av.FFmpegError):
        return False


class _TrialTrack(VideoTrack):
    def __init__(self, encoder: HardwareEncoder, container: Any, width: int, height: int, fps: float) -> None:
        self.codec = encoder.codec
        super().__init__(container, width, height, fps=float(Fraction(fps)), options=encoder.options)


def _picture(number: int, width: int, height: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Coloured gradients that move: a plane too many or too few, or a picture too late, shows."""
    x = (np.arange(width) + 16 * number) % 256
    y = (np.arange(height) // 2 + 40 * number) % 256
    image = np.empty((height, width, 3), np.uint8)
    image[..., 0], image[..., 1], image[..., 2] = np.abs(x - 128), np.abs(y - 128)[:, None], 60 + 12 * number
    return image


def _same_pictures(file: io.BytesIO, width: int, height: int) -> bool:
    file.seek(0)
    count = 0
    with av.open(file) as container:
        for number, frame in enumerate(container.decode(video=0)):
            decoded = frame.to_ndarray(format="bgr24")[:height, :width]
            if np.abs(decoded.astype(np.int16) - _picture(number, width, height)).mean() > MAX_DIFFERENCE:
                return False
            count += 1
    return count == TRIAL_PICTURES
