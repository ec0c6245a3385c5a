"""Numbers for every row of a cache, made chunk by chunk, so that a step that was stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train import processes


def made_in_chunks(
    folder: Path, count: int, size: int, make: Callable[[NDArray[np.int64]], NDArray[Any]], name: str
) -> NDArray[Any]:
    """What ``make`` gives for all rows; several processes take turns at the chunks, and all get the whole.

    Args:
        folder: keeps a file for each finished chunk.
        count: rows.
        size: rows of a chunk: what a stop can cost.
        make: row numbers to as many numbers or vectors.
        name: of the step, for the lines that say how far it is.
    """
    parts = {start: folder / f"{start:08d}.npy" for start in range(0, count, size)}
    for number, (start, part) in enumerate(parts.items()):
        stop = min(start + size, count)
        if not processes.share().takes(number):
            continue
        if not part.exists():
            part.parent.mkdir(exist_ok=True)
            partial = part.with_suffix(".partial")
            made = make(np.arange(start, stop))
            with partial.open("wb") as file:
                np.save(file, made)
            partial.replace(part)
        print(f"{name}: {stop} of {count} faces", flush=True)
    processes.wait()
    return np.concatenate([np.load(part) for part in parts.values()])
