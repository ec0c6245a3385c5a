"""The soak, for seconds instead of an hour."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from webcam_app.errors import SourceError
from webcam_app.measure import generated
from webcam_app.measure import soak as soak_module
from webcam_app.measure.in_step import steps
from webcam_app.measure.soak import Soak, main, soak


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak_module, "SAMPLE_SECONDS", 0.1)


def test_the_live_engine_holds_out_with_recording_on_and_off(demo_path: Path, tmp_path: Path) -> None:
    result = soak(str(demo_path), seconds=8, folder=tmp_path)
    assert result["problems"] == []
    assert result["ok"]
    assert result["recordings"] >= 2
    assert result["frames"] > 20
    assert abs(result["worst_drift_seconds"]) <= soak_module.MAX_RECORDING_DRIFT_SECONDS
    assert result["threads_left"] == []
    assert list(tmp_path.iterdir()) == []


def test_a_camera_and_a_microphone_that_are_pulled_out_are_recorded_in_step(
    demo_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated, "FRAMES_BETWEEN_BEATS", 7)
    monkeypatch.setattr(generated, "AWAY_SECONDS", 0.5)
    opened: list[str] = []
    hum = generated.Hum
    monkeypatch.setattr(generated, "Hum", lambda name, beat: opened.append(name) or hum(name, beat))
    result = soak(str(demo_path), seconds=14, folder=tmp_path, sound=True)
    assert result["recordings"] >= 1 and len(opened) >= 2
    # How long it plays says something of the machine too; that the two are in step does not.
    assert [problem for problem in result["problems"] if "sound" in problem or "thread" in problem] == []
    assert result["flashes_with_click"] >= 1
    assert result["threads_left"] == []


@pytest.mark.parametrize("late", [-0.2, -0.05, 0.0, 0.05, 0.3])
def test_sound_that_is_late_is_measured(tmp_path: Path, late: float) -> None:
    from webcam_app.output.recorder import Recorder, RecordingPlan

    path, rate, fps = tmp_path / "late.mp4", 48_000, 30
    with Recorder(path, 64, 48, fps_hint=fps, plan=RecordingPlan(sound_channels=1)) as recorder:
        for number in range(6 * fps):
            image = np.zeros((48, 64, 3), np.uint8)
            image[: generated.FLASH_PIXELS, : generated.FLASH_PIXELS] = 255 if number % 60 == 30 else 0
            recorder.write(image, number / fps)
            moments = number / fps + np.arange(rate // fps) / rate
            samples = np.where(np.abs(np.mod(moments - late, 2.0) - 1.002) < 0.002, 0.9, 0.0).astype(np.float32)
            recorder.write_sound(samples[:, None], rate, number / fps)
    assert steps(path, 0.8) == pytest.approx([late] * 3, abs=0.01)


def test_sound_that_is_out_of_step_is_reported() -> None:
    result = soak_module._report("clip", 200.0, Soak(memory=[100.0], steps=[0.01, -0.06, 0.02]), [])
    assert not result["ok"]
    assert result["problems"] == ["sound and picture are 60 ms apart"]


def test_a_source_that_is_not_there_fails_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.mp4"), "--minutes", "0.01"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_source_that_is_not_there_leaves_no_thread(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        soak(str(tmp_path / "none.mp4"), seconds=1)


def test_memory_that_grows_is_reported() -> None:
    state = Soak(memory=[100.0 + sample for sample in range(200)])
    result = soak_module._report("clip", 200.0, state, [])
    assert not result["ok"]
    assert "memory grew" in result["problems"][0]


def test_a_queue_that_fills_up_at_times_is_no_growth() -> None:
    state = Soak(memory=[100.0 + (120.0 if sample > 100 and sample % 10 > 4 else 0.0) for sample in range(200)])
    assert soak_module._report("clip", 200.0, state, [])["ok"]


def test_recorded_time_that_drifts_is_reported() -> None:
    result = soak_module._report("clip", 200.0, Soak(memory=[100.0], drifts=[0.01, -0.9]), [])
    assert result["worst_drift_seconds"] == -0.9
    assert not result["ok"]


def test_what_is_printed_is_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(soak_module, "soak", lambda *_, **__: {"ok": False})
    assert main(["--minutes", "1"]) == 1
    assert json.loads(capsys.readouterr().out) == {"ok": False}
