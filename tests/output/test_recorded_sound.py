"""Sound is recorded in step with the picture: a flash and a click that happen together are seen and heard together."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.output.live.live_sound import LiveSound
from webcam_app.output.live.sound_step import RATE, SoundStep
from webcam_app.output.recorder import Recorder, RecordingPlan

# What people begin to notice, and what is promised.
STEP_SECONDS = 0.040


class Clicks:
    """A microphone that hears a click of 2 ms at given moments, and whose clock is off."""

    def __init__(
        self, rate: int = 48_000, *, off_by: float = 0.0, every: float = 1.0, channels: int = 1, late: float = 0.0
    ) -> None:
        self.rate, self._true_rate = rate, rate * (1 + off_by)
        self._every, self._channels = every, channels
        self._late = late
        self._random = np.random.default_rng(0)

    def blocks(self, seconds: float, block_seconds: float = 0.02) -> Iterator[tuple[NDArray[np.float32], float]]:
        """Samples and the time that is told of them: true, or late where the system was busy."""
        size = round(block_seconds * self.rate)
        for first in range(0, int(seconds * self._true_rate), size):
            moments = (first + np.arange(size)) / self._true_rate
            clicks = (np.mod(moments, self._every) < 0.002) & (moments > 0.5)
            samples = np.repeat(np.where(clicks, 0.8, 0.0).astype(np.float32)[:, None], self._channels, axis=1)
            late = float(self._random.exponential(self._late)) if self._late else 0.0
            yield samples, first / self._true_rate + late


def heard(samples: NDArray[np.float32], start: float = 0.0) -> list[float]:
    """Moments at which clicks begin, in seconds."""
    loud = np.flatnonzero(np.abs(samples) > 0.3)
    return [start + first / RATE for before, first in pairwise([-RATE, *loud]) if first - before > RATE // 100]


def flash(number: int, fps: float, every: float = 1.0) -> NDArray[np.uint8]:
    """White at the moment of a click, else dark."""
    moment = number / fps
    white = moment > 0.5 and moment % every < 1 / fps - 1e-9
    return np.full((48, 64, 3), 255 if white else 10, np.uint8)


def play(path: Path) -> tuple[list[float], list[float], list[float], float]:
    """Times of all pictures, of flashes and of clicks, and the length of the sound, in seconds."""
    with av.open(str(path)) as container:
        pictures = [(float(f.time or 0), f.to_ndarray(format="gray").mean() > 128) for f in container.decode(video=0)]
    flashes = [after[0] for before, after in pairwise(pictures) if after[1] and not before[1]]
    with av.open(str(path)) as container:
        parts = [(float(f.time or 0), f.to_ndarray()[0]) for f in container.decode(audio=0)]
    whole = np.concatenate([part for _, part in parts])
    # Unbroken: each part begins where the one before ended.
    position = 0
    for time, part in parts:
        assert time == pytest.approx(position / RATE, abs=1e-3)
        position += len(part)
    return [time for time, _ in pictures], flashes, heard(whole), len(whole) / RATE


def record(recorder: Recorder, clicks: Clicks, seconds: float, fps: float = 25, began: float = 100.0) -> None:
    """Frames and blocks in the order of their times."""
    blocks = list(clicks.blocks(seconds))
    position = 0
    for number in range(round(seconds * fps)):
        recorder.write(flash(number, fps), began + number / fps)
        while position < len(blocks) and blocks[position][1] <= number / fps:
            samples, time = blocks[position]
            recorder.write_sound(samples, clicks.rate, began + time)
            position += 1


@pytest.mark.parametrize("off_by", [200e-6, -200e-6, 1000e-6])
def test_after_an_hour_with_a_sound_card_that_is_off_sound_is_in_step(off_by: float) -> None:
    every = 30.0
    clicks = Clicks(8_000, off_by=off_by, every=every, late=0.01)
    step = SoundStep(1)
    found: list[float] = []
    samples_out = 0
    for samples, time in clicks.blocks(3590, 0.1):
        for part in step.push(samples, clicks.rate, time):
            found += heard(part[:, 0], samples_out / RATE)
            samples_out += len(part)
    assert samples_out == step.position
    # A click on the edge of two parts is heard twice.
    assert {round(moment / every) for moment in found} == set(range(1, 120))
    assert max(abs(moment - every * round(moment / every)) for moment in found) < STEP_SECONDS / 4
    assert step.end == pytest.approx(3590, abs=0.2)


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 2), (16_000, 1)])
def test_a_click_is_heard_when_its_flash_is_seen(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "sound.mp4"
    with Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=channels)) as recorder:
        record(recorder, Clicks(rate, off_by=300e-6, channels=channels), 12)
    times, flashes, clicks, length = play(path)
    assert times[0] == 0 and len(times) == 300
    assert len(flashes) == len(clicks) == 11
    assert max(abs(a - b) for a, b in zip(flashes, clicks, strict=True)) < STEP_SECONDS / 4
    assert length == pytest.approx(12, abs=0.1)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.codec_context.channels) == ("aac", channels)


def test_what_a_microphone_does_not_hear_while_it_is_unplugged_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "unplugged.mp4"
    fps = 25.0
    blocks = [(s, t) for s, t in Clicks().blocks(12) if not 3.3 < t < 7.7]
    with Recorder(path, 64, 48, fps_hint=fps, plan=RecordingPlan(sound_channels=1)) as recorder:
        for number in range(300):
            recorder.write(flash(number, fps), number / fps)
            for samples, time in blocks:
                if (number - 1) / fps < time <= number / fps:
                    recorder.write_sound(samples, 48_000, time)
    _, _, clicks, length = play(path)
    assert clicks == pytest.approx([1, 2, 3, 8, 9, 10, 11], abs=STEP_SECONDS / 4)
    assert length == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("late_seconds", [0.1, 0.45, 0.9, 2.0])
def test_sound_that_a_system_hands_on_late_is_in_step_all_the_same(tmp_path: Path, late_seconds: float) -> None:
    path = tmp_path / "late.mp4"
    blocks = list(Clicks().blocks(12))
    with Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=1)) as recorder:
        for number in range(300):
            recorder.write(flash(number, 25), number / 25)
            for samples, time in blocks:
                if (number - 1) / 25 < time + late_seconds <= number / 25:
                    recorder.write_sound(samples, 48_000, time)
    _, flashes, clicks, _ = play(path)
    # Until it is known how late the sound is, silence may stand for its first seconds.
    first = 1 if late_seconds < 0.5 else round(late_seconds) + 2
    expected = [float(moment) for moment in range(first, 12 - round(late_seconds + 0.5))]
    for moment in expected:
        assert min(abs(click - moment) for click in clicks) < STEP_SECONDS / 4
    assert all(abs(click - round(click)) < STEP_SECONDS / 4 for click in clicks)
    assert flashes == pytest.approx(list(range(1, 12)), abs=STEP_SECONDS / 4)


@pytest.mark.parametrize("lost_seconds", [0.06, 0.2, 0.45])
def test_blocks_that_a_driver_loses_put_nothing_out_of_step_for_long(lost_seconds: float) -> None:
    step, out = SoundStep(1), []
    for samples, time in Clicks(off_by=100e-6, late=0.002).blocks(19.5):
        if not 5.5 <= time < 5.5 + lost_seconds:
            out += list(step.push(samples, 48_000, time))
    found = heard(np.concatenate(out)[:, 0])
    assert len(found) == 19
    assert found[7:] == pytest.approx(list(range(8, 20)), abs=STEP_SECONDS / 2)


def test_a_recording_goes_on_after_a_pause_without_a_hole_in_picture_and_sound(tmp_path: Path) -> None:
    path = tmp_path / "paused.mp4"
    fps, away = 25.0, 100.0
    blocks = list(Clicks().blocks(10))
    with Recorder(path, 64, 48, fps_hint=fps, plan=RecordingPlan(sound_channels=1)) as recorder:
        for number in range(250):
            # Between 4.5 and 6.5 s it is paused, and then 100 s more pass.
            moment = number / fps
            if number == 113:
                recorder.pause(4.5)
            if number == 163:
                recorder.resume(6.5 + away)
            if 4.5 < moment < 6.5:
                continue
            later = 0.0 if moment <= 4.5 else away
            recorder.write(flash(number, fps), moment + later)
            for samples, time in blocks:
                if (number - 1) / fps < time <= moment and not 4.5 < time < 6.5:
                    recorder.write_sound(samples, 48_000, time + later)
    times, flashes, clicks, length = play(path)
    assert max(b - a for a, b in pairwise(times)) < 2.1 / fps
    assert clicks == pytest.approx([1, 2, 3, 4, 5, 6, 7], abs=STEP_SECONDS / 2)
    assert flashes == pytest.approx(clicks, abs=STEP_SECONDS)
    assert times[-1] == pytest.approx(8, abs=2 / fps)
    assert length == pytest.approx(8, abs=0.1)


def test_sound_from_before_the_first_picture_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "early.mp4"
    blocks = list(Clicks().blocks(8))
    with Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=1)) as recorder:
        for samples, time in blocks[:125]:  # 2.5 s
            recorder.write_sound(samples, 48_000, time)
        for number in range(125):
            recorder.write(flash(number, 25), 2.5 + number / 25)
        for samples, time in blocks[120:]:
            recorder.write_sound(samples, 48_000, time)
    _, _, clicks, length = play(path)
    assert length == pytest.approx(5.5, abs=0.6)
    assert clicks[-2:] == pytest.approx([3.5, 4.5], abs=STEP_SECONDS / 4) or clicks == pytest.approx([], abs=1)


def test_a_microphone_that_never_delivers_holds_up_no_picture_on_its_way_to_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "mute.mp4"
    recorder = Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=1))
    for number in range(250):
        recorder.write(flash(number, 25), number / 25)
    cut = tmp_path / "cut.mp4"  # what a crash would have left
    cut.write_bytes(path.read_bytes())
    recorder.close()
    times, _, clicks, length = play(cut)
    assert times[-1] > 10 - 1.1 and length > 10 - 1.5 and clicks == []
    times, _, clicks, length = play(path)
    assert len(times) == 250 and length == pytest.approx(10, abs=0.1) and clicks == []


def test_a_crash_costs_a_second_of_picture_and_sound_at_most(tmp_path: Path) -> None:
    path, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    recorder = Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=1))
    record(recorder, Clicks(), 8, began=0)
    cut.write_bytes(path.read_bytes())
    recorder.close()
    times, flashes, clicks, length = play(cut)
    assert times[-1] > 7 and length > 7
    assert flashes == pytest.approx(clicks, abs=STEP_SECONDS / 4)


def test_sound_that_fails_half_way_leaves_the_pictures_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    push = LiveSound.push

    def fail(self: LiveSound, samples: Any, rate: int, time: float) -> Iterator[Any]:
        if time > 2:
            raise av.error.InvalidDataError(errno.EINVAL, "the encoder gave up")
        return push(self, samples, rate, time)

    monkeypatch.setattr(LiveSound, "push", fail)
    path = tmp_path / "fails.mp4"
    with Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=1)) as recorder:
        record(recorder, Clicks(), 6, began=0)
        assert "the encoder gave up" in recorder.sound_problem
    times, flashes, clicks, _ = play(path)
    assert len(times) == 150 and len(flashes) == 5
    assert clicks == pytest.approx([1], abs=STEP_SECONDS / 4) or clicks == pytest.approx([1, 2], abs=STEP_SECONDS / 4)


def test_a_full_disk_is_told_where_sound_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from webcam_app.errors import RecordingError
    from webcam_app.output.fragments import FragmentFile

    path = tmp_path / "full.mp4"
    recorder = Recorder(path, 64, 48, fps_hint=25, plan=RecordingPlan(sound_channels=1))
    record(recorder, Clicks(), 3, began=0)

    def refuse(self: FragmentFile, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FragmentFile, "_write_fully", refuse)
    with pytest.raises(RecordingError, match="the disk is full"):
        for samples, time in Clicks().blocks(10):
            if time > 3:
                recorder.write_sound(samples, 48_000, time)
                recorder.write(flash(0, 25), time)
    assert len(play(path)[0]) > 40
