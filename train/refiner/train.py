"""Train the face verifier: does a box hold a face, and where exactly does that face lie?

    python -m train face --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN

The network is tiny: 40×40 BGR in, five plain convolutions, a logit and a correction of the box out. It confirms what
cascades propose, bare, masked, turned or behind a hand. Made in about ten minutes on one core; a run that was stopped
goes on after its last epoch.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from train.refiner.patches import GROUPS, Bank, Scorer, keep_mistakes, load_bank
from train.refiner.samples import CROP, INPUT, OUTPUTS, FaceSettings, Samples, square_iou


class FaceNetwork(nn.Module):
    """N×3×40×40 float BGR in [-1, 1] to N×4: logit, right, down, log size."""

    def __init__(self, channels: Sequence[int] = FaceSettings.channels) -> None:
        super().__init__()
        first, second, third, fourth = channels
        self.convolutions = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 3, stride, padding=padding, bias=True)
            for inputs, outputs, stride, padding in (
                (3, first, 2, 0),
                (first, second, 2, 0),
                (second, second, 1, 1),
                (second, third, 2, 0),
                (third, fourth, 1, 0),
            )
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(part.out_channels) for part in self.convolutions)
        self.head = nn.Linear(fourth * 4, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = functional.relu(norm(convolution(x)))
        return self.head(x.flatten(1))


def to_input(crops: Tensor) -> Tensor:
    """N×40×40×3 bytes to the network's input."""
    return crops.permute(0, 3, 1, 2).float() / 127.5 - 1


def face_loss(outputs: Tensor, targets: Tensor, settings: FaceSettings) -> Tensor:
    """Cross-entropy where the answer is clear, and the place's error where the place is known."""
    weight = targets[:, 1]
    entropy = functional.binary_cross_entropy_with_logits(outputs[:, 0], targets[:, 0], reduction="none")
    loss = (entropy * weight).sum() / weight.sum().clamp(min=1)
    known = ~torch.isnan(targets[:, 2])
    if known.any():
        place = functional.smooth_l1_loss(outputs[known, 1:], targets[known, 2:], beta=0.05)
        loss = loss + settings.place_weight * place
    return loss


def train_network(bank: Bank, folder: Path, settings: FaceSettings, sets: dict[str, Any]) -> FaceNetwork:
    """Train, or go on after the last finished epoch; the averaged weights are what comes back.

    Args:
        bank: what to learn from.
        folder: for the checkpoint.
        settings: see there.
        sets: for ``keep_mistakes``.
    """
    torch.manual_seed(settings.seed)
    network = FaceNetwork(settings.channels)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average_decay), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), settings.rate, weight_decay=settings.weight_decay)
    steps = settings.epochs * (settings.samples // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, max(2, steps), pct_start=0.15)
    checkpoint = folder / "face.checkpoint.pt"
    start = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        if state["settings"] == asdict(settings):
            network.load_state_dict(state["network"])
            average.load_state_dict(state["average"])
            optimizer.load_state_dict(state["optimizer"])
            schedule.load_state_dict(state["schedule"])
            start = state["epoch"]
    for epoch in range(start, settings.epochs):
        if epoch >= settings.mistakes_after and not (bank.groups == GROUPS.index("mistake")).any():
            score = _scorer(average.module)
            bank = keep_mistakes(score, INPUT, CROP, bank, folder / "bank" / "mistakes", **sets)
        samples = Samples(bank, settings, epoch, held_out=False)
        loader = torch.utils.data.DataLoader(samples, settings.batch, shuffle=False, drop_last=True)
        network.train()
        total = 0.0
        for crops, targets in loader:
            loss = face_loss(network(to_input(crops)), targets, settings)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
            total += float(loss.detach())
        state = {
            "settings": asdict(settings),
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "epoch": epoch + 1,
        }
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
        print(f"face: epoch {epoch + 1}/{settings.epochs}, loss {total / max(1, len(loader)):.3f}", flush=True)
    trained = average.module
    trained.eval()
    return trained  # type: ignore[return-value]


def _scorer(network: nn.Module) -> Scorer:
    def score(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        network.eval()
        with torch.no_grad():
            return np.asarray(torch.sigmoid(network(to_input(torch.from_numpy(crops)))[:, 0]).numpy(), np.float32)

    return score


def held_out_crops(bank: Bank, settings: FaceSettings) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Crops that were not trained on, N×40×40×3, and their targets, N×5."""
    samples = Samples(bank, settings, 0, held_out=True)
    pairs = [samples[index] for index in range(len(samples))]
    return torch.stack([pair[0] for pair in pairs]).numpy(), torch.stack([pair[1] for pair in pairs]).numpy()


def measure(outputs: NDArray[np.float32], targets: NDArray[np.float32], threshold: float) -> dict[str, float]:
    """Figures of a network on crops that were not trained on.

    Args:
        outputs: N×4.
        targets: N×5.
        threshold: probability from which a box counts as a face.
    """
    clear = targets[:, 1] > 0
    score = 1 / (1 + np.exp(-outputs[:, 0]))
    faces, others = clear & (targets[:, 0] == 1), clear & (targets[:, 0] == 0)
    known = ~np.isnan(targets[:, 2]) & faces
    right, down, size = (outputs[known, 1:] - targets[known, 2:]).T
    before = square_iou(*targets[known, 2:4].T, np.exp(targets[known, 4]))
    after = square_iou(right, down, np.exp(size))
    return {
        "faces_confirmed": round(float((score[faces] >= threshold).mean()), 4),
        "others_confirmed": round(float((score[others] >= threshold).mean()), 4),
        "box_iou_before": round(float(before.mean()), 3),
        "box_iou_after": round(float(after.mean()), 3),
        "crops": len(targets),
    }


def choose_threshold(outputs: NDArray[np.float32], targets: NDArray[np.float32], false_rate: float) -> float:
    """Probability that only a share of held-out crops that are no faces reaches."""
    others = (targets[:, 1] > 0) & (targets[:, 0] == 0)
    return float(1 / (1 + np.exp(-np.quantile(outputs[others, 0], 1 - false_rate))))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m train face``."""
    parser.add_argument("--faces", type=Path, required=True, help="set of face pictures (FairFace's training split)")
    parser.add_argument("--boxes", type=Path, required=True, help="set with boxes.csv")
    parser.add_argument("--masks", type=Path, required=True, help="zip of mask photographs with masks.cfg")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--output", type=Path, help="where to write the network; default: face.tflite in the run")
    for name, kind in (("pictures", int), ("epochs", int), ("samples", int)):
        parser.add_argument(f"--{name}", type=kind, help=f"override the setting '{name}'")


def main(options: argparse.Namespace) -> int:
    """Train, convert and describe the verifier; returns the exit code."""
    changed = {"faces": options.pictures, "epochs": options.epochs, "samples": options.samples}
    settings = FaceSettings(**{name: value for name, value in changed.items() if value is not None})
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    bank = load_bank(
        options.faces, options.boxes, options.masks, options.run / "bank", faces=settings.faces, seed=settings.seed
    )
    sets = {"fairface": options.faces, "streets": options.boxes, "faces": settings.faces, "seed": settings.seed}
    network = train_network(bank, options.run, settings, sets)
    # Conversion imports TensorFlow, which training has no use for.
    from train.refiner.export import run_tflite, to_tflite, write_model

    crops, targets = held_out_crops(bank, settings)
    calibration = np.stack([Samples(bank, settings, 0, held_out=False)[index][0].numpy() for index in range(400)])
    content = to_tflite(network, calibration)
    outputs = run_tflite(content, crops)
    threshold = choose_threshold(outputs, targets, settings.false_rate)
    results = measure(outputs, targets, threshold)
    with torch.no_grad():
        floating = network(to_input(torch.from_numpy(crops))).numpy()
    results["float_faces_confirmed"] = measure(floating, targets, threshold)["faces_confirmed"]
    command = "python -m train face --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN"
    training = {
        "data": [
            f"{settings.faces} pictures of FairFace's training split (CC BY 4.0), a third with drawn masks",
            "three quarters of 449 street photographs with boxes (face-mask-detection, CC0)",
        ],
        "settings": asdict(settings),
        "command": command,
    }
    output = options.output or options.run / "face.tflite"
    write_model(
        content,
        output,
        threshold=threshold,
        evidence=settings.evidence,
        results={"held_out": results},
        training=training,
    )
    print(f"face: {output}, {len(content) / 1024:.0f} KiB, threshold {threshold:.3f}, {json.dumps(results)}")
    return 0
