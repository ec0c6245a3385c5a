"""From the trained detector to ``detector.tflite``, int8 throughout and for pictures of any size, and its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from train.detector.network import BASE_SIDE, STRIDE, DetectorNetwork, Unit
from train.detector.settings import DetectorSettings
from train.learning.convert import KerasTwin, array, folded, output_names, to_tflite
from train.model_file import checksum
from webcam_app.faces.network_file import FORMAT

COMMAND = "python -m train detector --faces FAIRFACE.zip --boxes STREETS.zip --masks TEMPLATES.zip --run RUN"
CENTRE_OUTPUT = "centre"
BOX_OUTPUT = "box"
# Logit from which a cell makes a proposal: nine a picture on street photographs; with -3, 51, of which none more is
# confirmed.
MIN_LOGIT = -1.0
# Pictures are padded to multiples of so many pixels; the network needs 16, but sizes that recur cost less.
MULTIPLE = 32
# Sizes that the application scales faces to, in pixels: the network learned a little more on both sides.
SMALLEST, LARGEST = 16.0, 54.0


def keras_twin(network: DetectorNetwork, size: int) -> Any:
    """The same function in Keras with batch norm folded.

    Args:
        network: in eval mode.
        size: side of the input; the converted network takes others too.

    Returns:
        A ``keras.Model`` from 1×size×size×3 BGR in [-1, 1] to ``centre`` (logit, one channel) and ``box`` (three).
    """
    twin = KerasTwin(size, scale_input=False)
    import tensorflow as tf

    layers = twin.layers

    def unit(name: str, part: nn.Module, x: Any) -> Any:
        assert isinstance(part, Unit)
        weights = folded(part.convolution, part.norm)
        return layers.ReLU(name=f"{name}_relu")(twin.convolution(x, name, weights, part.stride, "same"))

    x = twin.start
    for number, part in enumerate(network.stem):
        x = unit(f"stem_{number}", part, x)
    for number, part in enumerate(network.fine):
        x = layers.Add(name=f"fine_sum_{number}")([x, unit(f"fine_{number}", part, x)])
    y = unit("down", network.down, x)
    for number, part in enumerate(network.coarse):
        y = layers.Add(name=f"coarse_sum_{number}")([y, unit(f"coarse_{number}", part, y)])
    # PyTorch's pixel_shuffle takes channels as (channel, row, column), TensorFlow's depth_to_space as (row, column,
    # channel).
    kernel, bias = array(network.up.weight), array(network.up.bias)
    order = np.arange(len(bias)).reshape(-1, 4).T.ravel()
    y = twin.convolution(y, "up", (kernel[order], bias[order]), 1, "same")
    y = layers.Lambda(lambda z: tf.nn.depth_to_space(z, 2), name="shuffle")(y)
    x = unit("join", network.join, layers.Add(name="both")([x, y]))
    kernel, bias = array(network.head.weight), array(network.head.bias)
    parts = {CENTRE_OUTPUT: slice(0, 1), BOX_OUTPUT: slice(1, 4)}
    return twin.model({name: twin.convolution(x, name, (kernel[p], bias[p]), 1, "same") for name, p in parts.items()})


def convert(network: DetectorNetwork, calibration: NDArray[np.uint8]) -> bytes:
    """Convert to int8 throughout.

    Args:
        network: in eval mode.
        calibration: n×S×S×3 uint8 BGR scenes, some hundreds.
    """
    size = calibration.shape[1]
    samples = [(np.asarray(scene, np.float32) / 127.5 - 1)[None] for scene in calibration]
    # Both ends of the range, so that the input's scale is that of a byte.
    samples += [np.full((1, size, size, 3), value, np.float32) for value in (-1, 1)]
    return to_tflite(keras_twin(network, size), samples)


def card_of(
    content: bytes, settings: DetectorSettings, thresholds: tuple[float, float], results: Mapping[str, Any]
) -> dict[str, Any]:
    """A converted network's card.

    Args:
        content: the network.
        settings: of its training.
        thresholds: log-odds from which a proposal is a face, and those for one smaller than ``settings.small``.
        results: figures for people.
    """
    names = output_names(content)
    return {
        "format": FORMAT,
        "name": "face detector",
        "task": "where in a picture faces are (bare, masked, turned, partly covered), and how large",
        "input": {"color_order": "BGR", "stride": STRIDE, "multiple": MULTIPLE},
        "sizes": {"base": BASE_SIDE, "smallest": SMALLEST, "largest": LARGEST},
        "outputs": {CENTRE_OUTPUT: names[CENTRE_OUTPUT], BOX_OUTPUT: names[BOX_OUTPUT]},
        "thresholds": {
            "face": round(thresholds[0], 3),
            "small": {"below": settings.small, "face": round(thresholds[1], 3)},
            "proposal": MIN_LOGIT,
        },
        "sha256": checksum(content),
        "licence": "MIT, like the application; made from FairFace (CC BY 4.0), photographs (CC0), drawn masks",
        "training": {
            "data": _data(settings),
            "settings": asdict(settings),
            "command": COMMAND + (" --start LIVE/detector.checkpoint.pt" if settings.grown else ""),
        },
        "results": dict(results),
    }


def _data(settings: DetectorSettings) -> list[str]:
    return [
        f"{settings.faces} pictures of FairFace's training split (CC BY 4.0), two fifths with drawn masks, a sixth "
        "with hands, cups and other things drawn before the face, pasted at all sizes",
        "251 of 449 street photographs with boxes (face-mask-detection, CC0), 80 for development; 118 were held out. "
        "Where an earlier detector was certain of a face that nobody had marked, or marks lay beside one, nothing was "
        "learned",
    ]
