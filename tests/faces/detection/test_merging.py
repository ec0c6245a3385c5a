"""Many proposals on one face are one face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.merging import merge_proposals
from webcam_app.faces.detection.refiner import BoxRefiner


def test_many_proposals_on_one_face_are_one_face(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    rng = np.random.default_rng(0)
    around = [FaceBox(face.x + dx, face.y + dy, face.side) for dx, dy in rng.normal(0, 0.07 * face.side, (12, 2))]
    faces = merge_proposals(refiner, portrait, around)
    assert len(faces) == 1
    assert faces[0].box.rounded.iou(face.rounded) > 0.7


def test_no_proposals_are_no_faces(refiner: BoxRefiner, portrait: NDArray[np.uint8]) -> None:
    assert merge_proposals(refiner, portrait, []) == []
