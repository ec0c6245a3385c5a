"""How many threads OpenCV uses: a setting of the whole process, made by the programs that own it."""

from __future__ import annotations

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
