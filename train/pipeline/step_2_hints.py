"""Step ``hints``: the frozen face network looks at every face; labels by folds and hints for the student.

    python -m train hints --run runs/gender --face-weights mobilenet_v1_face_folded.npz

Writes ``face_features.npy`` (N×1024 float16, rows of the cache) and ``face_labels.npz``: ``logits`` (N×classes float32)
of small networks on these features, each face labelled by one that was not taught with it. It may be stopped at any
time. Several processes take turns at the faces.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train import processes
from train.data.augment import crop_canvas
from train.data.cache import Cache, open_cache
from train.errors import TrainError
from train.learning.face_network import FEATURES, INPUT_SIZE, face_features, load_face_network
from train.learning.heads import Standard, folds_of, out_of_fold_logits
from train.learning.hints import Hints
from train.learning.trainer import device
from train.metrics import softmax
from train.pipeline.chunks import made_in_chunks
from train.pipeline.labelling import looked_at
from train.run_folder import RunFolder
from train.settings import Settings

# Faces between two files: what a stop can cost.
CHUNK = 512
BATCH = 8
"""More at a time are slower on a processor: the maps fall out of its cache."""


@dataclass(frozen=True)
class FaceLabels:
    """What the face network says of the rows of a cache.

    Attributes:
        features: N×1024 float16.
        logits: N×classes float32, out of fold.
    """

    features: NDArray[np.float16]
    logits: NDArray[np.float32]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments beyond those of every step."""


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    face_labels(run, run.settings())
    return 0


def face_labels(run: RunFolder, settings: Settings) -> FaceLabels:
    """Features and out-of-fold logits of the face network; kept from the last call where it finished.

    Raises:
        TrainError: there is no cache, no face network is named, or its weights cannot be read.
    """
    cache = open_cache(run.cache)
    features = _all_features(run, settings, cache)
    path = run.face_labels
    if not processes.agreed(path.exists()):
        processes.once(_keep_labels, run, settings, cache, features)
    with np.load(path) as kept:
        return FaceLabels(features, kept["logits"])


def _keep_labels(run: RunFolder, settings: Settings, cache: Cache, features: NDArray[np.float16]) -> None:
    run.begin("face_labels", settings)
    logits = _labels(cache, settings, features)
    partial = run.face_labels.with_suffix(".partial.npz")
    np.savez(partial, logits=logits)
    partial.replace(run.face_labels)
    report = _report(cache, logits, seen_by_face_network(features))
    run.note("hints", report)
    print(json.dumps(report, indent=2))


def hints(run: RunFolder, settings: Settings) -> Hints:
    """What the student learns beside its labels: see :class:`train.learning.hints.Hints`."""
    cache = open_cache(run.cache)
    features = face_labels(run, settings).features
    seen = seen_by_face_network(features)
    taught = features[np.isin(cache.splits, ("train", "pool")) & seen]
    standard = Standard.of(taught)
    axes = principal_axes(standard(taught), settings.hints.dimensions)
    names = cache.attributes.get(settings.student.band_column, [""] * len(cache.keys))
    known = {name: number for number, name in enumerate(sorted(set(names) - {""}))}
    bands = np.array([known.get(name, -1) for name in names], np.int16)
    targets = (standard(features) @ axes).astype(np.float16)
    targets[~seen] = 0
    return Hints(targets, bands, len(known))


def principal_axes(features: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Directions of most variance, D×count with columns of length 1, of N×D features with mean 0.

    Fewer numbers are quicker to learn from few examples; what is dropped is mostly noise.
    """
    covariance = features.T.astype(np.float64) @ features.astype(np.float64) / max(1, len(features))
    _, axes = np.linalg.eigh(covariance)
    # A direction's sign is free: the largest entry is made positive, so that the axes are the same everywhere.
    best = axes[:, ::-1][:, :count]
    signs = np.sign(best[np.abs(best).argmax(0), np.arange(best.shape[1])])
    return np.asarray(best * signs, np.float32)


def _all_features(run: RunFolder, settings: Settings, cache: Cache) -> NDArray[np.float16]:
    whole = run.path / "face_features.npy"
    if processes.agreed(whole.exists()):
        return np.asarray(np.load(whole), np.float16)
    if settings.face_weights is None:
        raise TrainError("no face network: name its weights with --face-weights")
    network = load_face_network(Path(settings.face_weights)).to(device())
    count, scale = len(cache.keys), settings.prepare.canvas_scale
    wanted = looked_at(run, cache, settings.hints.faces)

    def look(rows: NDArray[np.int64]) -> NDArray[np.float16]:
        block = np.zeros((len(rows), FEATURES), np.float16)
        places = np.flatnonzero(wanted[rows])
        for some in np.array_split(places, max(1, -(-len(places) // BATCH))):
            crops = [crop_canvas(cache.images[row], INPUT_SIZE, scale) for row in rows[some]]
            block[some] = face_features(network, crops) if crops else 0
        return block

    features = made_in_chunks(run.path / "face_features", count, CHUNK, look, "hints")

    def join() -> None:
        partial = whole.with_suffix(".partial.npy")
        np.save(partial, features)
        partial.replace(whole)

    processes.once(join)
    return np.asarray(features, np.float16)


def seen_by_face_network(features: NDArray[np.float16]) -> NDArray[np.bool_]:
    """Which rows have features."""
    return np.asarray((features != 0).any(1), np.bool_)


def _labels(cache: Cache, settings: Settings, features: NDArray[np.float16]) -> NDArray[np.float32]:
    folds = folds_of(cache.keys, settings.hints.folds, settings.seed)
    # Development faces teach no head: they choose temperatures and thresholds.
    folds[~np.isin(cache.splits, ("train", "pool")) | ~seen_by_face_network(features)] = -1
    return out_of_fold_logits(features, cache.classes, folds, len(cache.labels), settings.seed)


def _report(cache: Cache, logits: NDArray[np.float32], seen: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    report = {}
    for split in ("train", "pool", "development"):
        rows = cache.rows(split)
        rows = rows[(cache.classes[rows] >= 0) & seen[rows]]
        if len(rows):
            probabilities = softmax(logits[rows])
            report[split] = {
                "faces": len(rows),
                "agrees with the given label": float((probabilities.argmax(1) == cache.classes[rows]).mean()),
                "median confidence": float(np.median(probabilities.max(1))),
            }
    return report
