"""A track changes only in ways that keep it true."""

from __future__ import annotations

import math

import numpy as np
import pytest

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.tracking.track import Track, TrackState

BOX = FaceBox(100, 100, 100)


def seen(box: FaceBox = BOX, neighbors: int = 5) -> Detection:
    return Detection(box, neighbors)


def textured(seed: int = 0) -> Pyramid:
    return Pyramid(np.random.default_rng(seed).integers(0, 256, (200, 200), np.uint8))


def test_a_new_track_is_tentative_and_has_no_number() -> None:
    track = Track(BOX, 2.0, neighbors=3)
    assert (track.state, track.number, track.label, track.score) == (TrackState.TENTATIVE, None, None, None)
    assert (track.frames, track.detections, track.neighbors) == (1, 1, 3)
    assert (track.first_detected, track.last_detected, track.last_searched) == (2.0, 2.0, 2.0)
    assert (track.last_confirmed, track.last_scored, track.lost_at) == (-math.inf, -math.inf, math.inf)


def test_what_the_refiner_draws_moves_with_the_cascades_box() -> None:
    track = Track(BOX, 0.0)
    assert track.refined_box == track.box
    track.align(FaceBox(100, 104, 88))
    track.detected(seen(FaceBox(130, 100, 100)), 1.0, 0)
    assert track.refined_box == pytest.approx((130, 104, 88), abs=0.1)


def test_without_a_cascade_the_refiner_leads_to_the_box_that_it_draws() -> None:
    track = Track(BOX, 0.0)
    track.align(FaceBox(100, 104, 88))
    track.correct(FaceBox(120, 110, 96), 1.0)
    assert track.refined_box == pytest.approx((120, 110, 96))


def test_a_detection_counts_once_in_everything_that_counts_it() -> None:
    track = Track(BOX, 0.0, neighbors=2)
    track.count_search(0.1)
    track.matched(BOX, 0.1, 0.5)
    track.count_search(0.2)
    assert (track.missed_searches, track.frames, track.detections, track.correlation) == (2, 2, 1, 0.5)
    track.detected(seen(neighbors=7), 0.2, 3)
    assert (track.missed_searches, track.frames, track.detections, track.correlation) == (0, 3, 2, 1.0)
    assert (track.neighbors, track.cascade, track.last_detected, track.last_searched) == (9, 3, 0.2, 0.2)


def test_two_detections_in_one_frame_are_one_frame() -> None:
    track = Track(BOX, 1.0)
    track.detected(seen(), 1.0, 0)
    assert (track.frames, track.detections) == (1, 2)


def test_a_second_cascade_in_the_first_frame_gives_the_centre_and_a_third_meets_it_half_way() -> None:
    track = Track(BOX, 0.0, neighbors=1)
    track.detected_again(seen(FaceBox(110, 100, 80), 2), 1)
    assert (track.box, track.cascade) == (FaceBox(110, 100, 90), 1)
    track.detected_again(seen(FaceBox(120, 100, 90), 4), 0)
    assert (track.box, track.cascade) == (FaceBox(115, 100, 90), 0)
    assert (track.detections, track.neighbors, track.frames) == (3, 7, 1)


def test_an_anchored_track_knows_both_boxes() -> None:
    track = Track(FaceBox(100, 104, 88), 0.0)
    track.anchor(seen(BOX), 0.0, 1)
    assert track.box == BOX
    assert track.refined_box == pytest.approx((100, 104, 88))
    assert (track.detections, track.cascade) == (2, 1)


def test_scores_are_smoothed_and_the_best_is_kept() -> None:
    track = Track(BOX, 0.0)
    assert track.scored(1.0, 0.1) == 1.0
    assert track.scored(0.5, 0.2) == pytest.approx(0.8)
    assert (track.score, track.best_score, track.scores, track.last_scored) == (pytest.approx(0.8), 1.0, 2, 0.2)


def test_a_verified_track_that_a_cascade_sees_learns_the_offset_and_stays() -> None:
    track = Track(BOX, 1.0)
    track.verified(FaceBox(100, 104, 88), textured(), 1.0)
    assert (track.box, track.last_confirmed) == (BOX, 1.0)
    assert track.refined_box == pytest.approx((100, 104, 88))


def test_a_verified_track_that_no_cascade_sees_moves_a_part_of_the_way() -> None:
    track = Track(BOX, 1.0)
    track.verified(FaceBox(110, 100, 100), textured(), 1.5)
    assert track.box == pytest.approx((103, 100, 100))
    assert track.last_confirmed == 1.5


def test_a_track_without_a_template_matches_nowhere() -> None:
    assert Track(BOX, 0.0).match_template(textured(), FaceBox(90, 90, 50)) == (FaceBox(90, 90, 50), 0.0)


def test_a_template_is_taken_once_if_only_ensured() -> None:
    track = Track(BOX, 0.0)
    track.ensure_template(textured(1))
    track.ensure_template(textured(2))
    assert track.match_template(textured(1), BOX)[1] > 0.99
    track.take_template(textured(2))
    assert track.match_template(textured(2), BOX)[1] > 0.99


def test_confirming_gives_a_number_once() -> None:
    track = Track(BOX, 0.0)
    track.confirm(3)
    assert (track.state, track.number) == (TrackState.CONFIRMED, 3)
    with pytest.raises(RuntimeError, match="confirmed"):
        track.confirm(4)
    assert track.number == 3


def test_numbers_start_at_one() -> None:
    track = Track(BOX, 0.0)
    with pytest.raises(ValueError, match="1 or more"):
        track.confirm(0)
    assert track.state is TrackState.TENTATIVE


def test_a_lost_track_keeps_its_number_and_is_not_followed() -> None:
    track = Track(BOX, 0.0)
    track.confirm(3)
    track.lose(2.5)
    assert (track.state, track.number, track.lost_at) == (TrackState.LOST, 3, 2.5)
    for change in (
        lambda: track.detected(seen(), 3.0, 0),
        lambda: track.matched(BOX, 3.0, 0.9),
        lambda: track.lose(3.0),
        lambda: track.confirm(4),
    ):
        with pytest.raises(RuntimeError, match="lost"):
            change()


def test_a_face_that_comes_back_inherits_number_and_label(card: ModelCard) -> None:
    lost, new = Track(BOX, 0.0), Track(BOX, 3.0)
    lost.confirm(7)
    label = lost.start_label(card)
    lost.lose(2.0)
    new.inherit(lost)
    assert (new.state, new.number, new.label) == (TrackState.CONFIRMED, 7, label)


def test_only_a_lost_track_that_had_a_number_can_be_inherited() -> None:
    new, followed, never = Track(BOX, 0.0), Track(BOX, 0.0), Track(BOX, 0.0)
    followed.confirm(1)
    never.lose(0.0)
    with pytest.raises(RuntimeError, match="not lost"):
        new.inherit(followed)
    with pytest.raises(ValueError, match="no number"):
        new.inherit(never)
    assert new.state is TrackState.TENTATIVE


@pytest.mark.parametrize("name", ["box", "state", "number", "detections", "last_confirmed", "score", "label"])
def test_fields_cannot_be_written_from_outside(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Track(BOX, 0.0), name, None)
