"""Someone opens a video, pauses, steps, seeks, and has an annotated copy written."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.player.conftest import RATE, SECONDS
from webcam_app.capture import SourceKind
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.live import LiveState
from webcam_app.output.cover import CoverKind
from webcam_app.window.main_window import MainWindow
from webcam_app.window.player.copying import free_name

LAST = (SECONDS * RATE - 1) / RATE
TIMEOUT_MS = 120_000
"""A process starts, and loads its networks, on a machine that has other things to do."""


@pytest.fixture
def video(film: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(film, tmp_path / "film.mp4"))


@pytest.fixture
def player(open_window: OpenWindow, video: Path, qtbot: QtBot) -> MainWindow:
    """The real window, with the video paused at its beginning."""
    window = open_window(str(video), real=True, analyzer=FaceAnalyzer)
    qtbot.waitUntil(lambda: window.live.player.info is not None, timeout=TIMEOUT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.live.engine.state in (LiveState.PAUSED, LiveState.ENDED))
    qtbot.keyClick(window, Qt.Key.Key_Home)
    wait_for(window, qtbot, 0.0)
    if window.live.engine.state is LiveState.RUNNING:  # it had ended before
        qtbot.keyClick(window, Qt.Key.Key_Comma)
    qtbot.waitUntil(lambda: window.live.engine.state is LiveState.PAUSED)
    return window


def shown(window: MainWindow) -> float:
    result = window.live.canvas.result
    return -1.0 if result is None or result.frame.position is None else result.frame.position


def wait_for(window: MainWindow, qtbot: QtBot, seconds: float) -> None:
    qtbot.waitUntil(lambda: abs(shown(window) - seconds) < 0.005, timeout=TIMEOUT_MS)


def faces(window: MainWindow) -> int:
    result = window.live.canvas.result
    return 0 if result is None else sum(face.label is not None for face in result.faces)


def frames_in(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_video_is_paused_stepped_sought_and_annotated(
    player: MainWindow, video: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    live, bar = player.live, player.live.player_bar
    assert bar.isVisible() and bar.length.text() == "0:02"

    qtbot.keyClick(player, Qt.Key.Key_Period)
    wait_for(player, qtbot, 1 / RATE)
    qtbot.keyClick(player, Qt.Key.Key_Period)
    wait_for(player, qtbot, 2 / RATE)
    qtbot.keyClick(player, Qt.Key.Key_Comma)
    wait_for(player, qtbot, 1 / RATE)
    assert bar.place.text() == "0:00.03"

    point = QPoint(round(bar.seek.x_of(1.5)), bar.seek.height() // 2)
    qtbot.mouseClick(bar.seek, Qt.MouseButton.LeftButton, pos=point)
    qtbot.waitUntil(lambda: abs(shown(player) - bar.seek.seconds_at(point.x())) < 1 / RATE, timeout=TIMEOUT_MS)
    assert live.engine.state is LiveState.PAUSED
    qtbot.waitUntil(lambda: faces(player) == 1, timeout=TIMEOUT_MS)

    qtbot.waitUntil(lambda: live.player.scanning.ended, timeout=TIMEOUT_MS)
    label = live.canvas.result.faces[0].label
    assert bar.seek.text_at(1.5) == f"0:01 · {label}"
    assert live.player.scanning.timeline.scanned_share == 1.0

    qtbot.keyClick(player, Qt.Key.Key_A)
    dialog = live.copying.dialog
    assert dialog is not None and dialog.isVisible()
    name = dialog.findChild(QLineEdit)
    assert name.text() == "film-annotated.mp4"
    with qtbot.waitSignal(live.copying.ended, timeout=TIMEOUT_MS) as ended:
        dialog.accept()
        assert live.copying.panel.isVisible()
    copy = video.with_name("film-annotated.mp4")
    assert not live.copying.panel.isVisible()
    assert (ended.args[0].frames, ended.args[0].stopped) == (SECONDS * RATE, False)
    assert frames_in(copy) == SECONDS * RATE
    assert "The copy 'film-annotated.mp4' is there, 0:02 long." in player.banner.messages()["annotated copy"]
    assert live.engine.state is LiveState.PAUSED, "the picture was left alone"


def test_a_copy_that_is_stopped_keeps_a_part_that_plays(player: MainWindow, video: Path, qtbot: QtBot) -> None:
    out = video.with_name("part.mp4")
    copying = player.live.copying
    copying.write(video, out)
    qtbot.waitUntil(lambda: copying.panel.preview.pixmap() is not None, timeout=TIMEOUT_MS)
    assert copying.panel.figures.text() != "Beginning…"
    with qtbot.waitSignal(copying.ended, timeout=TIMEOUT_MS) as ended:
        copying.panel.stop.click()
    end = ended.args[0]
    assert 0 < end.frames <= SECONDS * RATE
    assert frames_in(out) == end.frames
    if end.stopped:
        assert "The copy was stopped: 'part.mp4' has the first" in player.banner.messages()["annotated copy"]


def test_closing_the_window_keeps_what_is_written(player: MainWindow, video: Path, qtbot: QtBot) -> None:
    out = video.with_name("part.mp4")
    copying = player.live.copying
    copying.write(video, out)
    process = copying._process
    assert process is not None
    qtbot.waitUntil(lambda: copying.panel.preview.pixmap() is not None, timeout=TIMEOUT_MS)
    player.close()
    assert process.join(TIMEOUT_MS / 1000)
    assert frames_in(out) > 0


def test_covered_on_the_screen_it_is_covered_in_the_copy(player: MainWindow, video: Path, qtbot: QtBot) -> None:
    out, plain = video.with_name("covered.mp4"), video.with_name("plain.mp4")
    for path, kind in ((plain, ""), (out, CoverKind.FILL.value)):
        player.settings_store.update(cover=kind)
        with qtbot.waitSignal(player.live.copying.ended, timeout=TIMEOUT_MS):
            player.live.copying.write(video, path)
    player.live.copying.ask(video)
    assert player.live.copying.dialog.windowTitle() == "Annotated copy, with all faces covered"
    player.live.copying.dialog.reject()
    pictures = []
    for path in (plain, out):
        with av.open(str(path)) as container:
            pictures.append([frame.to_ndarray(format="gray") for frame in container.decode(video=0)][-1])
    assert abs(pictures[0].astype(int) - pictures[1]).mean() > 1.0


@pytest.mark.parametrize(
    ("name", "words"),
    [("film.mp4", "is the video that is read"), ("film.txt", "name it with the ending .mp4"), ("no/a.mp4", "no/a.mp4")],
)
def test_a_copy_that_cannot_be_written_says_why(
    player: MainWindow, video: Path, qtbot: QtBot, name: str, words: str
) -> None:
    content = video.read_bytes()
    with qtbot.waitSignal(player.live.copying.ended, timeout=TIMEOUT_MS):
        player.live.copying.write(video, video.with_name("x") if name == "x" else video.parent / name)
    assert words in player.banner.messages()["annotated copy"]
    assert video.read_bytes() == content
    assert not player.live.copying.active


def test_one_copy_at_a_time(player: MainWindow, video: Path, qtbot: QtBot) -> None:
    copying = player.live.copying
    copying.write(video, video.with_name("one.mp4"))
    copying.ask(video)
    assert copying.dialog is None
    assert "already" in player.banner.messages()["annotated copy"]
    with qtbot.waitSignal(copying.ended, timeout=TIMEOUT_MS):
        copying.stop()


def test_at_its_end_it_can_be_looked_at_and_played_again(player: MainWindow, qtbot: QtBot) -> None:
    live = player.live
    qtbot.keyClick(player, Qt.Key.Key_End)
    wait_for(player, qtbot, LAST)
    qtbot.keyClick(player, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: live.engine.state is LiveState.ENDED)
    assert live.placeholder.isHidden() and live.player_bar.isVisible()
    qtbot.keyClick(player, Qt.Key.Key_Comma)
    wait_for(player, qtbot, LAST - 1 / RATE)
    qtbot.keyClick(player, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: live.engine.state is LiveState.ENDED)
    qtbot.keyClick(player, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: live.engine.state is LiveState.RUNNING and shown(player) < 1.5)


def test_speed_and_loop_by_keys(player: MainWindow, qtbot: QtBot) -> None:
    live = player.live
    for key, text in ((Qt.Key.Key_Plus, "1.5×"), (Qt.Key.Key_Plus, "2×"), (Qt.Key.Key_Minus, "1.5×")):
        qtbot.keyClick(player, key)
        assert live.player_bar.speed.text() == text
    qtbot.keyClick(player, Qt.Key.Key_L)
    assert live.player_bar.loop.isChecked()
    qtbot.keyClick(player, Qt.Key.Key_End)
    wait_for(player, qtbot, LAST)
    qtbot.keyClick(player, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: 0.0 <= shown(player) < 1.0)
    assert live.engine.state is LiveState.RUNNING


def test_another_source_ends_the_look_through_the_video(player: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    live = player.live
    qtbot.waitUntil(lambda: live.player.scanning._process is not None or live.player.scanning.ended, timeout=TIMEOUT_MS)
    player.live.sources.open_demo()
    assert live.player.scanning._process is None and live.player.scanning.timeline is None
    qtbot.waitUntil(lambda: live.engine.state is LiveState.RUNNING)
    assert not live.player_bar.isVisible(), "the demo clip stands in for a camera"
    assert not any(action.isEnabled() for action in live.player_actions.all)


def test_a_video_opened_again_is_not_looked_through_again(player: MainWindow, video: Path, qtbot: QtBot) -> None:
    scanning = player.live.player.scanning
    qtbot.waitUntil(lambda: scanning.ended, timeout=TIMEOUT_MS)
    player.open(str(video))
    qtbot.waitUntil(lambda: scanning.timeline is not None, timeout=TIMEOUT_MS)
    assert scanning.ended and scanning.timeline.scanned_share == 1.0


def test_a_camera_has_no_player(window: MainWindow) -> None:
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    assert not window.live.player_bar.isVisible()
    assert not any(action.isEnabled() for action in window.live.player_actions.all)


def test_a_copy_never_takes_a_name_that_is_taken(tmp_path: Path) -> None:
    source = tmp_path / "a film.mkv"
    assert free_name(source).name == "a film-annotated.mp4"
    free_name(source).touch()
    assert free_name(source).name == "a film-annotated-2.mp4"
