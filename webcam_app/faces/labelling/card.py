"""The model's card: what a network is called, what it expects, what its outputs mean and how well it does.

The card is a JSON file beside the network (``gender.json`` beside ``gender.tflite``). The application takes everything
that it needs to know about a network from there, so a network with other labels works without a change of code.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
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
        sha256: checksum of the network's file.
        path: the network's file.
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


def load_card(model: Path) -> ModelCard:
    """Read and check the card beside a network.

    Args:
        model: the ``.tflite`` file; its card has the same name with ``.json``.

    Raises:
        ModelError: the card is missing, damaged, of another format, or a value in it makes no sense.
    """
    path = model.with_suffix(".json")
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ModelError(f"model card '{path}' is larger than {MAX_CARD_BYTES >> 20} MB: it is no model card")
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"model card '{path}' is missing: put it beside '{model.name}'") from None
    except OSError as error:
        raise ModelError(f"model card '{path}' cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise ModelError(f"model card '{path}' is damaged (no valid JSON): install the model again") from None
    try:
        return _parse(document, model)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else error
        raise ModelError(f"model card '{path}' is refused: {reason}") from None


def read_checked_model(card: ModelCard) -> bytes:
    """The network's bytes, after comparing them with the card's checksum.

    Raises:
        ModelError: the file is missing, unreadable, too large, or not the one that the card describes.
    """
    try:
        if card.path.stat().st_size > MAX_MODEL_BYTES:
            raise ModelError(f"model '{card.path}' is larger than {MAX_MODEL_BYTES >> 20} MB: it is refused")
        content = card.path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"model '{card.path}' is missing: install the application again") from None
    except OSError as error:
        raise ModelError(f"model '{card.path}' cannot be read: {error.strerror or error}") from None
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise ModelError(
            f"model '{card.path}' is damaged or is not the one its card describes (checksum differs): install it again"
        )
    return content


def _parse(document: Any, model: Path) -> ModelCard:
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']!r:.40} is not {FORMAT}; a newer application may read it")
    labels = document["labels"]
    if not isinstance(labels, list) or not 2 <= len(labels) <= MAX_LABELS:
        raise ValueError("'labels' is no list of at least two names")
    if not all(isinstance(label, str) and label.strip() for label in labels) or len(set(labels)) != len(labels):
        raise ValueError("'labels' has an empty or repeated name")
    if UNSURE in labels:
        raise ValueError(f"'{UNSURE}' cannot be a label: the application uses it for faces below the threshold")
    entry = _mapping(document, "input")
    color_order = entry["color_order"]
    if color_order not in ("RGB", "BGR"):
        raise ValueError("'color_order' is neither RGB nor BGR")
    size = entry["size"]
    if isinstance(size, bool) or not isinstance(size, int) or not 8 <= size <= MAX_INPUT_SIZE:
        raise ValueError(f"'size' is no whole number from 8 to {MAX_INPUT_SIZE}")
    crop = _mapping(entry, "crop")
    outputs = _mapping(document, "outputs")
    thresholds = _mapping(document, "thresholds")
    mask_output = outputs.get("mask")
    return ModelCard(
        name=_text(document, "name"),
        task=_text(document, "task"),
        labels=tuple(labels),
        input_size=size,
        color_order=cast('Literal["RGB", "BGR"]', color_order),
        crop=CropSpec(
            scale=_number(crop, "scale", 0.5, 4.0),
            shift_down=_number(crop, "shift_down", -1.0, 1.0),
        ),
        temperature=_number(document, "temperature", 0.01, 100.0),
        unsure_below=_number(thresholds, "unsure", 0.0, 1.0),
        mask_at=None if mask_output is None else _number(thresholds, "mask", 0.0, 1.0),
        classes_output=_text(outputs, "classes"),
        mask_output=None if mask_output is None else _text(outputs, "mask"),
        sha256=_text(document, "sha256").lower(),
        path=model,
        document=document,
    )


def _mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent[key]
    if not isinstance(value, dict):
        raise ValueError(f"'{key}' is no JSON object")
    return value


def _text(parent: Mapping[str, Any], key: str) -> str:
    value = parent[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"'{key}' is no text")
    return value


def _number(parent: Mapping[str, Any], key: str, low: float, high: float) -> float:
    value = parent[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"'{key}' is no number")
    if not low <= value <= high:
        raise ValueError(f"'{key}' is {value:g}, outside {low:g} to {high:g}")
    return float(value)
