"""OpenCV's Haar cascades: loading, and searching a part of a grey frame for faces of some sizes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box

FRONTAL = "haarcascade_frontalface_default.xml"
FRONTAL_ALT = "haarcascade_frontalface_alt2.xml"
PROFILE = "haarcascade_profileface.xml"

# Where the other cascades draw their box compared with FRONTAL, from 1,200 photographs on which both fire: centre to
# the right and down in sides of FRONTAL's box, and the ratio of the sides. PROFILE sees faces that look to the left.
_DRAWN = {FRONTAL: (0.0, 0.0, 1.0), FRONTAL_ALT: (0.0, 0.0, 0.98), PROFILE: (0.177, -0.023, 1.15)}

# Of the contrast-limited histogram equalisation; OpenCV's own default of 40 turns noise into texture.
CONTRAST_LIMIT = 2.0
# A face moves at most this far between two frames, in its own sides, beyond what its velocity predicts.
NEAR_REACH = 0.35
# And changes its size by at most this share.
NEAR_SIZES = 0.22
# Side of the face when searched, in windows of the cascade: all sizes then lie between one and two windows.
NEAR_WINDOWS = 1.6
NEAR_STEP = 1.1
# Time that a window position takes in a sweep, compared with FRONTAL_ALT.
_DEARNESS = {FRONTAL: 0.8, PROFILE: 1.9}


def warm_up(cascade: cv2.CascadeClassifier) -> None:
    """Search nothing once: OpenCV prepares a cascade at its first search, which would hold up a frame."""
    cascade.detectMultiScale(np.zeros((96, 96), np.uint8), 1.3, 0)


class Hit(NamedTuple):
    """What a cascade found: a face's place in the frame, and how many raw windows agreed on it."""

    place: FaceBox
    neighbors: int


class Cascade:
    """One Haar cascade. Not thread-safe: OpenCV keeps buffers inside; make one for each thread."""

    def __init__(self, name: str, *, mirrored: bool = False, enhanced: bool = False) -> None:
        """Load a cascade that OpenCV ships.

        Args:
            name: file name in ``cv2.data.haarcascades``.
            mirrored: search the mirror image, for a profile cascade and faces that look the other way.
            enhanced: even out the contrast of what is searched first: finds faces in poor light, and more phantoms.

        Raises:
            ModelError: this OpenCV has no cascades, or the file is missing or damaged.
        """
        self.name = name
        self._mirrored = mirrored
        self._contrast = cv2.createCLAHE(CONTRAST_LIMIT, (4, 4)) if enhanced else None
        folder = getattr(getattr(cv2, "data", None), "haarcascades", None)
        if folder is None or not hasattr(cv2, "CascadeClassifier"):
            raise ModelError(
                f"OpenCV {cv2.__version__} has no Haar cascades: pip install 'opencv-python-headless>=4.10,<5'"
            )
        path = Path(folder) / name
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(f"cascade '{path}' is missing or damaged: install opencv-python-headless again")
        self.window: int = self._cascade.getOriginalWindowSize()[0]
        warm_up(self._cascade)
        self.dearness = _DEARNESS.get(name, 1.0) * (self.window / 20) ** 2
        self._right, self._down, self._ratio = _DRAWN.get(name, (0.0, 0.0, 1.0))

    def find(
        self,
        picture: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 3,
    ) -> list[Hit]:
        """Search a picture or a part of it.

        Args:
            picture: where to search.
            smallest: side of the smallest face to look for, in pixels of the picture.
            largest: side of the largest.
            region: where to look, in pixels of the picture; None for everywhere.
            scale: factor by which the region is resized first. OpenCV tests every second position below twice the
                cascade's window and every one above, at four times the cost: scaling down first is what makes a search
                fast, and what would still be above twice the window is left out.
            step: factor from one size to the next.
            neighbors: raw windows that must agree with one; 0 returns every window by itself.

        Returns:
            The hits in pixels of the picture, most agreed first, drawn as ``FRONTAL`` would.
        """
        whole = Box(0, 0, picture.width, picture.height)
        part, left, top = picture.cut(region or whole, scale)
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
        hits = []
        for (x, y, drawn, _), count in zip(boxes, counts, strict=True):
            side = drawn / self._ratio
            center_x = x + drawn / 2 - self._right * side
            if self._mirrored:
                center_x = part.shape[1] - center_x
            center_y = y + drawn / 2 - self._down * side
            hits.append(Hit(FaceBox(left + center_x / scale, top + center_y / scale, side / scale), int(count)))
        return sorted(hits, key=lambda hit: -hit.neighbors)

    def find_near(self, picture: Pyramid, place: FaceBox, *, neighbors: int = 1) -> Hit | None:
        """Search around a place where a face is expected, at its own scale.

        Args:
            picture: the grey frame.
            place: where the face is expected.
            neighbors: raw windows that must agree.

        Returns:
            The hit that fits best, None where there is none.
        """
        reach = place.side * (0.5 + NEAR_REACH)
        x0, y0 = max(0, round(place.x - reach)), max(0, round(place.y - reach))
        x1, y1 = min(picture.width, round(place.x + reach)), min(picture.height, round(place.y + reach))
        if x1 <= x0 or y1 <= y0:
            return None
        hits = self.find(
            picture,
            place.side * (1 - NEAR_SIZES),
            place.side * (1 + NEAR_SIZES),
            region=Box(x0, y0, x1 - x0, y1 - y0),
            scale=NEAR_WINDOWS * self.window / place.side,
            step=NEAR_STEP,
            neighbors=neighbors,
        )
        # Many windows agree on a face in the middle of its sizes; one at the edge of the region is something else.
        return max(hits, key=lambda hit: hit.neighbors * (1 - hit.place.distance(place)), default=None)
