"""How many threads OpenCV and NumPy use, and which go first: made by the programs that own the process."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

import cv2


def use_opencv_threads(count: int = 1) -> None:
    """Let OpenCV use so many threads in this process from now on.

    Cascades search images of webcam size faster on one thread than on several, and the others are free for decoding,
    encoding and the window. Commands, the live engine, the measurements and training call this; ``FaceAnalyzer`` and
    the rest of the library leave the setting alone.

    Args:
        count: 1 or more.
    """
    cv2.setNumThreads(count)


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """While the block runs, NumPy multiplies matrices on one thread, in the whole process.

    Several wait for each other busily: beside the live picture, or anything else that works, 300 examples then took
    20 s to teach instead of 2.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def step_back(niceness: int) -> None:
    """Let the other threads go before the one that calls this, and before those that it starts.

    Only on Linux do threads have a rank of their own; elsewhere nothing happens.

    Args:
        niceness: 1 for a little, 19 for all others.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
