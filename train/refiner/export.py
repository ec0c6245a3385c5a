"""From the trained face verifier to ``face.tflite`` and its card."""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from train.learning.pretrained import import_keras
from train.refiner.samples import CROP, INPUT
from train.refiner.train import FaceNetwork
from webcam_app.faces.tflite import as_input, dequantize, load_interpreter

FACE_OUTPUT = "face"
PLACE_OUTPUT = "place"


def keras_twin(network: FaceNetwork) -> Any:
    """The same function in Keras with batch norm folded: 1×40×40×3 in [-1, 1] to ``face`` (logit) and ``place``."""
    keras = import_keras()
    layers = keras.layers
    inputs = keras.Input((INPUT, INPUT, 3), batch_size=1, name="image")
    x = inputs
    weights: dict[str, list[NDArray[np.float32]]] = {}
    for number, (convolution, norm) in enumerate(zip(network.convolutions, network.norms, strict=True)):
        factor = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
        kernel = (convolution.weight * factor[:, None, None, None]).detach().numpy()
        bias = ((convolution.bias - norm.running_mean) * factor + norm.bias).detach().numpy()
        padding = "same" if convolution.padding[0] else "valid"
        name = f"convolution_{number}"
        x = layers.Conv2D(len(kernel), 3, convolution.stride[0], padding=padding, activation="relu", name=name)(x)
        weights[name] = [kernel.transpose(2, 3, 1, 0), bias]
    # PyTorch flattens channels first.
    x = layers.Flatten()(layers.Permute((3, 1, 2))(x))
    kernel, bias = network.head.weight.detach().numpy().T, network.head.bias.detach().numpy()
    outputs = {FACE_OUTPUT: layers.Dense(1, name=FACE_OUTPUT)(x), PLACE_OUTPUT: layers.Dense(3, name=PLACE_OUTPUT)(x)}
    weights[FACE_OUTPUT] = [kernel[:, :1], bias[:1]]
    weights[PLACE_OUTPUT] = [kernel[:, 1:], bias[1:]]
    model = keras.Model(inputs, outputs)
    for name, values in weights.items():
        model.get_layer(name).set_weights(values)
    return model


def to_tflite(network: FaceNetwork, calibration: NDArray[np.uint8]) -> bytes:
    """Convert to int8 throughout.

    Args:
        network: in eval mode.
        calibration: n×40×40×3 uint8 BGR crops, some hundreds.
    """
    model = keras_twin(network)
    import tensorflow as tf

    # Both ends of the range, so that the input's scale is that of a byte.
    samples = [(np.asarray(crop, np.float32) / 127.5 - 1)[None] for crop in calibration]
    samples += [np.full((1, INPUT, INPUT, 3), value, np.float32) for value in (-1, 1)]
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([sample] for sample in samples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
        return bytes(converter.convert())


def output_names(content: bytes) -> dict[str, str]:
    """What the tensors for ``face`` and ``place`` are called in the file, told apart by their sizes."""
    details = load_interpreter(content, Path("face.tflite")).get_output_details()
    return {FACE_OUTPUT if detail["shape"][-1] == 1 else PLACE_OUTPUT: detail["name"] for detail in details}


def run_tflite(content: bytes, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """N×4 outputs of a converted network (logit, right, down, log size) on N×40×40×3 uint8 crops."""
    interpreter = load_interpreter(content, Path("face.tflite"))
    entry = interpreter.get_input_details()[0]
    outputs = sorted(interpreter.get_output_details(), key=lambda detail: detail["shape"][-1])
    rows = []
    for crop in crops:
        interpreter.set_tensor(entry["index"], as_input(crop, entry["dtype"])[None])
        interpreter.invoke()
        rows.append(
            np.concatenate([dequantize(interpreter.get_tensor(part["index"]), part).ravel() for part in outputs])
        )
    return np.array(rows, np.float32)


def write_model(
    content: bytes,
    output: Path,
    *,
    threshold: float,
    evidence: float,
    results: dict[str, Any],
    training: dict[str, Any],
) -> None:
    """Write the network and, after it, its card; each replaces the old file in one go.

    Args:
        content: the network.
        output: the ``.tflite`` file; the card goes beside it as ``.json``.
        threshold: probability from which a box counts as a face.
        evidence: see ``BoxRefiner.min_log_odds``.
        results: figures for people.
        training: data, settings and command for people.
    """
    names = output_names(content)
    card = {
        "format": 1,
        "name": "face verifier",
        "task": "whether a box that a cascade proposes holds a face (bare, masked, turned, partly covered), and where",
        "input": {
            "size": INPUT,
            "color_order": "BGR",
            "crop": {"scale": CROP.scale, "shift_down": CROP.shift_down},
        },
        "outputs": names,
        "thresholds": {"face": round(threshold, 4), "evidence": evidence},
        "sha256": sha256(content).hexdigest(),
        "licence": "MIT, like the application; made from FairFace (CC BY 4.0), photographs (CC0), drawn masks",
        "training": training,
        "results": results,
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    for path, data in ((output, content), (output.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())):
        part = path.with_suffix(path.suffix + ".part")
        part.write_bytes(data)
        part.replace(path)
