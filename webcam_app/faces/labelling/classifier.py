"""The classifier network behind its card: crops in, a prediction for each out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import InferenceError
from webcam_app.faces.labelling.card import ModelCard, load_card
from webcam_app.faces.labelling.features import Glances
from webcam_app.faces.network_file import read_checked_model
from webcam_app.faces.tflite import (
    check_crop,
    dequantize,
    input_detail,
    invoke_on_crop,
    load_interpreter,
    output_detail,
    sigmoid,
)

# Logits of an int8 network stay within some tens; a value far beyond is a damaged file, and would overflow exp().
MAX_LOGIT = 1e4


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the network says about one crop.

    Attributes:
        logits: float32 of shape (labels,), in the card's order, already divided by the card's temperature: their
            softmax is the calibrated probability of one crop.
        mask: probability that the face wears a mask, 0 to 1; None where the network has no such output.
    """

    logits: NDArray[np.float32]
    mask: float | None = None


class FaceClassifier(Protocol):
    """What labels faces: a network of its own (``Classifier``), or a taught layer on a features network."""

    @property
    def card(self) -> ModelCard:
        """Labels, input and thresholds."""

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """See ``Classifier.classify``."""


@runtime_checkable
class GlancingClassifier(FaceClassifier, Protocol):
    """One that looks at a photograph's face several times, and at one that is followed once in a frame."""

    def glance(self, crop: NDArray[np.uint8], seen: Glances) -> Prediction:
        """Look once more at a face that is followed.

        Args:
            crop: as for ``classify``.
            seen: what was seen of this face before; the glance is added to it.
        """


def predict_followed(classifier: FaceClassifier, crop: NDArray[np.uint8], seen: Glances) -> Prediction:
    """What a classifier says of a face in the next frame; see ``GlancingClassifier.glance``."""
    if isinstance(classifier, GlancingClassifier):
        return classifier.glance(crop, seen)
    return classifier.classify([crop])[0]


class Classifier:
    """A TFLite network together with its card. Not thread-safe: one per thread."""

    def __init__(self, model: Path | None = None, *, threads: int = 1) -> None:
        """Load and check a network.

        Args:
            model: the ``.tflite`` file with its card beside it; None for the one that the application ships.
            threads: threads of the interpreter. One is fastest for networks of this size.

        Raises:
            ModelError: the file, its card or the TFLite runtime is missing, damaged, or does not fit the other.
        """
        if model is None:
            from webcam_app.resources import model_path

            model = model_path()
        self._card = load_card(model)
        self._interpreter = load_interpreter(read_checked_model(model, self._card.sha256), model, threads)
        self._input = input_detail(self._interpreter, self._card.input_size, model)
        self._classes = output_detail(self._interpreter, self._card.classes_output, len(self._card.labels), model)
        self._mask = (
            None
            if self._card.mask_output is None
            else output_detail(self._interpreter, self._card.mask_output, 1, model)
        )

    @property
    def card(self) -> ModelCard:
        """The network's card."""
        return self._card

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Predict for face crops, one by one: a batch is not faster on one thread and would change the input's shape.

        Args:
            crops: size×size×3 uint8 BGR each, as ``crop_face`` cuts them with the card's size and crop; not changed.

        Returns:
            One ``Prediction`` for each crop, in the same order.

        Raises:
            InferenceError: the network failed, or answered with something that is no number.
            ValueError: a crop has another shape or type.
        """
        return [self._predict(crop) for crop in crops]

    def _predict(self, crop: NDArray[np.uint8]) -> Prediction:
        check_crop(crop, self._card.input_size)
        try:
            invoke_on_crop(self._interpreter, self._input, crop, self._card.color_order)
            logits = self._read(self._classes) / np.float32(self._card.temperature)
            mask = None if self._mask is None else float(self._read(self._mask)[0])
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"model '{self._card.path}' failed on a face: {error}") from error
        if not np.all(np.abs(logits) < MAX_LOGIT) or (mask is not None and not abs(mask) < MAX_LOGIT):
            raise InferenceError(f"model '{self._card.path}' answered with numbers that are no probabilities")
        return Prediction(logits, None if mask is None else sigmoid(mask))

    def _read(self, detail: dict[str, Any]) -> NDArray[np.float32]:
        return dequantize(self._interpreter.get_tensor(detail["index"]), detail).reshape(-1)
