"""Start-up time stamps on standard error, for those who ask with ``WEBCAM_APP_TRACE=1``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

VARIABLE = "WEBCAM_APP_TRACE"

_seen: set[str] = set()
_imported_at = time.monotonic()


def stamp(event: str) -> None:
    """Print once how long after the start of the process an event happened, in milliseconds."""
    if os.environ.get(VARIABLE) and event not in _seen:
        _seen.add(event)
        print(f"{1e3 * (time.monotonic() - _process_start()):8.1f} ms  {event}", file=sys.stderr, flush=True)


def _process_start() -> float:
    """When the process began, on the clock of ``time.monotonic``; else when this module was imported."""
    try:
        # Field 22 of /proc/self/stat, counted after the name's closing bracket; in ticks since the machine started.
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return ticks / os.sysconf("SC_CLK_TCK") - (time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic())
    except (OSError, ValueError, IndexError, AttributeError):
        return _imported_at
