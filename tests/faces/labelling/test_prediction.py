"""What a track makes of many predictions for one face."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.labelling.prediction import TrackLabel


def predicted(female: float, mask: float | None = None) -> Prediction:
    """A prediction whose log-odds for the first of two labels are ``female``."""
    return Prediction(np.array([female / 2, -female / 2], np.float32), mask)


def test_nothing_is_said_before_the_first_prediction(card: ModelCard) -> None:
    track = TrackLabel(card)
    assert (track.label, dict(track.probabilities), track.mask, track.masked) == (None, {}, None, None)


def test_one_prediction_gives_the_probability_that_the_network_gave(card: ModelCard) -> None:
    track = TrackLabel(card)
    track.add(predicted(2.0), 0.0)
    assert track.probabilities["female"] == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-5)


def test_predictions_that_agree_raise_the_confidence(card: ModelCard) -> None:
    track = TrackLabel(card)
    track.add(predicted(2.0), 0.0)
    first = track.probabilities["female"]
    for frame in range(1, 10):
        track.add(predicted(2.0), frame / 30)
    assert track.probabilities["female"] > first


def test_a_minute_of_the_same_doubtful_prediction_does_not_become_certainty(card: ModelCard) -> None:
    track = TrackLabel(card)
    for frame in range(1800):
        track.add(predicted(1.0), frame / 30)
    assert track.probabilities["female"] < 0.85


def test_probabilities_sum_to_one_for_any_number_of_labels(card: ModelCard) -> None:
    track = TrackLabel(dataclasses.replace(card, labels=("a", "b", "c", "d")))
    for value in (3.0, -2.0, 8.0):
        track.add(Prediction(np.array([value, 0.0, 1.0, -value], np.float32)), value)
    assert list(track.probabilities) == ["a", "b", "c", "d"]
    assert sum(track.probabilities.values()) == pytest.approx(1.0)


def test_below_the_threshold_of_the_card_the_label_is_unsure(card: ModelCard) -> None:
    track = TrackLabel(card)
    track.add(predicted(0.5), 0.0)
    assert track.label == UNSURE


def test_the_label_always_agrees_with_the_shown_probability(card: ModelCard) -> None:
    track = TrackLabel(card)
    random = np.random.default_rng(3)
    for frame in range(200):
        track.add(predicted(float(random.normal(0.8, 2.0))), frame / 30)
        sure = max(track.probabilities.values()) >= card.unsure_below
        assert (track.label != UNSURE) == sure


def test_the_label_does_not_flicker_at_the_threshold(card: ModelCard) -> None:
    track = TrackLabel(card)
    random = np.random.default_rng(5)
    threshold = float(np.log(0.7 / 0.3)) / 1.18
    labels = []
    for frame in range(300):
        track.add(predicted(float(random.normal(threshold, 0.5))), frame / 30)
        labels.append(track.label)
    assert sum(a != b for a, b in itertools.pairwise(labels[30:])) <= 2


def test_a_wrong_first_impression_is_overcome(card: ModelCard) -> None:
    track = TrackLabel(card)
    for frame in range(5):
        track.add(predicted(-2.0), frame / 30)
    for frame in range(5, 90):
        track.add(predicted(2.0), frame / 30)
    assert track.label == "female"


def test_what_was_seen_before_a_mask_goes_on_still_counts(card: ModelCard) -> None:
    track = TrackLabel(card)
    for frame in range(60):
        track.add(predicted(3.0, mask=0.02), frame / 30)
    for frame in range(60, 600):
        track.add(predicted(-1.0, mask=0.98), frame / 30)
    assert track.masked
    assert track.label == "female"


def test_a_hand_that_crosses_the_mouth_is_no_mask(card: ModelCard) -> None:
    track = TrackLabel(card)
    for frame in range(30):
        track.add(predicted(3.0, mask=0.02), frame / 30)
    for frame in range(30, 36):
        track.add(predicted(3.0, mask=0.95), frame / 30)
        assert not track.masked


def test_a_first_prediction_that_was_wrong_is_outvoted_by_the_next_few(card: ModelCard) -> None:
    track = TrackLabel(card)
    track.add(predicted(3.0, mask=0.95), 0.0)
    assert track.masked
    for frame in range(1, 4):
        track.add(predicted(3.0, mask=0.05), frame / 30)
    assert not track.masked


def test_half_of_a_first_prediction_stays_on_its_side_of_the_threshold(card: ModelCard) -> None:
    strict, lenient = (dataclasses.replace(card, mask_at=at) for at in (0.9, 0.1))
    for chosen, probability, masked in ((strict, 0.8, False), (lenient, 0.05, False), (lenient, 0.2, True)):
        track = TrackLabel(chosen)
        track.add(predicted(3.0, mask=probability), 0.0)
        assert track.masked == masked


def test_a_mask_that_stays_is_noticed_within_a_second(card: ModelCard) -> None:
    track = TrackLabel(card)
    for frame in range(30):
        track.add(predicted(3.0, mask=0.02), frame / 30)
    for frame in range(30, 60):
        track.add(predicted(3.0, mask=0.95), frame / 30)
    assert track.masked


def test_without_a_mask_output_nothing_is_said_about_masks(card: ModelCard) -> None:
    track = TrackLabel(dataclasses.replace(card, mask_output=None, mask_at=None))
    track.add(predicted(3.0), 0.0)
    assert (track.mask, track.masked) == (None, None)


def test_a_prediction_that_is_trusted_less_counts_less(card: ModelCard) -> None:
    careful, trusting = TrackLabel(card), TrackLabel(card)
    for track, weight in ((careful, 0.2), (trusting, 1.0)):
        for frame in range(5):
            track.add(predicted(2.0), frame / 30)
        track.add(predicted(-6.0), 0.2, weight)
    assert careful.probabilities["female"] > trusting.probabilities["female"]
