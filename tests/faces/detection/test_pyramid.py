"""Parts of a frame at any size, cut where they say they are."""

from __future__ import annotations

import numpy as np
import pytest

from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box


@pytest.mark.parametrize("scale", [0.1, 0.25, 0.4, 0.5, 0.9, 1.0, 1.7])
def test_a_cut_is_where_it_says_it_is(scale: float) -> None:
    image = np.zeros((240, 320), np.uint8)
    image[96:160, 128:192] = 255
    part, left, top = Pyramid(image).cut(Box(64, 32, 200, 180), scale)
    rows, columns = np.nonzero(part > 127)
    assert left + (columns.min() + columns.max() + 1) / 2 / scale == pytest.approx(160, abs=2 / scale + 1)
    assert top + (rows.min() + rows.max() + 1) / 2 / scale == pytest.approx(128, abs=2 / scale + 1)


def test_a_colour_image_makes_a_grey_pyramid() -> None:
    image = np.zeros((40, 60, 3), np.uint8)
    image[:] = (0, 0, 255)
    pyramid = Pyramid.of(image)
    assert (pyramid.width, pyramid.height) == (60, 40)
    assert pyramid.gray[0, 0] == 76  # the luma of red, not its mean
