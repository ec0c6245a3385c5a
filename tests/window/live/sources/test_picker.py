"""Someone chooses what to look at."""

from __future__ import annotations

from PyQt5.QtCore import QMimeData, QPoint, Qt, QUrl
from PyQt5.QtGui import QDropEvent
from PyQt5.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine, camera
from webcam_app.capture import Camera, SourceKind
from webcam_app.capture.cameras import Mode
from webcam_app.live import LiveState
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
    dialog.fileSelected.emit("/films/Übung ä.mp4")
    dialog.reject()
    assert engine.opened[-1][0] == "/films/Übung ä.mp4"
    assert window.live.header.source.currentText() == "Übung ä.mp4"


def test_an_address_is_opened_and_its_password_not_shown(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window.actions_.open_url.trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("  rtsp://me:secret@host/stream ")
    dialog.accept()
    assert engine.opened[-1][0] == "rtsp://me:secret@host/stream"
    assert "secret" not in window.live.header.source.currentText()
    assert "host" in window.live.header.source.currentText()


def test_a_file_can_be_dropped_on_the_window(window: MainWindow, engine: FakeEngine) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/films/two.mp4")])
    copy = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    assert engine.opened[-1][0] == "/films/two.mp4"


def test_space_stops_and_starts_the_same_again(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
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
    qtbot.waitUntil(lambda: "640×480 · 30 fps" in window.live.status.source.text())


def test_a_camera_offers_its_sizes_and_the_chosen_one_is_asked_for_and_kept(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: object
) -> None:
    import dataclasses

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
