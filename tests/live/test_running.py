"""When all is well."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import pytest

from tests.live.fakes import STABLE_ID, FakeAnalyzer, FakeCamera, FakeFile, Watcher, results, wait_until
from webcam_app.errors import OutputError
from webcam_app.live import LiveEngine, LiveState
from webcam_app.live.snapshots import write_snapshot
from webcam_app.output.overlay import OverlayStyle


def test_opening_shows_frames_with_their_faces(engine: LiveEngine, watcher: Watcher) -> None:
    engine.open("0")
    watcher.wait_for_state(LiveState.RUNNING)
    wait_until(lambda: (result := engine.latest()) is not None and result.faces, "a face")
    assert engine.state is LiveState.RUNNING
    assert engine.message == ""


def test_frames_are_numbered_and_their_times_strictly_increase(engine: LiveEngine) -> None:
    engine.open("0")
    frames = results(engine, 20)
    assert all(a.index < b.index and a.time < b.time for a, b in itertools.pairwise(frames))


def test_times_go_on_across_sources(engine: LiveEngine, camera: FakeCamera) -> None:
    engine.open("0")
    before = results(engine, 5)[-1]
    engine.open("1")
    after = results(engine, 5)
    assert after[0].time > before.time
    assert camera.opened[0].closed


def test_plain_pictures_are_shown_while_the_model_loads(camera: FakeCamera, analyzer: FakeAnalyzer) -> None:
    def load() -> FakeAnalyzer:
        analyzer.may_go_on.wait()
        return analyzer

    analyzer.may_go_on.clear()
    engine = LiveEngine(load, opener=camera.open)
    engine.open("0")
    assert len(results(engine, 3)) == 3
    assert not engine.analyzer_loaded
    analyzer.may_go_on.set()
    wait_until(lambda: engine.latest().faces, "faces, once it is loaded")  # type: ignore[union-attr]
    assert engine.close()


def test_the_newest_frame_is_analysed_and_the_others_are_counted(
    engine: LiveEngine, analyzer: FakeAnalyzer, camera: FakeCamera
) -> None:
    wait_until_loaded(engine)
    analyzer.started.clear()
    analyzer.may_go_on.clear()
    assert analyzer.started.wait(20)
    before = engine.statistics().dropped
    wait_until(lambda: engine.statistics().dropped >= before + 10, "dropped frames")
    held = engine.latest()
    assert held is not None
    analyzer.may_go_on.set()
    results(engine, 2, after=held.sequence)
    newest = engine.latest()
    assert newest is not None
    assert newest.frame.index - held.frame.index >= newest.sequence - held.sequence + 10


def wait_until_loaded(engine: LiveEngine) -> None:
    engine.open("0")
    results(engine, 1)
    wait_until(lambda: engine.analyzer_loaded, "the analyzer")


def test_faces_are_forgotten_when_another_source_is_opened(engine: LiveEngine, analyzer: FakeAnalyzer) -> None:
    wait_until_loaded(engine)
    wait_until(lambda: analyzer.seen, "an analysed frame")
    before = analyzer.resets
    engine.open("1")
    results(engine, 2)
    wait_until(lambda: analyzer.resets == before + 1, "a reset")


def test_statistics_tell_what_was_obtained_and_seen(engine: LiveEngine) -> None:
    assert engine.statistics().source is None
    wait_until_loaded(engine)
    last = results(engine, 10)
    assert last
    result = engine.latest()
    assert result is not None
    assert engine.statistics().latency_ms_median is None
    engine.mark_painted(result.sequence)
    statistics = engine.statistics()
    assert statistics.source is not None and statistics.source.spec == STABLE_ID
    assert statistics.fps > 0
    assert statistics.latency_ms_median is not None and statistics.latency_ms_median >= 0
    assert statistics.latency_ms_p95 == statistics.latency_ms_median
    assert statistics.bad_frames == 0


def test_a_snapshot_shows_the_newest_picture_with_its_faces(engine: LiveEngine, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no picture"):
        write_snapshot(engine.latest(), tmp_path, OverlayStyle(), engine.labels)
    wait_until_loaded(engine)
    wait_until(lambda: engine.latest().faces, "a face")  # type: ignore[union-attr]
    newest = engine.latest()
    first, second = (write_snapshot(newest, tmp_path / "new", OverlayStyle(), engine.labels) for _ in range(2))
    assert first != second
    image = cv2.imread(str(first))
    assert image is not None and image.shape == (48, 64, 3)
    assert image.std() > 1, "something is drawn on the even grey"


def test_a_file_ends_after_its_last_frame(watcher: Watcher, analyzer: FakeAnalyzer) -> None:
    file = FakeFile([number / 60 for number in range(12)], rate=60)
    engine = LiveEngine(lambda: analyzer, on_event=watcher, opener=lambda *_, **__: file)
    engine.open("clip.mp4")
    event = watcher.wait_for_state(LiveState.ENDED)
    assert event.message == "clip.mp4 has ended."
    assert file.closed
    wait_until(lambda: engine.latest() is not None and engine.latest().frame.index == 11, "the last frame")  # type: ignore[union-attr]
    assert engine.close()
