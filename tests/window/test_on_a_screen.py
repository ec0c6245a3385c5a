"""Someone uses a mouse and keyboard on a real X display: the program as it is started from a terminal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ImageGrab

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="needs Xvfb and xdotool (apt install xvfb xdotool)",
)

CHECKOUT = Path(__file__).parents[2]
RED = (0xDC, 0x31, 0x35)
PATIENCE_SECONDS = 30.0
MARK_ROWS = slice(50, 140)
"""Of the screen: where the mark of a recording is on the picture."""


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def display() -> Iterator[str]:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


class Desktop:
    """A display with the program on it."""

    def __init__(self, display: str, home: Path) -> None:
        self.display, self.home = display, home
        environment = {
            **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "WEBCAM_APP_HOME": str(home),
            "WEBCAM_APP_TRACE": "1", "PYTHONPATH": str(CHECKOUT), "XDG_RUNTIME_DIR": str(home),
        }  # fmt: skip
        self.log = (home / "log").open("w+")
        demo = str(CHECKOUT / "assets" / "demo.mp4")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webcam_app", "--source", demo], env=environment, stderr=self.log, cwd=home
        )
        wait_until(lambda: "first picture painted" in (home / "log").read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, (home / "log").read_text()
        # There is no window manager to give it the keys. It has them before it gets those that are typed after this.
        window = ("search", "--sync", "--onlyvisible", "--all", "--pid", str(self.process.pid), "--name", ".")
        self.do(*window, "windowfocus", "--sync")

    def screen(self) -> NDArray[np.uint8]:
        return np.asarray(ImageGrab.grab(xdisplay=self.display).convert("RGB"))

    def red(self, rows: slice) -> NDArray[np.int64]:
        """Pixels in the red of a recording, as (row, column), within some rows."""
        near = np.abs(self.screen()[rows].astype(int) - RED).max(axis=2) < 12
        return np.add(np.argwhere(near), (rows.start, 0))

    def do(self, *command: str) -> None:
        subprocess.run(["xdotool", *command], env={**os.environ, "DISPLAY": self.display}, check=True)

    def wait_for_recording(self, size: int) -> Path:
        """Until the window says that it records, and the file has so many bytes; returns the file."""
        wait_until(lambda: len(self.red(MARK_ROWS)) > 40)  # the mark on the picture: from here on it can be stopped
        wait_until(lambda: any(path.stat().st_size > size for path in self.being_recorded()))
        (path,) = self.being_recorded()
        return path

    def wait_for_end(self) -> None:
        """Until the recording is a whole file, and another one can begin."""
        wait_until(lambda: not any((self.home / "recordings").glob(".*.recording")))
        wait_until(lambda: len(self.red(MARK_ROWS)) < 10)

    def quit_by_key(self) -> int:
        """Returns the process's exit status."""
        self.do("key", "ctrl+q")
        return self.process.wait(PATIENCE_SECONDS)

    def click_record(self) -> None:
        """On the red thing in the bar below the picture, whatever it is at present."""
        wait_until(lambda: len(self.red(slice(600, 720))) > 20)
        row, column = self.red(slice(600, 720)).mean(axis=0).astype(int)
        self.do("mousemove", str(column), str(row), "click", "1")

    def recordings(self) -> list[Path]:
        return sorted((self.home / "recordings").glob("*.mp4"))

    def being_recorded(self) -> list[Path]:
        return [path for path in self.recordings() if path.with_name(f".{path.name}.recording").exists()]


@pytest.fixture
def desktop(display: str, tmp_path: Path) -> Iterator[Desktop]:
    desktop = Desktop(display, tmp_path)
    yield desktop
    if desktop.process.poll() is None:
        desktop.process.kill()
    desktop.process.wait(10)
    desktop.log.close()


def seconds_of(path: Path) -> float:
    with av.open(str(path)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    return times[-1] - times[0]


def test_record_and_stop_by_mouse_gives_a_file_that_plays(desktop: Desktop) -> None:
    desktop.click_record()
    desktop.wait_for_recording(150_000)
    desktop.click_record()
    desktop.wait_for_end()
    (path,) = desktop.recordings()
    assert seconds_of(path) > 0.5


def test_closing_by_key_while_recording_leaves_a_whole_file(desktop: Desktop) -> None:
    desktop.click_record()
    desktop.wait_for_recording(150_000)
    assert desktop.quit_by_key() == 0
    (path,) = desktop.recordings()
    assert seconds_of(path) > 0.5
    assert not any((desktop.home / "recordings").glob(".*.recording"))


def test_what_was_recorded_when_the_program_is_killed_is_told_at_the_next_start(desktop: Desktop, display: str) -> None:
    desktop.click_record()
    desktop.wait_for_recording(150_000)
    desktop.process.send_signal(signal.SIGKILL)
    desktop.process.wait(10)
    assert seconds_of(desktop.recordings()[0]) > 0.2
    again = Desktop(display, desktop.home)
    try:
        amber = (0xF0, 0xB4, 0x29)  # of the warning's sign
        wait_until(lambda: (np.abs(again.screen()[50:110, :60].astype(int) - amber).max(axis=2) < 12).sum() > 10)
    finally:
        again.process.kill()
        again.process.wait(10)
        again.log.close()
