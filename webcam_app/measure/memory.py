"""How much memory this process holds."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def peak_memory_mib() -> float | None:
    """The most memory that this process has held, in MiB; None where unknown."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def memory_mib() -> float:
    """What this process holds now, in MiB; where that is unknown, the most that it has held."""
    with contextlib.suppress(ImportError, OSError, ValueError, IndexError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / (1 << 20)
    return peak_memory_mib() or 0.0
