"""Step ``compare``: what ``train run`` reaches on a small set, against ``webcam-app teach`` on the same pictures.

    python -m train compare --data fairface-train.zip --label age --classes 0-2 3-9 20-29 "60-69,more than 70" \
        --each 200 --run DIR

Draws pictures of each class to learn from and others to be tested with, of which none looks like one of the first or
shows the same person. Both commands are then run on the first as a person runs them, from a folder with a sub-folder a
class, without any further setting and without a network connection; the two models label the second, cut out the same
way for both. All of it stays in DIR: ``pictures``, ``others``, ``taught.json``, ``trained.tflite``, the run, and
``comparison.json``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.arguments import positive
from train.errors import DatasetError, TrainError
from train.evaluation.predictions import Predictions, load_classifier, predict
from train.evaluation.report import write_json
from train.metrics import Z_95, wilson_interval
from train.readers import Dataset, Sample, read_dataset
from webcam_app.errors import OutputError, PictureError
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.teaching.duplicates import picture_hashes
from webcam_app.teaching.examples import PERSON_COLUMNS, Example
from webcam_app.teaching.folds import group_examples
from webcam_app.threads import use_opencv_threads


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="SET", help="labelled set: a zip or a folder")
    parser.add_argument(
        "--others", type=Path, metavar="SET", help="test with pictures of this set (default: other pictures of --data)"
    )
    parser.add_argument(
        "--label", metavar="COLUMNS", help="column of labels.csv; several, with commas between, make VALUE/VALUE"
    )
    parser.add_argument(
        "--classes", nargs="+", metavar="VALUE", help="values that are classes; several with commas are one (all)"
    )
    parser.add_argument("--each", type=positive, default=200, metavar="N", help="of each class to learn from (200)")
    parser.add_argument("--most", type=positive, default=250, metavar="N", help="of each to test with, at most (250)")
    parser.add_argument("--seed", type=int, default=1, help="decides what is drawn (1)")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings for the training instead of fitted ones"
    )
    parser.add_argument("--run", type=Path, required=True, metavar="DIR", help="new folder for all of it")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: a set cannot be read, or has too few pictures of a class.
        TrainError: the folder is there already, or one of the two commands fails.
        OutputError: the folder cannot be written.
    """
    folder: Path = arguments.run
    if folder.exists() and any(folder.iterdir()):
        raise TrainError(f"'{folder}' is not empty: name a new folder with --run")
    use_opencv_threads(1)
    drawn = draw(arguments)
    for name, pictures in zip(("pictures", "others"), drawn, strict=True):
        write_pictures(pictures, folder / name)
    seconds = run_both(folder, arguments.settings)
    models = [load_classifier(folder / name) for name in ("taught.json", "trained.tflite")]
    document = measure(models, read_dataset(folder / "others"))
    document["seconds"] = seconds
    document["learned from"] = {label: len(samples) for label, samples in drawn[0].items()}
    write_json(document, folder / "comparison.json")
    for line in describe(document):
        print(line)
    return 0


Pictures = Mapping[str, Sequence[tuple[Dataset, Sample]]]
"""Pictures by class."""


def draw(arguments: argparse.Namespace) -> tuple[Pictures, Pictures]:
    """The pictures to learn from and those to test with.

    Raises:
        DatasetError: a set cannot be read, or has too few pictures of a class.
    """
    rng = np.random.default_rng(arguments.seed)
    columns = arguments.label.split(",") if arguments.label else []
    column = columns[0] if columns else None
    data = read_dataset(arguments.data, label=column)
    classes = _classes(data, columns, arguments.classes)
    others = data if arguments.others is None else read_dataset(arguments.others, label=column)
    learned: dict[str, list[tuple[Dataset, Sample]]] = {}
    tested: dict[str, list[tuple[Dataset, Sample]]] = {}
    for label, values in classes.items():
        there = _shuffled(data, columns, values, rng)
        learned[label] = there[: arguments.each]
        rest = there[arguments.each :] if others is data else _shuffled(others, columns, values, rng)
        tested[label] = rest[: arguments.most]
        if len(learned[label]) < arguments.each or not tested[label]:
            raise DatasetError(f"{arguments.data}: too few pictures of '{label}' to learn from and to test with")
    return learned, _unlike(learned, tested)


def _classes(data: Dataset, columns: Sequence[str], wanted: Sequence[str] | None) -> dict[str, set[str]]:
    """Names of the classes, and the values that each has."""
    if wanted is not None:
        return {value.replace(",", " or "): set(value.split(",")) for value in wanted}
    values = {value for sample in data if (value := _value(sample, columns)) is not None}
    return {value: {value} for value in sorted(values)}


def _value(sample: Sample, columns: Sequence[str]) -> str | None:
    if not columns:
        return sample.label
    values = [sample.attributes.get(column) for column in columns]
    return "/".join(map(str, values)) if all(values) else None


def _shuffled(
    dataset: Dataset, columns: Sequence[str], values: set[str], rng: np.random.Generator
) -> list[tuple[Dataset, Sample]]:
    there = [sample for sample in dataset if _value(sample, columns) in values]
    return [(dataset, there[row]) for row in rng.permutation(len(there))]


def _unlike(learned: Pictures, tested: Pictures) -> Pictures:
    """Those of the pictures to test with that look like none to learn from and show nobody who is in them."""
    entries = [(label, entry) for part in (learned, tested) for label, each in part.items() for entry in each]
    count = sum(map(len, learned.values()))
    examples, hashes, kept = [], [], []
    for row, (label, (dataset, sample)) in enumerate(entries):
        try:
            hashes.append(picture_hashes(dataset.image(sample)))
        except PictureError:
            continue
        person = next((sample.attributes[name] for name in PERSON_COLUMNS if sample.attributes.get(name)), None)
        examples.append(Example(Path(sample.key), label, person))
        kept.append(row)
    groups = group_examples(examples, np.array(hashes, np.uint64))
    rows = np.array(kept)
    fair = rows[(rows >= count) & ~np.isin(groups, groups[rows < count])]
    unlike: dict[str, list[tuple[Dataset, Sample]]] = {label: [] for label in tested}
    for row in fair.tolist():
        label, entry = entries[row]
        unlike[label].append(entry)
    return unlike


def write_pictures(pictures: Pictures, folder: Path) -> None:
    """Write pictures as files, a sub-folder a class, as a person would have them.

    Raises:
        OutputError: the folder cannot be written.
    """
    try:
        for label, entries in pictures.items():
            place = folder / label.replace("/", " ")
            place.mkdir(parents=True)
            for number, (dataset, sample) in enumerate(entries):
                (place / f"{number:05d}{Path(sample.key).suffix}").write_bytes(dataset.read(sample))
    except OSError as error:
        raise OutputError(f"the folder '{folder}' cannot be written: {error.strerror or error}") from error


def run_both(folder: Path, settings: Path | None = None) -> dict[str, float]:
    """Run both commands on the folder's pictures; seconds of each.

    Raises:
        TrainError: one of them fails; what it said is on the screen.
    """
    pictures = str(folder / "pictures")
    train = [
        "train",
        "run",
        "--data",
        pictures,
        "--run",
        str(folder / "run"),
        "--output",
        str(folder / "trained.tflite"),
    ]
    commands = {
        "teach": ["webcam_app", "teach", pictures, "-o", str(folder / "taught.json")],
        "train run": train if settings is None else [*train, "--settings", str(settings)],
    }
    seconds = {}
    for name, command in commands.items():
        print(f"compare: python -m {' '.join(command)}", flush=True)
        started = time.monotonic()
        if subprocess.run([sys.executable, "-m", *command], check=False).returncode:
            raise TrainError(f"'{name}' failed on '{pictures}': see above")
        seconds[name] = round(time.monotonic() - started, 1)
    return seconds


def measure(models: Sequence[FaceClassifier], others: Dataset) -> dict[str, Any]:
    """Label the same crops with the taught and the trained model.

    Args:
        models: the taught one, the trained one; of the same classes.
        others: the pictures to test with.

    Returns:
        ``count``, for each its figures, and ``gain``: how much more the second has right, with its 95 % interval.

    Raises:
        DatasetError: nothing can be looked at.
    """
    said = predict(models, others)
    truth = said[0].truth
    right = [np.array(each.labels)[each.predicted] == np.array(said[0].labels)[truth] for each in said]
    first_only, second_only = (int(np.count_nonzero(right[a] & ~right[1 - a])) for a in (0, 1))
    count = len(truth)
    gain = (second_only - first_only) / count
    # Both label the same pictures, so only those count that one has right and the other wrong (McNemar 1947).
    reach = Z_95 * max(0.0, first_only + second_only - count * gain * gain) ** 0.5 / count
    return {
        "count": count,
        "teach": _figures(said[0], right[0], truth, models[0]),
        "train run": _figures(said[1], right[1], truth, models[1]),
        "gain": {"value": gain, "interval": [gain - reach, gain + reach]},
    }


def _figures(
    said: Predictions, right: NDArray[np.bool_], truth: NDArray[np.int64], model: FaceClassifier
) -> dict[str, Any]:
    sure = said.confidence >= model.card.unsure_below
    per_class = {said.labels[number]: float(right[truth == number].mean()) for number in np.unique(truth)}
    return {
        "accuracy": float(right.mean()),
        "interval": list(wilson_interval(int(right.sum()), len(right))),
        "balanced": float(np.mean(list(per_class.values()))),
        "per class": per_class,
        "coverage": float(sure.mean()),
        "accuracy where sure": float(right[sure].mean()) if sure.any() else None,
    }


def describe(document: Mapping[str, Any]) -> Iterator[str]:
    """A comparison in lines for people."""
    for name in ("teach", "train run"):
        each = document[name]
        low, high = each["interval"]
        classes = ", ".join(f"{label} {share:.1%}" for label, share in each["per class"].items())
        yield (
            f"{name}: {each['accuracy']:.1%} of {document['count']} others right (95 % interval {low:.1%} to "
            f"{high:.1%}), {each['balanced']:.1%} where every class counts the same; {document['seconds'][name]:.0f} s"
        )
        yield f"  {classes}"
        if each["accuracy where sure"] is not None:
            yield f"  {each['coverage']:.1%} get a label, of these right {each['accuracy where sure']:.1%}"
    low, high = (100 * edge for edge in document["gain"]["interval"])
    yield f"train run against teach: {100 * document['gain']['value']:+.1f} points ({low:+.1f} to {high:+.1f})"
