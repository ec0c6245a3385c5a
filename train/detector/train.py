"""Train the detector: where are the faces of a photograph, in one pass of a small network?

    python -m train detector --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN
    python -m train detector ... --live --run LIVE      # the smaller network, for videos
    python -m train detector ... --start LIVE/detector.checkpoint.pt --run RUN
    python -m train detector --tiny --run RUN

A run that was stopped goes on from its last checkpoint. ``--steps`` may be changed then: the learning rate follows from
the share of the steps that is done.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from train.detector.bank import is_development, load_portraits, load_streets
from train.detector.measure import Judged, judge
from train.detector.scene import Sources, draw_scene
from train.detector.settings import DetectorSettings, live_settings
from train.detector.tiny import tiny_settings, tiny_sources
from train.detector.trainer import checkpoint_path, train_network
from train.errors import TrainError
from train.model_file import staged_model, write_card
from train.provenance import Provenance
from train.readers import LabelledBox, read_dataset
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import StillDetector
from webcam_app.faces.detection.still_network import StillNetwork

Marked = tuple[NDArray[np.uint8], Sequence[LabelledBox]]
"""A photograph and the faces that people marked in it."""

SMALLEST_SEARCHED = 20.0
"""Side in pixels of the smallest face that development photographs are searched for, as the application does."""
MAY_CHANGE = ("steps", "small", "false_boxes", "small_false_boxes")
"""Settings that may be changed in a run: how long it is, and what only the thresholds follow from."""
CALIBRATION_SCENES = 200
"""Scenes that show the converter how large the activations get."""


def check_run(folder: Path, settings: DetectorSettings) -> None:
    """Refuse a folder whose network was trained with other settings; note those of this run.

    Raises:
        TrainError: something differs that may not be changed, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainError(f"'{folder}' cannot be made: {error.strerror or error}") from None
    values, provenance = json.loads(json.dumps(asdict(settings))), Provenance(folder)
    if checkpoint_path(folder).exists():
        remedy = f"use another --run, or delete its {checkpoint_path(folder).name} to train again"
        provenance.check("detector", values, remedy, same=lambda name, _old, _new: name in MAY_CHANGE)
    provenance.record("detector", values)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m train detector``."""
    parser.add_argument("--faces", type=Path, help="set of face pictures (FairFace's training split)")
    parser.add_argument("--boxes", type=Path, help="set with boxes.csv")
    parser.add_argument("--masks", type=Path, help="zip of mask photographs; without it only generated ones are drawn")
    parser.add_argument("--tiny", action="store_true", help="drawn pictures and a network that learns in a minute")
    parser.add_argument(
        "--live", action="store_true", help="the smaller network that every frame of a video can pay for"
    )
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--output", type=Path, help="where to write the network; default: detector.tflite in the run")
    parser.add_argument("--start", type=Path, help="begin with the weights of a smaller detector's checkpoint")
    parser.add_argument("--pictures", type=int, help="override the setting 'faces'")
    parser.add_argument("--steps", type=int, help="override the setting 'steps'")


def main(options: argparse.Namespace) -> int:
    """Train, convert and describe the detector; returns the exit code.

    Raises:
        TrainError: a set that is needed is not named, or shows no face.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    changed = {"faces": options.pictures, "steps": options.steps}
    given: dict[str, Any] = {name: value for name, value in changed.items() if value is not None}
    given["grown"] = options.start is not None
    settings = replace(_settings(options), **given)
    check_run(options.run, settings)
    sources, development = _tiny_sets(settings) if options.tiny else _read_sets(options, settings)
    network = train_network(sources, options.run, settings, options.start)
    # Conversion imports TensorFlow, which training has no use for.
    from train.detector.export import card_of, convert

    content = convert(network, _calibration(sources, settings))
    output = options.output or options.run / "detector.tflite"
    with staged_model(output, content) as draft:
        write_card(draft, card_of(content, settings, (0.0, 0.0), {}))
        detector = StillDetector(None if options.tiny else BoxRefiner(), network=StillNetwork(draft))
        results = measure_development(detector, development, settings)
        thresholds = (results["threshold"], results["small"]["threshold"])
        write_card(draft, card_of(content, settings, thresholds, {"development": results}))
    print(f"detector: {output}, {len(content) / 1024:.0f} KiB, {json.dumps(results)}")
    return 0


def _settings(options: argparse.Namespace) -> DetectorSettings:
    if options.tiny:
        return tiny_settings()
    return live_settings() if options.live else DetectorSettings()


def _calibration(sources: Sources, settings: DetectorSettings) -> NDArray[np.uint8]:
    """Scenes like those of the training, others than these."""
    rngs = (np.random.default_rng([settings.seed, 2, number]) for number in range(CALIBRATION_SCENES))
    return np.stack([draw_scene(sources, rng, settings)[0] for rng in rngs])


def _read_sets(options: argparse.Namespace, settings: DetectorSettings) -> tuple[Sources, Iterator[Marked]]:
    if options.faces is None or options.boxes is None:
        raise TrainError("name the sets to train on: --faces FAIRFACE.zip --boxes STREETS.zip, or try --tiny")
    portraits = load_portraits(
        options.faces, options.masks, options.run / "portraits", count=settings.faces, seed=settings.seed
    )
    development = read_dataset(options.boxes).subset(lambda sample: is_development(sample.key))
    marked = ((image, sample.boxes) for sample, image in development.images())
    earlier = StillDetector(BoxRefiner())
    return Sources(portraits, load_streets(options.boxes, development=False, earlier=earlier)), marked


def _tiny_sets(settings: DetectorSettings) -> tuple[Sources, Iterator[Marked]]:
    sources, others = tiny_sources(settings.seed, portraits=settings.faces), tiny_sources(settings.seed + 1)
    marked = (
        (street.levels[0], [LabelledBox(face.rounded, "face") for face in street.faces]) for street in others.streets
    )
    return sources, marked


def measure_development(
    detector: StillDetector, photographs: Iterable[Marked], settings: DetectorSettings
) -> dict[str, Any]:
    """Choose a detector's thresholds on photographs that it was not trained on, and say what it finds there."""
    kept = [(marked, detector.proposals(image, SMALLEST_SEARCHED)) for image, marked in photographs]

    def judged(low: float, high: float) -> Judged:
        return judge(
            (marked, [(log_odds, box.rounded) for log_odds, box in found if low <= box.side < high])
            for marked, found in kept
        )

    usual, small = judged(settings.small, math.inf), judged(0.0, settings.small)
    threshold, strict = usual.threshold(settings.false_boxes), small.threshold(settings.small_false_boxes)
    return {
        "photographs": usual.pictures,
        "faces": usual.faces,
        "threshold": round(threshold, 3),
        "recall": round(usual.recall(threshold), 4),
        "false_boxes": usual.false_boxes(threshold),
        "small": {"threshold": round(strict, 3), "false_boxes": small.false_boxes(strict)},
    }
