"""Finds the faces of a photograph: one small network over a pyramid of the picture, and a closer look at what it found.

The network sees faces of one range of sizes; in each level of the pyramid the picture is half as large as in the one
before, so that every face is of such a size in some level. What it finds is looked at by ``BoxRefiner``, which costs
little for the few places that are left, and moves each box to where the frontal cascade would have drawn it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.photo_network import DetectorCard, FaceMaps, PhotoNetwork
from webcam_app.faces.detection.refiner import BoxRefiner, ScoredBox
from webcam_app.faces.labelling.classifier import sigmoid

Image = NDArray[np.uint8]

BEYOND = 128
"""Grey beyond a picture's edges: what the network takes for zero."""
# Two boxes of which one is this much covered by the other, and that overlap this much, are the same face.
SAME_COVER, SAME_IOU = 0.6, 0.3
# Closer looks at a place. If after one the evidence is so far below the threshold, the next would not change that.
LOOKS = 2
CLEAR = 8.0
# Probabilities closer to 0 or 1 say no more than this.
LEAST_DOUBT = 1e-6
# Places in a picture that are looked at, the most certain first; a crowd has hundreds.
MOST_PLACES = 400


class Level(NamedTuple):
    """A copy of a picture.

    Attributes:
        image: H×W×3 uint8 BGR, padded with grey to the right and below.
        scale: its pixels to one of the picture.
    """

    image: Image
    scale: float


class Sighting(NamedTuple):
    """A place that looks like a face.

    Attributes:
        evidence: its log odds.
        place: in pixels of the picture.
    """

    evidence: float
    place: FaceBox


def make_levels(image: Image, smallest: float, card: DetectorCard) -> list[Level]:
    """The copies of a picture in which every face from some size on is as large as the network sees faces.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        smallest: side in pixels of the smallest face to look for.
        card: the network's.

    Returns:
        The largest first. The largest face that can be seen fills the shorter side.
    """
    height, width = image.shape[:2]
    scale = min(1.0, card.smallest / smallest)
    levels, source = [], image
    while True:
        halvings = math.floor(-math.log2(scale) + 1e-9) - round(math.log2(height / source.shape[0]))
        for _ in range(halvings):
            source = _half(source)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        copy = source if size == source.shape[1::-1] else cv2.resize(source, size, interpolation=cv2.INTER_LINEAR)
        levels.append(Level(_padded(np.asarray(copy, np.uint8), card.multiple), scale))
        if min(size) <= card.largest:
            return levels
        scale /= 2


def _half(image: Image) -> Image:
    """Exactly half as large, which is many times faster than any other factor; a last odd row or column is left out."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return np.asarray(
        cv2.resize(image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA), np.uint8
    )


def _padded(image: Image, multiple: int) -> Image:
    height, width = image.shape[:2]
    down, right = -height % multiple, -width % multiple
    return np.asarray(cv2.copyMakeBorder(image, 0, down, 0, right, cv2.BORDER_CONSTANT, value=(BEYOND,) * 3), np.uint8)


def read_maps(maps: FaceMaps, scale: float, card: DetectorCard) -> list[Sighting]:
    """The peaks of a level's maps.

    Args:
        maps: what the network said.
        scale: of the level.
        card: the network's.

    Returns:
        A proposal for each cell that is no less certain than its neighbours and reaches the card's ``proposal``.
    """
    highest = cv2.dilate(maps.logits, np.ones((3, 3), np.uint8))
    proposals = []
    for row, column in np.argwhere((maps.logits >= highest) & (maps.logits >= card.proposal)):
        right, down, size = (float(value) for value in maps.places[row, column])
        x, y = (column + 0.5 + right) * card.stride / scale, (row + 0.5 + down) * card.stride / scale
        side = card.base_side * math.exp(min(3.0, max(-3.0, size))) / scale
        proposals.append(Sighting(float(maps.logits[row, column]), FaceBox(float(x), float(y), side)))
    return proposals


def merge(proposals: Sequence[Sighting]) -> list[Sighting]:
    """One proposal for each face: the most certain, at the mean of the places that agree with it."""
    groups: list[list[Sighting]] = []
    for proposal in sorted(proposals, key=lambda entry: -entry.evidence)[:MOST_PLACES]:
        known = next((group for group in groups if _same(group[0].place, proposal.place)), None)
        if known is None:
            groups.append([proposal])
        else:
            known.append(proposal)
    return [Sighting(group[0].evidence, _mean(group)) for group in groups]


def _mean(group: Sequence[Sighting]) -> FaceBox:
    """Mean place, weighted by the probabilities; places that differ much from the best are left out."""
    best = group[0].place
    close = [entry for entry in group if entry.place.box.iou(best.box) > 0.5] or group[:1]
    weights = np.array([sigmoid(entry.evidence) ** 2 for entry in close])
    x, y, side = weights @ np.array([entry.place for entry in close]) / weights.sum()
    return FaceBox(float(x), float(y), float(side))


def _same(first: FaceBox, second: FaceBox) -> bool:
    cover = first.overlap(second)
    shared = cover * min(first.side, second.side) ** 2
    iou = shared / (first.side**2 + second.side**2 - shared)
    return cover > SAME_COVER or iou > SAME_IOU


class PhotoDetector:
    """Finds the faces of photographs. Not thread-safe: use one in each thread."""

    def __init__(self, refiner: BoxRefiner | None = None, *, network: PhotoNetwork | None = None) -> None:
        """Load the network.

        Args:
            refiner: looks closer at what the network found; None takes the network's word for it.
            network: another network than the shipped one.

        Raises:
            ModelError: a file is missing or damaged.
        """
        self._network = network or PhotoNetwork()
        self._refiner = refiner

    @property
    def card(self) -> DetectorCard:
        """The network's card."""
        return self._network.card

    def find(self, image: Image, smallest: float) -> list[ScoredBox]:
        """Find faces.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            smallest: side in pixels of the smallest face to look for.

        Returns:
            The faces, most certain first, with their probabilities.

        Raises:
            InferenceError: a network failed.
        """
        least = self.card.threshold
        return [ScoredBox(sigmoid(e), place) for e, place in self.sightings(image, smallest) if e >= least]

    def sightings(self, image: Image, smallest: float) -> list[Sighting]:
        """Everything that may be a face, however little speaks for it; see ``find`` for arguments and errors.

        The evidence is the network's log odds plus the mean of those of two closer looks, the second where the first
        one leads: the two networks err in different places.
        """
        found = self.propose(image, smallest)
        if self._refiner is None:
            return found
        return merge([self._look(self._refiner, image, sighting) for sighting in found])

    def propose(self, image: Image, smallest: float) -> list[Sighting]:
        """What the network alone sees, one sighting for each face, most certain first; see ``find`` for arguments."""
        found: list[Sighting] = []
        for level in make_levels(image, smallest, self.card):
            found += read_maps(self._network.run(level.image), level.scale, self.card)
        return merge(found)

    def _look(self, refiner: BoxRefiner, image: Image, sighting: Sighting) -> Sighting:
        evidence, place = sighting
        for _ in range(LOOKS):
            score, place = refiner.look(image, place)
            evidence += _log_odds(score) / LOOKS
            if evidence < self.card.threshold - CLEAR:
                break
        return Sighting(evidence, place)


def _log_odds(probability: float) -> float:
    inside = min(1 - LEAST_DOUBT, max(LEAST_DOUBT, probability))
    return math.log(inside / (1 - inside))
