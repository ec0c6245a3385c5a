"""Temperature and thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from webcam_app.teaching.calibration import MOST_UNSURE, choose_thresholds, fit_temperature, softmax


def test_scores_that_are_three_times_too_sure_get_a_temperature_of_three() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 1.5, (4000, 3))
    truth = np.array([random.choice(3, p=row) for row in softmax(logits)])
    assert fit_temperature(3 * logits, truth) == pytest.approx(3, rel=0.1)


def test_without_any_mistake_the_temperature_stays_finite() -> None:
    scores = np.array([[4.0, 0.0], [0.0, 4.0], [5.0, 0.0]])
    assert 0.1 < fit_temperature(scores, np.array([0, 1, 0])) < 10


def test_the_threshold_rises_until_few_labels_are_wrong() -> None:
    probability = np.linspace(0.5, 1.0, 200)
    right = probability > 0.53
    ones = np.ones(200)
    found = choose_thresholds(probability, right, ones - np.linspace(0, 1, 200), ones * 0, ones * 0, 2)
    assert (probability[~right] >= found.unsure).mean() < 0.6
    assert found.unsure <= 0.56


def unsure_share(share_right: float) -> float:
    """Share of alike faces that is called unsure where the probability says nothing about what is right."""
    random = np.random.default_rng(0)
    probability, likeness = random.uniform(0.6, 1.0, 2000), random.uniform(0.5, 1.0, 2000)
    right = random.random(2000) < share_right
    found = choose_thresholds(probability, right, likeness, probability, likeness, 5)
    return float((probability[likeness > found.like] < found.unsure).mean())


def test_no_more_than_a_tenth_become_unsure_for_a_few_wrong_labels() -> None:
    assert MOST_UNSURE - 0.01 < unsure_share(0.9) <= MOST_UNSURE


def test_a_model_that_is_mostly_wrong_gives_few_labels() -> None:
    assert unsure_share(0.4) > 0.7


def test_strangers_far_from_all_classes_move_the_likeness_up_to_them() -> None:
    likeness, strangers = np.linspace(0.6, 0.9, 100), np.full(100, 0.608)
    found = choose_thresholds(np.ones(100), np.ones(100, bool), likeness, np.ones(100), strangers, 6)
    assert 0.608 <= found.like < 0.62


@pytest.mark.parametrize("classes", [2, 6])
def test_frames_of_one_look_do_not_make_every_other_look_unlike(classes: int) -> None:
    likeness, strangers = np.full(100, 0.98), np.linspace(0.0, 0.3, 100)
    found = choose_thresholds(np.ones(100), np.ones(100, bool), likeness, np.ones(100), strangers, classes)
    assert found.like < 0.6
