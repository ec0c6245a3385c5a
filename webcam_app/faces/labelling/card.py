"""The model's card: what a network is called, what it expects, what its outputs mean and how well it does.

The card is a JSON file beside the network (``gender.json`` beside ``gender.tflite``). The application takes everything
that it needs to know about a network from there, so a network with other labels works without a change of code.

A taught model has a card too (``mine.json``). Its file beside it holds the weights of the last layer only; the card
names the features network below it by checksum.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from webcam_app.errors import ModelError
from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.crop import CropSpec

FORMAT = 1
# A real card with all its tables is about 20 kB; a file far beyond that is no card and is not read into memory.
MAX_CARD_BYTES = 4 << 20
MAX_MODEL_BYTES = 256 << 20
MAX_LABELS = 10_000
MAX_INPUT_SIZE = 1024
CARD_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class FeaturesBelow:
    """The features network that a taught model stands on.

    Attributes:
        sha256: checksum of the network's file.
        dimension: numbers that describe a face.
    """

    sha256: str
    dimension: int


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
    path = model.with_suffix(CARD_SUFFIX)
    document = read_document(path, model.name)
    with refusing(path):
        return _parse(document, model if model.suffix != CARD_SUFFIX else _file_of(path, document))


def read_document(path: Path, beside: str) -> Mapping[str, Any]:
    """A card's JSON object, unchecked but for its size.

    Args:
        path: the card.
        beside: name of the file that it belongs to, for the message.

    Raises:
        ModelError: it is missing, unreadable, too large or no JSON object.
    """
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ModelError(f"model card '{path}' is larger than {MAX_CARD_BYTES >> 20} MB: it is no model card")
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        where = "there is no such file" if beside == path.name else f"put it beside '{beside}'"
        raise ModelError(f"model card '{path}' is missing: {where}") from None
    except OSError as error:
        raise ModelError(f"model card '{path}' cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise ModelError(f"model card '{path}' is damaged (no valid JSON): install the model again") from None
    if not isinstance(document, dict):
        raise ModelError(f"model card '{path}' is refused: it is no JSON object")
    return document


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """What a block finds wrong in a card becomes a ``ModelError`` that names the card."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else error
        raise ModelError(f"model card '{path}' is refused: {reason}") from None


def read_checked_model(card: ModelCard) -> bytes:
    """A model's file, after comparing it with the card's checksum; see ``read_checked_file``."""
    return read_checked_file(card.path, card.sha256)


def read_checked_file(path: Path, sha256: str) -> bytes:
    """The bytes of a network or of a taught model's weights, after comparing them with a checksum.

    Raises:
        ModelError: the file is missing, unreadable, too large, or not the one that the card describes.
    """
    try:
        if path.stat().st_size > MAX_MODEL_BYTES:
            raise ModelError(f"model '{path}' is larger than {MAX_MODEL_BYTES >> 20} MB: it is refused")
        content = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"model '{path}' is missing: install the application again") from None
    except OSError as error:
        raise ModelError(f"model '{path}' cannot be read: {error.strerror or error}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(
            f"model '{path}' is damaged or is not the one its card describes (checksum differs): install it again"
        )
    return content


def _file_of(path: Path, document: Mapping[str, Any]) -> Path:
    """The file that belongs to a card which was named itself."""
    if "weights" not in document:
        return path.with_suffix(".tflite")
    name = parse_text(document, "weights")
    if "/" in name or "\\" in name or name in (".", ".."):
        raise ValueError("'weights' is no name of a file beside it")
    return path.with_name(name)


def _parse(document: Mapping[str, Any], model: Path) -> ModelCard:
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']!r:.40} is not {FORMAT}; a newer application may read it")
    labels = document["labels"]
    if not isinstance(labels, list) or not 2 <= len(labels) <= MAX_LABELS:
        raise ValueError("'labels' is no list of at least two names")
    if not all(isinstance(label, str) and label.strip() for label in labels) or len(set(labels)) != len(labels):
        raise ValueError("'labels' has an empty or repeated name")
    if UNSURE in labels:
        raise ValueError(f"'{UNSURE}' cannot be a label: the application uses it for faces below the threshold")
    size, color_order, crop = parse_input(document)
    outputs = parse_mapping(document, "outputs")
    thresholds = parse_mapping(document, "thresholds")
    mask_output = outputs.get("mask")
    return ModelCard(
        name=parse_text(document, "name"),
        task=parse_text(document, "task"),
        labels=tuple(labels),
        input_size=size,
        color_order=color_order,
        crop=crop,
        temperature=parse_number(document, "temperature", 0.01, 100.0),
        unsure_below=parse_number(thresholds, "unsure", 0.0, 1.0),
        mask_at=None if mask_output is None else parse_number(thresholds, "mask", 0.0, 1.0),
        classes_output=parse_text(outputs, "classes"),
        mask_output=None if mask_output is None else parse_text(outputs, "mask"),
        sha256=parse_text(document, "sha256").lower(),
        path=model,
        document=document,
        features=_features_below(document),
    )


def _features_below(document: Mapping[str, Any]) -> FeaturesBelow | None:
    if "features_network" not in document:
        return None
    entry = parse_mapping(document, "features_network")
    dimension = entry["dimension"]
    if isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 1:
        raise ValueError("'dimension' is no whole number from 1")
    return FeaturesBelow(parse_text(entry, "sha256").lower(), dimension)


def parse_input(document: Mapping[str, Any]) -> tuple[int, Literal["RGB", "BGR"], CropSpec]:
    """Side in pixels, colour order and crop of a network's input, from its card."""
    entry = parse_mapping(document, "input")
    color_order = entry["color_order"]
    if color_order not in ("RGB", "BGR"):
        raise ValueError("'color_order' is neither RGB nor BGR")
    size = entry["size"]
    if isinstance(size, bool) or not isinstance(size, int) or not 8 <= size <= MAX_INPUT_SIZE:
        raise ValueError(f"'size' is no whole number from 8 to {MAX_INPUT_SIZE}")
    crop = parse_mapping(entry, "crop")
    spec = CropSpec(scale=parse_number(crop, "scale", 0.5, 4.0), shift_down=parse_number(crop, "shift_down", -1.0, 1.0))
    return size, cast('Literal["RGB", "BGR"]', color_order), spec


def parse_mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object of a card; raises KeyError or ValueError."""
    value = parent[key]
    if not isinstance(value, dict):
        raise ValueError(f"'{key}' is no JSON object")
    return value


def parse_text(parent: Mapping[str, Any], key: str) -> str:
    """A text of a card; raises KeyError or ValueError."""
    value = parent[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"'{key}' is no text")
    return value


def parse_number(parent: Mapping[str, Any], key: str, low: float, high: float) -> float:
    """A number of a card within bounds; raises KeyError or ValueError."""
    value = parent[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"'{key}' is no number")
    if not low <= value <= high:
        raise ValueError(f"'{key}' is {value:g}, outside {low:g} to {high:g}")
    return float(value)
