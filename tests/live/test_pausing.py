"""Someone pauses a video and goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.fakes import FakeAnalyzer, FakeCamera, FakeFile, Watcher, live_threads, results, wait_until
from webcam_app.live import LiveEngine, LiveState

STEP_SECONDS = 0.02


@pytest.fixture
def film() -> FakeFile:
    return FakeFile([number * STEP_SECONDS for number in range(40)], 1 / STEP_SECONDS)


@pytest.fixture
def player(film: FakeFile, watcher: Watcher) -> Iterator[LiveEngine]:
    """An engine that plays the film."""
    made = LiveEngine(FakeAnalyzer, on_event=watcher, opener=lambda spec, **_wishes: film)
    yield made
    made.close()
    wait_until(lambda: not live_threads(), "the end of every thread")


def index_shown(engine: LiveEngine) -> int:
    result = engine.latest()
    assert result is not None
    return result.frame.index


def test_a_paused_film_stands_still_and_goes_on_with_the_next_frame(
    player: LiveEngine, watcher: Watcher, camera: FakeCamera
) -> None:
    player.open("clip.mp4")
    results(player, 5)
    player.transport.set_paused(True)
    assert player.state is LiveState.PAUSED
    clock = LiveEngine(FakeAnalyzer, opener=camera.open)
    clock.open("0")
    results(clock, 3)  # what was on its way when it was paused has arrived
    held = index_shown(player)
    results(clock, 60)  # more than the film is long
    assert clock.close()
    assert index_shown(player) == held
    assert player.state is LiveState.PAUSED
    player.transport.set_paused(False)
    assert player.state is LiveState.RUNNING
    wait_until(lambda: index_shown(player) > held, "the next frame")
    watcher.wait_for_state(LiveState.ENDED)
    wait_until(lambda: index_shown(player) == 39, "the last frame: none was left out")


def test_a_camera_is_not_paused(engine: LiveEngine) -> None:
    engine.open("0")
    results(engine, 2)
    engine.transport.set_paused(True)
    assert engine.state is LiveState.RUNNING
    assert results(engine, 2)


def test_another_source_runs_after_a_paused_one(film: FakeFile, camera: FakeCamera) -> None:
    engine = LiveEngine(
        FakeAnalyzer, opener=lambda spec, **wishes: film if spec == "clip.mp4" else camera.open(spec, **wishes)
    )
    engine.open("clip.mp4")
    results(engine, 2)
    engine.transport.set_paused(True)
    engine.open("0")
    wait_until(lambda: engine.latest() is not None, "a picture of the camera")
    wait_until(lambda: engine.state is LiveState.RUNNING, "the camera")
    assert engine.close()


def test_closing_ends_a_paused_film(player: LiveEngine) -> None:
    player.open("clip.mp4")
    results(player, 2)
    player.transport.set_paused(True)
    assert player.close()
    assert not live_threads()
