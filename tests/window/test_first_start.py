"""Someone starts the window and sees something at once."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine, camera
from webcam_app.capture import Camera, SourceKind
from webcam_app.live import LiveState
from webcam_app.window.live.sources.controller import DEMO
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import Settings

BUSY = "The camera one is in use by another program. Close it, then try again."


def opened(window: MainWindow) -> list[str]:
    engine = window.live.engine
    assert isinstance(engine, FakeEngine)
    return [entry[0] for entry in engine.opened]


def test_what_was_named_is_opened(open_window: OpenWindow) -> None:
    assert opened(open_window("rtsp://host/stream", cameras=lambda: [camera("one")])) == ["rtsp://host/stream"]


def test_the_first_camera_is_opened(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None, cameras=lambda: [camera("one"), camera("two", 1)])
    qtbot.waitUntil(lambda: opened(window) == ["usb-one"])
    assert window.live.header.source.currentText() == "one"


def test_the_camera_used_last_is_opened_again(open_window: OpenWindow, qtbot: QtBot, folder: Path) -> None:
    SettingsFile().save(Settings(camera="usb-two"))
    window = open_window(None, cameras=lambda: [camera("one"), camera("two", 1)])
    qtbot.waitUntil(lambda: opened(window) == ["usb-two"])


def test_a_camera_that_works_is_remembered(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None, cameras=lambda: [camera("one")])
    qtbot.waitUntil(lambda: opened(window) == ["usb-one"])
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: SettingsFile().load().camera == "usb-one")


def test_a_busy_camera_is_named_and_the_next_one_shown(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None, cameras=lambda: [camera("one"), camera("two", 1)])
    qtbot.waitUntil(lambda: opened(window) == ["usb-one"])
    window.live.engine.go(LiveState.FAILED, BUSY)
    qtbot.waitUntil(lambda: opened(window) == ["usb-one", "usb-two"])
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: "in use" in window.banner.text.text())
    assert "two is shown instead" in window.banner.text.text()


def test_without_a_camera_the_demo_clip_goes_round_and_a_banner_says_so(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None)
    qtbot.waitUntil(lambda: len(opened(window)) == 1)
    spec, _, _, loop = window.live.engine.opened[0]
    assert Path(spec).name == "demo.mp4" and Path(spec).is_file() and loop
    assert window.banner.isVisible()
    assert f"No camera was found. {DEMO}" in window.banner.text.text()
    window.live.engine.deliver()
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    assert window.banner.isVisible()


def test_a_camera_that_may_not_be_used_is_the_reason_for_the_demo_clip(open_window: OpenWindow, qtbot: QtBot) -> None:
    problem = "You are not allowed to use the camera /dev/video0."
    window = open_window(None, cameras=lambda: [camera("one", problem=problem)])
    qtbot.waitUntil(lambda: problem in window.banner.text.text())
    assert opened(window)[0].endswith("demo.mp4")


def test_a_camera_that_is_plugged_in_during_the_demo_clip_is_offered(open_window: OpenWindow, qtbot: QtBot) -> None:
    there: list[Camera] = []
    window = open_window(None, cameras=lambda: list(there))
    qtbot.waitUntil(lambda: len(opened(window)) == 1)
    there.append(camera("one"))
    window.live.watcher.look_now()
    qtbot.waitUntil(lambda: "one is there now" in window.banner.text.text())
    window.banner.buttons[0].click()
    assert opened(window)[-1] == "usb-one"


def test_look_again_tries_the_cameras_once_more(open_window: OpenWindow, qtbot: QtBot) -> None:
    there = [camera("one")]
    window = open_window(None, cameras=lambda: there)
    qtbot.waitUntil(lambda: opened(window) == ["usb-one"])
    window.live.engine.go(LiveState.FAILED, BUSY)
    qtbot.waitUntil(lambda: opened(window)[-1].endswith("demo.mp4"))
    window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: opened(window)[-1] == "usb-one")
    window.live.engine.go(LiveState.FAILED, BUSY)
    qtbot.waitUntil(lambda: opened(window)[-1].endswith("demo.mp4"))
    assert "Looked again at" in window.banner.text.text() and BUSY in window.banner.text.text()


def test_look_again_answers_where_there_is_still_no_camera(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None)
    qtbot.waitUntil(lambda: len(opened(window)) == 1)
    window.live.engine.deliver()
    window.banner.buttons[0].click()
    assert window.banner.text.text() == "Looking for a camera…"
    qtbot.waitUntil(lambda: "still no camera" in window.banner.text.text())
    assert len(opened(window)) == 1, "the clip goes on"
    assert [button.text() for button in window.banner.buttons] == ["Look again"]


def test_look_again_shows_a_camera_that_came_meanwhile(open_window: OpenWindow, qtbot: QtBot) -> None:
    there: list[Camera] = []
    window = open_window(None, cameras=lambda: list(there))
    qtbot.waitUntil(lambda: len(opened(window)) == 1)
    window.live.engine.deliver()
    there.append(camera("one"))
    window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: opened(window)[-1] == "usb-one")
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: window.banner.messages() == {})


def test_an_answer_that_comes_after_another_choice_changes_nothing(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None)
    qtbot.waitUntil(lambda: len(opened(window)) == 1)
    window.banner.buttons[0].click()
    window.open("/films/one.mp4")
    with qtbot.waitSignal(window.live.watcher.looked):
        window.live.watcher.look_now()
    assert opened(window)[-1] == "/films/one.mp4"
    assert window.banner.messages() == {}


def test_a_source_that_was_named_and_fails_is_not_replaced(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("/films/gone.mp4", cameras=lambda: [camera("one")])
    window.live.engine.go(LiveState.FAILED, "The file /films/gone.mp4 does not exist.")
    qtbot.waitUntil(lambda: "does not exist" in window.banner.text.text())
    assert opened(window) == ["/films/gone.mp4"]
    assert [button.text() for button in window.banner.buttons] == ["Retry", "Demo clip"]
    window.banner.buttons[0].click()
    assert opened(window) == ["/films/gone.mp4"] * 2


def test_the_demo_clip_that_was_asked_for_says_whom_it_shows(window: MainWindow) -> None:
    window.actions_.demo.trigger()
    assert window.banner.isVisible()
    assert "two women, whatever the network makes of them" in window.banner.text.text()
    window.open("/films/two.mp4")
    assert not window.banner.isVisible()
