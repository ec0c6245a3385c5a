"""Which faces an epoch shows more often."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.pipeline.cells import hard_cells


def _cache(errors: tuple[int, int], count: int = 400) -> tuple[Any, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Two cells of as many training faces, of which the teacher is wrong about so many; and development faces."""
    cells = np.repeat([0, 1, 0], [count, count, count])
    classes = np.zeros(3 * count, np.int16)
    logits = np.tile(np.array([1.0, -1.0], np.float32), (3 * count, 1))
    for cell, wrong in enumerate(errors):
        logits[cell * count : cell * count + wrong] *= -1
    logits[2 * count :] *= -1
    splits = np.repeat(["train", "train", "development"], count)
    return SimpleNamespace(splits=splits, classes=classes), cells, logits


def test_cells_that_the_teacher_is_wrong_about_are_shown_more_often() -> None:
    cache, cells, logits = _cache((100, 25))
    weights = hard_cells(cells, cache, logits, 0.5)
    assert weights[0] / weights[400] == pytest.approx(2, rel=0.1)
    assert weights[0] == weights[-1], "development faces have their cell's weight and choose none"
    assert np.ptp(hard_cells(cells, cache, logits, 0.0)) == 0


def test_a_cell_of_a_few_faces_is_not_hard_by_chance() -> None:
    cache, cells, logits = _cache((40, 40))
    cells[:2] = 2
    weights = hard_cells(cells, cache, logits, 1.0)
    assert weights[0] / weights[400] < 1.7, "two of two are wrong"
