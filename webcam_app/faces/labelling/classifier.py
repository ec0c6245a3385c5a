"""The network: crops in, evidence for each label out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.labelling.card import ModelCard, load_card, read_checked_model

# Logits of an int8 network stay within some tens; a value far beyond is a damaged file, and would overflow exp().
MAX_LOGIT = 1e4


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the network says about one crop.

    Attributes:
        logits: float32 of shape (labels,), in the card's order, already divided by the card's temperature: their
            softmax is the calibrated probability of one look.
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
        self._interpreter = load_interpreter(read_checked_model(self._card), model, threads)
        self._input = self._input_detail()
        outputs = {detail["name"]: detail for detail in self._interpreter.get_output_details()}
        self._classes = self._output_detail(outputs, self._card.classes_output, len(self._card.labels))
        self._mask = None if self._card.mask_output is None else self._output_detail(outputs, self._card.mask_output, 1)

    @property
    def card(self) -> ModelCard:
        """The network's card."""
        return self._card

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Look at face crops, one by one: a batch is not faster on one thread and would change the input's shape.

        Args:
            crops: size×size×3 uint8 BGR each, as ``crop_face`` cuts them with the card's size and crop; not changed.

        Returns:
            One ``Prediction`` for each crop, in the same order.

        Raises:
            InferenceError: the network failed, or answered with something that is no number.
            ValueError: a crop has another shape or type.
        """
        return [self._look(crop) for crop in crops]

    def _look(self, crop: NDArray[np.uint8]) -> Prediction:
        size = self._card.input_size
        if crop.shape != (size, size, 3) or crop.dtype != np.uint8:
            raise ValueError(f"a crop is {crop.shape} {crop.dtype}, not {(size, size, 3)} uint8")
        if self._card.color_order == "RGB":
            crop = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB)  # type: ignore[assignment]
        try:
            self._interpreter.set_tensor(self._input["index"], as_input(crop, self._input["dtype"])[np.newaxis])
            self._interpreter.invoke()
            logits = self._read(self._classes) / np.float32(self._card.temperature)
            mask = None if self._mask is None else float(self._read(self._mask)[0])
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"model '{self._card.path}' failed on a face: {error}") from error
        if not np.all(np.abs(logits) < MAX_LOGIT) or (mask is not None and not abs(mask) < MAX_LOGIT):
            raise InferenceError(f"model '{self._card.path}' answered with numbers that are no probabilities")
        return Prediction(logits, None if mask is None else sigmoid(mask))

    def _read(self, detail: dict[str, Any]) -> NDArray[np.float32]:
        return dequantize(self._interpreter.get_tensor(detail["index"]), detail).reshape(-1)

    def _input_detail(self) -> dict[str, Any]:
        details: list[dict[str, Any]] = self._interpreter.get_input_details()
        size = self._card.input_size
        if len(details) != 1 or list(details[0]["shape"]) != [1, size, size, 3]:
            shapes = [list(map(int, detail["shape"])) for detail in details]
            raise ModelError(
                f"model '{self._card.path}' takes {shapes}, but its card promises one input [1, {size}, {size}, 3]"
            )
        kind = np.dtype(details[0]["dtype"])
        if kind not in (np.int8, np.uint8, np.float32):
            raise ModelError(f"model '{self._card.path}' takes {kind}: not int8, uint8 or float32")
        return details[0]

    def _output_detail(self, outputs: dict[str, dict[str, Any]], name: str, count: int) -> dict[str, Any]:
        if name not in outputs:
            known = ", ".join(sorted(outputs))
            raise ModelError(f"model '{self._card.path}' has no output '{name}' that its card names; it has: {known}")
        found = int(np.prod(outputs[name]["shape"]))
        if found != count:
            raise ModelError(f"model '{self._card.path}': output '{name}' has {found} values, its card needs {count}")
        return outputs[name]


def load_interpreter(content: bytes, path: Path, threads: int = 1) -> Any:
    """A TFLite interpreter, ready to be invoked.

    Args:
        content: the network's file.
        path: where it came from, for messages.
        threads: threads of the interpreter.

    Raises:
        ModelError: no TFLite runtime is installed, or it refuses the network.
    """
    interpreter_class = _interpreter_class()
    try:
        interpreter = interpreter_class(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "unknown reason"
        raise ModelError(f"model '{path}' is refused by the TFLite runtime: {reason}") from None
    return interpreter


def _interpreter_class() -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter
        except ImportError:
            raise ModelError("no TFLite runtime is installed: pip install ai-edge-litert") from None
    return Interpreter


def as_input(pixels: NDArray[np.uint8], kind: type[np.generic]) -> NDArray[Any]:
    """Pixels in the number format of a network's input.

    Scaling is part of the network: uint8 takes the bytes as they are, int8 the bytes less 128, float32 the values 0 to
    255.

    Args:
        pixels: uint8 of any shape; not changed.
        kind: the input's type: uint8, int8 or float32.
    """
    if kind == np.int8:
        signed: NDArray[np.int8] = (pixels ^ np.uint8(128)).view(np.int8)
        return signed
    return pixels if kind == np.uint8 else pixels.astype(np.float32)


def dequantize(values: NDArray[Any], detail: dict[str, Any]) -> NDArray[np.float32]:
    """A network's output as real numbers.

    Args:
        values: the raw tensor.
        detail: the entry of ``get_output_details()``.
    """
    scale, zero = detail["quantization"]
    real: NDArray[np.float32] = values.astype(np.float32)
    return real if scale == 0 else (real - np.float32(zero)) * np.float32(scale)


def sigmoid(value: float) -> float:
    """Probability of a single logit, without overflow."""
    return float(0.5 * (1 + np.tanh(0.5 * value)))
