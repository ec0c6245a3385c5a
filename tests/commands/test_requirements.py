"""What the program cannot do without is missing: one line says so, and what helps."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import types
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from webcam_app.commands import requirements, start
from webcam_app.errors import ModelError
from webcam_app.faces.detection import opencv

Run = Callable[..., tuple[int, str, str]]


def install(monkeypatch: pytest.MonkeyPatch, *builds: str, **attributes: Any) -> None:
    """Pretend that these builds of OpenCV are installed, of which the last one's module is there."""

    def distribution(name: str) -> str:
        if name in builds:
            return name
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", distribution)
    module = types.ModuleType("cv2")
    for name, value in attributes.items():
        setattr(module, name, value)
    monkeypatch.setitem(sys.modules, "cv2", module if attributes else None)


@pytest.mark.parametrize(
    ("builds", "attributes", "words"),
    [
        ([], {}, "is missing"),
        (["opencv-python-headless"], {}, "is damaged"),
        (["opencv-python-headless"], {"__version__": "5.0.0"}, "5.0.0 has no face cascades"),
        (["opencv-python", "opencv-python-headless"], {"__version__": "5.0.0"}, "overwrite each other"),
        (["opencv-contrib-python", "opencv-python-headless"], {"__path__": []}, "overwrite each other"),
    ],
)
def test_an_opencv_that_does_not_serve_is_told_with_what_helps(
    builds: list[str], attributes: dict[str, Any], words: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, *builds, **attributes)
    code, said, complaints = run("annotate", "in.mp4", "-o", "out.mp4")
    assert (code, said) == (1, "")
    assert complaints.count("\n") == 1
    assert words in complaints
    assert '-m pip install --force-reinstall --no-deps "opencv-python-headless>=4.10,<5"' in complaints
    assert ("pip uninstall -y" in complaints) == bool(builds)
    for build in builds:
        assert build in complaints


def test_the_right_opencv_is_found_right() -> None:
    opencv.check_opencv()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the shell of POSIX")
@pytest.mark.parametrize("first", ["opencv-python", "opencv-python-headless"])
def test_the_command_that_is_printed_puts_opencv_right(
    first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With wheels of the same names, which write to one folder as the real ones do, and pip itself."""
    wheels = tmp_path / "wheels"
    for name, version in (("opencv-python-headless", "4.11.0"), ("opencv-python", "5.0.0")):
        make_wheel(wheels, name, version)
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    options = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    second = "opencv-python" if first == "opencv-python-headless" else "opencv-python-headless"
    for name in (first, second):
        subprocess.run([*pip, "install", "-q", name], check=True, env=options)
    # pip alone does not help: it finds the right build installed.
    plain = subprocess.run(
        [*pip, "install", opencv.NEEDED], check=True, env=options, capture_output=True, text=True
    ).stdout
    assert "already satisfied" in plain
    monkeypatch.setattr(sys, "executable", str(python))
    install(monkeypatch, "opencv-python", "opencv-python-headless", __version__="5.0.0")
    with pytest.raises(ModelError) as error:
        opencv.check_opencv()
    command = str(error.value).partition("This helps: ")[2]
    subprocess.run(["sh", "-c", command], check=True, env=options, capture_output=True)
    shown = subprocess.run([str(python), "-c", "import cv2; print(cv2.build)"], capture_output=True, text=True).stdout
    assert shown.strip() == "opencv-python-headless 4.11.0"
    listed = subprocess.run([*pip, "list"], capture_output=True, text=True).stdout
    assert re.findall(r"opencv\S*", listed) == ["opencv-python-headless"]


def make_wheel(folder: Path, name: str, version: str) -> None:
    import zipfile

    folder.mkdir(exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("cv2/__init__.py", f"build = '{name} {version}'\n")
        wheel.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(
            f"{stem}.dist-info/RECORD",
            f"cv2/__init__.py,,\n{stem}.dist-info/METADATA,,\n{stem}.dist-info/WHEEL,,\n{stem}.dist-info/RECORD,,\n",
        )


def test_a_command_with_spaces_in_it_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/my python/bin/python")
    assert shlex.split(opencv.opencv_remedy())[0] == "/opt/my python/bin/python"


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory work on Linux")
@pytest.mark.parametrize("limit_mib", [64, 150, 300, 450, 600, 740])
@pytest.mark.parametrize("command", [["annotate", "x.mp4", "-o", "out.mp4"], ["classify", "x.png"], ["x.mp4"]])
def test_a_low_limit_on_memory_is_told_in_one_line(command: list[str], limit_mib: int) -> None:
    program = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({limit_mib} << 20,) * 2)\n"
        "import sys; from webcam_app.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if command == ["x.mp4"]:
        command = ["--source", "x.mp4"]
    done = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, text=True, timeout=60, env=environment
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"{limit_mib} MiB of memory are too few" in done.stderr
    assert "ulimit" in done.stderr


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ImportError("libx265.so.216: failed to map segment from shared object"),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
        RuntimeError("std::bad_alloc"),
        ValueError("OpenCV(4.10) error: (-4:Insufficient memory) Failed to allocate 1 bytes"),
    ],
)
def test_lack_of_memory_is_told_whatever_says_so(error: Exception) -> None:
    assert requirements.is_lack_of_memory(error)
    assert not requirements.is_lack_of_memory(ValueError("no such thing"))


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, bool]:
    """Which displays answer."""
    answering = {"xcb": False, "wayland": False}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(start, "_x11_answers", lambda display: answering["xcb"])
    monkeypatch.setattr(start, "_wayland_answers", lambda name: answering["wayland"])
    return answering


@pytest.mark.parametrize("wish", ["wayland", "wayland-egl", "wayland;wayland-egl", "xcb", "nonsense"])
def test_a_platform_for_which_no_display_answers_is_told(
    wish: str, screens: dict[str, bool], monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    there = "wayland" if wish == "xcb" else "xcb"
    screens[there] = True
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("QT_QPA_PLATFORM", wish)
    code, said, complaints = run()
    assert (code, said) == (1, "")
    assert complaints.count("\n") == 1
    assert wish in complaints and "unset QT_QPA_PLATFORM" in complaints


@pytest.mark.parametrize("wish", ["", "xcb", "wayland;xcb", "xcb:option=1", "offscreen"])
def test_a_platform_for_which_a_display_answers_is_taken(
    wish: str, screens: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    screens["xcb"] = True
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", wish)
    assert start.missing_display() is None


def test_without_any_display_wayland_is_none_either(screens: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    assert start.missing_display() == "There is no display"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_wayland_has_a_display_though_no_variable_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert start.missing_display() is None
