"""The encoder of a live recording does what the machine can, and changes for a quicker one within a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from webcam_app.errors import RecordingError
from webcam_app.output.live import live_track
from webcam_app.output.live.effort import Effort, effort_for, x264_options
from webcam_app.output.live.hardware import CANDIDATES, HardwareEncoder, working_encoder
from webcam_app.output.live.live_track import LiveTrack
from webcam_app.output.recorder import Recorder, RecordingPlan

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("width", "height", "fps", "cores", "effort"),
    [
        (640, 480, 30, 2, Effort.FULL),
        (1280, 720, 30, 2, Effort.LITTLE),
        (1920, 1080, 30, 2, Effort.LITTLE),
        (1920, 1080, 30, 8, Effort.FULL),
        (1920, 1080, 60, 2, Effort.LEAST),
        (3840, 2160, 30, 2, Effort.LEAST),
        (640, 480, 30, 1, Effort.LITTLE),
    ],
)
def test_the_larger_the_picture_and_the_fewer_the_cores_the_less_work(
    width: int, height: int, fps: int, cores: int, effort: Effort
) -> None:
    assert effort_for(width * height * fps, cores) is effort


def test_a_large_picture_is_shared_among_threads_and_a_small_one_is_not() -> None:
    assert x264_options(Effort.FULL, 640 * 480 * 30, 8)["threads"] == "1"
    assert int(x264_options(Effort.LEAST, 3840 * 2160 * 30, 8)["threads"]) > 2
    assert x264_options(Effort.LEAST, 3840 * 2160 * 30, 2)["threads"] == "2"


def test_a_quicker_encoder_goes_on_in_the_same_file(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "lighter.mp4"
    efforts = []
    with Recorder(path, 320, 240, fps_hint=30, plan=RecordingPlan(effort=Effort.FULL)) as recorder:
        for number in range(60):
            if number in (0, 20, 40):
                efforts.append(recorder.effort)
            if number in (20, 40, 50):
                efforts.append(recorder.lighten())
            recorder.write(picture(number), number / 30)
    assert efforts == [Effort.FULL, Effort.FULL, True, Effort.LITTLE, True, False]
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    assert [float(frame.pts * frame.time_base) for frame in frames] == pytest.approx(
        [n / 30 for n in range(60)], abs=1e-4
    )
    assert [number for number, frame in enumerate(frames) if frame.key_frame] == [0, 20, 40]
    for number, frame in enumerate(frames):
        assert np.abs(frame.to_ndarray(format="bgr24").astype(int) - picture(number)).mean() < 4, number


def test_the_first_picture_can_already_be_encoded_quicker(tmp_path: Path, picture: Make) -> None:
    with Recorder(tmp_path / "first.mp4", 320, 240, plan=RecordingPlan(effort=Effort.FULL)) as recorder:
        assert recorder.lighten()
        recorder.write(picture(0), 0)
        assert recorder.effort is Effort.LITTLE
    assert not recorder.lighten(), "it is closed"


def test_a_demand_for_more_than_the_machine_has_to_spare_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_track, "usable_cores", lambda: 2)
    with av.open(io.BytesIO(), "w", format="mp4") as container:
        assert LiveTrack(container, 1920, 1080, fps=30, effort=Effort.FULL).effort is Effort.LITTLE


GOOD = HardwareEncoder("libx264", {"preset": "ultrafast", "tune": "zerolatency"})


@pytest.mark.parametrize(
    "bad",
    [
        HardwareEncoder("h264_that_is_nowhere", {}),
        HardwareEncoder("libx264", {"preset": "no such preset"}),
        HardwareEncoder("libx264", {"preset": "medium", "bf": "3"}),  # its packets come late and out of order
        *CANDIDATES,
    ],
    ids=lambda encoder: f"{encoder.codec} {encoder.options}",
)
def test_a_hardware_encoder_that_fails_or_delays_is_passed_over(bad: HardwareEncoder) -> None:
    chosen = working_encoder(320, 240, 30.0, (bad, GOOD))
    # On a machine that has it, one of the system's own may work.
    assert chosen is GOOD or (chosen is bad and bad in CANDIDATES)


def test_an_encoder_whose_pictures_are_wrong_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from webcam_app.output.h264 import VideoTrack

    encode = VideoTrack.encode

    def swapped(self: VideoTrack, image: Any, ticks: int) -> Any:
        return encode(self, np.ascontiguousarray(image[..., ::-1]), ticks)

    assert working_encoder(322, 240, 30.0, (GOOD,)) is GOOD
    monkeypatch.setattr(VideoTrack, "encode", swapped)
    assert working_encoder(324, 240, 30.0, (GOOD,)) is None


def test_a_hardware_encoder_is_asked_only_where_the_processor_is_too_slow(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, picture: Make
) -> None:
    asked: list[int] = []

    def ask(width: int, height: int, fps: float) -> HardwareEncoder:
        asked.append(height)
        return GOOD

    monkeypatch.setattr(live_track, "working_encoder", ask)
    monkeypatch.setattr(live_track, "usable_cores", lambda: 2)
    path = tmp_path / "large.mp4"
    with Recorder(tmp_path / "small.mp4", 1920, 1080, fps_hint=30):
        pass
    with Recorder(path, 3840, 2160, fps_hint=30) as recorder:
        recorder.write(picture(0, 3840, 2160), 0)
        assert not recorder.lighten()
    assert asked == [2160]
    with av.open(str(path)) as container:
        assert [frame.height for frame in container.decode(video=0)] == [2160]


def test_a_hardware_encoder_that_fails_in_a_recording_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, picture: Make
) -> None:
    from webcam_app.output.live import hardware

    monkeypatch.setattr(hardware, "_failed", set())
    monkeypatch.setattr(hardware, "CANDIDATES", (GOOD,))
    monkeypatch.setattr(live_track, "usable_cores", lambda: 1)
    hardware.working_encoder.cache_clear()
    recorder = Recorder(tmp_path / "fails.mp4", 640, 480, fps_hint=240)
    assert recorder._track.hardware
    for number in range(240):
        recorder.write(picture(number, 640, 480), number / 240)

    def fail(self: LiveTrack, frame: object) -> Any:
        raise av.error.ExternalError(1, "the card is gone")

    with monkeypatch.context() as broken:
        broken.setattr(LiveTrack, "_send", fail)
        with pytest.raises(RecordingError, match="the card is gone"):
            recorder.write(picture(0, 640, 480), 2.0)
    with av.open(str(tmp_path / "fails.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) > 120
    with Recorder(tmp_path / "again.mp4", 640, 480, fps_hint=240) as again:
        assert not again._track.hardware
        again.write(picture(0, 640, 480), 0)
    hardware.working_encoder.cache_clear()
