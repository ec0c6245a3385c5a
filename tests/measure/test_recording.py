"""The command ``bench --record``, for half a second."""

from __future__ import annotations

import json

import pytest

from webcam_app.capture import open_source
from webcam_app.measure import recording
from webcam_app.resources import asset_path


def test_each_size_is_recorded_and_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "SIZES", ((160, 120), (320, 240)))
    with open_source(str(asset_path("demo.mp4"))) as source:
        result = recording.measure_recording(source, recording.SIZES, seconds=0.5)
    assert [row["size"] for row in result["sizes"]] == [[160, 120], [320, 240]]
    for row in result["sizes"]:
        assert row["processor_ms"] > 0 and row["kilobytes_a_second"] > 0
        # What was compared is the same picture: another one of the clip, or no overlay, has less than 30 dB.
        assert row["psnr_db"] > 32 and 0.85 < row["ssim"] <= 1
    table = recording.recording_table(result)
    assert "160x120" in table and "320x240" in table
    assert json.loads(json.dumps(result)) == result
