"""From the trained detector to ``detector.tflite``, int8 throughout and for pictures of any size, and its card."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from train.detector.canvas import Sources, draw_canvas
from train.detector.network import BASE_SIDE, STRIDE, DetectorNetwork, Unit
from train.detector.settings import DetectorSettings
from train.learning.pretrained import import_keras
from webcam_app.faces.tflite import load_interpreter

CENTRE_OUTPUT = "centre"
BOX_OUTPUT = "box"
COMMAND = "python -m train detector --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN"
# Canvases that show the converter how large the activations get.
CALIBRATION = 200
# Logit from which a cell makes a proposal: of such cells one in twenty is a face's centre.
PROPOSAL = -3.0
# Sizes that the application hands over: the network learned a little more on both sides.
SMALLEST, LARGEST = 18.0, 54.0


def keras_twin(network: DetectorNetwork, size: int) -> Any:
    """The same function in Keras with batch norm folded.

    Args:
        network: in eval mode.
        size: side of the input; the converted network takes others too.

    Returns:
        A ``keras.Model`` from 1×size×size×3 in [-1, 1] to ``centre`` (logit, one channel) and ``box`` (three).
    """
    keras = import_keras()
    import tensorflow as tf

    layers = keras.layers
    inputs = keras.Input((size, size, 3), batch_size=1, name="image")
    weights: dict[str, list[NDArray[np.float32]]] = {}

    def unit(name: str, part: Unit, x: Any) -> Any:
        kernel, bias = _folded(part)
        weights[name] = [kernel.transpose(2, 3, 1, 0), bias]
        return layers.Conv2D(len(kernel), 3, part.stride, padding="same", activation="relu", name=name)(x)

    x = inputs
    for number, part in enumerate(network.stem):
        x = unit(f"stem_{number}", part, x)
    for number, part in enumerate(network.fine):
        x = layers.Add(name=f"fine_sum_{number}")([x, unit(f"fine_{number}", part, x)])
    y = unit("down", network.down, x)
    for number, part in enumerate(network.coarse):
        y = layers.Add(name=f"coarse_sum_{number}")([y, unit(f"coarse_{number}", part, y)])
    kernel, bias = (values.detach().numpy() for values in (network.up.weight, network.up.bias))
    # PyTorch's pixel_shuffle takes channels as (channel, row, column), TensorFlow's depth_to_space as (row, column,
    # channel).
    order = np.arange(len(bias)).reshape(-1, 4).T.ravel()
    weights["up"] = [kernel[order].transpose(2, 3, 1, 0), bias[order]]
    y = layers.Conv2D(len(bias), 1, name="up")(y)
    y = layers.Lambda(lambda z: tf.nn.depth_to_space(z, 2), name="shuffle")(y)
    x = unit("join", network.join, layers.Add(name="both")([x, y]))
    kernel, bias = (values.detach().numpy() for values in (network.head.weight, network.head.bias))
    outputs = {}
    for name, part in ((CENTRE_OUTPUT, slice(0, 1)), (BOX_OUTPUT, slice(1, 4))):
        weights[name] = [kernel[part].transpose(2, 3, 1, 0), bias[part]]
        outputs[name] = layers.Conv2D(len(bias[part]), 1, name=name)(x)
    model = keras.Model(inputs, outputs)
    for name, values in weights.items():
        model.get_layer(name).set_weights(values)
    return model


def _folded(unit: Unit) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    norm = unit.norm
    factor = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()  # type: ignore[operator, arg-type]
    kernel = (unit.convolution.weight * factor[:, None, None, None]).detach().numpy()
    return kernel, (norm.bias - norm.running_mean * factor).detach().numpy()  # type: ignore[operator]


def to_tflite(network: DetectorNetwork, calibration: Sequence[NDArray[np.uint8]]) -> bytes:
    """Convert to int8 throughout.

    Args:
        network: in eval mode.
        calibration: S×S×3 uint8 BGR canvases of one size, some hundreds.
    """
    size = calibration[0].shape[0]
    model = keras_twin(network, size)
    import tensorflow as tf

    # Both ends of the range, so that the input's scale is that of a byte.
    samples = [(canvas.astype(np.float32) / 127.5 - 1)[None] for canvas in calibration]
    samples += [np.full((1, size, size, 3), value, np.float32) for value in (-1, 1)]
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([sample] for sample in samples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
        return bytes(converter.convert())


def calibration(sources: Sources, settings: DetectorSettings) -> list[NDArray[np.uint8]]:
    """Canvases like those of the training, others than these."""
    rngs = (np.random.default_rng([settings.seed, 2, number]) for number in range(CALIBRATION))
    return [draw_canvas(sources, rng, settings)[0] for rng in rngs]


def output_names(content: bytes) -> dict[str, str]:
    """What the tensors for ``centre`` and ``box`` are called in the file, told apart by their channels."""
    details = load_interpreter(content, Path("detector.tflite")).get_output_details()
    return {CENTRE_OUTPUT if detail["shape"][-1] == 1 else BOX_OUTPUT: detail["name"] for detail in details}


def write_model(
    content: bytes, output: Path, *, settings: DetectorSettings, threshold: float, results: dict[str, Any]
) -> None:
    """Write the network and, after it, its card; each replaces the old file in one go.

    Args:
        content: the network.
        output: the ``.tflite`` file; the card goes beside it as ``.json``.
        settings: of its training.
        threshold: log-odds from which a proposal is a face.
        results: figures for people.
    """
    card = {
        "format": 1,
        "name": "photograph detector",
        "task": "where in a photograph faces are (bare, masked, turned, partly covered), and how large",
        "input": {"color_order": "BGR", "stride": STRIDE, "multiple": 2 * STRIDE},
        "sizes": {"base": BASE_SIDE, "smallest": SMALLEST, "largest": LARGEST},
        "outputs": output_names(content),
        "thresholds": {"face": round(threshold, 3), "proposal": PROPOSAL},
        "sha256": sha256(content).hexdigest(),
        "licence": "MIT, like the application; made from FairFace (CC BY 4.0), photographs (CC0), drawn masks",
        "training": {"data": _data(settings), "settings": asdict(settings), "command": COMMAND},
        "results": results,
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    for path, data in ((output, content), (output.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())):
        part = path.with_suffix(path.suffix + ".part")
        part.write_bytes(data)
        part.replace(path)


def _data(settings: DetectorSettings) -> list[str]:
    return [
        f"{settings.faces} pictures of FairFace's training split (CC BY 4.0), two fifths with drawn masks, a sixth "
        "with hands, cups, beards and other things before the face, pasted at all sizes",
        "two thirds of 449 street photographs with boxes (face-mask-detection, CC0); a twelfth chose the threshold, a "
        "quarter was held out",
    ]
