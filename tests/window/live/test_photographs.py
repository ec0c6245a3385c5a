"""Someone opens photographs: each is there together with its faces, and what is damaged is named."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeAnalyzer
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.live import LiveState, Result
from webcam_app.window.live.remarks import REMARK
from webcam_app.window.main_window import MainWindow

WAIT_MS = 30_000


def collected(window: MainWindow) -> list[Result]:
    """Every result that the window is given from now on."""
    results: list[Result] = []
    window.live.bridge.result.connect(results.append)
    return results


def test_a_photograph_is_never_shown_without_its_face(
    open_window: OpenWindow, qtbot: QtBot, portrait_path: Path
) -> None:
    window = open_window(None, real=True, analyzer=FaceAnalyzer, begin=False)
    results = collected(window)
    window.begin([str(portrait_path)])
    qtbot.waitUntil(lambda: bool(results), timeout=WAIT_MS)
    assert [[face.label for face in result.faces] for result in results] == [["male"]]
    assert window.live.status.faces.text() == "1 face"
    assert window.live.status.rate.isHidden()


def test_it_comes_late_where_the_networks_take_longer_than_the_source(
    open_window: OpenWindow, qtbot: QtBot, portrait_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source of one picture has ended by then."""
    monkeypatch.setattr("webcam_app.window.live.state_display.LAST_FRAME_MS", 1)
    monkeypatch.setattr("webcam_app.live.engine.PICTURE_TIMEOUT_SECONDS", 0.01)
    monkeypatch.setattr("webcam_app.capture.picture_source.SECONDS_PER_PICTURE", 0.01)
    may_load = threading.Event()

    def slow() -> FakeAnalyzer:
        may_load.wait(30)
        return FakeAnalyzer()

    window = open_window(None, real=True, analyzer=slow, begin=False)
    results = collected(window)
    window.begin([str(portrait_path)])
    # After anything else that ended, nobody would look for results any more.
    with qtbot.waitSignal(window.live.display._last_frame.timeout, timeout=WAIT_MS):
        qtbot.waitUntil(lambda: window.live.engine.state is LiveState.ENDED, timeout=WAIT_MS)
    assert results == []
    may_load.set()
    qtbot.waitUntil(lambda: bool(results), timeout=WAIT_MS)
    assert len(results[0].faces) == 1


def test_a_damaged_picture_of_a_folder_is_named(
    open_window: OpenWindow,
    qtbot: QtBot,
    portrait_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("webcam_app.capture.picture_source.SECONDS_PER_PICTURE", 0.05)
    album = tmp_path / "album"
    album.mkdir()
    for name in ("a.jpg", "c.jpg"):
        shutil.copy(portrait_path, album / name)
    (album / "b.jpg").write_bytes(b"no picture")
    window = open_window(None, real=True, begin=False)
    window.live.begin([str(album)])
    qtbot.waitUntil(lambda: REMARK in window.live.banner.messages(), timeout=WAIT_MS)
    assert "b.jpg is not a picture" in window.live.banner.messages()[REMARK]
    (album / "d.jpg").write_bytes(portrait_path.read_bytes()[:30_000])
    window.live.open(str(album))
    qtbot.waitUntil(lambda: "2 pictures" in window.live.banner.messages().get(REMARK, ""), timeout=WAIT_MS)
    assert "d.jpg is truncated" in window.live.banner.messages()[REMARK]
    window.live.open(str(portrait_path))
    assert REMARK not in window.live.banner.messages()
