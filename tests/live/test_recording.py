"""Recordings across everything that happens to a source."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.live.fakes import (
    FakeAnalyzer,
    FakeCamera,
    FakeFile,
    Watcher,
    image_of,
    live_threads,
    packet_times,
    results,
    sizes,
    wait_until,
)
from webcam_app.capture import Frame, Image
from webcam_app.errors import RecordingError
from webcam_app.faces.face import Box, Face
from webcam_app.live import LiveEngine, LiveState, RecordingSummary, Shortage
from webcam_app.live.recordings.backlog import MAX_QUEUED_FRAMES
from webcam_app.live.recordings.recording import Recording
from webcam_app.live.states import RecordingSetup
from webcam_app.output.live.effort import Effort
from webcam_app.output.overlay import OverlayStyle

STYLE = OverlayStyle()
PROMISED_30 = RecordingSetup((64, 48), 30.0, promised_rate=30.0)


def _record(engine: LiveEngine, folder: Path, frames: int = 5) -> Path:
    results(engine, 1)
    wait_until(lambda: engine.state is LiveState.RUNNING, "running")
    path = engine.start_recording(folder, STYLE)
    wait_until(lambda: engine.recording is not None and engine.recording.frames >= frames, "recorded frames")
    return path


def test_what_is_shown_is_recorded(engine: LiveEngine, tmp_path: Path) -> None:
    engine.open("0")
    path = _record(engine, tmp_path)
    summary = engine.stop_recording()
    assert summary.path == path and summary.problem is None
    assert engine.recording is None
    times = packet_times(path)
    assert len(times) == summary.frames >= 5
    assert times[0] == 0
    assert all(a < b for a, b in itertools.pairwise(times))


def test_recording_needs_a_picture_and_happens_once(engine: LiveEngine, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no picture to record"):
        engine.start_recording(tmp_path, STYLE)
    with pytest.raises(RecordingError, match="no recording to stop"):
        engine.stop_recording()
    engine.open("0")
    _record(engine, tmp_path)
    with pytest.raises(RecordingError, match="running already"):
        engine.start_recording(tmp_path, STYLE)
    assert len(list(tmp_path.glob("*.mp4"))) == 1


def test_a_recording_goes_on_after_the_camera_was_away_with_true_times(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher, tmp_path: Path
) -> None:
    engine.open("0")
    path = _record(engine, tmp_path)
    camera.present = False
    watcher.wait_for_state(LiveState.RETRYING)
    gap = threading.Event()
    gap.wait(0.6)
    last = engine.latest()  # by now every frame that came is analysed
    assert last is not None
    camera.present = True
    watcher.wait_for_state(LiveState.RUNNING)
    first = results(engine, 5, after=last.sequence)[0]
    summary = engine.stop_recording()
    times = packet_times(path)
    steps = [b - a for a, b in itertools.pairwise(times)]
    assert max(steps) == pytest.approx(first.time - last.frame.time, abs=0.05)
    assert min(steps) > 0
    assert summary.frames == len(times)


def test_a_camera_that_comes_back_with_another_size_does_not_break_the_file(
    engine: LiveEngine, camera: FakeCamera, watcher: Watcher, tmp_path: Path
) -> None:
    engine.open("0")
    path = _record(engine, tmp_path)
    camera.size = (32, 80)
    camera.present = False
    watcher.wait_for_state(LiveState.RETRYING)
    camera.present = True
    watcher.wait_for_state(LiveState.RUNNING)
    recorded = engine.recording
    assert recorded is not None
    wait_until(lambda: engine.recording is not None and engine.recording.frames > recorded.frames + 5, "more frames")
    summary = engine.stop_recording()
    assert list(sizes(path)) == [(64, 48)] * summary.frames


@pytest.mark.parametrize("moment", ["running", "frozen", "retrying"])
def test_closing_while_recording_leaves_a_whole_file(
    moment: str, engine: LiveEngine, camera: FakeCamera, watcher: Watcher, tmp_path: Path
) -> None:
    engine.open("0")
    watcher.wait_for_state(LiveState.RUNNING)
    path = _record(engine, tmp_path)
    if moment == "frozen":
        camera.freeze()
        watcher.wait_for_state(LiveState.STALLED)
    elif moment == "retrying":
        camera.present = False
        watcher.wait_for_state(LiveState.RETRYING)
    engine.close()
    assert "live recording" not in live_threads()
    assert len(packet_times(path)) >= 5
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_recording_ends_with_its_file_and_has_the_last_frame(
    watcher: Watcher, analyzer: FakeAnalyzer, tmp_path: Path
) -> None:
    times = [number / 50 for number in range(60)]
    engine = LiveEngine(lambda: analyzer, on_event=watcher, opener=lambda *_, **__: FakeFile(times, rate=50))
    engine.open("clip.mp4")
    path = _record(engine, tmp_path, frames=1)
    event = watcher.wait_for_recording()
    assert event.recording is not None and event.recording.path == path
    assert event.message == "clip.mp4 has ended."
    assert engine.recording is None
    last = engine.latest()
    assert last is not None and last.frame.index == 59
    started_at = last.frame.time - packet_times(path)[-1]
    assert 0 < started_at < 59 / 50
    assert engine.close()


def test_a_recording_that_starts_while_the_engine_closes_leaves_nothing(
    engine: LiveEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webcam_app.output import recorder

    make = recorder.Recorder

    def close_first(*arguments: object, **others: object) -> recorder.Recorder:
        writer = make(*arguments, **others)  # type: ignore[arg-type]
        engine.close()
        return writer

    engine.open("0")
    results(engine, 1)
    wait_until(lambda: engine.state is LiveState.RUNNING, "running")
    monkeypatch.setattr(recorder, "Recorder", close_first)
    with pytest.raises(RecordingError, match="closing"):
        engine.start_recording(tmp_path, STYLE)
    assert list(tmp_path.iterdir()) == []


class SlowWriter:
    """A disk that takes nothing until it may, and can be full."""

    def __init__(self) -> None:
        self.path = Path("slow.mp4")
        self.frames = 0
        self.images: list[Image] = []
        self.times: list[float] = []
        self.may_write = threading.Event()
        self.full = False
        self.closed_at: list[float | None] = []
        self.disk_seconds = 0.0
        self.disk_seconds_a_frame = 0.0
        self.size, self.free = 0, None
        self.sound_problem = ""
        self.did: list[tuple[str, float]] = []
        self.effort = Effort.FULL

    @property
    def duration(self) -> float:
        return self.times[-1] if self.times else 0.0

    def write(self, image: Image, time: float) -> None:
        self.may_write.wait()
        self.disk_seconds += self.disk_seconds_a_frame
        if self.full:
            raise RecordingError("The recording stopped: the disk is full.")
        self.images.append(image.copy())
        self.times.append(time)
        self.frames += 1

    def write_sound(self, samples: object, rate: int, time: float) -> None:
        self.did.append(("sound", time))

    def pause(self, time: float) -> None:
        self.did.append(("pause", time))

    def resume(self, time: float) -> None:
        self.did.append(("resume", time))

    def lighten(self) -> bool:
        if self.effort is Effort.LEAST:
            return False
        self.effort = Effort(self.effort - 1)
        return True

    def close(self, time: float | None = None) -> None:
        self.closed_at.append(time)


def _frame(number: int) -> Frame:
    return Frame(image_of(number), number, number / 30, number / 30)


def test_a_slow_disk_costs_frames_that_are_counted_but_no_memory_and_no_time() -> None:
    writer = SlowWriter()
    recording = Recording(writer, STYLE, tuple, lambda summary: None)
    for number in range(500):
        recording.put(_frame(number), [])
    assert recording.status.dropped >= 500 - MAX_QUEUED_FRAMES - 1
    writer.may_write.set()
    summary = recording.stop(20, end_time=17.0)
    assert summary.frames + summary.dropped == 500
    assert writer.times == sorted(set(writer.times))
    assert writer.closed_at == [17.0]


@pytest.mark.parametrize("seconds", [8, 30, 100])
def test_what_is_left_out_while_nothing_can_be_written_is_left_out_evenly(seconds: int) -> None:
    writer = SlowWriter()
    recording = Recording(writer, STYLE, tuple, lambda summary: None)
    for number in range(30 * seconds):
        recording.put(_frame(number), [])
    writer.may_write.set()
    recording.stop(20)
    steps = [later - earlier for earlier, later in itertools.pairwise(writer.times)]
    assert max(steps[1:]) < 4 * min(steps[1:]), "a hole"
    assert writer.times[-1] > seconds - 2 * max(steps)


def test_once_it_is_written_again_every_frame_is_taken_again() -> None:
    writer = SlowWriter()
    recording = Recording(writer, STYLE, tuple, lambda summary: None)
    for number in range(300):
        recording.put(_frame(number), [])
    writer.may_write.set()
    before = recording.status.dropped
    wait_until(lambda: writer.frames == 300 - before, "an empty queue")
    for number in range(300, 310):
        recording.put(_frame(number), [])
    assert recording.stop(20).dropped == before


@pytest.mark.parametrize("culprit", list(Shortage))
def test_what_was_too_slow_is_told_by_its_name(culprit: Shortage) -> None:
    writer = SlowWriter()
    recording = Recording(writer, STYLE, tuple, lambda summary: None, PROMISED_30)
    if culprit is Shortage.CAMERA:
        writer.may_write.set()
    for number in range(300):
        recording.put(_frame(2 * number if culprit is Shortage.CAMERA else number), [])
        if culprit is Shortage.CAMERA:
            wait_until(lambda: writer.frames == number + 1, "a written frame")  # noqa: B023
    if culprit is Shortage.DISK:
        writer.disk_seconds_a_frame = 1e6
    writer.may_write.set()
    summary = recording.stop(20)
    assert summary.shortage is culprit
    assert summary.rate == pytest.approx(15 if culprit is Shortage.CAMERA else 30, rel=0.02)
    assert (summary.dropped > 0) is (culprit is not Shortage.CAMERA)


def test_a_recording_with_all_its_frames_blames_nobody() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    recording = Recording(writer, STYLE, tuple, lambda summary: None, PROMISED_30)
    for number in range(100):
        recording.put(_frame(number), [])
        wait_until(lambda: writer.frames == number + 1, "a written frame")  # noqa: B023
    assert recording.stop(20).shortage is None


def test_an_encoder_that_falls_behind_is_made_quicker_but_not_where_the_disk_is_to_blame() -> None:
    efforts = []
    for disk_seconds in (0.0, 1e6):
        writer = SlowWriter()
        recording = Recording(writer, STYLE, tuple, lambda summary: None)
        for number in range(100):
            recording.put(_frame(number), [])
        writer.disk_seconds_a_frame = disk_seconds
        writer.may_write.set()
        recording.stop(20)
        efforts.append(writer.effort)
    assert efforts == [Effort.LEAST, Effort.FULL]


def test_a_full_disk_ends_the_recording_with_its_reason() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    told: list[RecordingSummary] = []
    recording = Recording(writer, STYLE, tuple, told.append)
    recording.put(_frame(0), [])
    wait_until(lambda: writer.frames, "the first frame")
    writer.full = True
    recording.put(_frame(1), [])
    wait_until(lambda: told, "the end")
    assert told[0].problem == "The recording stopped: the disk is full."
    assert told[0].frames == 1
    recording.put(_frame(2), [])
    assert recording.status.frames == 1 and not recording.active


def test_the_window_goes_on_when_the_disk_is_full(
    engine: LiveEngine, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webcam_app.output.recorder import Recorder

    engine.open("0")
    _record(engine, tmp_path)

    def fail(self: Recorder, image: Image, time: float) -> None:
        self.close()
        raise RecordingError("The recording stopped: the disk is full.")

    monkeypatch.setattr(Recorder, "write", fail)
    event = watcher.wait_for_recording()
    assert event.message == "The recording stopped: the disk is full."
    assert event.recording is not None and event.recording.frames >= 5
    assert engine.recording is None
    assert len(results(engine, 3)) == 3


def test_faces_are_drawn_and_the_frame_itself_is_left_alone() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    recording = Recording(writer, STYLE, lambda: ("female", "male"), lambda summary: None)
    frame = _frame(7)
    before = frame.image.copy()
    recording.put(frame, [Face(Box(8, 8, 24, 24), track=1, label="female", probabilities={"female": 0.9})])
    recording.stop(20)
    assert np.array_equal(frame.image, before)
    assert not np.array_equal(writer.images[0], before)


def test_a_frame_that_nobody_had_time_to_analyse_is_recorded_with_the_faces_of_the_one_before() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    recording = Recording(writer, STYLE, lambda: ("female", "male"), lambda summary: None)
    face = Face(Box(8, 8, 24, 24), track=1, label="female", probabilities={"female": 0.9})
    recording.skip(_frame(0))  # before the first: nothing to record yet
    recording.put(_frame(1), [face])
    recording.skip(_frame(2))
    recording.skip(_frame(3))
    recording.put(_frame(4), [])
    recording.skip(_frame(6))  # comes while the one before it is still being analysed
    recording.put(_frame(5), [])
    recording.put(_frame(7), [])
    summary = recording.stop(20)
    assert writer.times == pytest.approx([n / 30 for n in range(1, 8)])
    assert [bool((image != number).any()) for image, number in zip(writer.images, range(1, 8), strict=True)] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
    assert summary.dropped == 0 and summary.shortage is None


def test_an_analysis_that_stands_still_for_long_costs_no_endless_memory() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    recording = Recording(writer, STYLE, tuple, lambda summary: None)
    recording.put(Frame(image_of(0, 1920, 1080), 0, 0.0, 0.0), [])
    large = image_of(1, 1920, 1080)
    for number in range(1, 100):
        recording.skip(Frame(large, number, number / 30, 0.0))
    recording.put(Frame(large, 100, 100 / 30, 0.0), [])
    summary = recording.stop(20)
    assert 5 < summary.frames < 20
    assert summary.frames + summary.dropped == 101
    assert summary.shortage is Shortage.PROCESSOR


def test_frames_that_come_faster_than_they_are_analysed_are_all_recorded(
    engine: LiveEngine, analyzer: FakeAnalyzer, camera: FakeCamera, tmp_path: Path
) -> None:
    engine.open("0")
    path = _record(engine, tmp_path)
    handle = camera.opened[-1]
    for _ in range(5):
        analyzer.started.clear()
        analyzer.may_go_on.clear()
        assert analyzer.started.wait(20)
        before = engine.statistics().dropped
        wait_until(lambda before=before: engine.statistics().dropped >= before + 5, "frames that are passed over")
        analyzer.may_go_on.set()
    last = engine.latest()
    assert last is not None
    results(engine, 3, after=last.sequence)
    summary = engine.stop_recording()
    assert not handle.closed and engine.statistics().dropped >= 25
    assert summary.dropped == 0
    times = packet_times(path)
    assert len(times) == summary.frames >= 5 + 25
    assert all(a < b for a, b in itertools.pairwise(times))
