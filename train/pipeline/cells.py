"""Cells of faces: the combinations of class and attributes, by which training shows rare and hard ones more often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from train.data.cache import Cache

SURE_CELL = 30
"""Faces that a cell's share of errors is drawn towards the mean by."""


def cells_of(cache: Cache, columns: Sequence[str]) -> NDArray[np.int64]:
    """For each row of the cache the number of its cell: the combination of its class and its values in some columns."""
    values = [cache.attributes.get(column, [""] * len(cache.keys)) for column in columns]
    named = list(zip(cache.classes.tolist(), *values, strict=True))
    numbers = {cell: number for number, cell in enumerate(sorted(set(named)))}
    return np.array([numbers[cell] for cell in named], np.int64)


def hard_cells(cells: NDArray[np.int64], cache: Cache, soft: NDArray[np.float32], power: float) -> NDArray[np.float64]:
    """For each row of the cache how much more often it is shown: its cell's share of errors to some power.

    Args:
        cells: of each row the number of its cell.
        cache: the faces.
        soft: the teacher's logits for them; among faces with a given label they err or not.
        power: 0 shows all cells alike.
    """
    known = np.flatnonzero(np.isin(cache.splits, ("train", "pool")) & (cache.classes >= 0))
    wrong = soft[known].argmax(1) != cache.classes[known]
    count = np.bincount(cells[known], minlength=cells.max() + 1)
    errors = np.bincount(cells[known], wrong, minlength=cells.max() + 1)
    # A cell of a few faces has about as many errors as all faces have.
    share = (errors + SURE_CELL * wrong.mean()) / (count + SURE_CELL)
    weights: NDArray[np.float64] = (np.maximum(share, 1e-3) ** power)[cells]
    return weights
