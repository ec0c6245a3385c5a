"""A progress bar for people: drawn on a terminal, silent elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import TextIO

REDRAW_SECONDS = 0.2
BAR_WIDTH = 30


class Progress:
    """One line on standard error that is redrawn a few times a second and wiped at the end."""

    def __init__(self, total: float | None, unit: str, *, stream: TextIO | None = None) -> None:
        """Begin.

        Args:
            total: how much there is to do; None where unknown.
            unit: what is counted, like ``s`` or ``pictures``.
            stream: where to draw; standard error by default.
        """
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream is not None and self._stream.isatty()
        self._total = total if total and total > 0 else None
        self._unit = unit
        self._begun = time.monotonic()
        self._drawn = 0.0

    def update(self, done: float, note: str = "") -> None:
        """Tell how far it is.

        Args:
            done: in the unit of the total.
            note: further words, shown as they are.
        """
        now = time.monotonic()
        if not self._shown or now - self._drawn < REDRAW_SECONDS:
            return
        self._drawn = now
        width = shutil.get_terminal_size().columns - 1
        print("\r\x1b[K" + self._line(done, now - self._begun, note)[:width], end="", file=self._stream, flush=True)

    def clear(self) -> None:
        """Wipe the line, so that something else can be printed."""
        if self._shown and self._drawn:
            print("\r\x1b[K", end="", file=self._stream, flush=True)
            self._drawn = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def _line(self, done: float, elapsed: float, note: str) -> str:
        if self._total is None:
            return f"{done:.0f} {self._unit}  {note}"
        share = min(1.0, done / self._total)
        filled = round(share * BAR_WIDTH)
        left = f"  {_clock(elapsed * (1 - share) / share)} left" if share > 0.01 and elapsed > 1 else ""
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        return f"{share:4.0%} {bar} {done:.0f}/{self._total:.0f} {self._unit}{left}  {note}"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
