"""Writes a video file that nobody watches while it grows: the annotated copy of another."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from webcam_app.capture.frame import Image
from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.output.files import reason
from webcam_app.output.h264 import TICKS_PER_SECOND, Bt709Track, VideoTrack
from webcam_app.output.track import Span
from webcam_app.output.track_readers import TrackReader
from webcam_app.output.tracks import Tracks

OUTPUT_FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
# There is time to look ahead, which makes files 40 % smaller than the live recorder's. Without B-frames pictures leave
# in the order in which they came, so each keeps its own time and no player needs an edit list to begin at zero.
ENCODER_OPTIONS = {"bf": "0", "rc-lookahead": "20", "crf": "21"}
BUFFER_BYTES = 1 << 20


class VideoFile:
    """A video in the making, with the sound of the one that it is made from. One thread writes and finishes."""

    def __init__(
        self,
        path: Path,
        partial: Path,
        width: int,
        height: int,
        *,
        fps: float,
        aspect: Fraction | None = None,
        bt709: bool = False,
        tracks_of: Callable[[], TrackReader] | None = None,
        start: float = 0.0,
        end: float | None = None,
    ) -> None:
        """Open the file.

        Args:
            path: what the file will be called; its ending decides on the format.
            partial: the existing file to write to.
            width: width of the pictures in pixels.
            height: their height.
            fps: about how many frames a second there are.
            aspect: shape of a pixel, width over height; None for square.
            bt709: write colours by BT.709, and say so; else by BT.601.
            tracks_of: opens what is read for the sound and subtitles that are taken over, None for neither. Raises
                ``OSError``, ``ValueError``, ``av.FFmpegError``.
            start: time in seconds of the first picture on that file's clock.
            end: seconds after the first picture at which sound and subtitles are cut, None for never.

        Raises:
            OutputError: it cannot be written, or the size cannot be encoded.
        """
        self._path = path
        self._format = video_format(path)
        self._tracks: Tracks | None = None
        self.problems: list[str] = []
        """What of the sound and the subtitles is missing, a line each; complete after ``finish``."""
        self._closed = False
        self._last_ticks = -1
        self._pending: list[int] = []  # times of pictures that the encoder has not given back
        try:
            self._file = _CheckedFile(partial)
            self._container: Any = av.open(self._file, "w", format=self._format, buffer_size=BUFFER_BYTES)
            track = Bt709Track if bt709 else VideoTrack
            self._track = track(self._container, width, height, fps=fps, options=ENCODER_OPTIONS, aspect=aspect)
        except (OSError, ValueError, av.FFmpegError) as error:
            raise OutputError(f"Cannot write '{printable(path)}': {reason(error)}") from None
        if tracks_of is not None:
            try:
                reader = tracks_of()
                # What of a stream came before its first picture is nothing that anybody saw begin.
                span = Span(start, end, holds_lead=self._format != "matroska" and not reader.live)
                self._tracks = Tracks(reader, self._container, self._format, span)
            except (OSError, ValueError, av.FFmpegError) as error:
                self.problems.append(f"sound and subtitles could not be taken over: {reason(error)}")

    def write(self, image: Image, time: float) -> None:
        """Add a picture.

        Args:
            image: H×W×3 uint8 BGR.
            time: seconds from the first picture; must not decrease.

        Raises:
            OutputError: the disk is full or gone.
        """
        ticks = max(round(time * TICKS_PER_SECOND), self._last_ticks + 1)
        try:
            self._pending.append(ticks)
            for packet in self._track.encode(image, ticks):
                self._mux(packet)
            self._last_ticks = ticks
            if self._tracks is not None:
                self._tracks.mux_until(time)
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._problem(error) from error

    def has_sound_until(self, time: float) -> bool:
        """Write what there is of sound before a moment, in seconds from the first picture; returns whether that is all.

        Raises:
            OutputError: the disk is full or gone.
        """
        if self._tracks is None:
            return True
        try:
            self._tracks.mux_until(time)
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._problem(error) from error
        return self._tracks.reach_beyond(time)

    def finish(self, last_seconds: float) -> None:
        """Write what is left and close the file. Does nothing where it is closed already: a flushed encoder may crash.

        Args:
            last_seconds: how long the last picture is shown.

        Raises:
            OutputError: the disk is full or gone.
        """
        if self._closed:
            return
        try:
            end = self._last_ticks + max(1, round(last_seconds * TICKS_PER_SECOND))
            self._pending.append(end)
            for packet in self._track.finish():
                self._mux(packet)
            if self._tracks is not None:
                self._tracks.finish(end / TICKS_PER_SECOND)
            self._container.close()
            self._file.flush_to_disk()
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._problem(error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Let everything go. Without ``finish`` the file is of no use."""
        self._closed = True
        if self._tracks is not None:
            self._tracks.close()
            self.problems += self._tracks.problems
            self._tracks = None
        with contextlib.suppress(OSError, ValueError, av.FFmpegError):
            self._container.close()
        self._file.close()

    def _mux(self, packet: Any) -> None:
        while self._pending and self._pending[0] <= packet.pts:
            self._pending.pop(0)
        if self._pending:
            packet.duration = self._pending[0] - packet.pts
        self._container.mux(packet)

    def _problem(self, error: Exception) -> OutputError:
        return OutputError(f"Cannot write '{printable(self._path)}': {reason(self._file.failure or error)}")


def video_format(path: Path) -> str:
    """FFmpeg's name of the format that a file's ending stands for.

    Raises:
        OutputError: it stands for none that can be written.
    """
    try:
        return OUTPUT_FORMATS[path.suffix.lower()]
    except KeyError:
        raise OutputError(f"Cannot write '{printable(path)}': name it with the ending .mp4 (or .mov, .mkv)") from None


class _CheckedFile:
    """FFmpeg tells of a full disk late or never; a write of our own tells at once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("r+b", buffering=0)
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.failure is not None:
            raise self.failure
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            self.failure = error
            raise
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def flush_to_disk(self) -> None:
        """Some disks are found to be full only now."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
