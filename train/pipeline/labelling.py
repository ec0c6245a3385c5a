"""How a finished network labels every face of a run.

Chunks are kept as they come, so that labelling which was stopped goes on where it was. Several processes take turns.
"""

from __future__ import annotations

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
from train.metrics import softmax
from train.occlusion.occluded_faces import open_occluded
from train.pipeline.chunks import made_in_chunks
from train.run_folder import RunFolder
from train.settings import Settings
from webcam_app.faces.labelling.classifier import Classifier

CHUNK = 2048

Look = Callable[[Iterator[NDArray[np.uint8]], int], NDArray[np.float32]]
"""Crops (size×size×3 uint8 BGR each) and how many there are, to N×classes logits."""


def label_faces(
    run: RunFolder, settings: Settings, artefact: str, labeller: Callable[[], tuple[Look, int]]
) -> NDArray[np.float32]:
    """A network's logits for every row of the cache; kept from the last call where it finished.

    Args:
        run: with a cache.
        settings: the run's.
        artefact: the name under which they are kept, such as ``soft_labels``.
        labeller: gives what looks at crops, and their size; called where there is something to label.

    Returns:
        N×classes float32: means over the face and its mirror image. Where there is a face network, rows that it does
        not look at are 0: nothing is learned from them.
    """
    path = run.labels(artefact)
    if run.is_finished(artefact, settings):
        with np.load(path) as kept:
            return np.asarray(kept["logits"], np.float32)
    cache = open_cache(run.cache)
    run.begin(artefact, settings)
    look, size = labeller()
    needed = np.ones(len(cache.keys), np.bool_)
    if settings.face_weights is not None:
        needed = looked_at(run, cache, settings.hints.faces)
    scale = settings.prepare.canvas_scale

    def label(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        logits = np.zeros((len(rows), len(cache.labels)), np.float32)
        if needed[rows].any():
            logits[needed[rows]] = mirrored_mean(look, cache, rows[needed[rows]], size, scale)
        return logits

    logits = made_in_chunks(run.path / artefact, len(cache.keys), CHUNK, label, "label")
    processes.once(_keep, run, cache, logits, artefact)
    return logits


def mirrored_mean(look: Look, cache: Cache, rows: NDArray[np.int64], size: int, scale: float) -> NDArray[np.float32]:
    """Logits for rows of a cache, each the mean of those of the face and of its mirror image: N×classes."""

    def crops(mirrored: bool) -> Iterator[NDArray[np.uint8]]:
        for row in rows:
            crop = crop_canvas(cache.images[row], size, scale)
            yield np.ascontiguousarray(crop[:, ::-1]) if mirrored else crop

    logits = [look(crops(mirrored), len(rows)) for mirrored in (False, True)]
    return np.asarray(np.mean(logits, axis=0, dtype=np.float32), np.float32)


def start_labels(run: RunFolder, settings: Settings) -> NDArray[np.float32]:
    """What the exported student says that training starts from (``start_model``); see ``label_faces``.

    Raises:
        TrainError: that student has other labels.
    """

    def labeller() -> tuple[Look, int]:
        assert settings.start_model is not None
        classifier, labels = Classifier(Path(settings.start_model)), open_cache(run.cache).labels
        if classifier.card.labels != labels:
            raise TrainError(
                f"'{settings.start_model}' knows the labels {', '.join(classifier.card.labels)}, the data "
                f"{', '.join(labels)}: start from a model of the same labels, or set given_labels_only in the settings"
            )

        def look(crops: Iterator[NDArray[np.uint8]], count: int) -> NDArray[np.float32]:
            return np.stack([said.logits for said in classifier.classify([next(crops) for _ in range(count)])])

        return look, classifier.card.input_size

    return label_faces(run, settings, "start_labels", labeller)


def looked_at(run: RunFolder, cache: Cache, faces: int | None) -> NDArray[np.bool_]:
    """Which rows the face network looks at: the first ``faces``, the marked ones, and those with a drawn twin."""
    chosen = np.ones(len(cache.keys), np.bool_)
    if faces is not None:
        chosen[faces:] = cache.classes[faces:] < 0
        chosen[open_occluded(run.cache)[1][:, 0]] = True
    return chosen


def _keep(run: RunFolder, cache: Cache, logits: NDArray[np.float32], artefact: str) -> None:
    path = run.labels(artefact)
    confidence = softmax(logits).max(1).astype(np.float32)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, logits=logits, confidence=confidence)
    partial.replace(path)
    report = _report(cache, logits, confidence)
    run.note("label" if artefact == "soft_labels" else artefact, report)
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
