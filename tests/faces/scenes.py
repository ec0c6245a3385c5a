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
