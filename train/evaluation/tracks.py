"""Step ``evaluate-tracks``: does a label's confidence over many looks at one face hold?

    python -m train evaluate-tracks --data fairface-train.zip --report report/tracks

Frames of a video repeat each other's errors. Each development face, on which no network was trained, becomes a short
video in which it moves, turns, comes nearer and changes its light as before a webcam, and its looks go through the
application's own ``TrackLabel``. Of the tracks that show 99 %, 99 in a hundred should be right; the report says how far
it is from that, after each number of looks. How much looks are worth in ``webcam_app/faces/labelling/prediction.py`` is
chosen on these figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.face_choice import LiveDetector, find_in_crop
from train.errors import TrainError
from train.files import replace_text
from train.metrics import calibration_error, coverage_at
from train.readers import Sample, read_dataset
from train.settings import Settings
from webcam_app.faces.box import FaceBox
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import FaceClassifier, Prediction, predict_followed
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.labelling.features import Glances
from webcam_app.faces.labelling.loading import load_classifier
from webcam_app.faces.labelling.prediction import TrackLabel
from webcam_app.threads import use_opencv_threads

LOOKS = 60
# Looks after which the confidence is compared with the truth.
MEASURED_AFTER = (1, 3, 8, 15, 30, 60)
# Seconds from one look to the next: a new face is looked at in every frame, later as ``Labeller`` does.
FRAME_SECONDS = 1 / 30
# Deviations over a track: of the place and the size of the box in its sides, as the tracker leaves them; of the head's
# turn in degrees; of contrast and light; of a frame's noise in grey levels.
SHIFT, ZOOM, TURN, CONTRAST, LIGHT, NOISE = 0.04, 0.05, 5.0, 0.12, 12.0, 4.0
# How much of each of these a frame has in common with the one before.
PERSISTENCE = 0.9
# Side in pixels of the faces before a webcam, from far to near.
SIDES = (56.0, 140.0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="SET", help="the set that the network learned from")
    parser.add_argument("--model", type=Path, metavar="FILE", help="the network (default: the shipped one)")
    parser.add_argument("--faces", type=int, help="development faces at most (default: all of a run's)")
    parser.add_argument("--seed", type=int, default=Settings.seed, help="of the run that made the network")
    parser.add_argument("--report", type=Path, metavar="DIR", help="where to write tracks.json")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: the set cannot be read.
        ModelError: the network or its card is missing or damaged.
        TrainError: no face in the set has one of the network's labels.
    """
    use_opencv_threads(1)
    classifier = load_classifier(arguments.model)
    dataset = read_dataset(arguments.data)
    count = arguments.faces or Settings().prepare.development
    chosen = development_samples(
        [sample for sample in dataset if sample.label in classifier.card.labels], arguments.seed, count
    )
    if not chosen:
        raise TrainError(f"{arguments.data}: no face has one of the labels {', '.join(classifier.card.labels)}")
    detector = LiveDetector()
    tracks: list[list[Prediction]] = []
    for number, sample in enumerate(chosen, 1):
        image = dataset.image(sample)
        tracks.append(look_at(image, find_in_crop(image, detector)[0], classifier, number))
        if sys.stderr.isatty() and number % 20 == 0:
            print(f"\r{number} of {len(chosen)} faces", end="", file=sys.stderr)
    figures = measure(tracks, [str(sample.label) for sample in chosen], classifier.card)
    document = {"data": dataset.path.name, "model": classifier.card.path.name, "tracks": len(tracks), "looks": figures}
    if arguments.report is not None:
        arguments.report.mkdir(parents=True, exist_ok=True)
        replace_text(arguments.report / "tracks.json", json.dumps(document, indent=2) + "\n")
    print(f"{len(tracks)} tracks of development faces of {dataset.path.name}")
    print("looks  right  confidence  calibration error  labelled  right of these  at 99 %")
    for looks, row in figures.items():
        print(
            f"{looks:>5}  {row['accuracy']:.3f}  {row['confidence']:10.3f}  {row['calibration_error']:17.4f}"
            f"  {row['coverage']:8.3f}  {row['accuracy_where_sure']:14.3f}  {row['shown_99']:>7}"
        )
    return 0


def development_samples(samples: Sequence[Sample], seed: int, count: int) -> list[Sample]:
    """The faces that a run with a seed keeps out of training: those that ``prepare`` draws first.

    Some of those are left out there because they look like others, so a few of the last of these are not among them.
    """

    def draw(sample: Sample) -> str:
        return hashlib.sha256(f"{seed} {sample.key}".encode()).hexdigest()

    return sorted(samples, key=draw)[:count]


def look_at(
    image: NDArray[np.uint8], box: Box, classifier: FaceClassifier, seed: int, looks: int = LOOKS
) -> list[Prediction]:
    """What the network says of a face that moves before a webcam, frame after frame.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        box: the face in it.
        classifier: the network.
        seed: decides how it moves.
        looks: how many frames.
    """
    random = np.random.default_rng(seed)
    side = float(np.exp(random.uniform(*np.log(SIDES))))
    motion = random.normal(size=6)
    face = FaceBox.of(box)
    found, seen = [], Glances()
    for _ in range(looks):
        motion = PERSISTENCE * motion + np.sqrt(1 - PERSISTENCE**2) * random.normal(size=6)
        frame, place = _frame(image, face, side, motion, random)
        crop = crop_face(frame, place, classifier.card.input_size, classifier.card.crop)
        found.append(predict_followed(classifier, crop, seen))
    return found


def _frame(
    image: NDArray[np.uint8], face: FaceBox, side: float, motion: NDArray[np.float64], random: np.random.Generator
) -> tuple[NDArray[np.uint8], Box]:
    """A frame in which the face is ``side`` pixels large, moved as ``motion`` says in deviations; and its box."""
    scale = side / face.side * np.exp(ZOOM * motion[2])
    width, height = round(image.shape[1] * side / face.side), round(image.shape[0] * side / face.side)
    matrix = cv2.getRotationMatrix2D((face.x, face.y), TURN * motion[3], scale)
    center = np.array([face.x, face.y]) * side / face.side
    matrix[:, 2] = matrix[:, 2] + center - [face.x, face.y] + SHIFT * side * motion[:2]
    small = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    lit = (small - 128) * (1 + CONTRAST * motion[4]) + 128 + LIGHT * motion[5]
    noisy = lit + random.normal(0, NOISE, lit.shape)
    box = FaceBox(float(center[0]), float(center[1]), side).rounded
    return np.clip(noisy, 0, 255).astype(np.uint8), box


def measure(
    tracks: Sequence[Sequence[Prediction]],
    truth: Sequence[str],
    card: ModelCard,
    make_label: Callable[[ModelCard], TrackLabel] = TrackLabel,
) -> dict[int, dict[str, Any]]:
    """Compare what tracks show with the truth.

    Args:
        tracks: each face's predictions, in order.
        truth: each face's label.
        card: the network's.
        make_label: begins a track's label.

    Returns:
        For each number of looks: ``accuracy`` (unsure ones by their best label), ``confidence`` (mean),
        ``calibration_error``, ``coverage`` and ``accuracy_where_sure`` at the card's threshold, and ``shown_99``: how
        many of the tracks that show 99 % are right.
    """
    figures: dict[int, dict[str, Any]] = {}
    shown: dict[int, list[tuple[float, bool]]] = {looks: [] for looks in MEASURED_AFTER}
    for predictions, label in zip(tracks, truth, strict=True):
        track = make_label(card)
        for number, prediction in enumerate(predictions, 1):
            track.add(prediction, number * FRAME_SECONDS)
            if number in shown:
                best, probability = max(track.probabilities.items(), key=lambda item: item[1])
                shown[number].append((probability, best == label))
    for looks, entries in shown.items():
        if not entries:
            continue
        confidence = np.array([entry[0] for entry in entries])
        correct = np.array([entry[1] for entry in entries])
        sure = coverage_at(confidence, correct, card.unsure_below)
        certain = np.minimum(np.round(confidence, 2), 0.99) >= 0.99
        figures[looks] = {
            "accuracy": round(float(correct.mean()), 4),
            "confidence": round(float(confidence.mean()), 4),
            "calibration_error": round(calibration_error(confidence, correct), 4),
            "coverage": round(sure.coverage, 4),
            "accuracy_where_sure": round(sure.accuracy, 4),
            "shown_99": f"{int(correct[certain].sum())} of {int(certain.sum())}",
        }
    return figures
