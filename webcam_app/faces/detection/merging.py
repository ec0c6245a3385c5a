"""From many proposals to the faces of a photograph: the refiner scores each, and those of one face are merged."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner, ScoredBox
from webcam_app.faces.matching import is_duplicate_proposal, is_same_detection

# Steps of the refiner for each proposal; a score below MIN_SCORE in one of them ends it.
STEPS = 3
MIN_SCORE = 0.02
# A face's box is the mean of so many of its best.
AVERAGED = 8
# Scores are capped here, so that their log-odds stay finite.
MAX_SCORE = 1 - 1e-6


def merge_proposals(refiner: BoxRefiner, image: NDArray[np.uint8], proposals: Sequence[FaceBox]) -> list[ScoredBox]:
    """Which of many proposals hold a face, each face once.

    Every proposal is refined ``STEPS`` times, and those that come to lie on one face are merged. It is a face if the
    log-odds of its best score plus the logarithm of the number of its proposals reach the refiner's ``min_log_odds``.

    Args:
        refiner: the network.
        image: H×W×3 uint8 BGR; not changed.
        proposals: boxes in which a face may be; several for one face support it.

    Returns:
        The faces, highest log-odds first.

    Raises:
        InferenceError: the network failed.
    """
    refined = []
    for box, count in _without_duplicates(proposals):
        scored = _refine_steadily(refiner, image, box)
        if scored.score >= MIN_SCORE:
            refined.append((scored, count))
    refined.sort(key=lambda entry: -entry[0].score)
    found = []
    for cluster in _clusters(refined):
        score = min(cluster[0][0].score, MAX_SCORE)
        log_odds = math.log(score / (1 - score)) + math.log(sum(count for _, count in cluster))
        if log_odds >= refiner.min_log_odds:
            found.append((log_odds, ScoredBox(score, _mean([scored for scored, _ in cluster[:AVERAGED]]))))
    return [scored for _, scored in sorted(found, key=lambda entry: -entry[0])]


def _without_duplicates(proposals: Sequence[FaceBox]) -> list[tuple[FaceBox, int]]:
    """The first of each group of near duplicates, and how many it stands for."""
    groups: list[tuple[FaceBox, int]] = []
    for box in proposals:
        for index, (other, count) in enumerate(groups):
            if is_duplicate_proposal(box, other):
                groups[index] = (other, count + 1)
                break
        else:
            groups.append((box, 1))
    return groups


def _refine_steadily(refiner: BoxRefiner, image: NDArray[np.uint8], box: FaceBox) -> ScoredBox:
    """The geometric mean of the scores of several steps: what is no face seldom scores high in all of them."""
    score = 1.0
    for _ in range(STEPS):
        scored = refiner.refine(image, box)
        if scored.score < MIN_SCORE:
            return ScoredBox(0.0, box)
        score *= scored.score
        box = scored.box
    return ScoredBox(score ** (1 / STEPS), box)


def _clusters(refined: Sequence[tuple[ScoredBox, int]]) -> list[list[tuple[ScoredBox, int]]]:
    """Boxes of one face together, each cluster's best first; the input is sorted by score."""
    clusters: list[list[tuple[ScoredBox, int]]] = []
    for entry in refined:
        same = next((cluster for cluster in clusters if is_same_detection(cluster[0][0].box, entry[0].box)), None)
        if same is None:
            clusters.append([entry])
        else:
            same.append(entry)
    return clusters


def _mean(scored_boxes: Sequence[ScoredBox]) -> FaceBox:
    """Mean box, weighted by the squares of the scores."""
    weights = np.array([scored.score for scored in scored_boxes]) ** 2
    x, y, side = weights @ np.array([scored.box for scored in scored_boxes]) / weights.sum()
    return FaceBox(float(x), float(y), float(side))
