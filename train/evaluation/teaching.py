"""Step ``evaluate-teaching``: how well ``webcam-app teach`` does on what the features network was not made for.

    python -m train evaluate-teaching --ages fairface-train.zip fairface-val.zip --people lfw-dev.zip \
        --masks mask-binary-dev.zip --report DIR

Pictures are found, cropped and described as ``teach`` does it, and labelled as the application does it; what is taught
with is never tested. ``--ages`` teaches four age bands of the first set, 150 faces each, and tests on the second.
``--people`` teaches the people of whom there are twelve pictures and more, five of each, tests on the rest of theirs,
and asks what those are called of whom nobody was taught. ``--masks`` teaches masked and bare, 20 pictures each. What is
drawn by chance is drawn three times.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.evaluation.report import write_json
from train.readers import Dataset, Sample, read_dataset
from webcam_app.faces.labelling.features import FeatureNetwork
from webcam_app.teaching.calibration import softmax
from webcam_app.teaching.describing import VARIANTS, Described, Variant, describe_examples
from webcam_app.teaching.examples import Example
from webcam_app.teaching.folds import group_examples
from webcam_app.teaching.lesson import Lesson, looked_at, teach
from webcam_app.teaching.report import wilson
from webcam_app.threads import use_opencv_threads

AGE_BANDS = {"0-2": "0-2", "3-9": "3-9", "20-29": "20-29", "60-69": "from 60", "more than 70": "from 60"}
AGES_TAUGHT, PEOPLE_TAUGHT, MASKS_TAUGHT = 150, 5, 20
LEAST_PICTURES = 12
DRAWS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--ages", type=Path, nargs=2, metavar=("TRAIN", "TEST"), help="two sets with a column age")
    parser.add_argument("--people", type=Path, metavar="SET", help="a set with a column subject")
    parser.add_argument("--masks", type=Path, metavar="SET", help="a set with a column mask")
    parser.add_argument("--most", type=int, default=300, metavar="N", help="test at most so many of a class (300)")
    parser.add_argument("--report", type=Path, required=True, metavar="DIR", help="folder to write teaching.json into")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    card = FeatureNetwork().card
    document: dict[str, Any] = {"features": {"name": card.name, "file": card.path.name, "sha256": card.sha256}}
    population, most = card.population, arguments.most
    if arguments.ages:
        document["four age bands"] = ages(
            read_dataset(arguments.ages[0]), read_dataset(arguments.ages[1]), most, population
        )
    if arguments.people:
        document["people"] = people(read_dataset(arguments.people, label="subject"), most, population)
    if arguments.masks:
        document["masked or bare"] = masks(read_dataset(arguments.masks, label="mask"), most, population)
    arguments.report.mkdir(parents=True, exist_ok=True)
    write_json(document, arguments.report / "teaching.json")
    for name, figures in document.items():
        print(f"{name}: " + ", ".join(f"{key} {_shown(value)}" for key, value in figures.items()))
    return 0


def ages(taught: Dataset, tested: Dataset, most: int, population: Any) -> dict[str, Any]:
    """Four age bands, on others."""

    def band(sample: Sample) -> str | None:
        return AGE_BANDS.get(sample.attributes.get("age", ""))

    examples = describe(taught, _spread(taught, band, AGES_TAUGHT), band)
    others = describe(tested, _spread(tested, band, most), band, variants=())
    return _mean([_measure(examples, np.arange(len(examples.examples)), others, None, population)])


def people(dataset: Dataset, most: int, population: Any) -> dict[str, Any]:
    """People by name, and who strangers are called."""
    counts = dataset.counts
    known = {name for name, count in counts.items() if count >= LEAST_PICTURES}
    first: dict[str, Sample] = {}
    for sample in dataset:
        if sample.label is not None and sample.label not in known:
            first.setdefault(sample.label, sample)
    described = describe(dataset, [sample for sample in dataset if sample.label in known], _label)
    strangers = describe(dataset, list(first.values())[:most], _label, variants=())
    return _mean([
        _measure(described, _draw(described, PEOPLE_TAUGHT, seed), described, strangers, population)
        for seed in range(DRAWS)
    ])  # fmt: skip


def masks(dataset: Dataset, most: int, population: Any) -> dict[str, Any]:
    """Masked or bare; what looks like a taught picture is not tested."""
    names = {"1": "masked", "0": "bare"}

    def name(sample: Sample) -> str | None:
        return names.get(sample.label or "")

    described = describe(dataset, _spread(dataset, name, most), name)
    return _mean([
        _measure(described, _draw(described, MASKS_TAUGHT, seed), described, None, population) for seed in range(DRAWS)
    ])  # fmt: skip


def describe(
    dataset: Dataset,
    samples: Sequence[Sample],
    label: Callable[[Sample], str | None],
    variants: Sequence[Variant] = VARIANTS,
    network: Path | None = None,
) -> Described:
    """Describe samples of a set, as ``teach`` does with files."""
    use_opencv_threads()
    by_path = {Path(sample.key): sample for sample in samples}
    examples = [Example(path, label(sample) or "") for path, sample in by_path.items()]
    return describe_examples(
        examples,
        threads=os.cpu_count() or 1,
        progress=lambda done, _: _progress(done, len(examples)),
        read=lambda path: dataset.image(by_path[path]),
        variants=variants,
        network=network,
    )


def _measure(
    described: Described, taught: NDArray[np.int64], tested: Described, strangers: Described | None, population: Any
) -> dict[str, float]:
    """Teach with some rows, and label the others (or all of another set)."""
    labels = [example.label for example in described.examples]
    groups = group_examples(described.examples, described.hashes)
    lesson = teach(described.features[taught], [labels[row] for row in taught], groups[taught], population)
    rows = np.arange(len(tested.examples), dtype=np.int64)
    if tested is described:
        rows = rows[~np.isin(groups, groups[taught])]
    truth = np.array([lesson.labels.index(tested.examples[row].label) for row in rows.tolist()])
    said, sure = _label_all(lesson, looked_at(tested.features[rows]))
    right = said == truth
    figures = {
        "accuracy": float(right.mean()),
        "balanced": float(np.mean([right[truth == each].mean() for each in np.unique(truth)])),
        "count": float(len(rows)),
        "coverage": float(sure.mean()),
        "accuracy where sure": float(right[sure].mean()) if sure.any() else 0.0,
        "accuracy at one look": float((_label_all(lesson, tested.features[rows, 0])[0] == truth).mean()),
        "cross-validated": float(np.mean(lesson.tested.probabilities.argmax(axis=1) == lesson.tested.truth))
        if lesson.tested is not None
        else 0.0,
    }
    if strangers is not None:
        named = _label_all(lesson, looked_at(strangers.features))[1]
        figures |= {"strangers": float(len(named)), "strangers named": float(named.mean())}
    return figures


def _label_all(lesson: Lesson, features: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The most probable class of each face, and whether the face is called that or unsure."""
    said, sure = np.zeros(len(features), np.int64), np.zeros(len(features), np.bool_)
    for row, each in enumerate(features):
        shares = softmax(lesson.layer.scores(each))
        said[row] = int(shares.argmax())
        sure[row] = shares.max() >= lesson.thresholds.unsure and lesson.layer.likeness(each) > lesson.thresholds.like
    return said, sure


def _mean(draws: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Mean over draws, with Wilson's interval for one draw's number of faces, since all test about the same faces."""
    figures: dict[str, Any] = {key: round(float(np.mean([draw[key] for draw in draws])), 4) for key in draws[0]}
    count = max(1, round(figures["count"]))
    figures["interval"] = [round(edge, 4) for edge in wilson(round(figures["accuracy"] * count), count)]
    return figures | {"draws": len(draws)}


def _draw(described: Described, count: int, seed: int) -> NDArray[np.int64]:
    """So many rows of each class, by chance."""
    labels = np.array([example.label for example in described.examples])
    random = np.random.default_rng(seed)
    drawn = [random.permutation(np.flatnonzero(labels == label))[:count] for label in np.unique(labels)]
    return np.sort(np.concatenate(drawn))


def _spread(dataset: Dataset, label: Callable[[Sample], str | None], most: int) -> list[Sample]:
    """At most so many samples of each class, evenly over the set."""
    chosen: list[Sample] = []
    for name in sorted({each for each in map(label, dataset) if each is not None}):
        chosen += dataset.subset(lambda sample, name=name: label(sample) == name).limited(most)  # type: ignore[misc]
    return chosen


def _label(sample: Sample) -> str | None:
    return sample.label


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total} pictures", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "to".join(f" {each:.1%} " for each in value).strip()
    if isinstance(value, float):
        return f"{value:.1%}" if 0 <= value <= 1 else f"{value:g}"
    return str(value)
