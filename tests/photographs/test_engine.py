"""Any number of photographs: in order, on all cores, whatever one of them does to the process that looks at it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from tests.photographs.conftest import MakeAlbum
from tests.photographs.fakes import KILLING_WIDTH, SLOW_WIDTH
from webcam_app.errors import ModelError, WebcamAppError
from webcam_app.photographs import Looked, LookerSpec, Photograph, label_photographs
from webcam_app.photographs.engine import MANY_PICTURES
from webcam_app.photographs.pool import AHEAD_PER_WORKER, MOST_TRIES, PoolRun
from webcam_app.photographs.serial import SerialRun

Spec = Callable[[str], LookerSpec]
posix_only = pytest.mark.skipif(os.name != "posix", reason="kills and pipes as POSIX has them")


def places(results: list[Looked]) -> list[int]:
    """How far from the left each photograph's face lies, -1 without one."""
    return [looked.faces[0].box.x if looked.faces else -1 for looked in results]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order_and_do_not_depend_on_the_number_of_processes(
    make_album: MakeAlbum, spec: Spec, jobs: int
) -> None:
    album = make_album([100] * 25)
    album.insert(7, Photograph(Path("nowhere.png")))
    with label_photographs(album, spec("SquareAnalyzer"), jobs=jobs) as run:
        results = list(run)
    assert [looked.path for looked in results] == [photograph.path for photograph in album]
    assert places(results) == [*range(7), -1, *range(7, 25)]
    assert results[7].error == "nowhere.png does not exist."
    assert [looked.faces[0].label for looked in results[:2]] == ["female", "male"]


def test_few_photographs_start_no_process_unless_asked_for(make_album: MakeAlbum, spec: Spec) -> None:
    album = make_album([100] * 3)
    with label_photographs(album, spec("SquareAnalyzer")) as run:
        assert isinstance(run, SerialRun)
    with label_photographs(album, spec("SquareAnalyzer"), jobs=2) as run:
        assert isinstance(run, PoolRun)
    with label_photographs([album[0]] * MANY_PICTURES, spec("SquareAnalyzer"), jobs=None) as run:
        assert len(list(run)) == MANY_PICTURES


@posix_only
def test_a_process_that_is_killed_costs_nothing_but_time(make_album: MakeAlbum, spec: Spec, marks: Path) -> None:
    album = make_album([100, KILLING_WIDTH, *[100] * 10])
    with label_photographs(album, spec("KilledOnce"), jobs=2) as run:
        results = list(run)
    assert (marks / "killed").exists()
    assert places(results) == list(range(12))


@posix_only
def test_a_photograph_that_kills_every_process_is_named_and_the_others_are_done(
    make_album: MakeAlbum, spec: Spec
) -> None:
    album = make_album([100, KILLING_WIDTH, 100, 100, KILLING_WIDTH, 100])
    with label_photographs(album, spec("KilledAlways"), jobs=2) as run:
        results = list(run)
    assert places(results) == [0, -1, 2, 3, -1, 5]
    assert "1.png" in results[1].error and f"{MOST_TRIES} times" in results[1].error


def test_a_photograph_that_surprises_has_an_error_and_the_others_are_done(make_album: MakeAlbum, spec: Spec) -> None:
    with label_photographs(make_album([100, KILLING_WIDTH, 100]), spec("Surprised"), jobs=2) as run:
        results = list(run)
    assert places(results) == [0, -1, 2]
    assert "KeyError" in results[1].error


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_model_that_is_damaged_is_said_once(make_album: MakeAlbum, spec: Spec, jobs: int) -> None:
    with label_photographs(make_album([100] * 3), spec("Refused"), jobs=jobs) as run, pytest.raises(ModelError) as told:
        _ = run.card
    assert "install it again" in str(told.value)


def test_processes_that_cannot_begin_are_not_started_for_ever(make_album: MakeAlbum, spec: Spec) -> None:
    run = label_photographs(make_album([100] * 3), spec("DiesAtOnce"), jobs=2)
    with run, pytest.raises(WebcamAppError, match="end as soon as they begin"):
        list(run)


@posix_only
def test_others_go_on_while_one_takes_its_time_but_not_without_end(
    make_album: MakeAlbum, spec: Spec, marks: Path
) -> None:
    os.mkfifo(marks / "go")
    slow, quick = make_album([SLOW_WIDTH, 100])
    taken = 0

    def endless() -> Iterator[Photograph]:
        nonlocal taken
        yield slow
        while True:
            taken += 1
            yield quick

    with label_photographs(endless(), spec("Waiting"), jobs=2) as run:
        threading.Thread(target=lambda: os.close(os.open(marks / "go", os.O_WRONLY)), daemon=True).start()
        results = iter(run)
        assert next(results).path == slow.path
        assert taken <= 2 * AHEAD_PER_WORKER


@posix_only
def test_cancelling_from_another_thread_ends_what_waits(make_album: MakeAlbum, spec: Spec, marks: Path) -> None:
    os.mkfifo(marks / "go")
    album = make_album([100, 100, SLOW_WIDTH, SLOW_WIDTH])
    with label_photographs(album, spec("Waiting"), jobs=2) as run:
        results = iter(run)
        assert places([next(results), next(results)]) == [0, 1]
        threading.Timer(0.05, run.cancel).start()
        assert list(results) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_labelled_copies_are_written(make_album: MakeAlbum, spec: Spec, tmp_path: Path, jobs: int) -> None:
    album = make_album([100] * 4, copies=tmp_path / "copies")
    with label_photographs(album, spec("SquareAnalyzer"), jobs=jobs) as run:
        list(run)
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == ["0.png", "1.png", "2.png", "3.png"]


def test_large_pictures_are_decoded_one_at_a_time_and_in_order(tmp_path: Path, spec: Spec) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (700, 700), np.uint8)
    picture = PIL.Image.new("L", (7000, 7000))
    picture.paste(PIL.Image.fromarray(noise))
    for number in range(3):
        picture.save(tmp_path / f"{number}.png", compress_level=1)
    album = [Photograph(tmp_path / f"{number}.png") for number in (0, 1, 2, 0)]
    with label_photographs(album, spec("SquareAnalyzer"), jobs=2) as run:
        results = list(run)
    assert [looked.path.name for looked in results] == ["0.png", "1.png", "2.png", "0.png"]
    assert not any(looked.error for looked in results)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="the system knows no niceness")
@pytest.mark.parametrize(("background", "more"), [(False, 0), (True, 10)])
def test_in_the_background_its_processes_let_others_go_first(
    background: bool, more: int, make_album: MakeAlbum
) -> None:
    spec = LookerSpec(analyzer="tests.photographs.fakes:Polite", background=background)
    with label_photographs(make_album([70, 70]), spec, jobs=2) as run:
        told = [looked.problem for looked in run]
    assert told == [f"nice {min(19, os.nice(0) + more)}"] * 2
