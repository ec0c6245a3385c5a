"""Batches for training: drawn at random, augmented in threads beside the network."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.data.augment import Augmenter

# Batches that lie ready; more would only hold memory.
READY = 6
WORKERS = 2


class Batch(NamedTuple):
    """Inputs N×3×S×S float32 RGB in [-1, 1], and the rows of the cache that they show."""

    images: Tensor
    rows: NDArray[np.int64]
    masks: NDArray[np.int8]


Picture = Callable[[int, np.random.Generator], tuple[NDArray[np.uint8], int]]
"""A row's canvas, perhaps with a mask drawn on it, and whether it is masked: 1, 0, or -1 for unknown."""


def to_input(images: NDArray[np.uint8]) -> Tensor:
    """N×S×S×3 uint8 BGR to N×3×S×S float32 RGB in [-1, 1], channels last in memory."""
    tensor = torch.from_numpy(np.ascontiguousarray(images[..., ::-1])).permute(0, 3, 1, 2)
    return tensor.to(torch.float32).div_(127.5).sub_(1).contiguous(memory_format=torch.channels_last)


def balanced_order(
    rows: NDArray[np.int64], classes: NDArray[np.int16], rng: np.random.Generator, *, balance: bool
) -> NDArray[np.int64]:
    """An epoch's rows, shuffled.

    With ``balance`` each class is drawn equally often: rarer ones repeat. Rows without a class are drawn as they are.
    """
    known = classes[rows]
    if balance and (known >= 0).any():
        groups = [rows[known == label] for label in np.unique(known[known >= 0])]
        most = max(len(group) for group in groups)
        drawn = [np.concatenate([group, rng.choice(group, most - len(group))]) for group in groups]
        rows = np.concatenate([*drawn, rows[known < 0]])
    return rng.permutation(rows)


def batches(
    order: NDArray[np.int64], size: int, batch: int, picture: Picture, augmenters: Sequence[Augmenter], seed: int
) -> Iterator[Batch]:
    """Augmented batches of ``order``, prepared by one thread for each augmenter; the last partial one is dropped.

    Closing the iterator ends the threads. An exception in a thread is raised here.
    """
    starts: queue.SimpleQueue[int] = queue.SimpleQueue()
    count = len(order) // batch
    for number in range(count):
        starts.put(number)
    ready: queue.Queue[Batch | BaseException] = queue.Queue(READY)
    stop = threading.Event()

    def offer(item: Batch | BaseException) -> None:
        while not stop.is_set():
            try:
                return ready.put(item, timeout=0.2)
            except queue.Full:
                continue

    def work(augmenter: Augmenter, worker: int) -> None:
        rng = np.random.default_rng((seed, worker))
        try:
            while not stop.is_set():
                try:
                    number = starts.get_nowait()
                except queue.Empty:
                    return
                rows = order[number * batch : (number + 1) * batch]
                images = np.empty((batch, size, size, 3), np.uint8)
                masks = np.empty(batch, np.int8)
                for place, row in enumerate(rows):
                    canvas, masks[place] = picture(int(row), rng)
                    images[place] = augmenter(canvas, size)
                offer(Batch(to_input(images), rows, masks))
        except BaseException as error:  # handed to the consumer, which raises it
            offer(error)

    threads = [
        threading.Thread(target=work, args=(augmenter, number), name=f"augment-{number}", daemon=True)
        for number, augmenter in enumerate(augmenters)
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
