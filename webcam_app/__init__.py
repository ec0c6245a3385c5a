"""Finds the faces in webcam pictures, videos and photographs, and labels the gender they are perceived as.

>>> from webcam_app import FaceAnalyzer
>>> faces = FaceAnalyzer().analyze(image)  # H×W×3 uint8, BGR
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from webcam_app.errors import WebcamAppError
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.faces.face import UNSURE, Box, Face

__version__ = "0.1.0"

__all__ = ["UNSURE", "Box", "Face", "FaceAnalyzer", "WebcamAppError", "__version__"]

# Nothing is printed by those who use the package without asking for it.
logging.getLogger(__name__).addHandler(logging.NullHandler())

_HOMES = {
    "WebcamAppError": "webcam_app.errors",
    "FaceAnalyzer": "webcam_app.faces.analyzer",
    "Box": "webcam_app.faces.face",
    "Face": "webcam_app.faces.face",
    "UNSURE": "webcam_app.faces.face",
}


def __getattr__(name: str) -> Any:
    """Import on first use: OpenCV and the network's runtime take longer to load than ``--version`` to answer."""
    if name not in _HOMES:
        raise AttributeError(f"module 'webcam_app' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
