"""Boxes as the frontal cascade draws them: the convention that every crop is cut by."""

from __future__ import annotations

from pathlib import Path

import cv2

from webcam_app.errors import ModelError
from webcam_app.faces.detection.cascades import FRONTAL
from webcam_app.faces.face import Box

# The cascade's box in pictures that are face crops already, such as FairFace's, where it does not fire: median of those
# where it does (just over half of them), in shares of the picture.
USUAL_X = 0.09
USUAL_Y = 0.03
USUAL_SIDE = 0.80
# A person's box around a face lies at x 0.10, y 0.18, width 0.80, height 0.88 of the cascade's (medians of 180 faces on
# which the frontal cascade fires; the quartiles lie within 0.05).
DRAWN_WIDTH, DRAWN_HEIGHT, DRAWN_DOWN = 0.80, 0.88, 0.12
__all__ = ["EYE", "FRONTAL", "cascade_box", "load_cascade", "usual_box"]

EYE = "haarcascade_eye.xml"


def load_cascade(name: str) -> cv2.CascadeClassifier:
    """One of the Haar cascades that come with OpenCV, by its file's name.

    Raises:
        ModelError: it is missing or damaged.
    """
    path = Path(cv2.__file__).parent / "data" / name
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise ModelError(f"cascade '{path}' is missing or damaged: install opencv-python-headless again")
    return cascade


def cascade_box(drawn: Box) -> Box:
    """The box that the frontal cascade would draw for a face that a person has marked."""
    side = 0.5 * (drawn.width / DRAWN_WIDTH + drawn.height / DRAWN_HEIGHT)
    x = drawn.x + drawn.width / 2 - side / 2
    y = drawn.y + drawn.height / 2 - DRAWN_DOWN * side - side / 2
    return Box(round(x), round(y), round(side), round(side))


def usual_box(width: int, height: int) -> Box:
    """Where the cascade's box usually lies in a face crop of ``width`` by ``height`` pixels."""
    side = USUAL_SIDE * min(width, height)
    x = (USUAL_X + USUAL_SIDE / 2) * width - side / 2
    y = (USUAL_Y + USUAL_SIDE / 2) * height - side / 2
    return Box(round(x), round(y), max(1, round(side)), max(1, round(side)))
