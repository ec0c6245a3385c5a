"""Two eyes propose the face around them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.eye_pairs import EyePairs, face_of_eyes
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box


def test_two_level_eyes_make_the_face_around_them() -> None:
    box = face_of_eyes(FaceBox(127, 134, 28), FaceBox(171, 134, 28))
    assert box is not None
    assert box.rounded.iou(Box(100, 100, 100, 100)) > 0.9


def test_tilted_eyes_make_a_face_below_them_at_a_right_angle() -> None:
    level = face_of_eyes(FaceBox(127, 134, 28), FaceBox(171, 134, 28))
    tilted = face_of_eyes(FaceBox(127, 126, 28), FaceBox(171, 142, 28))
    assert level is not None
    assert tilted is not None
    # The right eye is lower, so the chin points to the left.
    assert tilted.x < level.x - 2


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (FaceBox(100, 100, 28), FaceBox(110, 100, 28)),  # overlapping
        (FaceBox(100, 100, 28), FaceBox(220, 100, 28)),  # too far apart
        (FaceBox(100, 100, 28), FaceBox(140, 130, 28)),  # one above the other
        (FaceBox(100, 100, 15), FaceBox(140, 100, 30)),  # of different size
        (FaceBox(140, 100, 28), FaceBox(100, 100, 28)),  # in the wrong order
    ],
)
def test_what_is_no_pair_makes_no_face(left: FaceBox, right: FaceBox) -> None:
    assert face_of_eyes(left, right) is None


def test_eyes_propose_the_face_of_a_portrait(portrait: NDArray[np.uint8], face: FaceBox) -> None:
    detections = EyePairs().find(Pyramid.of(portrait), 0.7 * face.side, 1.4 * face.side, scale=100 / face.side)
    assert any(detection.box.rounded.iou(face.rounded) > 0.5 for detection in detections)


def test_eyes_are_not_looked_for_in_enlarged_pictures_unless_asked(portrait: NDArray[np.uint8]) -> None:
    assert EyePairs().find(Pyramid.of(portrait), 30, 60, scale=1.5) == []


def test_a_region_limits_where_eyes_are_looked_for(portrait: NDArray[np.uint8], face: FaceBox) -> None:
    height, width = portrait.shape[:2]
    below = Box(0, round(face.y + 0.3 * face.side), width, height - round(face.y + 0.3 * face.side))
    detections = EyePairs().find(
        Pyramid.of(portrait), 0.7 * face.side, 1.4 * face.side, region=below, scale=100 / face.side
    )
    assert not any(detection.box.rounded.iou(face.rounded) > 0.5 for detection in detections)
