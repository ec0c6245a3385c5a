"""Places where a face may be that the frontal cascades are not sure of: masked, turned, partly covered.

Two sources: the eye cascade, whose pairs make a face, and face cascades without their usual demand that several windows
agree. Both propose far more than there is; ``BoxRefiner`` says what is a face and moves the box onto it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import FRONTAL, FRONTAL_ALT, PROFILE, Cascade, Hit, warm_up
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner, ScoredBox
from webcam_app.faces.detection.scan import grid_places, scan
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
MOST_EYES = 40
# In photographs every face counts and there is time: smallest face as the face cascades and the eye cascade see it.
STILL_WINDOW = 26.0
STILL_EYE_WINDOW = 66.0
STILL_STEP = 1.1
# Side of the smallest squares that the network scans by itself, in sides of the smallest face.
STILL_GRID = 1.15
# Proposals closer than this (centres in sides, and as a factor of sizes) are looked at once.
SAME_DISTANCE = 0.12
SAME_SIZES = 1.18
# Two boxes of which one is this much covered by the other are the same face.
SAME_COVER = 0.45
# A place is looked at this often, unless a score falls below TRACE.
LOOKS = 3
TRACE = 0.02
# A face's place is the mean of so many of the best looks.
AVERAGED = 8


class EyePairs:
    """Proposes faces from pairs of eyes. ``find`` is that of ``Cascade``, so a sweep can use either. Not thread-safe.

    Attributes:
        window: side in pixels of the smallest face whose eyes the cascade can see; a sweep scales its tiles to it.
    """

    window = 71

    def __init__(self, *, largest_scale: float = 1.0) -> None:
        """Load the eye cascade.

        Args:
            largest_scale: ``find`` finds nothing above it; enlarging a picture for small eyes is dear.

        Raises:
            ModelError: the cascade is missing or damaged.
        """
        self._largest_scale = largest_scale
        path = Path(cv2.data.haarcascades) / EYE  # type: ignore[attr-defined]
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(f"cascade '{path}' is missing or damaged: install opencv-python-headless again")
        warm_up(self._cascade)

    def find(
        self,
        picture: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 1,
    ) -> list[Hit]:
        """Search a picture or a part of it; see ``Cascade.find`` for arguments and result.

        The hits' ``neighbors`` are those of the weaker eye.
        """
        if scale > self._largest_scale:
            return []
        part, left, top = picture.cut(_eye_band(region, smallest, picture), scale)
        low, high = max(20, round(EYE_SIDE * 0.85 * smallest * scale)), round(EYE_SIDE * 1.15 * largest * scale)
        if high < low or min(part.shape) < low:
            return []
        boxes, counts = self._cascade.detectMultiScale2(part, step, neighbors, minSize=(low, low), maxSize=(high, high))
        order = np.argsort([-int(count) for count in counts])[:MOST_EYES]
        eyes = [
            FaceBox(boxes[i][0] + boxes[i][2] / 2, boxes[i][1] + boxes[i][3] / 2, float(boxes[i][2])) for i in order
        ]
        agreed = [int(counts[i]) for i in order]
        hits = []
        for first, second in _plausible_pairs(eyes):
            place = face_of_eyes(eyes[first], eyes[second])
            if place is not None:
                hits.append(Hit(place, min(agreed[first], agreed[second])))
        found = [
            Hit(FaceBox(left + x / scale, top + y / scale, side / scale), count)
            for (x, y, side), count in hits
            if 0.7 * smallest * scale <= side <= 1.4 * largest * scale
        ]
        return sorted(found, key=lambda hit: -hit.neighbors)


def _eye_band(region: Box | None, smallest: float, picture: Pyramid) -> Box:
    """The part of a region that eyes of faces inside it can be in; at the picture's edge a face may lack a part."""
    x, y, width, height = region or Box(0, 0, picture.width, picture.height)
    above = EYES_MIDDLE[1] - EYE_SIDE
    top = y + (round(above * smallest) if y > 0 else 0)
    bottom = y + height - (round((1 - EYES_MIDDLE[1] - EYE_SIDE) * smallest) if y + height < picture.height else 0)
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
        left: square around the eye on the picture's left.
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
    # The face's middle lies below the eyes at a right angle to the line through them.
    below = (0.5 - EYES_MIDDLE[1]) * side
    return FaceBox(
        middle_x + (0.5 - EYES_MIDDLE[0]) * side - below * rise / distance, middle_y + below * across / distance, side
    )


class StillDetector:
    """Finds the faces of a photograph by all cascades and the network's own scan, without haste. Not thread-safe."""

    def __init__(self, verifier: BoxRefiner) -> None:
        """Load the cascades.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        self._verifier = verifier
        self._cascades = (Cascade(FRONTAL), Cascade(FRONTAL_ALT), Cascade(PROFILE), Cascade(PROFILE, mirrored=True))
        self._eyes = EyePairs()

    def find(self, image: NDArray[np.uint8], smallest: float) -> list[ScoredBox]:
        """Find faces.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            smallest: side in pixels of the smallest face to look for.

        Returns:
            The faces, most certain first, with their scores.

        Raises:
            InferenceError: the network failed.
        """
        gray: NDArray[np.uint8] = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)  # type: ignore[assignment]
        places = self.propose(Pyramid(gray), smallest)
        height, width = gray.shape
        places += scan(self._verifier, image, grid_places(width, height, STILL_GRID * smallest))
        return confirm(self._verifier, image, places)

    def propose(self, picture: Pyramid, smallest: float) -> list[FaceBox]:
        """Every place where a cascade sees anything like a face, the best supported first.

        Args:
            picture: the photograph, grey.
            smallest: side in pixels of the smallest face to look for.
        """
        hits: list[Hit] = []
        whole = float(min(picture.width, picture.height))
        size = smallest
        while size < whole:
            for cascade in self._cascades:
                scale = STILL_WINDOW / size
                hits += cascade.find(picture, size, 2 * size, scale=scale, step=STILL_STEP, neighbors=0)
            scale = STILL_EYE_WINDOW / size
            hits += self._eyes.find(picture, size, 2 * size, scale=scale, step=STILL_STEP, neighbors=1)
            size *= 2
        return [hit.place for hit in sorted(hits, key=lambda hit: -hit.neighbors)]


def confirm(verifier: BoxRefiner, image: NDArray[np.uint8], places: Sequence[FaceBox]) -> list[ScoredBox]:
    """Which of some places hold a face, each face once.

    Every place is looked at and corrected LOOKS times. What leads to one face is summed up: the evidence for it is the
    logit of its best look, and the logarithm of the number of places that lead there.

    Args:
        verifier: the network.
        image: H×W×3 uint8 BGR; not changed.
        places: where a face may be; several for one face are welcome.

    Returns:
        The faces, most certain first.

    Raises:
        InferenceError: the network failed.
    """
    looked = []
    for place, count in _grouped(places):
        verdict = _look_often(verifier, image, place)
        if verdict.score >= TRACE:
            looked.append((verdict, count))
    looked.sort(key=lambda entry: -entry[0].score)
    faces: list[list[tuple[ScoredBox, int]]] = []
    for verdict, count in looked:
        known = next((face for face in faces if _same(face[0][0].place, verdict.place)), None)
        if known is None:
            faces.append([(verdict, count)])
        else:
            known.append((verdict, count))
    found = []
    for face in faces:
        score = min(face[0][0].score, 1 - 1e-6)
        evidence = math.log(score / (1 - score)) + math.log(sum(count for _, count in face))
        if evidence >= verifier.evidence:
            found.append((evidence, ScoredBox(score, _mean([verdict for verdict, _ in face[:AVERAGED]]))))
    return [verdict for _, verdict in sorted(found, key=lambda entry: -entry[0])]


def _grouped(places: Sequence[FaceBox]) -> list[tuple[FaceBox, int]]:
    groups: list[tuple[FaceBox, int]] = []
    for place in places:
        for index, (other, count) in enumerate(groups):
            if 1 / SAME_SIZES < place.side / other.side < SAME_SIZES and place.distance(other) < SAME_DISTANCE:
                groups[index] = (other, count + 1)
                break
        else:
            groups.append((place, 1))
    return groups


def _look_often(verifier: BoxRefiner, image: NDArray[np.uint8], place: FaceBox) -> ScoredBox:
    """The geometric mean of several looks, each where the last one leads; what is no face seldom withstands all."""
    score = 1.0
    for _ in range(LOOKS):
        verdict = verifier.look(image, place)
        if verdict.score < TRACE:
            return ScoredBox(0.0, place)
        score *= verdict.score
        place = verdict.place
    return ScoredBox(score ** (1 / LOOKS), place)


def _mean(verdicts: Sequence[ScoredBox]) -> FaceBox:
    """Mean place, weighted by the squares of the scores."""
    weights = np.array([verdict.score for verdict in verdicts]) ** 2
    x, y, side = weights @ np.array([verdict.place for verdict in verdicts]) / weights.sum()
    return FaceBox(float(x), float(y), float(side))


def _same(first: FaceBox, second: FaceBox) -> bool:
    """Whether two squares are one face: one covers much of the other."""
    reach = (first.side + second.side) / 2
    shared = max(0.0, min(reach - abs(first.x - second.x), first.side, second.side))
    shared *= max(0.0, min(reach - abs(first.y - second.y), first.side, second.side))
    return shared > SAME_COVER * min(first.side, second.side) ** 2
