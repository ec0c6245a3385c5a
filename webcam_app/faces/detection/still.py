"""Finds the faces of a photograph: one small network over a pyramid of the picture, and the refiner on what it finds.

The network sees faces of one range of sizes; in each level of the pyramid the picture is half as large as in the one
before, so that every face is of such a size in some level. ``BoxRefiner`` scores what it finds a second time, which
costs little for so few boxes, and moves each to where the frontal cascade would have drawn it. What may be a face after
that is looked at once more by a ``FaceVerifier``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import halve
from webcam_app.faces.detection.refiner import BoxRefiner, ScoredBox
from webcam_app.faces.detection.still_network import DetectorCard, FaceMaps, StillNetwork
from webcam_app.faces.detection.verifier import FaceVerifier
from webcam_app.faces.matching import is_same_detection
from webcam_app.faces.tflite import logit, sigmoid

Image = NDArray[np.uint8]

BEYOND = 128
"""Grey beyond a picture's edges: what the network takes for zero."""
# Boxes of one face that overlap the best one more than this are averaged.
AVERAGED_IOU = 0.5
# Weight of the refiner's log-odds beside the detector's.
REFINER_WEIGHT = 0.5
# Proposals that are considered, those with the highest log-odds first: in a texture there can be thousands.
MAX_PROPOSALS = 400


class Level(NamedTuple):
    """A copy of a picture.

    Attributes:
        image: H×W×3 uint8 BGR, padded with grey to the right and below.
        scale: its pixels to one of the picture.
    """

    image: Image
    scale: float


class Proposal(NamedTuple):
    """A box that may hold a face.

    Attributes:
        log_odds: that it does.
        box: in pixels of the picture.
    """

    log_odds: float
    box: FaceBox


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
        halvings = _halvings(scale) - round(math.log2(height / source.shape[0]))
        for _ in range(halvings):
            source = halve(source)
        levels.append(_resized(source, (max(1, round(width * scale)), max(1, round(height * scale))), scale, card))
        if min(width, height) * scale <= card.largest:
            return levels
        scale /= 2


def make_level(image: Image, scale: float, card: DetectorCard) -> Level:
    """One copy of a picture, as ``make_levels`` makes them.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        scale: its pixels to one of the picture, at most 1.
        card: the network's.
    """
    source = image
    for _ in range(_halvings(scale)):
        source = halve(source)
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return _resized(source, size, scale, card)


def _halvings(scale: float) -> int:
    """How often a picture is halved before it is resized to a scale."""
    return math.floor(-math.log2(scale) + 1e-9)


def _resized(source: Image, size: tuple[int, int], scale: float, card: DetectorCard) -> Level:
    copy = source if size == source.shape[1::-1] else cv2.resize(source, size, interpolation=cv2.INTER_LINEAR)
    return Level(_padded(np.asarray(copy, np.uint8), card.multiple), scale)


def _padded(image: Image, multiple: int) -> Image:
    height, width = image.shape[:2]
    down, right = -height % multiple, -width % multiple
    return np.asarray(cv2.copyMakeBorder(image, 0, down, 0, right, cv2.BORDER_CONSTANT, value=(BEYOND,) * 3), np.uint8)


def read_maps(maps: FaceMaps, scale: float, card: DetectorCard) -> list[Proposal]:
    """The peaks of a level's maps.

    Args:
        maps: what the network said.
        scale: of the level.
        card: the network's.

    Returns:
        A proposal for each cell that is no less certain than its neighbours and reaches the card's ``min_logit``.
    """
    highest = cv2.dilate(maps.logits, np.ones((3, 3), np.uint8))
    proposals = []
    for row, column in np.argwhere((maps.logits >= highest) & (maps.logits >= card.min_logit)):
        right, down, size = (float(value) for value in maps.boxes[row, column])
        x, y = (column + 0.5 + right) * card.stride / scale, (row + 0.5 + down) * card.stride / scale
        side = card.base_side * math.exp(min(3.0, max(-3.0, size))) / scale
        proposals.append(Proposal(float(maps.logits[row, column]), FaceBox(float(x), float(y), side)))
    return proposals


def merge(proposals: Sequence[Proposal]) -> list[Proposal]:
    """One proposal for each face, highest log-odds first: that of its best, with the mean of the boxes near that."""
    groups: list[list[Proposal]] = []
    for proposal in sorted(proposals, key=lambda entry: -entry.log_odds)[:MAX_PROPOSALS]:
        group = next((group for group in groups if is_same_detection(group[0].box, proposal.box)), None)
        if group is None:
            groups.append([proposal])
        else:
            group.append(proposal)
    return [Proposal(group[0].log_odds, _mean_box(group)) for group in groups]


def _mean_box(group: Sequence[Proposal]) -> FaceBox:
    """Mean box, weighted by the squared probabilities."""
    near = [entry for entry in group if entry.box.iou(group[0].box) > AVERAGED_IOU]
    weights = np.array([sigmoid(entry.log_odds) ** 2 for entry in near])
    x, y, side = weights @ np.array([entry.box for entry in near]) / weights.sum()
    return FaceBox(float(x), float(y), float(side))


def together(log_odds: float, probability: float) -> float:
    """Log-odds of a face: the detector's with the refiner's probability. The two networks err in different places."""
    return log_odds + REFINER_WEIGHT * logit(probability)


class StillDetector:
    """Finds the faces of photographs. Not thread-safe: use one in each thread."""

    def __init__(
        self,
        refiner: BoxRefiner | None = None,
        *,
        network: StillNetwork | None = None,
        verifier: FaceVerifier | None = None,
    ) -> None:
        """Load the network.

        Args:
            refiner: scores and corrects what the network finds; None takes it as it is.
            network: another network than the shipped one.
            verifier: looks again at what both found; None believes them.

        Raises:
            ModelError: a file is missing or damaged.
        """
        self._network = network or StillNetwork()
        self._refiner = refiner
        self._verifier = verifier

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
            ModelError: the verifier's network is missing or damaged.
        """
        thresholds = self.card.thresholds if self._verifier is None else self._verifier.card.thresholds
        return [
            ScoredBox(sigmoid(log_odds), box)
            for log_odds, box in self.proposals(image, smallest)
            if log_odds >= thresholds.least_log_odds(box.side)
        ]

    def proposals(self, image: Image, smallest: float) -> list[Proposal]:
        """Everything that may be a face, however low its log-odds; see ``find`` for arguments and errors.

        The log-odds are those of all networks together, the box is the refiner's, as in a video. What the verifier need
        not look at is left out.
        """
        found = self.propose(image, smallest)
        if self._refiner is not None:
            found = merge([self._refine(self._refiner, image, proposal) for proposal in found])
        if self._verifier is None:
            return found
        verifier = self._verifier
        worth = [proposal for proposal in found if proposal.log_odds >= verifier.card.least]
        verified = [entry._replace(log_odds=entry.log_odds + verifier.log_odds(image, entry.box)) for entry in worth]
        return sorted(verified, key=lambda entry: -entry.log_odds)

    def propose(self, image: Image, smallest: float) -> list[Proposal]:
        """What the detector's network alone finds, each face once, highest log-odds first; see ``find``."""
        found: list[Proposal] = []
        for level in make_levels(image, smallest, self.card):
            found += read_maps(self._network.run(level.image), level.scale, self.card)
        return merge(found)

    def _refine(self, refiner: BoxRefiner, image: Image, proposal: Proposal) -> Proposal:
        score, box = refiner.refine(image, proposal.box)
        return Proposal(together(proposal.log_odds, score), box)
