"""Step ``teacher``: fine-tune Inception v3 on the labelled faces.

    python -m train teacher --run runs/gender

A face network (``--face-weights``) teaches it as it teaches the student: by labels, by folds, so that none labels a
face that it was taught with; by its features as hints; and age bands are told apart besides. So does the student that
training starts from, by its labels, where there is one (``teacher.beside_start``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from train import processes
from train.data.augment import crop_canvas
from train.data.batches import Batch, CanvasBatches, Picture, balanced_order, evened_order
from train.data.cache import Cache, open_cache
from train.learning.checkpoint import load_network, save_state
from train.learning.hints import HintedNetwork, hinted_loss
from train.learning.losses import LabelLoss, LossSum, TeacherLoss
from train.learning.networks import InceptionV3
from train.learning.pretrained import fetched_weights, load_inception, read_weights
from train.learning.trainer import Loss, Optimization, Trainer, parameter_groups, predict
from train.occlusion.occluded_faces import shown_pictures
from train.pipeline.cells import cells_of
from train.pipeline.soft_labels import labels_before_teacher
from train.pipeline.step_2_hints import hints
from train.run_folder import RunFolder
from train.settings import RANDOM_WEIGHTS, Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments beyond those of every step."""


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    train_teacher(run, run.settings())
    return 0


def train_teacher(run: RunFolder, settings: Settings) -> InceptionV3:
    """Train the teacher, or load it when it is finished.

    Raises:
        TrainError: there is no cache, or weights cannot be read.
    """
    torch.manual_seed(settings.seed)
    cache, chosen = open_cache(run.cache), settings.teacher
    network = InceptionV3(len(cache.labels), dropout=chosen.dropout)
    if run.is_finished("teacher", settings):
        return load_network(network, run.weights("teacher"))
    run.begin("teacher", settings)
    missing = processes.in_turn(_load_pretrained, network, settings.inception_weights)
    fresh = [*network.head.parameters(), *(p for index in missing for p in network.unit(index).parameters())]
    rows = cache.rows("train")
    rows = rows[cache.classes[rows] >= 0]
    soft = labels_before_teacher(run, settings)
    hinted = None if settings.face_weights is None else hints(run, settings)
    if hinted is not None:
        rows = rows[hinted.known[rows]]
    cells = cells_of(cache, chosen.even_by)

    def order(epoch: int) -> NDArray[np.int64]:
        rng = np.random.default_rng((settings.seed, epoch))
        if chosen.even_by:
            return evened_order(rows, cells, rng, chosen.even_power)
        return balanced_order(rows, cache.classes, rng, balance=settings.prepare.balance)

    def after_epoch(_epoch: int, average: nn.Module) -> str:
        return f"development accuracy {development_accuracy(average, cache, settings, chosen.stages[-1].size):.4f}"

    loss: Loss[Batch] = LabelLoss(cache.classes, len(cache.labels), chosen.label_smoothing)
    if soft is not None:
        taught = TeacherLoss(torch.from_numpy(soft), cache.classes, chosen.soft_share, chosen.soft_temperature)
        loss = LossSum([(1 - chosen.soft_share, loss), (1.0, taught)])
    trained: nn.Module = network
    if hinted is not None:
        trained = HintedNetwork(network, hinted)
        fresh += [*trained.bands.parameters(), *trained.hint.parameters()]
        loss = hinted_loss(
            loss, hinted, len(cache.labels), hint_weight=chosen.hint_weight, band_weight=chosen.band_weight
        )
    trainer = Trainer(
        trained,
        parameter_groups(trained, fresh, chosen.weight_decay, chosen.head_rate_factor),
        chosen.stages,
        run.checkpoint("teacher"),
        Optimization(average_decay=chosen.average_decay),
    )
    shown = shown_pictures(run.cache, cache, chosen.occluded_share)
    result = trainer.run(canvas_batches(order, shown, chosen.batch, settings), loss, after_epoch=after_epoch)
    network = result.network if isinstance(result, HintedNetwork) else cast(InceptionV3, result)
    processes.once(save_state, network.state_dict(), run.weights("teacher"))
    return network


def canvas_batches(
    order: Callable[[int], NDArray[np.int64]], shown: Picture, batch: int, settings: Settings
) -> CanvasBatches:
    """Batches of the run's canvases; see ``CanvasBatches``."""
    prepared = settings.prepare
    return CanvasBatches(order, shown, batch, prepared.canvas_size, prepared.canvas_scale, settings.seed)


def _load_pretrained(network: InceptionV3, source: str | None) -> list[int]:
    """Weights from a file, from Keras (None: it fetches its own), or none at all (``"random"``); units without any."""
    if source == RANDOM_WEIGHTS:
        return load_inception(network, {})
    if source is not None:
        return load_inception(network, read_weights(Path(source)))
    network.last_pool = "average"
    return load_inception(network, fetched_weights("InceptionV3", "--inception-weights"))


def development_accuracy(
    network: nn.Module, cache: Cache, settings: Settings, size: int, *, bfloat16: bool = True
) -> float:
    """Share of the development faces that a network labels right, with the application's crop."""
    rows = cache.rows("development")
    crops = (crop_canvas(cache.images[row], size, settings.prepare.canvas_scale) for row in rows)
    logits = predict(network, crops, len(rows), bfloat16=bfloat16)[:, : len(cache.labels)]
    return float((logits.argmax(1) == cache.classes[rows]).mean())
