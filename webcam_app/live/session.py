"""One source from opening to closing: supervises the reader, detects stalls, reopens what was lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from webcam_app.capture.frame import Frame
from webcam_app.capture.source import DEFAULT_FPS, Source, SourceInfo, SourceKind
from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceBusyError, SourcePermissionError
from webcam_app.live.reader import Reader, abandoned_readers
from webcam_app.live.states import LiveState

STALL_FRAMES = 5
MIN_STALL_SECONDS = 1.0
MAX_STALL_SECONDS = 5.0
"""A source is stalled when no frame came for ``STALL_FRAMES`` frame intervals, within these bounds."""

ABANDON_AFTER_SECONDS = 3.0
"""A stalled camera may recover by itself; after this, its blocked reader is abandoned and the camera reopened."""

MIN_RETRY_DELAY_SECONDS = 0.25
MAX_RETRY_DELAY_SECONDS = 2.0
"""Between attempts to reopen, doubling each time: a camera is back within three seconds of being plugged in."""

MAX_ABANDONED_READERS = 1
"""Blocked readers of one source; with more, the running one is waited for instead of being replaced."""

READ_JOIN_TIMEOUT_SECONDS = 0.5
"""How long closing waits for a read: a working camera gives a frame in this time, and its thread ends properly."""

POLL_SECONDS = 0.25
TIMER_SLACK_SECONDS = 0.005

RETRY_HINT = "It goes on by itself once it is back."

Opener = Callable[[str, threading.Event], Source]
StateCallback = Callable[[LiveState, str], None]


class Session:
    """Keeps one source delivering until it ends or is closed, and reports its state. Has a supervising thread."""

    def __init__(
        self,
        spec: str,
        opener: Opener,
        on_frame: Callable[[Frame], None],
        on_restart: Callable[[], None],
        on_state: StateCallback,
        on_remark: Callable[[str], None] = lambda _remark: None,
    ) -> None:
        """Prepare; ``start`` begins.

        Args:
            spec: what to open.
            opener: opens a spec; the event it is given is set once the result is not wanted any more.
            on_frame: gets each frame, in a thread of the session.
            on_restart: called before the first frame of each attempt.
            on_state: gets each state with its message, in a thread of the session.
            on_remark: gets what a person should know of single pictures, in a thread of the session.
        """
        self.info: SourceInfo | None = None
        """What was obtained last."""
        self._spec = spec
        self._name = without_password(spec) if "://" in spec else printable(spec)
        self._opener = opener
        self._on_frame = on_frame
        self._on_restart = on_restart
        self._on_state = on_state
        self._on_remark = on_remark
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._wakeup = threading.Event()
        """Set by the reader (source opened, ended, or an awaited frame arrived) and by ``close``."""
        self._reader: Reader | None = None
        self._lost_reason = ""
        self._bad_before = 0
        self._state: tuple[LiveState, str] | None = None
        self._thread = threading.Thread(target=self._run, name="live watch", daemon=True)

    @property
    def bad_frames(self) -> int:
        """Damaged frames that were skipped, over all attempts."""
        return self._bad_before + (self._reader.bad_frames if self._reader else 0)

    def start(self) -> None:
        """Begin to open the source."""
        self._thread.start()

    def close(self) -> None:
        """Stop, without waiting; no callback runs any more once ``join`` returned."""
        with self._lock:
            self._closing.set()
            reader = self._reader
        self._wakeup.set()
        if reader is not None:
            reader.abandon()

    def join(self, timeout: float) -> bool:
        """Wait for the session's threads, but only shortly for a blocked read; returns whether all have ended."""
        deadline = time.monotonic() + timeout
        self._thread.join(max(0.0, timeout))
        reader = self._reader
        left = min(deadline - time.monotonic(), READ_JOIN_TIMEOUT_SECONDS)
        return (reader is None or reader.join(left)) and not self._thread.is_alive()

    def _run(self) -> None:
        self._set_state(LiveState.OPENING, f"Opening {self._name} …")
        delay = MIN_RETRY_DELAY_SECONDS
        while (reader := self._start_reader()) is not None:
            problem = self._supervise(reader)
            if reader.frames:
                delay = MIN_RETRY_DELAY_SECONDS
            if problem is None:
                self._set_state(LiveState.ENDED, f"{self._title} has ended.")
                return
            if not self._retries:
                self._set_state(LiveState.FAILED, problem)
                return
            self._set_state(LiveState.RETRYING, f"{problem} {RETRY_HINT}")
            self._closing.wait(delay)
            delay = min(2 * delay, MAX_RETRY_DELAY_SECONDS)

    def _start_reader(self) -> Reader | None:
        """Begin the next attempt; None once the session is closing."""
        spec = self._reopen_spec
        while abandoned_readers(spec) > MAX_ABANDONED_READERS:
            if self._closing.wait(POLL_SECONDS):
                return None
        first = True

        def on_frame(frame: Frame) -> None:
            nonlocal first
            if first:
                self._on_restart()
                first = False
            self._on_frame(frame)

        with self._lock:
            if self._closing.is_set():
                return None
            self._bad_before = self.bad_frames
            self._reader = Reader(
                spec, lambda cancel: self._opener(spec, cancel), on_frame, self._wakeup.set, self._on_remark
            )
            self._reader.start()
            return self._reader

    def _supervise(self, reader: Reader) -> str | None:
        """Follow an attempt to its end; returns why it ended, None for the proper end or closing."""
        frames_when_stalled = 0
        while True:
            self._wakeup.wait(self._seconds_to_next_check(reader))
            self._wakeup.clear()
            if self._closing.is_set():
                return None
            if reader.info is not None:
                self.info = reader.info
            if reader.done:
                return self._end_reason(reader)
            waiting, stall_timeout = self._seconds_waiting(reader), self._stall_timeout(reader)
            if waiting < stall_timeout:
                if reader.frames > frames_when_stalled:
                    self._set_state(LiveState.RUNNING, "")
                continue
            frames_when_stalled = reader.frames
            reader.notify_next_frame()
            if not self._retries:
                message = f"{self._title} cannot be read at the moment. It goes on when it can be."
                self._set_state(LiveState.STALLED, message)
                continue
            problem = f"{self._title} stopped delivering pictures."
            if self._state is None or self._state[0] is not LiveState.RETRYING:
                self._set_state(LiveState.STALLED, f"{problem} {RETRY_HINT}")
            overdue = waiting > stall_timeout + ABANDON_AFTER_SECONDS
            if overdue and abandoned_readers(self._reopen_spec) < MAX_ABANDONED_READERS:
                reader.abandon()
                return self._keep_first_reason(reader, problem)

    def _end_reason(self, reader: Reader) -> str | None:
        """The message after a reader ended by itself; None after the proper end."""
        if reader.error is None:
            return None
        if isinstance(reader.error, SourceBusyError | SourcePermissionError):
            return str(reader.error)
        return self._keep_first_reason(reader, str(reader.error))

    def _keep_first_reason(self, reader: Reader, problem: str) -> str:
        """Why the source was lost. That an attempt after it delivered nothing either does not replace that reason."""
        if reader.frames or not self._lost_reason:
            self._lost_reason = problem
        return self._lost_reason

    @property
    def _reopen_spec(self) -> str:
        return self._spec if self.info is None else self.info.spec

    @property
    def _title(self) -> str:
        return self._name if self.info is None else printable(self.info.name)

    @property
    def _retries(self) -> bool:
        """Whether it is reopened after it was lost: live sources that could be opened once."""
        return self.info is not None and self.info.live

    def _seconds_waiting(self, reader: Reader) -> float:
        """For how long the current read has been running; 0 for pictures, where a pause means nothing."""
        since = reader.waiting_since
        watched = reader.info is not None and reader.info.kind is not SourceKind.PICTURES
        return time.monotonic() - since if watched and since is not None else 0.0

    def _stall_timeout(self, reader: Reader) -> float:
        nominal = 1.0 / (reader.info.fps if reader.info and reader.info.fps else DEFAULT_FPS)
        return min(max(MIN_STALL_SECONDS, STALL_FRAMES * max(nominal, reader.interval)), MAX_STALL_SECONDS)

    def _seconds_to_next_check(self, reader: Reader) -> float | None:
        """Timeout for the wakeup event; None where nothing has to be checked before it is set."""
        if reader.info is None or reader.info.kind is SourceKind.PICTURES:
            return None
        left = self._stall_timeout(reader) - self._seconds_waiting(reader)
        return left + TIMER_SLACK_SECONDS if left > 0 else POLL_SECONDS

    def _set_state(self, state: LiveState, message: str) -> None:
        if not self._closing.is_set() and (state, message) != self._state:
            self._state = (state, message)
            self._on_state(state, message)
