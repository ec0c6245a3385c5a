"""How many of the faces that people marked in photographs are found, and how much is found that is none."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from train.readers import Dataset, LabelledBox, read_dataset
from train.refiner.data import is_held_out
from webcam_app.errors import WebcamAppError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.detection.cascades import FRONTAL
from webcam_app.faces.face import Box
from webcam_app.threads import use_opencv_threads

Image = NDArray[np.uint8]
Finder = Callable[[Image], Sequence[Box]]

# A marked face with a shorter side below this is neither demanded nor counted against.
SMALLEST = 32
# Boxes drawn by people reach from forehead to chin and are narrower than the cascade's square: a perfect cascade box
# overlaps them by 0.63.
LEAST_IOU = 0.4
# What is usually written for this cascade: every tenth size, three windows that agree.
BASELINE_STEP = 1.1
BASELINE_NEIGHBORS = 3
BASELINE_SMALLEST = 28


def frontal_alone(image: Image) -> list[Box]:
    """The frontal cascade as most scripts use it: the baseline."""
    if not _BASELINE:
        _BASELINE.append(cv2.CascadeClassifier(cv2.data.haarcascades + FRONTAL))
    size = (BASELINE_SMALLEST, BASELINE_SMALLEST)
    found = _BASELINE[0].detectMultiScale(
        cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), BASELINE_STEP, BASELINE_NEIGHBORS, minSize=size
    )
    return [Box(*(int(v) for v in box)) for box in found]


_BASELINE: list[cv2.CascadeClassifier] = []


def match_boxes(found: Sequence[Box], marked: Sequence[Box], least_iou: float = LEAST_IOU) -> list[int | None]:
    """For every found box the index of the marked one that it is, each marked one once, the best overlap first."""
    pairs = sorted(
        ((one.iou(other), i, j) for i, one in enumerate(found) for j, other in enumerate(marked)), reverse=True
    )
    matched: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for overlap, i, j in pairs:
        if overlap >= least_iou and matched[i] is None and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


class BoxCounts:
    """Sums over pictures."""

    def __init__(self) -> None:
        self.marked: dict[str, int] = {}
        self.found: dict[str, int] = {}
        self.right = 0
        self.wrong = 0
        self.pictures = 0
        self.overlaps: list[float] = []

    def add(self, found: Sequence[Box], marked: Sequence[LabelledBox]) -> None:
        """Count one picture."""
        self.pictures += 1
        matched = match_boxes(found, [face.box for face in marked])
        hit = {j for j in matched if j is not None}
        for j, face in enumerate(marked):
            if min(face.box.width, face.box.height) < SMALLEST:
                continue
            label = face.label or "face"
            self.marked[label] = self.marked.get(label, 0) + 1
            self.found[label] = self.found.get(label, 0) + (j in hit)
        for box, j in zip(found, matched, strict=True):
            if j is None:
                self.wrong += 1
                continue
            face = marked[j]
            if min(face.box.width, face.box.height) >= SMALLEST:
                self.right += 1
                self.overlaps.append(box.iou(face.box))

    def report(self) -> dict[str, Any]:
        """Recall by label and over all, precision, false positives a picture, mean overlap of what is right."""
        total, hits = sum(self.marked.values()), sum(self.found.values())
        by_label = {
            label: {"faces": count, "recall": round(self.found[label] / count, 4)}
            for label, count in sorted(self.marked.items())
        }
        judged = self.right + self.wrong
        return {
            "pictures": self.pictures,
            "faces": total,
            "recall": round(hits / total, 4) if total else None,
            "by_label": by_label,
            "precision": round(self.right / judged, 4) if judged else None,
            "false_positives": self.wrong,
            "false_positives_per_picture": round(self.wrong / max(1, self.pictures), 4),
            "mean_iou": round(float(np.mean(self.overlaps)), 3) if self.overlaps else None,
        }


def evaluate_boxes(
    dataset: Dataset | Path,
    analyzer: FaceAnalyzer | None = None,
    *,
    finders: dict[str, Finder] | None = None,
    progress: Callable[[Iterable[Any]], Iterable[Any]] | None = None,
) -> dict[str, Any]:
    """Measure the live detector on a set with ``boxes.csv``, beside the frontal cascade alone.

    A share of the set's pictures is never trained on (``train.refiner.data.is_held_out``); they are reported
    apart, since the face verifier has learnt from the others where it was trained on this set.

    Args:
        dataset: a set whose samples have boxes, or where it lies.
        analyzer: finds faces by ``analyze_still``; None makes one without a network for labels.
        finders: what to measure instead, by name.
        progress: wraps the pictures, for a progress bar.

    Returns:
        ``{"smallest", "iou", "all": {finder: counts}, "held_out": {finder: counts}}``; see ``BoxCounts.report``.
    """
    if isinstance(dataset, Path):
        dataset = read_dataset(dataset)
    if finders is None:
        used = analyzer or FaceAnalyzer(classifier=None)
        finders = {"analyze_still": lambda image: [face.box for face in used.analyze_still(image)]}
        finders["frontal_cascade_alone"] = frontal_alone
    sums = {part: {name: BoxCounts() for name in finders} for part in ("all", "held_out")}
    pictures: Iterable[Any] = dataset.images()
    for sample, image in progress(pictures) if progress else pictures:
        for name, finder in finders.items():
            found = list(finder(image))
            sums["all"][name].add(found, sample.boxes)
            if is_held_out(sample.key):
                sums["held_out"][name].add(found, sample.boxes)
    report: dict[str, Any] = {"smallest": SMALLEST, "iou": LEAST_IOU}
    for part, counts in sums.items():
        report[part] = {name: each.report() for name, each in counts.items()}
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m train.evaluation.boxes SET [--card models/face.json]``: print the figures, keep them in the card."""
    parser = argparse.ArgumentParser(prog="python -m train.evaluation.boxes", description=__doc__)
    parser.add_argument("set", type=Path, help="set with boxes.csv")
    parser.add_argument("--card", type=Path, help="card of the face network to put the figures into")
    options = parser.parse_args(arguments)
    use_opencv_threads()
    try:
        report = evaluate_boxes(options.set, progress=tqdm)
    except WebcamAppError as error:
        print(f"evaluate_boxes: {error}", file=sys.stderr)
        return 1
    print(json.dumps(report, indent=2))
    if options.card:
        card = json.loads(options.card.read_text(encoding="utf-8"))
        command = f"python -m train.evaluation.boxes {options.set.name} --card {options.card.name}"
        card["results"]["boxes"] = {"command": command, **report}
        part = options.card.with_suffix(".json.part")
        part.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
        part.replace(options.card)
    return 0


if __name__ == "__main__":
    sys.exit(main())
