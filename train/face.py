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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from train.errors import TrainError
from train.face_data import FACE_GROUPS, GROUPS, PATCH, PATCH_SCALE, Bank, Scorer, keep_mistakes, load_bank
from webcam_app.faces.crop import CropSpec

INPUT = 40
CROP = CropSpec(1.25, 0.05)
# Outputs: the logit, then the face's centre to the right of and below the box's in sides of the box, then the
# logarithm of its side over the box's.
OUTPUTS = 4
# A box that overlaps the face by less is not to be called a face; between the two either answer is right.
FACE_IOU = 0.5
BESIDE_IOU = 0.3


@dataclass(frozen=True)
class FaceSettings:
    """Every number of the verifier's training."""

    faces: int = 6500
    epochs: int = 24
    mistakes_after: int = 6
    """Epochs after which the network's mistakes on pictures for training join the bank."""
    samples: int = 30_000
    """Patches shown in an epoch."""
    batch: int = 128
    rate: float = 2e-3
    weight_decay: float = 0.02
    average_decay: float = 0.998
    channels: tuple[int, ...] = (20, 40, 56, 80)
    place_weight: float = 4.0
    street_weight: float = 6.0
    """How often a face of the street pictures is shown for each time one of the portraits is."""
    misplaced_share: float = 0.22
    """Share of the faces that are shown far off the box, as what is no face."""
    false_rate: float = 0.01
    """Share of held-out wrong proposals that the threshold lets through."""
    evidence: float = 8.5
    """What a face in a photograph must reach; then held-out street pictures have no more false positives than with the
    frontal cascade alone."""
    seed: int = 0


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


def square_iou(right: NDArray[Any], down: NDArray[Any], size: NDArray[Any]) -> NDArray[np.float64]:
    """Overlap of a unit square with one of side ``size`` whose centre lies ``right`` and ``down`` of its centre."""
    sides = []
    for shift in (right, down):
        low = np.maximum(-0.5, shift - size / 2)
        high = np.minimum(0.5, shift + size / 2)
        sides.append(np.maximum(high - low, 0))
    shared = sides[0] * sides[1]
    return np.asarray(shared / (1 + size**2 - shared))


def draw_sample(
    patch: NDArray[np.uint8], group: int, rng: np.random.Generator, settings: FaceSettings
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float, float]]:
    """Cut a crop out of a patch as a rough box would, and make it look like a webcam's.

    Returns:
        INPUT×INPUT×3 uint8 BGR and the target: face (0 or 1), its weight, right, down and log size of the face seen
        from the box.
    """
    is_face = group < FACE_GROUPS
    misplaced = is_face and rng.random() < settings.misplaced_share
    if misplaced:
        distance, angle = rng.uniform(0.35, 0.9), rng.uniform(0, 2 * np.pi)
        size = float(np.exp(rng.uniform(np.log(0.4), np.log(1.6))))
        if rng.random() < 0.4:
            distance, size = rng.uniform(0, 0.3), rng.uniform(0.3, 0.55)
        right, down = distance * np.cos(angle), distance * np.sin(angle)
    else:
        right, down = rng.normal(0, 0.09, 2)
        size = float(np.exp(rng.normal(0, 0.16)))
    # The box, in sides of the face; the face as seen from the box.
    target = np.array([-right / size, -down / size, -np.log(size)])
    overlap = float(square_iou(target[0], target[1], np.exp(target[2])))
    if not is_face:
        face, weight = 0.0, 1.0
    elif overlap >= FACE_IOU:
        face, weight = 1.0, 1.0
    else:
        face, weight = 0.0, float(overlap < BESIDE_IOU)
    side = PATCH / PATCH_SCALE * size
    turn = float(rng.normal(0, 9)) * (1 if rng.random() < 0.7 else 2.2)
    scale = INPUT / (CROP.scale * side)
    matrix = cv2.getRotationMatrix2D((0, 0), turn, scale)
    unit = PATCH / PATCH_SCALE
    center = np.array([PATCH / 2 + right * unit, PATCH / 2 + (down + CROP.shift_down * size) * unit])
    matrix[:, 2] = INPUT / 2 - matrix[:, :2] @ center
    crop = cv2.warpAffine(
        _smaller(patch, scale, matrix, rng),
        matrix,
        (INPUT, INPUT),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if rng.random() < 0.5:
        crop = crop[:, ::-1]
        target[0] = -target[0]
    known = is_face and not misplaced and group != GROUPS.index("turned")
    return _degrade(crop, rng), (face, weight, *(target if known else (np.nan,) * 3))  # type: ignore[return-value]


def _smaller(
    patch: NDArray[np.uint8], scale: float, matrix: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Soften a patch by a downscaling and back, as a small or blurred face would be."""
    if rng.random() < 0.65:
        return patch
    side = int(PATCH * rng.uniform(0.22, 0.8))
    small = cv2.resize(patch, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (PATCH, PATCH), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _degrade(crop: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Light, colour cast, blur and noise."""
    pixels = crop.astype(np.float32)
    if rng.random() < 0.25:
        pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    gamma = float(np.exp(rng.normal(0, 0.3)))
    pixels = 255 * (pixels / 255) ** gamma
    gain = np.exp(rng.normal(-0.05, 0.25)) * np.exp(rng.normal(0, 0.08, 3))
    pixels = (pixels - 128) * np.exp(rng.normal(-0.1, 0.22)) + 128
    pixels = pixels * gain.astype(np.float32) + rng.normal(0, 12)
    if rng.random() < 0.12:  # dim room
        pixels *= rng.uniform(0.15, 0.5)
    if rng.random() < 0.25:  # light from one side
        ramp = np.linspace(rng.uniform(0.4, 1.0), rng.uniform(1.0, 1.3), INPUT, dtype=np.float32)
        pixels *= ramp[None, :, None] if rng.random() < 0.7 else ramp[:, None, None]
    if rng.random() < 0.2:
        kernel = np.zeros((5, 5), np.float32)
        kernel[2, :] = 0.2
        pixels = cv2.filter2D(pixels, -1, kernel if rng.random() < 0.5 else kernel.T)
    if rng.random() < 0.4:
        pixels = pixels + rng.normal(0, rng.uniform(1, 12), pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8)


class _Samples(torch.utils.data.Dataset[tuple[Tensor, Tensor]]):
    """An epoch's samples, drawn anew from (seed, epoch, index)."""

    def __init__(self, bank: Bank, settings: FaceSettings, epoch: int, *, held_out: bool) -> None:
        self.bank, self.settings, self.epoch = bank, settings, epoch
        weights = sampling_weights(bank, settings, held_out=held_out)
        rng = np.random.default_rng([settings.seed, epoch, int(held_out)])
        count = settings.samples if not held_out else min(8000, settings.samples)
        self.chosen = rng.choice(len(weights), count, p=weights)

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        entry = int(self.chosen[index])
        rng = np.random.default_rng([self.settings.seed, self.epoch, index])
        crop, target = draw_sample(self.bank.patches[entry], int(self.bank.groups[entry]), rng, self.settings)
        return torch.from_numpy(np.ascontiguousarray(crop)), torch.tensor(target, dtype=torch.float32)


# How a sample of an epoch is shared out among the groups that are no faces; the faces get half.
_OTHER_SHARES = {"street_background": 0.12, "street_proposal": 0.14, "beside": 0.1, "texture": 0.02, "mistake": 0.15}


def sampling_weights(bank: Bank, settings: FaceSettings, *, held_out: bool) -> NDArray[np.float64]:
    """Chance of each patch of the bank to be drawn; sums to 1."""
    weights = np.zeros(len(bank.groups))
    usable = bank.held_out == held_out
    faces = usable & (bank.groups < FACE_GROUPS)
    if not faces.any():
        raise TrainError("no faces to train the verifier on: give more pictures")
    weights[faces] = np.where(bank.groups[faces] == GROUPS.index("street"), settings.street_weight, 1.0)
    weights[faces] *= (1 - sum(_OTHER_SHARES.values())) / weights[faces].sum()
    for name, share in _OTHER_SHARES.items():
        members = usable & (bank.groups == GROUPS.index(name))
        if members.any():
            weights[members] = share / members.sum()
    return np.asarray(weights / weights.sum())


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
        samples = _Samples(bank, settings, epoch, held_out=False)
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
    samples = _Samples(bank, settings, 0, held_out=True)
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
    from train.face_export import run_tflite, to_tflite, write_model

    crops, targets = held_out_crops(bank, settings)
    calibration = np.stack([_Samples(bank, settings, 0, held_out=False)[index][0].numpy() for index in range(400)])
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
