"""Records frames into an MP4 that is playable at every moment, at the speed at which they happened."""

from __future__ import annotations

import contextlib
import errno
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from webcam_app.capture.frame import Image
from webcam_app.capture.source import DEFAULT_FPS
from webcam_app.capture.text import printable
from webcam_app.errors import RecordingError
from webcam_app.output.files import dated_path, make_folder, reason
from webcam_app.output.fragments import FragmentFile
from webcam_app.output.live.effort import Effort
from webcam_app.output.marks import RecordingMark
from webcam_app.output.recording_clock import RecordingClock

if TYPE_CHECKING:
    from webcam_app.output.live.live_sound import LiveSound
    from webcam_app.output.live.sound_step import Samples

# A fragment reaches the disk when the first frame after it arrives: a crash loses this long and one frame.
FRAGMENT_SECONDS = 0.4
MAX_INTERLEAVE_SECONDS = 1.0
# A full disk breaks other programs too (the desktop, the mail): stop while some minutes'
# worth is left. A recording at 640x480 takes 6 MB a minute.
MIN_FREE_BYTES = 100 << 20
# FFmpeg 7.1: turns a fragmented MP4 into an ordinary one by adding its index at the end and patching eight bytes.
FIRST_LIBAVFORMAT_WITH_HYBRID = (61, 7)


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """What a recording is to be, beyond its size.

    Attributes:
        effort: the most work to put into a frame; None for what the machine has to spare.
        sound_channels: 1 or 2 for a recording with sound, 0 for one without.
        fragment_seconds: how much of it a crash loses at most, with one frame.
    """

    effort: Effort | None = None
    sound_channels: int = 0
    fragment_seconds: float = FRAGMENT_SECONDS


PLAIN = RecordingPlan()


class Recorder:
    """Writes an H.264 recording. Not thread-safe: one thread writes and closes.

    The file is a fragmented MP4 while it is written; a process that is killed loses the last second at most. Closed
    cleanly, it is also an ordinary MP4 with its index at the end, for programs that know no fragments.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        *,
        fps_hint: float = DEFAULT_FPS,
        min_free_bytes: int = MIN_FREE_BYTES,
        plan: RecordingPlan = PLAIN,
    ) -> None:
        """Create the file.

        Args:
            path: the new file, ending in .mp4; its folder is made where it is missing.
            width: width of the recording in pixels. Pictures of another size are scaled to fit, with black bars; an odd
                size is made even.
            height: its height.
            fps_hint: about how many frames a second will come.
            min_free_bytes: free space on the disk at which the recording stops.
            plan: what else it is to be.

        Raises:
            RecordingError: the file cannot be created, or there is not enough space. Nothing is left behind.
        """
        self.path = path
        self.frames = 0
        self.free: int | None = None
        """Bytes that were free on the disk when that was last looked at, some tenths of a second ago."""
        self._clock = RecordingClock(1 / (fps_hint if 0.01 <= fps_hint <= 1000 else DEFAULT_FPS))
        self._min_free_bytes = min_free_bytes
        self._last_ticks = -1
        self._last_image: Image | None = None
        self._checked_at = -math.inf
        self._closed = False
        self._sound: LiveSound | None = None
        self._sound_offset: float | None = None
        self._sound_problem = ""
        try:
            make_folder(path.parent)
            self._check_space(path.parent)
            self._file = FragmentFile(path)
        except OSError as error:
            raise RecordingError(f"Cannot record to '{printable(path)}': {reason(error)}") from None
        self._mark = RecordingMark(path)
        try:
            self._open_container(width, height, plan)
        except _failures() as error:
            self._discard()
            raise RecordingError(f"Cannot record to '{printable(path)}': {reason(error)}") from None

    @property
    def duration(self) -> float:
        """Length in seconds, the last frame's duration included."""
        return 0.0 if self._clock.last is None else self._clock.last + self._clock.interval

    @property
    def disk_seconds(self) -> float:
        """How long the disk has taken for what was written so far."""
        return self._file.seconds_writing

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return self._file.size

    @property
    def effort(self) -> Effort:
        """How much work goes into a frame now."""
        return self._track.effort

    def lighten(self) -> bool:
        """Put less work into each frame from the next one on; returns whether that is possible.

        Files grow or lose a little for it; what was written before stays as it is.
        """
        return not self._closed and self._track.lighten()

    def write(self, image: Image, time: float) -> None:
        """Record a frame.

        Args:
            image: H×W×3 uint8 BGR; kept until the next one, not changed.
            time: when it was taken, in seconds of any clock. A frame that is not later than the last is dropped.

        Raises:
            RecordingError: the recording had to stop: disk full, folder gone. The file is closed and playable, and
                ``path`` tells where it is.
        """
        if self._closed:
            raise RecordingError(f"The recording '{printable(self.path)}' is closed")
        timestamp = self._clock.timestamp(time)
        if timestamp is None:
            return
        self._clock.update_interval(timestamp)
        try:
            if timestamp - self._checked_at >= FRAGMENT_SECONDS:
                self._checked_at = timestamp
                # By its descriptor where that goes: the folder may have been moved, which does no harm.
                self._check_space(self._file.fileno() if os.name == "posix" else self.path.parent)
                self._check_not_deleted()
            self._encode(image, timestamp)
            self._sound_packets(lambda sound: sound.keep_up(timestamp))
        except _failures() as error:
            self._stop(error)

    def write_sound(self, samples: Samples, rate: int, time: float) -> None:
        """Record a block of sound; what was taken before the first frame is left out.

        Args:
            samples: N×channels float32, -1 to 1.
            rate: samples a second as the device states it: its clock may be off.
            time: when the first sample was taken, on the clock of ``write``.

        Raises:
            RecordingError: as ``write``.
        """
        if self._closed or self._clock.last is None:
            return
        offset = self._clock.offset

        def push(sound: LiveSound) -> Iterator[Any]:
            if offset != self._sound_offset:
                self._sound_offset = offset
                sound.restart()
            return sound.push(samples, rate, time + offset)

        try:
            self._sound_packets(push)
        except _failures() as error:
            self._stop(error)

    def pause(self, time: float) -> None:
        """Leave out what comes until ``resume``; the last frame is shown until ``time``, on the clock of ``write``.

        Raises:
            RecordingError: as ``write``.
        """
        if self._closed:
            return
        try:
            self._hold_last_frame(time)
        except _failures() as error:
            self._stop(error)
        self._clock.hold(time)

    def resume(self, time: float) -> None:
        """Go on: what is taken at ``time`` follows the pause without a gap, in pictures and sound."""
        self._clock.go_on(time)

    @property
    def sound_problem(self) -> str:
        """Why the recording goes on without sound; empty where it has it, or was to have none."""
        return self._sound_problem

    def close(self, time: float | None = None) -> None:
        """Finish the file. Does nothing where it is closed already.

        Args:
            time: when the recording was stopped, on the clock of ``write``: the last frame is shown until then, so
                that a camera that froze does not shorten it. None for one frame's time.

        Raises:
            RecordingError: the end could not be written; what was written before is playable.
        """
        if self._closed:
            return
        try:
            if time is not None:
                self._hold_last_frame(time)
            self._check_not_deleted()
            for packet in self._track.finish():
                self._mux(packet)
            self._sound_packets(lambda sound: sound.finish(self.duration))
            self._container.close()
            moved = self._moved_path()
            self._file.close()
        except _failures() as error:
            self._stop(error)
        self._closed = True
        self._last_image = None
        self.path = moved or self.path
        self._mark.remove(self.path)
        if self.frames == 0:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open_container(self, width: int, height: int, plan: RecordingPlan) -> None:
        import av

        from webcam_app.output.live.live_track import LiveTrack

        hybrid = av.library_versions["libavformat"] >= FIRST_LIBAVFORMAT_WITH_HYBRID
        flags = "hybrid_fragmented" if hybrid else "empty_moov"
        options = {
            "movflags": f"{flags}+default_base_moof",
            "frag_duration": str(round(plan.fragment_seconds * 1e6)),
            "flush_packets": "1",
            # Pictures do not wait for a sound stream that has broken off.
            "max_interleave_delta": str(round(MAX_INTERLEAVE_SECONDS * 1e6)),
        }
        self._container: Any = av.open(self._file, "w", format="mp4", options=options)
        self._track = LiveTrack(self._container, width, height, fps=1 / self._clock.interval, effort=plan.effort)
        if plan.sound_channels:
            from webcam_app.output.live.live_sound import LiveSound

            self._sound = LiveSound(self._container, plan.sound_channels)

    def _encode(self, image: Image, timestamp: float) -> None:
        from webcam_app.output.h264 import TICKS_PER_SECOND

        ticks = max(round(timestamp * TICKS_PER_SECOND), self._last_ticks + 1)
        for packet in self._track.encode(image, ticks):
            self._mux(packet)
        self._clock.last, self._last_ticks, self._last_image = timestamp, ticks, image
        self.frames += 1

    def _hold_last_frame(self, time: float) -> None:
        """Repeat it where it is to be shown longer than a frame usually is."""
        end = self._clock.closing_timestamp(time)
        if end is not None and self._last_image is not None:
            self._encode(self._last_image, end)

    def _sound_packets(self, work: Callable[[LiveSound], Iterator[Any]]) -> None:
        """Encode and write sound. Where that fails, but not for the disk's sake, pictures go on alone."""
        if self._sound is None:
            return
        packets: Iterator[Any] | None = None
        while True:
            try:
                packets = packets or work(self._sound)
                packet = next(packets, None)
            except _failures() as error:
                self._sound, self._sound_problem = None, reason(error)
                return
            if packet is None:
                return
            self._container.mux(packet)

    def _mux(self, packet: Any) -> None:
        packet.duration = round(self._clock.interval / packet.time_base)
        self._container.mux(packet)

    def _check_space(self, folder: Path | int) -> None:
        self.free = shutil.disk_usage(folder).free
        if self.free < self._min_free_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _check_not_deleted(self) -> None:
        """Raise if the file was deleted: writing to it would still succeed."""
        if os.name == "posix" and os.fstat(self._file.fileno()).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _moved_path(self) -> Path | None:
        """The file's path after its folder was moved or renamed; None where it was not, or is unknown."""
        with contextlib.suppress(OSError):
            if not self.path.exists():
                target = Path(f"/proc/self/fd/{self._file.fileno()}").readlink()
                return target if target.exists() else None
        return None

    def _stop(self, error: Exception) -> NoReturn:
        """Close the file after a failure and say so."""
        if self._track.hardware and self._file.failure is None and not isinstance(error, FileNotFoundError):
            from webcam_app.output.live.hardware import leave

            leave(self._track.codec)
        error = self._file.failure or error
        self._closed = True
        self._last_image = None
        rescued = self._rescue() if isinstance(error, FileNotFoundError) else self.path
        with contextlib.suppress(*_failures()):
            self._container.close()
        with contextlib.suppress(OSError):
            self._file.close()
        self._mark.remove(self.path)
        if rescued is None or not self.frames:
            raise RecordingError(
                f"Recording to '{printable(self.path)}' stopped: {reason(error)}. It is lost"
            ) from error
        self.path = rescued
        raise RecordingError(
            f"Recording stopped: {reason(error)}. What was recorded until then is in '{printable(rescued)}'"
        ) from error

    def _rescue(self) -> Path | None:
        """Give a file that lost its name a new one: its old one, or one in the folder for temporary files."""
        with contextlib.suppress(*_failures()):
            self._container.close()
        for folder in (self.path.parent, Path(tempfile.gettempdir())):
            target = folder / self.path.name
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                self._file.copy_to(target)
                return target
        return None

    def _discard(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._file.close(flush=False)
        self._mark.remove(self.path)
        with contextlib.suppress(OSError):
            self.path.unlink()


def recording_path(folder: Path, now: datetime, suffix: str = ".mp4") -> Path:
    """A name for a new recording that no file in the folder has, like ``2026-05-04 13.37.00.mp4``.

    Args:
        folder: where it is to be; it need not exist.
        now: the local time that names it.
        suffix: the file's ending.
    """
    return dated_path(folder, now, suffix)


def _failures() -> tuple[type[Exception], ...]:
    """What the muxer and the encoder raise; PyAV's errors are not all of a built-in kind."""
    import av

    return OSError, ValueError, av.FFmpegError
