"""Squares around faces, and one relative to another."""

from __future__ import annotations

import pytest

from webcam_app.faces.box import FaceBox
from webcam_app.faces.tracking.track import Track


def test_a_place_relative_to_another_leads_back_to_it() -> None:
    face, drawn = FaceBox(110, 95, 90), FaceBox(100, 100, 100)
    assert face.relative_to(drawn) == pytest.approx((0.1, -0.05, 0.9))
    assert face.relative_to(drawn).within(drawn) == pytest.approx(face)
    assert face.relative_to(drawn).within(FaceBox(0, 0, 200)) == pytest.approx((20, -10, 180))


def test_what_the_face_network_draws_moves_with_the_cascades_box() -> None:
    track = Track(FaceBox(100, 100, 100), 0.0, 0.0, 0.0)
    assert track.framed == track.place
    track.frame(FaceBox(100, 104, 88))
    track.see(FaceBox(130, 100, 100), 1.0, 5)
    assert track.framed == pytest.approx((130, 104, 88), abs=0.1)


def test_without_a_cascade_the_network_leads_to_the_place_that_it_draws() -> None:
    track = Track(FaceBox(100, 100, 100), 0.0, 0.0, 0.0)
    track.frame(FaceBox(100, 104, 88))
    track.correct(FaceBox(120, 110, 96), 1.0)
    assert track.framed == pytest.approx((120, 110, 96))
