"""Validates the frames of drivers and converts them to H×W×3 uint8 BGR."""

from __future__ import annotations

import cv2
import numpy as np

from webcam_app.capture.frame import Image

FRAMES_TO_ACCEPT_A_SIZE = 5
"""A frame of another size is a glitch of the driver until this many in a row have that size: then the mode changed."""


def as_bgr(raw: object) -> Image | None:
    """A frame as H×W×3 uint8 BGR, or None where no picture can be made of it.

    Args:
        raw: what a driver or decoder gave: an array of H×W, H×W×1, H×W×3 (BGR) or H×W×4 (BGRA), uint8 or uint16 with
            the full range used; anything else is refused.

    Returns:
        ``raw`` itself where it has the right form already, else a new array.
    """
    if not isinstance(raw, np.ndarray) or raw.size == 0 or raw.ndim not in (2, 3):
        return None
    if raw.dtype == np.uint16:
        raw = (raw >> 8).astype(np.uint8)
    if raw.dtype != np.uint8:
        return None
    channels = 1 if raw.ndim == 2 else raw.shape[2]
    if channels == 3:
        return np.ascontiguousarray(raw)
    if channels == 1:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(raw), cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if channels == 4:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(raw), cv2.COLOR_BGRA2BGR), dtype=np.uint8)
    return None


class FrameCheck:
    """Decides for each frame whether it is accepted or skipped as a fault."""

    def __init__(self) -> None:
        self.size: tuple[int, int] | None = None
        """Width and height in pixels of the accepted frames."""
        self._other_size: tuple[int, int] | None = None
        self._others = 0

    def accept(self, raw: object) -> Image | None:
        """The frame as H×W×3 uint8 BGR, or None if it is to be skipped.

        Skipped are frames of no usable form and, until there were ``FRAMES_TO_ACCEPT_A_SIZE`` in a row, frames of
        another size than those before.
        """
        image = as_bgr(raw)
        if image is None:
            return None
        size = (image.shape[1], image.shape[0])
        if self.size is None or size == self.size:
            self.size, self._others = size, 0
            return image
        self._others = self._others + 1 if size == self._other_size else 1
        self._other_size = size
        if self._others < FRAMES_TO_ACCEPT_A_SIZE:
            return None
        self.size, self._others = size, 0
        return image
