"""From the PyTorch student to TFLite, through a Keras twin with folded batch norm.

The int8 network takes [-1, 1] with the scale of a byte, so that pixels less 128 are its input; the float one takes
0 to 255 and scales by itself. That is what ``webcam_app.faces.labelling.classifier`` hands over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.learning.networks import ConvolutionUnit, MobileNetV2
from train.learning.pretrained import import_keras

CLASSES_OUTPUT = "classes"
MASK_OUTPUT = "mask"


def folded(unit: ConvolutionUnit) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A unit's kernel (OIHW) and bias with its batch norm multiplied in."""
    kernel = unit.convolution.weight.detach().cpu().numpy().astype(np.float64)
    norm = unit.norm
    if norm is None:
        return kernel.astype(np.float32), unit.convolution.bias.detach().cpu().numpy()
    gamma, beta = norm.weight.detach().cpu().numpy(), norm.bias.detach().cpu().numpy()
    mean, variance = norm.running_mean.cpu().numpy(), norm.running_var.cpu().numpy()
    factor = gamma.astype(np.float64) / np.sqrt(variance.astype(np.float64) + norm.eps)
    return (kernel * factor[:, None, None, None]).astype(np.float32), (beta - mean * factor).astype(np.float32)


def keras_twin(network: MobileNetV2, size: int, *, scale_input: bool) -> Any:
    """The same function as a Keras model.

    Args:
        network: the student; its last output is the mask's.
        size: side of the input in pixels.
        scale_input: begin with the scaling from 0…255 to [-1, 1].

    Returns:
        A ``keras.Model`` from 1×size×size×3 RGB to ``{"classes": 1×C logits, "mask": 1×1 logit}``.
    """
    keras = import_keras()
    layers = keras.layers
    inputs = keras.Input((size, size, 3), batch_size=1, name="image")
    x = layers.Rescaling(1 / 127.5, -1.0)(inputs) if scale_input else inputs
    weights: dict[str, list[NDArray[np.float32]]] = {}

    def unit(name: str, x: Any) -> Any:
        part = network.units[name]
        kernel, bias = folded(part)
        step = 2 if part.subsample else 1
        if part.convolution.groups > 1:
            layer = layers.DepthwiseConv2D(kernel.shape[2:], step, padding="same", name=name)
            weights[name] = [kernel.transpose(2, 3, 0, 1), bias]
        else:
            layer = layers.Conv2D(kernel.shape[0], kernel.shape[2:], step, padding="same", name=name)
            weights[name] = [kernel.transpose(2, 3, 1, 0), bias]
        x = layer(x)
        return layers.ReLU(6.0, name=f"{name}_relu6")(x) if part.activation == "relu6" else x

    x = unit("Conv1", x)
    for number, (names, residual) in enumerate(network.blocks):
        y = x
        for name in names:
            y = unit(name, y)
        x = layers.Add(name=f"add_{number}")([x, y]) if residual else y
    x = layers.GlobalAveragePooling2D(name="pool")(unit("Conv_1", x))
    kernel = network.head.weight.detach().cpu().numpy().T
    bias = network.head.bias.detach().cpu().numpy()
    outputs = {
        CLASSES_OUTPUT: layers.Dense(len(bias) - 1, name=CLASSES_OUTPUT)(x),
        MASK_OUTPUT: layers.Dense(1, name=MASK_OUTPUT)(x),
    }
    weights[CLASSES_OUTPUT] = [kernel[:, :-1], bias[:-1]]
    weights[MASK_OUTPUT] = [kernel[:, -1:], bias[-1:]]
    model = keras.Model(inputs, outputs)
    for name, values in weights.items():
        model.get_layer(name).set_weights(values)
    return model


def to_tflite(
    network: MobileNetV2, size: int, calibration: Iterator[NDArray[np.float32]] | None = None
) -> tuple[bytes, dict[str, str]]:
    """Convert a student.

    Args:
        network: the student, in eval mode.
        size: side of the input in pixels.
        calibration: 1×size×size×3 float32 RGB in [-1, 1] each, some hundreds: makes a network of int8 throughout.
            None makes a float one.

    Returns:
        The file's content, and what its tensors for ``classes`` and ``mask`` are called in it.
    """
    model = keras_twin(network, size, scale_input=calibration is None)
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if calibration is not None:
            samples = list(calibration)
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([sample] for sample in samples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = tf.int8
            converter.inference_output_type = tf.int8
        content = converter.convert()
    return content, _output_names(content)


def _output_names(content: bytes) -> dict[str, str]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner()
    return {name: detail["name"] for name, detail in runner.get_output_details().items()}
