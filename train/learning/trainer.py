"""The loop that trains teacher and student.

Stages of growing resolution, one cosine schedule, averaged weights, bfloat16, and a checkpoint every two minutes from
which a stopped run goes on.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from train.data.augment import Augmenter
from train.data.batches import WORKERS, Batch, Picture, batches
from train.settings import StageSettings

WARMUP_STEPS = 200
# Of short runs the warm-up takes this share instead.
WARMUP_SHARE = 0.05
CHECKPOINT_SECONDS = 120
GRADIENT_NORM = 2.0
# The average is updated every so many steps, with the decay to that power: on a processor each update reads and writes
# all weights, which for Inception costs a fifth of a step.
AVERAGE_EVERY = 8


def device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def parameter_groups(
    network: nn.Module, fresh: Sequence[nn.Parameter], decay: float, factor: float
) -> list[dict[str, Any]]:
    """Groups for AdamW: decay for kernels only; parameters that start from nothing learn ``factor`` times faster."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    new = {id(parameter) for parameter in fresh}
    for parameter in network.parameters():
        key = (decay if parameter.ndim > 1 else 0.0, factor if id(parameter) in new else 1.0)
        groups.setdefault(key, []).append(parameter)
    return [{"params": group, "weight_decay": d, "factor": f} for (d, f), group in groups.items()]


Network = TypeVar("Network", bound=nn.Module)


class Fit(Generic[Network]):
    """One network's training. ``run`` may be stopped at any time; calling it again goes on from the checkpoint."""

    def __init__(
        self,
        network: Network,
        groups: list[dict[str, Any]],
        stages: Sequence[StageSettings],
        *,
        batch: int,
        average_decay: float,
        seed: int,
        checkpoint: Path,
        canvas: tuple[int, float],
        bfloat16: bool = True,
    ) -> None:
        self.device = device()
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(network).eval()
        self.optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.99), fused=True)
        self.stages, self.batch, self.decay, self.seed = stages, batch, average_decay, seed
        self.checkpoint, self.canvas, self.bfloat16 = checkpoint, canvas, bfloat16
        self.epoch = 0
        self.batch_in_epoch = 0
        self.step = 0
        if checkpoint.exists():
            self._restore()

    def run(
        self,
        order: Callable[[int], NDArray[np.int64]],
        picture: Picture,
        loss: Callable[[Tensor, Batch], Tensor],
        after_epoch: Callable[[int, nn.Module], str],
    ) -> Network:
        """Train through all stages.

        Args:
            order: an epoch's number to the rows of that epoch, the same for the same number.
            picture: a row to its canvas.
            loss: logits and the batch to a scalar.
            after_epoch: called with the epoch and the averaged network in eval mode; its text is shown.

        Returns:
            The averaged network.
        """
        plan = [stage for stage in self.stages for _ in range(stage.epochs)]
        lengths = [len(order(epoch)) // self.batch for epoch in range(len(plan))]
        total = sum(lengths)
        saved = time.monotonic()
        while self.epoch < len(plan):
            stage, rows = plan[self.epoch], order(self.epoch)
            rows = rows[self.batch_in_epoch * self.batch :]
            seed = self.seed * 1000 + self.epoch * 100 + self.batch_in_epoch
            augmenters = [Augmenter(*self.canvas, seed * 10 + worker) for worker in range(WORKERS)]
            self.network.train()
            losses: list[float] = []
            source = batches(rows, stage.size, self.batch, picture, augmenters, seed)
            with closing(source), self._bar(lengths[self.epoch], len(plan), stage) as bar:
                for batch in source:
                    losses.append(self._train(batch, stage, total, loss))
                    self.batch_in_epoch += 1
                    bar.update()
                    bar.set_postfix_str(f"loss {np.mean(losses[-100:]):.4f}", refresh=False)
                    if time.monotonic() - saved > CHECKPOINT_SECONDS:
                        self._save()
                        saved = time.monotonic()
                        if bar.disable:  # no terminal: a line in the log now and then
                            done = f"{self.batch_in_epoch}/{lengths[self.epoch]} batches"
                            print(f"epoch {self.epoch + 1}: {done}, loss {np.mean(losses[-100:]):.4f}", flush=True)
            self.epoch, self.batch_in_epoch = self.epoch + 1, 0
            note = after_epoch(self.epoch - 1, self.average)
            self._save()
            mean = f"loss {np.mean(losses):.4f}" if losses else "resumed at its end"
            print(f"epoch {self.epoch}/{len(plan)} at {stage.size} px: {mean}  {note}", flush=True)
        return self.average

    def _bar(self, batches_in_epoch: int, epochs: int, stage: StageSettings) -> tqdm:
        return tqdm(
            total=batches_in_epoch,
            initial=self.batch_in_epoch,
            desc=f"epoch {self.epoch + 1}/{epochs} {stage.size} px",
            mininterval=2,
            disable=None,
        )

    def _train(self, batch: Batch, stage: StageSettings, total: int, loss: Callable[[Tensor, Batch], Tensor]) -> float:
        warmup = min(1.0, (self.step + 1) / min(WARMUP_STEPS, max(1.0, WARMUP_SHARE * total)))
        rate = stage.rate * warmup * 0.5 * (1 + math.cos(math.pi * self.step / total))
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        images = batch.images.to(self.device, non_blocking=True)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bfloat16):
            logits = self.network(images)
        value = loss(logits.float(), batch)
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), GRADIENT_NORM)
        self.optimizer.step()
        self.step += 1
        if self.step % AVERAGE_EVERY == 0:
            self._update_average()
        return float(value.detach())

    @torch.no_grad()
    def _update_average(self) -> None:
        # A young average follows quickly: the first weights are no part of the result.
        decay = min(self.decay**AVERAGE_EVERY, (1 + self.step) / (10 * AVERAGE_EVERY + self.step))
        mine = [t for t in self.average.state_dict().values() if t.is_floating_point()]
        theirs = [t for t in self.network.state_dict().values() if t.is_floating_point()]
        torch._foreach_lerp_(mine, theirs, 1 - decay)

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": (self.epoch, self.batch_in_epoch, self.step),
        }
        partial = self.checkpoint.with_name(self.checkpoint.name + ".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def _restore(self) -> None:
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.batch_in_epoch, self.step = state["progress"]


@torch.inference_mode()
def predict(
    network: nn.Module,
    images: Iterator[NDArray[np.uint8]],
    count: int,
    *,
    batch: int = 64,
    bfloat16: bool = True,
) -> NDArray[np.float32]:
    """Logits for pictures.

    Args:
        network: put into eval mode.
        images: S×S×3 uint8 BGR crops, ``count`` of them.
        count: how many.
        batch: how many at a time.
        bfloat16: compute in it; faster, with three significant digits.

    Returns:
        count×outputs float32.
    """
    from train.data.batches import to_input

    where = next(network.parameters()).device
    network.eval()
    results = []
    for start in range(0, count, batch):
        block = np.stack([next(images) for _ in range(min(batch, count - start))])
        with torch.autocast(where.type, dtype=torch.bfloat16, enabled=bfloat16):
            results.append(network(to_input(block).to(where)).float().cpu().numpy())
    return np.concatenate(results)
