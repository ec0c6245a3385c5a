"""Eyes propose faces, the network's scan finds what cascades miss, and each face of a photograph is found once."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.scan import GridScan, grid_places, scan
from webcam_app.faces.detection.still import EyePairs, StillDetector, confirm, face_of_eyes
from webcam_app.faces.face import Box


def _gray(image: NDArray[np.uint8]) -> Pyramid:
    return Pyramid(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8))


def _masked(image: NDArray[np.uint8], face: FaceBox) -> NDArray[np.uint8]:
    masked = image.copy()
    center = (round(face.x), round(face.y + 0.36 * face.side))
    axes = (round(0.36 * face.side), round(0.34 * face.side))
    cv2.ellipse(masked, center, axes, 0, 0, 360, (200, 190, 160), -1, cv2.LINE_AA)
    return masked


def test_two_level_eyes_make_the_face_around_them() -> None:
    place = face_of_eyes(FaceBox(127, 134, 28), FaceBox(171, 134, 28))
    assert place is not None
    assert place.box.iou(Box(100, 100, 100, 100)) > 0.9


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
    hits = EyePairs().find(_gray(portrait), 0.7 * face.side, 1.4 * face.side, scale=100 / face.side)
    assert any(hit.place.box.iou(face.box) > 0.5 for hit in hits)


def test_eyes_are_not_looked_for_in_enlarged_pictures_unless_asked(portrait: NDArray[np.uint8]) -> None:
    assert EyePairs().find(_gray(portrait), 30, 60, scale=1.5) == []


def test_a_region_limits_where_eyes_are_looked_for(portrait: NDArray[np.uint8], face: FaceBox) -> None:
    height, width = portrait.shape[:2]
    below = Box(0, round(face.y + 0.3 * face.side), width, height - round(face.y + 0.3 * face.side))
    hits = EyePairs().find(_gray(portrait), 0.7 * face.side, 1.4 * face.side, region=below, scale=100 / face.side)
    assert not any(hit.place.box.iou(face.box) > 0.5 for hit in hits)


def test_the_grid_has_a_square_near_every_face() -> None:
    places = grid_places(320, 240, 40)
    rng = np.random.default_rng(0)
    for _ in range(200):
        side = float(np.exp(rng.uniform(np.log(40), np.log(200))))
        face = FaceBox(float(rng.uniform(side / 2, 320 - side / 2)), float(rng.uniform(side / 2, 240 - side / 2)), side)
        assert max(place.box.iou(face.box) for place in places) > 0.45


def test_the_scan_finds_a_masked_face_by_itself(
    verifier: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    height, width = portrait.shape[:2]
    found = scan(verifier, _masked(portrait, face), grid_places(width, height, 0.6 * face.side))
    assert any(place.box.iou(face.box) > 0.6 for place in found)


def test_a_masked_and_a_bare_face_are_each_found_once(
    verifier: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    both = np.hstack([portrait, _masked(portrait, face)])
    both = cv2.resize(both, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    faces = StillDetector(verifier).find(np.asarray(both, np.uint8), 40.0)
    small = FaceBox(face.x / 2, face.y / 2, face.side / 2)
    other = small._replace(x=small.x + portrait.shape[1] / 2)
    for wanted in (small, other):
        assert sum(found.place.box.iou(wanted.box) > 0.5 for found in faces) == 1


def test_a_picture_without_people_has_no_faces(verifier: BoxRefiner) -> None:
    ramp = np.linspace(40, 200, 320, dtype=np.uint8)
    wall = np.repeat(np.repeat(ramp[None, :, None], 240, axis=0), 3, axis=2)
    assert StillDetector(verifier).find(np.ascontiguousarray(wall), 40.0) == []


def test_many_places_on_one_face_are_one_face(verifier: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox) -> None:
    rng = np.random.default_rng(0)
    around = [FaceBox(face.x + dx, face.y + dy, face.side) for dx, dy in rng.normal(0, 0.07 * face.side, (12, 2))]
    faces = confirm(verifier, portrait, around)
    assert len(faces) == 1
    assert faces[0].place.box.iou(face.box) > 0.7


def test_no_places_are_no_faces(verifier: BoxRefiner, portrait: NDArray[np.uint8]) -> None:
    assert confirm(verifier, portrait, []) == []


def _frame(portrait: NDArray[np.uint8], face: FaceBox) -> tuple[NDArray[np.uint8], FaceBox]:
    """A masked face of 120 px in a grey frame of 640×480, and where it is."""
    scale = 120 / face.side
    small = cv2.resize(_masked(portrait, face), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:440, :440]
    frame = np.full((480, 640, 3), 110, np.uint8)
    frame[20 : 20 + small.shape[0], 150 : 150 + small.shape[1]] = small
    return frame, FaceBox(150 + face.x * scale, 20 + face.y * scale, 120.0)


def test_a_scan_in_slices_comes_upon_a_masked_face(
    verifier: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    frame, wanted = _frame(portrait, face)
    slices = GridScan(verifier)
    found = [place for number in range(200) for place in slices.work(frame, number / 30)]
    assert any(place.box.iou(wanted.box) > 0.6 for place in found)


def test_a_scan_in_slices_skips_a_face_that_is_followed(
    verifier: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    frame, wanted = _frame(portrait, face)
    slices = GridScan(verifier)
    found = [
        place
        for number in range(200)
        for place in slices.work(frame, number / 30, [wanted._replace(side=1.6 * wanted.side)])
    ]
    assert not any(place.box.iou(wanted.box) > 0.5 for place in found)
