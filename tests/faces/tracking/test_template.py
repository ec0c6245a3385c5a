"""Finding a face again by its look, and the pictures that this is done in."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import Scene
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box
from webcam_app.faces.tracking.template import Template


def grey(image: NDArray[np.uint8]) -> Pyramid:
    return Pyramid(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8))


@pytest.mark.parametrize("side", [40, 75, 160])
def test_a_face_that_moved_is_found_to_a_fraction_of_its_size(scene: Scene, side: int) -> None:
    before, after = FaceBox(300, 220, side), FaceBox(300 + 0.3 * side, 220 - 0.2 * side, side)
    found, correlation = Template.take(grey(scene(before)), before).find(grey(scene(after)), before)
    assert found.distance(after) < 0.05
    assert correlation > 0.9


def test_a_face_whose_mouth_is_covered_is_found(scene: Scene) -> None:
    before, after = FaceBox(300, 220, 100), FaceBox(315, 228, 100)
    masked = scene(after)
    cv2.rectangle(masked, (260, 240), (370, 300), (230, 225, 220), -1)
    found, correlation = Template.take(grey(scene(before)), before).find(grey(masked), before)
    assert found.distance(after) < 0.08
    assert correlation > 0.6


def test_where_there_is_no_such_face_the_correlation_is_low(scene: Scene) -> None:
    place = FaceBox(300, 220, 100)
    assert Template.take(grey(scene(place)), place).find(grey(scene()), place)[1] < 0.5


def test_brightness_does_not_matter(scene: Scene) -> None:
    place = FaceBox(300, 220, 100)
    darker = cv2.convertScaleAbs(scene(place), alpha=0.6, beta=5).astype(np.uint8)
    assert Template.take(grey(scene(place)), place).find(grey(darker), place)[1] > 0.9


def test_a_blank_picture_is_no_fault() -> None:
    blank = Pyramid(np.full((100, 100), 7, np.uint8))
    place = FaceBox(50, 50, 40)
    found, correlation = Template.take(blank, place).find(blank, place)
    assert np.isfinite([*found, correlation]).all()


def test_a_place_beyond_the_edge_is_no_fault(scene: Scene) -> None:
    place = FaceBox(-10, 500, 120)
    assert np.isfinite(Template.take(grey(scene()), place).find(grey(scene()), place)[1])


@pytest.mark.parametrize("scale", [0.1, 0.25, 0.4, 0.5, 0.9, 1.0, 1.7])
def test_a_cut_is_where_it_says_it_is(scale: float) -> None:
    image = np.zeros((240, 320), np.uint8)
    image[96:160, 128:192] = 255
    part, left, top = Pyramid(image).cut(Box(64, 32, 200, 180), scale)
    rows, columns = np.nonzero(part > 127)
    assert left + (columns.min() + columns.max() + 1) / 2 / scale == pytest.approx(160, abs=2 / scale + 1)
    assert top + (rows.min() + rows.max() + 1) / 2 / scale == pytest.approx(128, abs=2 / scale + 1)


def test_places_that_overlap_say_by_how_much() -> None:
    place = FaceBox(100, 100, 40)
    assert place.overlap(place) == pytest.approx(1.0)
    assert place.overlap(FaceBox(120, 100, 40)) == pytest.approx(0.5)
    assert place.overlap(FaceBox(100, 100, 10)) == pytest.approx(1.0)
    assert place.overlap(FaceBox(200, 100, 40)) == 0.0
