"""Who was seen since the start: each track once, whatever happens to its label, and never more memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from webcam_app.errors import OutputError
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.window.history.table import COLUMNS, table_rows, write_table
from webcam_app.window.history.tally import TrackTally

START = 1_700_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Watched:
    """A tally that is shown a track's labels, a picture each 0.1 s."""

    def __init__(self, max_tracks: int = 100) -> None:
        self.clock = Clock()
        self.tally = TrackTally(self.clock, max_tracks)
        self.time = 0.0

    def show(
        self,
        labels: Sequence[str | None],
        track: int = 1,
        *,
        step: float = 0.1,
        masked: bool | None = None,
        source: str = "camera",
    ) -> Watched:
        for label in labels:
            self.tally.see([Face(Box(0, 0, 50, 50), track, label, masked=masked)], self.time, source)
            self.time += step
            self.clock.now += step
        return self

    @property
    def counts(self) -> dict[str, int]:
        return dict(self.tally.counts())


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_a_track_counts_once_however_long_it_is_seen() -> None:
    watched = Watched().show(["ada"] * 50).show(["bea"] * 20, 2)
    assert watched.counts == {"ada": 1, "bea": 1}
    assert watched.tally.tracks == 2


@pytest.mark.parametrize(
    ("labels", "counted"),
    [
        (["ada"] * 30, "ada"),
        ([None] * 5 + [UNSURE] * 5 + ["ada"] * 10, "ada"),
        (["bea"] * 4 + ["ada"] * 10, "ada"),
        (["ada"] * 20 + ["bea"] * 6, "ada"),
        (["ada"] * 3, UNSURE),
        ([None] * 30, UNSURE),
        ([UNSURE] * 30 + ["ada"] * 8, UNSURE),
        (["ada", "bea", "cyd"] * 2, UNSURE),
        (["ada"], UNSURE),
    ],
    ids=[
        "steady", "labelled late", "wrong at first", "wrong at the end", "too short", "never labelled",
        "mostly unsure", "flickering", "one picture",
    ],
)  # fmt: skip
def test_a_track_counts_with_the_label_that_it_had_longest(labels: list[str | None], counted: str) -> None:
    assert Watched().show(labels).counts == {counted: 1}


def test_a_face_that_comes_back_with_its_number_is_not_counted_again() -> None:
    watched = Watched().show(["ada"] * 10).show(["bea"] * 10, 2)
    watched.time += 600
    assert watched.show(["ada"] * 10).counts == {"ada": 1, "bea": 1}


def test_time_in_which_nothing_was_seen_settles_no_label() -> None:
    watched = Watched().show(["ada"] * 15)
    watched.time += 3600
    assert watched.show(["bea"]).counts == {"ada": 1}
    assert watched.tally.records()[0].seconds == pytest.approx(1.4 + 1.0)


@pytest.mark.parametrize(
    ("worn", "masked", "count"),
    [([True] * 9 + [False] * 5, True, 1), ([True] * 3 + [False] * 9, False, 0), ([None] * 9, None, 0)],
)
def test_a_track_is_masked_if_it_was_for_most_of_the_time(
    worn: list[bool | None], masked: bool | None, count: int
) -> None:
    watched = Watched()
    for each in worn:
        watched.show(["ada"], masked=each)
    assert watched.tally.records()[0].masked is masked
    assert watched.tally.masked == count


def test_of_very_many_tracks_the_counts_stay_right_and_the_memory_stays_the_same() -> None:
    watched = Watched(max_tracks=50)

    def pass_by(first: int, count: int) -> None:
        for number in range(first, first + count):
            watched.show(["ada" if number % 3 else "bea"] * 7, number, masked=number % 3 == 0)

    pass_by(1, 300)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    pass_by(301, 600)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert watched.counts == {"ada": 600, "bea": 300}
    assert (watched.tally.masked, watched.tally.folded, len(watched.tally.records())) == (300, 850, 50)
    totals = watched.tally.totals()
    assert {label: (total.tracks, total.masked) for label, total in totals.items()} == {
        "ada": (600, 0),
        "bea": (300, 300),
    }
    assert totals["ada"].first_seen == START
    assert grown < 20_000


def test_a_face_that_stays_is_known_while_others_pass_by() -> None:
    watched = Watched(max_tracks=10)
    for number in range(2, 100):
        watched.show(["ada"] * 2).show(["bea"] * 7, number)
    assert watched.counts == {"bea": 98, "ada": 1}
    assert 1 in [record.number for record in watched.tally.records()]


def test_the_table_has_a_row_for_each_track_after_the_totals(tmp_path: Path) -> None:
    watched = Watched().show(["ada"] * 11, masked=True).show(["bea"] * 11, 2, masked=False).show(["ada"] * 21, 7)
    watched.show(["cyd"], 8, source="clip.mp4")
    path = tmp_path / "seen.csv"
    write_table(path, table_rows(watched.tally))
    rows = rows_of(path)
    assert list(rows[0]) == list(COLUMNS)
    totals = [row for row in rows if row["row"] == "total"]
    assert [(row["label"], row["tracks"], row["masked"]) for row in totals] == [
        ("ada", "2", "1"), ("bea", "1", "0"), (UNSURE, "1", "0")
    ]  # fmt: skip
    tracks = [row for row in rows if row["row"] == "track"]
    assert [(row["track"], row["label"], row["masked"], row["source"]) for row in tracks] == [
        ("1", "ada", "1", "camera"),
        ("2", "bea", "0", "camera"),
        ("7", "ada", "", "camera"),
        ("8", UNSURE, "", "clip.mp4"),
    ]
    assert rows == totals + tracks
    assert sum(int(row["tracks"]) for row in tracks) == sum(int(row["tracks"]) for row in totals) == 4


def test_times_in_the_table_are_iso_and_of_this_moment_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    write_table(path, table_rows(Watched().show(["ada"] * 11).tally))
    row = rows_of(path)[-1]
    first, last = (datetime.fromisoformat(row[name]) for name in ("first_seen", "last_seen"))
    assert first.tzinfo is not None and first.timestamp() == START
    assert last.timestamp() == pytest.approx(START + 1.0, abs=0.001)
    assert float(row["seconds"]) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "＝1", 'a,"b"; c'])
def test_a_spreadsheet_takes_no_name_for_a_formula(name: str, tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    write_table(path, table_rows(Watched().show([name] * 11, source=name).tally))
    row = rows_of(path)[-1]
    for column in ("label", "source"):
        assert row[column].removeprefix("'") == name
        assert row[column][0] not in "=+-@\t＝"


def test_where_nothing_was_seen_the_table_has_its_header(tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    write_table(path, table_rows(TrackTally()))
    assert path.read_text(encoding="utf-8").splitlines() == [",".join(COLUMNS)]


def test_a_table_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="missing"):
        write_table(tmp_path / "missing" / "seen.csv", [])
