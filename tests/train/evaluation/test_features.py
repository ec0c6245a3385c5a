"""What a linear layer learns from few examples."""

from __future__ import annotations

import numpy as np

from train.evaluation.features import few_shot, fit_linear


def test_features_that_know_the_classes_are_better_than_those_that_do_not() -> None:
    rng = np.random.default_rng(0)
    blank = {name: rng.normal(0, 1, (60, 32)).astype(np.float32) for name in "abcd"}
    apart = {name: rows + 4 * np.eye(4, 32)[number] for number, (name, rows) in enumerate(blank.items())}
    known, unknown = few_shot(apart, 10), few_shot(blank, 10)
    assert known["accuracy"] > 0.9
    assert abs(unknown["accuracy"] - 0.25) < 0.08
    assert known["classes"] == 4 and known["features"] == 32 and known["pictures"] == 240


def test_a_stronger_decay_gives_smaller_weights() -> None:
    rng = np.random.default_rng(0)
    y = np.arange(90) % 3
    x = (rng.normal(0, 1, (90, 8)) + np.eye(3, 8)[y]).astype(np.float32)
    weak, strong = (np.abs(fit_linear(x, y, 3, strength)[0]).sum() for strength in (0.01, 1.0))
    assert strong < 0.5 * weak
