"""The one way from a face's box to the network's input, shared by the application, training and evaluation."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.face import Box


@dataclass(frozen=True, slots=True)
class CropSpec:
    """How far around a cascade's box the crop reaches, in units of the box's side.

    The defaults make the crop of a FairFace picture (margin 0.25 around the face) about the whole picture: there the
    cascade's box is at median x 0.09, y 0.03, side 0.80, so hair, ears and chin are in and nothing has to be invented.

    Attributes:
        scale: side of the crop over the longer side of the box.
        shift_down: how far the crop's centre lies below the box's.
    """

    scale: float = 1.25
    shift_down: float = 0.05


def crop_square(box: Box, spec: CropSpec) -> tuple[float, float, float]:
    """Left, top and side in pixels of the square that ``crop_face`` cuts for a box."""
    side = max(box.width, box.height)
    size = side * spec.scale
    center_x = box.x + box.width / 2
    center_y = box.y + box.height / 2 + side * spec.shift_down
    return center_x - size / 2, center_y - size / 2, size


def crop_face(image: NDArray[np.uint8], box: Box, size: int, spec: CropSpec) -> NDArray[np.uint8]:
    """Cut the square around a face and resize it.

    Where the square reaches past the picture, the picture's edge is repeated.

    Args:
        image: H×W×3 (or H×W) uint8; not changed.
        box: the face, in pixels of ``image``; at least one pixel of its square must lie in the picture.
        size: side of the result in pixels.
        spec: how much around the box to take.

    Returns:
        A new size×size×3 (or size×size) uint8 array in the colour order of ``image``.

    Raises:
        ValueError: the box is empty or its square lies outside the picture.
    """
    left, top, side_exact = crop_square(box, spec)
    side = max(1, round(side_exact))
    x, y = round(left), round(top)
    height, width = image.shape[:2]
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + side, width), min(y + side, height)
    if box.width <= 0 or box.height <= 0 or x0 >= x1 or y0 >= y1:
        raise ValueError(f"box {tuple(box)} has no pixel in a picture of {width}x{height}")
    cut = image[y0:y1, x0:x1]
    # Padding after scaling would be cheaper but shifts the face by a rounding error; crops at the edge are rare.
    if (x1 - x0, y1 - y0) != (side, side):
        edges = (y0 - y, y + side - y1, x0 - x, x + side - x1)
        cut = np.asarray(cv2.copyMakeBorder(cut, *edges, cv2.BORDER_REPLICATE), np.uint8)
    interpolation = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, (size, size), interpolation=interpolation), np.uint8)
