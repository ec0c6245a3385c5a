"""The program is started a second time, as a file manager does for each file that is opened."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeEngine
from webcam_app.window.instance import Instance, own_name
from webcam_app.window.main_window import MainWindow

CHECKOUT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@pytest.fixture
def name(tmp_path: Path) -> str:
    return str(tmp_path / "socket")


@pytest.fixture
def first(name: str, qapp: object) -> Iterator[Instance]:
    """A window that is there."""
    instance = Instance(name)
    assert not instance.hand_over([])
    yield instance
    instance.close()


def start_in_thread(name: str, sources: list[str]) -> tuple[threading.Thread, list[bool]]:
    """A second start, which waits for the answer while this thread lets the first one work."""
    taken: list[bool] = []
    thread = threading.Thread(target=lambda: taken.append(Instance(name).hand_over(sources)))
    thread.start()
    return thread, taken


def test_what_a_second_start_names_reaches_the_first(first: Instance, name: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first.asked, timeout=10_000) as asked:
        thread, taken = start_in_thread(name, ["rtsp://camera/1", "0"])
    thread.join(PATIENCE_SECONDS)
    assert asked.args == [["rtsp://camera/1", "0"]]
    assert taken == [True]


def test_a_path_means_the_same_in_the_first(
    first: Instance, name: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "holiday ü.mp4").touch()
    monkeypatch.chdir(tmp_path)
    with qtbot.waitSignal(first.asked, timeout=10_000) as asked:
        thread, _ = start_in_thread(name, ["holiday ü.mp4", "no such file"])
    thread.join(PATIENCE_SECONDS)
    assert asked.args == [[str(tmp_path / "holiday ü.mp4"), "no such file"]]


def test_a_first_that_hangs_does_not_keep_the_second_from_opening_nor_opens_it_later(
    first: Instance, name: str, qtbot: QtBot
) -> None:
    second = Instance(name)
    with qtbot.assertNotEmitted(first.asked, wait=200):
        # Nobody runs the event loop of the first one meanwhile.
        assert not second.hand_over(["/films/one.mp4"])
    second.close()


def test_what_a_killed_one_left_behind_hinders_nobody(name: str, qtbot: QtBot) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(name)
    left.close()
    assert Path(name).exists()
    one = Instance(name)
    assert not one.hand_over([])
    with qtbot.waitSignal(one.asked, timeout=10_000):
        thread, taken = start_in_thread(name, [])
    thread.join(PATIENCE_SECONDS)
    assert taken == [True]
    one.close()
    assert not Path(name).exists()


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b"[]\n",
        b'{"sources": "x", "until": 1e99}\n',
        b'{"sources": [1], "until": 1e99}\n',
        b'{"sources": ["/films/one.mp4"], "until": 0}\n',
        b'{"sources": ["/films/one.mp4"]}\n',
        b"\xff\xfe\n",
    ],
)
def test_what_makes_no_sense_is_refused(first: Instance, name: str, qtbot: QtBot, line: bytes) -> None:
    answers: list[bytes] = []

    def ask() -> None:
        with socket.socket(socket.AF_UNIX) as other:
            other.settimeout(PATIENCE_SECONDS)
            other.connect(name)
            other.sendall(line)
            try:
                answers.append(other.recv(100))
            except ConnectionResetError:
                answers.append(b"")

    with qtbot.assertNotEmitted(first.asked):
        thread = threading.Thread(target=ask)
        thread.start()
        qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    thread.join(PATIENCE_SECONDS)
    assert answers == [b""]


def test_hundreds_that_speak_nonsense_or_leave_at_once_do_it_no_harm(first: Instance, name: str, qtbot: QtBot) -> None:
    """Answering from within a signal of the socket ended the process after some dozens of them."""
    taken: list[list[str]] = []
    first.asked.connect(taken.append)
    talk = (b"hello\n", b'{"sources": ["/films/one.mp4"], "until": 1e99}\n', b'{"sour', b"", b"[]\n")
    rounds = 60
    finished: list[bool] = []

    def ask() -> None:
        for line in talk * rounds:
            with socket.socket(socket.AF_UNIX) as other:
                other.settimeout(PATIENCE_SECONDS)
                other.connect(name)
                other.sendall(line)
                if line.endswith(b"\n"):
                    with contextlib.suppress(ConnectionResetError):
                        other.recv(100)
        finished.append(True)

    thread = threading.Thread(target=ask)
    thread.start()
    qtbot.waitUntil(lambda: bool(finished), timeout=60_000)
    thread.join(PATIENCE_SECONDS)
    qtbot.waitUntil(lambda: len(first.children()) == 1)  # the server; no guest is left
    assert taken == [["/films/one.mp4"]] * rounds


def test_windows_of_another_home_screen_or_model_are_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = set()
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "WEBCAM_APP_HOME", "WEBCAM_APP_MODEL"):
        names.add(own_name())
        monkeypatch.setenv(variable, str(tmp_path / variable))
    names.add(own_name())
    assert len(names) == 5
    assert all(len(name.encode()) < 100 for name in names), "a socket's path has at most 108 bytes"


def test_the_window_shows_what_it_is_handed_and_comes_back_from_the_taskbar(
    window: MainWindow, engine: FakeEngine
) -> None:
    window.actions_.model.trigger()
    window.showMinimized()
    window.open_from_elsewhere(["/films/two.mp4", "/films/three.mp4"])
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.page is window.live
    assert engine.opened[-1][0] == "/films/two.mp4"
    assert window.live.sources.following is not None
    opened = len(engine.opened)
    window.open_from_elsewhere([])
    assert len(engine.opened) == opened


class Started:
    """A real start of the program."""

    def __init__(self, home: Path, *arguments: str) -> None:
        environment = {
            **os.environ, "QT_QPA_PLATFORM": "offscreen", "WEBCAM_APP_HOME": str(home), "WEBCAM_APP_TRACE": "1",
            "PYTHONPATH": str(CHECKOUT), "XDG_RUNTIME_DIR": str(home),
        }  # fmt: skip
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        command = [sys.executable, "-m", "webcam_app", *arguments]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home
        )

    def wait_for(self, event: str) -> str:
        """Standard error up to a line with this event."""
        assert self.process.stderr is not None
        seen = []
        for line in self.process.stderr:
            seen.append(line)
            if event in line:
                return "".join(seen)
        raise AssertionError("".join(seen))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="starts with POSIX signals")
def test_real_starts_share_a_window_unless_another_is_asked_for_and_the_first_may_be_killed(home: Path) -> None:
    demo = str(CHECKOUT / "assets" / "demo.mp4")
    started: list[Started] = []
    try:
        first = Started(home, demo)
        started.append(first)
        first.wait_for("first picture painted")
        second = Started(home, demo)
        started.append(second)
        out, _ = second.process.communicate(timeout=PATIENCE_SECONDS)
        assert second.process.returncode == 0 and "window that was open already" in out
        assert first.process.poll() is None
        other = Started(home, "--new-window", demo)
        started.append(other)
        other.wait_for("first picture painted")
        first.process.kill()
        first.process.wait(PATIENCE_SECONDS)
        third = Started(home, demo)
        started.append(third)
        third.wait_for("first picture painted")
    finally:
        for one in started:
            one.end()
