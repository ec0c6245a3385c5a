"""Temperature and thresholds."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from train.learning.calibration import fair_logits, fit_temperature, mask_threshold, unsure_threshold


def test_a_known_temperature_is_found_again() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20000, 3)).astype(np.float32)
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = (probabilities.cumsum(1) > rng.random((20000, 1))).argmax(1)
    assert fit_temperature(logits * 2.5, truth) == pytest.approx(2.5, rel=0.05)


def test_the_masks_threshold_lies_between_masked_and_bare_faces() -> None:
    masked, bare, hands = np.array([0.4, 0.9, 0.95]), np.array([0.01, 0.2]), np.array([0.1] * 50)
    assert mask_threshold(masked, bare, hands) == pytest.approx(0.3, abs=0.01)
    assert mask_threshold(masked, bare, np.array([0.5] * 50)) == pytest.approx(0.7, abs=0.01), "hands come first"


def test_without_masked_or_bare_faces_there_is_no_threshold_to_choose() -> None:
    none, some = np.array([]), np.array([0.2, 0.8])
    assert mask_threshold(none, some, some) is None
    assert mask_threshold(some, none, some) is None
    assert mask_threshold(np.array([0.8]), np.array([0.2]), none) == pytest.approx(0.5, abs=0.01)


def test_as_many_are_labelled_as_asked_on_faces_that_did_not_choose_the_threshold() -> None:
    rng = np.random.default_rng(5)
    labelled = []
    for _ in range(200):
        threshold = unsure_threshold(rng.beta(5, 1, 2000), rng.random(2000) < 0.9, 0.9)
        labelled.append((rng.beta(5, 1, 2000) >= threshold).mean())
    assert np.mean(labelled) == pytest.approx(0.9067, abs=0.001), "nine tenths and a standard error"
    assert np.mean(np.array(labelled) >= 0.9) > 0.7
    assert unsure_threshold(np.array([0.6, 0.9]), np.ones(2, bool), 0.9) == 0.6, "few faces: all are labelled"


def test_without_a_mistake_among_few_faces_no_probability_is_1() -> None:
    logits = np.eye(3, dtype=np.float32).repeat(10, 0) * 15
    sharp = logits / fit_temperature(logits, np.arange(3).repeat(10))
    assert 0.9 < 1 / (1 + 2 * np.exp(-sharp.max())) < 0.99


def test_a_network_that_is_nearly_always_right_calls_nobody_unsure_who_is_clearly_one_thing() -> None:
    confidence = np.linspace(0.5, 0.999, 500)
    low = unsure_threshold(0.9 + confidence / 10, np.ones(500, bool), 0.9)
    assert low == pytest.approx(0.95), "all are labelled"
    assert unsure_threshold(confidence, np.ones(500, bool), 0.9) <= 0.6
    wrong_below = unsure_threshold(0.9 + confidence / 10, confidence > 0.53, 0.9)
    assert 0.95 < wrong_below < 0.953, "as many as may be wrong, no more"


def test_a_network_that_is_mostly_wrong_gives_few_labels() -> None:
    confidence = np.random.default_rng(5).uniform(0, 1, 2000)
    assert (confidence >= unsure_threshold(confidence, np.zeros(2000, bool), 0.9)).mean() < 0.3


def test_a_network_that_is_right_where_it_is_sure_labels_those_faces() -> None:
    confidence = np.random.default_rng(5).uniform(0, 1, 2000)
    threshold = unsure_threshold(confidence, confidence > 0.5, 0.9)
    assert threshold == pytest.approx(0.375, abs=0.02), "there a fifth of the labels are wrong"


def _biased(rng: np.random.Generator, count: int) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.str_]]:
    """Logits that lean to class 0 in group a and to class 1 in group b, the classes given, and the groups."""
    groups = rng.choice(["a", "b"], count)
    exact = rng.normal(0, 2, count)
    truth = (rng.random(count) < 1 / (1 + np.exp(-exact))).astype(np.int64)
    lean = np.where(groups == "a", -0.8, 0.5)
    return np.stack([np.zeros(count), exact + lean], 1).astype(np.float32), truth, groups


def test_fair_logits_expect_each_class_as_often_as_it_was_given_in_every_group() -> None:
    logits, truth, groups = _biased(np.random.default_rng(1), 20000)
    fair = fair_logits(logits, truth, [groups])
    for group, lean in (("a", -0.8), ("b", 0.5)):
        mine = groups == group
        expected = (1 / (1 + np.exp(fair[mine, 0] - fair[mine, 1]))).mean()
        assert expected == pytest.approx(truth[mine].mean(), abs=1e-3)
        assert (fair - logits)[mine, 1] - (fair - logits)[mine, 0] == pytest.approx(-lean, abs=0.1)


def test_fair_logits_of_several_columns_add_up_and_leave_a_fair_teacher_alone() -> None:
    rng = np.random.default_rng(2)
    logits, truth, groups = _biased(rng, 20000)
    other = rng.choice(["x", "y", ""], 20000)
    both = fair_logits(logits, truth, [groups, other])
    for group in "ab":
        for value in ("x", "y", ""):
            mine = (groups == group) & (other == value)
            assert (1 / (1 + np.exp(both[mine, 0] - both[mine, 1]))).mean() == pytest.approx(
                truth[mine].mean(), abs=0.02
            )
    again = fair_logits(both, truth, [groups, other])
    assert np.abs(again - both).max() < 0.02


def test_faces_without_a_given_class_are_shifted_like_their_group_and_shift_nothing() -> None:
    logits, truth, groups = _biased(np.random.default_rng(3), 4000)
    hidden = truth.copy()
    hidden[2000:] = -1
    fair, alone = fair_logits(logits, hidden, [groups]), fair_logits(logits[:2000], truth[:2000], [groups[:2000]])
    assert np.allclose(fair[:2000], alone, atol=1e-3)
    shift = fair - logits
    for group in "ab":
        assert np.ptp(shift[groups == group], axis=0) == pytest.approx([0, 0], abs=1e-5)
