"""What a recording lacks: who is to blame for the frames that it does not have."""

from __future__ import annotations

import time

from webcam_app.live.states import Shortage

# A camera that gives less than this share of the rate it promised is told about: 24 instead of 30 shows.
CAMERA_SHARE = 0.85
# A shorter recording says nothing about a camera's rate.
MIN_SECONDS = 2.0


class WorkMeter:
    """Of the time in which a recording's thread lagged behind, how much went to the disk. One thread works."""

    def __init__(self) -> None:
        self._disk = self._all = 0.0
        self._working_since: float | None = None
        self._disk_before = 0.0

    def begin(self, disk_seconds: float) -> None:
        """Work on a frame begins; ``disk_seconds`` is what the disk has taken until now."""
        self._disk_before = disk_seconds
        self._working_since = time.monotonic()

    def end(self, disk_seconds: float, *, behind: bool) -> None:
        """It ended; ``behind`` tells whether frames wait, so that its time counts."""
        began, self._working_since = self._working_since, None
        if behind and began is not None:
            self._all += time.monotonic() - began
            self._disk += disk_seconds - self._disk_before

    def shortage(self, disk_seconds: float) -> Shortage:
        """What took most of the time, work that is going on included."""
        disk, total = self._disk, self._all
        since = self._working_since
        if since is not None:
            disk, total = disk + disk_seconds - self._disk_before, total + time.monotonic() - since
        return Shortage.DISK if disk > total / 2 else Shortage.PROCESSOR


def camera_shortage(frames: int, seconds: float, promised_rate: float) -> bool:
    """Whether a camera gave clearly fewer frames than it had promised.

    Args:
        frames: that came.
        seconds: in which they came.
        promised_rate: frames a second; 0 for none.
    """
    return seconds >= MIN_SECONDS and frames < CAMERA_SHARE * promised_rate * seconds
