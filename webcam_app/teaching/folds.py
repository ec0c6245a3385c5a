"""Splitting examples for cross-validation so that a test is one: by person or near-duplicate, and by class."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from webcam_app.teaching.duplicates import MOST_BITS, group_near_duplicates
from webcam_app.teaching.examples import Example

FOLDS = 5
UNTESTED = -1
"""The fold of examples of a class that cannot be tested, because all its examples belong together."""


def group_examples(examples: Sequence[Example], hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Which examples belong together: near-duplicates, and pictures of one person where the table names persons.

    Where each class is one person, as in teaching a face to its name, persons cannot be kept apart and are not.

    Args:
        examples: the pictures.
        hashes: (n, 2) of ``picture_hashes``.

    Returns:
        (n,) group numbers.
    """
    group = group_near_duplicates(hashes, MOST_BITS)
    people: dict[str, set[str | None]] = defaultdict(set)
    for example in examples:
        people[example.label].add(example.person)
    if all(len(persons) == 1 for persons in people.values()):
        return group
    first: dict[str, int] = {}
    for row, example in enumerate(examples):
        if example.person is not None:
            known = first.setdefault(example.person, int(group[row]))
            group[group == group[row]] = known
    return group


def split_folds(truth: NDArray[np.int64], groups: NDArray[np.int64], folds: int = FOLDS) -> NDArray[np.int64]:
    """A fold for each example: whole groups, classes spread evenly, the same for the same input.

    Args:
        truth: (n,) class numbers.
        groups: (n,) as of ``group_examples``.
        folds: how many, where classes have so many groups; at least 2.

    Returns:
        (n,) from 0, or ``UNTESTED``.
    """
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(groups.tolist()):
        rows_of[group].append(row)
    groups_of: dict[int, set[int]] = defaultdict(set)
    for label, group in zip(truth.tolist(), groups.tolist(), strict=True):
        groups_of[label].add(group)
    # Within a fold that only some classes reach, these alone would be compared.
    count = max(2, min(folds, max(len(each) for each in groups_of.values())))
    taken = np.zeros((count, int(truth.max()) + 1), np.int64)
    fold = np.full(len(truth), UNTESTED, np.int64)
    for rows in sorted(rows_of.values(), key=lambda each: (-len(each), each[0])):
        counts = Counter(truth[rows].tolist())
        label = min(counts, key=lambda each: (-counts[each], each))
        # The least of this class, then the least of all; of equals the first.
        chosen = min(range(count), key=lambda each: (taken[each, label], taken[each].sum(), each))
        for row in rows:
            fold[row] = chosen
            taken[chosen, truth[row]] += 1
    for label, each in groups_of.items():
        if len(each) < 2:
            fold[truth == label] = UNTESTED
    return fold
