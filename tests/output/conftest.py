"""Moving pictures to record."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@pytest.fixture
def picture() -> Callable[..., Picture]:
    """Makes the n-th of a row of pictures that differ: a bright square that wanders over a gradient."""

    def make(number: int = 0, width: int = 320, height: int = 240) -> Picture:
        gradient = np.linspace(40, 120, width, dtype=np.uint8)
        image = np.repeat(np.tile(gradient, (height, 1))[:, :, np.newaxis], 3, axis=2)
        x = (number * 7) % max(1, width - 40)
        cv2.rectangle(image, (x, height // 4), (x + 40, height // 4 + 40), (40, 200, 250), -1)
        return image

    return make
