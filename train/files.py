"""Files that are written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from train.errors import TrainError


def partial_path(path: Path) -> Path:
    """Where a file is written before it replaces ``path``; in the same folder, so that the rename is atomic."""
    return path.with_name(path.name + ".partial")


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    partial = partial_path(path)
    partial.write_bytes(content)
    partial.replace(path)


def replace_text(path: Path, text: str) -> None:
    """The same for UTF-8 text."""
    replace_bytes(path, text.encode("utf-8"))


def replace_json(path: Path, document: Any, *, indent: int = 2) -> None:
    """The same for a JSON document.

    Raises:
        TrainError: a number in it is NaN or infinite, which is no JSON; the old file stays.
    """
    try:
        text = json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise TrainError(f"'{path.name}' is not written: {_not_finite(document)} is no finite number") from None
    replace_text(path, text + "\n")


def _not_finite(value: Any, name: str = "") -> str | None:
    """Where in a document the first number is that JSON does not have."""
    if isinstance(value, float):
        return name if not abs(value) < float("inf") else None
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    return next((found for key, each in inner if (found := _not_finite(each, f"{name}.{key}".lstrip(".")))), None)
