"""Someone asks what the program is and takes, or mistypes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import webcam_app

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
COMMANDS = ("annotate", "classify", "cameras", "bench", "model")


def test_help_names_every_command(run: Run) -> None:
    code, said, _ = run("--help")
    assert code == 0
    assert all(command in said for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    code, said, _ = run(command, "--help")
    assert code == 0
    assert f"webcam-app {command}" in said


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"webcam-app {webcam_app.__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("dance",),
        ("--source",),
        ("annotate",),
        ("annotate", "a.mp4"),
        ("annotate", "a.mp4", "-o", "b.mp4", "--duration", "0"),
        ("annotate", "a.mp4", "-o", "b.mp4", "--duration", "soon"),
        ("classify",),
        ("classify", "a.jpg", "--colour"),
        ("bench", "--threads", "0"),
        ("model", "extra"),
    ],
)
def test_wrong_arguments_are_2(run: Run, arguments: tuple[str, ...]) -> None:
    code, said, complaints = run(*arguments)
    assert (code, said) == (2, "")
    assert "usage: webcam-app" in complaints


def test_python_m_webcam_app_is_the_same_program() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "webcam_app", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout == f"webcam-app {webcam_app.__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from webcam_app.cli import main; main(['--help']); "
        "print([m for m in ('cv2', 'numpy', 'av', 'PyQt5', 'PIL', 'ai_edge_litert') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(os.name != "posix", reason="pipes break differently elsewhere")
def test_a_reader_that_goes_away_is_no_traceback() -> None:
    code = "import sys; from webcam_app.cli import main; sys.exit(main(['cameras', '--json']))"
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        answer = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert answer.stderr == b""
    assert answer.returncode == 1


def test_cameras_are_listed_with_their_identity_and_modes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from webcam_app.capture import Camera, Mode

    cameras = [
        Camera("Laptop Camera", "usb-1", 0, "/dev/video0", (Mode(1280, 720, 30.0), Mode(640, 480, None))),
        Camera("Capture\nCard", "usb-2", 2, "/dev/video2", (), "this user may not open it"),
    ]
    monkeypatch.setattr("webcam_app.capture.list_cameras", lambda with_modes: cameras)
    code, said, _ = run("cameras")
    assert code == 0
    for words in ("Laptop Camera", "usb-1", "/dev/video0", "1280x720 at 30/s, 640x480", "this user may not open it"):
        assert words in said
    assert json.loads(run("cameras", "--json")[1])[0]["modes"][0] == {"width": 1280, "height": 720, "fps": 30.0}


def test_no_camera_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webcam_app.capture.list_cameras", lambda with_modes: [])
    code, said, _ = run("cameras")
    assert code == 0
    assert "No camera was found" in said
