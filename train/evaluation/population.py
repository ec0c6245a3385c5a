"""Step ``population``: what the features of many faces are like, written into the features network's card.

    python -m train population --data fairface-train.zip --features models/gender.tflite

Taught models use it to see how far a face is from all their examples: from a few examples alone that is seen badly.

Beside the card it writes ``NAME_directions.bin``: directions in which faces differ, in units of what differs between
pictures of one face (here its crops, shifted, resized and mirrored) and between faces, half and half: along them the
cosine tells people apart better than along the features. What both are worth together: ``python -m train
evaluate-teaching --people SET``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.errors import TrainError
from train.evaluation.teaching import describe
from train.files import replace_bytes, replace_text
from train.readers import read_dataset
from webcam_app.faces.labelling.features import POPULATION, load_feature_card
from webcam_app.faces.labelling.population import GRID, LARGEST, unit
from webcam_app.teaching.describing import VARIANTS, Variant

# For mean and deviation 300 would do; the directions need more faces than there are features.
FACES = 1500
# Least deviation of a feature in mean deviations: one that hardly moves would become loud.
LEAST_DEVIATION = 0.1
# 256 to 512 directions do as well as all 1,280.
DIRECTIONS = 256
# Share of a mean variance that is added to each: what hardly varies is mostly rounding.
RIDGE = 0.03
# Deviation of a face along a direction, about, in whole numbers: fine enough, and far from the largest.
FINENESS = 1024
VIEWS = (
    *VARIANTS,
    *(Variant(size=size, flipped=flipped) for size in (0.85, 1.15, 1.3) for flipped in (False, True)),
    Variant(right=0.05),
    Variant(right=-0.05, flipped=True),
    Variant(down=0.05),
    Variant(down=-0.05, flipped=True),
)
"""Of each face: what differs between them is not who it is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="SET", help="faces of many people: a zip or a folder"
    )
    parser.add_argument("--features", type=Path, metavar="FILE", help="the features network (default: the shipped one)")
    parser.add_argument("--faces", type=int, default=FACES, metavar="N", help=f"how many faces (default: {FACES})")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: the set cannot be read.
        ModelError: the network or its card is missing or damaged.
        TrainError: no picture can be read.
    """
    from webcam_app.resources import features_path

    network = arguments.features or features_path()
    load_feature_card(network)
    dataset = read_dataset(arguments.data, limit=arguments.faces)
    described = describe(dataset, list(dataset), lambda sample: "face", variants=VIEWS, network=network)
    if not len(described.features):
        raise TrainError(f"{arguments.data}: no picture can be read")
    card = network.with_suffix(".json")
    document = json.loads(card.read_text(encoding="utf-8"))
    document[POPULATION] = population(described.features[:, 0]) | {"data": dataset.path.name}
    rows, divisor = directions(described.features, document[POPULATION])
    content = rows.astype("<i2").tobytes()
    beside = network.with_name(f"{network.stem}_directions.bin")
    document[POPULATION]["directions"] = {
        "file": beside.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "count": len(rows),
        "divisor": divisor,
    }
    replace_bytes(beside, content)
    replace_text(card, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    load_feature_card(network)
    print(f"population: {card} has the features of {len(described.features)} faces")
    return 0


def population(features: NDArray[np.float32]) -> dict[str, Any]:
    """Mean and deviation of unit features.

    Args:
        features: (n, dimension) as the network gives them.
    """
    units = np.stack([unit(row) for row in features])
    deviation = units.std(axis=0)
    least = max(LEAST_DEVIATION * float(deviation.mean()), 1e-9)
    return {
        "faces": len(features),
        "mean": [float(f"{value:.5g}") for value in units.mean(axis=0)],
        "deviation": [float(f"{value:.5g}") for value in np.maximum(deviation, least)],
    }


def directions(features: NDArray[np.float32], known: Mapping[str, Any]) -> tuple[NDArray[np.int16], float]:
    """Directions in which faces differ more than the views of one face; see ``Directions`` of the application.

    Args:
        features: (n, views, dimension) as the network gives them.
        known: what ``population`` says of them.

    Returns:
        int16 (count, dimension), those of most variance between faces first, and the divisor of their sums.
    """
    count, views, dimension = features.shape
    units = np.stack([unit(row) for row in features.reshape(-1, dimension)]).reshape(features.shape)
    mean, deviation = np.array(known["mean"]), np.array(known["deviation"])
    between = np.cov(units[:, 0].T)
    rest = (units - units.mean(axis=1, keepdims=True)).reshape(-1, dimension)
    within = rest.T @ rest / (count * max(1, views - 1))
    if not (np.trace(between) > 0 and np.trace(within) > 0):
        raise TrainError("the faces' features do not differ: other pictures are needed")
    mixed = within / np.trace(within) + between / np.trace(between)
    values, axes = np.linalg.eigh(mixed + RIDGE * np.trace(mixed) / dimension * np.eye(dimension))
    whitening = axes / np.sqrt(values)
    _, turned = np.linalg.eigh(whitening.T @ between @ whitening)
    basis = (whitening @ turned[:, ::-1][:, :DIRECTIONS]).T * deviation
    rows = np.rint(basis * (LARGEST / np.abs(basis).max())).astype(np.int16)
    placed = np.rint((units[:, 0] - mean) / deviation * GRID) @ rows.T.astype(np.float64)
    return rows, float(2.0 ** max(0, round(np.log2(placed.std() / FINENESS))))
