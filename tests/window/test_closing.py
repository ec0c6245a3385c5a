"""Someone closes the window, whatever it is doing. ``open_window`` fails each test that leaves a thread behind."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import pytest
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import EndlessSource, FakeEngine
from webcam_app.capture import Source
from webcam_app.errors import SourceLostError, SourceNotFoundError
from webcam_app.live import LiveState
from webcam_app.window.main_window import MainWindow


def test_while_recording_the_file_is_whole(open_window: OpenWindow, qtbot: QtBot, folder: Path) -> None:
    window = open_window("0", real=True, opener=lambda spec, **_wishes: EndlessSource())
    qtbot.waitUntil(window.live.controls.record.isEnabled)
    window.live.toggle_recording()
    qtbot.waitUntil(lambda: window.live.engine.recording is not None and window.live.engine.recording.frames >= 5)
    window.close()
    assert not window.isVisible()
    (path,) = (folder / "recordings").glob("*.mp4")
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 5
    assert list((folder / "recordings").iterdir()) == [path], "nothing says that it was cut off"


def test_while_opening(open_window: OpenWindow, qtbot: QtBot) -> None:
    asked = threading.Event()

    def slow(spec: str, *, cancel: threading.Event, **_wishes: object) -> Source:
        asked.set()
        cancel.wait(20)
        raise SourceNotFoundError("gone")

    window = open_window("0", real=True, opener=slow)
    qtbot.waitUntil(asked.is_set)
    window.close()
    assert window.live.engine.state is LiveState.IDLE


class Unplugged(EndlessSource):
    """Delivers one picture and is pulled out."""

    def read(self):  # type: ignore[no-untyped-def]
        if self._index:
            raise SourceLostError("The camera was pulled out.")
        return super().read()


def test_while_reconnecting(open_window: OpenWindow, qtbot: QtBot) -> None:
    attempts: list[str] = []

    def opener(spec: str, **_wishes: object) -> Source:
        attempts.append(spec)
        if len(attempts) > 1:
            raise SourceNotFoundError("There is no such camera.")
        return Unplugged()

    window = open_window("0", real=True, opener=opener)
    qtbot.waitUntil(lambda: window.live.engine.state is LiveState.RETRYING)
    window.close()


def test_a_fault_in_the_window_is_told_and_does_not_end_it(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    from webcam_app.window.application import _faults_reported

    with qtbot.captureExceptions(), _faults_reported(window):
        try:
            raise ZeroDivisionError("a fault of ours")
        except ZeroDivisionError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert "a fault of ours" in window.banner.text.text()
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert window.isVisible()


def test_a_job_that_breaks_does_not_stop_those_after_it(window: MainWindow, qtbot: QtBot) -> None:
    told: list[str] = []
    window.worker.submit(lambda: 1 // 0, lambda outcome: None, told.append)
    window.worker.submit(lambda: "done", told.append, lambda problem: None)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert "Something went wrong" in told[0] and told[1] == "done"


def test_twice_is_as_good_as_once(window: MainWindow, engine: FakeEngine) -> None:
    window.close()
    window.close()
    assert engine.closed


def test_before_anything_was_begun(open_window: OpenWindow) -> None:
    open_window(begin=False).close()
