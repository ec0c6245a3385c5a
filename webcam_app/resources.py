"""Where the files that come with the program lie: the network, its card, the demo clip, the icons."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def model_path(name: str = "gender.tflite") -> Path:
    """Path of a file of ``models/``; whether it exists is for the caller to see."""
    return _folder("models") / name


def asset_path(name: str) -> Path:
    """Path of a file of ``assets/``; whether it exists is for the caller to see."""
    return _folder("assets") / name


def _folder(name: str) -> Path:
    """A wheel carries the folder inside the package, a checkout beside it."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
