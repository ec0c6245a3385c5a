"""What a program reads of a run."""

from __future__ import annotations

import io
import json
from typing import Any

from train.progress import Progress


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_line_has_the_documented_fields() -> None:
    stream = io.StringIO()
    Progress(stream, {"prepare": 1.0, "student": 9.0}).report("student", 10, 10, {"loss": 0.123456})
    assert lines(stream) == [
        {"step": "student", "done": 10, "of": 10, "seconds_left": 0.0, "metrics": {"loss": 0.1235}}
    ]


def test_what_later_steps_take_counts_as_left() -> None:
    stream = io.StringIO()
    progress = Progress(stream, {"prepare": 5.0, "student": 40.0, "export": 60.0})
    progress.report("prepare", 800, 800)
    progress.report("student_hard", 680, 680)
    assert [line["seconds_left"] for line in lines(stream)] == [100.0, 60.0]


def test_steps_that_follow_fast_are_not_all_told_but_the_last_is() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    for done in range(1, 1001):
        progress.report("student", done, 1000)
    told = lines(stream)
    assert len(told) < 100 and told[-1]["done"] == 1000
    assert told[-1]["seconds_left"] is None


def test_without_a_stream_nothing_is_printed() -> None:
    Progress().report("prepare", 1, 2)
