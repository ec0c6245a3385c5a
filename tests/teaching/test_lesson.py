"""A model is fitted, and says how good it is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from webcam_app.errors import TeachingError
from webcam_app.teaching.lesson import check_classes, teach
from webcam_app.teaching.report import figures, outcomes

DIMENSION = 24


def faces(
    classes: int, count: int, *, spread: float = 0.3, seed: int = 0, variants: int = 2
) -> tuple[NDArray[np.float32], list[str]]:
    """Features around one point a class."""
    random = np.random.default_rng(seed)
    points = np.abs(np.random.default_rng(99).normal(0, 1, (classes, DIMENSION)))
    labels = [f"class {number}" for number in range(classes) for _ in range(count)]
    base = np.repeat(points, count, axis=0)[:, None] + random.normal(0, spread, (classes * count, 1, DIMENSION))
    return (base + random.normal(0, 0.02, (classes * count, variants, DIMENSION))).astype(np.float32), labels


def say(lesson: object, features: NDArray[np.float32]) -> list[str]:
    return [lesson.labels[int(lesson.layer.scores(row).argmax())] for row in features[:, 0]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("classes", "count"), [(2, 4), (5, 20), (60, 3)])
def test_others_of_the_same_classes_are_recognised(classes: int, count: int) -> None:
    features, labels = faces(classes, count)
    lesson = teach(features, labels, np.arange(len(labels)))
    others, truth = faces(classes, 10, seed=1)
    assert np.mean([said == true for said, true in zip(say(lesson, others), truth, strict=True)]) > 0.9


def test_cross_validation_tells_about_what_others_show() -> None:
    features, labels = faces(4, 40, spread=1.0)
    lesson = teach(features, labels, np.arange(len(labels)))
    others, truth = faces(4, 200, spread=1.0, seed=1)
    measured = np.mean([said == true for said, true in zip(say(lesson, others), truth, strict=True)])
    low, high = figures(lesson)["interval"]
    assert low - 0.03 < measured < high + 0.03


def test_labels_without_any_reason_are_not_called_good() -> None:
    features, labels = faces(4, 30)
    shuffled = np.random.default_rng(0).permutation(labels).tolist()
    lesson = teach(features, shuffled, np.arange(len(labels)))
    assert figures(lesson)["accuracy"] < 0.45


def test_copies_of_one_picture_do_not_count_as_tests() -> None:
    features, labels = faces(2, 10, spread=3.0)
    doubled, groups = np.repeat(features, 2, axis=0), np.repeat(np.arange(len(labels)), 2)
    noise = np.repeat(np.random.default_rng(0).permutation(labels), 2).tolist()
    assert figures(teach(doubled, noise, groups))["accuracy"] < 0.75
    assert figures(teach(doubled, noise, np.arange(len(groups))))["accuracy"] > 0.9


def test_a_face_far_from_all_examples_is_unlike_them() -> None:
    features, labels = faces(4, 20)
    lesson = teach(features, labels, np.arange(len(labels)))
    stranger = np.zeros(DIMENSION, np.float32)
    stranger[:3] = 9.0
    assert lesson.layer.likeness(stranger) < lesson.thresholds.like
    assert np.mean([lesson.layer.likeness(row) > lesson.thresholds.like for row in faces(4, 20, seed=1)[0][:, 0]]) > 0.8


def test_the_same_examples_make_the_same_bits() -> None:
    features, labels = faces(3, 8)
    first, second = (teach(features, labels, np.arange(len(labels))) for _ in range(2))
    assert first.layer.to_bytes() == second.layer.to_bytes()
    assert first.thresholds == second.thresholds


def test_one_picture_a_class_teaches_but_is_not_tested() -> None:
    features, labels = faces(3, 1)
    lesson = teach(features, labels, np.arange(3))
    assert say(lesson, features) == labels
    assert figures(lesson)["count"] == 0 and outcomes(lesson) == []


def test_classes_out_of_balance_are_all_said() -> None:
    features, labels = faces(2, 100, spread=1.0)
    lesson = teach(features[:104], labels[:104], np.arange(104))
    others, truth = faces(2, 100, spread=1.0, seed=1)
    said = say(lesson, others)
    assert np.mean([s == t for s, t in zip(said, truth, strict=True) if t == "class 1"]) > 0.6


@pytest.mark.parametrize(
    ("labels", "message"), [([], "no picture"), (["a", "a"], "only one class, 'a'"), (["a", "unsure"], "'unsure'")]
)
def test_classes_that_cannot_be_taught_are_refused(labels: list[str], message: str) -> None:
    with pytest.raises(TeachingError, match=message):
        check_classes(labels)


def test_the_classes_stand_in_the_order_that_is_asked_for() -> None:
    features, labels = faces(3, 8)
    lesson = teach(features, labels, np.arange(len(labels)), order=("class 2", "no such class", "class 0"))
    assert lesson.labels == ("class 2", "class 0", "class 1")
    assert say(lesson, features) == labels


def test_numpy_has_as_many_threads_after_teaching_as_before() -> None:
    def threads() -> list[int]:
        return [entry["num_threads"] for entry in threadpool_info() if entry["user_api"] == "blas"]

    during: list[list[int]] = []
    features, labels = faces(2, 6)
    before = threads()
    teach(features, labels, np.arange(len(labels)), check=lambda: during.append(threads()))
    assert all(count == 1 for seen in during for count in seen) and during
    assert threads() == before
