"""The window on small screens, scaled ones, and screens that are not there any more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, QRect, QSize

from webcam_app.window.screens import FRAME_SIZE, fitted

CHECKOUT = Path(__file__).parents[2]
SMALL, LARGE, LEFT = QRect(0, 0, 800, 480), QRect(0, 0, 1920, 1080), QRect(-1280, 100, 1280, 1024)

# Opens the window as the program does, but for the engine, and tells where everything is: in pixels of Qt, which are
# larger than those of the screen where a scale is set.
PROGRAM = """
import json, sys
from PyQt5.QtCore import QTimer
from tests.window.fakes import FakeEngine
from webcam_app.window.application import destroy, make_application
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import apply_theme

application = make_application()
apply_theme(application)
window = MainWindow(SettingsFile(), engine_factory=FakeEngine, lister=list)
window.show_at_last_size()
window.begin("/films/one.mp4")
window.live.engine.deliver()

def place(widget):
    corner = widget.mapToGlobal(widget.rect().topLeft())
    return [corner.x(), corner.y(), widget.width(), widget.height()]

def tell():
    window.actions_.settings.trigger()
    dialog = next(iter(window.findChildren(__import__("PyQt5.QtWidgets").QtWidgets.QDialog)))
    controls, header = window.live.controls, window.live.header
    parts = [controls.start, controls.record, controls.snapshot, controls.full_screen,
             header.source, header.menu_button]
    screen = application.primaryScreen().geometry()
    print(json.dumps({
        "screen": [screen.x(), screen.y(), screen.width(), screen.height()], "window": place(window),
        "parts": [place(part) for part in parts], "picture": place(window.live.canvas), "dialog": place(dialog),
    }))
    application.exit()

QTimer.singleShot(300, tell)
application.exec_()
destroy(window)
"""


def test_a_window_that_fits_keeps_its_size_and_place() -> None:
    assert fitted(QSize(1000, 720), QPoint(300, 200), [LARGE]) == QRect(300, 200, 1000, 720)


def test_a_window_that_is_too_large_takes_the_whole_screen_with_its_frame() -> None:
    assert fitted(QSize(1000, 720), None, [SMALL]) == QRect(QPoint(0, 0), SMALL.size() - FRAME_SIZE)


@pytest.mark.parametrize("place", [QPoint(1500, 900), QPoint(-300, -300), QPoint(1919, 0)])
def test_a_window_that_would_be_cut_off_is_moved(place: QPoint) -> None:
    fit = fitted(QSize(1000, 720), place, [LARGE])
    assert fit.size() == QSize(1000, 720)
    assert LARGE.contains(QRect(fit.topLeft(), fit.size() + FRAME_SIZE))


def test_a_window_comes_back_to_the_second_screen() -> None:
    assert fitted(QSize(800, 600), QPoint(-1000, 300), [LARGE, LEFT]) == QRect(-1000, 300, 800, 600)


def test_a_window_on_a_screen_that_is_gone_comes_to_the_main_one() -> None:
    fit = fitted(QSize(1200, 900), QPoint(-1000, 300), [SMALL])
    assert SMALL.contains(QRect(fit.topLeft(), fit.size() + FRAME_SIZE))


@contextmanager
def screen_of(size: str) -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb (apt install xvfb)")
@pytest.mark.parametrize("kept", [False, True], ids=["first", "kept"])
@pytest.mark.parametrize(
    ("size", "scale"),
    [
        ("800x480", "1"),
        ("800x480", "2"),
        ("1024x600", "1"),
        ("1366x768", "1.5"),
        ("1920x1080", "2"),
        ("1280x800", "1"),
    ],
)
def test_everything_can_be_seen_and_reached(size: str, scale: str, kept: bool, folder: Path) -> None:
    if kept:
        document = {"version": 1, "window_size": [3000, 2000], "window_position": [4000, -900]}
        (folder / "settings.json").write_text(json.dumps(document))
    with screen_of(size) as display:
        environment = {
            **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": scale,
            "PYTHONPATH": str(CHECKOUT), "XDG_RUNTIME_DIR": str(folder),
        }  # fmt: skip
        answer = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    assert answer.returncode == 0 and answer.stderr == "", answer.stderr
    told = json.loads(answer.stdout)
    screen, window = QRect(*told["screen"]), QRect(*told["window"])
    assert screen.contains(window)
    for part in told["parts"]:
        assert window.contains(QRect(*part)), part
    assert QRect(*told["parts"][4]).width() >= 150, "the name of the source can be read"
    places = [QRect(*part) for part in told["parts"]]
    assert not any(one.intersects(other) for one in places for other in places if one is not other)
    assert QRect(*told["picture"]).height() > 0.4 * window.height()
    assert screen.size().boundedTo(QRect(*told["dialog"]).size()) == QRect(*told["dialog"]).size()
