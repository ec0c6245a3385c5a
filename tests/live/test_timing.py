"""Times and figures, on clocks that the tests move."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.fakes import FakeFile, image_of
from webcam_app.capture import Frame
from webcam_app.live import reader as reader_module
from webcam_app.live.meter import RATE_WINDOW_SECONDS, Meter
from webcam_app.live.pace import MAX_LATENESS_SECONDS, Pace, Timeline
from webcam_app.live.playing.playback import Playback
from webcam_app.live.reader import Deliveries, Reader
from webcam_app.live.slot import LatestSlot

IMAGE = image_of(0)


IN_STEP_SECONDS = 0.040


class Clock:
    """``time.monotonic`` that a test moves: whoever waits on the clock moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False


def _played(film: FakeFile, read_seconds: Callable[[int], float], monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """The frames of a film as they are shown, each with the moment of that as its time.

    Args:
        film: what is played.
        read_seconds: how long reading a frame takes, by its number.
    """
    clock, shown = Clock(), []
    timeline = Timeline(clock.now)
    read = film.read

    def slowly() -> Frame | None:
        frame = read()
        clock.now += read_seconds(frame.index) if frame is not None else 0.0
        return frame

    monkeypatch.setattr(film, "read", slowly)
    monkeypatch.setattr(reader_module, "time", clock)

    def on_frame(frame: Frame) -> None:
        shown.append((replace(frame, time=timeline.timestamp(frame)), timeline.now(clock.now)))

    reader = Reader("clip", lambda _cancel: film, Deliveries(on_frame), lambda: None, Playback())
    monkeypatch.setattr(reader._cancel, "wait", clock.wait)
    reader._run()
    assert reader.error is None
    return [replace(frame, taken_at=moment) for frame, moment in shown]


@pytest.mark.parametrize("stall", [0.0, 0.1, 0.4, 0.55, 0.67, 0.95, 1.05, 4.0])
def test_a_file_that_was_read_late_for_a_while_is_not_recorded_ahead_of_when_it_was_shown(
    stall: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sound, and the moment at which a recording is stopped, know nothing of the file's own clock."""
    film = FakeFile([number / 30 for number in range(300)])
    frames = _played(film, lambda number: stall if number in (60, 150) else 0.005, monkeypatch)
    assert len(frames) == 300
    assert max(abs(frame.time - frame.taken_at) for frame in frames) < IN_STEP_SECONDS / 2
    assert all(a.time < b.time for a, b in itertools.pairwise(frames))


def test_a_file_that_is_hardly_late_is_recorded_with_even_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)
    film = FakeFile([number / 30 for number in range(300)])
    frames = _played(film, lambda _number: 0.02 + 0.02 * dice.random(), monkeypatch)
    steps = [b.time - a.time for a, b in itertools.pairwise(frames)]
    assert steps == pytest.approx([1 / 30] * 299, abs=1e-6)


def test_photographs_that_take_long_to_prepare_are_recorded_for_as_long_as_they_were_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, timeline, pace = Clock(), Timeline(1000.0), Pace()
    for number in range(20):
        clock.now = max(clock.now, pace.due(number * 1.0, clock.now))
        stamped = timeline.timestamp(Frame(IMAGE, number, number * 1.0, clock.now))
        assert stamped == pytest.approx(timeline.now(clock.now))
        clock.now += 0.3
        pace.shown(number * 1.0, clock.now)


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


def _timestamp(timeline: Timeline, moment: float, taken_at: float) -> float:
    return timeline.timestamp(Frame(IMAGE, 0, moment, taken_at))


def test_the_gap_of_a_camera_that_was_away_is_as_long_as_it_was() -> None:
    timeline = Timeline(1000.0)
    before = _timestamp(timeline, 5.0, 1005.0)
    assert _timestamp(timeline, 0.0, 1012.0) - before == pytest.approx(7.0)


def test_a_first_frame_that_came_late_puts_none_after_it_out_of_step() -> None:
    timeline = Timeline(1000.0)
    times = [_timestamp(timeline, number / 30, 1001 + max(number / 30, 0.3)) for number in range(100)]
    assert times[30:] == pytest.approx([1 + number / 30 for number in range(30, 100)], abs=IN_STEP_SECONDS / 2)


@pytest.mark.parametrize("jump", [-3600.0, -0.9, 0.9, 3600.0])
def test_a_sources_clock_that_is_set_moves_no_frame(jump: float) -> None:
    timeline = Timeline(1000.0)
    times = [
        _timestamp(timeline, number / 30 + (jump if number >= 50 else 0), 1001 + number / 30) for number in range(100)
    ]
    assert times == pytest.approx([1 + number / 30 for number in range(100)])


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
    for number in range(int(60 * rate)):
        moment = number / rate
        if dice.random() < lost and number:
            continue
        for _ in range(2 if dice.random() < doubled else 1):
            before = timeline.last
            taken_at = moment + dice.random() / rate / 2
            now = _timestamp(timeline, moment * (1 + drift), taken_at)
            assert now > before
            assert now == pytest.approx(taken_at, abs=1 / rate)


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
