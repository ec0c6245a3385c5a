"""How much work goes into encoding a live recording: by its size, its rate and the cores."""

from __future__ import annotations

import os
from enum import IntEnum

# Measured on two webcam clips enlarged to 1920x1080 with a camera's noise, processor time a frame, file size, PSNR and
# SSIM of the luma: FULL 18.7 ms, 374 kB/s, 44.0 dB, 0.973; LITTLE 9.3 ms, 332 kB/s, 44.5 dB, 0.973; LEAST 8.4 ms,
# 382 kB/s, 44.0 dB, 0.970. What makes LITTLE good at its price: CABAC, 8x8 transforms and the deblocking filter, which
# x264's ultrafast leaves out, save a third of the bytes for 1.5 ms. What it lacks is adaptive quantisation, which keeps
# dark, flat parts finer for as much time again: FULL is for what is small enough.
_SHARED = "cabac=1:8x8dct=1:weightp=0:ref=1"
# Up to so many pixels a second and core everything can be had: 640x480 at 30 on any two cores, 1280x720 on four.
FULL_PIXELS_A_CORE = 8_000_000
# Beyond this the cores cannot be relied on: 3840x2160 at 30 on two to four. A hardware encoder is tried there.
LITTLE_PIXELS_A_CORE = 40_000_000
# One slice costs least in all. Where one core may be too slow for a frame, there are as many as share the work.
PIXELS_A_THREAD = 70_000_000


class Effort(IntEnum):
    """Steps from the quickest to the most thorough. An encoder may go from one to another within a file."""

    LEAST = 0
    LITTLE = 1
    FULL = 2


def usable_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def effort_for(pixels_a_second: float, cores: int) -> Effort:
    """The effort that leaves the cores enough for finding faces and painting.

    Args:
        pixels_a_second: width times height times rate.
        cores: how many there are.
    """
    share = pixels_a_second / max(cores, 1)
    if share <= FULL_PIXELS_A_CORE:
        return Effort.FULL
    return Effort.LITTLE if share <= LITTLE_PIXELS_A_CORE else Effort.LEAST


def x264_options(effort: Effort, pixels_a_second: float, cores: int) -> dict[str, str]:
    """Options of libx264. All efforts give the same parameter sets, so that one file can hold several.

    No look-ahead and no B-frames: one packet out for each frame in.

    Args:
        effort: how much work a frame is worth.
        pixels_a_second: width times height times rate.
        cores: how many there are.
    """
    preset, more = {
        Effort.FULL: ("veryfast", ""),
        Effort.LITTLE: ("ultrafast", ":deblock=0,0:subme=1"),
        Effort.LEAST: ("ultrafast", ""),
    }[effort]
    threads = max(1, min(cores, 1 + int(pixels_a_second // PIXELS_A_THREAD)))
    return {"preset": preset, "tune": "zerolatency", "threads": str(threads), "x264-params": _SHARED + more}
