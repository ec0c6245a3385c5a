"""The figures of the last minute."""

from __future__ import annotations

import itertools

import pytest

from webcam_app.faces.face import Box, Face
from webcam_app.window.history.minute import MINUTE_SECONDS, SLICES, Minute, Slice, current

ADA = Face(Box(0, 0, 50, 50), 1, "ada", masked=True)
BEA = Face(Box(60, 0, 50, 50), 2, "bea", masked=False)
NEW = Face(Box(120, 0, 50, 50), 3)


def feed(minute: Minute, start: float, seconds: float, faces: list[Face], *, rate: float = 20.0, first: int = 1) -> int:
    """Pictures at a rate; returns the number of the next."""
    count = round(seconds * rate)
    for number in range(count):
        minute.add(faces, first + number, start + number / rate)
    return first + count


def shown(minute: Minute, now: float) -> list[Slice]:
    return [each for each in minute.slices(now) if each is not None]


def test_faces_are_counted_by_label_and_mask_in_each_half_second() -> None:
    minute = Minute()
    following = feed(minute, 1000.0, 1.0, [ADA, BEA])
    feed(minute, 1001.0, 0.5, [ADA, NEW, NEW], first=following)
    both, again, three = shown(minute, 1001.4)
    for each in (both, again):
        assert {label: each.share(count) for label, count in each.faces.items()} == {"ada": 1, "bea": 1}
        assert each.share(each.masked) == 1
    assert {label: three.share(count) for label, count in three.faces.items()} == {"ada": 1, None: 2}


def test_the_newest_is_at_the_end_and_what_is_older_than_a_minute_is_gone() -> None:
    minute = Minute()
    feed(minute, 1000.0, 90.0, [ADA])
    slices = minute.slices(1089.9)
    assert len(slices) == SLICES and all(slices)
    later = minute.slices(1089.9 + MINUTE_SECONDS - 10)
    assert [each is not None for each in later] == [True] * 20 + [False] * (SLICES - 20)
    assert not any(minute.slices(1089.9 + 2 * MINUTE_SECONDS))


def test_without_pictures_there_is_a_gap() -> None:
    minute = Minute()
    following = feed(minute, 1000.0, 2.0, [ADA])
    feed(minute, 1005.0, 2.0, [ADA], first=following)
    there = [each is not None for each in minute.slices(1006.9)][-14:]
    assert there == [True] * 4 + [False] * 6 + [True] * 4


@pytest.mark.parametrize("rate", [60.0, 30.0, 12.5, 3.0])
def test_the_rate_does_not_waver_with_where_half_a_second_begins(rate: float) -> None:
    minute = Minute()
    feed(minute, 1000.13, 10.0, [], rate=rate)
    rates = [each.rate for each in shown(minute, 1010.0) if each.rate is not None]
    assert len(rates) >= 18 and rates == pytest.approx([rate] * len(rates))


def test_pictures_that_were_left_out_on_the_screen_count_for_the_rate() -> None:
    minute = Minute()
    for number in itertools.islice(itertools.count(1, 3), 50):
        minute.add([], number, 1000.0 + number / 30)
    assert [round(each.rate or 0) for each in shown(minute, 1004.9)] == [30] * 10


def test_a_slow_source_has_its_rate_and_not_that_of_the_time_before_it() -> None:
    minute = Minute()
    feed(minute, 1000.0, 2.0, [ADA])
    minute.interrupt()
    minute.add([], 100, 1030.0)
    minute.add([], 101, 1032.0)
    *_, first, second = shown(minute, 1032.1)
    assert (first.rate, second.rate) == (None, 0.5)


def test_the_latency_is_the_mean_of_what_was_painted() -> None:
    minute = Minute()
    for number, milliseconds in enumerate((6.0, 8.0, 13.0)):
        minute.add([], number, 1000.0 + number / 10)
        minute.add_painted(milliseconds, 1000.0 + number / 10)
    minute.add([], 4, 1000.6)
    assert [each.latency_ms for each in shown(minute, 1000.7)] == [9.0, None]


def test_the_figures_now_are_those_of_a_half_second_that_is_over() -> None:
    minute = Minute()
    following = feed(minute, 1000.0, 1.0, [ADA])
    minute.add([], following, 1001.0)
    newest = current(minute.slices(1001.0))
    assert newest is not None and newest.pictures == 10
    assert current(minute.slices(1010.0)) is None
