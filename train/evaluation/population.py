"""Step ``population``: what the features of many faces are like, written into the features network's card.

    python -m train population --data fairface-train.zip --features models/features.tflite

Taught models use it to see how far a face is from all their examples: from a few examples alone that is seen badly.
Measured with two people of LFW and five pictures each: without it 38 % of strangers get a name, with it 1 %.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.errors import TrainError
from train.evaluation.teaching import describe
from train.files import replace_text
from train.readers import read_dataset
from webcam_app.faces.labelling.features import POPULATION, load_feature_card, unit

# 300 faces give nearly the same as 1,000.
FACES = 1000
# Least deviation of a feature in mean deviations: one that hardly moves would become loud.
LEAST_DEVIATION = 0.1


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
    described = describe(dataset, list(dataset), lambda sample: "face", variants=1, network=network)
    if not len(described.features):
        raise TrainError(f"{arguments.data}: no picture can be read")
    card = network.with_suffix(".json")
    document = json.loads(card.read_text(encoding="utf-8"))
    document[POPULATION] = population(described.features[:, 0]) | {"data": dataset.path.name}
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
