"""Which face of a picture is meant."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.train.pictures import BLUE, plain
from train.data.cascade_boxes import usual_box
from train.data.face_choice import CascadeDetector, Fallback, choose_fallback, evaluation_box, whole_box
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_square


def _head(portrait: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The face alone, filling a square picture as in sets of face crops."""
    box = CascadeDetector().detect(portrait)
    assert box is not None
    margin = round(0.1 * box.width)
    cut = portrait[box.y - margin : box.y + box.height + margin, box.x - margin : box.x + box.width + margin]
    return np.asarray(cv2.resize(cut, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def test_the_usual_box_of_a_face_crop_is_that_of_fairface() -> None:
    assert usual_box(100, 100) == Box(9, 3, 80, 80)


def test_in_a_tall_face_crop_the_usual_box_is_a_square_that_fits() -> None:
    box = usual_box(100, 140)
    assert (box.width, box.height) == (80, 80)
    assert 0 <= box.x <= 20
    assert 0 <= box.y <= 60


@pytest.mark.parametrize(("width", "height"), [(200, 200), (300, 200), (120, 160)])
def test_the_crop_of_a_whole_picture_holds_all_of_it(width: int, height: int) -> None:
    left, top, side = crop_square(whole_box(width, height, CropSpec()), CropSpec())
    assert side == pytest.approx(max(width, height), abs=1)
    assert (left + side / 2, top + side / 2) == (pytest.approx(width / 2, abs=1), pytest.approx(height / 2, abs=1))


def test_of_two_faces_the_larger_one_near_the_centre_is_meant(portrait: NDArray[np.uint8]) -> None:
    picture = plain((128, 128, 128), 600)
    picture[180:420, 180:420] = _head(portrait, 240)
    picture[0:140, 0:140] = _head(portrait, 140)
    box = CascadeDetector().detect(picture)
    assert box is not None
    assert (box.x > 160, box.y > 160, box.width > 150) == (True, True, True)


def test_a_large_picture_is_searched_small_and_answered_in_its_own_pixels(portrait: NDArray[np.uint8]) -> None:
    small = CascadeDetector().detect(portrait)
    large = CascadeDetector().detect(np.asarray(cv2.resize(portrait, None, fx=4, fy=4), np.uint8))
    assert small is not None
    assert large is not None
    assert Box(*(round(value / 4) for value in large)).iou(small) > 0.8


@pytest.mark.parametrize(
    ("fallback", "expected"),
    [(Fallback.BOX, Box(9, 3, 80, 80)), (Fallback.SKIP, None), (Fallback.WHOLE, Box(10, 6, 80, 80))],
)
def test_where_no_face_is_seen_the_fallback_decides(fallback: Fallback, expected: Box | None) -> None:
    assert evaluation_box(plain(BLUE, 100), CascadeDetector(), fallback, CropSpec()) == (expected, False)


def test_face_crops_photographs_and_pictures_without_faces_are_told_apart(portrait: NDArray[np.uint8]) -> None:
    detector = CascadeDetector()
    assert choose_fallback([_head(portrait, 160)], detector)[0] is Fallback.BOX
    assert choose_fallback([portrait], detector)[0] is Fallback.SKIP
    assert choose_fallback([plain(BLUE, 100)], detector) == (Fallback.WHOLE, None)
