"""Which face of a picture is meant, and where it is: one answer for ``prepare`` and ``evaluate``.

The live detector looks first, so that training and evaluation see the crop that the application will cut. Where it
does not fire, what happens depends on how the pictures are framed; see :class:`Fallback`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from statistics import median
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.cascade_boxes import FRONTAL, load_cascade, usual_box
from webcam_app.errors import InferenceError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec

SMALLEST_SHARE = 0.2
"""Smallest face looked for, in shares of the picture's shorter side: the person meant fills more of a portrait."""
SMALLEST_PIXELS = 20
"""The cascade's own window is 24 pixels, which it scales from 20; below there is nothing to see."""
CROPPED_SHARE = 0.4
"""In a face crop, what the cascade finds below this share is an eye or a mouth taken for a face."""
CROPPED_MEDIAN = 0.6
"""A set whose found faces have at least this median share consists of face crops: FairFace has 0.80, LFW 0.45."""
PROBED = 200
"""Pictures that decide how a set is framed: enough to tell 0.45 from 0.80."""
MIN_PROBED_FOUND = 0.02
"""With faces found in a smaller share, the found ones say nothing about the framing."""
SCALE_STEP = 1.1
NEIGHBORS = 3
SEARCH_MARGIN = 0.75
"""The live detector is asked for faces of this share of the smallest that counts: its first guess may be too small."""
MAX_SIDE = 640
"""Larger pictures are searched at this size of their longer side, as the live detector sees a camera's frame."""


class Fallback(str, Enum):
    """What to do with a picture in which the detector finds no face."""

    BOX = "box"
    """Take the place where faces lie in face crops (FairFace's framing)."""
    SKIP = "skip"
    """Leave the picture out; the share found is reported."""
    WHOLE = "whole"
    """Take the whole picture for the face's crop."""


class Detector(Protocol):
    """What finds the face that a picture means."""

    def detect(self, image: NDArray[np.uint8], smallest_share: float = SMALLEST_SHARE) -> Box | None:
        """The face that is meant: large and near the centre.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            smallest_share: smallest face that counts, in shares of the shorter side.

        Returns:
            Its box in pixels of ``image``, drawn as the frontal cascade draws; None where no face is seen.
        """


class LiveDetector:
    """The application's own detector for photographs, as it is. Not thread-safe: one per thread."""

    def __init__(self) -> None:
        """Load it.

        Raises:
            ModelError: a file of it is missing or damaged.
        """
        self._analyzer = FaceAnalyzer(classifier=None)

    def detect(self, image: NDArray[np.uint8], smallest_share: float = SMALLEST_SHARE) -> Box | None:
        """See :class:`Detector`.

        Raises:
            InferenceError: the network that confirms faces failed.
        """
        height, width = image.shape[:2]
        faces = self._analyzer.analyze_still(image, smallest=SEARCH_MARGIN * smallest_share * min(width, height))
        if self._analyzer.problem is not None:
            raise InferenceError(self._analyzer.problem)
        return _chosen((face.box for face in faces), width, height, smallest_share)


class CascadeDetector:
    """The frontal cascade for pictures that mean one person, at the settings of the live detector's full sweep.

    It is the cascade whose boxes all others are converted to. Not thread-safe: one per thread.
    """

    def __init__(self) -> None:
        """Load the cascade.

        Raises:
            ModelError: the cascade is missing or damaged.
        """
        self._cascade = load_cascade(FRONTAL)

    def detect(self, image: NDArray[np.uint8], smallest_share: float = SMALLEST_SHARE) -> Box | None:
        """The face that is meant: large and near the centre.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            smallest_share: smallest face to look for, in shares of the shorter side.

        Returns:
            The cascade's box in pixels of ``image``, or None where it sees no face.
        """
        height, width = image.shape[:2]
        scale = min(1.0, MAX_SIDE / max(width, height))
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        if scale < 1:
            gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        searched = np.asarray(gray, np.uint8)
        largest = min(searched.shape)
        smallest = max(SMALLEST_PIXELS, round(largest * smallest_share))
        found = self._cascade.detectMultiScale(searched, SCALE_STEP, NEIGHBORS, minSize=(smallest, smallest))
        if len(found) == 0:
            return None
        best = _chosen((Box(*map(int, box)) for box in found), searched.shape[1], searched.shape[0], 0)
        if best is None:
            return None
        return best if scale == 1 else Box(*(round(value / scale) for value in best))

    def find(self, image: NDArray[np.uint8]) -> tuple[Box, bool]:
        """The face in a face crop; see :func:`find_in_crop`."""
        return find_in_crop(image, self)


def find_in_crop(image: NDArray[np.uint8], detector: Detector) -> tuple[Box, bool]:
    """The face in a face crop.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        detector: the detector.

    Returns:
        The box, and whether the detector saw it; where it did not, the box is the usual one of face crops.
    """
    box = detector.detect(image, CROPPED_SHARE)
    return (box, True) if box is not None else (usual_box(image.shape[1], image.shape[0]), False)


def whole_box(width: int, height: int, spec: CropSpec) -> Box:
    """The box whose crop is the whole picture.

    Where the picture is not square, the crop's square holds all of it and repeats its edges, so that no chin and no
    mask is cut off.
    """
    size = max(width, height)
    side = size / spec.scale
    x = width / 2 - side / 2
    y = height / 2 - side * spec.shift_down - side / 2
    return Box(round(x), round(y), max(1, round(side)), max(1, round(side)))


def evaluation_box(
    image: NDArray[np.uint8], detector: Detector, fallback: Fallback, spec: CropSpec
) -> tuple[Box | None, bool]:
    """The box of the face that a labelled picture means: the default evaluation crop.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        detector: the detector.
        fallback: what to do where it sees no face.
        spec: how the model crops; needed for ``Fallback.WHOLE``.

    Returns:
        The box, None if the picture is to be left out; and whether the detector saw the face.
    """
    if fallback is Fallback.BOX:
        return find_in_crop(image, detector)
    box = detector.detect(image)
    if box is None and fallback is Fallback.WHOLE:
        return whole_box(image.shape[1], image.shape[0], spec), False
    return box, box is not None


def choose_fallback(images: Iterable[NDArray[np.uint8]], detector: Detector) -> tuple[Fallback, float | None]:
    """Decide from a sample of a set's pictures how it is framed.

    Where the faces that the detector finds fill at least ``CROPPED_MEDIAN`` of the shorter side in the median, the
    pictures are face crops, and one in which it finds nothing still shows a face in the usual place: ``BOX``. Where
    they fill less, the pictures are photographs, and the place is unknown: ``SKIP``. Where it finds next to none, the
    pictures are too small or too tight for it: ``WHOLE``.

    Args:
        images: H×W×3 uint8 BGR each; about ``PROBED`` from all over the set.
        detector: the detector.

    Returns:
        The choice, and the median share that it rests on (None where nothing was found).
    """
    shares = []
    count = 0
    for image in images:
        count += 1
        box = detector.detect(image)
        if box is not None:
            shares.append(box.width / min(image.shape[:2]))
    if len(shares) < max(1, MIN_PROBED_FOUND * count):
        return Fallback.WHOLE, None
    share = median(shares)
    return (Fallback.BOX if share >= CROPPED_MEDIAN else Fallback.SKIP), share


def _chosen(boxes: Iterable[Box], width: int, height: int, smallest_share: float) -> Box | None:
    """The box that is large and near the centre, of those not too small."""

    def eccentricity(box: Box) -> float:
        distance = float(np.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2))
        return distance - box.width

    smallest = smallest_share * min(width, height)
    return min((box for box in boxes if box.width >= smallest), key=eccentricity, default=None)
