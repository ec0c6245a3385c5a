"""Times and figures, on clocks that the tests move."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.fakes import image_of
from webcam_app.capture import Frame
from webcam_app.live.meter import RATE_WINDOW_SECONDS, Meter
from webcam_app.live.pace import MAX_LATENESS_SECONDS, Pace, Timeline
from webcam_app.live.slot import LatestSlot

IMAGE = image_of(0)


def _timestamp(timeline: Timeline, moment: float, taken_at: float) -> float:
    return timeline.timestamp(Frame(IMAGE, 0, moment, taken_at))


def test_frames_are_due_at_their_times() -> None:
    pace = Pace()
    assert [pace.due(number / 60, 100.0) for number in range(4)] == pytest.approx(
        [100.0, 100.0 + 1 / 60, 100.0 + 2 / 60, 100.05]
    )


def test_a_file_that_was_late_for_a_moment_catches_up() -> None:
    pace = Pace()
    pace.due(0.0, 100.0)
    assert pace.due(0.1, 100.3) == pytest.approx(100.1)
    assert pace.due(0.4, 100.31) == pytest.approx(100.4)


def test_a_file_that_is_late_for_long_goes_on_from_where_it_is() -> None:
    pace = Pace()
    pace.due(0.0, 100.0)
    late = 100.1 + MAX_LATENESS_SECONDS + 1
    assert pace.due(0.1, late) == pytest.approx(late)
    assert pace.due(0.2, late) == pytest.approx(late + 0.1)


def test_the_cameras_own_times_are_kept() -> None:
    timeline = Timeline(1000.0)
    first = _timestamp(timeline, 0.0, 1001.0)
    # The second frame was delivered late, and is not shown late in the recording.
    assert _timestamp(timeline, 0.033, 1001.2) - first == pytest.approx(0.033)


def test_the_gap_of_a_camera_that_was_away_is_as_long_as_it_was() -> None:
    timeline = Timeline(1000.0)
    before = _timestamp(timeline, 5.0, 1005.0)
    timeline.restart()
    assert _timestamp(timeline, 0.0, 1012.0) - before == pytest.approx(7.0)


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
def test_a_clock_that_is_set_changes_no_length(jump: float) -> None:
    timeline = Timeline(1000.0)
    times = [
        _timestamp(timeline, number / 30 + (jump if number >= 50 else 0), 1001 + number / 30) for number in range(100)
    ]
    assert times[-1] - times[0] == pytest.approx(99 / 30, rel=0.01)
    assert all(a < b for a, b in itertools.pairwise(times))


@settings(deadline=None)  # a busy machine may take longer than Hypothesis' 200 ms
@given(
    rate=st.floats(5, 120),
    drift=st.floats(-0.02, 0.02),
    lost=st.floats(0, 0.5),
    doubled=st.floats(0, 0.5),
    seed=st.integers(0, 1000),
)
def test_a_minute_lasts_a_minute_whatever_the_rate_does(
    rate: float, drift: float, lost: float, doubled: float, seed: int
) -> None:
    """The camera's clock runs up to two per cent wrong; frames are lost, repeated and delivered late."""
    dice = random.Random(seed)
    timeline = Timeline(0.0)
    arrivals, times = [], []
    for number in range(int(60 * rate)):
        moment = number / rate
        if dice.random() < lost and number:
            continue
        for _ in range(2 if dice.random() < doubled else 1):
            arrivals.append(moment + dice.random() / rate / 2)
            times.append(_timestamp(timeline, moment * (1 + drift), arrivals[-1]))
    assert all(a < b for a, b in itertools.pairwise(times))
    assert times[-1] - times[0] == pytest.approx(arrivals[-1] - arrivals[0], abs=1.3)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    meter = Meter()
    for number in range(90):
        meter.analysed(number, number / 30, number / 30)
    assert meter.fps(89 / 30) == pytest.approx(30)
    assert meter.fps(89 / 30 + RATE_WINDOW_SECONDS + 1) == 0


def test_latency_is_from_taken_to_first_painted() -> None:
    meter = Meter()
    assert meter.latency_ms() == (None, None)
    for number in range(100):
        meter.analysed(number, float(number), number + 0.005)
        meter.painted(number, number + (0.010 if number < 90 else 0.050))
        meter.painted(number, number + 0.9)
    assert meter.latency_ms() == (pytest.approx(10), pytest.approx(50))


def test_results_that_are_never_painted_are_not_kept() -> None:
    meter = Meter()
    for number in range(100_000):
        meter.analysed(number, 0.0, 0.0)
    assert len(meter._taken) < 100


def test_the_slot_holds_the_newest_only() -> None:
    slot: LatestSlot[int] = LatestSlot()
    assert [slot.put(number) for number in (1, 2, 3)] == [None, 1, 2]
    assert slot.take() == 3
    assert not slot.wait_idle(0.0), "the taker is working on it"
    slot.close()
    assert slot.take() is None
