"""What the face verifier is shown: crops as a rough box would cut them from a frame, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.errors import TrainError
from train.refiner.patches import FACE_GROUPS, GROUPS, PATCH, PATCH_SCALE, Bank
from webcam_app.faces.labelling.crop import CropSpec

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
    epochs: int = 20
    mistakes_after: int = 6
    """Epochs after which the network's mistakes on pictures for training join the bank."""
    samples: int = 30_000
    """Patches shown in an epoch."""
    batch: int = 128
    rate: float = 2e-3
    weight_decay: float = 0.02
    average_decay: float = 0.998
    channels: tuple[int, ...] = (28, 56, 80, 112)
    place_weight: float = 4.0
    street_weight: float = 6.0
    """How often a face of the street pictures is shown for each time one of the portraits is."""
    misplaced_share: float = 0.22
    """Share of the faces that are shown far off the box, as what is no face."""
    false_rate: float = 0.01
    """Share of held-out wrong proposals that the threshold lets through."""
    evidence: float = 8.3
    """What a face in a photograph must reach; then held-out street pictures have no more false positives than with the
    frontal cascade alone."""
    seed: int = 0


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


class Samples(torch.utils.data.Dataset[tuple[Tensor, Tensor]]):
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
