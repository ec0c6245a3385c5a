"""OpenCV's Haar cascades: loading, and searching a part of a grey frame for faces of some sizes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.opencv import check_opencv, opencv_remedy
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box

FRONTAL = "haarcascade_frontalface_default.xml"
FRONTAL_ALT = "haarcascade_frontalface_alt2.xml"
PROFILE = "haarcascade_profileface.xml"

# Where the other cascades draw their boxes relative to FRONTAL, from 1,200 photographs on which both fire: centre to
# the right and down in sides of FRONTAL's box, and the ratio of the sides. PROFILE sees faces that look to the left.
_OFFSETS = {FRONTAL: (0.0, 0.0, 1.0), FRONTAL_ALT: (0.0, 0.0, 0.98), PROFILE: (0.177, -0.023, 1.15)}

# Of the contrast-limited histogram equalisation; OpenCV's own default of 40 turns noise into texture.
CONTRAST_LIMIT = 2.0
# A face moves at most this far between two frames, in its own sides, beyond what its velocity predicts.
NEAR_REACH = 0.35
# And changes its size by at most this share.
NEAR_SIZES = 0.22
# Side of the face when searched, in windows of the cascade: all sizes then lie between one and two windows.
NEAR_WINDOWS = 1.6
NEAR_STEP = 1.1
# Time that one window takes in a sweep, relative to FRONTAL_ALT.
_RELATIVE_COST = {FRONTAL: 0.8, PROFILE: 1.9}


def warm_up(cascade: cv2.CascadeClassifier) -> None:
    """Search nothing once: OpenCV prepares a cascade at its first search, which would hold up a frame."""
    cascade.detectMultiScale(np.zeros((96, 96), np.uint8), 1.3, 0)


class Detection(NamedTuple):
    """What a cascade found.

    Attributes:
        box: drawn as the frontal cascade would, in pixels of the frame.
        neighbors: raw windows that were grouped into it, as ``detectMultiScale`` counts them.
    """

    box: FaceBox
    neighbors: int


class Cascade:
    """One Haar cascade. Not thread-safe: OpenCV keeps buffers inside; make one for each thread.

    Attributes:
        name: its file in ``cv2.data.haarcascades``.
        window: side in pixels of the window that it was trained on.
        relative_cost: time that one of its windows takes in a sweep, relative to a cascade with a window of 20.
    """

    def __init__(self, name: str, *, mirrored: bool = False, enhanced: bool = False) -> None:
        """Load a cascade that OpenCV ships.

        Args:
            name: file name in ``cv2.data.haarcascades``.
            mirrored: search the mirror image, for a profile cascade and faces that look the other way.
            enhanced: equalise the contrast first: finds faces in poor light, and more false positives.

        Raises:
            ModelError: this OpenCV has no cascades, or the file is missing or damaged.
        """
        self.name = name
        self._mirrored = mirrored
        self._contrast = cv2.createCLAHE(CONTRAST_LIMIT, (4, 4)) if enhanced else None
        folder = getattr(getattr(cv2, "data", None), "haarcascades", None)
        if folder is None or not hasattr(cv2, "CascadeClassifier"):
            check_opencv()
            raise ModelError(f"OpenCV {cv2.__version__} has no Haar cascades. This helps: {opencv_remedy()}")
        path = Path(folder) / name
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(f"cascade '{path}' is missing or damaged. This helps: {opencv_remedy()}")
        self.window: int = self._cascade.getOriginalWindowSize()[0]
        warm_up(self._cascade)
        self.relative_cost = _RELATIVE_COST.get(name, 1.0) * (self.window / 20) ** 2
        self._right, self._down, self._ratio = _OFFSETS.get(name, (0.0, 0.0, 1.0))

    def find(
        self,
        pyramid: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 3,
    ) -> list[Detection]:
        """Search an image or a part of it.

        Args:
            pyramid: the image.
            smallest: side of the smallest face to look for, in pixels of the image.
            largest: side of the largest.
            region: where to look, in pixels of the image; None for everywhere.
            scale: factor by which the region is resized first. OpenCV tests every second position below twice the
                cascade's window and every one above, at four times the cost: scaling down first is what makes a search
                fast, and what would still be above twice the window is left out.
            step: factor from one size to the next.
            neighbors: raw windows that must agree with one; 0 returns every window by itself.

        Returns:
            The detections in pixels of the image, those with most neighbors first.
        """
        whole = Box(0, 0, pyramid.width, pyramid.height)
        part, left, top = pyramid.cut(region or whole, scale)
        if self._mirrored:
            part = cv2.flip(part, 1)  # type: ignore[assignment]
        low, high = max(self.window, round(smallest * scale)), round(largest * scale)
        if scale != 1.0:
            high = min(high, 2 * self.window - 1)
        if high < low or min(part.shape) < low:
            return []
        if self._contrast is not None:
            part = self._contrast.apply(part)  # type: ignore[assignment]
        boxes, counts = self._cascade.detectMultiScale2(part, step, neighbors, minSize=(low, low), maxSize=(high, high))
        detections = []
        for (x, y, drawn, _), count in zip(boxes, counts, strict=True):
            side = drawn / self._ratio
            center_x = x + drawn / 2 - self._right * side
            if self._mirrored:
                center_x = part.shape[1] - center_x
            center_y = y + drawn / 2 - self._down * side
            detections.append(
                Detection(FaceBox(left + center_x / scale, top + center_y / scale, side / scale), int(count))
            )
        return sorted(detections, key=lambda detection: -detection.neighbors)

    def find_near(self, pyramid: Pyramid, box: FaceBox, *, neighbors: int = 1) -> Detection | None:
        """Search around a box in which a face is expected, at its own scale.

        Args:
            pyramid: the frame.
            box: where the face is expected.
            neighbors: raw windows that must agree.

        Returns:
            The detection that fits best, None where there is none.
        """
        reach = box.side * (0.5 + NEAR_REACH)
        x0, y0 = max(0, round(box.x - reach)), max(0, round(box.y - reach))
        x1, y1 = min(pyramid.width, round(box.x + reach)), min(pyramid.height, round(box.y + reach))
        if x1 <= x0 or y1 <= y0:
            return None
        detections = self.find(
            pyramid,
            box.side * (1 - NEAR_SIZES),
            box.side * (1 + NEAR_SIZES),
            region=Box(x0, y0, x1 - x0, y1 - y0),
            scale=NEAR_WINDOWS * self.window / box.side,
            step=NEAR_STEP,
            neighbors=neighbors,
        )
        # Many windows agree on a face in the middle of its sizes; one at the edge of the region is something else.
        return max(
            detections, key=lambda detection: detection.neighbors * (1 - detection.box.distance(box)), default=None
        )


class FaceCascades(NamedTuple):
    """The face cascades of a live tracker, in the order in which they are tried on a known face.

    ``FRONTAL_ALT`` comes first because it costs half as much in a small region; ``FRONTAL`` finds more in a sweep.
    """

    alternative: Cascade
    frontal: Cascade
    enhanced: Cascade
    profile: Cascade
    mirrored_profile: Cascade

    @classmethod
    def load(cls) -> FaceCascades:
        """Load all of them.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        return cls(
            Cascade(FRONTAL_ALT),
            Cascade(FRONTAL),
            Cascade(FRONTAL, enhanced=True),
            Cascade(PROFILE),
            Cascade(PROFILE, mirrored=True),
        )
