"""Two ways to fit a linear layer on features: multinomial logistic regression, and linear discriminants.

Logistic regression is better with many examples a class, discriminants with few, and they cost the same for a thousand
classes as for two. Both give weights that are applied alike; cross-validation says which to take.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Steps of L-BFGS that are remembered, and the most that are taken: 20 to 60 are usual here.
MEMORY = 10
MOST_STEPS = 100
# The gradient's largest entry at which the minimum is reached: accuracies no longer change below.
ENOUGH = 1e-3
# Armijo's condition and the shortest step of the line search (Nocedal and Wright 2006, algorithm 3.1).
DECREASE = 1e-4
SHORTEST = 1e-10


@dataclass(frozen=True, slots=True)
class LinearLayer:
    """Scores of classes: ``features @ weights.T + bias``.

    Attributes:
        weights: float64 of shape (classes, dimension).
        bias: float64 of shape (classes,).
    """

    weights: Array
    bias: Array

    def scores(self, features: Array) -> Array:
        """Scores of faces.

        Args:
            features: (n, dimension).

        Returns:
            (n, classes).
        """
        scores: Array = features @ self.weights.T + self.bias
        return scores


def fit_logistic(
    features: Array, truth: NDArray[np.int64], classes: int, strength: float, weight: Array
) -> LinearLayer:
    """Multinomial logistic regression with an L2 penalty on the weights, not on the bias.

    Args:
        features: (n, dimension), about standardised.
        truth: (n,) class numbers.
        classes: how many there are.
        strength: of the penalty, above 0: the weighted mean loss + strength / 2 · |weights|² is minimised.
        weight: (n,) how much each row counts, summing to 1.
    """
    count, dimension = features.shape
    rows = np.arange(count)

    def cost(flat: Array) -> tuple[float, Array]:
        theta = flat.reshape(classes, dimension + 1)
        scores = features @ theta[:, :-1].T + theta[:, -1]
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        totals = shares.sum(axis=1)
        loss = float(weight @ (np.log(totals) - scores[rows, truth]))
        shares /= totals[:, None]
        shares[rows, truth] -= 1
        shares *= weight[:, None]
        gradient = np.empty_like(theta)
        gradient[:, :-1] = shares.T @ features + strength * theta[:, :-1]
        gradient[:, -1] = shares.sum(axis=0)
        return loss + strength / 2 * float((theta[:, :-1] ** 2).sum()), gradient.ravel()

    theta = minimize(cost, np.zeros(classes * (dimension + 1))).reshape(classes, dimension + 1)
    return LinearLayer(theta[:, :-1], theta[:, -1])


def fit_discriminants(
    features: Array, truth: NDArray[np.int64], classes: int, shrinkage: float, weight: Array
) -> LinearLayer:
    """Linear discriminants with the covariance within classes shrunk towards a multiple of the identity.

    Source: Friedman 1989, 'Regularized discriminant analysis', with equal priors.

    Args:
        features: (n, dimension).
        truth: (n,) class numbers; every class occurs.
        classes: how many there are.
        shrinkage: above 0 to 1; at 1 the nearest mean decides.
        weight: (n,) how much each row counts.
    """
    means = class_means(features, truth, classes, weight)
    rest = (features - means[truth]) * np.sqrt(weight / weight.sum())[:, None]
    level = max(float((rest**2).sum()) / features.shape[1], 1e-12)
    count, dimension = rest.shape
    centre = means.mean(axis=0)
    apart = means - centre
    if count < dimension:
        # Woodbury: the covariance has the rank of the rows, so a system of their number is solved.
        small = (1 - shrinkage) * (rest @ rest.T) + shrinkage * level * np.eye(count)
        inner = np.linalg.solve(small, rest @ apart.T)
        weights = (apart - (1 - shrinkage) * (rest.T @ inner).T) / (shrinkage * level)
    else:
        covariance = (1 - shrinkage) * (rest.T @ rest) + shrinkage * level * np.eye(dimension)
        weights = np.linalg.solve(covariance, apart.T).T
    return LinearLayer(weights, -0.5 * (apart * weights).sum(axis=1) - weights @ centre)


def class_means(features: Array, truth: NDArray[np.int64], classes: int, weight: Array) -> Array:
    """The weighted mean of each class, (classes, dimension)."""
    means = np.zeros((classes, features.shape[1]))
    for number in range(classes):
        rows = np.flatnonzero(truth == number)
        means[number] = weight[rows] @ features[rows] / weight[rows].sum()
    return means


def minimize(cost: Callable[[Array], tuple[float, Array]], start: Array) -> Array:
    """The minimum of a smooth convex function by L-BFGS (Nocedal and Wright 2006, algorithm 7.5).

    Args:
        cost: gives value and gradient at a point.
        start: where to begin.

    Returns:
        The point after ``MOST_STEPS`` steps, or where the gradient is ``ENOUGH`` or no step leads down.
    """
    point, (value, gradient) = start, cost(start)
    pairs: deque[tuple[Array, Array, float]] = deque(maxlen=MEMORY)
    for _ in range(MOST_STEPS):
        if np.abs(gradient).max() < ENOUGH:
            break
        direction = -_inverse_hessian_times(gradient, pairs)
        slope = float(direction @ gradient)
        step = 1.0 if pairs else min(1.0, 1.0 / float(np.abs(gradient).sum()))
        while True:
            reached = point + step * direction
            new_value, new_gradient = cost(reached)
            if new_value <= value + DECREASE * step * slope:
                break
            step /= 2
            if step < SHORTEST:
                return point
        moved, turned = reached - point, new_gradient - gradient
        curvature = float(moved @ turned)
        if curvature > 1e-12:
            pairs.append((moved, turned, curvature))
        point, value, gradient = reached, new_value, new_gradient
    return point


def _inverse_hessian_times(gradient: Array, pairs: deque[tuple[Array, Array, float]]) -> Array:
    """The two loops of L-BFGS."""
    result: Array = gradient.copy()
    shares = []
    for moved, turned, curvature in reversed(pairs):
        share = float(moved @ result) / curvature
        result -= share * turned
        shares.append(share)
    if pairs:
        _, turned, curvature = pairs[-1]
        result *= curvature / float(turned @ turned)
    for (moved, turned, curvature), share in zip(pairs, reversed(shares), strict=True):
        result += (share - float(turned @ result) / curvature) * moved
    return result
