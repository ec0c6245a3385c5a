"""How many threads OpenCV and NumPy use: settings of the whole process, made by the programs that own it."""

from __future__ import annotations

import contextlib
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
