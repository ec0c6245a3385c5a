"""The refiner finds faces by itself, over a grid of squares, at once or in slices."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.faces.scenes import masked
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.scan import GridScan, grid_boxes, scan


def test_the_grid_has_a_square_near_every_face() -> None:
    boxes = grid_boxes(320, 240, 40)
    rng = np.random.default_rng(0)
    for _ in range(200):
        side = float(np.exp(rng.uniform(np.log(40), np.log(200))))
        face = FaceBox(float(rng.uniform(side / 2, 320 - side / 2)), float(rng.uniform(side / 2, 240 - side / 2)), side)
        assert max(box.rounded.iou(face.rounded) for box in boxes) > 0.45


def test_the_scan_finds_a_masked_face_by_itself(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    height, width = portrait.shape[:2]
    found = scan(refiner, masked(portrait, face), grid_boxes(width, height, 0.6 * face.side))
    assert any(box.rounded.iou(face.rounded) > 0.6 for box in found)


def _frame(portrait: NDArray[np.uint8], face: FaceBox) -> tuple[NDArray[np.uint8], FaceBox]:
    """A masked face of 120 px in a grey frame of 640×480, and where it is."""
    scale = 120 / face.side
    small = cv2.resize(masked(portrait, face), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:440, :440]
    frame = np.full((480, 640, 3), 110, np.uint8)
    frame[20 : 20 + small.shape[0], 150 : 150 + small.shape[1]] = small
    return frame, FaceBox(150 + face.x * scale, 20 + face.y * scale, 120.0)


def test_a_scan_in_slices_comes_upon_a_masked_face(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    frame, wanted = _frame(portrait, face)
    slices = GridScan(refiner)
    found = [box for number in range(200) for box in slices.search(frame, number / 30)]
    assert any(box.rounded.iou(wanted.rounded) > 0.6 for box in found)


def test_a_scan_in_slices_skips_a_face_that_is_followed(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    frame, wanted = _frame(portrait, face)
    slices = GridScan(refiner)
    found = [
        box
        for number in range(200)
        for box in slices.search(frame, number / 30, [wanted._replace(side=1.6 * wanted.side)])
    ]
    assert not any(box.rounded.iou(wanted.rounded) > 0.5 for box in found)
