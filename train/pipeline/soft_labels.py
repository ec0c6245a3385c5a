"""What teacher and student learn from beside the given labels: the labels of several networks, combined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from train.data.cache import open_cache
from train.learning.calibration import fair_logits, fit_temperature
from train.pipeline.labelling import start_labels
from train.pipeline.step_2_hints import face_labels, seen_by_face_network
from train.run_folder import RunFolder
from train.settings import Settings


def labels_before_teacher(run: RunFolder, settings: Settings) -> NDArray[np.float32] | None:
    """What a teacher learns from: the labels of the face network and of the student that training starts from.

    Returns:
        N×classes logits, rows of the cache; None where there is neither.
    """
    others = [] if settings.start_model is None else [start_labels(run, settings)]
    if not others and settings.face_weights is None:
        return None
    return combined_labels(run, settings, others)


def combined_labels(run: RunFolder, settings: Settings, others: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The mean of all labellers' logits, the face network's included where there is one.

    Each is calibrated on the development faces. Networks that came to faces on different ways err differently: the mean
    is right more often than any of them.

    Args:
        run: with a cache.
        settings: the run's.
        others: N×classes logits of each labeller but the face network.

    Returns:
        N×classes float32; where the face network has not looked, the mean of the others.
    """
    cache = open_cache(run.cache)
    rows = cache.rows("development")
    named = {f"other {number}" if len(others) > 1 else "other": each for number, each in enumerate(others, 1)}
    seen = np.ones(len(cache.keys), np.bool_)
    if settings.face_weights is not None:
        said = face_labels(run, settings)
        seen = seen_by_face_network(said.features)
        named = {"face network": said.logits, **named}
    elif len(others) == 1:
        return others[0]
    rows = rows[seen[rows]]
    truth = cache.classes[rows]
    calibrated = {name: logits / fit_temperature(logits[rows], truth) for name, logits in named.items()}
    mean = np.asarray(np.mean(list(calibrated.values()), axis=0), np.float32)
    # Means of logits are too timid: they get a temperature of their own.
    mean /= np.float32(fit_temperature(mean[rows], truth))
    calibrated["all"] = mean
    right = ", ".join(f"{name} {(each[rows].argmax(1) == truth).mean():.4f}" for name, each in calibrated.items())
    print(f"labels: right on development faces: {right}")
    unseen = [logits for name, logits in calibrated.items() if name not in ("face network", "all")]
    if seen.all() or not unseen:
        return mean
    return np.asarray(np.where(seen[:, None], mean, np.mean(unseen, axis=0)), np.float32)


def fair_labels(labels: NDArray[np.float32], run: RunFolder, by: Sequence[str]) -> NDArray[np.float32]:
    """Labels shifted until they expect each class as often as it was given; see ``fair_logits``.

    Args:
        labels: N×classes logits.
        run: with a cache.
        by: columns of labels.csv; none leaves the labels as they are.
    """
    if not by:
        return labels
    cache = open_cache(run.cache)
    # Development faces choose temperature and thresholds: what they were given teaches nothing.
    truth = np.where(np.isin(cache.splits, ("train", "pool")), cache.classes, -1)
    return fair_logits(labels, truth, [cache.attributes.get(column, [""] * len(cache.keys)) for column in by])
