"""Someone seeks, steps, and plays a video faster, slower or over and over."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.capture.fakes import write_video
from tests.live.fakes import FakeAnalyzer, FakeCamera, Watcher, live_threads, results, wait_until
from webcam_app.live import EventKind, LiveEngine, LiveState, Result

FRAMES, RATE = 90, 30
UNEVEN = tuple(itertools.accumulate([0.0, *([0.02, 0.2, 0.05, 0.11] * 20)]))

Play = Callable[..., LiveEngine]


@pytest.fixture
def play(tmp_path: Path, watcher: Watcher, analyzer: FakeAnalyzer) -> Iterator[Play]:
    """Opens a video of three seconds, or with other times, and waits for its first picture."""
    engines = []

    def make(name: str = "clip.mp4", *, paused: bool = False, times: tuple[float, ...] | None = None) -> LiveEngine:
        count = FRAMES if times is None else len(times)
        path = write_video(tmp_path / name, frames=count, times=times)
        engine = LiveEngine(lambda: analyzer, on_event=watcher)
        engines.append(engine)
        engine.open(str(path))
        wait_until(lambda: engine.state is LiveState.RUNNING and engine.latest() is not None, "a picture")
        if paused:
            engine.transport.set_paused(True)
        return engine

    yield make
    for engine in engines:
        engine.close()
    wait_until(lambda: not live_threads(), "the end of every thread")


def shown(engine: LiveEngine) -> Result:
    result = engine.latest()
    assert result is not None and result.frame.position is not None
    return result


def wait_for(engine: LiveEngine, position: float) -> Result:
    wait_until(lambda: abs((shown(engine).frame.position or 0.0) - position) < 0.002, f"the picture at {position} s")
    return shown(engine)


def test_a_sought_frame_is_shown_and_it_plays_on_from_there(play: Play) -> None:
    engine = play()
    engine.transport.seek(2.0)
    wait_until(lambda: (shown(engine).frame.position or 0.0) >= 1.99, "the frames from there on")
    assert engine.state is LiveState.RUNNING
    wait_for(engine, (FRAMES - 1) / RATE)


def test_while_it_is_paused_it_stays_at_the_frame_that_was_sought(play: Play) -> None:
    engine = play(paused=True)
    for place in (2.0, 0.5, 1.5):
        engine.transport.seek(place)
        wait_for(engine, place)
    assert engine.state is LiveState.PAUSED


def test_of_many_wishes_the_last_one_counts(play: Play) -> None:
    engine = play(paused=True)
    for number in range(80):
        engine.transport.seek(number / RATE)
    wait_for(engine, 79 / RATE)


@pytest.mark.parametrize("times", [None, UNEVEN], ids=["even", "uneven"])
def test_steps_go_one_frame_on_and_one_frame_back(play: Play, times: tuple[float, ...] | None) -> None:
    engine = play("clip.mkv", times=times)
    places = times or tuple(number / RATE for number in range(FRAMES))
    engine.transport.set_paused(True)
    engine.transport.seek(places[40])
    wait_for(engine, places[40])
    at = 40
    for step in (1, 1, -1, -1, -1, -1, 1, -1, -1, 1, 1):
        engine.transport.step(step)
        at += step
        wait_for(engine, places[at])
    assert engine.state is LiveState.PAUSED


def test_many_steps_back_pass_no_frame(play: Play) -> None:
    engine = play(paused=True)
    engine.transport.seek(2.0)
    wait_for(engine, 2.0)
    for number in range(59, 15, -1):
        engine.transport.step(-1)
        wait_for(engine, number / RATE)


def test_several_steps_at_once_are_all_taken(play: Play) -> None:
    engine = play(paused=True)
    engine.transport.seek(1.0)
    for _ in range(5):
        engine.transport.step(-1)
    wait_for(engine, 25 / RATE)
    for _ in range(9):
        engine.transport.step(1)
    wait_for(engine, 34 / RATE)


def test_before_the_first_and_after_the_last_frame_nothing_happens(play: Play) -> None:
    engine = play(paused=True)
    engine.transport.seek(0.0)
    wait_for(engine, 0.0)
    engine.transport.step(-3)
    engine.transport.step(1)
    wait_for(engine, 0.0)
    engine.transport.seek(1000.0)
    last = wait_for(engine, (FRAMES - 1) / RATE)
    engine.transport.step(1)
    engine.transport.step(-1)
    wait_until(lambda: shown(engine).sequence > last.sequence, "another picture")
    wait_for(engine, (FRAMES - 1) / RATE)


def test_a_step_pauses_what_plays(play: Play, watcher: Watcher) -> None:
    engine = play()
    engine.transport.step(1)
    watcher.wait_for_state(LiveState.PAUSED)
    engine.transport.set_paused(False)
    watcher.wait_for_state(LiveState.RUNNING)
    watcher.wait_for_state(LiveState.ENDED)


def test_the_end_is_told_each_time_and_is_no_end(play: Play, watcher: Watcher) -> None:
    engine = play()
    for _ in range(3):
        engine.transport.seek(2.9)
        event = watcher.wait_for_state(LiveState.ENDED)
        assert event.message == "clip.mp4 has ended."
        assert engine.state is LiveState.ENDED
    engine.transport.step(-1)
    wait_for(engine, (FRAMES - 2) / RATE)
    assert engine.state is LiveState.PAUSED
    engine.transport.set_paused(False)
    watcher.wait_for_state(LiveState.ENDED)


def test_over_and_over_it_begins_again_without_an_end(play: Play, watcher: Watcher) -> None:
    engine = play()
    engine.transport.set_loop(True)
    for _ in range(2):
        engine.transport.seek(2.8)
        wait_until(lambda: (shown(engine).frame.position or 0) > 2.7, "the end")
        wait_until(lambda: (shown(engine).frame.position or 9) < 0.5, "the beginning")
    assert not any(event.state is LiveState.ENDED for event in watcher.events)
    engine.transport.set_loop(False)
    watcher.wait_for_state(LiveState.ENDED)
    engine.transport.set_loop(True)
    watcher.wait_for_state(LiveState.RUNNING)


@pytest.mark.parametrize("speed", [0.25, 0.5, 2.0, 4.0])
def test_time_passes_as_fast_as_was_asked_for(play: Play, speed: float) -> None:
    engine = play(paused=True)
    engine.transport.seek(1.0)
    first = wait_for(engine, 1.0).sequence
    engine.transport.set_speed(speed)
    engine.transport.set_paused(False)
    frames = results(engine, 8, first)[1:]
    passed = frames[-1].time - frames[0].time
    assert (frames[-1].position or 0) - (frames[0].position or 0) == pytest.approx(passed * speed, rel=0.2)


def test_a_speed_beyond_what_is_offered_is_refused(play: Play) -> None:
    engine = play(paused=True)
    for speed in (0.0, 0.1, 5.0, -1.0):
        with pytest.raises(ValueError, match=r"a speed is 0\.25 to 4\.0"):
            engine.transport.set_speed(speed)


def test_faces_are_followed_anew_after_a_jump(play: Play, analyzer: FakeAnalyzer) -> None:
    engine = play()
    engine.transport.seek(2.0)
    wait_until(lambda: (shown(engine).frame.position or 0.0) >= 1.99, "the frames there")
    before = analyzer.resets
    engine.transport.seek(0.5)
    wait_until(lambda: (shown(engine).frame.position or 9.0) < 1.0, "the frames there")
    assert analyzer.resets > before


def test_a_frame_that_stands_still_has_the_faces_that_were_followed_to_it(play: Play, analyzer: FakeAnalyzer) -> None:
    engine = play(paused=True)
    engine.transport.seek(2.0)
    wait_for(engine, 2.0)
    lead = [number / RATE for number in range(39, 61)]
    wait_until(lambda: analyzer.seen[-len(lead) :] == pytest.approx(lead, abs=0.001), "what was before it")
    assert analyzer.widths[-len(lead) - 1] is None, "nothing else is carried over"
    wait_until(lambda: bool(shown(engine).faces), "its faces")
    assert shown(engine).frame.position == pytest.approx(2.0, abs=0.001)


def test_where_faces_are_covered_a_frame_that_was_sought_is_shown_with_its_faces_or_not_at_all(
    play: Play, analyzer: FakeAnalyzer
) -> None:
    engine = play(paused=True)
    engine.transport.set_faces_first(True)
    sought, stepped = (lambda: engine.transport.seek(2.0)), (lambda: engine.transport.step(-30))
    for go, position, lead in ((sought, 2.0, 20), (stepped, 1.0, 12)):
        before, shown_before = len(analyzer.seen), shown(engine)
        analyzer.started.clear()
        analyzer.may_go_on.clear()
        go()
        assert analyzer.started.wait(10)
        assert shown(engine) is shown_before, "nothing else is shown while faces are looked for"
        analyzer.may_go_on.set()
        assert wait_for(engine, position).faces
        seen = analyzer.seen[before:]
        assert seen.index(pytest.approx(position, abs=0.001)) >= lead, "not before what was before it"


@pytest.mark.parametrize("paused", [True, False], ids=["paused", "playing"])
@pytest.mark.parametrize("place", [0.0, 0.1])
def test_where_faces_are_covered_they_are_followed_back_to_the_beginning(
    place: float, paused: bool, play: Play, analyzer: FakeAnalyzer
) -> None:
    """Nothing is before it from which they could be followed to it."""
    engine = play(paused=paused)
    engine.transport.set_faces_first(True)
    wait_until(lambda: paused or (shown(engine).frame.position or 0.0) > 0.5, "something else")
    before = len(analyzer.seen)
    engine.transport.seek(place)
    wait_until(lambda: place in [pytest.approx(time, abs=0.001) for time in analyzer.seen[before:]], "the place")
    seen = analyzer.seen[before:]
    at = seen.index(pytest.approx(place, abs=0.001))
    lead = [place - number / RATE for number in range(21, 0, -1)]
    assert seen[at - len(lead) : at] == pytest.approx(lead, abs=0.001)
    if not paused:
        wait_until(lambda: len(analyzer.seen) > before + at + 1, "that it plays on")
        assert analyzer.seen[before + at + 1] > place


def _held_back(analyzer: FakeAnalyzer) -> tuple[threading.Event, Callable[[], FakeAnalyzer]]:
    """An analyzer that loads once the event is set."""
    may_load = threading.Event()

    def load() -> FakeAnalyzer:
        may_load.wait()
        return analyzer

    return may_load, load


def test_where_faces_are_covered_a_video_begins_with_its_faces(tmp_path: Path, analyzer: FakeAnalyzer) -> None:
    path = write_video(tmp_path / "clip.mp4", frames=FRAMES)
    may_load, load = _held_back(analyzer)
    engine = LiveEngine(load)
    try:
        engine.transport.set_faces_first(True)
        engine.open(str(path))
        wait_until(lambda: engine.state is LiveState.RUNNING, "that it plays")
        engine.transport.set_paused(True)
        assert engine.latest() is None
        may_load.set()
        wait_until(lambda: engine.latest() is not None, "a picture")
        assert shown(engine).sequence == 1
        assert shown(engine).frame.position == 0 and shown(engine).faces
        assert analyzer.seen == pytest.approx([-number / RATE for number in range(21, -1, -1)], abs=0.001)
    finally:
        may_load.set()
        engine.close()


def test_where_faces_are_covered_a_camera_is_shown_once_they_can_be_found(analyzer: FakeAnalyzer) -> None:
    may_load, load = _held_back(analyzer)
    camera = FakeCamera()
    engine = LiveEngine(load, opener=camera.open)
    try:
        engine.transport.set_faces_first(True)
        engine.open("0")
        wait_until(lambda: engine.state is LiveState.RUNNING, "pictures of the camera")
        assert engine.latest() is None
        may_load.set()
        wait_until(lambda: engine.latest() is not None, "a picture")
        first = engine.latest()
        assert first is not None and first.faces
    finally:
        may_load.set()
        engine.close()


def test_where_faces_are_covered_a_video_that_is_damaged_after_its_first_picture_shows_that(
    tmp_path: Path, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webcam_app.capture.video import VideoSource
    from webcam_app.errors import SourceLostError

    read = VideoSource.read

    def read_one(source: VideoSource) -> object:
        if getattr(source, "was_read", False):
            raise SourceLostError("clip.mp4 is damaged from here on.")
        source.was_read = True  # type: ignore[attr-defined]
        return read(source)

    monkeypatch.setattr(VideoSource, "read", read_one)
    engine = LiveEngine(lambda: analyzer)
    try:
        engine.transport.set_faces_first(True)
        engine.open(str(write_video(tmp_path / "clip.mp4", frames=FRAMES)))
        wait_until(lambda: engine.latest() is not None, "its first picture")
        assert shown(engine).frame.position == 0
    finally:
        engine.close()


def test_things_move_as_they_did_however_fast_it_plays(play: Play, analyzer: FakeAnalyzer) -> None:
    engine = play(paused=True)
    engine.transport.seek(0.0)
    first = wait_for(engine, 0.0).sequence
    engine.transport.set_speed(0.5)
    engine.transport.set_paused(False)
    results(engine, 10, first)
    assert all(abs(time * RATE - round(time * RATE)) < 0.05 for time in analyzer.seen[-5:])


def test_times_of_results_grow_whatever_is_done(play: Play) -> None:
    engine = play()
    seen = []
    for place, step in ((2.0, -2), (0.3, 3), (1.0, -1), (2.5, 1)):
        engine.transport.seek(place)
        engine.transport.step(step)
        wait_for(engine, place + step / RATE)
        seen.append((shown(engine).sequence, shown(engine).frame.time))
    assert seen == sorted(seen)
    assert len({time for _, time in seen}) == 4


def test_a_camera_is_neither_sought_nor_stepped(engine: LiveEngine, camera: FakeCamera) -> None:
    engine.open("0")
    frames = results(engine, 3)
    engine.transport.seek(0.0)
    engine.transport.step(-1)
    engine.transport.set_loop(True)
    assert engine.state is LiveState.RUNNING
    assert all(frame.position is None for frame in frames)
    after = engine.latest()
    assert after is not None
    assert results(engine, 3, after.sequence)[0].index > frames[-1].index


def test_a_film_that_is_cut_off_says_so_once_and_can_be_looked_at(
    tmp_path: Path, watcher: Watcher, analyzer: FakeAnalyzer
) -> None:
    path = write_video(tmp_path / "clip.mp4", frames=FRAMES, options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])
    engine = LiveEngine(lambda: analyzer, on_event=watcher)
    engine.open(str(path))
    remark = watcher.wait(lambda event: event.kind is EventKind.REMARK)
    assert "is damaged or cut off: it ends after" in remark.message
    watcher.wait_for_state(LiveState.ENDED)
    engine.transport.seek(1000.0)
    watcher.wait_for_state(LiveState.ENDED)
    engine.transport.step(-1)
    engine.transport.seek(0.5)
    wait_for(engine, 0.5)
    assert not any(event.kind is EventKind.REMARK for event in watcher.events)
    assert engine.close()


def test_closing_ends_a_film_at_its_end_at_once(play: Play, watcher: Watcher) -> None:
    engine = play()
    engine.transport.seek(2.9)
    watcher.wait_for_state(LiveState.ENDED)
    assert engine.close()
    assert not live_threads()


def test_another_film_runs_after_one_that_stands_still(play: Play, tmp_path: Path) -> None:
    engine = play(paused=True)
    other = write_video(tmp_path / "other.mp4", frames=30, size=(80, 60))
    engine.open(str(other))
    wait_until(lambda: (result := engine.latest()) is not None and result.frame.image.shape[1] == 80, "the other one")
    wait_until(lambda: engine.state is LiveState.RUNNING, "it runs")
