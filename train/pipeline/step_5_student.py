"""Step ``student``: distil the teacher into MobileNetV2, with a second output for masks where any are shown.

    python -m train student --run runs/gender
    python -m train student --run runs/gender --hard    # the same without the teacher, for comparison

A face with a mask drawn on it keeps the teacher's label of the bare face: the student learns to read gender from the
upper half.
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from train import processes
from train.data.augment import crop_canvas
from train.data.batches import Batch, balanced_order, evened_order, to_input
from train.data.cache import Cache, open_cache
from train.learning.calibration import fit_temperature
from train.learning.checkpoint import load_network, load_state, save_state
from train.learning.heads import fit_last_layer
from train.learning.hints import HintedNetwork, freeze_through, hinted_loss
from train.learning.losses import LabelLoss, LossSum, MaskLoss, TeacherLoss
from train.learning.networks import MobileNetV2
from train.learning.pretrained import fetched_weights, load_mobilenet, read_weights
from train.learning.quantize import add_quantization, fold, is_quantized, remove_quantization
from train.learning.read_back import load_folded, load_heads, read_back
from train.learning.trainer import Loss, Optimization, Trainer, parameter_groups, predict
from train.metrics import softmax
from train.model_file import labels_of
from train.occlusion.headwear import with_headwear
from train.occlusion.occluded_faces import masks_shown, shown_pictures
from train.pipeline.cells import cells_of, hard_cells
from train.pipeline.mask_layer import fit_mask_layer
from train.pipeline.soft_labels import combined_labels, fair_labels
from train.pipeline.step_2_hints import hints
from train.pipeline.step_3_teacher import canvas_batches, development_accuracy
from train.pipeline.step_4_label import all_labels
from train.run_folder import RunFolder
from train.settings import RANDOM_WEIGHTS, Settings, StageSettings, StudentSettings

# Faces over which the batch norm of the folded weights is measured.
UNFOLD_FACES = 512
SHARES = (1.0, 0.75, 0.5, 0.25)
"""How far from where training began to where it came to: the development faces choose, of equals the first."""
LEAST_TO_CHOOSE = 30
"""Fewer development faces choose by chance; what was trained is taken then."""
HINTS = "student_hints"
"""Name of the weights of the layers that learn hints, which the student's last epochs go on with."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--hard``: train on the given labels only."""
    parser.add_argument("--hard", action="store_true", help="train on the given labels only, for comparison")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    settings = run.settings()
    train_student(run, settings, hard=arguments.hard or settings.given_labels_only)
    return 0


def train_student(run: RunFolder, settings: Settings, *, hard: bool = False) -> MobileNetV2:
    """Train the student, or load it when it is finished.

    Args:
        run: with a finished cache and, unless ``hard``, a teacher.
        settings: the run's.
        hard: use the given labels only.

    Raises:
        TrainError: there is no cache, or weights cannot be read.
    """
    torch.manual_seed(settings.seed)
    cache, chosen = open_cache(run.cache), settings.student
    name = "student_hard" if hard else "student"
    # What is read back from an exported model has no batch norm any more, unless it is measured anew.
    folded = settings.start_model is not None and not chosen.renormed
    network = MobileNetV2(len(cache.labels) + 1, width=chosen.width, dropout=chosen.dropout, folded=folded)
    if run.is_finished(name, settings):
        return load_network(network, run.weights(name))
    if not run.checkpoint(name).exists():
        processes.in_turn(_load_pretrained, network, cache, settings)
    result = _train(network, chosen.stages, name, run, settings)
    if folded and settings.given_labels_only:
        result = processes.once(_best_since_start, result, cache, settings) or result
    return _kept(result, name, run)


def tune_student(run: RunFolder, settings: Settings, *, hard: bool = False) -> MobileNetV2:
    """The student after its last, quantization-aware epochs: folded, in exact numbers, ready for int8."""
    cache, chosen = open_cache(run.cache), settings.student
    name = "student_hard_tuned" if hard else "student_tuned"
    network = fold(train_student(run, settings, hard=hard), len(cache.labels) + 1, chosen.width)
    if run.is_finished(name, settings):
        return load_network(network, run.weights(name))
    add_quantization(network)
    result = _train(network, (chosen.quantized,), name, run, settings)
    remove_quantization(result)
    if masks_shown(run.cache, cache):
        processes.once(fit_mask_layer, result, run, cache, settings)
    return _kept(result, name, run)


def _kept(result: MobileNetV2, name: str, run: RunFolder) -> MobileNetV2:
    """A finished student, of several processes the first one's in all, when its weights are kept."""
    processes.once(save_state, result.state_dict(), run.weights(name))
    return processes.take_first(result)


def _train(
    network: MobileNetV2, stages: tuple[StageSettings, ...], name: str, run: RunFolder, settings: Settings
) -> MobileNetV2:
    """Train a student whose state is kept under ``name``; one named ``hard`` learns from the given labels alone."""
    cache, chosen = open_cache(run.cache), settings.student
    soft = None if "hard" in name else torch.from_numpy(_soft_labels(run, settings))
    hinted = None if settings.face_weights is None else hints(run, settings)
    run.begin(name, settings)
    rows = cache.rows("train", "pool")
    if hinted is not None:
        rows = rows[hinted.known[rows]]
    masked = rows[cache.masks[rows] == 1]
    rows = np.concatenate([rows, np.repeat(masked, chosen.masked_repeats - 1)])
    cells = cells_of(cache, chosen.even_by)
    emphasis = None if soft is None else hard_cells(cells, cache, soft.numpy(), chosen.hard_power)
    share = chosen.quantized_share if is_quantized(network) else 1.0

    def order(epoch: int) -> NDArray[np.int64]:
        rng = np.random.default_rng((settings.seed, epoch))
        if chosen.even_by:
            # Faces without a class are there for their masks, and are of no cell.
            known = cache.classes[rows] >= 0
            shuffled = rng.permutation(
                np.concatenate([evened_order(rows[known], cells, rng, chosen.even_power, emphasis), rows[~known]])
            )
        else:
            shuffled = balanced_order(rows, cache.classes, rng, balance=settings.prepare.balance)
        return shuffled[: max(chosen.batch, round(share * len(shuffled)))]

    def after_epoch(_epoch: int, average: nn.Module) -> str:
        # In float32 where training is: bfloat16 would blur what the rounding is about.
        accuracy = development_accuracy(average, cache, settings, stages[-1].size, bfloat16=not network.folded)
        return f"development accuracy {accuracy:.4f}"

    if chosen.frozen_through is not None:
        freeze_through(network, chosen.frozen_through)
    loss = student_loss(cache, soft, chosen, masks=masks_shown(run.cache, cache))
    fresh = list(network.head.parameters())
    trained: nn.Module = network
    if hinted is not None:
        trained = HintedNetwork(network, hinted)
        if run.weights(HINTS).exists():
            trained.load_aids(load_state(run.weights(HINTS)))
        fresh += [*trained.bands.parameters(), *trained.hint.parameters()]
        loss = hinted_loss(
            loss,
            hinted,
            len(cache.labels) + 1,
            hint_weight=chosen.hint_weight,
            band_weight=chosen.band_weight,
        )
    trainer = Trainer(
        trained,
        parameter_groups(trained, fresh, chosen.weight_decay, chosen.head_rate_factor),
        stages,
        run.checkpoint(name),
        # bfloat16's seven significant bits would blur the 256 levels that the last epochs are about.
        Optimization(
            average_decay=chosen.average_decay,
            bfloat16=not (is_quantized(network) if settings.given_labels_only else network.folded),
        ),
    )
    shown = with_headwear(shown_pictures(run.cache, cache, chosen.occluded_share), settings)
    result = trainer.run(canvas_batches(order, shown, chosen.batch, settings), loss, after_epoch=after_epoch)
    if isinstance(result, HintedNetwork):
        processes.once(save_state, result.aids(), run.weights(HINTS))
        return cast(MobileNetV2, result.network)
    return cast(MobileNetV2, result)


def _best_since_start(trained: MobileNetV2, cache: Cache, settings: Settings) -> MobileNetV2:
    start = MobileNetV2(len(cache.labels) + 1, width=settings.student.width, folded=True)
    _load_pretrained(start, cache, settings)
    return best_between(start, trained, cache, settings)


def best_between(start: MobileNetV2, trained: MobileNetV2, cache: Cache, settings: Settings) -> MobileNetV2:
    """Of the weights between those that training began with and came to, those that suit the development faces best.

    Where the features that it began with know the classes already, few pictures teach less than training on them
    forgets; between the two the network has what both know (Wortsman et al. 2022, arXiv:2109.01903).

    Args:
        start: with the last layer that was fitted to its features.
        trained: of the same shape.
        cache: the faces.
        settings: the run's.
    """
    rows = cache.rows("development")
    rows = rows[cache.classes[rows] >= 0]
    if len(rows) < LEAST_TO_CHOOSE:
        return trained
    size, scale, truth = settings.student.stages[-1].size, settings.prepare.canvas_scale, cache.classes[rows]
    weight = 1.0 / np.bincount(truth)[truth]
    weight /= weight.sum()
    found = []
    for share in SHARES:
        network = copy.deepcopy(trained)
        with torch.no_grad():
            for mine, theirs in zip(network.parameters(), start.parameters(), strict=True):
                mine.lerp_(theirs, 1 - share)
        crops = (crop_canvas(cache.images[row], size, scale) for row in rows)
        logits = predict(network, crops, len(rows), bfloat16=False)[:, : len(cache.labels)]
        shares = softmax(logits / fit_temperature(logits, truth))[np.arange(len(rows)), truth]
        # Every class counts the same: what a small one has learned is easily forgotten, and little of a mean.
        found.append((-float(np.log(np.maximum(shares, 1e-12)) @ weight), share, network))
    loss, share, network = min(found, key=lambda each: each[0])
    print(f"student: {share:.0%} of the way from where it began has the least loss on development faces, {loss:.3f}")
    return network


def _soft_labels(run: RunFolder, settings: Settings) -> NDArray[np.float32]:
    """Of all who label: the teacher, the student that training starts from, and the face network."""
    labels = combined_labels(run, settings, all_labels(run, settings))
    return fair_labels(labels, run, settings.student.fair_labels_by)


def student_loss(cache: Cache, soft: Tensor | None, settings: StudentSettings, *, masks: bool = True) -> LossSum:
    """What the student minimizes.

    Args:
        cache: the faces.
        soft: the teacher's logits for each of them, N×classes; None to learn from the given labels alone.
        settings: the weights of the terms.
        masks: whether there is anything to learn about masks.
    """
    classes = len(cache.labels)
    given = LabelLoss(cache.classes, classes, settings.label_smoothing)
    worn: list[tuple[float, Loss[Batch]]] = [(settings.mask_weight, MaskLoss(classes))] if masks else []
    if soft is None:
        return LossSum([(1.0, given), *worn])
    taught = TeacherLoss(soft, cache.classes, settings.soft_share, settings.soft_temperature)
    return LossSum([(1 - settings.soft_share, given), (1.0, taught), *worn])


def _load_pretrained(network: MobileNetV2, cache: Cache, settings: Settings) -> None:
    if settings.start_model is not None:
        start = Path(settings.start_model)
        same, weights = labels_of(start) == cache.labels, read_back(start)
        if network.folded:
            load_folded(network, weights, heads=same)
        else:
            load_mobilenet(network, weights, _some_faces(cache, settings))
            if same:
                load_heads(network, weights)
        return None if same else fit_head(network, cache, settings)
    source = settings.mobilenet_weights
    if source == RANDOM_WEIGHTS:
        return None
    if source is not None:
        weights = read_weights(Path(source))
    else:
        weights = fetched_weights("MobileNetV2", "--mobilenet-weights", alpha=settings.student.width)
    return load_mobilenet(network, weights, _some_faces(cache, settings))


def fit_head(network: MobileNetV2, cache: Cache, settings: Settings) -> None:
    """Fit the classes' last layer to the features of the training faces, as ``webcam-app teach`` does.

    From a layer of chance the first steps would spoil features that are good already (Kumar et al. 2022,
    arXiv:2202.10054).
    """
    rows = cache.rows("train")
    rows = rows[cache.classes[rows] >= 0]
    size, scale = settings.student.stages[-1].size, settings.prepare.canvas_scale
    crops = (crop_canvas(cache.images[row], size, scale) for row in rows)
    bare = copy.deepcopy(network)
    bare.head = nn.Identity()  # type: ignore[assignment]
    features = predict(bare, crops, len(rows), bfloat16=False)
    known, truth = np.unique(cache.classes[rows].astype(np.int64), return_inverse=True)
    layer = fit_last_layer(features, truth, len(known))
    with torch.no_grad():
        network.head.weight.zero_()
        network.head.bias.fill_(float(layer.bias.min()))
        network.head.weight[known] = torch.from_numpy(layer.weights).float()
        network.head.bias[known] = torch.from_numpy(layer.bias).float()


def _some_faces(cache: Cache, settings: Settings) -> Tensor:
    rng = np.random.default_rng(settings.seed)
    rows = rng.permutation(cache.rows("train"))[:UNFOLD_FACES]
    size = settings.student.stages[-1].size
    return to_input(np.stack([crop_canvas(cache.images[row], size, settings.prepare.canvas_scale) for row in rows]))
