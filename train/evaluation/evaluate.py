"""Step ``evaluate``: measure a model on a labelled set, through the file that is shipped.

    python -m train evaluate --data fairface-val.zip --model models/gender.tflite --report reports/fairface

writes ``report.json``, ``report.md``, ``predictions.csv`` and plots into the folder. It needs no TensorFlow and no
PyTorch: only the application, NumPy and Matplotlib. What a set may look like: :mod:`train.readers.layouts`; what the
report holds: :mod:`train.evaluation.report`; which face of a picture is looked at: :mod:`train.data.face_choice`, or
those that a person labelled or drew in the window, by their boxes in ``labels.csv`` (not with ``--crop whole``).
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from train.arguments import positive
from train.data.face_choice import Fallback
from train.errors import DatasetError
from train.evaluation import report
from train.evaluation.detection import evaluate_boxes
from train.evaluation.markdown import summary
from train.evaluation.predictions import (
    DETECTORS,
    LIVE_CROP,
    CropOptions,
    Predictions,
    load_classifier,
    measure_speed,
    predict,
)
from train.readers import Dataset, read_dataset
from webcam_app.errors import ModelError, OutputError
from webcam_app.faces.labelling.classifier import FaceClassifier


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished measurement.

    Attributes:
        document: what ``report.json`` will hold; see :mod:`train.evaluation.report`.
        predictions: what the model predicted; None for a set that only has marked faces.
    """

    document: Mapping[str, Any]
    predictions: Predictions | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="SET", help="labelled set: a zip or a folder")
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="a .tflite file with its card, or a taught model (default: the shipped one)",
    )
    parser.add_argument("--teacher", type=Path, metavar="RUN", help="measure the teacher of a run instead of a file")
    parser.add_argument("--report", type=Path, required=True, metavar="DIR", help="folder to write the report into")
    parser.add_argument("--label", metavar="COLUMN", help="column of labels.csv to compare with")
    parser.add_argument(
        "--crop", choices=("default", "whole"), default="default", help="the live crop, or pictures whole"
    )
    parser.add_argument(
        "--fallback",
        choices=("auto", *(each.value for each in Fallback)),
        default="auto",
        help="where the detector sees no face: the usual box of face crops, skip the picture, or take it whole",
    )
    parser.add_argument(
        "--detector",
        choices=tuple(DETECTORS),
        default="live",
        help="what looks for the face: the application's detector (default), or the frontal cascade alone",
    )
    parser.add_argument("--limit", type=positive, metavar="N", help="at most so many pictures, spread over the set")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="another .tflite to run on the same crops")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: the set cannot be read or does not fit the model.
        ModelError: a model or its card is missing, damaged, or does not fit the other.
        OutputError: the report cannot be written.
    """
    dataset = read_dataset(arguments.data, label=arguments.label, limit=arguments.limit)
    _make_folder(arguments.report)
    evaluation = evaluate(
        dataset,
        arguments.model if arguments.teacher is None else _teacher(arguments.teacher),
        CropOptions(arguments.crop, arguments.fallback, arguments.detector),
        limit=arguments.limit,
        other=arguments.compare,
    )
    write_report(evaluation, arguments.report)
    print((arguments.report / "report.md").read_text(encoding="utf-8"))
    return 0


def evaluate(
    dataset: Dataset,
    model: Path | FaceClassifier | None = None,
    options: CropOptions = LIVE_CROP,
    *,
    limit: int | None = None,
    other: Path | None = None,
) -> Evaluation:
    """Measure a model on a set.

    Args:
        dataset: the set.
        model: the ``.tflite`` file with its card beside it, or what is loaded already; None for the one that the
            application ships.
        options: how the faces are cut out.
        limit: what the set was limited to, to be noted.
        other: another network to run on the same pictures, with the first one's card if it has none.

    Raises:
        DatasetError: the set has nothing to compare with, or does not fit the model.
        ModelError: a model or its card is missing, damaged, or does not fit the other.
        InferenceError: a network fails.
    """
    # Two threads look for faces; each of OpenCV's own would get in their way.
    cv2.setNumThreads(1)
    first = load_classifier(model or _shipped()) if model is None or isinstance(model, Path) else model
    detection = _evaluate_boxes(dataset, first.card.path) if dataset.has_boxes else None
    if detection is not None and not dataset.labels:
        document = report.describe(first.card, dataset, None, limit)
        return Evaluation({**document, "accuracy": None, "detection": detection}, None)
    if not dataset.labels and not dataset.has("mask"):
        raise DatasetError(f"{dataset.path}: its pictures have no labels to compare with")
    classifiers = [first]
    if other is not None:
        classifiers.append(load_classifier(other, first))
        if classifiers[1].card.labels != first.card.labels:
            raise ModelError(f"model '{other}' has other classes than '{first.card.path}': they cannot be compared")
    predictions = predict(classifiers, dataset, options)
    document = report.describe(first.card, dataset, predictions[0], limit)
    if options.crop == "default":
        document["crop"]["detector"] = options.detector
    document |= report.measure(predictions[0], first.card)
    document["mask"] = report.measure_mask(predictions[0], first.card)
    if document["accuracy"] is None and "accuracy" not in (document["mask"] or {}):
        raise DatasetError(f"{dataset.path}: says who wears a mask, but '{first.card.path.name}' has no mask output")
    if detection is not None:
        document["detection"] = detection
    document["speed"] = report.speed_entry(measure_speed(first))
    if other is not None:
        document["compared"] = report.compare(predictions[0], predictions[1], other.name)
        document["compared"]["speed"] = report.speed_entry(measure_speed(classifiers[1]))
    return Evaluation(document, predictions[0])


def write_report(evaluation: Evaluation, folder: Path) -> None:
    """Write the report's files into a folder, which is made if need be.

    Raises:
        OutputError: the folder cannot be written.
    """
    from train.evaluation.plots import write_plots

    _make_folder(folder)
    predictions = evaluation.predictions
    try:
        plots = [] if predictions is None else write_plots(evaluation.document, predictions, folder)
        if predictions is not None:
            _write_predictions(predictions, folder / "predictions.csv")
        (folder / "report.md").write_text(summary(evaluation.document, plots), encoding="utf-8")
        report.write_json(evaluation.document, folder / "report.json")
    except OSError as error:
        raise OutputError(f"the report cannot be written to '{folder}': {error.strerror or error}") from error


def _write_predictions(predictions: Predictions, path: Path) -> None:
    masks = {1: "1", 0: "0", -1: ""}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "label", "predicted", "confidence", "mask", "mask_probability", "detected"])
        for row, sample in enumerate(predictions.samples):
            mask = predictions.mask[row]
            writer.writerow([
                sample.key,
                predictions.labels[predictions.truth[row]] if predictions.truth[row] >= 0 else "",
                predictions.labels[predictions.predicted[row]],
                f"{predictions.confidence[row]:.4f}",
                masks[int(predictions.masked[row])],
                "" if mask != mask else f"{mask:.4f}",
                int(predictions.detected[row]),
            ])  # fmt: skip


def _evaluate_boxes(dataset: Dataset, model: Path) -> dict[str, Any]:
    from webcam_app.faces.analyzer import FaceAnalyzer

    return evaluate_boxes(dataset, FaceAnalyzer(model))


def _teacher(run: Path) -> FaceClassifier:
    from train.evaluation.teacher_classifier import TeacherClassifier  # needs PyTorch, which measuring a file does not

    return TeacherClassifier(run)


def _shipped() -> Path:
    from webcam_app.resources import model_path

    return model_path()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"the folder '{folder}' cannot be made: {error.strerror or error}") from error
