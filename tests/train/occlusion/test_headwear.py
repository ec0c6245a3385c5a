"""What is drawn over hair leaves the face to be seen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from train.data.cache import canvas_box
from train.occlusion.headwear import KINDS, draw_headwear, with_headwear
from train.settings import Settings, StudentSettings
from webcam_app.faces.labelling.crop import CropSpec

SIZE = 192
BOX = canvas_box(SIZE, 1.5, CropSpec())


@pytest.mark.parametrize("kind", KINDS)
def test_headwear_covers_what_is_above_the_brows_and_leaves_eyes_and_mouth(kind: str) -> None:
    image = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    before = image.copy()
    for seed in range(10):
        drawn = draw_headwear(image, BOX, np.random.default_rng(seed), kind)
        changed = np.abs(drawn.astype(int) - image).max(2) > 3
        top = changed[BOX.y - 4 : BOX.y + 4, BOX.x + BOX.width // 3 : BOX.x + 2 * BOX.width // 3]
        assert top.mean() > 0.8
        y0, y1 = BOX.y + round(0.42 * BOX.height), BOX.y + round(0.85 * BOX.height)
        x0, x1 = BOX.x + round(0.25 * BOX.width), BOX.x + round(0.75 * BOX.width)
        assert changed[y0:y1, x0:x1].mean() < 0.02
    assert np.array_equal(image, before)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="'crown'"):
        draw_headwear(np.zeros((SIZE, SIZE, 3), np.uint8), BOX, np.random.default_rng(0), "crown")


def test_pictures_get_headwear_as_often_as_asked_and_keep_their_mask() -> None:
    canvas = np.full((SIZE, SIZE, 3), 128, np.uint8)
    settings = Settings(student=dataclasses.replace(StudentSettings(), headwear=0.3))
    shown = with_headwear(lambda row, rng: (canvas, row), settings)
    rng = np.random.default_rng(0)
    answers = [shown(1, rng) for _ in range(200)]
    assert 0.2 < np.mean([not np.array_equal(image, canvas) for image, _ in answers]) < 0.4
    assert {mask for _, mask in answers} == {1}
