"""Batches for training: drawn at random, prepared in threads beside the network."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.data.augment import Augmenter

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

    Attributes:
        order: an epoch's number to the rows of that epoch, the same for the same number.
        picture: a row to its canvas.
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

    def batches(self, epoch: int, size: int, start: int) -> Generator[Batch, None, None]:
        """An epoch's batches at ``size`` pixels from number ``start`` on."""
        seed = self.seed * 1000 + epoch * 100 + start
        augmenters = [Augmenter(self.canvas_size, self.canvas_scale, seed * 10 + worker) for worker in range(WORKERS)]
        rows = self.order(epoch)[start * self.batch :]
        return augmented(rows, size, self.batch, self.picture, augmenters, seed)


def augmented(
    order: NDArray[np.int64], size: int, batch: int, picture: Picture, augmenters: Sequence[Augmenter], seed: int
) -> Generator[Batch, None, None]:
    """Augmented batches of ``order``, prepared by one thread for each augmenter; the last partial one is dropped."""
    generators = [np.random.default_rng((seed, worker)) for worker in range(len(augmenters))]

    def make(number: int, worker: int) -> Batch:
        rows = order[number * batch : (number + 1) * batch]
        images = np.empty((batch, size, size, 3), np.uint8)
        masks = np.empty(batch, np.int8)
        for index, row in enumerate(rows):
            canvas, masks[index] = picture(int(row), generators[worker])
            images[index] = augmenters[worker](canvas, size)
        return Batch(to_input(images), rows, masks)

    return prefetched(make, len(order) // batch, len(augmenters))


def prefetched(make: Callable[[int, int], B], count: int, workers: int) -> Generator[B, None, None]:
    """What ``make`` gives for 0 to ``count`` - 1, made ahead in threads; in order where there is one worker.

    Closing the generator ends the threads. An exception in a thread is raised here.

    Args:
        make: number and worker to a batch; called from several threads, but never twice at once for one worker.
        count: how many.
        workers: threads.
    """
    numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(count):
        numbers.put(number)
    ready: queue.Queue[Any] = queue.Queue(READY)
    stop = threading.Event()

    def offer(item: B | BaseException) -> None:
        while not stop.is_set():
            try:
                return ready.put(item, timeout=0.2)
            except queue.Full:
                continue

    def work(worker: int) -> None:
        try:
            while not stop.is_set():
                try:
                    number = numbers.get_nowait()
                except queue.Empty:
                    return
                offer(make(number, worker))
        except BaseException as error:  # handed to the consumer, which raises it
            offer(error)

    threads = [
        threading.Thread(target=work, args=(worker,), name=f"batches-{worker}", daemon=True)
        for worker in range(workers)
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in range(count):
            item = ready.get()
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        for thread in threads:
            thread.join()
