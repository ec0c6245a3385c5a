"""How far apart the flashes and clicks of a generated camera and microphone are in a recording."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from webcam_app.measure.generated import FLASH_PIXELS

# The square's edge is blurred by the encoder.
INSIDE = slice(FLASH_PIXELS // 4, FLASH_PIXELS // 2)
WHITE_LEVEL = 128
CLICK_LEVEL = 0.4
# Of one click and the next: a click is not heard twice.
QUIET_SECONDS = 0.1


def steps(path: Path, within: float) -> list[float]:
    """Seconds by which sound is later than the picture, one for each flash that has a click.

    Args:
        path: the recording.
        within: seconds up to which a flash and a click belong together; of others, one of the two was not recorded.

    Raises:
        av.FFmpegError, OSError: the recording cannot be read.
    """
    clicks = _clicks(path)
    found = []
    for flash in _flashes(path):
        step = min((click - flash for click in clicks), key=abs, default=within)
        if abs(step) < within:
            found.append(step)
    return found


def _flashes(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        shown = [
            (float(frame.time or 0), float(frame.reformat(format="gray").to_ndarray()[INSIDE, INSIDE].mean()))
            for frame in container.decode(video=0)
        ]
    return [time for (_, before), (time, now) in pairwise(shown) if before <= WHITE_LEVEL < now]


def _clicks(path: Path) -> list[float]:
    loud: list[float] = []
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return []
        for frame in container.decode(audio=0):
            for sample in np.flatnonzero(np.abs(frame.to_ndarray()[0]) > CLICK_LEVEL):
                moment = float(frame.time or 0) + float(sample) / frame.sample_rate
                loud.append(moment)
    return [now for before, now in pairwise([-QUIET_SECONDS, *loud]) if now - before > QUIET_SECONDS / 2]
