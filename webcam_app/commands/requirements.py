"""What is missing is found before a library fails for it, in words that nobody understands, or ends the process."""

from __future__ import annotations

import errno

from webcam_app.errors import WebcamAppError

# Address space that is reserved (VmPeak) with two cores on pictures of 640x480: the window 1331 MiB, annotate 874,
# classify 589. A little below these, libraries end the process, print several lines or find nothing.
MIN_ADDRESS_MIB = {"window": 1400, "annotate": 1000, "bench": 1000}
MIN_ADDRESS_MIB_OTHERS = 750
MIB = 1 << 20


def check_requirements(command: str) -> None:
    """Look for what a command cannot do without.

    Args:
        command: its name; ``window`` for the window.

    Raises:
        WebcamAppError: says what is missing and what to do.
    """
    limit = memory_limit_mib()
    least = MIN_ADDRESS_MIB.get(command, MIN_ADDRESS_MIB_OTHERS)
    if limit is not None and limit < least:
        raise WebcamAppError(not_enough(limit, least))
    # Only now: what OpenCV needs is loaded with it.
    from webcam_app.faces.detection.opencv import check_opencv

    check_opencv()


def memory_limit_mib() -> int | None:
    """How much address space this process may have in MiB, None for as much as there is."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limits = [resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_AS", "RLIMIT_DATA")]
    known = [limit for limit in limits if limit != resource.RLIM_INFINITY]
    return min(known) // MIB if known else None


def not_enough(limit_mib: int | None, least_mib: int | None = None) -> str:
    """What to say where memory does not suffice: the limit on this process, if there is one, and what it needs."""
    if limit_mib is None:
        return "there is not enough memory for this: close other programs, or take smaller pictures"
    needs = "" if least_mib is None else f", which needs about {least_mib}"
    return f"{limit_mib} MiB of memory are too few for this{needs}: raise the limit (ulimit -v unlimited)"


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether a library failed because it got no memory; only some say so with a ``MemoryError``."""
    text = str(error).lower()
    return (
        isinstance(error, MemoryError)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or any(words in text for words in ("failed to map segment", "insufficient memory", "cannot allocate memory"))
        or (isinstance(error, RuntimeError) and "can't start new thread" in text)
        or "bad_alloc" in text
    )
