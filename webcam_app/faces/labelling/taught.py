"""Classes of one's own: a linear layer that was taught on examples, on top of the features network.

Its file beside the card is small: for each class a row of weights and its mean, in whole numbers. All sums are sums of
whole numbers, which are exact in any order, so the same features give the same label on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.labelling.card import ModelCard, load_card
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.labelling.features import FeatureNetwork, Glances
from webcam_app.faces.labelling.population import GRID, Directions, Population, Scale
from webcam_app.faces.network_file import mapping_field, number_field, read_card, read_checked_model

# Decimals of a logit. exp() and log() of two machines may differ in the last bit.
DECIMALS = 5
# What is left between the logits of a face unlike all examples: their order, but all probabilities are nearly equal.
FLAT = 0.01
LARGEST_UNLIKE = 10.0


@dataclass(frozen=True, slots=True)
class LayerNumbers:
    """What a taught model's card says of its layer; see ``TaughtLayer``."""

    step: float
    like_at: float
    nearness: float


@dataclass(frozen=True, slots=True)
class TaughtLayer:
    """The numbers of a taught model.

    Attributes:
        scale: standardises features for the weights, by the examples.
        common: where a face lies, for the means: among many faces where the features network knows of them, which shows
            better how far a face is from all examples.
        weights: int16 (classes, dimension), in units of ``step``.
        step: size of a unit.
        bias: float64 (classes,).
        means: int16 (classes, directions): direction of each class's mean, as ``common`` gives it.
        nearness: how much a face's cosine with a class's mean counts for the class's score.
        like_at: a face whose direction has no larger cosine than this with any mean is unlike all examples.
    """

    scale: Scale
    common: Population
    weights: NDArray[np.int16]
    step: float
    bias: NDArray[np.float64]
    means: NDArray[np.int16]
    like_at: float
    nearness: float = 0.0

    def to_bytes(self) -> bytes:
        """The file: little-endian, one array after the other."""
        return b"".join([
            *(part.astype("<f4").tobytes() for part in (self.scale.centre, self.scale.deviation)),
            *(part.astype("<f4").tobytes() for part in (self.common.scale.centre, self.common.scale.deviation)),
            self.bias.astype("<f8").tobytes(),
            self.weights.astype("<i2").tobytes(),
            self.means.astype("<i2").tobytes(),
        ])  # fmt: skip

    def cosines(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """A face's cosine with the mean of each class, (classes,), -1 to 1.

        Args:
            features: (dimension,) as the network gives them.
        """
        seen = self.common.apply(features)
        length = math.sqrt(float(seen @ seen)) or 1.0
        means = self.means.astype(np.float64)
        lengths = np.sqrt((means * means).sum(axis=1))
        cosines: NDArray[np.float64] = means @ seen / np.where(lengths > 0, lengths, 1.0) / length
        return cosines

    def likeness(self, features: NDArray[np.float32]) -> float:
        """The largest of a face's cosines."""
        return float(self.cosines(features).max())

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """A score for each class, (classes,).

        Args:
            features: (dimension,) as the network gives them.
        """
        weights = self.weights.astype(np.float64)
        scores: NDArray[np.float64] = (weights @ self.scale.apply(features)) * (self.step / GRID) + self.bias
        return scores + self.nearness * self.cosines(features) if self.nearness else scores

    @classmethod
    def from_bytes(
        cls, content: bytes, shape: tuple[int, int], directions: Directions | None, numbers: LayerNumbers
    ) -> TaughtLayer:
        """Undo ``to_bytes``.

        Args:
            content: the file.
            shape: classes and dimension.
            directions: those of the features network; None where the model does without.
            numbers: what the card has.

        Raises:
            ValueError: the length is not that of so many classes and features.
        """
        classes, dimension = shape
        row: tuple[str, tuple[int, ...]] = ("<f4", (dimension,))
        places = dimension if directions is None else len(directions.rows)
        tables = [("<i2", (classes, size)) for size in (dimension, places)]
        kinds: list[tuple[str, tuple[int, ...]]] = [row, row, row, row, ("<f8", (classes,)), *tables]
        sizes = [math.prod(form) * np.dtype(kind).itemsize for kind, form in kinds]
        if len(content) != sum(sizes):
            raise ValueError(f"{len(content)} bytes are not {classes} classes of {dimension} features")
        arrays, start = [], 0
        for (kind, form), size in zip(kinds, sizes, strict=True):
            arrays.append(np.frombuffer(content[start : start + size], kind).reshape(form))
            start += size
        bias, weights, means = arrays[4:]
        common = Population(Scale(*arrays[2:4]), directions)
        return cls(Scale(*arrays[:2]), common, weights, numbers.step, bias, means, numbers.like_at, numbers.nearness)


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
        content = read_checked_model(self._card.path, self._card.sha256)
        self._network = FeatureNetwork(threads=threads)
        there = self._network.card
        if there.sha256 != below.sha256 or (there.input_size, there.color_order, there.crop) != (
            self._card.input_size,
            self._card.color_order,
            self._card.crop,
        ):
            raise ModelError(_other_version(model, there.path))
        population = there.population
        known = None if population is None else population.directions
        if below.directions is not None and (known is None or known.sha256 != below.directions):
            raise ModelError(_other_version(model, there.path))
        self._directions = None if below.directions is None else known
        self._layer = read_card(model, lambda document: self._read_layer(document, content))

    def _read_layer(self, document: Mapping[str, Any], content: bytes) -> TaughtLayer:
        layer = mapping_field(document, "layer")
        numbers = LayerNumbers(
            number_field(layer, "step", 0.0, 1e6),
            number_field(mapping_field(document, "thresholds"), "like", -1.0, 1.0),
            number_field(layer, "nearness", 0.0, 1e6) if "nearness" in layer else 0.0,
        )
        shape = (len(self._card.labels), self._network.dimension)
        return TaughtLayer.from_bytes(content, shape, self._directions, numbers)

    @property
    def card(self) -> ModelCard:
        """The model's card; its input is that of the features network."""
        return self._card

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Look at face crops; see ``Classifier.classify``. Logits of a face unlike all examples are nearly equal."""
        return [self._label(self._network.look(crop)) for crop in crops]

    def glance(self, crop: NDArray[np.uint8], seen: Glances) -> Prediction:
        """Look once more at a face that is followed; see ``GlancingClassifier``.

        All views of one frame cost six times what one does, and a face's next frames show as much of it.
        """
        seen.add(self._network.describe, crop)
        return self._label(seen.mean())

    def _label(self, features: NDArray[np.float32]) -> Prediction:
        scores = self._layer.scores(features)
        logits = (scores - scores.max()) / self._card.temperature
        if not self._layer.likeness(features) > self._layer.like_at:
            logits = np.maximum(logits, -LARGEST_UNLIKE) * (FLAT / LARGEST_UNLIKE)
        logits = np.round(logits, DECIMALS)
        return Prediction(logits.astype(np.float32))


def _other_version(model: Path, network: Path) -> str:
    return (
        f"model '{model}' was taught with another version of the network '{network.name}': "
        "teach it again with webcam-app teach"
    )
