"""The last layer of the mask's output, fitted once more when the student is done.

Beside gender, masks are a small part of what the student minimizes, and few of the faces that it sees are really masked
ones. Its features know masks better than its last layer says: fitted again to faces of which more are really masked, on
features that stay as they are (Kang et al. 2020, arXiv:1910.09217; Kirichenko et al. 2023, arXiv:2204.02937), it misses
fewer. Nothing else of the student changes.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from train.data.cache import Cache
from train.learning.heads import Standard
from train.learning.networks import MobileNetV2
from train.learning.trainer import device, fast_bfloat16
from train.occlusion.occluded_faces import open_occluded, shown_pictures
from train.pipeline.step_3_teacher import canvas_batches
from train.run_folder import RunFolder
from train.settings import Settings
from webcam_app.teaching.regression import fit_logistic

# How often a really masked face is shown, and how many faces behind drawn things and bare ones are shown once.
REAL_REPEATS, DRAWN, BARE = 8, 9000, 5000
DRAWN_WEIGHT = 0.5
"""Weight of a face with a drawn mask beside one that is really masked."""
STRENGTH = 0.01
"""Of the penalty, as ``fit_logistic`` takes it; from 0.001 to 0.03 the result is the same but for a face."""


def fit_mask_layer(student: MobileNetV2, run: RunFolder, cache: Cache, settings: Settings) -> bool:
    """Replace the weights of a student's mask output.

    Args:
        student: folded; what it says of the classes stays bit for bit as it is.
        run: with the faces that masks were drawn on.
        cache: the run's.
        settings: the run's.

    Returns:
        Whether there was something to fit to: masked faces and bare ones.
    """
    rng = np.random.default_rng((settings.seed, 4))
    rows = cache.rows("train", "pool")
    real = rows[cache.masks[rows] == 1]
    drawn = np.intersect1d(rows, open_occluded(run.cache)[1][:, 0])
    bare = np.setdiff1d(rows[cache.masks[rows] == 0], drawn)
    shown = [np.repeat(real, REAL_REPEATS), rng.permutation(drawn)[:DRAWN], rng.permutation(bare)[:BARE]]
    order = rng.permutation(np.concatenate(shown))
    features, masked, seen = _features(student, order, run, cache, settings)
    if len(np.unique(masked)) < 2:
        return False
    standard = Standard.steady(features)
    weight = np.where((masked == 1) & ~np.isin(seen, real), DRAWN_WEIGHT, 1.0)
    layer = standard.on_features(
        fit_logistic(standard(features).astype(np.float64), masked, 2, STRENGTH, weight / weight.sum())
    )
    with torch.no_grad():
        student.head.weight[-1] = torch.from_numpy(layer.weights[1] - layer.weights[0]).float()
        student.head.bias[-1] = float(layer.bias[1] - layer.bias[0])
    return True


def _features(
    student: MobileNetV2, order: NDArray[np.int64], run: RunFolder, cache: Cache, settings: Settings
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Features (n, dimension), whether masked (n,) and rows (n,) of augmented faces: drawn twins where there are."""
    bare = copy.deepcopy(student).to(device()).eval()
    bare.head = nn.Identity()  # type: ignore[assignment]
    batch = min(settings.student.batch, len(order))
    source = canvas_batches(lambda _epoch: order, shown_pictures(run.cache, cache, 1.0), batch, settings)
    features, masked, rows = [], [], []
    with torch.no_grad():
        for each in source.batches(0, settings.student.quantized.size, 0):
            images = each.images.to(device())
            with torch.autocast(device().type, dtype=torch.bfloat16, enabled=fast_bfloat16(device())):
                features.append(bare(images).float().cpu().numpy())
            masked.append(each.masks.astype(np.int64))
            rows.append(each.rows)
    joined = np.concatenate(masked)
    known = joined >= 0
    return np.concatenate(features)[known], joined[known], np.concatenate(rows)[known]
