"""Each face of a photograph is found once."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.faces.scenes import masked
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import StillDetector


def test_a_masked_and_a_bare_face_are_each_found_once(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    both = np.hstack([portrait, masked(portrait, face)])
    both = cv2.resize(both, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    faces = StillDetector(refiner).find(np.asarray(both, np.uint8), 40.0)
    small = FaceBox(face.x / 2, face.y / 2, face.side / 2)
    other = small._replace(x=small.x + portrait.shape[1] / 2)
    for wanted in (small, other):
        assert sum(found.box.rounded.iou(wanted.rounded) > 0.5 for found in faces) == 1


def test_a_picture_without_people_has_no_faces(refiner: BoxRefiner) -> None:
    ramp = np.linspace(40, 200, 320, dtype=np.uint8)
    wall = np.repeat(np.repeat(ramp[None, :, None], 240, axis=0), 3, axis=2)
    assert StillDetector(refiner).find(np.ascontiguousarray(wall), 40.0) == []
