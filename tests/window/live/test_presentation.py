"""What the live page shows in each state of the engine."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeEngine
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
        (LiveState.RUNNING, "Stop", True, False, None, None),
        (LiveState.STALLED, "Stop", True, True, Severity.WARNING, "Waiting for the picture…"),
        (LiveState.RETRYING, "Stop", True, True, Severity.WARNING, "Waiting for the picture…"),
        (LiveState.ENDED, "Start", False, False, None, MESSAGE),
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
