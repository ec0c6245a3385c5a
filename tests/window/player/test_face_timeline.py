"""Faces over time, in little memory."""

from __future__ import annotations

import pytest

from webcam_app.faces.face import UNSURE
from webcam_app.window.player.face_timeline import BUCKETS, LANES, SCANNED, UNKNOWN, FaceTimeline, Seen
from webcam_app.window.player.texts import clock, faces_at

LABELS = ("ada", "bea")
PICTURE = 0.04


def words(timeline: FaceTimeline, time: float) -> str:
    return faces_at(timeline.at(time), masks=True)


def fill(timeline: FaceTimeline, begin: float, end: float, *faces: Seen, scanned: bool = True) -> None:
    time = begin
    while time < end - 1e-9:
        timeline.add(time, min(time + PICTURE, end), faces, scanned=scanned)
        time += PICTURE


def test_it_knows_who_is_there_and_where_nobody_looked() -> None:
    timeline = FaceTimeline(10.0, LABELS)
    fill(timeline, 1.0, 2.0, Seen(1, "bea"), Seen(2, "ada", masked=True))
    fill(timeline, 2.0, 3.0)
    fill(timeline, 3.0, 4.0, Seen(3, UNSURE), Seen(4, None))
    assert words(timeline, 0.5) == "not looked at yet"
    assert words(timeline, 1.5) == "bea, ada with a mask"
    assert faces_at(timeline.at(1.5), masks=False) == "bea, ada"
    assert words(timeline, 2.5) == "no face"
    assert words(timeline, 3.5) == "unsure, not labelled"
    assert words(timeline, 9.0) == "not looked at yet"


def test_equal_faces_are_counted() -> None:
    timeline = FaceTimeline(2.0, LABELS)
    fill(timeline, 0.0, 1.0, Seen(1, "ada"), Seen(2, "ada"), Seen(3, "bea"))
    assert words(timeline, 0.5) == "2 × ada, bea"


def test_a_face_keeps_its_lane_when_another_goes() -> None:
    timeline = FaceTimeline(10.0, LABELS)
    fill(timeline, 0.0, 1.0, Seen(1, "ada"), Seen(2, "bea"))
    fill(timeline, 1.0, 5.0, Seen(2, "bea"))
    fill(timeline, 5.0, 6.0, Seen(2, "bea"), Seen(3, "ada"))
    lane = timeline.codes[1, : int(6 / 10 * BUCKETS) - 1]
    assert (lane == lane[0]).all() and lane[0] > 0
    assert timeline.lanes_used == 2


def test_more_faces_than_lanes_are_told() -> None:
    timeline = FaceTimeline(10.0, LABELS)
    fill(timeline, 0.0, 1.0, *(Seen(number, "ada") for number in range(LANES + 3)))
    seen = timeline.at(0.5)
    assert seen is not None and len(seen) == LANES + 3


def test_what_was_scanned_holds_against_what_was_played() -> None:
    timeline = FaceTimeline(10.0, LABELS)
    fill(timeline, 0.0, 2.0, Seen(1, "ada"), Seen(2, "ada"), scanned=False)
    assert words(timeline, 1.0) == "2 × ada"
    fill(timeline, 0.0, 2.0, Seen(1, "bea"))
    assert words(timeline, 1.0) == "bea", "nothing of what was played is left"
    fill(timeline, 0.0, 2.0, Seen(9, "ada"), scanned=False)
    assert words(timeline, 1.0) == "bea"


@pytest.mark.parametrize("seconds", [None, 1.0, 100.0, 7200.0])
def test_the_end_that_is_found_counts_whatever_length_was_told(seconds: float | None) -> None:
    timeline = FaceTimeline(seconds, LABELS)
    fill(timeline, 0.0, 10.0, Seen(1, "ada"))
    fill(timeline, 10.0, 20.0, Seen(2, "bea"))
    timeline.end_at(20.0)
    assert timeline.seconds == 20.0 and timeline.scanned_share == 1.0
    assert words(timeline, 4.0) == "ada"
    assert words(timeline, 16.0) == "bea"


def test_a_picture_between_two_of_a_long_video_is_not_lost() -> None:
    """A bucket of two hours has many pictures."""
    timeline = FaceTimeline(7200.0, LABELS)
    fill(timeline, 0.0, 1.0)
    timeline.add(1.0, 1.04, [Seen(1, "ada")], scanned=True)
    fill(timeline, 1.04, 3.0)
    assert words(timeline, 1.0) == "ada"


def test_memory_does_not_grow_with_the_length() -> None:
    timeline = FaceTimeline(None, LABELS)
    for hour in range(30):
        timeline.add(3600.0 * hour, 3600.0 * hour + 1, [Seen(hour, "ada")], scanned=True)
    assert timeline.codes.nbytes + timeline.state.nbytes < 20_000
    assert len(timeline._scanned.lane_of) <= LANES
    assert timeline.at(3600.0 * 29) is not None
    assert int((timeline.state == SCANNED).sum()) >= 20 and int((timeline.state == UNKNOWN).sum()) > 1000


@pytest.mark.parametrize(
    ("seconds", "text", "exact"),
    [
        (0.0, "0:00", "0:00.00"),
        (59.999, "0:59", "1:00.00"),
        (65.43, "1:05", "1:05.43"),
        (3723.5, "1:02:03", "1:02:03.50"),
        (-3.0, "0:00", "0:00.00"),
    ],
)
def test_times_are_written_as_people_do(seconds: float, text: str, exact: str) -> None:
    assert (clock(seconds), clock(seconds, exact=True)) == (text, exact)
