"""The measurement of a recording in the open window, for a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from webcam_app.measure.recorded_window import main


def test_the_window_records_a_generated_camera_and_microphone() -> None:
    command = [sys.executable, "-m", "webcam_app.measure.recorded_window", "--frame", "322x240", "--seconds", "4"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([*command, "--sound"], env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["frame"] == [322, 240, 30]
    assert report["recorded"] >= 10
    assert report["recorded"] + report["missing"] == pytest.approx(30 * report["seconds"], abs=1)
    assert report["analysed_a_second"]["before"] > 0
    assert report["flashes_with_click"] >= 1  # every 3.2 s


@pytest.mark.parametrize("size", ["1920", "0x10", "axb", "640x480x3"])
def test_what_is_no_size_is_refused(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--frame", size]) == 2
    assert "write it like 1920x1080" in capsys.readouterr().err


def test_a_clip_that_is_not_there_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["none.mp4"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
