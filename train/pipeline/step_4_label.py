"""Step ``label``: the teacher labels every face, above all the pool that it was not trained on.

Where training goes on from an exported student (``start_model``), that student stands for the teacher.

    python -m train label --run runs/gender

Writes ``soft_labels.npz``: ``logits`` (N×classes float32, rows of the cache), the mean over the face and its mirror
image, and ``confidence`` (N, the probability of the best class at temperature 1).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train import processes
from train.data.augment import crop_canvas
from train.data.cache import SPLITS, Cache, open_cache
from train.errors import TrainError
from train.learning.trainer import device, predict
from train.metrics import softmax
from train.pipeline.step_2_hints import looked_at
from train.pipeline.step_3_teacher import train_teacher
from train.run_folder import RunFolder
from train.settings import Settings
from webcam_app.faces.labelling.classifier import Classifier

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

    Chunks are kept as they come, so a stopped step goes on where it was. Several processes take turns at them.
    """
    if run.is_finished("soft_labels", settings):
        with np.load(run.soft_labels) as kept:
            return np.asarray(kept["logits"], np.float32)
    cache = open_cache(run.cache)
    run.begin("soft_labels", settings)
    labeller = _labeller(run, settings, cache)
    needed = np.ones(len(cache.keys), np.bool_)
    if settings.face_weights is not None:
        needed = looked_at(run, cache, settings.hints.faces)
    parts = {start: run.path / "soft_labels" / f"{start:08d}.npy" for start in range(0, len(cache.keys), CHUNK)}
    for number, (start, part) in enumerate(parts.items()):
        if not processes.share().takes(number):
            continue
        if not part.exists():
            part.parent.mkdir(exist_ok=True)
            rows = np.arange(start, min(start + CHUNK, len(cache.keys)))
            logits = np.zeros((len(rows), len(cache.labels)), np.float32)
            if needed[rows].any():
                logits[needed[rows]] = labeller(rows[needed[rows]])
            partial = part.with_suffix(".partial")
            with partial.open("wb") as file:
                np.save(file, logits)
            partial.replace(part)
        print(f"label: {min(start + CHUNK, len(cache.keys))} of {len(cache.keys)} faces", flush=True)
    processes.wait()
    logits = np.concatenate([np.load(part) for part in parts.values()])
    processes.once(_keep, run, cache, logits)
    return logits


def _keep(run: RunFolder, cache: Cache, logits: NDArray[np.float32]) -> None:
    confidence = softmax(logits).max(1).astype(np.float32)
    partial = run.soft_labels.with_suffix(".partial.npz")
    np.savez(partial, logits=logits, confidence=confidence)
    partial.replace(run.soft_labels)
    report = _report(cache, logits, confidence)
    run.note("label", report)
    print(json.dumps(report, indent=2))


def _report(cache: Cache, logits: NDArray[np.float32], confidence: NDArray[np.float32]) -> dict[str, Any]:
    """How the labeller does on each split, where the given label is known."""
    return {
        split: {
            "faces": len(rows),
            "agrees with the given label": float((logits[rows].argmax(1) == cache.classes[rows]).mean()),
            "median confidence": float(np.median(confidence[rows])),
        }
        for split in SPLITS
        if len(rows := cache.rows(split)[cache.classes[cache.rows(split)] >= 0])
    }


def _labeller(run: RunFolder, settings: Settings, cache: Cache) -> Callable[[NDArray[np.int64]], NDArray[np.float32]]:
    """What labels rows of the cache: the teacher, or the exported student that training starts from.

    Raises:
        TrainError: that student has other labels.
    """
    if settings.start_model is not None:
        classifier = Classifier(Path(settings.start_model))
        if classifier.card.labels != cache.labels:
            raise TrainError(
                f"'{settings.start_model}' knows the labels {', '.join(classifier.card.labels)}, the data "
                f"{', '.join(cache.labels)}: start from a model of the same labels, or set given_labels_only in "
                "the settings"
            )
        size = classifier.card.input_size

        def look(crops: Iterator[NDArray[np.uint8]], count: int) -> NDArray[np.float32]:
            return np.stack([said.logits for said in classifier.classify([next(crops) for _ in range(count)])])
    else:
        teacher, size = train_teacher(run, settings).to(device()), settings.teacher.stages[-1].size

        def look(crops: Iterator[NDArray[np.uint8]], count: int) -> NDArray[np.float32]:
            return predict(teacher, crops, count)[:, : len(cache.labels)]

    def label(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        def crops(mirrored: bool) -> Iterator[NDArray[np.uint8]]:
            for row in rows:
                crop = crop_canvas(cache.images[row], size, settings.prepare.canvas_scale)
                yield np.ascontiguousarray(crop[:, ::-1]) if mirrored else crop

        logits = [look(crops(mirrored), len(rows)) for mirrored in (False, True)]
        return np.asarray(np.mean(logits, axis=0, dtype=np.float32), np.float32)

    return label
