"""What the features of many faces are like: scales, and the directions in which one face differs from another."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.network_file import mapping_field, number_field, text_field

# Standardised features are kept in steps of 1/256 deviation: far finer than two pictures of one face differ.
GRID = 256
LARGEST = 32767
# A network's directions are a few hundred; a card that promises far more is damaged.
MOST_DIRECTIONS = 4096


def unit(features: NDArray[np.float32]) -> NDArray[np.float64]:
    """Features at length 1: how bright and sharp the picture is changes their length more than who is in it.

    The sum is exact, so the result has the same bits on every machine.

    Args:
        features: (dimension,).
    """
    exact = features.astype(np.float64)
    length = math.sqrt(math.fsum((exact * exact).tolist()))
    return exact / length if length > 0 else exact


@dataclass(frozen=True, slots=True)
class Scale:
    """What unit features are standardised with.

    Attributes:
        centre: float32 (dimension,), their mean over some faces.
        deviation: float32 (dimension,), theirs, above 0.
    """

    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]

    def apply(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """A face's features in units of ``1 / GRID`` deviations, whole numbers.

        Args:
            features: (dimension,) as the network gives them.

        Returns:
            float64 (dimension,), whole numbers from -``LARGEST`` to ``LARGEST``.
        """
        scaled = (unit(features) - self.centre.astype(np.float64)) / self.deviation.astype(np.float64)
        return np.clip(np.rint(scaled * GRID), -LARGEST, LARGEST)


@dataclass(frozen=True, slots=True)
class Directions:
    """Directions in which faces differ, each in units of what differs between pictures of one face.

    In them the angle between two faces says more of who they are than in the features themselves: what light, place and
    pose change most counts least. All sums are sums of whole numbers, exact in any order.

    Attributes:
        rows: int16 (count, dimension), on features as ``Scale.apply`` gives them.
        divisor: what the sums are divided by, a power of 2.
        sha256: checksum of their file.
    """

    rows: NDArray[np.int16]
    divisor: float
    sha256: str

    def apply(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standardised features along the directions: float64 (count,), whole numbers within ``LARGEST``."""
        sums = self.rows.astype(np.float64) @ scaled
        return np.clip(np.rint(sums / self.divisor), -LARGEST, LARGEST)


@dataclass(frozen=True, slots=True)
class Population:
    """What is known of many faces' features.

    Attributes:
        scale: mean and deviation of unit features.
        directions: None where the network's card names none.
    """

    scale: Scale
    directions: Directions | None = None

    def apply(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Where a face lies among others: whole numbers, along the directions if there are any.

        Args:
            features: (dimension,) as the network gives them.
        """
        scaled = self.scale.apply(features)
        return scaled if self.directions is None else self.directions.apply(scaled)


def parse_population(entry: Mapping[str, Any], network: Path) -> Population:
    """The population of a features network's card.

    Args:
        entry: the field of the card.
        network: the network's file; the directions lie beside it.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or makes no sense.
        ModelError: the directions' file is missing, or not the one that the card describes.
    """
    values = np.array([entry["mean"], entry["deviation"]], np.float64)
    if values.ndim != 2 or not np.isfinite(values).all() or not (values[1] > 0).all():
        raise ValueError("'population' is not a mean and a deviation above 0 for each feature")
    scale = Scale(*values.astype(np.float32))
    if "directions" not in entry:
        return Population(scale)
    return Population(scale, _read_directions(mapping_field(entry, "directions"), network, values.shape[1]))


def _read_directions(entry: Mapping[str, Any], network: Path, dimension: int) -> Directions:
    name, sha256 = text_field(entry, "file"), text_field(entry, "sha256").lower()
    count = int(number_field(entry, "count", 1, MOST_DIRECTIONS))
    if "/" in name or "\\" in name or name in (".", ".."):
        raise ValueError("'file' is no name of a file beside it")
    path = network.with_name(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"'{path}', which the features network needs, cannot be read ({error.strerror or error}): "
            "install the application again"
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256 or len(content) != 2 * count * dimension:
        raise ModelError(f"'{path}' is damaged or of another version (checksum differs): install the application again")
    rows = np.frombuffer(content, "<i2").reshape(count, dimension)
    return Directions(rows, number_field(entry, "divisor", 1.0, 2.0**40), sha256)
