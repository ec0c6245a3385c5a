"""Step ``student``: distil the teacher into MobileNetV2, with a second output for masks.

    python -m train student --run runs/gender
    python -m train student --run runs/gender --hard    # the same without the teacher, for comparison

A face with a mask drawn on it keeps the teacher's label of the bare face: the student learns to read gender from the
upper half.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from train.data.augment import crop_canvas
from train.data.batches import Batch, balanced_order, to_input
from train.data.cache import Cache, open_cache
from train.learning.networks import MobileNetV2
from train.learning.pretrained import import_keras, keras_weights, load_mobilenet, read_weights
from train.learning.quantize import add_quantization, fold, remove_quantization
from train.learning.trainer import Fit, parameter_groups
from train.occlusion.occluded_faces import shown_pictures
from train.pipeline.step_2_teacher import development_accuracy
from train.pipeline.step_3_label import label_faces
from train.run_folder import RunFolder
from train.settings import RANDOM_WEIGHTS, Settings, StageSettings, StudentSettings

# Faces over which the batch norm of the folded weights is measured.
UNFOLD_FACES = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--hard``: train on the given labels only."""
    parser.add_argument("--hard", action="store_true", help="train on the given labels only, for comparison")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    train_student(run, run.settings(), hard=arguments.hard)
    return 0


def train_student(run: RunFolder, settings: Settings, *, hard: bool = False) -> MobileNetV2:
    """Train the student, or load it when it is finished.

    Args:
        run: with a finished cache and, unless ``hard``, a teacher.
        settings: the run's.
        hard: use the given labels only.
    """
    torch.manual_seed(settings.seed)
    cache, chosen = open_cache(run.cache), settings.student
    name = "student_hard" if hard else "student"
    network = MobileNetV2(len(cache.labels) + 1, width=chosen.width, dropout=chosen.dropout)
    if run.weights(name).exists():
        network.load_state_dict(torch.load(run.weights(name), weights_only=True))
        return network.eval()
    if not run.checkpoint(name).exists():
        _load_pretrained(network, cache, settings)
    soft = None if hard else torch.from_numpy(label_faces(run, settings))
    result = _fit(network, run, settings, cache, soft, chosen.stages, name)
    torch.save(result.state_dict(), run.weights(name))
    return result


def tune_student(run: RunFolder, settings: Settings, *, hard: bool = False) -> MobileNetV2:
    """The student after its last, quantization-aware epochs: folded, in exact numbers, ready for int8."""
    cache, chosen = open_cache(run.cache), settings.student
    name = "student_hard_tuned" if hard else "student_tuned"
    network = fold(train_student(run, settings, hard=hard), len(cache.labels) + 1, chosen.width)
    if run.weights(name).exists():
        network.load_state_dict(torch.load(run.weights(name), weights_only=True))
        return network.eval()
    soft = None if hard else torch.from_numpy(label_faces(run, settings))
    add_quantization(network)
    result = _fit(network, run, settings, cache, soft, (chosen.quantized,), name)
    remove_quantization(result)
    torch.save(result.state_dict(), run.weights(name))
    return result


def _fit(
    network: MobileNetV2,
    run: RunFolder,
    settings: Settings,
    cache: Cache,
    soft: Tensor | None,
    stages: tuple[StageSettings, ...],
    name: str,
) -> MobileNetV2:
    chosen = settings.student
    rows = cache.rows("train", "pool")
    masked = rows[cache.masks[rows] == 1]
    rows = np.concatenate([rows, np.repeat(masked, chosen.masked_repeats - 1)])

    def order(epoch: int) -> NDArray[np.int64]:
        rng = np.random.default_rng((settings.seed, epoch))
        return balanced_order(rows, cache.classes, rng, balance=settings.prepare.balance)

    def after_epoch(epoch: int, average: nn.Module) -> str:
        # In float32 where training is: bfloat16 would blur what the rounding is about.
        accuracy = development_accuracy(average, cache, settings, stages[-1].size, bfloat16=not network.folded)
        return f"development accuracy {accuracy:.4f}"

    fit = Fit(
        network,
        parameter_groups(network, list(network.head.parameters()), chosen.weight_decay, chosen.head_rate_factor),
        stages,
        batch=chosen.batch,
        average_decay=chosen.average_decay,
        seed=settings.seed,
        checkpoint=run.checkpoint(name),
        canvas=(settings.prepare.canvas_size, settings.prepare.canvas_scale),
        # Seven significant bits would blur the 256 levels that the last epochs are about.
        bfloat16=not network.folded,
    )
    pictures = shown_pictures(run.cache, cache, chosen.covered_share)
    return fit.run(order, pictures, DistillationLoss(cache, soft, chosen), after_epoch)


class DistillationLoss:
    """Cross-entropy to the teacher's and to the given labels, and the mask's binary cross-entropy.

    The teacher's part follows Hinton et al. 2015 (arXiv:1503.02531): both sides softened by a temperature, the result
    scaled by its square.
    """

    def __init__(self, cache: Cache, soft: Tensor | None, settings: StudentSettings) -> None:
        self.classes = torch.from_numpy(cache.classes.astype(np.int64))
        self.soft = soft
        self.settings = settings

    def __call__(self, logits: Tensor, batch: Batch) -> Tensor:
        """Logits N×(classes + 1) float32 to a scalar."""
        chosen, where = self.settings, logits.device
        scores, mask = logits[:, :-1], logits[:, -1]
        given = self.classes[batch.rows].to(where)
        known = given >= 0
        hard = functional.cross_entropy(
            scores, given.clamp(min=0), label_smoothing=chosen.label_smoothing, reduction="none"
        )
        if self.soft is None:
            loss = (hard * known).mean()
        else:
            t = chosen.soft_temperature
            target = functional.softmax(self.soft[batch.rows].to(where) / t, 1)
            distilled = -(target * functional.log_softmax(scores / t, 1)).sum(1) * t * t
            share = torch.where(known, chosen.soft_share, 1.0)
            loss = (share * distilled + (1 - share) * hard).mean()
        worn = torch.from_numpy(batch.masks.astype(np.float32)).to(where)
        of_mask = functional.binary_cross_entropy_with_logits(mask, worn.clamp(min=0), reduction="none")
        return loss + chosen.mask_weight * (of_mask * (worn >= 0)).mean()


def _load_pretrained(network: MobileNetV2, cache: Cache, settings: Settings) -> None:
    source = settings.mobilenet_weights
    if source == RANDOM_WEIGHTS:
        return
    if source is not None:
        weights = read_weights(Path(source))
    else:
        keras = import_keras()
        weights = keras_weights(keras.applications.MobileNetV2(include_top=False, alpha=settings.student.width))
    load_mobilenet(network, weights, _some_faces(cache, settings))


def _some_faces(cache: Cache, settings: Settings) -> Tensor:
    rng = np.random.default_rng(settings.seed)
    rows = rng.permutation(cache.rows("train"))[:UNFOLD_FACES]
    size = settings.student.stages[-1].size
    return to_input(np.stack([crop_canvas(cache.images[row], size, settings.prepare.canvas_scale) for row in rows]))
