"""Tracks of one face become one, known faces are not proposed again, and who comes back is known."""

from __future__ import annotations

import pytest

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection
from webcam_app.faces.tracking.association import LostTracks, RejectedBoxes, is_new, merge_duplicates
from webcam_app.faces.tracking.track import Track, TrackState

BOX = FaceBox(100, 100, 100)
NEAR = FaceBox(110, 105, 95)
AWAY = FaceBox(400, 100, 100)


def test_of_two_tracks_on_one_face_the_confirmed_one_stays() -> None:
    known, other = Track(BOX, 0.0), Track(NEAR, 0.0)
    known.confirm(1)
    other.detected(Detection(NEAR, 5), 1.0, 0)
    assert merge_duplicates([other, known], 1.0) == [known]
    assert (other.state, other.lost_at) == (TrackState.LOST, 1.0)


def test_of_two_tentative_tracks_the_last_detected_then_the_oldest_stays() -> None:
    old, young, seen = Track(BOX, 0.0), Track(NEAR, 0.5), Track(BOX, 0.2)
    seen.detected(Detection(BOX, 5), 1.0, 0)
    assert merge_duplicates([old, young, seen], 1.0) == [seen]
    first, second = Track(BOX, 0.0), Track(NEAR, 0.0)
    assert merge_duplicates([first, second], 1.0) == [first]


def test_tracks_of_different_faces_stay() -> None:
    tracks = [Track(BOX, 0.0), Track(AWAY, 0.0)]
    assert merge_duplicates(tracks, 0.0) == tracks


def test_a_known_face_and_its_mouth_are_nothing_new() -> None:
    known = Track(BOX, 0.0)
    known.confirm(1)
    for box in (NEAR, FaceBox(100, 130, 30)):
        assert not is_new(box, [known], RejectedBoxes(), 5.0)
    assert is_new(AWAY, [known], RejectedBoxes(), 5.0)


def test_a_tentative_track_keeps_its_place_only_shortly_after_a_detection() -> None:
    track = Track(BOX, 0.0)
    assert not is_new(NEAR, [track], RejectedBoxes(), 0.1)
    assert is_new(NEAR, [track], RejectedBoxes(), 0.2)


def test_what_was_rejected_is_left_alone_for_a_while() -> None:
    rejected = RejectedBoxes()
    rejected.add(BOX, until=1.0)
    assert not is_new(FaceBox(105, 100, 100), [], rejected, 0.5)
    assert is_new(AWAY, [], rejected, 0.5)
    rejected.expire(1.0)
    assert rejected.covers(BOX)
    rejected.expire(1.1)
    assert not rejected.covers(BOX)


def test_rejected_boxes_can_be_forgotten() -> None:
    rejected = RejectedBoxes()
    rejected.add(BOX, until=1.0)
    rejected.clear()
    assert not rejected.covers(BOX)


def lost(box: FaceBox, time: float, number: int = 1) -> Track:
    track = Track(box, 0.0)
    track.confirm(number)
    track.lose(time)
    return track


def test_a_face_comes_back_to_about_its_box_and_only_once() -> None:
    tracks, track = LostTracks(), lost(BOX, 1.0)
    tracks.add(track)
    assert tracks.take_match(AWAY) is None
    assert tracks.take_match(FaceBox(120, 110, 130)) is track
    assert tracks.take_match(BOX) is None


@pytest.mark.parametrize(("time", "kept"), [(3.0, True), (3.1, False)])
def test_a_face_that_was_away_too_long_is_another_one(time: float, kept: bool) -> None:
    tracks = LostTracks()
    tracks.add(lost(BOX, 1.0))
    tracks.expire(time)
    assert (tracks.take_match(BOX) is not None) == kept


def test_the_one_that_was_lost_first_comes_back_first() -> None:
    tracks, first, second = LostTracks(), lost(BOX, 1.0, 1), lost(BOX, 1.5, 2)
    tracks.add(first)
    tracks.add(second)
    assert tracks.take_match(BOX) is first
