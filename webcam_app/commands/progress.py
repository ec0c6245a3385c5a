"""A progress bar for people: drawn on a terminal, silent elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import TextIO

REDRAW_SECONDS = 0.2
BAR_WIDTH = 30
# Before that, the rate says more about the start than about what is to come.
LEAST_SECONDS = 1.0


class Progress:
    """One line on standard error that is redrawn a few times a second and wiped at the end."""

    def __init__(self, total: float | None, unit: str, *, begun_at: float = 0.0, stream: TextIO | None = None) -> None:
        """Begin.

        Args:
            total: how much there is to do; None where unknown.
            unit: what is counted, like ``s`` or ``pictures``.
            begun_at: how much of it was done before.
            stream: where to draw; standard error by default.
        """
        self._stream = sys.stderr if stream is None else stream
        self._shown = on_terminal(self._stream)
        self._begun_at = begun_at
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
        rate = (done - self._begun_at) / elapsed if elapsed > 0 else 0.0
        speed = f"  {_three_digits(rate)}/s" if elapsed > LEAST_SECONDS and rate > 0 else ""
        if self._total is None:
            return f"{done:.0f} {self._unit}{speed}  {note}"
        share = min(1.0, done / self._total)
        filled = round(share * BAR_WIDTH)
        left = f"  {_clock((self._total - done) / rate)} left" if speed and self._total >= done else ""
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        return f"{share:4.0%} {bar} {done:.0f}/{self._total:.0f} {self._unit}{speed}{left}  {note}"


def on_terminal(stream: TextIO | None = None) -> bool:
    """Whether a progress bar would be seen on a stream, standard error by default."""
    stream = sys.stderr if stream is None else stream
    return stream is not None and stream.isatty()


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
