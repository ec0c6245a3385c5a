"""Step ``teacher``: fine-tune Inception v3 on the labelled faces.

python -m train teacher --run runs/gender
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from train.data.augment import crop_canvas
from train.data.batches import Batch, balanced_order
from train.data.cache import Cache, open_cache
from train.learning.networks import InceptionV3
from train.learning.pretrained import import_keras, keras_weights, load_inception, read_weights
from train.learning.trainer import Fit, parameter_groups, predict
from train.occlusion.occluded_faces import shown_pictures
from train.run_folder import RunFolder
from train.settings import RANDOM_WEIGHTS, Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments beyond those of every step."""


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    train_teacher(run, run.settings())
    return 0


def train_teacher(run: RunFolder, settings: Settings) -> nn.Module:
    """Train the teacher, or load it when it is finished.

    Raises:
        TrainError: there is no cache, or the pretrained weights cannot be read.
    """
    torch.manual_seed(settings.seed)
    cache = open_cache(run.cache)
    chosen = settings.teacher
    network = InceptionV3(len(cache.labels), dropout=chosen.dropout)
    weights = run.weights("teacher")
    if weights.exists():
        network.load_state_dict(torch.load(weights, weights_only=True))
        return network.eval()
    missing = _load_pretrained(network, settings.inception_weights)
    fresh = [*network.head.parameters(), *(p for index in missing for p in network.units[index].parameters())]
    groups = parameter_groups(network, fresh, chosen.weight_decay, chosen.head_rate_factor)
    classes = torch.from_numpy(cache.classes.astype(np.int64))
    rows = cache.rows("train")
    rows = rows[cache.classes[rows] >= 0]

    def order(epoch: int) -> np.ndarray:
        rng = np.random.default_rng((settings.seed, epoch))
        return balanced_order(rows, cache.classes, rng, balance=settings.prepare.balance)

    fit = Fit(
        network,
        groups,
        chosen.stages,
        batch=chosen.batch,
        average_decay=chosen.average_decay,
        seed=settings.seed,
        checkpoint=run.checkpoint("teacher"),
        canvas=(settings.prepare.canvas_size, settings.prepare.canvas_scale),
    )

    def loss(logits: Tensor, batch: Batch) -> Tensor:
        target = classes[batch.rows].to(logits.device)
        return functional.cross_entropy(logits, target, label_smoothing=chosen.label_smoothing)

    def after_epoch(epoch: int, average: nn.Module) -> str:
        return f"development accuracy {development_accuracy(average, cache, settings, chosen.stages[-1].size):.4f}"

    result = fit.run(order, shown_pictures(run.cache, cache, chosen.covered_share), loss, after_epoch)
    torch.save(result.state_dict(), weights)
    return result


def _load_pretrained(network: InceptionV3, source: str | None) -> list[int]:
    """Weights from a file, from Keras (None: it fetches its own), or none at all (``"random"``, for trying out)."""
    if source == RANDOM_WEIGHTS:
        return load_inception(network, {})
    if source is not None:
        return load_inception(network, read_weights(Path(source)))
    keras = import_keras()
    network.last_pool = "average"
    return load_inception(network, keras_weights(keras.applications.InceptionV3(include_top=False)))


def development_accuracy(
    network: nn.Module, cache: Cache, settings: Settings, size: int, *, bfloat16: bool = True
) -> float:
    """Share of the development faces that a network labels right, with the application's crop."""
    rows = cache.rows("development")
    crops = (crop_canvas(cache.images[row], size, settings.prepare.canvas_scale) for row in rows)
    logits = predict(network, crops, len(rows), bfloat16=bfloat16)[:, : len(cache.labels)]
    return float((logits.argmax(1) == cache.classes[rows]).mean())
