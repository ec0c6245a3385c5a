"""Someone chooses what to look at."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PyQt5.QtCore import QMimeData, QPoint, Qt, QUrl
from PyQt5.QtGui import QDropEvent
from PyQt5.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine, camera
from webcam_app.capture import Camera, SourceInfo, SourceKind
from webcam_app.capture.cameras import Mode
from webcam_app.live import LiveState
from webcam_app.window.dialogs.open import AddressDialog
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.schema import CameraMode


def texts(window: MainWindow) -> list[str]:
    picker = window.live.header.source
    return [picker.itemText(row) for row in range(picker.count()) if picker.itemText(row)]


def choose(window: MainWindow, text: str) -> None:
    picker = window.live.header.source
    row = picker.findText(text)
    assert row >= 0, texts(window)
    picker.setCurrentIndex(row)
    picker.activated.emit(row)


def test_cameras_are_listed_by_name_with_the_other_ways(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(cameras=lambda: [camera("HD Webcam"), camera("Microscope", 2)])
    qtbot.waitUntil(lambda: "Microscope" in texts(window))
    assert texts(window) == [
        "HD Webcam", "Microscope", "one.mp4", "Demo clip", "Open file…", "Open folder…", "Open address…",
    ]  # fmt: skip


def test_the_list_follows_cameras_that_come_and_go(open_window: OpenWindow, qtbot: QtBot) -> None:
    there = [camera("HD Webcam")]
    window = open_window(cameras=lambda: list(there))
    qtbot.waitUntil(lambda: "HD Webcam" in texts(window))
    there[:] = [camera("Microscope")]
    window.live.watcher.look_now()
    qtbot.waitUntil(lambda: "Microscope" in texts(window))
    assert "HD Webcam" not in texts(window)


def test_a_chosen_camera_is_opened_by_its_stable_identity(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(cameras=lambda: [camera("HD Webcam")])
    qtbot.waitUntil(lambda: "HD Webcam" in texts(window))
    choose(window, "HD Webcam")
    assert window.live.engine.opened[-1][0] == "usb-HD Webcam"


def test_a_camera_that_is_open_and_gone_stays_named(open_window: OpenWindow, qtbot: QtBot) -> None:
    there: list[Camera] = [camera("HD Webcam")]
    window = open_window(cameras=lambda: list(there))
    qtbot.waitUntil(lambda: "HD Webcam" in texts(window))
    choose(window, "HD Webcam")
    there.clear()
    window.live.watcher.look_now()
    qtbot.waitUntil(lambda: window.live.header.source.currentText() == "HD Webcam (not there)")


def test_a_cancelled_dialog_leaves_the_list_as_it_was(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    choose(window, "Open file…")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    assert window.live.header.source.currentText() == "one.mp4"
    assert len(engine.opened) == 1


def test_a_chosen_file_is_opened_and_listed(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window.actions_.open_file.trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit(["/films/Übung ä.mp4"])
    dialog.reject()
    assert engine.opened[-1][0] == "/films/Übung ä.mp4"
    assert window.live.header.source.currentText() == "Übung ä.mp4"


def test_an_address_is_opened_and_its_password_not_shown(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window.actions_.open_url.trigger()
    dialog = window.findChild(AddressDialog)
    assert dialog is not None
    dialog.line.setText("  rtsp://me:secret@host/stream ")
    dialog.accept()
    assert engine.opened[-1][0] == "rtsp://me:secret@host/stream"
    assert "secret" not in window.live.header.source.currentText()
    assert "host" in window.live.header.source.currentText()


@pytest.mark.parametrize("wrong", ["nonsense", "192.168.1.20", "clip.mp4", "://", "rtsp://"])
def test_what_is_no_address_is_refused_where_it_was_typed(window: MainWindow, engine: FakeEngine, wrong: str) -> None:
    window.actions_.open_url.trigger()
    dialog = window.findChild(AddressDialog)
    assert dialog is not None
    dialog.line.setText(wrong)
    dialog.accept()
    assert dialog.isVisible() and dialog.problem.isVisible()
    assert f"'{wrong}' is no address" in dialog.problem.text() and "rtsp://" in dialog.problem.text()
    assert len(engine.opened) == 1


def drop(window: MainWindow, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(urls)
    copy = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))


def test_a_file_can_be_dropped_on_the_window(window: MainWindow, engine: FakeEngine) -> None:
    drop(window, QUrl.fromLocalFile("/films/two.mp4"))
    assert engine.opened[-1][0] == "/films/two.mp4"
    assert not window.live.actions_.next.isEnabled()


@pytest.fixture
def dropped(window: MainWindow, engine: FakeEngine) -> MainWindow:
    """The window after two films and a picture were dropped on it together."""
    drop(window, *map(QUrl.fromLocalFile, ("/films/two.mp4", "/films/three.mp4", "/album/four.jpg")))
    engine.deliver()
    return window


def test_of_several_dropped_files_the_first_is_shown_and_all_are_listed(
    dropped: MainWindow, engine: FakeEngine
) -> None:
    assert [opened[0] for opened in engine.opened[1:]] == ["/films/two.mp4"]
    assert {"two.mp4", "three.mp4", "four.jpg"} <= set(texts(dropped))
    assert dropped.live.header.source.currentText() == "two.mp4"


def test_keys_go_through_several_files(dropped: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_PageUp):
        qtbot.keyClick(dropped, key)
    shown = [opened[0].rpartition("/")[2] for opened in engine.opened[1:]]
    assert shown == ["two.mp4", "three.mp4", "four.jpg", "three.mp4"]
    assert dropped.live.header.source.currentText() == "three.mp4"


def test_a_film_that_ended_offers_the_next_file(dropped: MainWindow, engine: FakeEngine) -> None:
    engine.go(LiveState.ENDED, "two.mp4 has ended.")
    buttons = dropped.live.placeholder.buttons
    assert [button.text() for button in buttons] == ["Next: three.mp4", "Play again"]
    buttons[0].click()
    assert engine.opened[-1][0] == "/films/three.mp4"


def test_another_of_the_files_can_be_chosen_from_the_list(dropped: MainWindow, engine: FakeEngine) -> None:
    choose(dropped, "four.jpg")
    assert engine.opened[-1][0] == "/album/four.jpg"
    assert not dropped.live.actions_.next.isEnabled()
    assert dropped.live.actions_.previous.isEnabled()


def test_opening_something_else_forgets_the_files(dropped: MainWindow, engine: FakeEngine) -> None:
    dropped.open("/films/five.mp4")
    assert "two.mp4" not in texts(dropped)
    assert not dropped.live.actions_.previous.isEnabled()


def test_space_stops_and_starts_the_same_again(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver(kind=SourceKind.STREAM)
    assert window.live.controls.start.text() == "Stop"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert engine.state is LiveState.IDLE
    assert window.live.controls.start.text() == "Start"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert engine.opened[-1][0] == "/films/one.mp4"


def test_the_size_and_rate_that_were_obtained_are_shown(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    qtbot.waitUntil(lambda: window.live.header.mode.currentText() == "640×480 · 30 fps")
    assert not window.live.header.mode.isEnabled()
    window.live._every_second()
    shown = [label.text() for label in window.live.status.findChildren(QLabel)]
    assert "30 fps" in shown and not any("640×480" in text for text in shown), "size and rate stand once"


def test_of_a_folder_it_is_said_which_picture_is_shown(window: MainWindow, engine: FakeEngine) -> None:
    engine.info = SourceInfo(SourceKind.PICTURES, "album", "/album", 640, 480, 1.0, 12, 12.0)
    result = engine.deliver()
    frame = dataclasses.replace(result.frame, index=2, path=Path("/album/book_03.jpg"))
    engine._result = dataclasses.replace(result, frame=frame)
    window.live._every_second()
    assert window.live.status.picture.text() == "book_03.jpg (3 of 12)"
    assert window.live.header.mode.currentText() == "640×480", "photographs have no rate"


def test_rows_of_the_list_are_as_high_as_those_of_the_menu(window: MainWindow) -> None:
    picker, menu = window.live.header.source, window.live.header.menu_button.menu()
    assert menu is not None
    menu.ensurePolished()
    rows = {picker.view().sizeHintForRow(row) for row in range(picker.count()) if picker.itemText(row)}
    assert rows == {menu.actionGeometry(window.actions_.open_file).height()}


def test_a_camera_offers_its_sizes_and_the_chosen_one_is_asked_for_and_kept(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: object
) -> None:
    from webcam_app.window.live.sources import controller

    modes = (Mode(1280, 720, 30.0), Mode(640, 480, None))
    with_modes = dataclasses.replace(camera("HD Webcam"), modes=modes)
    monkeypatch.setattr(controller, "list_cameras", lambda **_: [with_modes])  # type: ignore[attr-defined]
    window = open_window(None, cameras=lambda: [camera("HD Webcam")])
    qtbot.waitUntil(lambda: len(window.live.engine.opened) == 1)
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    mode = window.live.header.mode
    qtbot.waitUntil(mode.isEnabled)
    offered = [mode.itemText(row) for row in range(mode.count())]
    assert offered == ["Automatic · 640×480 · 30 fps", "1280×720 · 30 fps", "640×480"]
    mode.setCurrentIndex(1)
    mode.activated.emit(1)
    assert window.live.engine.opened[-1] == ("usb-HD Webcam", (1280, 720), 30.0, False)
    # The camera gives what it likes; what it gave is shown, what was wished is kept.
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: window.settings.camera_mode == CameraMode(1280, 720, 30.0))
    assert mode.currentText() == "640×480 · 30 fps"
