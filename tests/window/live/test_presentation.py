"""What the live page shows in each state of the engine."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from webcam_app.capture import SourceInfo, SourceKind
from webcam_app.live import LiveState
from webcam_app.window.live.presentation import PRESENTATIONS
from webcam_app.window.main_window import MainWindow
from webcam_app.window.widgets.banner import Severity

MESSAGE = "This is what happened."


def test_every_state_is_in_the_table() -> None:
    assert set(PRESENTATIONS) == set(LiveState)


@pytest.mark.parametrize(
    ("state", "start", "records", "grey", "severity", "headline"),
    [
        (LiveState.IDLE, "Start", False, False, None, "Stopped"),
        (LiveState.RUNNING, "Pause", True, False, None, None),
        (LiveState.PAUSED, "Play", False, False, None, None),
        (LiveState.STALLED, "Stop", True, True, Severity.WARNING, "Waiting for the picture…"),
        (LiveState.RETRYING, "Stop", True, True, Severity.WARNING, "Waiting for the picture…"),
        (LiveState.ENDED, "Play", False, False, None, MESSAGE),
        (LiveState.FAILED, "Start", False, False, Severity.ERROR, "No picture"),
    ],
)
def test_a_state_after_a_picture_looks_as_it_should(
    window: MainWindow,
    engine: FakeEngine,
    state: LiveState,
    start: str,
    records: bool,
    grey: bool,
    severity: Severity | None,
    headline: str | None,
) -> None:
    engine.deliver()
    engine.go(state, MESSAGE)
    live = window.live
    assert live.actions_.start.text() == start
    assert live.actions_.record.isEnabled() is records
    assert live.canvas.stale is grey
    assert window.banner.severity == severity
    assert window.banner.messages() == ({} if severity is None else {"source": MESSAGE})
    assert live.placeholder.isVisible() is (headline is not None)
    if headline is not None:
        assert live.placeholder.headline.text() == headline


def test_opening_shows_the_name_and_can_be_cancelled(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.live.placeholder.isVisible)
    assert window.live.placeholder.headline.text() == "Opening one.mp4…"
    assert window.live.actions_.start.text() == "Stop"
    assert not window.live.actions_.record.isEnabled()
    (cancel,) = window.live.placeholder.buttons
    cancel.click()
    assert engine.state is LiveState.IDLE


def test_space_holds_a_video_and_goes_on_from_there(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    result = engine.deliver()
    qtbot.waitUntil(lambda: window.live.canvas.result is result)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert engine.state is LiveState.PAUSED
    assert window.live.canvas.result is result, "the picture stays"
    assert window.live.status.rate.text() == "Paused"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert engine.state is LiveState.RUNNING
    assert len(engine.opened) == 1, "it was not opened again"


def test_the_reason_for_the_demo_clip_stays_while_it_is_paused(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None)
    qtbot.waitUntil(lambda: len(window.live.engine.opened) == 1)
    window.live.engine.deliver()
    window.live.actions_.start.trigger()
    assert window.live.engine.state is LiveState.PAUSED
    window.live.actions_.start.trigger()
    assert "No camera was found" in window.banner.text.text()


def show_photograph(engine: FakeEngine) -> None:
    engine.info = SourceInfo(SourceKind.PICTURES, "book.jpg", "/album/book.jpg", 640, 480, 1.0, 1, 1.0)
    engine.deliver()


def test_a_photograph_stays_with_nothing_over_it(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.live.placeholder.isVisible)
    show_photograph(engine)
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    engine.go(LiveState.ENDED, "book.jpg has ended.")
    assert not window.live.placeholder.isVisible()
    assert window.banner.messages() == {}
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert engine.state is LiveState.ENDED
    assert window.live.canvas.result is not None
    assert len(engine.opened) == 1


def test_a_photograph_can_be_kept_but_neither_played_nor_recorded(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    show_photograph(engine)
    qtbot.waitUntil(window.live.controls.snapshot.isEnabled)
    assert not window.live.controls.record.isEnabled()
    assert not window.live.controls.start.isEnabled()
