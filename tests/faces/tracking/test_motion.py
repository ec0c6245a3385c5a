"""A box follows its detections smoothly, and is predicted at its velocity."""

from __future__ import annotations

import pytest

from webcam_app.faces.box import FaceBox
from webcam_app.faces.tracking.motion import FASTEST, LONGEST_PREDICTION, Motion

BOX = FaceBox(100, 100, 100)


def moving(step: float, count: int = 30, fps: float = 30.0) -> Motion:
    motion = Motion(BOX, 0.0)
    for frame in range(1, count):
        motion.detected(BOX._replace(x=100 + step * frame), frame / fps)
    return motion


def test_a_face_at_rest_is_predicted_where_it_is() -> None:
    assert Motion(BOX, 0.0).predict(1.0) == BOX


def test_a_face_that_moves_steadily_is_predicted_ahead() -> None:
    motion = moving(step=5)
    assert motion.predict(30 / 30).x == pytest.approx(100 + 5 * 30, abs=2)


def test_a_prediction_does_not_run_away() -> None:
    motion = moving(step=5)
    assert motion.predict(motion.time + 60) == motion.predict(motion.time + LONGEST_PREDICTION)


def test_small_changes_are_smoothed_and_large_ones_followed_at_once() -> None:
    small, large = Motion(BOX, 0.0), Motion(BOX, 0.0)
    small.detected(BOX._replace(x=102), 1 / 30)
    large.detected(BOX._replace(x=140), 1 / 30)
    assert 100 < small.box.x < 102
    assert large.box.x == 140


def test_no_face_is_faster_than_people_are() -> None:
    motion = Motion(BOX, 0.0)
    motion.detected(BOX._replace(x=5000), 0.001)
    ahead = motion.predict(0.001 + LONGEST_PREDICTION).x - motion.box.x
    assert ahead <= FASTEST * BOX.side * LONGEST_PREDICTION + 1e-6


@pytest.mark.parametrize(("correlation", "x"), [(0.2, 100), (0.5, 105), (0.9, 110)])
def test_a_template_counts_as_much_as_it_matches(correlation: float, x: float) -> None:
    motion = Motion(BOX, 0.0)
    motion.matched(BOX._replace(x=110), 0.1, correlation)
    assert motion.box.x == pytest.approx(x)


def test_a_template_does_not_change_the_size() -> None:
    motion = Motion(BOX, 0.0)
    motion.matched(FaceBox(110, 100, 150), 0.1, 1.0)
    assert motion.box.side == 100


def test_the_velocity_dies_away_while_nothing_is_seen() -> None:
    motion = moving(step=5)
    before = motion.predict(motion.time + 0.1).x - motion.box.x
    for _ in range(15):
        motion.matched(motion.box, motion.time + 1 / 30, 0.0)
    assert abs(motion.predict(motion.time + 0.1).x - motion.box.x) < 0.1 * before


def test_frames_at_the_same_time_are_no_division_by_zero() -> None:
    motion = Motion(BOX, 1.0)
    motion.detected(BOX._replace(x=101), 1.0)
    assert motion.box.x > 100
