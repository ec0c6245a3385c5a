"""Models as the application takes them: a ``.tflite`` file with its card beside it, written together or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from train.errors import TrainError
from train.files import replace_json
from webcam_app.faces.labelling.crop import CropSpec
from webcam_app.faces.network_file import read_card


def card_path(model: Path) -> Path:
    """Where a model's card is."""
    return model.with_suffix(".json")


def input_entry(size: int, color_order: Literal["RGB", "BGR"], crop: CropSpec) -> dict[str, Any]:
    """A card's ``input``: side in pixels, order of the channels, and how the face is cut out."""
    return {
        "size": size,
        "color_order": color_order,
        "crop": {"scale": crop.scale, "shift_down": crop.shift_down},
    }


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file: a card to be changed, or a report.

    Raises:
        TrainError: the file is missing, or holds something else.
    """
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TrainError(f"'{path}' cannot be read: {error.strerror or error}") from None
    except (ValueError, TypeError):
        raise TrainError(f"'{path}' is no JSON object") from None


def labels_of(model: Path) -> tuple[str, ...]:
    """The classes of an exported model; none for a features network.

    Raises:
        ModelError: its card is missing or damaged.
    """
    return read_card(model, lambda document: tuple(map(str, document.get("labels", ()))))


def write_card(model: Path, card: dict[str, Any]) -> None:
    """Replace the card of a model, given by its own path or the card's.

    Raises:
        TrainError: a number in it is NaN or infinite, or it cannot be written; the old card stays.
    """
    path = card_path(model)
    try:
        replace_json(path, card)
    except OSError as error:
        raise TrainError(f"'{path}' cannot be written: {error.strerror or error}") from None


def checksum(content: bytes) -> str:
    """What a card says of its model's file: SHA-256 in hexadecimal."""
    return sha256(content).hexdigest()


@contextmanager
def staged_model(output: Path, content: bytes) -> Iterator[Path]:
    """A copy of a new model in a folder of its own, to be measured and to get its card, before it replaces ``output``.

    Args:
        output: the ``.tflite`` file to replace.
        content: the new network.

    Yields:
        The copy's path. Write its card with ``write_card``. At the end model and card are moved to ``output``
        together; after an exception both old files are as they were.

    Raises:
        TrainError: the folder cannot be written, or no card was written.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{output.stem}-", dir=output.parent))
    except OSError as error:
        raise TrainError(f"'{output}' cannot be written: {error.strerror or error}") from None
    try:
        draft = folder / output.name
        try:
            draft.write_bytes(content)
        except OSError as error:
            raise TrainError(f"'{output}' cannot be written: {error.strerror or error}") from None
        yield draft
        try:
            _move_both(draft, output)
        except OSError as error:
            raise TrainError(f"'{output}' cannot be replaced: {error.strerror or error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move_both(draft: Path, output: Path) -> None:
    kept = draft.with_name("old") if output.exists() else None
    if kept is not None:
        shutil.copyfile(output, kept)
    draft.replace(output)
    try:
        card_path(draft).replace(card_path(output))
    except OSError:
        if kept is None:
            output.unlink()
        else:
            kept.replace(output)
        raise
