"""A network's two files: reading and checking them.

Every network lies as ``NAME.tflite`` beside its card ``NAME.json``. The cards' fields differ from network to network;
what all cards share is read here.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from webcam_app.errors import ModelError
from webcam_app.faces.labelling.crop import CropSpec

FORMAT = 1
# A real card with all its tables is about 20 kB; a file far beyond that is no card and is not read into memory.
MAX_CARD_BYTES = 4 << 20
MAX_MODEL_BYTES = 256 << 20
MAX_INPUT_SIZE = 1024
MIN_INPUT_SIZE = 8

Card = TypeVar("Card")


def read_card(model: Path, parse: Callable[[Mapping[str, Any]], Card]) -> Card:
    """Read the card beside a network.

    Args:
        model: the ``.tflite`` file; its card has the same name with ``.json``.
        parse: makes the card of the JSON object; raises KeyError, TypeError, ValueError or OverflowError where a field
            is missing or makes no sense.

    Raises:
        ModelError: the card is missing, damaged, of another format, or refused by ``parse``.
    """
    path = model.with_suffix(".json")
    document = _read_json(path, model)
    try:
        if not isinstance(document, dict):
            raise ValueError("it is no JSON object")
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']!r:.40} is not {FORMAT}; a newer application may read it")
        return parse(document)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else error
        raise ModelError(f"model card '{path}' is refused, damaged or of another version: {reason}") from None


def _read_json(path: Path, model: Path) -> Any:
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ModelError(f"model card '{path}' is larger than {MAX_CARD_BYTES >> 20} MB: it is no model card")
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if not model.exists():
            raise ModelError(_missing(model)) from None
        raise ModelError(f"model card '{path}' is missing: put it beside '{model.name}'") from None
    except OSError as error:
        raise ModelError(f"model card '{path}' cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise ModelError(f"model card '{path}' is damaged (no valid JSON): install the model again") from None


def read_checked_model(path: Path, sha256: str) -> bytes:
    """A network's bytes, after comparing them with its card's checksum.

    Args:
        path: the ``.tflite`` file.
        sha256: checksum from the card, lower-case hexadecimal.

    Raises:
        ModelError: the file is missing, unreadable, too large, or not the one that the card describes.
    """
    try:
        if path.stat().st_size > MAX_MODEL_BYTES:
            raise ModelError(f"model '{path}' is larger than {MAX_MODEL_BYTES >> 20} MB: it is refused")
        content = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(_missing(path)) from None
    except OSError as error:
        raise ModelError(f"model '{path}' cannot be read: {error.strerror or error}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(
            f"model '{path}' is damaged or is not the one its card describes (checksum differs): install it again"
        )
    return content


def _missing(model: Path) -> str:
    return f"model '{model}' is missing: name another, or install the application again"


def mapping_field(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A card's field that is a JSON object; KeyError or ValueError where it is not."""
    value = parent[key]
    if not isinstance(value, dict):
        raise ValueError(f"'{key}' is no JSON object")
    return value


def text_field(parent: Mapping[str, Any], key: str) -> str:
    """A card's field that is a text with at least one character; KeyError or ValueError where it is not."""
    value = parent[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"'{key}' is no text")
    return value


def number_field(parent: Mapping[str, Any], key: str, low: float, high: float) -> float:
    """A card's field that is a number from ``low`` to ``high``; KeyError or ValueError where it is not."""
    value = parent[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"'{key}' is no number")
    if not low <= value <= high:
        raise ValueError(f"'{key}' is {value:g}, outside {low:g} to {high:g}")
    return float(value)


def input_size_field(entry: Mapping[str, Any]) -> int:
    """Side of the square input in pixels, from a card's ``input``; KeyError or ValueError where it makes no sense."""
    size = entry["size"]
    if isinstance(size, bool) or not isinstance(size, int) or not MIN_INPUT_SIZE <= size <= MAX_INPUT_SIZE:
        raise ValueError(f"'size' is no whole number from {MIN_INPUT_SIZE} to {MAX_INPUT_SIZE}")
    return size


def crop_field(entry: Mapping[str, Any]) -> CropSpec:
    """How the face is cut out, from a card's ``input``; KeyError or ValueError where it makes no sense."""
    crop = mapping_field(entry, "crop")
    return CropSpec(
        scale=number_field(crop, "scale", 0.5, 4.0),
        shift_down=number_field(crop, "shift_down", -1.0, 1.0),
    )
