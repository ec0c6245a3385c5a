"""From opening a source to closing it, through everything that happens to it in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from webcam_app.capture.frame import Frame
from webcam_app.capture.source import Source, SourceInfo, SourceKind
from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceBusyError, SourcePermissionError
from webcam_app.live.reader import Reader, left_behind
from webcam_app.live.states import LiveState

FRAMES_TO_WAIT = 5
SHORTEST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 5.0
"""A source stopped when no frame came for this many frame times, within these bounds."""

USUAL_FPS = 30.0

LEAVE_AFTER_SECONDS = 3.0
"""A frozen camera may come back by itself; after this, its blocked read is left behind and it is opened again."""

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0
"""Between attempts to open again, doubling each time: a camera is back within three seconds of being plugged in."""

MOST_LEFT_BEHIND = 1
"""Blocked readers of one source; with more, the one that is running is waited for instead of being replaced."""

BLOCKED_READ_SECONDS = 0.5
"""How long closing waits for a read: a camera that works gives a frame in this time, and its thread ends properly."""

POLL_SECONDS = 0.25
TIMER_SLACK_SECONDS = 0.005

GOES_ON = "It goes on by itself once it is back."

Opener = Callable[[str, threading.Event], Source]
Tell = Callable[[LiveState, str], None]


class Session:
    """Keeps one source delivering until it ends or is closed, and tells how it stands. Has a thread that watches."""

    def __init__(
        self, spec: str, opener: Opener, deliver: Callable[[Frame], None], restart: Callable[[], None], tell: Tell
    ) -> None:
        """Prepare; ``start`` begins.

        Args:
            spec: what to open.
            opener: opens a spec, given an event that is set when it is not wanted any more.
            deliver: gets each frame, in a thread of the session.
            restart: called before the first frame of each attempt.
            tell: gets each state with its message, in a thread of the session.
        """
        self.info: SourceInfo | None = None
        """What was obtained last."""
        self._spec = spec
        self._name = without_password(spec) if "://" in spec else printable(spec)
        self._opener = opener
        self._deliver = deliver
        self._restart = restart
        self._tell = tell
        self._guard = threading.Lock()
        self._closing = threading.Event()
        self._news = threading.Event()
        self._reader: Reader | None = None
        self._lost_because = ""
        self._bad_before = 0
        self._state: tuple[LiveState, str] | None = None
        self._thread = threading.Thread(target=self._run, name="live watch", daemon=True)

    @property
    def bad_frames(self) -> int:
        """Frames that were damaged and skipped, over all attempts."""
        return self._bad_before + (self._reader.bad_frames if self._reader else 0)

    def start(self) -> None:
        """Begin to open the source."""
        self._thread.start()

    def leave(self) -> None:
        """Stop, without waiting; nothing is delivered or told any more once ``join`` returned."""
        with self._guard:
            self._closing.set()
            reader = self._reader
        self._news.set()
        if reader is not None:
            reader.leave()

    def join(self, timeout: float) -> bool:
        """Wait for the session's threads, but not long for a read that is blocked; returns whether all have ended."""
        deadline = time.monotonic() + timeout
        self._thread.join(max(0.0, timeout))
        reader = self._reader
        left = min(deadline - time.monotonic(), BLOCKED_READ_SECONDS)
        return (reader is None or reader.join(left)) and not self._thread.is_alive()

    def _run(self) -> None:
        self._say(LiveState.OPENING, f"Opening {self._name} …")
        pause = FIRST_PAUSE_SECONDS
        while (reader := self._start_reader()) is not None:
            problem = self._watch(reader)
            if reader.frames:
                pause = FIRST_PAUSE_SECONDS
            if problem is None:
                self._say(LiveState.ENDED, f"{self._title} has ended.")
                return
            if not self._retries:
                self._say(LiveState.FAILED, problem)
                return
            self._say(LiveState.RETRYING, f"{problem} {GOES_ON}")
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _start_reader(self) -> Reader | None:
        """Begin the next attempt; None once the session is closing."""
        spec = self._key
        while left_behind(spec) > MOST_LEFT_BEHIND:
            if self._closing.wait(POLL_SECONDS):
                return None
        first = True

        def deliver(frame: Frame) -> None:
            nonlocal first
            if first:
                self._restart()
                first = False
            self._deliver(frame)

        with self._guard:
            if self._closing.is_set():
                return None
            self._bad_before = self.bad_frames
            self._reader = Reader(spec, lambda cancel: self._opener(spec, cancel), deliver, self._news.set)
            self._reader.start()
            return self._reader

    def _watch(self, reader: Reader) -> str | None:
        """Follow an attempt to its end; returns why it ended, None for the proper end or closing."""
        frames_when_stalled = 0
        while True:
            self._news.wait(self._seconds_to_look_again(reader))
            self._news.clear()
            if self._closing.is_set():
                return None
            if reader.info is not None:
                self.info = reader.info
            if reader.done:
                return self._why_ended(reader)
            waited, patience = self._waited(reader), self._patience(reader)
            if waited < patience:
                if reader.frames > frames_when_stalled:
                    self._say(LiveState.RUNNING, "")
                continue
            frames_when_stalled = reader.frames
            reader.notify_next_frame()
            if not self._retries:
                self._say(LiveState.STALLED, f"{self._title} cannot be read at the moment. It goes on when it can be.")
                continue
            problem = f"{self._title} stopped delivering pictures."
            if not self._is(LiveState.RETRYING):
                self._say(LiveState.STALLED, f"{problem} {GOES_ON}")
            if waited > patience + LEAVE_AFTER_SECONDS and left_behind(self._key) < MOST_LEFT_BEHIND:
                reader.leave()
                if reader.frames or not self._lost_because:
                    self._lost_because = problem
                return self._lost_because

    def _why_ended(self, reader: Reader) -> str | None:
        """What to tell after a reader ended by itself; None after the proper end."""
        if reader.error is None:
            return None
        if isinstance(reader.error, SourceBusyError | SourcePermissionError):
            return str(reader.error)
        if reader.frames or not self._lost_because:
            self._lost_because = str(reader.error)
        return self._lost_because  # that it gives nothing yet, or cannot be opened, is no news

    @property
    def _key(self) -> str:
        return self._spec if self.info is None else self.info.spec

    @property
    def _title(self) -> str:
        return self._name if self.info is None else printable(self.info.name)

    @property
    def _retries(self) -> bool:
        """Whether it is opened again after it was lost: what comes live and could be opened once."""
        return self.info is not None and self.info.live

    def _waited(self, reader: Reader) -> float:
        """Seconds for which the read that is running has been waiting; 0 where a pause means nothing."""
        since = reader.waiting_since
        watched = reader.info is not None and reader.info.kind is not SourceKind.PICTURES
        return time.monotonic() - since if watched and since is not None else 0.0

    def _patience(self, reader: Reader) -> float:
        nominal = 1.0 / (reader.info.fps if reader.info and reader.info.fps else USUAL_FPS)
        return min(max(SHORTEST_WAIT_SECONDS, FRAMES_TO_WAIT * max(nominal, reader.interval)), LONGEST_WAIT_SECONDS)

    def _seconds_to_look_again(self, reader: Reader) -> float | None:
        """None where only news are of interest."""
        if reader.info is None or reader.info.kind is SourceKind.PICTURES:
            return None
        left = self._patience(reader) - self._waited(reader)
        return left + TIMER_SLACK_SECONDS if left > 0 else POLL_SECONDS

    def _is(self, state: LiveState) -> bool:
        return self._state is not None and self._state[0] is state

    def _say(self, state: LiveState, message: str) -> None:
        if not self._closing.is_set() and (state, message) != self._state:
            self._state = (state, message)
            self._tell(state, message)
