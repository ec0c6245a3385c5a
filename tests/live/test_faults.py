"""Cameras that are pulled out, freeze, are busy or slow, and what a person sees of it."""

from __future__ import annotations

import gc
import itertools
import threading
import weakref

import pytest

from tests.live.fakes import STABLE_ID, FakeAnalyzer, FakeCamera, FakeFile, Watcher, live_threads, results, wait_until
from webcam_app.capture import Frame, Source
from webcam_app.errors import InferenceError, ModelError, SourceError, SourceLostError
from webcam_app.live import EventKind, LiveEngine, LiveState, analysis, session


def _run(engine: LiveEngine, watcher: Watcher) -> None:
    engine.open("0")
    watcher.wait_for_state(LiveState.RUNNING)


def test_no_camera_is_said_and_not_tried_again(engine: LiveEngine, camera: FakeCamera, watcher: Watcher) -> None:
    camera.present = False
    engine.open("0")
    assert watcher.wait_for_state(LiveState.FAILED).message == "No camera was found."
    assert camera.asked_for == ["0"]
    camera.present = True
    _run(engine, watcher)


def test_a_camera_in_use_is_said(engine: LiveEngine, camera: FakeCamera, watcher: Watcher) -> None:
    camera.taken_by_another = True
    engine.open("0")
    assert "in use by another program" in watcher.wait_for_state(LiveState.FAILED).message


def test_a_camera_that_was_pulled_out_comes_back_by_itself(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    _run(engine, watcher)
    before = results(engine, 1)[0]
    camera.present = False
    event = watcher.wait_for_state(LiveState.RETRYING)
    assert event.message == "The camera Fake Cam was unplugged. It goes on by itself once it is back."
    held = engine.latest()
    assert held is not None, "the last picture stays"
    wait_until(lambda: len(camera.asked_for) > 4, "some attempts")
    assert engine.message == event.message, "the message stays too"
    camera.present = True
    watcher.wait_for_state(LiveState.RUNNING)
    assert results(engine, 1, after=held.sequence)[0].time > before.time


def test_what_a_lost_camera_held_is_let_go_of_at_once(engine: LiveEngine, camera: FakeCamera, watcher: Watcher) -> None:
    gc.disable()  # a leak that the garbage collector ends, minutes later, is one meanwhile
    try:
        _run(engine, watcher)
        lost = weakref.ref(camera.opened.pop())
        camera.present = False
        watcher.wait_for_state(LiveState.RETRYING)
        camera.present = True
        watcher.wait_for_state(LiveState.RUNNING)
        wait_until(lambda: lost() is None, "its handle is freed")
    finally:
        gc.enable()


def test_it_is_opened_again_by_its_identity_not_by_its_number(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    _run(engine, watcher)
    camera.present = False
    watcher.wait_for_state(LiveState.RETRYING)
    camera.present = True
    watcher.wait_for_state(LiveState.RUNNING)
    assert camera.asked_for[0] == "0"
    assert set(camera.asked_for[1:]) == {STABLE_ID}


def test_a_camera_that_another_program_took_meanwhile_is_said_and_waited_for(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    _run(engine, watcher)
    camera.taken_by_another = True
    camera.present = False
    watcher.wait_for_state(LiveState.RETRYING)
    camera.present = True
    watcher.wait(lambda event: event.state is LiveState.RETRYING and "in use" in event.message)
    camera.taken_by_another = False
    watcher.wait_for_state(LiveState.RUNNING)


def test_pauses_between_attempts_grow_up_to_a_bound(
    camera: FakeCamera, watcher: Watcher, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    class Clocked(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if threading.current_thread().name == "live watch" and timeout is not None and not self.is_set():
                pauses.append(timeout)
            return super().wait(timeout)

    class Threading:
        Event, Lock, Thread = Clocked, threading.Lock, threading.Thread

    monkeypatch.setattr(session, "threading", Threading)
    engine = LiveEngine(lambda: analyzer, on_event=watcher, opener=camera.open)
    _run(engine, watcher)
    pauses.clear()
    camera.present = False
    wait_until(lambda: len(camera.asked_for) > 6, "some attempts")
    engine.close()
    between = [pause for pause in pauses if pause <= session.MAX_RETRY_DELAY_SECONDS]
    assert between[:5] == pytest.approx([0.01, 0.02, 0.04, 0.05, 0.05])


def test_a_frozen_camera_is_said_and_goes_on_when_it_thaws(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "ABANDON_AFTER_SECONDS", 60.0)
    _run(engine, watcher)
    camera.freeze()
    assert "Fake Cam stopped delivering pictures" in watcher.wait_for_state(LiveState.STALLED).message
    assert engine.latest() is not None
    camera.thaw()
    assert watcher.wait_for_state(LiveState.RUNNING).message == ""
    assert len(camera.opened) == 1


def test_a_frozen_camera_is_opened_again_without_leaking_threads(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    _run(engine, watcher)
    camera.freeze()
    watcher.wait_for_state(LiveState.RETRYING)
    wait_until(lambda: len(camera.opened) == 2, "a second attempt")
    stuck = threading.Event()
    stuck.wait(5 * (session.MIN_STALL_SECONDS + session.ABANDON_AFTER_SECONDS))
    assert live_threads().count("live read") == 2, "one left behind, one waiting"
    assert "Fake Cam stopped delivering" in engine.message
    assert not [event for event in watcher.events if event.message != engine.message], "the message does not flicker"
    camera.thaw()
    watcher.wait_for_state(LiveState.RUNNING)
    wait_until(lambda: live_threads().count("live read") == 1, "the end of the one left behind")
    assert camera.opened[0].closed


def test_choosing_a_frozen_camera_again_and_again_leaks_no_threads(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    _run(engine, watcher)
    camera.freeze()
    for _ in range(8):
        engine.open(STABLE_ID)
    wait_until(lambda: live_threads().count("live watch") == 1, "the end of the sessions before")
    assert live_threads().count("live read") <= 3
    camera.thaw()
    watcher.wait_for_state(LiveState.RUNNING)


def test_opening_slowly_leaves_the_caller_free_and_can_be_cancelled(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    camera.may_open.clear()
    engine.open("0")
    assert camera.opening.wait(20)
    assert engine.state is LiveState.OPENING
    engine.cancel_open()
    assert engine.state is LiveState.IDLE
    camera.may_open.set()
    wait_until(lambda: "live read" not in live_threads(), "the end of the attempt")
    assert all(handle.closed for handle in camera.opened)
    assert engine.latest() is None


def test_another_source_can_be_opened_while_one_is_slow(
    camera: FakeCamera, analyzer: FakeAnalyzer, watcher: Watcher
) -> None:
    slow = FakeCamera()
    slow.may_open.clear()
    engine = LiveEngine(
        lambda: analyzer,
        on_event=watcher,
        opener=lambda spec, **others: (slow if spec == "slow" else camera).open(spec, **others),
    )
    engine.open("slow")
    assert slow.opening.wait(20)
    _run(engine, watcher)
    slow.may_open.set()
    assert len(results(engine, 3)) == 3
    assert engine.close()
    wait_until(lambda: not live_threads(), "the end of every thread")


def test_a_damaged_file_shows_what_it_has_and_says_where_it_ends(watcher: Watcher, analyzer: FakeAnalyzer) -> None:
    class Damaged(FakeFile):
        def read(self) -> Frame | None:
            frame = super().read()
            if frame is None:
                raise SourceLostError("clip.mp4 is damaged or cut off.")
            return frame

    engine = LiveEngine(lambda: analyzer, on_event=watcher, opener=lambda *_, **__: Damaged([0.0, 0.02, 0.04], 60))
    engine.open("clip.mp4")
    assert watcher.wait_for_state(LiveState.FAILED).message == "clip.mp4 is damaged or cut off."
    assert engine.latest() is not None
    assert engine.close()


def test_a_fault_inside_a_library_is_one_line(watcher: Watcher, analyzer: FakeAnalyzer) -> None:
    def fail(*_: object, **__: object) -> Source:
        raise RuntimeError("first line\nsecond line")

    engine = LiveEngine(lambda: analyzer, on_event=watcher, opener=fail)
    engine.open("0")
    message = watcher.wait_for_state(LiveState.FAILED).message
    assert "first line" in message and "\n" not in message
    assert engine.close()


@pytest.mark.parametrize(
    "fault", [InferenceError("The network answered with numbers that are no probabilities."), ValueError("odd")]
)
def test_pictures_go_on_while_the_network_fails_and_a_lasting_failure_is_told(
    fault: Exception, engine: LiveEngine, analyzer: FakeAnalyzer, watcher: Watcher
) -> None:
    _run(engine, watcher)
    wait_until(lambda: engine.analyzer_loaded, "the analyzer")
    analyzer.fails_with = fault
    wait_until(lambda: engine.analysis_problem, "the problem")
    assert str(fault) in str(engine.analysis_problem)
    result = engine.latest()
    assert result is not None and result.faces == []
    assert len(results(engine, 5)) == 5
    analyzer.fails_with = None
    wait_until(lambda: engine.analysis_problem is None, "the end of the problem")


def test_a_single_failure_is_not_told(analyzer: FakeAnalyzer) -> None:
    told: list[str | None] = []
    work = analysis.Analysis(lambda: analyzer, lambda frame, faces, now: told.append(work.problem))
    work.start()
    wait_until(lambda: work.analyzer is not None, "the analyzer")
    analyzer.fails_with = ValueError("odd")
    work.put(Frame(results_image(), 0, 0.0, 0.0))
    wait_until(lambda: told, "a result")
    assert told == [None]
    work.close()
    assert work.join(20)


def results_image() -> object:
    from tests.live.fakes import image_of

    return image_of(0)


def test_without_a_model_the_plain_picture_is_shown_and_the_reason_told(camera: FakeCamera) -> None:
    def refuse() -> FakeAnalyzer:
        raise ModelError("gender.tflite is damaged.")

    engine = LiveEngine(refuse, opener=camera.open)
    engine.open("0")
    assert len(results(engine, 5)) == 5
    wait_until(lambda: engine.analysis_problem == "gender.tflite is damaged.", "the reason")
    assert engine.close()


def test_bad_frames_of_all_attempts_are_counted(engine: LiveEngine, camera: FakeCamera, watcher: Watcher) -> None:
    _run(engine, watcher)
    camera.opened[0].bad_frames = 3
    camera.present = False
    watcher.wait_for_state(LiveState.RETRYING)
    camera.present = True
    watcher.wait_for_state(LiveState.RUNNING)
    camera.opened[-1].bad_frames = 4
    assert engine.statistics().bad_frames == 7


@pytest.mark.parametrize("moment", ["opening", "running", "frozen", "retrying", "never opened"])
def test_closing_at_any_moment_leaves_nothing_behind(
    moment: str, engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    if moment == "opening":
        camera.may_open.clear()
        engine.open("0")
        assert camera.opening.wait(20)
    elif moment != "never opened":
        _run(engine, watcher)
    if moment == "frozen":
        camera.freeze()
        watcher.wait_for_state(LiveState.STALLED)
    elif moment == "retrying":
        camera.present = False
        watcher.wait_for_state(LiveState.RETRYING)
    blocked = moment in ("opening", "frozen")
    assert engine.close() is not blocked
    assert engine.state is LiveState.IDLE
    camera.may_open.set()
    camera.thaw()
    wait_until(lambda: not live_threads(), "the end of every thread")
    assert all(handle.closed for handle in camera.opened)
    asked_for = list(camera.asked_for)
    engine.open("0")
    assert engine.state is LiveState.IDLE
    assert camera.asked_for == asked_for, "closed is closed"


def test_the_wall_clock_is_not_asked(engine: LiveEngine, watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    hours = itertools.count(0, -3600)
    monkeypatch.setattr(time, "time", lambda: 1.7e9 + next(hours))
    _run(engine, watcher)
    frames = results(engine, 20)
    assert all(0 < b.time - a.time < 5 for a, b in itertools.pairwise(frames))


def test_an_error_of_the_source_is_an_event_with_its_state(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher
) -> None:
    camera.present = False
    engine.open("0")
    event = watcher.wait_for_state(LiveState.FAILED)
    assert event.kind is EventKind.STATE
    assert (engine.state, engine.message) == (event.state, event.message)
    assert issubclass(SourceLostError, SourceError)
