"""Someone records what they see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import EndlessSource, FakeEngine
from webcam_app.capture import SourceKind
from webcam_app.errors import OutputError
from webcam_app.live import LiveState
from webcam_app.output import pictures
from webcam_app.output.marks import unfinished_recordings
from webcam_app.window.live.recording.controller import clock
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.dialog import SettingsDialog


def frames_in(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def start(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    qtbot.mouseClick(window.live.controls.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.live.recording.active)


def test_record_cannot_be_pressed_before_there_is_a_picture(window: MainWindow) -> None:
    assert not window.live.controls.record.isEnabled()
    assert not window.live.controls.snapshot.isEnabled()


def test_record_can_be_pressed_once_a_picture_comes_to_a_source_that_runs_already(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.go(LiveState.RUNNING)
    qtbot.waitUntil(lambda: window.live.actions_.start.text() == "Stop")
    window.live.placeholder.hide()
    assert not window.live.controls.record.isEnabled()
    engine.deliver()
    qtbot.waitUntil(window.live.controls.record.isEnabled)
    assert window.live.controls.snapshot.isEnabled()


def test_a_recording_is_a_file_that_plays(open_window: OpenWindow, qtbot: QtBot, folder: Path) -> None:
    window = open_window("0", real=True, opener=lambda spec, **_wishes: EndlessSource())
    qtbot.waitUntil(window.live.controls.record.isEnabled)
    qtbot.mouseClick(window.live.controls.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.live.engine.recording is not None and window.live.engine.recording.frames >= 10)
    qtbot.mouseClick(window.live.controls.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.live.toast.isVisible)
    (path,) = (folder / "recordings").glob("*.mp4")
    assert frames_in(path) >= 10
    assert path.name in window.live.toast.text.text()


def test_the_elapsed_time_is_in_the_title_and_the_button_is_red(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    import dataclasses

    start(window, engine, qtbot)
    assert engine.recording is not None
    engine.recording = dataclasses.replace(engine.recording, seconds=65.4)
    qtbot.waitUntil(lambda: "1:05" in window.windowTitle())
    assert window.live.controls.record.property("recording") is True
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.controls.record.text() == "Record")
    assert window.windowTitle() == "Webcam App"


@pytest.mark.parametrize(("seconds", "text"), [(0.9, "0:00"), (65, "1:05"), (3723, "1:02:03"), (-1, "0:00")])
def test_durations_read_as_people_write_them(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_the_recording_looks_like_the_window(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    window.live.actions_.mirror.trigger()
    window.live.actions_.masks.trigger()
    start(window, engine, qtbot)
    assert engine.styles[0].mirrored is True
    assert engine.styles[0].show_mask is False


def test_a_full_disk_is_said_together_with_what_is_kept(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    start(window, engine, qtbot)
    engine.lose_recording("Recording stopped: the disk is full.")
    text = window.banner.text.text()
    assert "the disk is full" in text and "one.mp4" in text and "0:07" in text
    assert window.live.controls.record.text() == "Record"
    assert not window.live.recording.active


def test_a_folder_that_cannot_be_written_is_said(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.recording_problem = "Cannot record to '/x/one.mp4': this user may not write there: choose another folder"
    engine.deliver()
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: "choose another folder" in window.banner.text.text())
    assert not window.live.recording.active
    (to_settings,) = window.banner.buttons
    assert to_settings.text() == "Settings…"
    to_settings.click()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None and dialog.isVisible()


def test_a_recording_ends_with_its_file_and_is_kept(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    start(window, engine, qtbot)
    engine.go(LiveState.ENDED, "one.mp4 has ended.")
    engine.lose_recording(problem=None)  # type: ignore[arg-type]
    qtbot.waitUntil(window.live.toast.isVisible)
    assert "one.mp4" in window.live.toast.text.text()
    assert not window.banner.isVisible()


def test_stop_finishes_the_recording_first(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver(kind=SourceKind.CAMERA)
    start(window, engine, qtbot)
    window.live.actions_.start.trigger()
    qtbot.waitUntil(lambda: not window.live.recording.active)
    assert engine.recording is None
    assert "one.mp4" in window.live.toast.text.text()


def test_a_snapshot_is_a_picture_file(open_window: OpenWindow, qtbot: QtBot, folder: Path) -> None:
    window = open_window("0", real=True, opener=lambda spec, **_wishes: EndlessSource())
    qtbot.waitUntil(window.live.controls.snapshot.isEnabled)
    qtbot.mouseClick(window.live.controls.snapshot, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.live.toast.isVisible)
    (path,) = (folder / "snapshots").iterdir()
    assert path.name in window.live.toast.text.text()
    assert frames_in(path) == 1


def test_a_snapshot_that_fails_is_said(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_more: Any) -> None:
        raise OutputError("Cannot write '/x/one.jpg': the disk is full.")

    monkeypatch.setattr(pictures, "write_picture", fail)
    engine.deliver()
    window.live.actions_.snapshot.trigger()
    qtbot.waitUntil(lambda: "the disk is full" in window.banner.text.text())


def test_show_folder_opens_the_recordings(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()) or True)
    start(window, engine, qtbot)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(window.live.toast.isVisible)
    window.live.toast.button.click()
    qtbot.waitUntil(lambda: shown == [str(folder / "recordings")])


def test_show_recordings_makes_the_folder_where_it_is_not_there(
    window: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()) or True)
    assert not (folder / "recordings").exists()
    window.actions_.show_recordings.trigger()
    qtbot.waitUntil(lambda: shown == [str(folder / "recordings")])
    assert (folder / "recordings").is_dir()


def test_a_folder_of_recordings_that_cannot_be_made_is_said(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    (folder / "recordings").write_text("a file in its place")
    window.actions_.show_recordings.trigger()
    qtbot.waitUntil(lambda: "there is a file where the folder should be" in window.banner.text.text())
    assert [button.text() for button in window.banner.buttons] == ["Settings…"]


def test_where_no_file_manager_starts_the_folder_is_named(
    window: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    window.actions_.show_recordings.trigger()
    qtbot.waitUntil(lambda: str(folder / "recordings") in window.banner.text.text())


@pytest.fixture
def cut_off(folder: Path, qtbot: QtBot) -> Path:
    """A recording whose program was killed: the mark of a running one is still beside it."""
    from tests.window.fakes import picture
    from webcam_app.output.recorder import Recorder

    path = folder / "recordings" / "cut-off.mp4"
    with Recorder(path, 64, 48, fps_hint=10) as recorder:
        for number in range(15):
            recorder.write(picture(width=64, height=48), number / 10)
    path.with_name(".cut-off.mp4.recording").write_text("1\n")
    return path


def test_a_recording_that_a_crash_cut_off_is_told_at_the_next_start(
    cut_off: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: str(cut_off) in window.banner.text.text())
    assert frames_in(cut_off) > 0


def test_it_is_told_until_the_message_is_closed(cut_off: Path, open_window: OpenWindow, qtbot: QtBot) -> None:
    first = open_window()
    qtbot.waitUntil(lambda: str(cut_off) in first.banner.text.text())
    first.close()
    assert unfinished_recordings(cut_off.parent) == [cut_off]
    second = open_window()
    qtbot.waitUntil(lambda: str(cut_off) in second.banner.text.text())
    second.banner._close.click()
    assert unfinished_recordings(cut_off.parent) == []
    assert cut_off.is_file()
