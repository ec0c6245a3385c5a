"""Squares around faces, and one relative to another."""

from __future__ import annotations

import pytest

from webcam_app.faces.box import FaceBox


def test_a_box_relative_to_another_leads_back_to_it() -> None:
    face, drawn = FaceBox(110, 95, 90), FaceBox(100, 100, 100)
    assert face.relative_to(drawn) == pytest.approx((0.1, -0.05, 0.9))
    assert face.relative_to(drawn).within(drawn) == pytest.approx(face)
    assert face.relative_to(drawn).within(FaceBox(0, 0, 200)) == pytest.approx((20, -10, 180))


def test_boxes_that_overlap_say_by_how_much() -> None:
    box = FaceBox(100, 100, 40)
    assert box.overlap(box) == pytest.approx(1.0)
    assert box.overlap(FaceBox(120, 100, 40)) == pytest.approx(0.5)
    assert box.overlap(FaceBox(100, 100, 10)) == pytest.approx(1.0)
    assert box.overlap(FaceBox(200, 100, 40)) == 0.0
