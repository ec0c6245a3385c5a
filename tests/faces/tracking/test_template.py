"""Finding a face again by what it looked like."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.faces.scenes import Scene
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.tracking.template import Template


@pytest.mark.parametrize("side", [40, 75, 160])
def test_a_face_that_moved_is_found_to_a_fraction_of_its_size(scene: Scene, side: int) -> None:
    before, after = FaceBox(300, 220, side), FaceBox(300 + 0.3 * side, 220 - 0.2 * side, side)
    found, correlation = Template.take(Pyramid.of(scene(before)), before).find(Pyramid.of(scene(after)), before)
    assert found.distance(after) < 0.05
    assert correlation > 0.9


def test_a_face_whose_mouth_is_covered_is_found(scene: Scene) -> None:
    before, after = FaceBox(300, 220, 100), FaceBox(315, 228, 100)
    masked = scene(after)
    cv2.rectangle(masked, (260, 240), (370, 300), (230, 225, 220), -1)
    found, correlation = Template.take(Pyramid.of(scene(before)), before).find(Pyramid.of(masked), before)
    assert found.distance(after) < 0.08
    assert correlation > 0.6


def test_where_there_is_no_such_face_the_correlation_is_low(scene: Scene) -> None:
    box = FaceBox(300, 220, 100)
    assert Template.take(Pyramid.of(scene(box)), box).find(Pyramid.of(scene()), box)[1] < 0.5


def test_brightness_does_not_matter(scene: Scene) -> None:
    box = FaceBox(300, 220, 100)
    darker = cv2.convertScaleAbs(scene(box), alpha=0.6, beta=5).astype(np.uint8)
    assert Template.take(Pyramid.of(scene(box)), box).find(Pyramid.of(darker), box)[1] > 0.9


def test_a_blank_picture_is_no_fault() -> None:
    blank = Pyramid(np.full((100, 100), 7, np.uint8))
    box = FaceBox(50, 50, 40)
    found, correlation = Template.take(blank, box).find(blank, box)
    assert np.isfinite([*found, correlation]).all()


def test_a_box_beyond_the_edge_is_no_fault(scene: Scene) -> None:
    box = FaceBox(-10, 500, 120)
    assert np.isfinite(Template.take(Pyramid.of(scene()), box).find(Pyramid.of(scene()), box)[1])
