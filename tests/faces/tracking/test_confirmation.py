"""The rules: what is shown, what is dropped, and what is left alone for a while."""

from __future__ import annotations

import dataclasses

import pytest

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection
from webcam_app.faces.tracking.confirmation import Confirmation, ConfirmationRules, Decision, is_on_body
from webcam_app.faces.tracking.track import Track, TrackState

BOX = FaceBox(100, 100, 100)
THRESHOLD = 0.8
RULES = ConfirmationRules()
CONFIRMED, TENTATIVE, LOST = (
    Decision(state) for state in (TrackState.CONFIRMED, TrackState.TENTATIVE, TrackState.LOST)
)


def made(
    probability: float | None = None, detections: int = 1, missed: int = 0, box: FaceBox = BOX, neighbors: int = 5
) -> Track:
    """A track at 30 frames a second with the same probability in each frame; the last ``missed`` are not detected."""
    track = Track(box, 0.0, neighbors=neighbors)
    for frame in range(detections + missed):
        time = frame / 30
        if 0 < frame < detections:
            track.detected(Detection(box, neighbors), time, 0)
        elif frame:
            track.matched(box, time, 0.9)
        if probability is not None:
            track.scored(probability / THRESHOLD, time)
    return track


def decide(track: Track, *others: Track, time: float | None = None, threshold: float | None = THRESHOLD) -> Decision:
    now = (track.frames - 1) / 30 if time is None else time
    return Confirmation(threshold).decide(track, [*others, track], now, inside=True)


@pytest.mark.parametrize(
    ("probability", "detections", "expected"),
    [
        (0.98, 2, CONFIRMED),  # certain, with a second detection
        (0.85, 2, TENTATIVE),
        (0.85, 4, CONFIRMED),  # a face, and seen often
        (0.65, 4, TENTATIVE),
        (0.65, 12, CONFIRMED),  # plausible, and seen steadily
        (0.5, 30, TENTATIVE),
    ],
)
def test_a_better_score_needs_fewer_detections(probability: float, detections: int, expected: Decision) -> None:
    assert decide(made(probability, detections)) == expected


def test_detections_must_be_in_most_frames() -> None:
    assert decide(made(0.85, 6, missed=4)) == CONFIRMED
    assert decide(made(0.85, 6, missed=5)) == TENTATIVE


def test_what_the_refiner_rejects_is_lost_and_not_proposed_again_at_once() -> None:
    assert decide(made(0.2, 30)) == Decision(TrackState.LOST, RULES.rejected_seconds)


def test_what_no_cascade_sees_again_must_be_certain_for_a_while() -> None:
    assert decide(made(0.995, 1, missed=10)) == TENTATIVE
    assert decide(made(0.995, 1, missed=16)) == CONFIRMED
    assert decide(made(0.98, 1, missed=16)) == TENTATIVE


def test_what_stays_undecided_is_left_alone() -> None:
    assert decide(made(0.5, 37)) == TENTATIVE
    assert decide(made(0.5, 38)) == Decision(TrackState.LOST, RULES.undecided_seconds)


def test_what_is_not_seen_again_is_dropped() -> None:
    assert decide(made(0.85, 2, missed=21)) == TENTATIVE
    assert decide(made(0.85, 2, missed=22)) == LOST


def test_a_print_on_a_shirt_must_be_certain_and_steady() -> None:
    wearer = made(0.99, 30)
    wearer.confirm(1)
    shirt = FaceBox(100, 280, 50)
    assert decide(made(0.99, 11, box=shirt), wearer) == TENTATIVE
    assert decide(made(0.99, 12, box=shirt), wearer) == CONFIRMED
    assert decide(made(0.9, 30, box=shirt), wearer) == TENTATIVE


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (FaceBox(100, 280, 50), True),  # a small one on the chest
        (FaceBox(100, 280, 150), True),  # a large one
        (FaceBox(100, 280, 100), False),  # a face of the same size: a child before its parent
        (FaceBox(400, 280, 50), False),  # beside
        (FaceBox(100, 40, 50), False),  # above
        (FaceBox(100, 600, 50), False),  # far below
    ],
)
def test_the_body_is_below_a_known_face(box: FaceBox, expected: bool) -> None:
    wearer = made(0.99, 2)
    assert not is_on_body(box, [wearer], RULES)
    wearer.confirm(1)
    assert is_on_body(box, [wearer], RULES) == expected


@pytest.mark.parametrize(
    ("detections", "neighbors", "expected"), [(2, 4, CONFIRMED), (2, 3, TENTATIVE), (1, 9, TENTATIVE)]
)
def test_without_a_refiner_two_detections_with_enough_windows_are_a_face(
    detections: int, neighbors: int, expected: Decision
) -> None:
    assert decide(made(None, detections, neighbors=neighbors), threshold=None) == expected


def test_without_a_refiner_what_is_missed_once_is_dropped() -> None:
    assert decide(made(None, 1, missed=1), threshold=None) == LOST


@pytest.mark.parametrize(("score", "there"), [(0.97, True), (0.7, True), (0.5, False)])
def test_a_face_that_was_certain_is_believed_longer(score: float, there: bool) -> None:
    confirmation = Confirmation(THRESHOLD)
    track = made(0.99, 1)
    for _ in range(50):
        track.scored(score / THRESHOLD, 1.0)
    assert confirmation.is_verified(track) == there


def test_a_face_that_was_never_certain_needs_the_threshold() -> None:
    confirmation = Confirmation(THRESHOLD)
    assert confirmation.is_verified(made(0.81, 1))
    assert not confirmation.is_verified(made(0.79, 1))
    assert not confirmation.is_verified(made(None, 1))


def test_a_confirmed_face_is_lost_when_nothing_confirms_it() -> None:
    track = made(0.99, 3)
    track.confirm(1)
    track.reconfirm(1.0)
    confirmation = Confirmation(THRESHOLD)
    assert confirmation.decide(track, [track], 1.29, inside=True) == CONFIRMED
    assert confirmation.decide(track, [track], 1.31, inside=True) == LOST
    assert confirmation.decide(track, [track], 1.0, inside=False) == LOST


@pytest.mark.parametrize(("threshold", "seconds"), [(THRESHOLD, 10.0), (None, 1.0)])
def test_a_face_that_no_cascade_sees_is_lost_in_the_end(threshold: float | None, seconds: float) -> None:
    track = Track(BOX, 0.0)
    track.confirm(1)
    confirmation = Confirmation(threshold)
    for time, expected in ((seconds, CONFIRMED), (seconds + 0.01, LOST)):
        track.reconfirm(time)
        assert confirmation.decide(track, [track], time, inside=True) == expected


def test_a_detection_says_that_the_face_is_there_unless_the_refiner_denies_it() -> None:
    confirmation = Confirmation(THRESHOLD)
    assert confirmation.is_present(made(0.9, 3), 2 / 30)
    assert not confirmation.is_present(made(0.9, 3), 3 / 30)
    assert not confirmation.is_present(made(0.1, 3), 2 / 30)


@pytest.mark.parametrize(("correlation", "there"), [(0.81, True), (0.79, False)])
def test_without_a_refiner_a_template_that_matches_says_so_too(correlation: float, there: bool) -> None:
    track = Track(BOX, 0.0)
    track.matched(BOX, 0.5, correlation)
    assert Confirmation(None).is_present(track, 0.5) == there
    assert not Confirmation(THRESHOLD).is_present(track, 0.5)


@pytest.mark.parametrize(("probability", "rejected"), [(0.31, True), (0.33, False)])
def test_a_proposal_far_below_the_threshold_makes_no_track(probability: float, rejected: bool) -> None:
    assert Confirmation(THRESHOLD).rejects_proposal(probability) == rejected


def test_other_rules_decide_otherwise() -> None:
    strict = Confirmation(THRESHOLD, dataclasses.replace(RULES, often_detections=9))
    track = made(0.85, 5)
    assert decide(track) == CONFIRMED
    assert strict.decide(track, [track], 4 / 30, inside=True) == TENTATIVE


def test_the_rules_cannot_be_changed_while_they_are_used() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        RULES.lost_seconds = 9.0  # type: ignore[misc]


def proposed(probability: float, log_odds: float, proposals: int) -> Track:
    """A track that no cascade sees again, and that the photographs' network proposes every 0.1 s."""
    track = made(probability, missed=3 * proposals)
    for number in range(proposals):
        track.proposed(log_odds, number * 0.1)
    return track


@pytest.mark.parametrize(
    ("log_odds", "proposals", "expected"),
    [(6.0, 3, CONFIRMED), (6.0, 2, TENTATIVE), (4.0, 8, Decision(TrackState.LOST, 0.4))],
)
def test_both_networks_together_confirm_a_face_that_neither_is_certain_of(
    log_odds: float, proposals: int, expected: Decision
) -> None:
    # The refiner's log-odds are -1.1: it would reject the track.
    track = proposed(0.25, log_odds, proposals)
    rules = Confirmation(THRESHOLD, least_log_odds=4.0)
    assert rules.decide(track, [track], track.last_proposed, inside=True) == expected


def test_without_that_network_its_log_odds_are_worth_nothing() -> None:
    track = proposed(0.25, 9.0, 5)
    assert decide(track, time=0.5) == Decision(TrackState.LOST, 0.4)


def test_a_face_that_is_proposed_again_and_again_is_there_for_a_while() -> None:
    track = proposed(0.25, 6.0, 4)
    rules = Confirmation(THRESHOLD, least_log_odds=4.0)
    assert rules.is_present(track, track.last_proposed + 0.29)
    assert not rules.is_present(track, track.last_proposed + 0.31)


@pytest.mark.parametrize(("log_odds", "rejected"), [(6.0, False), (4.0, True)])
def test_a_proposal_that_the_refiner_doubts_is_kept_where_the_other_network_is_certain(
    log_odds: float, rejected: bool
) -> None:
    rules = Confirmation(THRESHOLD, least_log_odds=4.0)
    assert rules.rejects_proposal(0.25)
    assert rules.rejects_proposal(0.25, log_odds) is rejected
