"""Step ``label``: the teacher labels every face, above all the pool that it was not trained on.

    python -m train label --run runs/gender

Writes ``soft_labels.npz``: ``logits`` (N×classes float32, rows of the cache), the mean over the face and its mirror
image, and ``confidence`` (N, the probability of the best class at temperature 1).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from train.data.augment import crop_canvas
from train.data.cache import SPLITS, Cache, open_cache
from train.learning.trainer import device, predict
from train.metrics import softmax
from train.pipeline.step_2_teacher import train_teacher
from train.run_folder import RunFolder
from train.settings import Settings

CHUNK = 2048


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments beyond those of every step."""


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    label_faces(run, run.settings())
    return 0


def label_faces(run: RunFolder, settings: Settings) -> NDArray[np.float32]:
    """The teacher's logits for every row of the cache, N×classes; kept from the last call where it finished.

    Chunks are kept as they come, so a stopped step goes on where it was.
    """
    if run.is_finished("soft_labels", settings):
        with np.load(run.soft_labels) as kept:
            return np.asarray(kept["logits"], np.float32)
    cache = open_cache(run.cache)
    run.begin("soft_labels", settings)
    teacher = train_teacher(run, settings).to(device())
    size = settings.teacher.stages[-1].size
    parts = []
    for start in range(0, len(cache.keys), CHUNK):
        part = run.path / "soft_labels" / f"{start:08d}.npy"
        if not part.exists():
            part.parent.mkdir(exist_ok=True)
            logits = _label_chunk(teacher, cache, settings, size, range(start, min(start + CHUNK, len(cache.keys))))
            partial = part.with_suffix(".partial")
            with partial.open("wb") as file:
                np.save(file, logits)
            partial.replace(part)
        parts.append(np.load(part))
        print(f"label: {min(start + CHUNK, len(cache.keys))} of {len(cache.keys)} faces", flush=True)
    logits = np.concatenate(parts)
    confidence = softmax(logits).max(1).astype(np.float32)
    partial = run.soft_labels.with_suffix(".partial.npz")
    np.savez(partial, logits=logits, confidence=confidence)
    partial.replace(run.soft_labels)
    report = _report(cache, logits, confidence)
    run.note("label", report)
    print(json.dumps(report, indent=2))
    return logits


def _report(cache: Cache, logits: NDArray[np.float32], confidence: NDArray[np.float32]) -> dict[str, Any]:
    """How the teacher does on each split, where the given label is known."""
    return {
        split: {
            "faces": len(rows),
            "teacher agrees with the given label": float((logits[rows].argmax(1) == cache.classes[rows]).mean()),
            "median confidence": float(np.median(confidence[rows])),
        }
        for split in SPLITS
        if len(rows := cache.rows(split)[cache.classes[cache.rows(split)] >= 0])
    }


def _label_chunk(teacher: nn.Module, cache: Cache, settings: Settings, size: int, rows: range) -> NDArray[np.float32]:
    def crops(mirrored: bool) -> Iterator[NDArray[np.uint8]]:
        for row in rows:
            crop = crop_canvas(cache.images[row], size, settings.prepare.canvas_scale)
            yield crop[:, ::-1] if mirrored else crop

    logits = [predict(teacher, crops(mirrored), len(rows)) for mirrored in (False, True)]
    return np.asarray(np.mean(logits, axis=0, dtype=np.float32), np.float32)[:, : len(cache.labels)]
