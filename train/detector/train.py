"""Train the detector: where are the faces of a photograph, in one pass of a small network?

    python -m train detector --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN
    python -m train detector --tiny --run RUN

A run that was stopped goes on from its last checkpoint. ``--steps`` may be changed then: the learning rate follows from
the share of the steps that is done.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from train.detector.bank import is_development, load_portraits, load_streets
from train.detector.canvas import Sources, draw_canvas
from train.detector.measure import judge
from train.detector.network import DetectorNetwork, to_input
from train.detector.settings import DetectorSettings
from train.detector.targets import detector_loss, draw_targets
from train.detector.tiny import tiny_settings, tiny_sources
from train.errors import TrainError
from train.readers import LabelledBox, read_dataset
from webcam_app.faces.detection.photo import PhotoDetector
from webcam_app.faces.detection.photo_network import PhotoNetwork
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.face import Box

Marked = tuple[NDArray[np.uint8], Sequence[LabelledBox]]
"""A photograph and the faces that people marked in it."""

CHECKPOINT_EVERY = 250
"""Steps between checkpoints; each also prints the mean losses since the last."""
SMALLEST_SEARCHED = 20.0
"""Side in pixels of the smallest face that development photographs are searched for, as the application does."""
WORKERS = 1
"""Processes that draw canvases: they take a third of the time of a step."""


class Canvases(torch.utils.data.Dataset[tuple[Tensor, Tensor]]):
    """Canvases of a training from some step on; each is drawn from (seed, index), whatever was drawn before."""

    def __init__(self, sources: Sources, settings: DetectorSettings, start: int) -> None:
        self.sources, self.settings, self.start = sources, settings, start * settings.batch

    def __len__(self) -> int:
        return self.settings.steps * self.settings.batch - self.start

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng([self.settings.seed, 1, self.start + index])
        canvas, faces = draw_canvas(self.sources, rng, self.settings)
        return torch.from_numpy(canvas), torch.from_numpy(draw_targets(faces, canvas.shape[:2], self.settings))


class Training:
    """A network on its way: weights, their average, the optimizer, and how many steps are done."""

    def __init__(self, settings: DetectorSettings, folder: Path) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.checkpoint = settings, folder / "detector.checkpoint.pt"
        self.network = DetectorNetwork(settings.channels).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network,
            avg_fn=lambda mean, value, count: moved_average(mean, value, average_decay(int(count), settings)),
            use_buffers=True,
        )
        kernels = [parameter for parameter in self.network.parameters() if parameter.ndim > 1]
        others = [parameter for parameter in self.network.parameters() if parameter.ndim <= 1]
        groups = [{"params": kernels, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, settings.rate)
        self.done = 0

    def resume(self) -> None:
        """Go on from the checkpoint, where there is one of the same network."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, weights_only=False)
        if state["channels"] != self.settings.channels:
            return
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.done = state["done"]

    def save(self) -> None:
        """Replace the checkpoint in one go."""
        state = {
            "channels": self.settings.channels,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "done": self.done,
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.checkpoint)

    def step(self, canvases: Tensor, targets: Tensor) -> tuple[float, float]:
        """One step of the optimizer; returns both losses."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.done, self.settings)
        self.network.train()
        centre, box = detector_loss(self.network(to_input(canvases)), targets, self.settings)
        self.optimizer.zero_grad()
        (centre + box).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.gradient_norm)
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self.done += 1
        return float(centre.detach()), float(box.detach())


def moved_average(mean: Tensor, value: Tensor, decay: float) -> Tensor:
    """The next moving average; of batch norm's counters, the newest."""
    return mean.lerp(value, 1 - decay) if value.is_floating_point() else value


def average_decay(count: int, settings: DetectorSettings) -> float:
    """Decay of the weights' moving average after some updates: less at first, or it would remember the random start."""
    return min(settings.average_decay, (1 + count) / (10 + count))


def learning_rate(step: int, settings: DetectorSettings) -> float:
    """A short warm-up, then half a cosine down to a hundredth."""
    share = min(1.0, step / max(1, settings.steps))
    warm = min(1.0, (step + 1) / max(1, min(settings.warmup, settings.steps // 5)))
    return settings.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))


def train_network(sources: Sources, folder: Path, settings: DetectorSettings) -> DetectorNetwork:
    """Train, or go on from the checkpoint.

    Args:
        sources: what canvases are composed of.
        folder: of the run, for the checkpoint.
        settings: see there.

    Returns:
        The averaged network, in eval mode.
    """
    training = Training(settings, folder)
    training.resume()
    sums: list[tuple[float, float]] = []
    for canvases, targets in _batches(Canvases(sources, settings, training.done), settings):
        sums.append(training.step(canvases, targets))
        if training.done % CHECKPOINT_EVERY == 0 or training.done == settings.steps:
            training.save()
            centre, box = np.mean(sums, axis=0)
            print(f"detector: step {training.done}/{settings.steps}, {centre:.3f} centres, {box:.3f} boxes", flush=True)
            sums = []
    network: DetectorNetwork = training.average.module  # type: ignore[assignment]
    return network.eval()


def _batches(canvases: Canvases, settings: DetectorSettings) -> Iterator[Any]:
    # Small sets (tests) are drawn in this process.
    workers = WORKERS if len(canvases) >= CHECKPOINT_EVERY * settings.batch else 0
    return iter(
        torch.utils.data.DataLoader(
            canvases, settings.batch, shuffle=False, drop_last=True, num_workers=workers, worker_init_fn=_start_worker
        )
    )


def _start_worker(_number: int) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m train detector``."""
    parser.add_argument("--faces", type=Path, help="set of face pictures (FairFace's training split)")
    parser.add_argument("--boxes", type=Path, help="set with boxes.csv")
    parser.add_argument("--masks", type=Path, help="zip of mask photographs; without it only generated ones are drawn")
    parser.add_argument("--tiny", action="store_true", help="drawn pictures and a network that learns in a minute")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--output", type=Path, help="where to write the network; default: detector.tflite in the run")
    parser.add_argument("--pictures", type=int, help="override the setting 'faces'")
    parser.add_argument("--steps", type=int, help="override the setting 'steps'")


def main(options: argparse.Namespace) -> int:
    """Train, convert and describe the detector; returns the exit code.

    Raises:
        TrainError: a set that is needed is not named, or shows no face.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    options.run.mkdir(parents=True, exist_ok=True)
    changed = {"faces": options.pictures, "steps": options.steps}
    given = {name: value for name, value in changed.items() if value is not None}
    settings = replace(tiny_settings() if options.tiny else DetectorSettings(), **given)
    sources, development = _tiny_sets(settings) if options.tiny else _read_sets(options, settings)
    network = train_network(sources, options.run, settings)
    # Conversion imports TensorFlow, which training has no use for.
    from train.detector.export import calibration, to_tflite, write_model

    content = to_tflite(network, calibration(sources, settings))
    output = options.output or options.run / "detector.tflite"
    write_model(content, output, settings=settings, threshold=0.0, results={})
    detector = PhotoDetector(None if options.tiny else BoxRefiner(), network=PhotoNetwork(output))
    results = measure_development(detector, development, settings)
    write_model(content, output, settings=settings, threshold=results["threshold"], results={"development": results})
    print(f"detector: {output}, {len(content) / 1024:.0f} KiB, {json.dumps(results)}")
    return 0


def _read_sets(options: argparse.Namespace, settings: DetectorSettings) -> tuple[Sources, Iterator[Marked]]:
    if options.faces is None or options.boxes is None:
        raise TrainError("name the sets to train on: --faces FAIRFACE.zip --boxes STREETS.zip, or try --tiny")
    portraits = load_portraits(
        options.faces, options.masks, options.run / "portraits", count=settings.faces, seed=settings.seed
    )
    development = read_dataset(options.boxes).subset(lambda sample: is_development(sample.key))
    marked = ((image, sample.boxes) for sample, image in development.images())
    return Sources(portraits, load_streets(options.boxes, development=False)), marked


def _tiny_sets(settings: DetectorSettings) -> tuple[Sources, Iterator[Marked]]:
    sources, others = tiny_sources(settings.seed, portraits=settings.faces), tiny_sources(settings.seed + 1)
    marked = (
        (street.levels[0], [LabelledBox(face.rounded, "face") for face in street.faces]) for street in others.streets
    )
    return sources, marked


def measure_development(
    detector: PhotoDetector, photographs: Iterable[Marked], settings: DetectorSettings
) -> dict[str, Any]:
    """Choose a detector's threshold on photographs that it was not trained on, and say what it finds there."""

    def find(image: NDArray[np.uint8]) -> list[tuple[float, Box]]:
        return [(log_odds, box.rounded) for log_odds, box in detector.proposals(image, SMALLEST_SEARCHED)]

    judged = judge(photographs, find)
    threshold = judged.threshold(settings.false_boxes)
    return {
        "photographs": judged.pictures,
        "faces": judged.faces,
        "threshold": round(threshold, 3),
        "recall": round(judged.recall(threshold), 4),
        "false_boxes": judged.false_boxes(threshold),
    }
