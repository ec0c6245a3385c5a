"""Figures against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from train import metrics


def _labels(*values: int) -> metrics.Labels:
    return np.array(values, np.int64)


def _floats(*values: float) -> metrics.Floats:
    return np.array(values, np.float64)


def _bools(*values: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(values, np.bool_)


TRUTH = _labels(0, 0, 0, 0, 1, 1)
PREDICTED = _labels(0, 0, 0, 1, 1, 0)


def test_accuracy_counts_what_is_right() -> None:
    rate = metrics.accuracy(TRUTH, PREDICTED)
    assert (rate.correct, rate.count, rate.value) == (4, 6, pytest.approx(2 / 3))


def test_balanced_accuracy_is_the_mean_recall() -> None:
    assert metrics.balanced_accuracy(TRUTH, PREDICTED, 2) == pytest.approx((3 / 4 + 1 / 2) / 2)


def test_balanced_accuracy_leaves_out_classes_that_do_not_occur() -> None:
    assert metrics.balanced_accuracy(TRUTH, PREDICTED, 5) == pytest.approx(0.625)


def test_the_confusion_matrix_has_the_truth_in_rows_and_no_abstentions() -> None:
    assert metrics.confusion_matrix(TRUTH, _labels(0, 0, 1, -1, 1, 1), 3).tolist() == [[2, 1, 0], [0, 2, 0], [0, 0, 0]]


def test_wilson_interval_of_eight_of_ten() -> None:
    # centre (0.8 + 1.9207/10) / 1.38415 = 0.71674; half 1.95996/1.38415 * sqrt(0.016 + 0.0096036) = 0.22657
    assert metrics.wilson_interval(8, 10) == pytest.approx((0.49016, 0.94332), abs=2e-5)


def test_wilson_interval_keeps_to_its_ends() -> None:
    assert metrics.wilson_interval(0, 20).low == 0.0
    assert metrics.wilson_interval(20, 20).high == 1.0
    assert metrics.wilson_interval(0, 0) == (0.0, 1.0)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        metrics.wilson_interval(3, 2)


def test_groups_without_a_name_are_left_out() -> None:
    rates = metrics.group_rates(TRUTH, PREDICTED, ["a", "a", "b", "b", None, "b"])
    assert {group: (rate.correct, rate.count) for group, rate in rates.items()} == {"a": (2, 2), "b": (1, 3)}


def test_the_worst_group_with_enough_samples_comes_first() -> None:
    rates = {"good": metrics.Rate(90, 100), "bad": metrics.Rate(60, 100), "tiny": metrics.Rate(0, 3)}
    assert [name for name, _ in metrics.worst_first(rates, 30)] == ["bad", "good", "tiny"]


def test_calibration_error_weighs_the_gaps_by_their_counts() -> None:
    # Two bins: (0.6, 0.8 -> mean 0.7, accuracy 0.5) and (0.2 -> accuracy 0): (2 * 0.2 + 1 * 0.2) / 3.
    error = metrics.calibration_error(_floats(0.6, 0.8, 0.2), _bools(1, 0, 0), bins=2)
    assert error == pytest.approx(0.2)


def test_a_calibrated_classifier_has_no_calibration_error() -> None:
    confidence = np.full(100, 0.75)
    assert metrics.calibration_error(confidence, np.arange(100) < 75) == pytest.approx(0)


def test_a_confidence_of_one_falls_into_the_last_bin_and_an_edge_into_the_lower() -> None:
    bins = metrics.reliability_bins(_floats(1.0, 0.5, 0.0), _bools(1, 1, 1), bins=2)
    assert [each.count for each in bins] == [2, 1]


def test_coverage_at_a_threshold() -> None:
    coverage = metrics.coverage_at(_floats(0.9, 0.8, 0.6, 0.55), _bools(1, 1, 0, 1), 0.6)
    assert (coverage.coverage, coverage.accuracy) == (0.75, pytest.approx(2 / 3))


def test_labelling_nothing_has_no_accuracy() -> None:
    coverage = metrics.coverage_at(_floats(0.5), _bools(1), 0.9)
    assert coverage.coverage == 0
    assert math.isnan(coverage.accuracy)


def test_the_coverage_curve_ends_with_everything_labelled() -> None:
    curve = metrics.coverage_curve(_floats(0.9, 0.8, 0.7, 0.6), _bools(1, 1, 0, 0), points=4)
    assert [(each.coverage, each.accuracy) for each in curve] == [
        (0.25, 1.0),
        (0.5, 1.0),
        (0.75, pytest.approx(2 / 3)),
        (1.0, 0.5),
    ]


def test_the_four_outcomes_of_a_detector() -> None:
    counts = metrics.detection_counts(_bools(1, 1, 1, 0, 0), _bools(1, 1, 0, 1, 0))
    assert tuple(counts) == (2, 1, 1, 1)
    assert (counts.precision, counts.recall, counts.accuracy) == (pytest.approx(2 / 3), pytest.approx(2 / 3), 0.6)


def test_average_precision_of_a_ranking() -> None:
    # Positives at ranks 1 and 3: (1/1 + 2/3) / 2.
    assert metrics.average_precision(_bools(1, 0, 1), _floats(0.9, 0.8, 0.7)) == pytest.approx(5 / 6)


def test_average_precision_does_not_depend_on_the_order_of_ties() -> None:
    first = metrics.average_precision(_bools(1, 0), _floats(0.5, 0.5))
    assert first == metrics.average_precision(_bools(0, 1), _floats(0.5, 0.5)) == pytest.approx(0.5)


def test_softmax_of_large_logits_does_not_overflow() -> None:
    assert metrics.softmax(np.array([[1000.0, 1000.0 + math.log(3)]])) == pytest.approx(np.array([[0.25, 0.75]]))
