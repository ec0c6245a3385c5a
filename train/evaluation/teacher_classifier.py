"""A run's teacher in the place of a ``.tflite`` file, so that ``evaluate`` measures both in the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from train.data.cache import open_cache
from train.errors import TrainError
from train.learning.calibration import fit_temperature
from train.learning.trainer import predict
from train.pipeline.step_3_teacher import train_teacher
from train.pipeline.step_4_label import teacher_labels
from train.run_folder import RunFolder
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.labelling.crop import CropSpec


class TeacherClassifier:
    """Says what a finished teacher says; see ``webcam_app.faces.labelling.classifier.Classifier``. Not thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Load it; its temperature is fitted on the development faces.

        Args:
            folder: the run's.

        Raises:
            TrainError: the run has no finished teacher that has labelled its faces.
        """
        run = RunFolder(folder)
        settings = run.settings()
        weights = run.weights("teacher")
        if not (weights.exists() and run.labels("soft_labels").exists()):
            raise TrainError(
                f"'{folder}' has no teacher that has labelled its faces: run 'python -m train label' first"
            )
        cache = open_cache(run.cache)
        rows = cache.rows("development")
        self._network = train_teacher(run, settings)
        self._card = ModelCard(
            name=f"{settings.name}: Inception v3 teacher",
            task=settings.task,
            labels=cache.labels,
            input_size=settings.teacher.stages[-1].size,
            color_order="BGR",  # of crops as they come; ``predict`` turns them
            crop=CropSpec(),
            temperature=round(fit_temperature(teacher_labels(run, settings)[rows], cache.classes[rows]), 4),
            unsure_below=0.0,
            mask_at=None,
            classes_output="classes",
            mask_output=None,
            sha256=hashlib.sha256(weights.read_bytes()).hexdigest(),
            path=weights,
            document={},
        )

    @property
    def card(self) -> ModelCard:
        """What a card would say of it."""
        return self._card

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Look at face crops, each also as its mirror image, as in labelling.

        Args:
            crops: size×size×3 uint8 BGR each; not changed.

        Returns:
            One ``Prediction`` for each crop, without a mask.
        """

        def both() -> Iterator[NDArray[np.uint8]]:
            for crop in crops:
                yield crop
                yield crop[:, ::-1]

        with torch.inference_mode():
            logits = predict(self._network, both(), 2 * len(crops))[:, : len(self._card.labels)]
        means = logits.reshape(len(crops), 2, -1).mean(1) / np.float32(self._card.temperature)
        return [Prediction(mean, None) for mean in means]
