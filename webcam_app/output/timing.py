"""How long a video file's last picture is shown, as far as its container says."""

from __future__ import annotations

from dataclasses import dataclass

# The last picture of a slide show may stand long; a container that says more is wrong, unless it says so twice.
MAX_LAST_FRAME_SECONDS = 60.0
MAX_AGREED_LAST_FRAME_SECONDS = 3600.0
# What differs by less is the same: Matroska counts in milliseconds.
SAME_SECONDS = 0.0015


@dataclass(frozen=True, slots=True)
class Timing:
    """What the container says.

    Attributes:
        video_seconds: length of the pictures in seconds, the last one's share included; None where unknown.
        exact: whether the length is the sum of the pictures'; elsewhere it may count from before the first.
    """

    video_seconds: float | None = None
    exact: bool = False

    def last_frame_seconds(self, last_time: float, stated: float | None, fallback: float) -> float:
        """How long the last picture is shown.

        Args:
            last_time: when it begins, in seconds after the first.
            stated: how long the file says that it lasts, in seconds, None where it does not.
            fallback: seconds where neither that nor the length of the whole helps.
        """
        left = 0.0 if self.video_seconds is None else self.video_seconds - last_time
        if stated is not None and abs(left - stated) < SAME_SECONDS and 0 < stated <= MAX_AGREED_LAST_FRAME_SECONDS:
            return stated
        for seconds in (left, stated or 0.0) if self.exact else (stated or 0.0, left):
            if SAME_SECONDS < seconds <= max(MAX_LAST_FRAME_SECONDS, fallback):
                return seconds
        return fallback
