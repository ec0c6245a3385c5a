"""Where the files that come with the program lie: the network, its card, the demo clip, the icons."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

MODEL_VARIABLE = "WEBCAM_APP_MODEL"
"""Environment variable that names another model for the window and every command: a network with its card beside it, or
a taught model's card."""
FEATURES_VARIABLE = "WEBCAM_APP_FEATURES"
"""Environment variable that names another features network, with its card beside it, for taught models."""
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


def shipped_model_path() -> Path:
    """Path of the network that comes with the application, whatever ``MODEL_VARIABLE`` names."""
    return _folder("models") / _DEFAULT_MODEL


@contextlib.contextmanager
def named_model(model: Path | None) -> Iterator[None]:
    """While the block runs, ``model_path`` gives this model, as if ``MODEL_VARIABLE`` named it; None is no model."""
    if model is None:
        yield
        return
    before = os.environ.get(MODEL_VARIABLE)
    os.environ[MODEL_VARIABLE] = str(model)
    try:
        yield
    finally:
        if before is None:
            del os.environ[MODEL_VARIABLE]
        else:
            os.environ[MODEL_VARIABLE] = before


def features_path() -> Path:
    """Path of the network whose features taught models stand on.

    That is what ``FEATURES_VARIABLE`` names, else the shipped network for gender, which has an output of features too.
    """
    chosen = os.environ.get(FEATURES_VARIABLE)
    return Path(chosen) if chosen else shipped_model_path()


def asset_path(name: str) -> Path:
    """Path of a file of ``assets/``; whether it exists is for the caller to see."""
    return _folder("assets") / name


def _folder(name: str) -> Path:
    """A wheel carries the folder inside the package, a checkout beside it."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
