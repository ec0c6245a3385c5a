"""Some seconds to go before something happens: a recording begins, a picture is taken."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

COUNT_MS = 1000


class Purpose(Enum):
    """What is counted down to."""

    RECORDING = auto()
    SNAPSHOT = auto()


class Countdown(QObject):
    """Counts down to one thing at a time; what was asked for last counts."""

    counting = pyqtSignal(int)
    """Seconds that are left; 0 once it is there, or is cancelled."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.purpose: Purpose | None = None
        """What is counted down to; None while nothing is."""
        self._left = 0
        self._then: Callable[[], None] = lambda: None
        self._timer = QTimer(self)
        self._timer.setInterval(COUNT_MS)
        self._timer.timeout.connect(self._count)

    def start(self, purpose: Purpose, seconds: int, then: Callable[[], None]) -> None:
        """Count down, and forget what was counted down to before.

        Args:
            purpose: what for.
            seconds: 0 for at once; that leaves what is being counted as it is.
            then: called at the end.
        """
        if not seconds:
            then()
            return
        self.cancel()
        self.purpose, self._left, self._then = purpose, seconds, then
        self._timer.start()
        self.counting.emit(seconds)

    def cancel(self, purpose: Purpose | None = None) -> bool:
        """Stop counting.

        Args:
            purpose: only where it is for this; None for whatever it is for.

        Returns:
            Whether there was something to cancel.
        """
        if self.purpose is None or purpose not in (None, self.purpose):
            return False
        self._end()
        return True

    def _count(self) -> None:
        self._left -= 1
        if self._left:
            self.counting.emit(self._left)
            return
        then = self._then
        self._end()
        then()

    def _end(self) -> None:
        self._timer.stop()
        self.purpose, self._left, self._then = None, 0, lambda: None
        self.counting.emit(0)
