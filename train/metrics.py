"""How well a classifier does, as pure functions on arrays.

Labels are class numbers; ``predicted`` may hold -1 where a classifier abstains. Every function takes arrays
of one length and returns plain numbers, so that a report can be written as JSON.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
"""Class numbers, shape (n,)."""
Floats = NDArray[np.float64]

Z_95 = 1.959964
"""Standard normal quantile for an interval of 95 %."""
CALIBRATION_BINS = 15
"""As in Guo et al. 2017 and most papers since."""


class Interval(NamedTuple):
    """A confidence interval of a share."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it rests on.

    Attributes:
        correct: how many were right.
        count: out of how many.
    """

    correct: int
    count: int

    @property
    def value(self) -> float:
        """The share, NaN for nothing."""
        return self.correct / self.count if self.count else math.nan

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval."""
        return wilson_interval(self.correct, self.count)


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a reliability diagram.

    Attributes:
        low, high: the confidences that fall into it, the upper end included.
        count: how many do.
        confidence: their mean confidence; NaN for none.
        accuracy: the share of them that is right; NaN for none.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


class Coverage(NamedTuple):
    """What happens when everything below a confidence is called unsure.

    Attributes:
        threshold: the least confidence that is labelled.
        coverage: share of all that is labelled.
        accuracy: share of what is labelled that is right; NaN where nothing is.
    """

    threshold: float
    coverage: float
    accuracy: float


class Detection(NamedTuple):
    """A yes-or-no output measured against the truth.

    Attributes:
        true_positives, false_positives, false_negatives, true_negatives: how often each happened.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> float:
        """Share of those called positive that are; NaN where none is called so."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of the positives that are called so; NaN where there are none."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def accuracy(self) -> float:
        """Share that is right."""
        return _share(self.true_positives + self.true_negatives, sum(self))


def softmax(logits: NDArray[np.floating]) -> Floats:
    """Probabilities of logits, without overflow.

    Args:
        logits: shape (..., classes).

    Returns:
        float64 of the same shape; the last axis sums to 1.
    """
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    result: Floats = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return result


def wilson_interval(correct: int, count: int, z: float = Z_95) -> Interval:
    """Confidence interval of a share, good for few samples and for shares near 0 and 1.

    Source: Wilson 1927, 'Probable inference, the law of succession, and statistical inference', JASA 22.

    Args:
        correct: successes.
        count: trials; 0 gives the interval from 0 to 1.
        z: standard normal quantile.

    Raises:
        ValueError: not 0 <= correct <= count.
    """
    if not 0 <= correct <= count:
        raise ValueError(f"{correct} of {count}")
    if count == 0:
        return Interval(0.0, 1.0)
    share = correct / count
    center = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    # The ends are exact where all or none are right; rounding would put them beside 0 and 1.
    return Interval(0.0 if correct == 0 else center - half, 1.0 if correct == count else center + half)


def accuracy(truth: Labels, predicted: Labels) -> Rate:
    """Share of predictions that are the truth."""
    return Rate(int(np.count_nonzero(truth == predicted)), len(truth))


def confusion_matrix(truth: Labels, predicted: Labels, classes: int) -> NDArray[np.int64]:
    """How often each class was called what.

    Returns:
        int64 of shape (classes, classes): truth in rows, prediction in columns. Abstentions are in no column.
    """
    matrix = np.zeros((classes, classes), np.int64)
    called = predicted >= 0
    np.add.at(matrix, (truth[called], predicted[called]), 1)
    return matrix


def class_rates(truth: Labels, predicted: Labels, classes: int) -> list[Rate]:
    """Recall of each class: the share of its pictures that are called so."""
    return [
        Rate(int(np.count_nonzero(predicted[truth == index] == index)), int(np.count_nonzero(truth == index)))
        for index in range(classes)
    ]


def balanced_accuracy(truth: Labels, predicted: Labels, classes: int) -> float:
    """Mean recall of the classes that occur, so that a frequent class does not hide a rare one; NaN for no samples.

    Source: Brodersen et al. 2010, 'The balanced accuracy and its posterior distribution', ICPR.
    """
    rates = [rate.value for rate in class_rates(truth, predicted, classes) if rate.count]
    return float(np.mean(rates)) if rates else math.nan


def group_rates(truth: Labels, predicted: Labels, groups: Sequence[Hashable | None]) -> Mapping[Hashable, Rate]:
    """Accuracy within each group; samples whose group is None are in none.

    Returns:
        Group to rate, in the order in which the groups first occur.
    """
    correct: dict[Hashable, int] = {}
    count: dict[Hashable, int] = {}
    for right, group in zip((truth == predicted).tolist(), groups, strict=True):
        if group is not None:
            correct[group] = correct.get(group, 0) + right
            count[group] = count.get(group, 0) + 1
    return {group: Rate(correct[group], count[group]) for group in count}


def worst_first(rates: Mapping[Hashable, Rate], min_count: int) -> list[tuple[Hashable, Rate]]:
    """Groups from the least accurate to the most, those with fewer than ``min_count`` samples behind the others.

    A group of a few pictures is often the worst by chance alone.
    """
    return sorted(rates.items(), key=lambda entry: (entry[1].count < min_count, entry[1].value, -entry[1].count))


def reliability_bins(confidence: Floats, correct: NDArray[np.bool_], bins: int = CALIBRATION_BINS) -> list[Bin]:
    """Confidence against accuracy in bins of equal width over 0 to 1.

    Source: DeGroot and Fienberg 1983, 'The comparison and evaluation of forecasters'; bins as in Guo et al. 2017.

    Args:
        confidence: probability of the predicted class, 0 to 1, shape (n,).
        correct: whether the prediction is right, shape (n,).
        bins: how many.
    """
    edges = np.linspace(0, 1, bins + 1)
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    result = []
    for number in range(bins):
        inside = index == number
        count = int(np.count_nonzero(inside))
        result.append(
            Bin(
                float(edges[number]),
                float(edges[number + 1]),
                count,
                float(confidence[inside].mean()) if count else math.nan,
                float(correct[inside].mean()) if count else math.nan,
            )
        )
    return result


def calibration_error(confidence: Floats, correct: NDArray[np.bool_], bins: int = CALIBRATION_BINS) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over the bins, weighted by their counts.

    Source: Naeini et al. 2015, 'Obtaining well calibrated probabilities using Bayesian binning', AAAI; with the
    predicted class's confidence as in Guo et al. 2017, 'On calibration of modern neural networks', ICML.

    Returns:
        0 for a perfect match to 1; NaN for no samples.
    """
    if len(confidence) == 0:
        return math.nan
    gaps = [
        each.count * abs(each.confidence - each.accuracy)
        for each in reliability_bins(confidence, correct, bins)
        if each.count
    ]
    return float(sum(gaps) / len(confidence))


def coverage_at(confidence: Floats, correct: NDArray[np.bool_], threshold: float) -> Coverage:
    """Share labelled, and accuracy on it, when a confidence below ``threshold`` is called unsure.

    Source: El-Yaniv and Wiener 2010, 'On the foundations of noise-free selective classification', JMLR 11.
    """
    labelled = confidence >= threshold
    count = int(np.count_nonzero(labelled))
    return Coverage(threshold, _share(count, len(confidence)), _share(int(np.count_nonzero(correct[labelled])), count))


def coverage_curve(confidence: Floats, correct: NDArray[np.bool_], points: int = 100) -> list[Coverage]:
    """Coverage against accuracy for thresholds that label the surest 1/points, 2/points, … of the samples.

    Samples of equal confidence are labelled together, so a classifier with few distinct confidences gives fewer points.
    """
    if len(confidence) == 0:
        return []
    ordered = np.sort(confidence)[::-1]
    ranks = np.ceil(np.arange(1, points + 1) * len(ordered) / points).astype(int) - 1
    thresholds = np.unique(ordered[ranks])[::-1]
    return [coverage_at(confidence, correct, float(threshold)) for threshold in thresholds]


def detection_counts(truth: NDArray[np.bool_], called: NDArray[np.bool_]) -> Detection:
    """Count the four outcomes of a yes-or-no output."""
    return Detection(
        int(np.count_nonzero(truth & called)),
        int(np.count_nonzero(~truth & called)),
        int(np.count_nonzero(truth & ~called)),
        int(np.count_nonzero(~truth & ~called)),
    )


def average_precision(truth: NDArray[np.bool_], score: Floats) -> float:
    """Area under the precision-recall curve, as the mean precision at each positive by falling score.

    Ties count as one step. Source: Manning, Raghavan and Schütze 2008, 'Introduction to information retrieval', 8.4.

    Returns:
        0 to 1; NaN without positives.
    """
    positives = int(np.count_nonzero(truth))
    if positives == 0:
        return math.nan
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    last_of_tie = np.append(np.diff(score[order]) != 0, True)
    precision = (hits / np.arange(1, len(score) + 1))[last_of_tie]
    recall = hits[last_of_tie] / positives
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
