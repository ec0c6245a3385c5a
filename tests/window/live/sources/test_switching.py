"""Someone switches to another camera, and that fails."""

from __future__ import annotations

import dataclasses

import pytest
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import EndlessSource, FakeEngine, camera
from webcam_app.capture import Source, SourceKind
from webcam_app.capture.cameras import Mode
from webcam_app.errors import SourceBusyError
from webcam_app.live import LiveState
from webcam_app.window.live.sources import controller
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import CameraMode

BUSY = "The camera is in use by another program. Close it, then try again."
CAMERAS = [camera("one"), camera("two", 1)]


def choose(window: MainWindow, text: str) -> None:
    picker = window.live.header.source
    row = picker.findText(text)
    picker.setCurrentIndex(row)
    picker.activated.emit(row)


def run_as(engine: FakeEngine, spec: str) -> None:
    """The camera with this identity delivers."""
    engine.deliver(kind=SourceKind.CAMERA)
    assert engine.info is not None
    engine.info = dataclasses.replace(engine.info, spec=spec)
    engine.go(LiveState.RUNNING)


@pytest.fixture
def showing_one(open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window that shows the camera one, with two beside it."""
    modes = (Mode(1280, 720, 30.0),)
    monkeypatch.setattr(controller, "list_cameras", lambda **_: [dataclasses.replace(CAMERAS[0], modes=modes)])
    window = open_window(None, cameras=lambda: CAMERAS)
    qtbot.waitUntil(lambda: len(window.live.engine.opened) == 1)
    run_as(window.live.engine, "usb-one")
    qtbot.waitUntil(window.live.header.mode.isEnabled)
    return window


def specs(window: MainWindow) -> list[str]:
    return [entry[0] for entry in window.live.engine.opened]


def test_the_camera_before_is_opened_again(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    assert specs(showing_one) == ["usb-one", "usb-two", "usb-one"]


def test_the_picker_shows_the_camera_that_is_open(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    assert showing_one.live.header.source.currentText() == "two"
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    assert showing_one.live.header.source.currentText() == "one"


def test_the_message_names_the_one_that_failed_and_the_one_that_goes_on(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    run_as(showing_one.live.engine, "usb-one")
    text = showing_one.banner.text.text()
    assert "two" in text and BUSY in text and text.endswith("one goes on.")
    assert not showing_one.live.placeholder.isVisible()


def test_the_one_that_failed_can_be_tried_again(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    run_as(showing_one.live.engine, "usb-one")
    (again,) = showing_one.banner.buttons
    again.click()
    assert specs(showing_one)[-1] == "usb-two"
    run_as(showing_one.live.engine, "usb-two")
    assert showing_one.live.header.source.currentText() == "two"
    assert not showing_one.banner.isVisible()


def test_where_both_fail_that_is_said_and_nothing_is_opened_by_itself(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    showing_one.live.engine.go(LiveState.FAILED, "The camera one is not there.")
    assert specs(showing_one) == ["usb-one", "usb-two", "usb-one"]
    assert "one is not there" in showing_one.banner.text.text()
    assert [button.text() for button in showing_one.banner.buttons] == ["Retry", "Demo clip"]


def test_a_third_choice_before_the_second_has_failed_returns_to_the_one_that_worked(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    choose(showing_one, "Demo clip")
    showing_one.live.engine.go(LiveState.FAILED, "The clip is missing.")
    assert specs(showing_one)[-1] == "usb-one"
    assert showing_one.live.header.source.currentText() == "one"


def test_a_size_that_the_camera_refuses_gives_way_to_the_one_before(showing_one: MainWindow, qtbot: QtBot) -> None:
    mode = showing_one.live.header.mode
    mode.activated.emit(mode.findText("1280×720 · 30 fps"))
    assert showing_one.live.engine.opened[-1][1] == (1280, 720)
    showing_one.live.engine.go(LiveState.FAILED, "The camera one refuses this size.")
    assert showing_one.live.engine.opened[-1] == ("usb-one", None, None, False)
    run_as(showing_one.live.engine, "usb-one")
    qtbot.waitUntil(mode.isEnabled)
    assert "Automatic" in mode.currentText()
    assert SettingsFile().load().camera_mode is None


def test_the_size_that_was_asked_of_the_camera_before_is_asked_for_again(showing_one: MainWindow) -> None:
    mode = showing_one.live.header.mode
    mode.activated.emit(mode.findText("1280×720 · 30 fps"))
    run_as(showing_one.live.engine, "usb-one")
    choose(showing_one, "two")
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    assert showing_one.live.engine.opened[-1] == ("usb-one", (1280, 720), 30.0, False)
    assert showing_one.settings.camera_mode == CameraMode(1280, 720, 30.0)


def test_opening_that_the_person_cancelled_does_not_bring_the_old_one_back(showing_one: MainWindow) -> None:
    choose(showing_one, "two")
    showing_one.live.stop()
    assert specs(showing_one) == ["usb-one", "usb-two"]
    choose(showing_one, "two")
    showing_one.live.engine.go(LiveState.FAILED, BUSY)
    assert specs(showing_one) == ["usb-one", "usb-two", "usb-two"]


def test_with_the_real_engine_the_picture_comes_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    def opener(spec: str, **_wishes: object) -> Source:
        if spec == "usb-two":
            raise SourceBusyError(BUSY)
        return EndlessSource(spec)

    window = open_window(None, cameras=lambda: CAMERAS, real=True, opener=opener)
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    choose(window, "two")
    qtbot.waitUntil(lambda: "one goes on." in window.banner.text.text())
    qtbot.waitUntil(lambda: window.live.engine.state is LiveState.RUNNING and window.live.canvas.result is not None)
    assert window.live.header.source.currentText() == "one"
    assert "two could not be opened" in window.banner.text.text()


def test_a_file_that_was_playing_is_not_begun_again_by_itself(window: MainWindow, engine: FakeEngine) -> None:
    engine.deliver()
    window.live.sources.open_demo()
    engine.go(LiveState.FAILED, "The clip is missing.")
    assert len(engine.opened) == 2
    assert [button.text() for button in window.banner.buttons] == ["Retry", "Demo clip"]
