"""Temperature and thresholds of a trained network, chosen on faces that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.metrics import softmax
from webcam_app.teaching.calibration import MOST_UNSURE_AT_ALL, MOST_WRONG, MOST_WRONG_AT_ALL, best_temperature

# Search for the temperature: nobody's network is further off than this.
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.2, 5.0
# Share of faces behind hands and cups that may be called masked.
MOST_OCCLUDED = 0.01

# Fitting of biases: at most so many steps, and a penalty that holds groups of a few faces where they are.
FAIR_STEPS, FAIR_TOLERANCE, FAIR_PENALTY = 2000, 1e-4, 1.0

LEAST_SURE = 0.6
"""Who is labelled for being nearly always right has at least this confidence: faces of other kinds come."""

Floats = NDArray[np.floating[Any]]


def fit_temperature(logits: NDArray[np.float32], truth: NDArray[np.integer[Any]]) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017, arXiv:1706.04599).

    One face that is called wrong with certainty is added, spread over all classes, as ``webcam-app teach`` does:
    without any mistake among few faces every probability would be 1.

    Args:
        logits: N×C.
        truth: N class numbers.

    Returns:
        A divisor for the logits, by golden-section search on its logarithm.
    """

    def cost(log_temperature: float) -> float:
        logs = np.log(np.maximum(softmax(logits / np.exp(log_temperature)), 1e-12))
        smooth = 1 / (len(truth) + 1)
        return float(-((1 - smooth) * logs[np.arange(len(truth)), truth] + smooth * logs.mean(axis=1)).mean())

    return best_temperature(cost, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE, tolerance=1e-4)


def fair_logits(
    logits: NDArray[np.float32], truth: NDArray[np.integer[Any]], groups: Sequence[Sequence[str]]
) -> NDArray[np.float32]:
    """Logits that expect every class in every group as often as it was given there.

    A logistic regression with the logits as its offset and one bias for each class and value of each column: at its
    optimum the expected counts are the given ones (calibration by group, Pleiss et al. 2017, arXiv:1709.02012, here of
    a teacher's labels, by what is known of training faces only).

    Args:
        logits: N×C.
        truth: N class numbers, -1 where none was given; those faces are shifted like the others of their group.
        groups: columns of N values each; faces without a value in a column are in a group of their own.

    Returns:
        N×C float32.
    """
    members = [np.unique(np.asarray(column, dtype=str), return_inverse=True) for column in groups]
    sizes = [len(values) for values, _ in members]
    starts = np.cumsum([0, *sizes[:-1]])
    places = np.stack([start + inverse for start, (_, inverse) in zip(starts, members, strict=True)])
    known = np.flatnonzero(truth >= 0)
    given = np.eye(logits.shape[1])[truth[known]]
    biases = np.zeros((sum(sizes), logits.shape[1]))
    counts = np.zeros(len(biases))
    for column in places:
        counts += np.bincount(column[known], minlength=len(biases))
    for _ in range(FAIR_STEPS):
        missing = given - softmax(logits[known] + biases[places[:, known]].sum(0))
        gradient = np.zeros_like(biases)
        for column in places:
            np.add.at(gradient, column[known], missing)
        # At most a quarter of each face's weight is curvature, and the columns' steps add up.
        step = (gradient - FAIR_PENALTY * biases) / (0.25 * len(places) * counts + FAIR_PENALTY)[:, None]
        biases += step
        if np.abs(step).max() < FAIR_TOLERANCE:
            break
    return np.asarray(logits + biases[places].sum(0), np.float32)


def unsure_threshold(confidence: Floats, right: NDArray[np.bool_], coverage: float) -> float:
    """The confidence below which a face is called unsure, so that ``coverage`` holds on other faces too.

    A model that is nearly always right labels more: while no more than ``MOST_WRONG`` of the labels are wrong, nobody
    is called unsure for the share's sake. A model of whose labels more than ``MOST_WRONG_AT_ALL`` are wrong gives
    fewer, as one that was taught does.

    Args:
        confidence: N, of development faces; their share above the threshold is ``coverage`` and one standard error.
        right: N, whether the label is theirs.
        coverage: least share of faces to label.
    """
    error = np.sqrt(coverage * (1 - coverage) / len(confidence))
    threshold = float(np.quantile(confidence, max(0.0, 1 - coverage - error)))
    for step in np.unique(confidence[confidence <= threshold]):
        if step >= min(threshold, LEAST_SURE) and (~right[confidence >= step]).mean() <= MOST_WRONG:
            return float(step)
    if (~right[confidence >= threshold]).mean() <= MOST_WRONG_AT_ALL:
        return threshold
    highest = float(np.quantile(confidence, MOST_UNSURE_AT_ALL))
    for step in np.unique(confidence[(confidence > threshold) & (confidence < highest)]):
        if (~right[confidence >= step]).mean() <= MOST_WRONG_AT_ALL:
            return float(step)
    return max(threshold, highest)


def mask_threshold(masked: Floats, bare: Floats, occluded: Floats) -> float | None:
    """The threshold with the best balanced accuracy at which hands and cups are no masks; of several, the middle.

    Args:
        masked: probabilities that the network gives masked faces.
        bare: those that it gives bare ones.
        occluded: those that it gives faces behind other things; at most ``MOST_OCCLUDED`` of them may be called masked.

    Returns:
        The threshold; None where there are no masked or no bare faces to choose it by.
    """
    if not len(masked) or not len(bare):
        return None
    steps = np.linspace(0.05, 0.95, 181)
    if len(occluded):
        steps = steps[[bool((occluded >= step).mean() <= MOST_OCCLUDED) for step in steps]]
    if not len(steps):
        return 0.95
    balanced = [float((masked >= step).mean() + (bare < step).mean()) for step in steps]
    return float(np.median(steps[np.flatnonzero(np.isclose(balanced, max(balanced)))]))
