"""The model's card: what a network is called, what it expects, what its outputs mean and how well it does.

The card is a JSON file beside the network (``gender.json`` beside ``gender.tflite``). The application takes everything
that it needs to know about a network from there, so a network with other labels works without a change of code.

A taught model has a card too (``mine.json``). Its file beside it holds the weights of the last layer only; the card
names the features network below it by checksum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.crop import CropSpec
from webcam_app.faces.network_file import (
    crop_field,
    input_size_field,
    mapping_field,
    number_field,
    read_card,
    text_field,
)

MAX_LABELS = 10_000
CARD_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class FeaturesBelow:
    """The features network that a taught model stands on.

    Attributes:
        sha256: checksum of the network's file.
        dimension: numbers that describe a face.
        directions: checksum of the network's directions; None where the model does without.
    """

    sha256: str
    dimension: int
    directions: str | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the application needs of a card, checked; the rest stays in ``document``.

    Attributes:
        name: what the model is called.
        task: what the labels mean, in a sentence.
        labels: class names in the order of the network's output.
        input_size: side of the square input in pixels.
        color_order: order of the input's channels.
        crop: how the face is cut out.
        temperature: divisor of the logits that calibrates the probabilities.
        unsure_below: a face whose best probability is below this is called ``unsure``; 0 to 1.
        mask_at: probability from which a face counts as masked; None where the network has no such output.
        classes_output, mask_output: names of the network's outputs; the mask output is a single logit.
        sha256: checksum of the file.
        path: the network's file; a taught model's weights.
        features: what a taught model stands on; None for a network of its own.
        document: the whole card as read, for showing; not for deciding.
    """

    name: str
    task: str
    labels: tuple[str, ...]
    input_size: int
    color_order: Literal["RGB", "BGR"]
    crop: CropSpec
    temperature: float
    unsure_below: float
    mask_at: float | None
    classes_output: str
    mask_output: str | None
    sha256: str
    path: Path
    document: Mapping[str, Any] = field(repr=False, compare=False)
    features: FeaturesBelow | None = None


def load_card(model: Path) -> ModelCard:
    """Read and check a model's card.

    Args:
        model: the ``.tflite`` file, whose card has the same name with ``.json``; or the card itself, which a taught
            model is named by.

    Raises:
        ModelError: the card is missing, damaged, of another format, or a value in it makes no sense.
    """
    named_itself = model.suffix == CARD_SUFFIX
    return read_card(model, lambda document: _parse(document, _file_of(model, document) if named_itself else model))


def _file_of(path: Path, document: Mapping[str, Any]) -> Path:
    """The file that belongs to a card which was named itself."""
    if "weights" not in document:
        return path.with_suffix(".tflite")
    name = text_field(document, "weights")
    if "/" in name or "\\" in name or name in (".", ".."):
        raise ValueError("'weights' is no name of a file beside it")
    return path.with_name(name)


def _parse(document: Mapping[str, Any], model: Path) -> ModelCard:
    labels = document["labels"]
    if not isinstance(labels, list) or not 2 <= len(labels) <= MAX_LABELS:
        raise ValueError("'labels' is no list of at least two names")
    if not all(isinstance(label, str) and label.strip() for label in labels) or len(set(labels)) != len(labels):
        raise ValueError("'labels' has an empty or repeated name")
    if UNSURE in labels:
        raise ValueError(f"'{UNSURE}' cannot be a label: the application uses it for faces below the threshold")
    entry = mapping_field(document, "input")
    color_order = entry["color_order"]
    if color_order not in ("RGB", "BGR"):
        raise ValueError("'color_order' is neither RGB nor BGR")
    outputs = mapping_field(document, "outputs")
    thresholds = mapping_field(document, "thresholds")
    mask_output = outputs.get("mask")
    return ModelCard(
        name=text_field(document, "name"),
        task=text_field(document, "task"),
        labels=tuple(labels),
        input_size=input_size_field(entry),
        color_order=cast('Literal["RGB", "BGR"]', color_order),
        crop=crop_field(entry),
        temperature=number_field(document, "temperature", 0.01, 100.0),
        unsure_below=number_field(thresholds, "unsure", 0.0, 1.0),
        mask_at=None if mask_output is None else number_field(thresholds, "mask", 0.0, 1.0),
        classes_output=text_field(outputs, "classes"),
        mask_output=None if mask_output is None else text_field(outputs, "mask"),
        sha256=text_field(document, "sha256").lower(),
        path=model,
        document=document,
        features=_features_below(document),
    )


def _features_below(document: Mapping[str, Any]) -> FeaturesBelow | None:
    if "features_network" not in document:
        return None
    entry = mapping_field(document, "features_network")
    dimension = entry["dimension"]
    if isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 1:
        raise ValueError("'dimension' is no whole number from 1")
    directions = text_field(entry, "directions").lower() if "directions" in entry else None
    return FeaturesBelow(text_field(entry, "sha256").lower(), dimension, directions)
