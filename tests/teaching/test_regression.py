"""The linear layer."""

from __future__ import annotations

import numpy as np
import pytest

from webcam_app.teaching.regression import fit_discriminants, fit_logistic, minimize


def clouds(count: int, dimension: int, classes: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = np.arange(count) % classes
    return random.normal(0, 3, (classes, dimension))[truth] + random.normal(0, 1, (count, dimension)), truth


def even(count: int) -> np.ndarray:
    return np.full(count, 1 / count)


def test_the_minimum_of_a_crooked_valley_is_found() -> None:
    curvature = np.logspace(0, 3, 20)
    found = minimize(lambda x: (float(0.5 * curvature @ (x - 1) ** 2), curvature * (x - 1)), np.zeros(20))
    assert found == pytest.approx(np.ones(20), abs=1e-3)


def test_at_the_optimum_of_logistic_regression_the_gradient_vanishes() -> None:
    features, truth = clouds(90, 6)
    layer = fit_logistic(features, truth, 3, 0.1, even(90))
    shares = np.exp(layer.scores(features))
    shares /= shares.sum(axis=1, keepdims=True)
    gradient = (shares - np.eye(3)[truth]).T @ features / 90 + 0.1 * layer.weights
    assert np.abs(gradient).max() < 2e-3


def test_a_class_that_weighs_more_is_said_more_often() -> None:
    features, truth = np.zeros((10, 2)), np.array([0] * 5 + [1] * 5)
    weight = np.where(truth == 1, 0.18, 0.02)
    layer = fit_logistic(features, truth, 2, 0.1, weight)
    assert layer.bias[1] - layer.bias[0] == pytest.approx(np.log(9), abs=0.03)


@pytest.mark.parametrize("count", [12, 300])
def test_discriminants_are_the_same_with_more_and_with_fewer_rows_than_features(count: int) -> None:
    features, truth = clouds(count, 40)
    layer = fit_discriminants(features, truth, 3, 0.4, even(count))
    means = np.stack([features[truth == label].mean(axis=0) for label in range(3)])
    rest = features - means[truth]
    covariance = rest.T @ rest / count
    covariance = 0.6 * covariance + 0.4 * np.trace(covariance) / 40 * np.eye(40)
    point = np.random.default_rng(5).normal(0, 3, 40)
    distances = [(point - mean) @ np.linalg.solve(covariance, point - mean) for mean in means]
    scores = layer.scores(point[None])[0]
    assert scores - scores[0] == pytest.approx((distances[0] - np.array(distances)) / 2, rel=1e-6, abs=1e-6)
