"""Tests that are tests: what belongs together stays on one side."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from webcam_app.teaching.examples import Example
from webcam_app.teaching.folds import UNTESTED, group_examples, split_folds


def apart(count: int) -> np.ndarray:
    """Hashes of pictures that look nothing alike."""
    return np.random.default_rng(0).integers(0, 2**63, (count, 2)).astype(np.uint64)


def test_a_group_is_in_one_fold() -> None:
    truth, groups = np.repeat([0, 1], 20), np.arange(40) // 4
    fold = split_folds(truth, groups)
    assert all(len(set(fold[groups == group])) == 1 for group in set(groups.tolist()))


def test_every_fold_has_every_class() -> None:
    truth = np.repeat([0, 1, 2], [50, 10, 5])
    fold = split_folds(truth, np.arange(65))
    assert all(set(truth[fold == number].tolist()) == {0, 1, 2} for number in range(5))


def test_a_class_whose_pictures_all_belong_together_is_not_tested() -> None:
    truth = np.array([0] * 6 + [1] * 6)
    fold = split_folds(truth, np.array([0] * 6 + list(range(6, 12))))
    assert (fold[:6] == UNTESTED).all() and (fold[6:] != UNTESTED).all()


def test_pictures_of_a_person_belong_together() -> None:
    people = ["ann", "bob", "ann", "bob", "cleo", "cleo"]
    labels = ["hat", "hat", "bare", "bare", "hat", "bare"]
    examples = [Example(Path(str(n)), label, who) for n, (label, who) in enumerate(zip(labels, people, strict=True))]
    assert group_examples(examples, apart(6)).tolist() == [0, 1, 0, 1, 4, 4]


def test_where_each_class_is_a_person_their_pictures_are_still_tested() -> None:
    examples = [Example(Path(str(n)), who, who) for n, who in enumerate(["ann", "ann", "bob", "bob"])]
    assert group_examples(examples, apart(4)).tolist() == [0, 1, 2, 3]
