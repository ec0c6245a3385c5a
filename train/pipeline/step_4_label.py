"""Step ``label``: the teacher labels every face, above all the pool that it was not trained on.

    python -m train label --run runs/gender

Writes ``soft_labels.npz``: ``logits`` (N×classes float32, rows of the cache), the mean over the face and its mirror
image, and ``confidence`` (N, the probability of the best class at temperature 1). Where training goes on from an
exported student (``start_model``), that one labels all faces likewise (``start_labels.npz``), beside the teacher or in
its place (``teacher.beside_start``).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from train.learning.trainer import device, predict
from train.pipeline.labelling import Look, label_faces, start_labels
from train.pipeline.step_3_teacher import train_teacher
from train.run_folder import RunFolder
from train.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments beyond those of every step."""


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    all_labels(run, run.settings())
    return 0


def all_labels(run: RunFolder, settings: Settings) -> list[NDArray[np.float32]]:
    """What the teacher says of every row of the cache, and the student that training starts from: N×classes each."""
    labels = []
    if settings.start_model is not None:
        labels.append(start_labels(run, settings))
    if settings.has_teacher:
        labels.append(teacher_labels(run, settings))
    return labels


def teacher_labels(run: RunFolder, settings: Settings) -> NDArray[np.float32]:
    """The teacher's logits; see ``label_faces``."""

    def labeller() -> tuple[Look, int]:
        teacher = train_teacher(run, settings).to(device())

        def look(crops: Iterator[NDArray[np.uint8]], count: int) -> NDArray[np.float32]:
            return predict(teacher, crops, count)

        return look, settings.teacher.stages[-1].size

    return label_faces(run, settings, "soft_labels", labeller)
