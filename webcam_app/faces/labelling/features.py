"""The network whose last layer but one describes a face: what taught models stand on.

Its card says what it takes and which output holds the features. The one that is shipped is ``models/gender.tflite``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.labelling.population import Population, parse_population
from webcam_app.faces.network_file import (
    crop_field,
    input_size_field,
    mapping_field,
    read_card,
    read_checked_model,
    text_field,
)
from webcam_app.faces.tflite import check_crop, dequantize, input_detail, invoke_on_crop, load_interpreter

OUTPUT = "features"
POPULATION = "population"
MAX_DIMENSION = 16_384
# Features are pooled activations; a value far beyond is a damaged file.
MAX_FEATURE = 1e6
# Sides of what is looked at over the crop's side, and whether it is its mirror image; the first is the crop as it is.
# Chosen on people of LFW with 6 to 11 pictures, whom no figure is measured on: shifts, turns and other light added no
# more. What the first alone reaches is among the figures of ``python -m train evaluate-teaching``. Each view has its
# mirror image, so that a face and its mirror image get the same label.
_LOOKS = tuple((side, mirrored) for side in (1.0, 1 / 0.9, 1 / 1.1) for mirrored in (False, True))
LOOKS = len(_LOOKS)
"""How many views of a face are described to label it."""


@dataclass(frozen=True, slots=True)
class FeatureCard:
    """What is needed of a features network's card, checked.

    Attributes:
        name: what the network is called.
        input_size: side of the square input in pixels.
        color_order: order of the input's channels.
        crop: how the face is cut out.
        output: name of the output that holds the features.
        population: what the features of many faces are like; None where the card does not say.
        sha256: checksum of the network's file.
        path: the network's file.
    """

    name: str
    input_size: int
    color_order: Literal["RGB", "BGR"]
    crop: CropSpec
    output: str
    population: Population | None
    sha256: str
    path: Path


def load_feature_card(network: Path) -> FeatureCard:
    """Read and check the card beside a features network.

    Args:
        network: the ``.tflite`` file; its card has the same name with ``.json`` and names the output ``features``.

    Raises:
        ModelError: the card is missing, damaged, names no output of features, or a value in it makes no sense; or the
            file of its directions is missing or damaged.
    """
    return read_card(network, lambda document: _parse(document, network))


def _parse(document: Mapping[str, Any], network: Path) -> FeatureCard:
    outputs, entry = mapping_field(document, "outputs"), mapping_field(document, "input")
    if OUTPUT not in outputs:
        raise ModelError(
            f"the network '{network}' gives no features, which taught models stand on: "
            "name the one that comes with the application"
        )
    if entry["color_order"] not in ("RGB", "BGR"):
        raise ValueError("'color_order' is neither RGB nor BGR")
    return FeatureCard(
        name=text_field(document, "name"),
        input_size=input_size_field(entry),
        color_order=entry["color_order"],
        crop=crop_field(entry),
        output=text_field(outputs, OUTPUT),
        population=parse_population(mapping_field(document, POPULATION), network) if POPULATION in document else None,
        sha256=text_field(document, "sha256").lower(),
        path=network,
    )


def looks_at(crop: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """What a face's label is made from: the crop and its mirror image, and both from further off and nearer.

    Args:
        crop: size×size×3 uint8; not changed.

    Returns:
        ``LOOKS`` arrays of the same shape, the first of them ``crop`` itself.
    """
    return [_view(crop, number) for number in range(LOOKS)]


def _view(crop: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    side, mirrored = _LOOKS[number]
    size = crop.shape[0]
    margin = round((side - 1) / 2 * size)  # whole pixels, the same on both sides
    place = Box(-margin, -margin, size + 2 * margin, size + 2 * margin)
    view = crop_face(crop, place, size, CropSpec(scale=1.0, shift_down=0.0)) if margin else crop
    return np.ascontiguousarray(view[:, ::-1]) if mirrored else view


def mean_of_looks(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What faces are labelled by: the mean over their views, exact, so that their order does not matter.

    Args:
        features: float32 (..., views, dimension).

    Returns:
        float32 (..., dimension).
    """
    return np.asarray(features.astype(np.float64).mean(axis=-2), np.float32)


class Glances:
    """What was seen of a face that is followed: its last ``LOOKS`` views, each of another frame."""

    def __init__(self) -> None:
        self._features: list[NDArray[np.float32]] = []
        self._next = 0

    def add(self, describe: Callable[[NDArray[np.uint8]], NDArray[np.float32]], crop: NDArray[np.uint8]) -> None:
        """Describe the view whose turn it is, instead of what was seen of it before.

        Args:
            describe: gives the features of a view.
            crop: the face in the next frame.
        """
        seen = describe(_view(crop, self._next))
        self._features[self._next : self._next + 1] = [seen]
        self._next = (self._next + 1) % LOOKS

    def mean(self) -> NDArray[np.float32]:
        """What the face is labelled by, (dimension,); after the first ``add``."""
        return mean_of_looks(np.stack(self._features))


class FeatureNetwork:
    """A TFLite network that describes faces. Not thread-safe: one per thread."""

    def __init__(self, network: Path | None = None, *, threads: int = 1) -> None:
        """Load and check a network.

        Args:
            network: the ``.tflite`` file with its card beside it; None for the one that the application ships.
            threads: threads of the interpreter.

        Raises:
            ModelError: the file, its card or the TFLite runtime is missing, damaged, or does not fit the other.
        """
        if network is None:
            from webcam_app.resources import features_path

            network = features_path()
        self._card = load_feature_card(network)
        content = read_checked_model(network, self._card.sha256)
        self._interpreter = load_interpreter(content, network, threads)
        self._input = input_detail(self._interpreter, self._card.input_size, network)
        self._output = self._checked_output()

    @property
    def card(self) -> FeatureCard:
        """The network's card."""
        return self._card

    @property
    def dimension(self) -> int:
        """Numbers that describe a face."""
        return int(np.prod(self._output["shape"]))

    def describe(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The features of a face.

        Args:
            crop: size×size×3 uint8 BGR, as ``crop_face`` cuts it with the card's size and crop; not changed.

        Returns:
            float32 of shape (dimension,), as the network gives them.

        Raises:
            InferenceError: the network failed, or answered with something that is no number.
            ValueError: the crop has another shape or type.
        """
        check_crop(crop, self._card.input_size)
        try:
            invoke_on_crop(self._interpreter, self._input, crop, self._card.color_order)
            raw = self._interpreter.get_tensor(self._output["index"])
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"network '{self._card.path}' failed on a face: {error}") from error
        features = dequantize(raw, self._output).reshape(-1)
        if not np.all(np.abs(features) < MAX_FEATURE):
            raise InferenceError(f"network '{self._card.path}' answered with features that are no numbers")
        return features

    def look(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The mean of the features of a face's views: what is labelled by; see ``describe`` and ``looks_at``."""
        return mean_of_looks(self.describe_looks(crop))

    def describe_looks(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The features of a face's views, (``LOOKS``, dimension); see ``describe`` and ``looks_at``."""
        return np.stack([self.describe(view) for view in looks_at(crop)])

    def _checked_output(self) -> dict[str, Any]:
        outputs = {detail["name"]: detail for detail in self._interpreter.get_output_details()}
        if self._card.output not in outputs:
            known = ", ".join(sorted(outputs))
            raise ModelError(f"network '{self._card.path}' has no output '{self._card.output}'; it has: {known}")
        found: dict[str, Any] = outputs[self._card.output]
        if not 2 <= int(np.prod(found["shape"])) <= MAX_DIMENSION:
            raise ModelError(f"network '{self._card.path}': its features have the shape {list(found['shape'])}")
        population = self._card.population
        if population is not None and len(population.scale.centre) != int(np.prod(found["shape"])):
            raise ModelError(f"network '{self._card.path}' has other features than the population of its card")
        return found
