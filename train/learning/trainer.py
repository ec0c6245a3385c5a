"""The training loop of every network here: teacher, student and box refiner.

Stages of growing resolution, a warm-up and one cosine schedule, averaged weights, and a checkpoint every two minutes
from which a stopped run goes on. What is learned from comes from a ``BatchSource``, what is learned from a ``Loss``
(see ``train.learning.losses`` for how to add a term).

Several processes (``train.processes``) share each batch, and take the same steps with the mean of their gradients: a
step sees the faces that it sees with one process.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from train import processes
from train.data.batches import to_input
from train.learning.checkpoint import load_state, save_state
from train.processes import Share
from train.progress import report
from train.settings import StageSettings

CHECKPOINT_SECONDS = 120
BETAS = (0.9, 0.99)


class HasImages(Protocol):
    """A batch: network inputs, and whatever its loss needs besides."""

    @property
    def images(self) -> Tensor:
        """N×3×S×S float32."""


Network = TypeVar("Network", bound=nn.Module)
B = TypeVar("B", bound=HasImages)
B_co = TypeVar("B_co", bound=HasImages, covariant=True)
B_contra = TypeVar("B_contra", bound=HasImages, contravariant=True)


class BatchSource(Protocol[B_co]):
    """What a network learns from, epoch by epoch; the same epoch gives the same samples."""

    def length(self, epoch: int) -> int:
        """Batches in an epoch."""

    def batches(self, epoch: int, size: int, start: int, share: Share) -> Generator[B_co, None, None]:
        """One process's share of each of an epoch's batches, at ``size`` pixels from number ``start`` on."""


class Loss(Protocol[B_contra]):
    """Outputs of the network (float32) and the batch to a scalar."""

    def __call__(self, outputs: Tensor, batch: B_contra) -> Tensor:
        """The loss; its gradient is followed."""


@dataclass(frozen=True)
class Optimization:
    """How a network is optimized (AdamW).

    Attributes:
        average_decay: exponential moving average of the weights, by step.
        average_every: steps between two updates of the average, with the decay to that power: on a processor each
            update reads and writes all weights, which for Inception costs a fifth of a step.
        warmup_steps: steps in which the rate rises to its peak.
        warmup_share: the same as a share of all steps, where that is less.
        gradient_norm: longer gradients are scaled down to it.
        bfloat16: whether the forward pass computes in it, where the device has instructions for it.
    """

    average_decay: float
    average_every: int = 8
    warmup_steps: int = 200
    warmup_share: float = 0.05
    gradient_norm: float = 2.0
    bfloat16: bool = True

    def rate_factor(self, step: int, steps: int) -> float:
        """Share of the peak rate at a step: a linear warm-up times half a cosine."""
        warmup = min(1.0, (step + 1) / min(self.warmup_steps, max(1.0, self.warmup_share * steps)))
        return warmup * 0.5 * (1 + math.cos(math.pi * step / steps))


def device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fast_bfloat16(where: torch.device) -> bool:
    """Whether a device computes in bfloat16: a processor without such instructions is many times slower with it."""
    return where.type != "cpu" or bool(torch.cpu._is_avx512_bf16_supported())


def parameter_groups(
    network: nn.Module, fresh: Sequence[nn.Parameter], decay: float, factor: float
) -> list[dict[str, Any]]:
    """Groups for AdamW: decay for kernels only; ``fresh`` parameters, not pretrained, learn ``factor`` times faster."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    new = {id(parameter) for parameter in fresh}
    for parameter in network.parameters():
        if not parameter.requires_grad:
            continue
        key = (decay if parameter.ndim > 1 else 0.0, factor if id(parameter) in new else 1.0)
        groups.setdefault(key, []).append(parameter)
    return [{"params": group, "weight_decay": d, "factor": f} for (d, f), group in groups.items()]


class Trainer(Generic[Network]):
    """One network's training. ``run`` may be stopped at any time; calling it again goes on from the checkpoint."""

    def __init__(
        self,
        network: Network,
        groups: list[dict[str, Any]],
        stages: Sequence[StageSettings],
        checkpoint: Path,
        optimization: Optimization,
    ) -> None:
        """Take up a network, and its state where the checkpoint exists.

        Raises:
            TrainError: the checkpoint is damaged.
        """
        # Of several processes each draws its own dropout; where it goes on, not what it drew before.
        self._seed = torch.initial_seed()
        self.device = device()
        self.network = processes.take_first(network.to(self.device))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=BETAS, fused=True)
        self.stages, self.checkpoint, self.optimization = stages, checkpoint, optimization
        self.name = checkpoint.name.partition(".")[0]
        self.epoch = 0
        self.batch_in_epoch = 0
        self.step = 0
        self._saved_at = time.monotonic()
        if checkpoint.exists():
            self._restore()
        self._parallel = processes.parallel(self.network)
        self._share = processes.share()

    def run(
        self,
        source: BatchSource[B],
        loss: Loss[B],
        *,
        before_epoch: Callable[[int, nn.Module], None] | None = None,
        after_epoch: Callable[[int, nn.Module], str] | None = None,
    ) -> Network:
        """Train through all stages.

        Args:
            source: what to learn from.
            loss: what to minimize.
            before_epoch: called with the epoch's number and the averaged network in eval mode; may change ``source``.
            after_epoch: likewise, by the first process alone; its text is shown.

        Returns:
            The averaged network, in eval mode.
        """
        plan = [stage for stage in self.stages for _ in range(stage.epochs)]
        lengths = [source.length(epoch) for epoch in range(len(plan))]
        self._saved_at = time.monotonic()
        while self.epoch < len(plan):
            stage = plan[self.epoch]
            if before_epoch is not None:
                before_epoch(self.epoch, self.average)
            losses = self._run_epoch(source, loss, stage, lengths)
            self.epoch, self.batch_in_epoch = self.epoch + 1, 0
            processes.once(self._end_epoch, losses, len(plan), stage, sum(lengths), after_epoch)
        return self.average

    def _end_epoch(
        self,
        losses: Sequence[float],
        epochs: int,
        stage: StageSettings,
        steps: int,
        after_epoch: Callable[[int, nn.Module], str] | None,
    ) -> None:
        note = after_epoch(self.epoch - 1, self.average) if after_epoch is not None else ""
        self._save()
        if losses:
            report(self.name, self.step, steps, {"loss": float(np.mean(losses))})
        mean = f"loss {np.mean(losses):.4f}" if losses else "resumed at its end"
        print(f"epoch {self.epoch}/{epochs} at {stage.size} px: {mean}  {note}".rstrip(), flush=True)

    def _run_epoch(
        self, source: BatchSource[B], loss: Loss[B], stage: StageSettings, lengths: Sequence[int]
    ) -> list[float]:
        self._parallel.train()
        if self._share.of > 1:
            torch.manual_seed(hash((self._seed, self.step, self._share.number)))
        losses: list[float] = []
        length, steps = lengths[self.epoch], sum(lengths)
        batches = source.batches(self.epoch, stage.size, self.batch_in_epoch, self._share)
        with closing(batches), self._bar(length, len(lengths), stage) as bar:
            for batch in batches:
                losses.append(self._step(batch, stage.rate * self.optimization.rate_factor(self.step, steps), loss))
                self.batch_in_epoch += 1
                report(self.name, self.step, steps)
                bar.update()
                bar.set_postfix_str(f"loss {np.mean(losses[-100:]):.4f}", refresh=False)
                if processes.is_first() and time.monotonic() - self._saved_at > CHECKPOINT_SECONDS:
                    self._save()
                    if bar.disable:  # no terminal: a line in the log now and then
                        done = f"{self.batch_in_epoch}/{length} batches"
                        print(f"epoch {self.epoch + 1}: {done}, loss {np.mean(losses[-100:]):.4f}", flush=True)
        return losses

    def _bar(self, batches_in_epoch: int, epochs: int, stage: StageSettings) -> tqdm[Any]:
        return tqdm(
            total=batches_in_epoch,
            initial=self.batch_in_epoch,
            desc=f"epoch {self.epoch + 1}/{epochs} {stage.size} px",
            mininterval=2,
            disable=None if processes.is_first() else True,
        )

    def _step(self, batch: B, rate: float, loss: Loss[B]) -> float:
        chosen = self.optimization
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        images = batch.images.to(self.device, non_blocking=True)
        bfloat16 = chosen.bfloat16 and fast_bfloat16(self.device)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=bfloat16):
            outputs = self._parallel(images)
        value = loss(outputs.float(), batch)
        if self._share.of > 1:  # the mean over processes is to be the mean over faces
            value = value * (self._share.of * len(images) / processes.total(len(images)))
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), chosen.gradient_norm)
        self.optimizer.step()
        processes.average_buffers(self.network)
        self.step += 1
        if self.step % chosen.average_every == 0:
            self._update_average()
        return processes.total(float(value.detach())) / self._share.of

    @torch.no_grad()
    def _update_average(self) -> None:
        # A young average follows quickly: the first weights are no part of the result.
        every = self.optimization.average_every
        decay = min(self.optimization.average_decay**every, (1 + self.step) / (10 * every + self.step))
        mine = [t for t in self.average.state_dict().values() if t.is_floating_point()]
        theirs = [t for t in self.network.state_dict().values() if t.is_floating_point()]
        torch._foreach_lerp_(mine, theirs, 1 - decay)

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": (self.epoch, self.batch_in_epoch, self.step),
            "random": self._random_state(),
        }
        save_state(state, self.checkpoint)
        self._saved_at = time.monotonic()

    def _restore(self) -> None:
        state = load_state(self.checkpoint, self.device)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.batch_in_epoch, self.step = state["progress"]
        random = state.get("random")  # not there in checkpoints of earlier versions
        if random is not None and len(random) == len(self._random_state()):  # of the same kind of device
            (torch.cuda.set_rng_state if self.device.type == "cuda" else torch.set_rng_state)(random.cpu())

    def _random_state(self) -> Tensor:
        """Of what draws dropout, so that a training that was stopped comes to the same weights."""
        return torch.cuda.get_rng_state() if self.device.type == "cuda" else torch.get_rng_state()


@torch.inference_mode()
def predict(
    network: nn.Module,
    images: Iterator[NDArray[np.uint8]],
    count: int,
    *,
    batch: int = 64,
    bfloat16: bool = True,
    color_order: Literal["RGB", "BGR"] = "RGB",
) -> NDArray[np.float32]:
    """A network's outputs for pictures.

    Args:
        network: put into eval mode.
        images: S×S×3 uint8 BGR crops, ``count`` of them.
        count: how many.
        batch: how many at a time.
        bfloat16: compute in it; faster, with three significant digits.
        color_order: what the network takes.

    Returns:
        count×outputs float32.
    """
    where = next(network.parameters()).device
    bfloat16 = bfloat16 and fast_bfloat16(where)
    network.eval()
    results = []
    for start in range(0, count, batch):
        block = np.stack([next(images) for _ in range(min(batch, count - start))])
        with torch.autocast(where.type, dtype=torch.bfloat16, enabled=bfloat16):
            results.append(network(to_input(block, color_order).to(where)).float().cpu().numpy())
    return np.concatenate(results)
