"""Step ``refiner``: train the small network that tells faces from what cascades take for faces, and corrects boxes.

    python -m train refiner --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN

It confirms what cascades propose, bare, masked, turned or behind a hand. Made in about ten minutes on one core; a run
that was stopped goes on from its checkpoint.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from train.errors import TrainError
from train.learning.trainer import Optimization, Trainer, parameter_groups, predict
from train.provenance import Provenance
from train.refiner.bank import GROUPS, Bank
from train.refiner.hard_negatives import Scorer, add_hard_negatives
from train.refiner.measure import choose_threshold, measure, run_tflite
from train.refiner.network import RefinerLoss, RefinerNetwork
from train.refiner.patches import PatchSources, load_bank
from train.refiner.samples import INPUT, RefinerSamples
from train.refiner.settings import RefinerSettings
from train.settings import StageSettings

COMMAND = "python -m train refiner --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN"
WARMUP_SHARE = 0.15
CALIBRATION_CROPS = 400


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sets, the run's folder, and settings to override."""
    parser.add_argument("--faces", type=Path, required=True, help="set of face pictures (FairFace's training split)")
    parser.add_argument("--boxes", type=Path, required=True, help="set with boxes.csv")
    parser.add_argument("--masks", type=Path, required=True, help="zip of mask photographs with masks.cfg")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--output", type=Path, help="where to write the network; default: face.tflite in the run")
    for name in ("pictures", "epochs", "samples"):
        parser.add_argument(f"--{name}", type=int, help=f"override the setting '{name}'")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    changed = {"faces": arguments.pictures, "epochs": arguments.epochs, "samples": arguments.samples}
    settings = RefinerSettings(**{name: value for name, value in changed.items() if value is not None})
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    sources = PatchSources(arguments.faces, arguments.boxes, arguments.masks, settings.faces, settings.seed)
    check_run(arguments.run, settings, sources)
    bank = load_bank(sources, arguments.run / "bank")
    network = train_network(bank, arguments.run, settings, sources)
    samples = RefinerSamples(bank, settings)
    # Conversion imports TensorFlow, which training has no use for.
    from train.refiner.export import convert, write_refiner

    content = convert(network, samples.trained_on(min(CALIBRATION_CROPS, settings.samples)))
    crops, targets = samples.held_out()
    outputs = run_tflite(content, crops)
    threshold = choose_threshold(outputs, targets, settings.false_rate)
    results = measure(outputs, targets, threshold)
    results["float_faces_confirmed"] = measure(_outputs(network, crops), targets, threshold)["faces_confirmed"]
    output = arguments.output or arguments.run / "face.tflite"
    thresholds = {"face": round(threshold, 4)}
    write_refiner(content, output, thresholds, {"held_out": results}, _training(settings))
    print(f"refiner: {output}, {len(content) / 1024:.0f} KiB, threshold {threshold:.3f}, {json.dumps(results)}")
    return 0


def _training(settings: RefinerSettings) -> dict[str, Any]:
    """What the card says of the training."""
    return {
        "data": [
            f"{settings.faces} pictures of FairFace's training split (CC BY 4.0), a third with drawn masks",
            "three quarters of 449 street photographs with boxes (face-mask-detection, CC0)",
        ],
        "settings": asdict(settings),
        "command": COMMAND,
    }


def checkpoint_path(folder: Path) -> Path:
    """Where the network's state is kept."""
    return folder / "refiner.checkpoint.pt"


def check_run(folder: Path, settings: RefinerSettings, sources: PatchSources) -> None:
    """Refuse a folder whose network was trained with other settings or from other sets; note those of this one.

    Raises:
        TrainError: something differs, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainError(f"'{folder}' cannot be made: {error.strerror or error}") from None
    paths = {name: str(Path(path).resolve()) for name, path in asdict(sources).items() if isinstance(path, Path)}
    values = {**paths, **json.loads(json.dumps(asdict(settings)))}
    provenance, checkpoint = Provenance(folder), checkpoint_path(folder)
    if checkpoint.exists():
        remedy = f"use another --run, or delete its {checkpoint.name} to train again"
        provenance.check("refiner", values, remedy, same=lambda name, old, new: name == "epochs" and new > old)
    provenance.record("refiner", values)


def train_network(bank: Bank, folder: Path, settings: RefinerSettings, sources: PatchSources) -> RefinerNetwork:
    """Train, or go on from the checkpoint; the averaged weights are what comes back.

    Args:
        bank: what to learn from.
        folder: for the checkpoint.
        settings: see there.
        sources: where hard negatives are looked for.
    """
    torch.manual_seed(settings.seed)
    network = RefinerNetwork(settings.channels)
    samples = RefinerSamples(bank, settings)
    trainer = Trainer(
        network,
        parameter_groups(network, [], settings.weight_decay, 1.0),
        [StageSettings(INPUT, settings.epochs, settings.rate)],
        checkpoint_path(folder),
        Optimization(
            average_decay=settings.average_decay,
            average_every=1,
            warmup_steps=settings.epochs * samples.length(0),
            warmup_share=WARMUP_SHARE,
            bfloat16=False,
        ),
    )

    def before_epoch(epoch: int, average: nn.Module) -> None:
        mined = (samples.bank.groups == GROUPS.index("hard_negative")).any()
        if epoch >= settings.mine_after and not mined:
            kept = folder / "bank" / "hard_negatives"
            samples.bank = add_hard_negatives(samples.bank, _scorer(average), sources, kept)

    return trainer.run(samples, RefinerLoss(settings.place_weight), before_epoch=before_epoch)


def _outputs(network: nn.Module, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    return predict(network, iter(crops), len(crops), bfloat16=False, color_order="BGR")


def _scorer(network: nn.Module) -> Scorer:
    def score(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(1 / (1 + np.exp(-_outputs(network, crops)[:, 0])), np.float32)

    return score
