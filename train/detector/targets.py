"""What the network shall answer to a scene, and how wrong an answer is (after Zhou et al. 2019, arXiv:1904.07850)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from train.detector.geometry import Doubtful
from train.detector.network import BASE_SIDE, STRIDE
from train.detector.settings import DetectorSettings
from webcam_app.faces.box import FaceBox

# Spread of the soft target around a face's centre, in sides of the face and at least in cells.
SPREAD, LEAST_SPREAD = 0.11, 0.5
# Cells whose soft target is at least this much also learn where the face lies.
NEAR = 0.4
# Channels of the targets.
HEAT, WEIGHT, RIGHT, DOWN, SIZE, NEARNESS = range(6)
CHANNELS = 6


def draw_targets(faces: Sequence[FaceBox], shape: tuple[int, int], settings: DetectorSettings) -> NDArray[np.float32]:
    """The maps that a scene's faces make.

    Args:
        faces: every face of the scene, in pixels, of whatever size; around a ``Doubtful`` one nothing is learned.
        shape: height and width of the scene in pixels.
        settings: which sizes are learned.

    Returns:
        6×H/8×W/8 float32: soft target (1 in the cell of a face's centre), weight of the cell in the loss, the face's
        place and size as the network answers them, and how much the cell counts for these.
    """
    height, width = shape[0] // STRIDE, shape[1] // STRIDE
    maps = np.zeros((CHANNELS, height, width), np.float32)
    maps[WEIGHT] = 1.0
    rows, columns = np.arange(height, dtype=np.float32)[:, None] + 0.5, np.arange(width, dtype=np.float32)[None] + 0.5
    for face in sorted(faces, key=lambda face: -face.side):
        x, y, side = face
        right, down = x / STRIDE - columns, y / STRIDE - rows
        spread = max(LEAST_SPREAD, SPREAD * side / STRIDE)
        near = np.exp(-(right**2 + down**2) / (2 * spread**2)).astype(np.float32)
        learned = settings.smallest <= face.side <= settings.largest and not isinstance(face, Doubtful)
        if not learned:
            if side < settings.background:
                reach = max(1.0, 0.5 * side / STRIDE)
                maps[WEIGHT][(abs(right) < reach) & (abs(down) < reach)] = 0.0
            continue
        row, column = int(y // STRIDE), int(x // STRIDE)
        if not (0 <= row < height and 0 <= column < width):
            continue
        near[row, column] = 1.0
        maps[WEIGHT][near >= NEAR] = 1.0
        closer = (near > maps[NEARNESS]) & (near >= NEAR)
        maps[HEAT] = np.maximum(maps[HEAT], near)
        for channel, value in ((RIGHT, right), (DOWN, down), (SIZE, np.log(side / BASE_SIDE)), (NEARNESS, near)):
            maps[channel][closer] = np.broadcast_to(value, near.shape)[closer]
    return maps


def detector_loss(outputs: Tensor, targets: Tensor, settings: DetectorSettings) -> tuple[Tensor, Tensor]:
    """The penalty-reduced focal loss of the centres, and that of the boxes.

    Args:
        outputs: N×4×h×w.
        targets: N×6×h×w, see ``draw_targets``.
        settings: the boxes' weight.

    Returns:
        Two scalars to be added, each a mean over the faces.
    """
    logit, heat, weight = outputs[:, 0].float(), targets[:, HEAT], targets[:, WEIGHT]
    score = torch.sigmoid(logit)
    is_centre = (heat == 1.0).float()
    found = (1 - score) ** 2 * functional.softplus(-logit) * is_centre
    wrong = (1 - heat) ** 4 * score**2 * functional.softplus(logit) * (1 - is_centre)
    count = (is_centre * weight).sum().clamp(min=1)
    near = targets[:, NEARNESS]
    error = functional.smooth_l1_loss(outputs[:, 1:].float(), targets[:, RIGHT : SIZE + 1], beta=0.1, reduction="none")
    # An error of the size's logarithm moves a face's edges by more pixels than one of a cell's share does.
    scale = outputs.new_tensor([1.0, 1.0, 3.0])[:, None, None]
    box = ((error * scale).sum(1) * near).sum() / near.sum().clamp(min=1)
    return ((found + wrong) * weight).sum() / count, settings.box_weight * box
