"""A second look at what may be a face of a photograph, with the features of a network that knows faces.

Detector and refiner are small and see few pixels. The network that labels faces sees more, and what its last layer but
one says of a square tells faces from hands, collars and patterns: a logistic regression on these features
(``python -m train verifier``) gives log-odds that are added to those of the detector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.thresholds import FaceThresholds
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.labelling.features import FeatureNetwork
from webcam_app.faces.network_file import mapping_field, number_field, read_card, text_field

Image = NDArray[np.uint8]

LARGEST_WEIGHT = 1e4
"""Weights and log-odds beyond it are a damaged card's."""


@dataclass(frozen=True, slots=True)
class VerifierCard:
    """What the detector's card says of its verifier.

    Attributes:
        network: name of the features network's file, beside the detector's.
        sha256: checksum of that file.
        weights: float32 (dimension,) of the features as the network gives them.
        bias: added to their sum.
        least: the detector's log-odds from which a second look is worth its time.
        thresholds: from which log-odds of all together a square is a face.
    """

    network: str
    sha256: str
    weights: NDArray[np.float32]
    bias: float
    least: float
    thresholds: FaceThresholds


def parse_verifier(entry: Mapping[str, Any]) -> VerifierCard:
    """The verifier of a detector's card.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or makes no sense.
    """
    network = text_field(entry, "network")
    if "/" in network or "\\" in network or network in (".", ".."):
        raise ValueError("'network' is no name of a file beside it")
    weights = np.array(entry["weights"], np.float64)
    if weights.ndim != 1 or not len(weights) or not (np.abs(weights) <= LARGEST_WEIGHT).all():
        raise ValueError("'weights' is no list of numbers")
    return VerifierCard(
        network,
        text_field(entry, "sha256").lower(),
        weights.astype(np.float32),
        number_field(entry, "bias", -LARGEST_WEIGHT, LARGEST_WEIGHT),
        number_field(entry, "least", -LARGEST_WEIGHT, LARGEST_WEIGHT),
        FaceThresholds.parse(mapping_field(entry, "thresholds")),
    )


class FaceVerifier:
    """Says how much a square looks like a face. Loads its network when it is first asked. Not thread-safe."""

    def __init__(self, card: VerifierCard, folder: Path, *, threads: int = 1) -> None:
        """Keep what is needed.

        Args:
            card: the detector's card says it.
            folder: where the features network lies.
            threads: threads of its interpreter.
        """
        self.card = card
        self._path, self._threads = folder / card.network, threads
        self._network: FeatureNetwork | None = None

    def fits(self) -> bool:
        """Whether the network beside the detector is the one that the weights were fitted to.

        Somebody who put a network of their own there has photographs searched without a second look.
        """
        try:
            return read_card(self._path, lambda document: text_field(document, "sha256").lower()) == self.card.sha256
        except ModelError:
            return False

    def log_odds(self, image: Image, box: FaceBox) -> float:
        """What is added to the detector's log-odds that a square holds a face.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            box: the square, as the refiner left it; may reach beyond the edges.

        Raises:
            InferenceError: the network failed.
            ModelError: the network is missing, damaged, or another than the one that the weights were fitted to.
        """
        network = self._loaded()
        features = network.describe(crop_face(image, box.rounded, network.card.input_size, network.card.crop))
        return float(features.astype(np.float64) @ self.card.weights.astype(np.float64) + self.card.bias)

    def _loaded(self) -> FeatureNetwork:
        if self._network is None:
            network = FeatureNetwork(self._path, threads=self._threads)
            if network.card.sha256 != self.card.sha256 or network.dimension != len(self.card.weights):
                raise ModelError(
                    f"'{self._path}' is another network than the one that the photograph detector was fitted to: "
                    "install the application again, or fit it with 'python -m train verifier'"
                )
            self._network = network
        return self._network
