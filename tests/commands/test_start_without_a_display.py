"""Someone starts the program where there is no display, or where a part of the window is missing."""

from __future__ import annotations

import socket
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from webcam_app.commands import start
from webcam_app.errors import WebcamAppError

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def clip(monkeypatch: pytest.MonkeyPatch, make_video: Callable[..., Path]) -> Path:
    """A short clip in the demo clip's place."""
    path = make_video("demo.mp4")
    monkeypatch.setattr("webcam_app.resources.asset_path", lambda name: path.with_name(name))
    return path


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A window that only notes what it was asked to open."""
    opened: list[Any] = []
    module = types.ModuleType("webcam_app.window")
    module.run_window = lambda sources, new_window=False: opened.append(sources) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "webcam_app.window", module)
    return opened


@pytest.mark.usefixtures("no_display", "squares", "clip")
def test_the_demo_clip_is_annotated_to_a_file(
    tmp_path: Path, run: Run, window: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    code, said, complaints = run()
    (out,) = work.iterdir()
    assert code == 0
    assert str(out) in said
    assert complaints.count("\n") == 1
    assert "no display" in complaints
    assert window == []
    with av.open(str(out)) as container:
        assert len(list(container.decode(video=0))) == 50


@pytest.mark.usefixtures("no_display", "squares", "clip", "window")
def test_a_second_start_overwrites_nothing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    assert [run()[0], run()[0]] == [0, 0]
    assert len(list(work.iterdir())) == 2


@pytest.mark.usefixtures("no_display", "squares", "window")
def test_a_named_source_is_annotated_instead_of_the_demo(
    tmp_path: Path, make_video: Callable[..., Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_video("mine.mp4", times=[0, 0.04, 0.08])
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    code, said, complaints = run("--source", source)
    assert code == 0
    assert "3 frames" in said
    assert "mine.mp4" in complaints


@pytest.mark.usefixtures("no_display", "squares", "window")
def test_all_named_paths_are_annotated(
    tmp_path: Path, make_video: Callable[..., Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [make_video(name, times=[0, 0.04, 0.08]) for name in ("one.mp4", "two.mp4")]
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    code, said, _ = run(*sources)
    assert code == 0
    assert said.count("3 frames") == 2
    assert len(list(work.iterdir())) == 2


@pytest.mark.usefixtures("no_display", "squares", "clip", "window")
def test_where_the_current_folder_cannot_be_written_the_home_takes_it(
    home: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "Videos").mkdir()
    monkeypatch.setattr(start.os, "access", lambda folder, mode: Path(folder) == home / "Videos")
    assert str(home / "Videos") in run()[1]


@pytest.mark.usefixtures("no_display")
def test_a_display_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for display in (":4711", "localhost:4711.0", "nonsense", ":", "unix:4711"):
        monkeypatch.setenv("DISPLAY", display)
        assert start.missing_display() is not None
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-4711")
    assert start.missing_display() is not None


@pytest.mark.usefixtures("no_display")
@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_a_display_that_answers_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
        assert start.missing_display() is None


def test_with_a_display_the_window_opens_the_source(
    run: Run, window: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert run()[0] == 0
    assert run("--source", "clip.mp4")[0] == 0
    assert window == [[], ["clip.mp4"]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the person is, with a film, one of an odd name, pictures, and a file named like a command."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.chdir(tmp_path)
    for name in ("film.mp4", "-film.mp4", "model", "one.jpg"):
        (tmp_path / name).touch()
    (tmp_path / "album").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        (("film.mp4",), ["film.mp4"]),
        (("film.mp4", "one.jpg", "album"), ["film.mp4", "one.jpg", "album"]),
        (("./model",), ["./model"]),
        (("--", "model"), ["model"]),
        (("--", "-film.mp4"), ["-film.mp4"]),
        (("--source", "0", "film.mp4"), ["0", "film.mp4"]),
        (("film.mp4", "--source", "0"), ["0", "film.mp4"]),
        (("--source=0",), ["0"]),
        (("--source", "model"), ["model"]),
        (("rtsp://host/stream",), ["rtsp://host/stream"]),
        (("file:///films/one.mp4",), ["file:///films/one.mp4"]),
        (("0",), ["0"]),
        (("--",), []),
    ],
)
def test_paths_alone_open_the_window_with_them(
    folder: Path, run: Run, window: list[Any], arguments: tuple[str, ...], opened: list[str]
) -> None:
    assert run(*arguments) == (0, "", "")
    assert window == [opened]


def test_a_command_stays_one_where_a_file_has_its_name(folder: Path, run: Run, window: list[Any]) -> None:
    code, said, _ = run("model", "--json")
    assert code == 0 and '"labels"' in said
    assert window == []


def test_what_is_neither_command_nor_file_is_refused_with_the_commands(
    folder: Path, run: Run, window: list[Any]
) -> None:
    code, said, complaints = run("clasify", "album")
    assert (code, said, window) == (2, "", [])
    assert "'clasify' is no command, and there is no such file or folder" in complaints
    assert "classify" in complaints.splitlines()[-1]


@pytest.mark.usefixtures("window")
def test_without_pyqt_the_person_is_told_how_to_get_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    code, said, complaints = run()
    assert (code, said) == (1, "")
    assert "pip install PyQt5" in complaints
    assert complaints.count("\n") == 1


def test_a_missing_system_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(start.importlib, "import_module", fail)
    with pytest.raises(WebcamAppError, match=r"libGL\.so\.1.*apt install"):
        start.check_window_parts()
