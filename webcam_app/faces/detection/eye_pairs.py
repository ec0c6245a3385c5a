"""Faces proposed from pairs of eyes: the eye cascade still fires where a mask blinds the face cascades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection, warm_up
from webcam_app.faces.detection.opencv import opencv_remedy
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box

EYE = "haarcascade_eye.xml"
# Where the eye cascade finds the eyes of a face, in sides of the frontal cascade's box: medians of 472 FairFace faces.
# The quartiles lie within 0.02.
EYES_MIDDLE = (0.49, 0.34)
EYES_APART = 0.44
EYE_SIDE = 0.285
# Two eyes are a pair if their sizes are within this factor, the line through them rises by at most this share of their
# distance, and their distance is this many times their size (frontal 1.55, less for a turned head).
PAIR_SIZES = 1.5
PAIR_RISE = 0.4
PAIR_DISTANCE = (0.9, 2.4)
# Eyes that are tried as pairs in one region: in a texture there can be hundreds.
MAX_EYES = 40


class EyePairs:
    """Proposes faces from pairs of eyes. ``find`` is that of ``Cascade``, so a sweep can use either. Not thread-safe.

    Attributes:
        window: side in pixels of the smallest face whose eyes the cascade can see; a sweep scales its tiles to it.
    """

    window = 71

    def __init__(self, *, largest_scale: float = 1.0) -> None:
        """Load the eye cascade.

        Args:
            largest_scale: ``find`` finds nothing above it; enlarging an image for small eyes costs too much.

        Raises:
            ModelError: the cascade is missing or damaged.
        """
        self._largest_scale = largest_scale
        path = Path(cv2.data.haarcascades) / EYE  # type: ignore[attr-defined]
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(f"cascade '{path}' is missing or damaged. This helps: {opencv_remedy()}")
        warm_up(self._cascade)

    def find(
        self,
        pyramid: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 1,
    ) -> list[Detection]:
        """Search an image or a part of it; see ``Cascade.find`` for arguments and result.

        The detections' ``neighbors`` are those of the weaker eye.
        """
        if scale > self._largest_scale:
            return []
        part, left, top = pyramid.cut(_eye_band(region, smallest, pyramid), scale)
        low, high = max(20, round(EYE_SIDE * 0.85 * smallest * scale)), round(EYE_SIDE * 1.15 * largest * scale)
        if high < low or min(part.shape) < low:
            return []
        boxes, counts = self._cascade.detectMultiScale2(part, step, neighbors, minSize=(low, low), maxSize=(high, high))
        order = np.argsort([-int(count) for count in counts])[:MAX_EYES]
        eyes = [
            FaceBox(boxes[i][0] + boxes[i][2] / 2, boxes[i][1] + boxes[i][3] / 2, float(boxes[i][2])) for i in order
        ]
        support = [int(counts[i]) for i in order]
        detections = []
        for first, second in _plausible_pairs(eyes):
            box = face_of_eyes(eyes[first], eyes[second])
            if box is not None:
                detections.append(Detection(box, min(support[first], support[second])))
        found = [
            Detection(FaceBox(left + x / scale, top + y / scale, side / scale), count)
            for (x, y, side), count in detections
            if 0.7 * smallest * scale <= side <= 1.4 * largest * scale
        ]
        return sorted(found, key=lambda detection: -detection.neighbors)


def _eye_band(region: Box | None, smallest: float, pyramid: Pyramid) -> Box:
    """The part of a region that eyes of faces inside it can be in; at the image's edge a face may be cut off."""
    x, y, width, height = region or Box(0, 0, pyramid.width, pyramid.height)
    above = EYES_MIDDLE[1] - EYE_SIDE
    top = y + (round(above * smallest) if y > 0 else 0)
    bottom = y + height - (round((1 - EYES_MIDDLE[1] - EYE_SIDE) * smallest) if y + height < pyramid.height else 0)
    return Box(x, top, width, max(1, bottom - top))


def _plausible_pairs(eyes: Sequence[FaceBox]) -> Iterator[tuple[int, int]]:
    """Which of many eyes are far enough apart and level: most pairs are not, and are ruled out together."""
    if not eyes:
        return
    x, y, side = np.array(eyes, np.float64).T
    across, size = x[None] - x[:, None], (side[None] + side[:, None]) / 2
    apart = (across > PAIR_DISTANCE[0] * size) & (across < PAIR_DISTANCE[1] * size)
    level = np.abs(y[None] - y[:, None]) <= PAIR_RISE * across
    for first, second in np.argwhere(apart & level):
        yield int(first), int(second)


def face_of_eyes(left: FaceBox, right: FaceBox) -> FaceBox | None:
    """The face that two eyes make, drawn as the frontal cascade would.

    Args:
        left: square around the eye on the image's left.
        right: the other.

    Returns:
        The face, None where the two make no plausible pair.
    """
    across, rise = right.x - left.x, right.y - left.y
    size = (left.side + right.side) / 2
    if not PAIR_DISTANCE[0] * size < across < PAIR_DISTANCE[1] * size or abs(rise) > PAIR_RISE * across:
        return None
    if max(left.side, right.side) > PAIR_SIZES * min(left.side, right.side):
        return None
    distance = float(np.hypot(across, rise))
    # A turned head brings the eyes together but leaves their size: take the larger head of the two.
    side = max(distance / EYES_APART, 0.85 * size / EYE_SIDE)
    middle_x, middle_y = (left.x + right.x) / 2, (left.y + right.y) / 2
    # The face's centre lies below the eyes at a right angle to the line through them.
    below = (0.5 - EYES_MIDDLE[1]) * side
    return FaceBox(
        middle_x + (0.5 - EYES_MIDDLE[0]) * side - below * rise / distance, middle_y + below * across / distance, side
    )
