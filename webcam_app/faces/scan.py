"""Looking for faces with the face network alone, square by square: it sees masked faces to which cascades are blind."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.place import Place
from webcam_app.faces.verifier import FaceVerifier

# Between squares of a grid, in their sides, and the factor between sizes: every face is then within a fifth of its side
# of a square and at most 1.2 times as large or small, which the network corrects in one look.
GRID_STEP = 0.3
GRID_RATIO = 1.41
GRID_LARGEST = 1.1
# Score of a square that is worth a second look.
GRID_TRACE = 0.1


def grid_places(width: int, height: int, smallest: float) -> list[Place]:
    """Squares that cover a picture so that every face of at least some size is near one of them, by size.

    Args:
        width: of the picture, in pixels.
        height: of the picture.
        smallest: side of the smallest square in pixels.
    """
    places = []
    side = smallest
    while side < GRID_LARGEST * min(width, height):
        columns = max(1, math.ceil((width - 0.6 * side) / (GRID_STEP * side)))
        rows = max(1, math.ceil((height - 0.6 * side) / (GRID_STEP * side)))
        xs = np.linspace(0.3 * side, width - 0.3 * side, columns + 1)
        ys = np.linspace(0.3 * side, height - 0.3 * side, rows + 1)
        places += [Place(float(x), float(y), side) for y in ys for x in xs]
        side *= GRID_RATIO
    return places


def scan(
    verifier: FaceVerifier, image: NDArray[np.uint8], places: Sequence[Place], *, trace: float = GRID_TRACE
) -> list[Place]:
    """Look at many squares of a few sizes with the network alone.

    Args:
        verifier: the network.
        image: H×W×3 uint8 BGR; not changed.
        places: squares, those of one side one after the other, as ``grid_places`` gives them.
        trace: least score of a square that is worth a second look.

    Returns:
        Where the squares with a trace of a face say that it is.

    Raises:
        InferenceError: the network failed.
    """
    size, spec = verifier.input_size, verifier.crop
    found = []
    resized, side, scale = image, 0.0, 1.0
    for place in places:
        if place.side != side:
            side = place.side
            scale = size / (side * spec.scale)
            new = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
            smaller = cv2.resize(image, new, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
            resized = cv2.copyMakeBorder(smaller, size, size, size, size, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
        x = round(place.x * scale + size / 2)
        y = round((place.y + spec.shift_down * side) * scale + size / 2)
        crop = resized[y : y + size, x : x + size]
        if crop.shape[:2] != (size, size):
            continue
        verdict = verifier.look_at_crop(crop, place)
        if verdict.score >= trace:
            found.append(verdict.place)
    return found
