"""Frame rate and latency, cheap to collect on every frame."""

from __future__ import annotations

from collections import deque
from statistics import median

RATE_WINDOW_SECONDS = 2.0
MAX_RATE_SAMPLES = 512
MAX_LATENCY_SAMPLES = 300
"""Ten seconds at 30 frames a second: long enough for a 95th percentile, short enough to follow a change."""

MAX_UNPAINTED_RESULTS = 64


class Meter:
    """Frame rate and latency. Called from several threads: each method is one step on a deque or dictionary."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=MAX_RATE_SAMPLES)
        self._taken: dict[int, float] = {}
        self._latencies: deque[float] = deque(maxlen=MAX_LATENCY_SAMPLES)

    def analysed(self, sequence: int, taken_at: float, now: float) -> None:
        """Count a result; times in seconds of ``time.monotonic()``."""
        self._moments.append(now)
        self._taken[sequence] = taken_at
        self._taken.pop(sequence - MAX_UNPAINTED_RESULTS, None)

    def painted(self, sequence: int, now: float) -> None:
        """Count the first painting of a result."""
        taken_at = self._taken.pop(sequence, None)
        if taken_at is not None:
            self._latencies.append(1000.0 * (now - taken_at))

    def fps(self, now: float) -> float:
        """Results a second over the last ``RATE_WINDOW_SECONDS``, 0 where there were none."""
        recent = [moment for moment in tuple(self._moments) if now - moment <= RATE_WINDOW_SECONDS]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else 0.0

    def latency_ms(self) -> tuple[float | None, float | None]:
        """Median and 95th percentile from frame taken to frame painted."""
        latencies = sorted(self._latencies)
        if not latencies:
            return None, None
        return median(latencies), latencies[min(len(latencies) - 1, int(0.95 * len(latencies)))]

    def reset(self) -> None:
        """Start over, for another source."""
        self._moments.clear()
        self._taken.clear()
        self._latencies.clear()
