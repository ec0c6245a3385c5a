"""How large a face is shown, how far it is turned, and where a map takes it."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from train.detector.settings import DetectorSettings
from webcam_app.faces.box import FaceBox

# Faces are turned by this many degrees (standard deviation), now and then by more.
TURN, TURN_OFTEN, TURN_MORE = 7.0, 0.75, 2.4


class Doubtful(FaceBox):
    """A place that may be a face or none: marks and an earlier detector disagree. The loss leaves it out."""


def random_side(rng: np.random.Generator, settings: DetectorSettings) -> float:
    """Side of a face, each octave as often."""
    return float(np.exp(rng.uniform(math.log(settings.smallest), math.log(settings.largest))))


def random_turn(rng: np.random.Generator) -> float:
    """By how many degrees a face is turned."""
    return float(rng.normal(0, TURN)) * (1.0 if rng.random() < TURN_OFTEN else TURN_MORE)


def turn_and_zoom(
    source: tuple[float, float], target: tuple[float, float], zoom: float, turn: float
) -> NDArray[np.float64]:
    """The affine map that enlarges by ``zoom``, turns by ``turn`` degrees and takes one point to another."""
    matrix = np.asarray(cv2.getRotationMatrix2D((0, 0), turn, zoom), np.float64)
    matrix[:, 2] = np.array(target) - matrix[:, :2] @ np.array(source)
    return matrix


def moved(matrix: NDArray[np.float64], zoom: float, face: FaceBox) -> FaceBox:
    """Where a map of ``turn_and_zoom`` takes a face."""
    x, y = matrix @ (face.x, face.y, 1.0)
    return face._replace(x=float(x), y=float(y), side=face.side * zoom)
