"""Batches for training: drawn at random, prepared in threads beside the network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.data.augment import Augmenter
from train.errors import TrainError
from train.processes import ALL, Share

# Batches that lie ready; more would only hold memory.
READY = 6
WORKERS = 2

B = TypeVar("B")


class Batch(NamedTuple):
    """Some faces of the cache.

    Attributes:
        images: N×3×S×S float32 RGB in [-1, 1].
        rows: N rows of the cache that they show; a loss finds its targets by them.
        masks: N: 1 masked, 0 bare, -1 unknown, as the face is shown here.
    """

    images: Tensor
    rows: NDArray[np.int64]
    masks: NDArray[np.int8]


Picture = Callable[[int, np.random.Generator], tuple[NDArray[np.uint8], int]]
"""A row's canvas, perhaps with a mask drawn on it, and whether it is masked: 1, 0, or -1 for unknown."""


def to_input(images: NDArray[np.uint8], color_order: Literal["RGB", "BGR"] = "RGB") -> Tensor:
    """N×S×S×3 uint8 BGR to N×3×S×S float32 in [-1, 1] in the order that a network takes, channels last in memory."""
    ordered = images[..., ::-1] if color_order == "RGB" else images
    tensor = torch.from_numpy(np.ascontiguousarray(ordered)).permute(0, 3, 1, 2)
    return tensor.to(torch.float32).div_(127.5).sub_(1).contiguous(memory_format=torch.channels_last)


def balanced_order(
    rows: NDArray[np.int64], classes: NDArray[np.int16], rng: np.random.Generator, *, balance: bool
) -> NDArray[np.int64]:
    """An epoch's rows, shuffled.

    With ``balance`` each class is drawn equally often: rarer ones repeat. An epoch has at most twice as many rows as
    there are: beyond that, those of the largest classes take turns. Rows without a class are drawn as they are.
    """
    known = classes[rows]
    if balance and (known >= 0).any():
        groups = [rows[known == label] for label in np.unique(known[known >= 0])]
        most = min(max(map(len, groups)), round(2 * sum(map(len, groups)) / len(groups)))
        drawn = [
            np.concatenate([group, rng.choice(group, most - len(group))])
            if len(group) <= most
            else rng.choice(group, most, replace=False)
            for group in groups
        ]
        rows = np.concatenate([*drawn, rows[known < 0]])
    return rng.permutation(rows)


def evened_order(
    rows: NDArray[np.int64],
    cells: NDArray[np.int64],
    rng: np.random.Generator,
    power: float,
    emphasis: NDArray[np.float64] | None = None,
) -> NDArray[np.int64]:
    """An epoch's rows, shuffled, in which rare cells are shown more often than they come.

    Args:
        rows: to draw from.
        cells: of every row of the cache, the number of its cell.
        rng: decides what is rounded up, and the order.
        power: a face of a cell of n faces is drawn in proportion to n to the power of less this: 0 draws all faces
            alike, 1 all cells.
        emphasis: of every row of the cache, how much more often it is drawn besides; None for all alike.

    Returns:
        About as many rows as were given.
    """
    _, inverse, counts = np.unique(cells[rows], return_inverse=True, return_counts=True)
    weights = counts[inverse].astype(np.float64) ** -power
    if emphasis is not None:
        weights *= emphasis[rows]
    wanted = weights * (len(rows) / weights.sum())
    copies = np.floor(wanted + rng.random(len(rows))).astype(np.int64)
    return rng.permutation(np.repeat(rows, copies))


@dataclass(frozen=True)
class CanvasBatches:
    """Augmented batches of the cache's faces, epoch by epoch; a ``BatchSource`` of the trainer.

    How a face is shown follows from seed, epoch and its place in the epoch alone, so that it is the same in every run,
    wherever that was stopped.

    Attributes:
        order: an epoch's number to the rows of that epoch, the same for the same number.
        picture: a row to its canvas; called from several threads.
        batch: faces in a batch; an epoch's last partial batch is dropped.
        canvas_size, canvas_scale: of the canvases; see ``PrepareSettings``.
        seed: of the augmentation.
    """

    order: Callable[[int], NDArray[np.int64]]
    picture: Picture
    batch: int
    canvas_size: int
    canvas_scale: float
    seed: int

    def length(self, epoch: int) -> int:
        """Batches in an epoch."""
        return len(self.order(epoch)) // self.batch

    def batches(self, epoch: int, size: int, start: int, share: Share = ALL) -> Generator[Batch, None, None]:
        """One process's share of each of an epoch's batches, at ``size`` pixels from number ``start`` on.

        Raises:
            TrainError: there are more processes than faces in a batch.
        """
        if share.of > self.batch:
            raise TrainError(f"{share.of} processes cannot share a batch of {self.batch}: start fewer")
        order = self.order(epoch)
        augment = Augmenter(self.canvas_size, self.canvas_scale, self.seed)

        def make(number: int) -> Batch:
            places = range((start + number) * self.batch, (start + number + 1) * self.batch)[share.part(self.batch)]
            images = np.empty((len(places), size, size, 3), np.uint8)
            masks = np.empty(len(places), np.int8)
            for index, place in enumerate(places):
                rng = np.random.default_rng((self.seed, epoch, place))
                canvas, masks[index] = self.picture(int(order[place]), rng)
                images[index] = augment(canvas, size, rng)
            return Batch(to_input(images), order[places.start : places.stop], masks)

        return prefetched(make, len(order) // self.batch - start, WORKERS)


def prefetched(make: Callable[[int], B], count: int, workers: int) -> Generator[B, None, None]:
    """What ``make`` gives for 0 to ``count`` - 1, in order, made ahead in threads.

    Closing the generator ends the threads. An exception in a thread is raised here.

    Args:
        make: number to a batch; called from several threads at once.
        count: how many.
        workers: threads.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="batches")
    ready: deque[Future[B]] = deque()
    try:
        for number in range(count):
            while number + len(ready) < min(number + READY, count):
                ready.append(pool.submit(make, number + len(ready)))
            yield ready.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
