"""Layers on frozen features.

Small networks trained by folds: every face is labelled by one that never saw it. And a last layer to start training
from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from train.errors import TrainError
from webcam_app.teaching.calibration import fit_temperature, softmax
from webcam_app.teaching.folds import UNTESTED, split_folds
from webcam_app.teaching.regression import Array, LinearLayer, fit_discriminants, fit_logistic

HIDDEN = 256
DROPOUT = 0.4
BATCH = 256
EPOCHS = 10
LEAST_STEPS = 400
"""Small sets get more epochs: so many steps bring a head from nothing to its best."""
RATE = 1e-3
WEIGHT_DECAY = 0.02
LABEL_SMOOTHING = 0.05
SMALLEST_DEVIATION = 1e-3
# Of a last layer to start from: what is chosen from by folds, and where that would take minutes.
STRENGTHS, SHRINKAGES, SHRINKAGE = (1.0, 0.1, 0.01), (0.99, 0.9, 0.6), 0.9
# Least deviation of a feature, in mean deviations: one that hardly moves would become loud.
LEAST_DEVIATION = 0.1
MOST_LOGISTIC = 40_000
"""Faces times classes up to which a last layer is fitted by logistic regression; beyond it takes minutes."""
SCALE_FOLDS = 2


@dataclass(frozen=True)
class Standard:
    """How features are brought to mean 0 and deviation 1, dimension by dimension."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    @classmethod
    def of(cls, features: NDArray[np.floating]) -> Standard:
        """Measured on N×D features."""
        exact = features.astype(np.float32)
        return cls(exact.mean(0), np.maximum(exact.std(0), SMALLEST_DEVIATION))

    @classmethod
    def steady(cls, features: NDArray[np.floating]) -> Standard:
        """Likewise, but what hardly moves does not become loud: no deviation is far below the mean one."""
        deviation = features.std(0)
        return cls(features.mean(0), np.maximum(deviation, LEAST_DEVIATION * deviation.mean()))

    def on_features(self, layer: LinearLayer) -> LinearLayer:
        """A layer that was fitted to standardised features, for features as they are."""
        weights = layer.weights / self.deviation
        return LinearLayer(weights, layer.bias - weights @ self.mean)

    def __call__(self, features: NDArray[np.floating]) -> NDArray[np.float32]:
        """N×D features, standardised."""
        return (features.astype(np.float32) - self.mean) / self.deviation


def fit_last_layer(features: NDArray[np.float32], truth: NDArray[np.int64], classes: int) -> LinearLayer:
    """A last layer for features as they are, every class counting the same, as ``webcam-app teach`` fits it.

    How strong the penalty is, is chosen on folds, as there. The scores are as large as predictions of faces that it was
    not fitted to bear out: those of discriminants are many times too large where classes are many, and training would
    first have to undo that.

    Args:
        features: N×D.
        truth: N class numbers; every class occurs.
        classes: how many there are.
    """
    standard = Standard.steady(features)
    x = standard(features).astype(np.float64)
    few = len(x) * classes <= MOST_LOGISTIC
    ways: list[_Way] = [(fit_discriminants, SHRINKAGE)]
    if few:
        ways = [(fit_logistic, each) for each in STRENGTHS] + [(fit_discriminants, each) for each in SHRINKAGES]
    (fit, amount), temperature = _best_way(ways, x, truth, classes)
    weight = 1.0 / np.bincount(truth)[truth]
    layer = fit(x, truth, classes, amount, weight / weight.sum())
    return standard.on_features(LinearLayer(layer.weights / temperature, layer.bias / temperature))


_Way = tuple[Callable[[Array, NDArray[np.int64], int, float, Array], LinearLayer], float]
"""How a layer is fitted, and how strong its penalty is."""


def _best_way(ways: Sequence[_Way], x: Array, truth: NDArray[np.int64], classes: int) -> tuple[_Way, float]:
    """The way with the least loss on folds that it was not fitted to, and the temperature of its scores there.

    Every class counts the same in the loss, as it does in the fit.
    """
    weight = 1.0 / np.bincount(truth)[truth]
    fold = split_folds(truth, np.arange(len(truth)), SCALE_FOLDS)
    tested = np.flatnonzero(fold != UNTESTED)
    if not len(tested):
        return ways[-1], 1.0
    found = []
    for fit, amount in ways:
        scores = np.zeros((len(x), classes))
        for number in range(int(fold.max()) + 1):
            held = fold == number
            part = weight[~held] / weight[~held].sum()
            scores[held] = fit(x[~held], truth[~held], classes, amount, part).scores(x[held])
        temperature = fit_temperature(scores[tested], truth[tested])
        shares = softmax(scores[tested] / temperature)[np.arange(len(tested)), truth[tested]]
        loss = -float(np.log(np.maximum(shares, 1e-12)) @ weight[tested] / weight[tested].sum())
        found.append((loss, temperature))
    best = min(range(len(ways)), key=found.__getitem__)
    return ways[best], found[best][1]


def folds_of(keys: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """A fold from 0 to count - 1 for each key, the same on every machine."""
    digests = (hashlib.sha256(f"{seed} fold {key}".encode()).digest() for key in keys)
    return np.array([int.from_bytes(digest[:8], "big") % count for digest in digests], np.int64)


def out_of_fold_logits(
    features: NDArray[np.floating],
    classes: NDArray[np.integer],
    folds: NDArray[np.integer],
    count: int,
    seed: int,
) -> NDArray[np.float32]:
    """Logits for every row from heads that were not taught with it.

    Args:
        features: N×D.
        classes: N class numbers, 0 to ``count`` - 1; -1 where unknown.
        folds: N fold numbers; -1 for rows that no head may learn from, such as the development faces.
        count: number of classes.
        seed: for weights and order.

    Returns:
        N×count float32; a row without class or fold gets the mean of all heads.

    Raises:
        TrainError: fewer than two folds hold rows with a class.
    """
    taught = np.flatnonzero((classes >= 0) & (folds >= 0))
    numbers = np.unique(folds[taught])
    if len(numbers) < 2:
        raise TrainError("labels by folds need at least two folds with labelled faces")
    x = torch.from_numpy(Standard.of(features[taught])(features))
    total = np.zeros((len(features), count), np.float32)
    seen_by = np.zeros((len(features), 1), np.float32)
    for number in numbers:
        learned = taught[folds[taught] != number]
        logits = _train_head(x, learned, classes, count, seed + int(number))
        # A row that this head learned from takes nothing of it.
        fair = np.ones(len(features), bool)
        fair[learned] = False
        total[fair] += logits[fair]
        seen_by[fair] += 1
    return total / seen_by


def _train_head(
    x: torch.Tensor, rows: NDArray[np.int64], classes: NDArray[np.integer], count: int, seed: int
) -> NDArray[np.float32]:
    torch.manual_seed(seed)
    head = nn.Sequential(
        nn.Dropout(0.1), nn.Linear(x.shape[1], HIDDEN), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(HIDDEN, count)
    )
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY)
    target = torch.from_numpy(classes.astype(np.int64))
    rng = np.random.default_rng(seed)
    batches = max(1, len(rows) // BATCH)
    epochs = max(EPOCHS, -(-LEAST_STEPS // batches))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * batches)
    head.train()
    for _ in range(epochs):
        for part in np.array_split(rng.permutation(rows), batches):
            loss = functional.cross_entropy(head(x[part]), target[part], label_smoothing=LABEL_SMOOTHING)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    head.eval()
    with torch.inference_mode():
        return np.asarray(head(x).numpy(), np.float32)
