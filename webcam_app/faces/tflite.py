"""The TFLite runtime: loading a network, checking its input and outputs, and numbers in and out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError

# Keeps log-odds finite.
MIN_DOUBT = 1e-6


def load_interpreter(content: bytes, path: Path, threads: int = 1) -> Any:
    """A TFLite interpreter, ready to be invoked.

    Args:
        content: the network's file.
        path: where it came from, for messages.
        threads: threads of the interpreter. One is fastest for networks of this size.

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


def input_detail(interpreter: Any, size: int, path: Path) -> dict[str, Any]:
    """The runtime's description of a network's one input, 1×size×size×3.

    Args:
        interpreter: the network.
        size: side of the input as the card has it.
        path: the network's file, for messages.

    Raises:
        ModelError: the network has another input, or one of a type that is not supported.
    """
    details: list[dict[str, Any]] = interpreter.get_input_details()
    if len(details) != 1 or list(details[0]["shape"]) != [1, size, size, 3]:
        shapes = [list(map(int, detail["shape"])) for detail in details]
        raise ModelError(f"model '{path}' takes {shapes}, but its card promises one input [1, {size}, {size}, 3]")
    kind = np.dtype(details[0]["dtype"])
    if kind not in (np.int8, np.uint8, np.float32):
        raise ModelError(f"model '{path}' takes {kind}: not int8, uint8 or float32")
    return details[0]


def output_detail(interpreter: Any, name: str, count: int, path: Path) -> dict[str, Any]:
    """The runtime's description of one output of a network.

    Args:
        interpreter: the network.
        name: what the card calls the output.
        count: how many values the card needs from it.
        path: the network's file, for messages.

    Raises:
        ModelError: there is no such output, or it has another number of values.
    """
    outputs: dict[str, dict[str, Any]] = {detail["name"]: detail for detail in interpreter.get_output_details()}
    if name not in outputs:
        known = ", ".join(sorted(outputs))
        raise ModelError(f"model '{path}' has no output '{name}' that its card names; it has: {known}")
    found = int(np.prod(outputs[name]["shape"]))
    if found != count:
        raise ModelError(f"model '{path}': output '{name}' has {found} values, its card needs {count}")
    return outputs[name]


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


def invoke_on_crop(interpreter: Any, entry: dict[str, Any], crop: NDArray[np.uint8], color_order: str = "BGR") -> None:
    """Run a network on one crop; its outputs can be read then.

    Args:
        interpreter: the network.
        entry: its input, as ``input_detail`` gives it.
        crop: size×size×3 uint8 BGR, of the input's size; not changed.
        color_order: of the network's input, ``RGB`` or ``BGR``.

    Raises:
        ValueError, RuntimeError: the runtime refused the crop, or failed.
    """
    interpreter.set_tensor(entry["index"], as_input(_ordered(crop, color_order), entry["dtype"])[np.newaxis])
    interpreter.invoke()


def check_crop(crop: NDArray[np.uint8], size: int) -> None:
    """Refuse what is no crop for a network.

    Raises:
        ValueError: the crop is not size×size×3 uint8.
    """
    if crop.shape != (size, size, 3) or crop.dtype != np.uint8:
        raise ValueError(f"a crop is {crop.shape} {crop.dtype}, not {(size, size, 3)} uint8")


def _ordered(crop: NDArray[np.uint8], color_order: str) -> NDArray[np.uint8]:
    return crop if color_order == "BGR" else np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), np.uint8)


def sigmoid(value: float) -> float:
    """Probability of a single logit, without overflow."""
    return float(0.5 * (1 + np.tanh(0.5 * value)))


def logit(probability: float) -> float:
    """Log-odds of a probability, which is taken as no nearer to 0 and 1 than ``MIN_DOUBT``."""
    inside = min(max(probability, MIN_DOUBT), 1 - MIN_DOUBT)
    return math.log(inside / (1 - inside))
