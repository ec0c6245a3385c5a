"""The command ``bench``, on a clip of a second."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.errors import SourceError
from webcam_app.faces.face import Box
from webcam_app.measure import bench
from webcam_app.measure.bench import run_bench


@pytest.fixture
def pictures(tmp_path: Path, portrait: NDArray[np.uint8]) -> Path:
    """A folder of pictures of a face that moves a little: the simplest source with a known number of frames."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    small = cv2.resize(portrait, (256, 300))
    for index in range(6):
        canvas = np.full((360, 480, 3), 120, np.uint8)
        canvas[30:330, 100 + index : 356 + index] = small
        cv2.imwrite(str(folder / f"{index}.png"), canvas)
    return folder


def test_json_has_what_the_design_promises(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench(str(pictures), json=True, threads=1, baseline=True) == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result["stages"]) == {"detect", "classify", "overlay", "total"}
    for stage in (*result["stages"].values(), result["baseline"]["total"]):
        assert 0 <= stage["median_ms"] <= stage["p95_ms"] <= stage["p99_ms"]
    assert (result["frames"], result["size"], result["threads"]) == (6, [480, 360], 1)
    assert result["found"] > 0.5
    assert result["baseline"]["found"] > 0.5
    assert result["baseline"]["recall_of_ours"] > 0.8
    assert result["baseline"]["recalled_by_ours"] > 0.3
    # Both are rounded.
    medians = result["baseline"]["total"]["median_ms"], result["stages"]["total"]["median_ms"]
    assert result["ratio"] == pytest.approx(medians[0] / medians[1], rel=0.05)
    assert result["fps"] > 0


def test_without_a_baseline_nothing_is_compared(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_bench(str(pictures), json=True, threads=1, baseline=False)
    result = json.loads(capsys.readouterr().out)
    assert "baseline" not in result
    assert "ratio" not in result


def test_phantoms_of_one_search_do_not_count_as_recall_of_the_other() -> None:
    face, moved, phantom = Box(100, 100, 80, 80), Box(106, 98, 84, 84), Box(400, 300, 60, 60)
    agreement = bench.Agreement()
    assert agreement.summary() == {"recall_of_ours": None, "recalled_by_ours": None}
    agreement.add([face], [moved, phantom])
    agreement.add([face], [phantom])
    agreement.add([], [])
    assert agreement.summary() == {"recall_of_ours": 0.5, "recalled_by_ours": 0.3333}


def test_people_get_a_table(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_bench(str(pictures), json=False, threads=2, baseline=True)
    out = capsys.readouterr().out
    for word in (
        "detect",
        "classify",
        "overlay",
        "total",
        "plain",
        "median",
        "p99",
        "2 threads",
        "times faster",
        "of our faces",
    ):
        assert word in out


def test_a_long_source_is_measured_for_a_bounded_time(
    pictures: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "MAX_FRAMES", 4)
    monkeypatch.setattr(bench, "CHUNK_FRAMES", 3)
    run_bench(str(pictures), json=True, threads=1, baseline=False)
    assert json.loads(capsys.readouterr().out)["frames"] == 4


def test_no_more_frames_than_allowed_are_held_at_once(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "CHUNK_FRAMES", 2)
    with bench.open_source(str(pictures)) as source:
        assert [len(frames) for frames in bench._chunks(source)] == [2, 2, 2]


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.mp4"):
        run_bench(str(tmp_path / "none.mp4"), json=True, threads=1, baseline=False)


@pytest.mark.usefixtures("three_threads")
def test_opencv_uses_as_many_threads_as_are_measured(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_bench(str(pictures), json=True, threads=2)
    assert json.loads(capsys.readouterr().out)["threads"] == 2
    assert cv2.getNumThreads() == 2
