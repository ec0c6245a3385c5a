"""Where the files that come with the program lie: the network, its card, the demo clip, the icons."""

from __future__ import annotations

import os
from pathlib import Path

MODEL_VARIABLE = "WEBCAM_APP_MODEL"
"""Environment variable that names another network, with its card beside it, for the window and every command."""
_DEFAULT_MODEL = "gender.tflite"
_PACKAGE = Path(__file__).resolve().parent


def model_path(name: str = _DEFAULT_MODEL) -> Path:
    """Path of a file of ``models/``, or of the network that ``MODEL_VARIABLE`` names instead of the default one.

    Whether it exists is for the caller to see.
    """
    chosen = os.environ.get(MODEL_VARIABLE)
    if name == _DEFAULT_MODEL and chosen:
        return Path(chosen)
    return _folder("models") / name


def asset_path(name: str) -> Path:
    """Path of a file of ``assets/``; whether it exists is for the caller to see."""
    return _folder("assets") / name


def _folder(name: str) -> Path:
    """A wheel carries the folder inside the package, a checkout beside it."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
