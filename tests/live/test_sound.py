"""A microphone is recorded with the picture, and survives whatever happens to it."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.live.fakes import (
    FakeAnalyzer,
    FakeCamera,
    Watcher,
    image_of,
    live_threads,
    packet_times,
    results,
    wait_until,
)
from tests.live.test_recording import SlowWriter
from webcam_app.capture import Frame
from webcam_app.capture.sound import SoundBlock, SoundSource
from webcam_app.errors import SourceLostError, SourceNotFoundError
from webcam_app.live import LiveEngine, LiveState, listening
from webcam_app.live.recordings.recording import LAPSE_RATE, Recording
from webcam_app.live.states import RecordingSetup
from webcam_app.output.live.live_sound import LiveSound
from webcam_app.output.overlay import OverlayStyle

STYLE = OverlayStyle()
RATE = 8_000


class FakeMicrophone:
    """A microphone that hums, and can be pulled out. Its ``open`` stands in for ``open_microphone``."""

    def __init__(self) -> None:
        self.present = True
        self.opened = 0
        self.open_now: set[SoundSource] = set()
        self.loudness = 0.5

    def open(self, name: str) -> SoundSource:
        if not self.present:
            raise SourceNotFoundError(f"The microphone {name} is not plugged in.")
        self.opened += 1
        return _Handle(self, name)


class _Handle(SoundSource):
    def __init__(self, microphone: FakeMicrophone, name: str) -> None:
        self._microphone, self._name = microphone, name
        self._closed = threading.Event()
        microphone.open_now.add(self)

    @property
    def name(self) -> str:
        return self._name

    @property
    def channels(self) -> int:
        return 1

    def read(self) -> SoundBlock | None:
        began = time.monotonic()
        if self._closed.wait(0.02):
            return None
        if not self._microphone.present:
            raise SourceLostError("The microphone was unplugged.")
        count = round((time.monotonic() - began) * RATE)
        hum = np.sin(np.arange(count) * 0.3).astype(np.float32)[:, None] * self._microphone.loudness
        return SoundBlock(hum.astype(np.float32), RATE, began)

    def close(self) -> None:
        self._closed.set()
        self._microphone.open_now.discard(self)


@pytest.fixture
def microphone() -> FakeMicrophone:
    return FakeMicrophone()


@pytest.fixture
def engine(
    camera: FakeCamera,
    analyzer: FakeAnalyzer,
    watcher: Watcher,
    microphone: FakeMicrophone,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[LiveEngine]:
    monkeypatch.setattr(listening, "RETRY_SECONDS", 0.02)
    made = LiveEngine(lambda: analyzer, on_event=watcher, opener=camera.open, sound_opener=microphone.open)
    yield made
    made.close()
    wait_until(lambda: not live_threads(), "the end of every thread")
    assert not microphone.open_now


def level(engine: LiveEngine) -> float:
    return engine.microphone.level if engine.microphone is not None else 0.0


def problem(engine: LiveEngine) -> str:
    return engine.microphone.problem if engine.microphone is not None else ""


def loud(path: Path) -> list[bool]:
    """For each tenth of a second of a recording whether something is heard."""
    with av.open(str(path)) as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    return [bool(np.abs(samples[i : i + 4800]).max() > 0.1) for i in range(0, len(samples) - 4800, 4800)]


def record(engine: LiveEngine, folder: Path) -> Path:
    engine.open("0")
    results(engine, 1)
    wait_until(lambda: engine.state is LiveState.RUNNING, "running")
    path = engine.start_recording(folder, STYLE)
    more_frames(engine, 5)
    return path


def more_frames(engine: LiveEngine, count: int) -> None:
    before = engine.recording.frames if engine.recording is not None else 0
    wait_until(lambda: engine.recording is not None and engine.recording.frames >= before + count, "recorded frames")


def test_without_a_chosen_microphone_nothing_listens_and_nothing_is_heard(
    engine: LiveEngine, microphone: FakeMicrophone, tmp_path: Path
) -> None:
    path = record(engine, tmp_path)
    engine.stop_recording()
    assert engine.microphone is None and microphone.opened == 0
    with av.open(str(path)) as container:
        assert not container.streams.audio


def test_a_chosen_microphone_shows_its_level_and_is_recorded(
    engine: LiveEngine, microphone: FakeMicrophone, tmp_path: Path
) -> None:
    engine.set_microphone("Headset")
    wait_until(lambda: level(engine) > 0.4, "a level")
    path = record(engine, tmp_path)
    more_frames(engine, 100)
    summary = engine.stop_recording()
    heard = loud(path)
    assert summary.problem is None
    assert heard[1:-1] and all(heard[1:-1])
    assert len(heard) / 10 == pytest.approx(summary.seconds, abs=0.25)
    microphone.loudness = 0.0
    wait_until(lambda: level(engine) == 0, "silence")
    engine.set_microphone("")
    assert engine.microphone is None
    wait_until(lambda: not microphone.open_now, "the microphone's release")


def test_an_unplugged_microphone_is_picked_up_again_and_the_picture_goes_on_meanwhile(
    engine: LiveEngine, microphone: FakeMicrophone, tmp_path: Path
) -> None:
    engine.set_microphone("Headset")
    wait_until(lambda: level(engine) > 0.4, "a level")
    path = record(engine, tmp_path)
    more_frames(engine, 60)
    microphone.present = False
    wait_until(lambda: "not plugged in" in problem(engine), "a message")
    assert "once it is back" in problem(engine)
    more_frames(engine, 100)
    microphone.present = True
    wait_until(lambda: not problem(engine), "the microphone")
    more_frames(engine, 60)
    assert engine.stop_recording().problem is None
    heard = loud(path)
    spans = [(value, len(list(group))) for value, group in itertools.groupby(heard[1:-1])]
    assert [value for value, _ in spans] == [True, False, True]
    assert spans[1][1] >= 6, "about a second of silence"
    assert microphone.opened == 2


def test_a_microphone_that_is_not_there_keeps_no_recording_from_starting(
    engine: LiveEngine, microphone: FakeMicrophone, tmp_path: Path
) -> None:
    microphone.present = False
    engine.set_microphone("Headset")
    path = record(engine, tmp_path)
    more_frames(engine, 60)
    summary = engine.stop_recording()
    assert summary.problem is None and summary.frames >= 60
    assert not any(loud(path))


def test_another_microphone_can_be_chosen_while_recording(
    engine: LiveEngine, microphone: FakeMicrophone, tmp_path: Path
) -> None:
    engine.set_microphone("Headset")
    wait_until(lambda: level(engine) > 0.4, "a level")
    path = record(engine, tmp_path)
    engine.set_microphone("Table")
    wait_until(lambda: microphone.opened == 2 and level(engine) > 0.4, "the other one")
    more_frames(engine, 60)
    engine.stop_recording()
    assert all(loud(path)[-4:-1])
    assert engine.microphone is not None and engine.microphone.name == "Table"


def test_sound_that_cannot_be_encoded_ends_neither_picture_nor_recording(
    engine: LiveEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.set_microphone("Headset")
    wait_until(lambda: level(engine) > 0.4, "a level")
    path = record(engine, tmp_path)

    def fail(self: LiveSound, samples: object, rate: int, time: float) -> Iterator[object]:
        raise ValueError("no more sound")

    monkeypatch.setattr(LiveSound, "push", fail)
    wait_until(lambda: engine.recording is not None and engine.recording.sound_problem, "the problem")
    more_frames(engine, 60)
    summary = engine.stop_recording()
    assert summary.problem is None
    assert len(packet_times(path)) == summary.frames
    assert engine.state is LiveState.RUNNING


def test_an_encoder_that_fails_half_way_ends_the_recording_and_not_the_picture(
    engine: LiveEngine, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webcam_app.output.live.live_track import LiveTrack

    path = record(engine, tmp_path)

    def fail(self: LiveTrack, image: object, ticks: int) -> Iterator[object]:
        raise RuntimeError("the encoder broke")

    monkeypatch.setattr(LiveTrack, "encode", fail)
    event = watcher.wait_for_recording()
    assert "the encoder broke" in event.message
    assert engine.recording is None
    assert len(packet_times(path)) >= 5
    last = engine.latest()
    assert last is not None
    assert len(results(engine, 3, after=last.sequence)) == 3
    monkeypatch.undo()
    again = engine.start_recording(tmp_path, STYLE)
    more_frames(engine, 3)
    engine.stop_recording()
    assert again != path and len(packet_times(again)) >= 3


def test_a_pause_leaves_no_hole_in_the_file(engine: LiveEngine, tmp_path: Path) -> None:
    engine.set_microphone("Headset")
    wait_until(lambda: level(engine) > 0.4, "a level")
    path = record(engine, tmp_path)
    more_frames(engine, 30)
    engine.set_recording_paused(True)
    assert engine.recording is not None and engine.recording.paused
    last = engine.latest()
    assert last is not None
    results(engine, 80, after=last.sequence)
    engine.set_recording_paused(False)
    more_frames(engine, 30)
    engine.stop_recording()
    times = packet_times(path)
    assert max(b - a for a, b in itertools.pairwise(times)) < 0.2
    assert all(loud(path)[1:-1])


def test_a_recording_stopped_while_it_is_paused_ends_where_it_was_paused(engine: LiveEngine, tmp_path: Path) -> None:
    path = record(engine, tmp_path)
    engine.set_recording_paused(True)
    before = engine.latest()
    assert before is not None
    results(engine, 80, after=before.sequence)
    summary = engine.stop_recording()
    assert summary.seconds == pytest.approx(packet_times(path)[-1], abs=0.3)
    assert summary.seconds < 0.7


def test_a_time_lapse_has_one_frame_in_so_many_seconds_and_plays_at_thirty() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    setup = RecordingSetup((64, 48), 30.0, promised_rate=30.0, lapse_seconds=2.0)
    recording = Recording(writer, STYLE, tuple, lambda summary: None, setup)
    for number in range(30 * 21):
        recording.put(Frame(image_of(number), number, 5 + number / 30, 0.0), [])
        recording.put_sound(SoundBlock(np.zeros((160, 1), np.float32), RATE, 0.0), 5 + number / 30)
    summary = recording.stop(20, end_time=100.0)
    assert writer.times == pytest.approx([n / LAPSE_RATE for n in range(11)])
    assert [int(image[0, 0, 0]) for image in writer.images] == [60 * n % 256 for n in range(11)]
    assert writer.closed_at == [None] and writer.did == []
    assert summary.shortage is None and summary.dropped == 0


def test_a_time_lapse_goes_on_after_the_camera_was_away_without_catching_up() -> None:
    writer = SlowWriter()
    writer.may_write.set()
    setup = RecordingSetup((64, 48), 30.0, lapse_seconds=1.0)
    recording = Recording(writer, STYLE, tuple, lambda summary: None, setup)
    moments = [0.0, 0.5, 1.01, 1.5, 60.0, 60.03, 60.5, 61.0, 61.1]
    for number, moment in enumerate(moments):
        recording.put(Frame(image_of(number), number, moment, 0.0), [])
    recording.stop(20)
    assert [int(image[0, 0, 0]) for image in writer.images] == [0, 2, 4, 7]
