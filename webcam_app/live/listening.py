"""Listens to a microphone in its own thread, and picks it up again after it was unplugged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from webcam_app.capture.sound import SoundBlock, SoundSource
from webcam_app.errors import SourceError, WebcamAppError, first_line
from webcam_app.live.states import MicrophoneStatus

RETRY_SECONDS = 1.0
"""Between attempts to open it."""

LEVEL_FALL_A_SECOND = 1.5
"""A level rises at once and falls in two thirds of a second, so that it can be read."""

RETRY_HINT = "It is heard again once it is back."


class Listener:
    """Opens a microphone by its name and hands on what it hears, until it is closed."""

    def __init__(
        self,
        name: str,
        opener: Callable[[str], SoundSource],
        on_block: Callable[[SoundBlock], None],
    ) -> None:
        """Prepare; ``start`` begins.

        Args:
            name: of the microphone.
            opener: opens it as ``open_microphone`` does.
            on_block: gets each block, in this listener's thread.
        """
        self.name = name
        self.channels = 1
        """Of the microphone, once it was open."""
        self.problem = ""
        """Why nothing is heard, in one line; empty while it is."""
        self._opener = opener
        self._on_block = on_block
        self._level, self._level_at = 0.0, 0.0
        self._source: SoundSource | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live sound", daemon=True)

    @property
    def level(self) -> float:
        """How loud it is now: the largest deflection, 0 to 1."""
        return max(0.0, self._level - LEVEL_FALL_A_SECOND * (time.monotonic() - self._level_at))

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop; does not wait."""
        self._closing.set()
        source = self._source
        if source is not None:
            source.close()

    def join(self, timeout: float) -> bool:
        """Wait for the end; returns whether it has come."""
        self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen()
            except WebcamAppError as error:
                self.problem = f"{error} {RETRY_HINT}" if isinstance(error, SourceError) else str(error)
            except Exception as error:  # a library's own; this is the thread's edge
                self.problem = f"The microphone failed: {first_line(error)}. {RETRY_HINT}"
            self._closing.wait(RETRY_SECONDS)

    def _listen(self) -> None:
        with self._opener(self.name) as source:
            self._source = source
            try:
                self.channels = source.channels
                while not self._closing.is_set():
                    block = source.read()
                    if block is None:
                        return
                    self.problem = ""
                    self._level, self._level_at = max(block.peak, self.level), time.monotonic()
                    self._on_block(block)
            finally:
                self._source = None


class CurrentMicrophone:
    """The microphone that is listened to, at most one at a time. One thread chooses; none waits."""

    def __init__(self, opener: Callable[[str], SoundSource], on_block: Callable[[SoundBlock], None]) -> None:
        """Begin with none.

        Args:
            opener: opens a microphone as ``open_microphone`` does.
            on_block: gets each block, in a thread.
        """
        self._opener, self._on_block = opener, on_block
        self._listener: Listener | None = None
        self._former: list[Listener] = []
        """Those that were closed and may still be ending."""

    @property
    def status(self) -> MicrophoneStatus | None:
        """What is to be shown of it, None without one."""
        listener = self._listener
        return None if listener is None else MicrophoneStatus(listener.name, listener.level, listener.problem)

    @property
    def channels(self) -> int:
        """1 or 2, 0 without a microphone."""
        listener = self._listener
        return 0 if listener is None else listener.channels

    def choose(self, name: str) -> None:
        """Listen to this one from now on; empty for none."""
        listener = self._listener
        if name == (listener.name if listener is not None else ""):
            return
        self._listener = None
        if listener is not None:
            listener.close()
            self._former = [former for former in self._former if not former.join(0.0)] + [listener]
        if name:
            self._listener = Listener(name, self._opener, self._on_block)
            self._listener.start()

    def join(self, timeout: float) -> bool:
        """Wait for those that were closed; returns whether they have ended."""
        deadline = time.monotonic() + timeout
        return not [former for former in self._former if not former.join(deadline - time.monotonic())]
