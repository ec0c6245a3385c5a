"""How good a taught model is, and what would make it better, as figures and in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from webcam_app.faces.face import UNSURE
from webcam_app.teaching.calibration import CLASSES_FOR_STRANGERS
from webcam_app.teaching.describing import Described
from webcam_app.teaching.lesson import Lesson, balanced
from webcam_app.teaching.takes import only_takes

# Different pictures of a class below which its figures say little and more pictures help most.
FEW = 10
# Standard normal quantile of a 95 % interval.
Z95 = 1.959964
# Classes whose numbers of pictures differ by more have figures that are those of the large ones.
HEAVILY = 3.0
# Of a class's pictures, so many called one certain other class are worth a word.
OFTEN_CONFUSED = 0.1
MOST_CONFUSIONS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example in cross-validation: its class, and the label that it got."""

    true: str
    given: str


def outcomes(lesson: Lesson) -> list[Outcome]:
    """What every tested example was called; ``unsure`` among it."""
    tested = lesson.tested
    if tested is None:
        return []
    best = tested.probabilities.argmax(axis=1)
    sure = (tested.probabilities.max(axis=1) >= lesson.thresholds.unsure) & (tested.likeness > lesson.thresholds.like)
    return [
        Outcome(lesson.labels[true], lesson.labels[given] if known else UNSURE)
        for true, given, known in zip(tested.truth.tolist(), best.tolist(), sure.tolist(), strict=True)
    ]


def figures(lesson: Lesson) -> dict[str, Any]:
    """The figures of the cross-validation, for the card.

    ``accuracy`` counts the most probable class of every tested example, whether sure or not; ``interval`` is Wilson's
    at 95 %; for ``balanced`` every class counts the same; ``strangers named`` is the share of examples that would get a
    wrong name if their class were not taught.
    """
    tested = lesson.tested
    document: dict[str, Any] = {
        "method": f"{lesson.method.kind} {lesson.method.value:g}",
        "folds": lesson.folds,
        "count": 0 if tested is None else len(tested.rows),
    }
    if tested is None:
        return document
    right = tested.probabilities.argmax(axis=1) == tested.truth
    said = outcomes(lesson)
    labelled = [each for each in said if each.given != UNSURE]
    document |= {
        "accuracy": round(float(right.mean()), 4),
        "interval": [round(edge, 4) for edge in wilson(int(right.sum()), len(right))],
        "balanced": round(balanced(right, tested.truth), 4),
        "coverage": round(len(labelled) / len(said), 4),
        "accuracy where sure": round(sum(each.true == each.given for each in labelled) / max(1, len(labelled)), 4),
        "per class": {
            label: {"accuracy": round(float(right[tested.truth == number].mean()), 4), "count": int(count)}
            for number, label in enumerate(lesson.labels)
            if (count := np.count_nonzero(tested.truth == number))
        },
    }
    if len(lesson.labels) >= CLASSES_FOR_STRANGERS:
        document["strangers named"] = round(float(tested.as_stranger.mean()), 4)
    return document


def out_of_balance(lesson: Lesson) -> bool:
    """Whether a figure over all examples says little of the small classes."""
    return max(lesson.counts) > HEAVILY * min(lesson.counts)


def wilson(successes: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, square = successes / count, Z95 * Z95
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = Z95 * (share * (1 - share) / count + square / (4 * count * count)) ** 0.5 / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def not_taught(names: Sequence[str], lesson: Lesson) -> list[str]:
    """A sentence about the classes that have no picture, if there are any."""
    empty = [name for name in names if name not in lesson.labels]
    return [f"without pictures that can be read, so not taught: {_listed(empty)}"] if empty else []


def remarks(lesson: Lesson, described: Described, groups: np.ndarray[Any, Any]) -> Iterator[str]:
    """What a person should know of the examples and the result, and what would help: a sentence each."""
    if described.unreadable:
        yield f"{len(described.unreadable)} could not be read; the first: {described.unreadable[0]}"
    if described.whole:
        yield f"no face was found in {_pictures(described.whole)}: taken whole, as if cut around a face"
    if described.several:
        yield f"{_pictures(described.several)} with several faces: the largest was taken"
    different = {
        label: len({int(group) for group, each in zip(groups, described.examples, strict=True) if each.label == label})
        for label in lesson.labels
    }
    few = [f"{label} {count}" for label, count in different.items() if count < FEW]
    if few:
        yield (
            f"too few different pictures to say how well these will do: {_listed(few)}; "
            f"{FEW} a class and more, in other light and pose, help most"
        )
    untested = [label for label in lesson.labels if different[label] < 2]
    if untested:
        yield f"not tested at all, because there is only one picture or near-duplicates of one: {_listed(untested)}"
    if single := [label for label in only_takes(described.examples) if label not in untested]:
        yield (
            f"all pictures are of one take, so that tests say little: {_listed(single)}; "
            "take more in another light, at another place, on another day"
        )
    if out_of_balance(lesson):
        sizes = sorted(zip(lesson.counts, lesson.labels, strict=True), reverse=True)
        yield (
            f"classes are heavily out of balance, from {sizes[0][1]} {sizes[0][0]} to {sizes[-1][1]} {sizes[-1][0]}: "
            "each counts the same in teaching, so that the small ones are found, at the cost of the large ones; more "
            "pictures of the small ones help most"
        )
    yield from _confusions(lesson)


def _confusions(lesson: Lesson) -> Iterator[str]:
    said = outcomes(lesson)
    totals = Counter(each.true for each in said)
    pairs = Counter((each.true, each.given) for each in said if each.given not in (each.true, UNSURE))
    often = [(pair, count) for pair, count in pairs.items() if count >= max(2, OFTEN_CONFUSED * totals[pair[0]])]
    often.sort(key=lambda entry: (-entry[1] / totals[entry[0][0]], entry[0]))
    for (true, given), count in often[:MOST_CONFUSIONS]:
        yield f"{count} of {totals[true]} {true} are called {given}: pictures that show the difference help"


def _pictures(count: int) -> str:
    return f"{count} picture{'' if count == 1 else 's'}"


def _listed(parts: list[str], most: int = 8) -> str:
    return ", ".join(parts[:most]) + (f" and {len(parts) - most} more" if len(parts) > most else "")
