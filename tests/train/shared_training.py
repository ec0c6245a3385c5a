"""Small trainings that several processes can share: ``torchrun -m -- tests.train.shared_training FOLDER``.

Each process writes what it came to into the folder; ``test_processes`` compares that with what one process comes to.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from train import processes
from train.data.batches import Batch, CanvasBatches
from train.learning import trainer as trainer_module
from train.learning.checkpoint import save_state
from train.learning.hints import HintedNetwork, Hints, freeze_through, hinted_loss
from train.learning.losses import LabelLoss
from train.learning.networks import MobileNetV2
from train.learning.quantize import add_quantization
from train.learning.trainer import Optimization, Trainer, parameter_groups
from train.settings import StageSettings

FACES, SIZE, EPOCHS = 21, 32, 2
# Two processes have three faces of a step and four; where statistics are compared, four and four.
UNEVEN, EVEN = 7, 8
STOPPED_AFTER = 4


class Stopped(Exception):
    """Somebody stops the training."""


class Watched:
    """Batches of a source; something is called before each."""

    def __init__(self, source: CanvasBatches, watch: Callable[[], None]) -> None:
        self.source, self.watch = source, watch

    def length(self, epoch: int) -> int:
        """See the source."""
        return self.source.length(epoch)

    def batches(self, epoch: int, size: int, start: int, share: processes.Share) -> Generator[Batch, None, None]:
        """See the source."""
        with closing(self.source.batches(epoch, size, start, share)) as batches:
            for batch in batches:
                self.watch()
                yield batch


def network_of(kind: str) -> nn.Module:
    """``hinted``: without batch norm, in part frozen, with layers for hints; ``normed``; ``rounded`` as in int8."""
    torch.manual_seed(3)
    student = MobileNetV2(3, width=0.25, dropout=0.0, folded=kind != "normed")
    if kind == "rounded":
        add_quantization(student)
    if kind == "hinted":
        freeze_through(student, "block_1")
        return HintedNetwork(student, hints())
    return student


def hints() -> Hints:
    """Targets for ``FACES`` faces, without age bands: a layer of no outputs."""
    features = np.random.default_rng(1).normal(0, 1, (FACES, 4)).astype(np.float16)
    return Hints(features, np.full(FACES, -1, np.int16), 0)


def train(kind: str, checkpoint: Path, stop_after: int | None = None) -> dict[str, Any]:
    """Train a network, or go on from its checkpoint.

    Args:
        kind: see ``network_of``.
        checkpoint: where its state is kept.
        stop_after: raise ``Stopped`` after so many steps.

    Returns:
        Weights and statistics, and those and the gradients' means as they were after the first step.
    """
    canvases = np.random.default_rng(0).integers(0, 255, (FACES, 48, 48, 3), np.uint8)
    batch = EVEN if kind == "normed" else UNEVEN
    source = CanvasBatches(lambda _: np.arange(FACES), lambda row, _: (canvases[row], 0), batch, 48, 1.5, 1)
    network = network_of(kind)
    trainer = Trainer(
        network,
        parameter_groups(network, [], 0.01, 1.0),
        [StageSettings(SIZE, EPOCHS, 1e-3)],
        checkpoint,
        Optimization(average_decay=0.5, average_every=1, bfloat16=False),
    )
    result: dict[str, Any] = {}
    labels = LabelLoss((np.arange(FACES) % 3).astype(np.int16), 3, 0.0)
    loss = hinted_loss(labels, hints(), 3, hint_weight=1.0, band_weight=0.3) if kind == "hinted" else labels

    def between_steps() -> None:
        if trainer.step == 1:
            result["first"] = {name: value.clone() for name, value in network.state_dict().items()}
            result["gradients"] = [state["exp_avg"].clone() for state in trainer.optimizer.state.values()]
        if trainer.step == stop_after:
            raise Stopped

    average = trainer.run(
        Watched(source, between_steps), loss, after_epoch=lambda _epoch, network: f"{processes.share().of} process"
    )
    return {**result, "network": network.state_dict(), "average": average.state_dict()}


def stop(kind: str, checkpoint: Path) -> None:
    """Begin a training that is stopped on the way, its last step kept."""
    before, trainer_module.CHECKPOINT_SECONDS = trainer_module.CHECKPOINT_SECONDS, -1
    try:
        train(kind, checkpoint, STOPPED_AFTER)
    except Stopped:
        processes.wait()
    finally:
        trainer_module.CHECKPOINT_SECONDS = before


def counted(written: list[str]) -> Callable[..., None]:
    """``save_state``, with a list of what this process wrote."""

    def save(state: Any, path: Path) -> None:
        written.append(path.name)
        save_state(state, path)

    return save


def main(folder: Path) -> None:
    """All trainings, shared by the processes that there are."""
    written: list[str] = []
    trainer_module.save_state = counted(written)  # type: ignore[assignment]
    processes.join("shared training", shared=True)
    result = {kind: train(kind, folder / f"{kind}.checkpoint.pt") for kind in ("hinted", "normed", "rounded")}
    stopped = folder / "resumed.checkpoint.pt"
    stop("hinted", stopped)
    processes.once(shutil.copy, stopped, folder / "stopped.checkpoint.pt")
    result["resumed"] = train("hinted", stopped)
    torch.save({**result, "written": written}, folder / f"{processes.share().number}.pt")
    processes.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    processes.end(0)
