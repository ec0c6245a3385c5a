"""A camera stops, is slow, or comes back."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import EndlessSource, FakeEngine
from webcam_app.capture import Source, SourceKind
from webcam_app.errors import SourceError
from webcam_app.live import LiveState
from webcam_app.window.main_window import MainWindow

STOPPED = "HD Webcam stopped delivering pictures. It is tried again until it is back."


@pytest.fixture
def stopped(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> MainWindow:
    engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    engine.go(LiveState.STALLED, STOPPED)
    return window


def test_the_last_picture_stays_and_is_greyed(stopped: MainWindow) -> None:
    assert stopped.live.canvas.stale
    assert stopped.live.canvas.result is not None


def test_the_message_and_a_retry_button_are_there(stopped: MainWindow, engine: FakeEngine) -> None:
    assert stopped.banner.text.text() == STOPPED
    assert stopped.live.placeholder.isVisible()
    stopped.banner.buttons[0].click()
    assert [entry[0] for entry in engine.opened][-1] == "fake" or len(engine.opened) == 2


def test_the_message_stays_while_it_is_tried_again(stopped: MainWindow, engine: FakeEngine) -> None:
    engine.go(LiveState.RETRYING, STOPPED)
    assert stopped.live.canvas.stale
    assert stopped.banner.text.text() == STOPPED


def test_all_is_well_again_when_pictures_come(stopped: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    qtbot.waitUntil(lambda: not stopped.live.canvas.stale)
    assert not stopped.banner.isVisible()
    assert not stopped.live.placeholder.isVisible()


def test_stop_ends_the_waiting(stopped: MainWindow, engine: FakeEngine) -> None:
    stopped.live.actions_.start.trigger()
    assert engine.state is LiveState.IDLE
    assert not stopped.banner.isVisible()
    assert stopped.live.canvas.result is None
    assert "Stopped" in stopped.live.placeholder.headline.text()


def test_a_file_that_ended_can_be_played_again(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    engine.go(LiveState.ENDED, "one.mp4 has ended.")
    assert window.live.placeholder.headline.text() == "one.mp4 has ended."
    window.live.placeholder.buttons[0].click()
    assert len(engine.opened) == 2


def test_damaged_pictures_are_counted_in_the_status_line(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    engine.bad_frames, engine.dropped = 3, 2
    qtbot.waitUntil(lambda: window.live.status.dropped.text() == "2 dropped, 3 damaged", timeout=3000)


class SlowCamera:
    """Takes until the end of the test to open."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def __call__(self, spec: str, *, cancel: threading.Event | None = None, **_wishes: object) -> Source:
        self.asked.set()
        self.let_go.wait(20)
        if cancel is not None and cancel.is_set():
            raise SourceError("Opening was cancelled.")
        return EndlessSource(spec)


def test_a_camera_that_is_slow_to_open_leaves_the_window_usable(open_window: OpenWindow, qtbot: QtBot) -> None:
    slow = SlowCamera()
    window = open_window("0", real=True, opener=slow)
    try:
        qtbot.waitUntil(slow.asked.is_set)
        qtbot.waitUntil(window.live.placeholder.isVisible)
        assert window.live.placeholder.spinner.isVisible()
        assert "Opening" in window.live.placeholder.headline.text()
        window.live.actions_.masks.trigger()
        assert window.settings.show_masks is False
        window.live.placeholder.buttons[0].click()
        qtbot.waitUntil(lambda: window.live.engine.state is LiveState.IDLE)
        assert not window.live.placeholder.spinner.isVisible()
    finally:
        slow.let_go.set()


def test_escape_cancels_opening(open_window: OpenWindow, qtbot: QtBot) -> None:
    from PyQt5.QtCore import Qt

    slow = SlowCamera()
    window = open_window("0", real=True, opener=slow)
    try:
        qtbot.waitUntil(slow.asked.is_set)
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: window.live.engine.state is LiveState.IDLE)
    finally:
        slow.let_go.set()
