"""Weights read back from an int8 ``.tflite`` file that this pipeline exported: training goes on from what is shipped.

Kernels are dequantised; their batch norm is folded already. What is lost is the rounding of the weights alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from train.errors import TrainError
from train.learning.keras_twin import CLASSES_OUTPUT, MASK_OUTPUT
from train.learning.networks import MobileNetV2
from train.learning.pretrained import Weights
from webcam_app.faces.network_file import read_card, read_checked_model, text_field
from webcam_app.faces.tflite import load_interpreter

_LAYER = re.compile(
    r"(?:^|/)(Conv1|Conv_1|expanded_conv_(?:depthwise|project)|block_\d+_(?:expand|depthwise|project)"
    rf"|{CLASSES_OUTPUT}|{MASK_OUTPUT})(?:_\d+)?/(convolution|depthwise|MatMul|BiasAdd|Add)(?:;|$)"
)
"""Name of a layer in a tensor's name, as ``train.learning.convert`` makes the converter write it, and what it is."""


def read_back(model: Path) -> Weights:
    """Folded weights of an exported student.

    Args:
        model: the ``.tflite`` file with its card beside it.

    Returns:
        ``NAME/kernel`` (HWIO; depthwise HWC1; of the heads inputs×outputs) and ``NAME/bias`` by Keras's layer names.

    Raises:
        ModelError: the file or its card is missing or damaged.
        TrainError: it holds no MobileNetV2 of this pipeline.
    """
    sha256 = read_card(model, lambda document: text_field(document, "sha256").lower())
    interpreter = load_interpreter(read_checked_model(model, sha256), model)
    weights: dict[str, NDArray[np.floating[Any]]] = {}
    for detail in interpreter.get_tensor_details():
        found = _LAYER.search(detail["name"])
        # Biases of one dimension and kernels are constants; activations carry the same names.
        if found is None or (len(detail["shape"]) > 1 and found[2] in ("BiasAdd", "Add")):
            continue
        name, kind = found[1], found[2]
        if kind in ("BiasAdd", "Add"):
            weights[f"{name}/bias"] = _dequantized(interpreter, detail)
            continue
        kernel = _dequantized(interpreter, detail)
        if kind == "convolution" or (kind == "depthwise" and kernel.shape[1:3] == (3, 3)):
            weights[f"{name}/kernel"] = kernel.transpose(1, 2, 3, 0)
        elif kind == "MatMul":
            weights[f"{name}/kernel"] = kernel.T
    if f"{CLASSES_OUTPUT}/kernel" not in weights or "Conv_1/kernel" not in weights:
        raise TrainError(f"'{model}' is no network that this pipeline exported: its layers are not known by name")
    return weights


def _dequantized(interpreter: Any, detail: dict[str, Any]) -> NDArray[np.float32]:
    values = interpreter.get_tensor(detail["index"]).astype(np.float64)
    quantization = detail["quantization_parameters"]
    scales, zeros = quantization["scales"], quantization["zero_points"]
    if not len(scales):
        return np.asarray(values, np.float32)
    shape = [1] * values.ndim
    if len(scales) > 1:
        shape[quantization["quantized_dimension"]] = len(scales)
    return np.asarray((values - zeros.reshape(shape)) * scales.reshape(shape), np.float32)


@torch.no_grad()
def load_folded(network: MobileNetV2, weights: Weights, *, heads: bool = True) -> None:
    """Copy folded weights into a folded student.

    Args:
        network: made with ``folded=True``, of the width of the weights.
        weights: as ``read_back`` gives them.
        heads: whether to take the outputs' layer too; without it the outputs stay as they are.

    Raises:
        TrainError: the weights do not fit the network.
    """
    try:
        for name in network.names:
            convolution = network.unit(name).convolution
            order = (2, 3, 0, 1) if name.endswith("depthwise") else (3, 2, 0, 1)
            convolution.weight.copy_(torch.from_numpy(weights[f"{name}/kernel"]).permute(order))
            assert convolution.bias is not None
            convolution.bias.copy_(torch.from_numpy(weights[f"{name}/bias"]))
    except (KeyError, RuntimeError) as error:
        raise TrainError(f"the weights to start from do not fit the student: {error}") from None
    if heads:
        load_heads(network, weights)


@torch.no_grad()
def load_heads(network: MobileNetV2, weights: Weights) -> None:
    """Copy the outputs' layer alone, into a student folded or not; see ``load_folded``."""
    try:
        # A model that was shown no masks has no output for them: the last row stays as it is.
        parts = [part for part in (CLASSES_OUTPUT, MASK_OUTPUT) if f"{part}/kernel" in weights]
        kernel = torch.from_numpy(np.hstack([weights[f"{part}/kernel"] for part in parts]).T)
        count = network.head.out_features - (MASK_OUTPUT not in parts)
        network.head.weight[:count].copy_(kernel)
        network.head.bias[:count].copy_(torch.from_numpy(np.hstack([weights[f"{part}/bias"] for part in parts])))
    except (KeyError, RuntimeError) as error:
        raise TrainError(f"the weights to start from do not fit the student: {error}") from None
