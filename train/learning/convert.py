"""From PyTorch to TFLite, through a Keras twin with folded batch norm.

An int8 network takes [-1, 1] with the scale of a byte, so that pixels less 128 are its input; a float one takes 0 to
255 and scales by itself. That is what ``webcam_app.faces.labelling.classifier`` hands over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from train.learning.pretrained import import_keras
from webcam_app.faces.tflite import load_interpreter

Floats = NDArray[np.float32]


def folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d | None) -> tuple[Floats, Floats]:
    """A convolution's kernel (OIHW) and bias with its batch norm multiplied in."""
    kernel = array(convolution.weight).astype(np.float64)
    bias = np.zeros(len(kernel)) if convolution.bias is None else array(convolution.bias).astype(np.float64)
    if norm is None:
        return kernel.astype(np.float32), bias.astype(np.float32)
    mean, variance = array(norm.running_mean).astype(np.float64), array(norm.running_var).astype(np.float64)
    factor = array(norm.weight) / np.sqrt(variance + norm.eps)
    bias = (bias - mean) * factor + array(norm.bias)
    return (kernel * factor[:, None, None, None]).astype(np.float32), bias.astype(np.float32)


def array(tensor: torch.Tensor | None) -> Floats:
    """A parameter's values."""
    if tensor is None:
        raise ValueError("the network has no such parameter")
    return np.asarray(tensor.detach().cpu().numpy(), np.float32)


class KerasTwin:
    """Builds a Keras model layer by layer, with weights in PyTorch's layout."""

    def __init__(self, size: int, *, scale_input: bool) -> None:
        """Begin with an input of 1×size×size×3.

        Args:
            size: side of the input in pixels.
            scale_input: begin with the scaling from 0…255 to [-1, 1].
        """
        self.layers: Any = import_keras().layers
        self.inputs: Any = import_keras().Input((size, size, 3), batch_size=1, name="image")
        self.start: Any = self.layers.Rescaling(1 / 127.5, -1.0)(self.inputs) if scale_input else self.inputs
        self._weights: dict[str, list[Floats]] = {}

    def convolution(
        self, x: Any, name: str, weights: tuple[Floats, Floats], stride: int, padding: str, *, depthwise: bool = False
    ) -> Any:
        """A convolution of ``x`` with a kernel (OIHW) and a bias; ``padding`` is Keras's ``same`` or ``valid``."""
        kernel, bias = weights
        if depthwise:
            layer = self.layers.DepthwiseConv2D(kernel.shape[2:], stride, padding=padding, name=name)
            self._weights[name] = [kernel.transpose(2, 3, 0, 1), bias]
        else:
            layer = self.layers.Conv2D(kernel.shape[0], kernel.shape[2:], stride, padding=padding, name=name)
            self._weights[name] = [kernel.transpose(2, 3, 1, 0), bias]
        return layer(x)

    def heads(self, x: Any, linear: nn.Linear, parts: Mapping[str, int]) -> Any:
        """One dense layer for each part of a linear layer's outputs.

        Args:
            x: N×features.
            linear: the layer whose outputs are split.
            parts: name of each output to its number of columns, in the order of the columns.

        Returns:
            The finished ``keras.Model``; its outputs are named as in ``parts``.
        """
        kernel, bias = array(linear.weight).T, array(linear.bias)
        outputs, start = {}, 0
        for name, count in parts.items():
            outputs[name] = self.layers.Dense(count, name=name)(x)
            self._weights[name] = [kernel[:, start : start + count], bias[start : start + count]]
            start += count
        return self.model(outputs)

    def model(self, outputs: Mapping[str, Any]) -> Any:
        """The finished ``keras.Model`` with some tensors as its outputs, by name."""
        model = import_keras().Model(self.inputs, dict(outputs))
        for name, values in self._weights.items():
            model.get_layer(name).set_weights(values)
        return model


def to_tflite(model: Any, calibration: Sequence[Floats] | None = None) -> bytes:
    """Convert a Keras model.

    Args:
        model: as ``KerasTwin`` makes it.
        calibration: 1×S×S×3 float32 in [-1, 1] each, some hundreds, with both ends of that range in them: makes a
            network of int8 throughout. None makes a float network.

    Returns:
        The file's content.
    """
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if calibration is not None:
            samples = calibration
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([sample] for sample in samples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = tf.int8
            converter.inference_output_type = tf.int8
        return bytes(converter.convert())


def output_names(content: bytes) -> dict[str, str]:
    """What the tensors of a converted network's outputs are called in the file, by the names that the twin gave."""
    runner = load_interpreter(content, Path("network.tflite")).get_signature_runner()
    return {name: str(detail["name"]) for name, detail in runner.get_output_details().items()}
