"""How long a video file's pictures last, their shape, and what else is in the file, as its container says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av

from webcam_app.capture.decoding import CONTAINER_FORMATS, picture_stream
from webcam_app.capture.display_times import stated_seconds
from webcam_app.capture.network.m3u8 import is_playlist_name
from webcam_app.capture.network.playlist import open_local_playlist
from webcam_app.errors import SourceError

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
        has_tracks: whether there are sound or subtitles.
        exact: whether the length is the sum of the pictures'; elsewhere it may count from before the first.
    """

    video_seconds: float | None = None
    has_tracks: bool = False
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


def open_again(path: Path) -> av.container.InputContainer:
    """Open a video file beside the source that reads its pictures, with the same limits on what it may be.

    Raises:
        OSError, ValueError, av.FFmpegError: it cannot be opened.
    """
    if is_playlist_name(path):
        try:
            return open_local_playlist(path)
        except SourceError as error:
            raise OSError(str(error)) from None
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
            return Timing(
                stated_seconds(container, video),
                bool(container.streams.audio or container.streams.subtitles),
                "mp4" in container.format.name.split(",") and video.frames > 0,  # not in fragments
            )
    except (OSError, ValueError, av.FFmpegError):
        return Timing()
