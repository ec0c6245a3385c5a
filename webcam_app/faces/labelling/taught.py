"""Classes of one's own: a linear layer that was taught on examples, on top of the features network.

Its file beside the card is small: for each class a row of weights and its mean, in whole numbers. All sums are sums of
whole numbers, which are exact in any order, so the same features give the same label on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.labelling.card import (
    ModelCard,
    load_card,
    parse_mapping,
    parse_number,
    read_checked_file,
    refusing,
)
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.labelling.features import FeatureNetwork, unit

# Standardised features are kept in steps of 1/256 deviation: far finer than two pictures of one face differ.
GRID = 256
LARGEST = 32767
# Decimals of a logit. exp() and log() of two machines may differ in the last bit.
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class TaughtLayer:
    """The numbers of a taught model.

    Attributes:
        centre, deviation: float32 (dimension,): what unit features are standardised with.
        weights: int16 (classes, dimension), in units of ``step``.
        step: size of a unit.
        bias: float64 (classes,).
        means: int16 (classes, dimension): direction of each class's mean among standardised features.
        like_at: a face whose direction has no larger cosine than this with any mean is unlike all examples.
    """

    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]
    weights: NDArray[np.int16]
    step: float
    bias: NDArray[np.float64]
    means: NDArray[np.int16]
    like_at: float

    def to_bytes(self) -> bytes:
        """The file: little-endian, one array after the other."""
        return b"".join([
            self.centre.astype("<f4").tobytes(),
            self.deviation.astype("<f4").tobytes(),
            self.bias.astype("<f8").tobytes(),
            self.weights.astype("<i2").tobytes(),
            self.means.astype("<i2").tobytes(),
        ])  # fmt: skip

    @classmethod
    def from_bytes(cls, content: bytes, classes: int, dimension: int, step: float, like_at: float) -> TaughtLayer:
        """Undo ``to_bytes``.

        Raises:
            ValueError: the length is not that of so many classes and features.
        """
        kinds: list[tuple[str, tuple[int, ...]]] = [("<f4", (dimension,)), ("<f4", (dimension,)), ("<f8", (classes,))]
        kinds += [("<i2", (classes, dimension))] * 2
        sizes = [math.prod(shape) * np.dtype(kind).itemsize for kind, shape in kinds]
        if len(content) != sum(sizes):
            raise ValueError(f"{len(content)} bytes are not {classes} classes of {dimension} features")
        arrays, start = [], 0
        for (kind, shape), size in zip(kinds, sizes, strict=True):
            arrays.append(np.frombuffer(content[start : start + size], kind).reshape(shape))
            start += size
        centre, deviation, bias, weights, means = arrays
        return cls(centre, deviation, weights, step, bias, means, like_at)


def standardise(
    features: NDArray[np.float32], centre: NDArray[np.float32], deviation: NDArray[np.float32]
) -> NDArray[np.float64]:
    """A face's features in units of ``1 / GRID`` deviations, whole numbers.

    Args:
        features: (dimension,) as the network gives them.
        centre: (dimension,) mean of unit features.
        deviation: (dimension,) theirs, above 0.

    Returns:
        float64 (dimension,), whole numbers from -``LARGEST`` to ``LARGEST``.
    """
    scaled = (unit(features) - centre.astype(np.float64)) / deviation.astype(np.float64)
    return np.clip(np.rint(scaled * GRID), -LARGEST, LARGEST)


class TaughtClassifier:
    """A taught layer with the features network below it. Not thread-safe: one per thread."""

    def __init__(self, model: Path, *, threads: int = 1) -> None:
        """Load and check a taught model.

        Args:
            model: its card (``.json``).
            threads: threads of the network.

        Raises:
            ModelError: a file is missing or damaged, or it was taught on another features network.
        """
        self._card = load_card(model)
        below = self._card.features
        if below is None:
            raise ModelError(f"model card '{model}' is not that of a taught model")
        content = read_checked_file(self._card.path, self._card.sha256)
        self._network = FeatureNetwork(threads=threads)
        there = self._network.card
        if there.sha256 != below.sha256 or (there.input_size, there.color_order, there.crop) != (
            self._card.input_size,
            self._card.color_order,
            self._card.crop,
        ):
            raise ModelError(
                f"model '{model}' was taught with another version of the network '{there.path.name}': "
                "teach it again with webcam-app teach"
            )
        with refusing(model):
            thresholds = parse_mapping(self._card.document, "thresholds")
            self._layer = TaughtLayer.from_bytes(
                content,
                len(self._card.labels),
                self._network.dimension,
                parse_number(parse_mapping(self._card.document, "layer"), "step", 0.0, 1e6),
                parse_number(thresholds, "like", -1.0, 1.0),
            )
        self._weights = self._layer.weights.astype(np.float64)
        means = self._layer.means.astype(np.float64)
        lengths = np.sqrt((means * means).sum(axis=1))
        self._means, self._lengths = means, np.where(lengths > 0, lengths, 1.0)

    @property
    def card(self) -> ModelCard:
        """The model's card; its input is that of the features network."""
        return self._card

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Look at face crops; see ``Classifier.classify``. A face unlike all examples gets equal logits."""
        return [self._look(crop) for crop in crops]

    def _look(self, crop: NDArray[np.uint8]) -> Prediction:
        features = standardise(self._network.describe(crop), self._layer.centre, self._layer.deviation)
        length = math.sqrt(float(features @ features))
        likeness = (self._means @ features) / self._lengths / (length or 1.0)
        if not likeness.max() > self._layer.like_at:
            return Prediction(np.zeros(len(self._card.labels), np.float32))
        scores = (self._weights @ features) * (self._layer.step / GRID) + self._layer.bias
        logits = np.round((scores - scores.max()) / self._card.temperature, DECIMALS)
        return Prediction(logits.astype(np.float32))
