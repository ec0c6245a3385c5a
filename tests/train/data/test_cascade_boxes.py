"""Boxes as the cascade draws them, and which pictures are held out."""

from __future__ import annotations

import numpy as np

from train.data.cascade_boxes import cascade_box
from train.data.held_out import is_held_out
from webcam_app.faces.face import Box


def test_a_drawn_box_becomes_the_cascades_larger_one() -> None:
    drawn = Box(110, 118, 80, 88)
    assert cascade_box(drawn).iou(Box(100, 100, 100, 100)) > 0.95


def test_a_quarter_of_the_pictures_is_held_out_whatever_their_order() -> None:
    held = [is_held_out(f"{number:05d}.webp") for number in range(2000)]
    assert 0.2 < np.mean(held) < 0.3
    assert is_held_out("00001.webp") == is_held_out("00001.webp")
