"""From the trained box refiner to ``face.tflite`` and its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.learning.convert import output_names, to_tflite
from train.model_file import checksum, input_entry, staged_model, write_card
from train.refiner.network import FACE_OUTPUT, PLACE_OUTPUT, RefinerNetwork, keras_twin
from train.refiner.samples import CROP, INPUT
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.network_file import FORMAT


def convert(network: RefinerNetwork, calibration: NDArray[np.uint8]) -> bytes:
    """Convert to int8 throughout.

    Args:
        network: in eval mode.
        calibration: n×40×40×3 uint8 BGR crops, some hundreds.
    """
    samples = [(np.asarray(crop, np.float32) / 127.5 - 1)[None] for crop in calibration]
    # Both ends of the range, so that the input's scale is that of a byte.
    samples += [np.full((1, INPUT, INPUT, 3), value, np.float32) for value in (-1, 1)]
    return to_tflite(keras_twin(network), samples)


def write_refiner(
    content: bytes, output: Path, thresholds: dict[str, float], results: dict[str, Any], training: dict[str, Any]
) -> None:
    """Write the network and its card, both or neither.

    Args:
        content: the network.
        output: the ``.tflite`` file; the card goes beside it as ``.json``.
        thresholds: ``face``, the probability from which a box counts as a face.
        results: figures for people.
        training: data, settings and command for people.

    Raises:
        TrainError: they cannot be written, or a figure is NaN.
        ModelError: the application would refuse them.
    """
    names = output_names(content)
    card = {
        "format": FORMAT,
        "name": "box refiner",
        "task": "whether a proposed box holds a face (bare, masked, turned, partly covered), and where",
        "input": input_entry(INPUT, "BGR", CROP),
        "outputs": {FACE_OUTPUT: names[FACE_OUTPUT], PLACE_OUTPUT: names[PLACE_OUTPUT]},
        "thresholds": thresholds,
        "sha256": checksum(content),
        "licence": "MIT, like the application; made from FairFace (CC BY 4.0), photographs (CC0), drawn masks",
        "training": training,
        "results": results,
    }
    with staged_model(output, content) as draft:
        write_card(draft, card)
        BoxRefiner(draft)  # what the application would refuse is not written
