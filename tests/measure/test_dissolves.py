"""What the measure of dissolves mixes and counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box
from webcam_app.measure import dissolves
from webcam_app.measure.dissolves import aligned, cross_faded, dissolves_in, faded_through_black, main, seconds_kept

DARK, BRIGHT = ([np.full((48, 64, 3), level, np.uint8)] * 3 for level in (40, 200))
ALONE = dissolves.RATE


def test_a_dissolve_lies_between_two_clips_by_themselves() -> None:
    levels = [int(image[0, 0, 0]) for image in cross_faded(DARK, BRIGHT, 0.5)]
    assert len(levels) == 2 * ALONE + 15
    assert set(levels[:ALONE]) == {40} and set(levels[-ALONE:]) == {200}
    between = levels[ALONE:-ALONE]
    assert between == sorted(set(between)) and 40 < between[0] < between[-1] < 200


def test_a_fade_goes_through_black() -> None:
    levels = [int(image[0, 0, 0]) for image in faded_through_black(DARK, BRIGHT, 0.4)]
    assert set(levels[:ALONE]) == {40} and set(levels[-ALONE:]) == {200}
    assert min(levels) == 0 and levels.index(0) in range(ALONE, len(levels) - ALONE)


@dataclass
class Scripted:
    """Sees in the n-th frame who is in the script."""

    script: list[set[int]]

    def reset(self) -> None:
        self._next = iter(self.script)

    def analyze(self, image: object, time: float) -> list[Any]:
        return [type("Face", (), {"track": number}) for number in next(self._next)]


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ([{2}] * ALONE, 0.0),
        ([{1}] * 6 + [{2}] * (ALONE - 6), 0.2),
        ([{2}] * (ALONE - 1) + [{1, 2}], 1.0),
        ([set[int]()] * ALONE, None),
    ],
)
def test_how_long_an_old_number_is_seen_is_counted(after: list[set[int]], kept: float | None) -> None:
    analyzer = Scripted([{1}] * ALONE + [{1}] * 15 + after)
    found = seconds_kept(cast("FaceAnalyzer", analyzer), cross_faded(DARK, BRIGHT, 0.5))
    assert found == (kept if kept is None else pytest.approx(kept))


def test_a_face_is_moved_to_where_another_was() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    image[100:150, 200:250] = 255
    moved = aligned([image], Box(200, 100, 50, 50), Box(300, 200, 100, 100))[0]
    assert moved[210:290, 310:390].min() == 255
    assert moved[:190].max() == 0 and moved[:, :290].max() == 0


def test_a_clip_by_itself_has_no_dissolve_and_two_that_are_the_same_are_not_compared(
    demo_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, count = dissolves_in(str(demo_path))
    assert found == 0 and count > 100
    assert main([str(demo_path), "--seconds", "0.3"]) == 0
    assert "carried over in 0 of 0" in capsys.readouterr().out


def test_a_clip_that_is_not_there_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["none.mp4"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
