"""When a video file's pictures and sound begin and end, as its container says."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from webcam_app.capture.decoding import CONTAINER_FORMATS, picture_stream

# The last picture of a slide show may stand long; a container that says more is wrong.
MAX_LAST_FRAME_SECONDS = 60.0
# Sound that begins so long before the pictures, or after them, comes from a damaged clock.
MAX_OFFSET_SECONDS = 3600.0
# Many files begin some milliseconds after zero, which counts for their length. A broadcast begins anywhere.
MAX_LEAD_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds on the file's own clock.

    Attributes:
        video_start: the first picture.
        start: zero, or the first picture or sound where the file begins well before or after it.
        video_seconds: length of the pictures, the last one's share included; None where unknown.
        has_sound: whether there is a sound track.
        aspect: shape of a stored pixel, width over height; None for square.
        stored_size: width and height of the pictures as they are stored.
    """

    video_start: float = 0.0
    start: float = 0.0
    video_seconds: float | None = None
    has_sound: bool = False
    aspect: Fraction | None = None
    stored_size: tuple[int, int] = (0, 0)

    def aspect_upright(self, size: tuple[int, int]) -> Fraction | None:
        """Shape of a pixel in upright pictures of ``size``, which lie on their side in the file if that says so."""
        lying = self.stored_size == size[::-1] and size[0] != size[1]
        return 1 / self.aspect if self.aspect is not None and lying else self.aspect

    def last_frame_seconds(self, last_time: float, fallback: float) -> float:
        """How long the picture that begins ``last_time`` seconds after the first is shown."""
        if self.video_seconds is None:
            return fallback
        left = self.video_seconds - last_time
        return left if 0.1 * fallback <= left <= max(MAX_LAST_FRAME_SECONDS, fallback) else fallback


def open_again(path: Path) -> av.container.InputContainer:
    """Open a video file beside the source that reads its pictures, with the same limits on what it may be.

    Raises:
        OSError, ValueError, av.FFmpegError: it cannot be opened.
    """
    options = {"format_whitelist": CONTAINER_FORMATS, "protocol_whitelist": "file"}
    return av.open(f"file:{path}", options=options, metadata_errors="replace")


def read_timing(path: Path) -> Timing:
    """Ask the container of a video file; what it does not say, or says in a way that makes no sense, is unknown.

    Args:
        path: the file; one that cannot be read has the default timing.
    """
    try:
        with open_again(path) as container:
            video = picture_stream(container)
            if video is None:
                return Timing()
            video_start = _seconds(video.start_time, video.time_base)
            start = video_start
            if container.streams.audio:
                sound = container.streams.audio[0]
                sound_start = _seconds(sound.start_time, sound.time_base)
                if abs(sound_start - video_start) < MAX_OFFSET_SECONDS:
                    start = min(video_start, sound_start)
            if 0 <= start < MAX_LEAD_SECONDS:
                start = 0.0
            aspect = video.sample_aspect_ratio
            return Timing(
                video_start,
                start,
                _seconds(video.duration, video.time_base) or None,
                bool(container.streams.audio),
                aspect if aspect and aspect != 1 and Fraction(1, 10) < aspect < 10 else None,
                (video.width, video.height),
            )
    except (OSError, ValueError, av.FFmpegError):
        return Timing()


def _seconds(ticks: int | None, time_base: Fraction | None) -> float:
    return 0.0 if ticks is None or time_base is None else float(ticks * time_base)
