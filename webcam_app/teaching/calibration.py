"""Temperature and thresholds from predictions of examples that were held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webcam_app.teaching.regression import Array

LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 1e-3, 1e4
# Held-out examples that may be called unsure because they are unlike the others, at least and at most.
LEAST_UNLIKE, MOST_UNLIKE = 0.01, 0.05
# Of the labels that are given, so many may be wrong ...
MOST_WRONG = 0.03
# ... and of the examples of classes that were left out, so many may get another class's name ...
MOST_STRANGERS = 0.04
# ... as long as no more of the examples than this are called unsure for it.
MOST_UNSURE = 0.10
# A model that is wrong more often than this when it gives a label is to give few: up to so many are called unsure then.
MOST_WRONG_AT_ALL = 0.20
MOST_UNSURE_AT_ALL = 0.75
# Classes from which on examples of one, left out, tell how strangers look to the others: two say only how far apart
# these two are.
CLASSES_FOR_STRANGERS = 4
MARGIN = 0.02
# A face this like is like enough, or where so few of the strangers would be named: held-out examples of the same look,
# such as frames of one take, are far more like theirs than a person on another day is. Among 19 people of LFW one in a
# hundred pairs of different people has a larger cosine, and one in eight pairs of the same person.
LIKE_ENOUGH, FEW_STRANGERS = 0.55, 0.01


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a face is called unsure.

    Attributes:
        unsure: below this probability of the best class.
        like: at or below this cosine with the nearest class's mean.
    """

    unsure: float
    like: float


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares


def fit_temperature(scores: Array, truth: NDArray[np.int64]) -> float:
    """The temperature with the least log loss (Guo et al. 2017, arXiv:1706.04599), by golden-section search.

    One example that is called wrong with certainty is added for each class, spread over all: without any mistake among
    few examples the best temperature would be 0.

    Args:
        scores: (n, classes).
        truth: (n,) class numbers.
    """
    count = len(scores)
    rows = np.arange(count)
    centred = scores - scores.max(axis=1, keepdims=True)

    def cost(log_temperature: float) -> float:
        logits = centred / np.exp(log_temperature)
        logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        smooth = 1.0 / (count + 1)
        return -float(((1 - smooth) * logs[rows, truth] + smooth * logs.mean(axis=1)).mean())

    return best_temperature(cost, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE, tolerance=1e-3)


def best_temperature(cost: Callable[[float], float], lowest: float, highest: float, *, tolerance: float) -> float:
    """The temperature that costs least, by golden-section search on its logarithm.

    Args:
        cost: what the logarithm of a temperature costs; has one minimum.
        lowest: temperature to search from.
        highest: to search to.
        tolerance: how near the logarithm is found.
    """
    ratio = (5**0.5 - 1) / 2
    low, high = float(np.log(lowest)), float(np.log(highest))
    while high - low > tolerance:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if cost(left) < cost(right) else (left, high)
    return float(np.exp((low + high) / 2))


def choose_thresholds(
    probability: Array,
    right: NDArray[np.bool_],
    likeness: Array,
    stranger_probability: Array,
    stranger_likeness: Array,
    classes: int,
) -> Thresholds:
    """Thresholds at which few labels are wrong and few faces are lost.

    Args:
        probability: (n,) of the best class, of held-out examples.
        right: (n,) whether that class is theirs.
        likeness: (n,) their largest cosine with a class's mean.
        stranger_probability: (n,) the same as ``probability`` had their own class not been taught.
        stranger_likeness: (n,) likewise.
        classes: how many there are.
    """
    tells = classes >= CLASSES_FOR_STRANGERS
    steps = np.quantile(likeness, np.linspace(LEAST_UNLIKE, MOST_UNLIKE, 17))
    losses = np.array([(likeness <= step).mean() for step in steps])
    named = np.array([(stranger_likeness > step).mean() if tells else 0.0 for step in steps])
    like = float(steps[int(np.argmin(losses + named))]) if tells else float(steps[len(steps) // 2])
    like = min(like, max(LIKE_ENOUGH, float(np.quantile(stranger_likeness, 1 - FEW_STRANGERS)) if tells else 0.0))

    alike = likeness > like
    if not alike.any():  # features that do not vary: nothing can be told
        return Thresholds(0.99, like)
    least = min(1.0 / classes + MARGIN, 0.99)
    unsure = least
    steps = np.unique(np.concatenate([[least], probability[alike & (probability > least)]]))
    for step in steps:
        labelled = alike & (probability >= step)
        lost = 1 - float(labelled.sum() / alike.sum())
        wrong = float((~right[labelled]).mean()) if labelled.any() else 0.0
        strangers = float(((stranger_probability >= step) & (stranger_likeness > like)).mean()) if tells else 0.0
        if lost > (MOST_UNSURE if wrong <= MOST_WRONG_AT_ALL else MOST_UNSURE_AT_ALL):
            break
        unsure = float(step)
        if wrong <= MOST_WRONG and strangers <= MOST_STRANGERS:
            break
    return Thresholds(unsure, like)
