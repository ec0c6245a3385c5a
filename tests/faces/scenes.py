"""What the scenes of the tests are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox

Scene = Callable[..., NDArray[np.uint8]]


@dataclasses.dataclass(frozen=True)
class Head:
    """A head cut out of a portrait: its pixels, and where in them the face is."""

    image: NDArray[np.uint8]
    face: FaceBox


def room(size: tuple[int, int] = (640, 480), seed: int = 1) -> NDArray[np.uint8]:
    """A picture with shades and edges but no face."""
    random = np.random.default_rng(seed)
    image = np.full((size[1], size[0], 3), 150, np.uint8)
    image[:, : size[0] // 4] = (90, 110, 120)
    cv2.rectangle(image, (size[0] * 3 // 4, size[1] // 8), (size[0] - 8, size[1] // 2), (160, 120, 60), -1)
    noise = random.normal(0, 3, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def masked(image: NDArray[np.uint8], face: FaceBox) -> NDArray[np.uint8]:
    """A picture whose face has its lower half covered, like by a mask."""
    masked = image.copy()
    center = (round(face.x), round(face.y + 0.36 * face.side))
    axes = (round(0.36 * face.side), round(0.34 * face.side))
    cv2.ellipse(masked, center, axes, 0, 0, 360, (200, 190, 160), -1, cv2.LINE_AA)
    return masked
