"""The loop that trains the detector: scenes in, averaged weights out, a checkpoint every minute or two."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from train.detector.grow import start_grown
from train.detector.network import DetectorNetwork, to_input
from train.detector.scene import Sources, draw_scene
from train.detector.settings import DetectorSettings
from train.detector.targets import detector_loss, draw_targets
from train.learning.checkpoint import load_state, save_state
from train.learning.trainer import fast_bfloat16

CHECKPOINT_EVERY = 250
"""Steps between checkpoints; each also prints the mean losses since the last."""
WORKERS = 1
"""Processes that draw scenes: they take a third of the time of a step."""


class Scenes(torch.utils.data.Dataset[tuple[Tensor, Tensor]]):
    """Scenes of a training from some step on; each is drawn from (seed, index), whatever was drawn before."""

    def __init__(self, sources: Sources, settings: DetectorSettings, start: int) -> None:
        self.sources, self.settings, self.start = sources, settings, start * settings.batch

    def __len__(self) -> int:
        return self.settings.steps * self.settings.batch - self.start

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng([self.settings.seed, 1, self.start + index])
        scene, faces = draw_scene(self.sources, rng, self.settings)
        return torch.from_numpy(scene), torch.from_numpy(draw_targets(faces, scene.shape[:2], self.settings))


def checkpoint_path(folder: Path) -> Path:
    """Where a run keeps the network's state."""
    return folder / "detector.checkpoint.pt"


class Training:
    """A network on its way: weights, their average, the optimizer, and how many steps are done."""

    def __init__(self, settings: DetectorSettings, folder: Path, start: Path | None = None) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.checkpoint = settings, checkpoint_path(folder)
        network = DetectorNetwork(settings.channels, settings.coarse)
        if start is not None and not self.checkpoint.exists():
            start_grown(network, start, settings.seed)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network,
            avg_fn=lambda mean, value, count: moved_average(mean, value, average_decay(int(count), settings)),
            use_buffers=True,
        )
        kernels = [parameter for parameter in self.network.parameters() if parameter.ndim > 1]
        others = [parameter for parameter in self.network.parameters() if parameter.ndim <= 1]
        groups = [{"params": kernels, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, settings.rate)
        self.done = 0

    def resume(self) -> None:
        """Go on from the checkpoint, where there is one."""
        if not self.checkpoint.exists():
            return
        state = load_state(self.checkpoint)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.done = state["done"]

    def save(self) -> None:
        """Replace the checkpoint in one go."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "done": self.done,
        }
        save_state(state, self.checkpoint)

    def step(self, scenes: Tensor, targets: Tensor) -> tuple[float, float]:
        """One step of the optimizer; returns both losses."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.done, self.settings)
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=fast_bfloat16(torch.device("cpu"))):
            outputs = self.network(to_input(scenes))
        centre, box = detector_loss(outputs, targets, self.settings)
        self.optimizer.zero_grad()
        torch.autograd.backward(centre + box)
        nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.gradient_norm)
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self.done += 1
        return float(centre.detach()), float(box.detach())


def moved_average(mean: Tensor, value: Tensor, decay: float) -> Tensor:
    """The next moving average; of batch norm's counters, the newest."""
    return mean.lerp(value, 1 - decay) if value.is_floating_point() else value


def average_decay(count: int, settings: DetectorSettings) -> float:
    """Decay of the weights' moving average after some updates: less at first, or it would remember the random start."""
    return min(settings.average_decay, (1 + count) / (10 + count))


def learning_rate(step: int, settings: DetectorSettings) -> float:
    """A short warm-up, then half a cosine down to a hundredth."""
    share = min(1.0, step / max(1, settings.steps))
    warm = min(1.0, (step + 1) / max(1, min(settings.warmup, settings.steps // 5)))
    return settings.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))


def train_network(
    sources: Sources, folder: Path, settings: DetectorSettings, start: Path | None = None
) -> DetectorNetwork:
    """Train, or go on from the checkpoint.

    Args:
        sources: what scenes are composed of.
        folder: of the run, for the checkpoint.
        settings: see there.
        start: checkpoint of a smaller detector to begin with.

    Returns:
        The averaged network, in eval mode.
    """
    training = Training(settings, folder, start)
    training.resume()
    sums: list[tuple[float, float]] = []
    for scenes, targets in _batches(Scenes(sources, settings, training.done), settings):
        sums.append(training.step(scenes, targets))
        if training.done % CHECKPOINT_EVERY == 0 or training.done == settings.steps:
            training.save()
            centre, box = np.mean(sums, axis=0)
            print(f"detector: step {training.done}/{settings.steps}, {centre:.3f} centres, {box:.3f} boxes", flush=True)
            sums = []
    network: DetectorNetwork = training.average.module  # type: ignore[assignment]
    return network.eval()


def _batches(scenes: Scenes, settings: DetectorSettings) -> Iterator[Any]:
    # Small sets (tests) are drawn in this process.
    workers = WORKERS if len(scenes) >= CHECKPOINT_EVERY * settings.batch else 0
    return iter(
        torch.utils.data.DataLoader(
            scenes, settings.batch, shuffle=False, drop_last=True, num_workers=workers, worker_init_fn=_start_worker
        )
    )


def _start_worker(_number: int) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
