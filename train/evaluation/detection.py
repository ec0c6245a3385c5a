"""Step ``evaluate-boxes``: how many faces that people marked in photographs are found, and how much else is found.

    python -m train evaluate-boxes mask-boxes-dev.zip --card models/detector.json

prints recall and precision of the application's detector for photographs, and of the frontal cascade alone, and keeps
them in the card if asked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from train.data.cascade_boxes import FRONTAL, load_cascade
from train.data.held_out import is_held_out
from train.errors import DatasetError
from train.model_file import read_json, write_card
from train.readers import Dataset, read_dataset
from webcam_app.faces.accuracy import LEAST_IOU, SMALLEST, BoxCounts
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box
from webcam_app.threads import use_opencv_threads

Image = NDArray[np.uint8]
Detector = Callable[[Image], Sequence[Box]]

# What is usually written for this cascade: every tenth size, three windows that agree.
BASELINE_STEP = 1.1
BASELINE_NEIGHBORS = 3
BASELINE_SMALLEST = 28


def frontal_alone(image: Image) -> list[Box]:
    """The frontal cascade as most scripts use it: the baseline."""
    if not _BASELINE:
        _BASELINE.append(load_cascade(FRONTAL))
    size = (BASELINE_SMALLEST, BASELINE_SMALLEST)
    found = _BASELINE[0].detectMultiScale(
        cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), BASELINE_STEP, BASELINE_NEIGHBORS, minSize=size
    )
    return [Box(*(int(v) for v in box)) for box in found]


_BASELINE: list[cv2.CascadeClassifier] = []


def evaluate_boxes(
    dataset: Dataset | Path,
    analyzer: FaceAnalyzer | None = None,
    *,
    detectors: dict[str, Detector] | None = None,
    progress: Callable[[Iterable[Any]], Iterable[Any]] | None = None,
) -> dict[str, Any]:
    """Measure the live detector on a set with ``boxes.csv``, beside the frontal cascade alone.

    A share of the set's pictures is never trained on (``train.data.held_out.is_held_out``); they are reported
    apart, since detector and refiner have learnt from the others where they were trained on this set.

    Args:
        dataset: a set whose samples have boxes, or where it lies.
        analyzer: finds faces by ``analyze_still``; None makes one without a network for labels.
        detectors: what to measure instead, by name.
        progress: wraps the pictures, for a progress bar.

    Returns:
        ``{"smallest", "iou", "all": {detector: counts}, "held_out": {detector: counts}}``; see ``BoxCounts.report``.
    """
    if isinstance(dataset, Path):
        dataset = read_dataset(dataset)
    if detectors is None:
        used = analyzer or FaceAnalyzer(classifier=None)
        detectors = {"analyze_still": lambda image: [face.box for face in used.analyze_still(image)]}
        detectors["frontal_cascade_alone"] = frontal_alone
    sums = {part: {name: BoxCounts() for name in detectors} for part in ("all", "held_out")}
    pictures: Iterable[Any] = dataset.images()
    for sample, image in progress(pictures) if progress else pictures:
        for name, detector in detectors.items():
            found = list(detector(image))
            sums["all"][name].add(found, sample.boxes)
            if is_held_out(sample.key):
                sums["held_out"][name].add(found, sample.boxes)
    report: dict[str, Any] = {"smallest": SMALLEST, "iou": LEAST_IOU}
    for part, counts in sums.items():
        report[part] = {name: each.report() for name, each in counts.items()}
    return report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The set, and the card to keep the figures in."""
    parser.add_argument("set", type=Path, metavar="SET", help="set with boxes.csv")
    parser.add_argument("--card", type=Path, help="card to put the figures into")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: the set cannot be read, or nobody marked faces in it.
        TrainError: the card cannot be read or written.
    """
    dataset = read_dataset(arguments.set)
    if not dataset.has_boxes:
        raise DatasetError(f"{arguments.set}: has no boxes.csv with marked faces to compare with")
    use_opencv_threads()
    card = None if arguments.card is None else read_json(arguments.card)
    report = evaluate_boxes(dataset, progress=tqdm)
    print(json.dumps(report, indent=2))
    if card is not None:
        command = f"python -m train evaluate-boxes {arguments.set.name} --card {arguments.card.name}"
        card["results"] = {**card.get("results", {}), "boxes": {"command": command, **report}}
        write_card(arguments.card, card)
    return 0
