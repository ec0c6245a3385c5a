"""The last layer that training starts from."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from train.learning.heads import MOST_LOGISTIC, fit_last_layer
from webcam_app.teaching.calibration import softmax


def faces(classes: int, count: int, signal: float, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    points = np.random.default_rng(7).normal(0, signal, (classes, 64))
    truth = np.repeat(np.arange(classes), count)
    return (points[truth] + np.random.default_rng(seed).normal(0, 1, (len(truth), 64))).astype(np.float32), truth


def log_loss(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    return -float(np.log(np.maximum(softmax(scores)[np.arange(len(truth)), truth], 1e-12)).mean())


@pytest.mark.parametrize(("classes", "count"), [(4, 50), (300, 3)])
def test_it_knows_what_the_features_show(classes: int, count: int) -> None:
    layer = fit_last_layer(*faces(classes, count, 3.0, 0), classes)
    others, truth = faces(classes, 2, 3.0, 1)
    scores = layer.scores(others.astype(np.float64))
    assert (scores.argmax(axis=1) == truth).mean() > 0.9 and log_loss(scores, truth) < 0.6


@pytest.mark.parametrize(("classes", "count"), [(4, 50), (300, 3)])
def test_where_the_features_show_nothing_it_claims_nothing(classes: int, count: int) -> None:
    assert (classes * count * classes > MOST_LOGISTIC) == (classes == 300)
    layer = fit_last_layer(*faces(classes, count, 0.0, 0), classes)
    others, truth = faces(classes, 2, 0.0, 1)
    assert log_loss(layer.scores(others.astype(np.float64)), truth) < np.log(classes) + 0.3


def test_one_face_a_class_is_enough_to_start() -> None:
    features, truth = faces(5, 1, 3.0, 0)
    layer = fit_last_layer(features, truth, 5)
    assert (layer.scores(features.astype(np.float64)).argmax(axis=1) == truth).all()


def test_a_class_of_few_faces_beside_a_large_one_is_known() -> None:
    def drawn(large: int, small: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        features, truth = faces(2, max(large, small), 0.6, seed)
        rows = np.concatenate([np.flatnonzero(truth == 0)[:large], np.flatnonzero(truth == 1)[:small]])
        return features[rows], truth[rows]

    layer = fit_last_layer(*drawn(300, 8, 0), 2)
    others, truth = drawn(100, 100, 1)
    right = layer.scores(others.astype(np.float64)).argmax(axis=1) == truth
    assert min(right[truth == 0].mean(), right[truth == 1].mean()) > 0.8


def test_where_much_has_to_be_told_apart_the_penalty_is_weaker() -> None:
    """Classes that differ in what varies least of all: a strong penalty would not see it."""

    def drawn(seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        rng = np.random.default_rng(seed)
        truth = np.repeat(np.arange(3), 60)
        common = rng.normal(0, 1, (len(truth), 4)) @ np.random.default_rng(5).normal(0, 3, (4, 64))
        return (common + 0.6 * np.eye(3, 64)[truth] + rng.normal(0, 0.1, common.shape)).astype(np.float32), truth

    layer = fit_last_layer(*drawn(0), 3)
    others, truth = drawn(1)
    # With a penalty of 0.1 or 1 at most half are right.
    assert (layer.scores(others.astype(np.float64)).argmax(axis=1) == truth).mean() > 0.9
