"""One attempt to open a source and read it, in a thread that can be abandoned."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from webcam_app.capture.frame import Frame
from webcam_app.capture.source import Source, SourceInfo
from webcam_app.errors import SourceError, WebcamAppError, first_line, without_frames
from webcam_app.live.pace import ON_TIME_SECONDS, Pace
from webcam_app.live.playing.playback import Playback
from webcam_app.live.playing.player import FilePlayer, PlayerCalls

INTERVAL_SMOOTHING = 0.1
"""Weight of the newest interval in the running mean that tells a slow camera from one that stopped."""

_abandoned: dict[str, set[Reader]] = {}
_abandoned_lock = threading.Lock()


@dataclass(frozen=True)
class Deliveries:
    """Who gets what is read, in the thread that reads.

    Attributes:
        on_frame: gets each frame.
        on_remark: gets what a person should know of the next frame, or of what was left out before it.
        on_jump: told before a frame that does not follow the one before; gets the frames before it, so far as they are
            known.
        on_end: told each time a file that can be sought came to its end; it stays open.
    """

    on_frame: Callable[[Frame], None]
    on_remark: Callable[[str], None] = lambda _remark: None
    on_jump: Callable[[Sequence[Frame]], None] = lambda _before: None
    on_end: Callable[[], None] = lambda: None


class Reader:
    """Opens a source and delivers its frames, files at their own pace.

    A driver may block a read for as long as it likes and no thread can be stopped from outside, so the thread may have
    to be abandoned: it delivers nothing any more, and ends once the read returns.
    """

    def __init__(
        self,
        key: str,
        open_source: Callable[[threading.Event], Source],
        deliveries: Deliveries,
        notify: Callable[[], None],
        playback: Playback,
    ) -> None:
        """Prepare an attempt.

        Args:
            key: what is opened; abandoned readers are counted by it, and by the source's own ``spec``.
            open_source: opens it; the event is set when the result is not wanted any more.
            deliveries: who gets the frames.
            notify: called when ``info``, ``done`` or, after ``notify_next_frame``, a frame is there.
            playback: what a person wants of a file; whoever closes this closes that before.
        """
        self.info: SourceInfo | None = None
        self.error: WebcamAppError | None = None
        """Why it ended, None at the proper end."""
        self.done = False
        """Whether the source is closed and the thread about to end; ``error`` is known then."""
        self.waiting_since: float | None = None
        """``time.monotonic()`` at which the read that is running began."""
        self.interval = 0.0
        """Running mean of the seconds between frames, 0 until there were two."""
        self.frames = 0
        self._last = 0.0
        self._keys = {key}
        self._open_source = open_source
        self._deliveries = deliveries
        self._notify = notify
        self._playback = playback
        self._notify_frame = threading.Event()
        self._source: Source | None = None
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live read", daemon=True)
        self.notify_next_frame()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def bad_frames(self) -> int:
        """Frames that the source skipped."""
        return 0 if self._source is None else self._source.bad_frames

    def notify_next_frame(self) -> None:
        """Call ``notify`` at the next frame too."""
        self._notify_frame.set()

    def abandon(self) -> None:
        """Cancel this reader; it counts as abandoned until its thread has ended, which a blocked read may delay."""
        with _abandoned_lock:
            self._cancel.set()
            if self.info is not None:
                self._keys.add(self.info.spec)
            if not self.done:
                for key in self._keys:
                    _abandoned.setdefault(key, set()).add(self)
        source = self._source
        if source is not None:
            source.close()

    def join(self, timeout: float) -> bool:
        """Wait for the end; returns whether it has come."""
        self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            source = self._open_source(self._cancel)
            self._source = source
            try:
                self.info = source.info
                self._notify()
                self._read_all(source)
            finally:
                source.close()
        except WebcamAppError as error:
            self.error = without_frames(error)
        except Exception as error:  # a library's own; this is the thread's edge
            self.error = SourceError(f"The source failed: {first_line(error)}. Try again, or choose another.")
        finally:
            with _abandoned_lock:
                self.done = True
                for key in self._keys:
                    _abandoned.get(key, set()).discard(self)
            self._notify()

    def _read_all(self, source: Source) -> None:
        info = source.info
        if info.seekable:
            calls = PlayerCalls(
                lambda frame: self._deliver(source, frame),
                self._deliveries.on_jump,
                self._deliveries.on_end,
                self._deliveries.on_remark,
                self._set_waiting,
            )
            FilePlayer(source, self._playback, calls, self._cancel).run()
            return
        pace = Pace() if info.duration is not None or info.own_times or not info.live else None
        due = self._last = time.monotonic()
        while not self._cancel.is_set():
            self.waiting_since = time.monotonic()
            frame = source.read()
            self.waiting_since = None
            if frame is None:
                self._pass_remarks(source)
                if pace is not None and info.fps:  # the last frame has its time too
                    self._cancel.wait(max(0.0, due + 1.0 / info.fps - time.monotonic()))
                return
            if pace is not None:
                due = pace.due(frame.time, time.monotonic())
                self._cancel.wait(max(0.0, due - time.monotonic()))
                now = time.monotonic()
                frame = replace(frame, taken_at=due if now - due < ON_TIME_SECONDS else now)
            if self._cancel.is_set():
                return
            if self._playback.wait_while_paused():
                frame = replace(frame, taken_at=time.monotonic())
            self._deliver(source, frame)
            if pace is not None and frame.picture is not None:
                due = time.monotonic()
                pace.shown(frame.time, due)

    def _deliver(self, source: Source, frame: Frame) -> None:
        interval, self._last = frame.taken_at - self._last, frame.taken_at
        if self.frames:
            self.interval += INTERVAL_SMOOTHING * (interval - self.interval) if self.interval else interval
        self.frames += 1
        self._pass_remarks(source)
        self._deliveries.on_frame(frame)
        if self._notify_frame.is_set():
            self._notify_frame.clear()
            self._notify()

    def _set_waiting(self, waiting: bool) -> None:
        self.waiting_since = time.monotonic() if waiting else None

    def _pass_remarks(self, source: Source) -> None:
        for remark in source.take_remarks():
            self._deliveries.on_remark(remark)


def abandoned_readers(key: str) -> int:
    """How many abandoned readers of that source have not ended yet."""
    with _abandoned_lock:
        return len(_abandoned.get(key, ()))
