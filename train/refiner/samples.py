"""What the box refiner is shown: crops as a rough box would cut them from a frame, and the truth about them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.data.batches import prefetched, to_input
from train.errors import TrainError
from train.processes import ALL, Share
from train.refiner.bank import FACE_GROUPS, GROUPS, PATCH, PATCH_SCALE, Bank
from train.refiner.settings import RefinerSettings
from webcam_app.faces.labelling.crop import CropSpec

INPUT = 40
CROP = CropSpec(1.25, 0.05)
# A box that overlaps the face by less is not to be called a face; between the two either answer is right.
FACE_IOU = 0.5
BESIDE_IOU = 0.3
# How a sample of an epoch is shared out among the groups that are no faces; the faces get half.
OTHER_SHARES = {
    "street_background": 0.12,
    "street_proposal": 0.14,
    "beside": 0.1,
    "texture": 0.02,
    "hard_negative": 0.15,
}
# Crops of an epoch's held-out patches at most.
HELD_OUT_CROPS = 8000

Target = tuple[float, float, float, float, float]
"""Face (0 or 1), its weight, and right, down and log size of the face seen from the box; NaN where not known."""


class RefinerBatch(NamedTuple):
    """Some crops with what is true of them.

    Attributes:
        images: N×3×INPUT×INPUT float32 BGR in [-1, 1].
        targets: N×5 float32; see ``Target``.
    """

    images: Tensor
    targets: Tensor


def square_iou(right: Any, down: Any, size: Any) -> NDArray[np.float64]:
    """Overlap of a unit square with one of side ``size`` whose centre lies ``right`` and ``down`` of its centre.

    Args:
        right: float or array, in sides of the square.
        down: the same.
        size: the same.
    """
    sides = []
    for shift in (right, down):
        low = np.maximum(-0.5, shift - size / 2)
        high = np.minimum(0.5, shift + size / 2)
        sides.append(np.maximum(high - low, 0))
    shared = sides[0] * sides[1]
    return np.asarray(shared / (1 + size**2 - shared))


def draw_sample(
    patch: NDArray[np.uint8], group: int, rng: np.random.Generator, settings: RefinerSettings
) -> tuple[NDArray[np.uint8], Target]:
    """Cut a crop out of a patch as a rough box would, and make it look like a webcam's.

    Args:
        patch: PATCH×PATCH×3 uint8 BGR; not changed.
        group: index into ``GROUPS``.
        rng: decides the box and the picture's quality.
        settings: how often a face is shown far off the box.

    Returns:
        INPUT×INPUT×3 uint8 BGR and the target.
    """
    is_face = group < FACE_GROUPS
    misplaced = is_face and rng.random() < settings.misplaced_share
    right, down, size = _rough_box(rng, misplaced=misplaced)
    # The box, in sides of the face; the face as seen from the box.
    target = np.array([-right / size, -down / size, -np.log(size)])
    face, weight = _truth(target) if is_face else (0.0, 1.0)
    crop = _cut(patch, right, down, size, rng)
    if rng.random() < 0.5:
        crop = crop[:, ::-1]
        target[0] = -target[0]
    known = is_face and not misplaced and group != GROUPS.index("turned")
    where = target if known else np.full(3, np.nan)
    return _degrade(crop, rng), (face, weight, float(where[0]), float(where[1]), float(where[2]))


def _rough_box(rng: np.random.Generator, *, misplaced: bool) -> tuple[float, float, float]:
    """A proposed box seen from the face: right, down and size in sides of the face."""
    if not misplaced:
        right, down = (float(v) for v in rng.normal(0, 0.09, 2))
        return right, down, float(np.exp(rng.normal(0, 0.16)))
    distance, angle = rng.uniform(0.35, 0.9), rng.uniform(0, 2 * np.pi)
    size = float(np.exp(rng.uniform(np.log(0.4), np.log(1.6))))
    if rng.random() < 0.4:
        distance, size = rng.uniform(0, 0.3), rng.uniform(0.3, 0.55)
    return float(distance * np.cos(angle)), float(distance * np.sin(angle)), size


def _truth(target: NDArray[np.float64]) -> tuple[float, float]:
    """Whether a box is to be called a face, and the weight of that answer: 0 where either would be right."""
    overlap = float(square_iou(target[0], target[1], np.exp(target[2])))
    return (1.0, 1.0) if overlap >= FACE_IOU else (0.0, float(overlap < BESIDE_IOU))


def _cut(
    patch: NDArray[np.uint8], right: float, down: float, size: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The box's crop, slightly turned: INPUT×INPUT×3."""
    unit = PATCH / PATCH_SCALE
    turn = float(rng.normal(0, 9)) * (1 if rng.random() < 0.7 else 2.2)
    matrix = cv2.getRotationMatrix2D((0, 0), turn, INPUT / (CROP.scale * unit * size))
    center = np.array([PATCH / 2 + right * unit, PATCH / 2 + (down + CROP.shift_down * size) * unit])
    matrix[:, 2] = INPUT / 2 - np.asarray(matrix)[:, :2] @ center
    crop = cv2.warpAffine(
        _softened(patch, rng), matrix, (INPUT, INPUT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(crop, np.uint8)


def _softened(patch: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Some patches scaled down and back, as a small or blurred face would be."""
    if rng.random() < 0.65:
        return patch
    side = int(PATCH * rng.uniform(0.22, 0.8))
    small = cv2.resize(patch, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (PATCH, PATCH), interpolation=cv2.INTER_LINEAR), np.uint8)


def _degrade(crop: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Light, colour cast, blur and noise."""
    pixels: NDArray[Any] = crop.astype(np.float32)
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
        pixels = np.asarray(cv2.filter2D(pixels, -1, kernel if rng.random() < 0.5 else kernel.T))
    if rng.random() < 0.4:
        pixels = pixels + rng.normal(0, rng.uniform(1, 12), pixels.shape)
    return np.asarray(np.clip(pixels, 0, 255), np.uint8)


class RefinerSamples:
    """Samples drawn anew for each (seed, epoch, index); a ``BatchSource`` of the trainer. The bank may be replaced."""

    def __init__(self, bank: Bank, settings: RefinerSettings) -> None:
        self.bank, self.settings = bank, settings

    def length(self, epoch: int) -> int:
        """Batches in an epoch."""
        return self.settings.samples // self.settings.batch

    def batches(self, epoch: int, size: int, start: int, share: Share = ALL) -> Generator[RefinerBatch, None, None]:
        """One process's share of an epoch's batches from number ``start`` on; ``size`` is always ``INPUT``."""
        chosen = self._chosen(epoch, self.settings.samples, held_out=False)

        def make(number: int) -> RefinerBatch:
            first = (start + number) * self.settings.batch
            indices = range(first, first + self.settings.batch)[share.part(self.settings.batch)]
            crops, targets = self._draw(chosen, epoch, indices)
            return RefinerBatch(to_input(crops, "BGR"), torch.from_numpy(targets))

        # One thread beside the network.
        return prefetched(make, self.length(epoch) - start, 1)

    def held_out(self) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Crops that are not trained on, N×INPUT×INPUT×3 uint8 BGR, and their targets, N×5."""
        count = min(HELD_OUT_CROPS, self.settings.samples)
        return self._draw(self._chosen(0, count, held_out=True), 0, range(count))

    def trained_on(self, count: int) -> NDArray[np.uint8]:
        """The first crops of the first epoch, count×INPUT×INPUT×3 uint8 BGR."""
        return self._draw(self._chosen(0, self.settings.samples, held_out=False), 0, range(count))[0]

    def _chosen(self, epoch: int, count: int, *, held_out: bool) -> NDArray[np.int64]:
        weights = sampling_weights(self.bank, self.settings, held_out=held_out)
        rng = np.random.default_rng([self.settings.seed, epoch, int(held_out)])
        return np.asarray(rng.choice(len(weights), count, p=weights), np.int64)

    def _draw(
        self, chosen: NDArray[np.int64], epoch: int, indices: range
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        drawn = []
        for index in indices:
            entry = int(chosen[index])
            rng = np.random.default_rng([self.settings.seed, epoch, index])
            drawn.append(draw_sample(self.bank.patches[entry], int(self.bank.groups[entry]), rng, self.settings))
        return np.stack([crop for crop, _ in drawn]), np.array([target for _, target in drawn], np.float32)


def sampling_weights(bank: Bank, settings: RefinerSettings, *, held_out: bool) -> NDArray[np.float64]:
    """Chance of each patch of the bank to be drawn; sums to 1.

    Raises:
        TrainError: there is no face among them.
    """
    weights = np.zeros(len(bank.groups))
    usable = bank.held_out == held_out
    faces = usable & (bank.groups < FACE_GROUPS)
    if not faces.any():
        raise TrainError("no faces to train the refiner on: give more pictures")
    weights[faces] = np.where(bank.groups[faces] == GROUPS.index("street"), settings.street_weight, 1.0)
    weights[faces] *= (1 - sum(OTHER_SHARES.values())) / weights[faces].sum()
    for name, share in OTHER_SHARES.items():
        members = usable & (bank.groups == GROUPS.index(name))
        if members.any():
            weights[members] = share / members.sum()
    return np.asarray(weights / weights.sum())
