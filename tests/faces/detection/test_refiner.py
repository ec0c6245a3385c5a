"""The face network says what is a face, moves the box onto it, and is refused when it is damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.resources import model_path


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The network with its card, free to be damaged."""
    for suffix in (".tflite", ".json"):
        shutil.copy(model_path("face.tflite").with_suffix(suffix), tmp_path / f"face{suffix}")
    return tmp_path / "face.tflite"


def test_a_face_scores_above_the_threshold_and_other_boxes_below(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    eye = FaceBox(face.x - 0.2 * face.side, face.y - 0.15 * face.side, 0.3 * face.side)
    chest = FaceBox(face.x, face.y + 1.9 * face.side, face.side)
    scores = refiner.score(portrait, [face.rounded, eye.rounded, chest.rounded])
    assert scores.dtype == np.float32
    assert scores[0] >= refiner.threshold
    assert max(scores[1:]) < refiner.threshold


def test_a_wall_and_noise_are_no_faces(refiner: BoxRefiner) -> None:
    wall = np.full((120, 120, 3), 140, np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, (120, 120, 3), np.uint8)
    for image in (wall, noise):
        assert refiner.score(image, [Box(30, 30, 60, 60)])[0] < refiner.threshold / 2


def test_a_face_with_its_lower_half_covered_is_still_one(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    masked = portrait.copy()
    center = (round(face.x), round(face.y + 0.36 * face.side))
    axes = (round(0.34 * face.side), round(0.32 * face.side))
    cv2.ellipse(masked, center, axes, 0, 0, 360, (200, 190, 160), -1, cv2.LINE_AA)
    assert refiner.refine(masked, face, steps=2).score >= refiner.threshold


@pytest.mark.parametrize(
    ("right", "down", "size"), [(0.18, 0.0, 1.0), (-0.1, 0.15, 1.1), (0.0, 0.0, 1.3), (0.0, -0.1, 0.8)]
)
def test_a_rough_box_is_moved_towards_the_face(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox, right: float, down: float, size: float
) -> None:
    rough = FaceBox(face.x + right * face.side, face.y + down * face.side, face.side * size)
    settled = refiner.refine(portrait, rough, steps=3)
    assert settled.box.rounded.iou(face.rounded) > 0.7
    assert settled.box.rounded.iou(face.rounded) > rough.rounded.iou(face.rounded)


def test_a_box_outside_the_picture_scores_nothing(refiner: BoxRefiner, portrait: NDArray[np.uint8]) -> None:
    assert refiner.score(portrait, [Box(-500, -500, 80, 80)])[0] == 0


def test_boxes_and_their_crops_score_the_same(refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox) -> None:
    crop = crop_face(portrait, face.rounded, refiner.input_size, refiner.crop)
    assert refiner.score_crops([crop])[0] == pytest.approx(refiner.score(portrait, [face.rounded])[0], abs=1e-6)


def test_many_boxes_at_once_are_scored_as_one_by_one(
    refiner: BoxRefiner, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    boxes = [face._replace(x=face.x + 8 * step) for step in range(-15, 15)]
    crops = [crop_face(portrait, box.rounded, refiner.input_size, refiner.crop) for box in boxes]
    one_by_one = [refiner.refine_crop(crop, box) for crop, box in zip(crops, boxes, strict=True)]
    expected = [scored for scored in one_by_one if scored.score >= 0.3]
    together = refiner.refine_crops(crops, boxes, 0.3)
    assert 5 < len(together) < 30
    assert [scored.box for scored in together] == [scored.box for scored in expected]
    assert np.allclose([scored.score for scored in together], [scored.score for scored in expected])


def test_no_boxes_give_no_scores(refiner: BoxRefiner, portrait: NDArray[np.uint8]) -> None:
    assert refiner.score(portrait, []).shape == (0,)


def test_a_crop_of_another_shape_is_refused(refiner: BoxRefiner) -> None:
    with pytest.raises(ValueError, match="crop"):
        refiner.score_crops([np.zeros((8, 8, 3), np.uint8)])


def test_a_damaged_network_is_refused(copied: Path) -> None:
    content = bytearray(copied.read_bytes())
    content[len(content) // 2] ^= 0xFF
    copied.write_bytes(content)
    with pytest.raises(ModelError, match="is damaged or is not the one"):
        BoxRefiner(copied)


@pytest.mark.parametrize("suffix", [".tflite", ".json"])
def test_a_missing_file_is_named(copied: Path, suffix: str) -> None:
    copied.with_suffix(suffix).unlink()
    with pytest.raises(ModelError, match=rf"face{suffix}.*missing"):
        BoxRefiner(copied)


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"format": 99}'])
def test_a_damaged_card_is_refused(copied: Path, text: str) -> None:
    copied.with_suffix(".json").write_text(text)
    with pytest.raises(ModelError, match="damaged"):
        BoxRefiner(copied)


@pytest.mark.parametrize(
    ("key", "value"), [("input", {"size": 4}), ("thresholds", {"face": 2.0}), ("outputs", {"face": "nothing"})]
)
def test_a_card_that_does_not_fit_the_network_is_refused(copied: Path, key: str, value: dict[str, object]) -> None:
    card = json.loads(copied.with_suffix(".json").read_text())
    card[key] = {**card[key], **value}
    copied.with_suffix(".json").write_text(json.dumps(card))
    with pytest.raises(ModelError):
        BoxRefiner(copied)
