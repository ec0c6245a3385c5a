"""The soak, for seconds instead of an hour."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from webcam_app.errors import SourceError
from webcam_app.measure import soak as soak_module
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


def test_sound_of_a_microphone_that_is_pulled_out_plays_as_long_as_the_pictures(
    demo_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak_module, "SOUND_PULLED_SECONDS", 0.7)
    opened: list[str] = []
    hum = soak_module.Hum
    monkeypatch.setattr(soak_module, "Hum", lambda name: opened.append(name) or hum(name))
    result = soak(str(demo_path), seconds=8, folder=tmp_path, sound=True)
    assert result["recordings"] >= 2 and len(opened) >= 2
    assert [problem for problem in result["problems"] if "sound" in problem] == []
    assert result["threads_left"] == []


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


def test_recorded_time_that_drifts_is_reported() -> None:
    result = soak_module._report("clip", 200.0, Soak(memory=[100.0], drifts=[0.01, -0.9]), [])
    assert result["worst_drift_seconds"] == -0.9
    assert not result["ok"]


def test_what_is_printed_is_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(soak_module, "soak", lambda *_, **__: {"ok": False})
    assert main(["--minutes", "1"]) == 1
    assert json.loads(capsys.readouterr().out) == {"ok": False}
