"""The real window on real cameras: what a person sees and can still do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from tests.camera.devices import LoopCamera, Vivid
from tests.camera.watched import frame_times
from webcam_app.capture.controls import camera_controls
from webcam_app.faces.face import Face
from webcam_app.live import LiveState
from webcam_app.window.camera.dialog import CameraControlsDialog
from webcam_app.window.live.sources.controller import DEMO
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import apply_theme

PATIENCE_MS = 80_000
OpenWindow = Callable[[str | None], MainWindow]


@pytest.fixture
def open_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenWindow]:
    """Opens the window as the program does, in a home of its own."""
    monkeypatch.setenv("WEBCAM_APP_HOME", str(tmp_path))
    apply_theme(qapp)
    windows: list[MainWindow] = []

    def open_it(source: str | None) -> MainWindow:
        window = MainWindow(SettingsFile())
        windows.append(window)
        window.resize(640, 420)
        window.show()
        window.begin([source] if source is not None else [])
        return window

    yield open_it
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def wait(qtbot: QtBot, qapp: QApplication) -> Callable[[Callable[[], bool]], None]:
    """Waits for something while the window goes on working; tells what the windows say if it never comes."""

    def wait_for(condition: Callable[[], bool]) -> None:
        try:
            qtbot.waitUntil(condition, timeout=PATIENCE_MS)
        except qtbot.TimeoutError as error:
            shown = [window for window in qapp.topLevelWidgets() if isinstance(window, MainWindow)]
            told = [(w.live.engine.state.value, w.live.engine.message, w.banner.messages()) for w in shown]
            raise AssertionError(f"not within {PATIENCE_MS} ms; the windows say {told}") from error

    return wait_for


Wait = Callable[[Callable[[], bool]], None]


def test_it_labels_who_is_in_front_of_the_camera(
    loop_camera: LoopCamera, vivid: Vivid, open_window: OpenWindow, wait: Wait
) -> None:
    loop_camera.start()
    window = open_window(loop_camera.name)
    wait(lambda: any(face.label in ("female", "male") for face in faces(window)))
    assert window.banner.messages() == {}


def test_without_a_camera_it_shows_the_demo_and_says_so(vivid: Vivid, open_window: OpenWindow, wait: Wait) -> None:
    vivid.unplug()
    window = open_window(None)
    wait(lambda: shows_picture(window))
    assert f"No camera was found. {DEMO}" in window.banner.messages().values()
    assert "vivid" not in offered(window)


def test_a_camera_that_is_plugged_in_is_offered(
    vivid: Vivid, open_window: OpenWindow, wait: Wait, qtbot: QtBot
) -> None:
    vivid.unplug()
    window = open_window(None)
    wait(lambda: shows_picture(window))
    vivid.plug_in()
    wait(lambda: any("vivid" in text for text in window.banner.messages().values()))
    assert "vivid" in offered(window)
    (use_it,) = [button for button in window.banner.buttons if button.text() == "Use it"]
    qtbot.mouseClick(use_it, Qt.MouseButton.LeftButton)
    wait(lambda: source_name(window) == "vivid" and window.live.engine.state is LiveState.RUNNING)


def test_a_busy_camera_is_named_with_retry_and_demo(
    vivid: Vivid, open_window: OpenWindow, wait: Wait, qtbot: QtBot
) -> None:
    first = open_window("vivid")
    wait(lambda: shows_picture(first))
    second = open_window("vivid")
    wait(lambda: "source" in second.banner.messages())
    assert "is in use by another program" in second.banner.messages()["source"]
    assert {button.text() for button in second.banner.buttons} >= {"Retry", "Demo clip"}
    first.close()
    (retry,) = [button for button in second.banner.buttons if button.text() == "Retry"]
    qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)
    wait(lambda: shows_picture(second))


def test_pulled_out_while_recording(
    vivid: Vivid, open_window: OpenWindow, wait: Wait, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window("vivid")
    wait(lambda: shows_picture(window))
    window.live.toggle_recording()
    wait(lambda: window.live.engine.recording is not None and window.live.engine.recording.seconds > 1)
    path = window.live.engine.recording.path  # type: ignore[union-attr]
    vivid.unplug()
    wait(lambda: "vivid" in window.banner.messages().get("source", ""))
    wait(lambda: not has_color(picture(window)))
    mirrored = window.live.canvas.mirrored
    qtbot.keyClick(window, Qt.Key.Key_M)
    wait(lambda: window.live.canvas.mirrored is not mirrored)
    vivid.plug_in()
    wait(lambda: window.live.engine.state is LiveState.RUNNING and has_color(picture(window)))
    assert "source" not in window.banner.messages()
    assert window.live.engine.recording is not None, "the recording goes on"
    window.live.toggle_recording()
    wait(lambda: window.live.engine.recording is None and not window.live.recording.active)
    times = frame_times(path)
    assert times == sorted(set(times)) and times[-1] > 1


def test_a_frozen_camera_does_not_freeze_the_window(
    loop_camera: LoopCamera, open_window: OpenWindow, wait: Wait, qtbot: QtBot
) -> None:
    loop_camera.start()
    window = open_window(loop_camera.name)
    wait(lambda: shows_picture(window))
    loop_camera.freeze()
    wait(lambda: "stopped delivering" in window.banner.messages().get("source", ""))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    wait(lambda: window.live.engine.state is LiveState.IDLE)
    loop_camera.thaw()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    wait(lambda: window.live.engine.state is LiveState.RUNNING)


def test_closing_while_recording_a_frozen_camera_keeps_the_file(
    loop_camera: LoopCamera, open_window: OpenWindow, wait: Wait
) -> None:
    loop_camera.start()
    window = open_window(loop_camera.name)
    wait(lambda: shows_picture(window))
    window.live.toggle_recording()
    wait(lambda: window.live.engine.recording is not None and window.live.engine.recording.seconds > 1)
    path = window.live.engine.recording.path  # type: ignore[union-attr]
    loop_camera.freeze()
    wait(lambda: "source" in window.banner.messages())
    window.close()
    assert frame_times(path)[-1] > 1


def test_the_camera_used_last_is_used_again(
    vivid: Vivid, loop_camera: LoopCamera, open_window: OpenWindow, wait: Wait
) -> None:
    """Although vivid comes first in the list."""
    loop_camera.start()
    window = open_window(loop_camera.name)
    wait(lambda: window.settings.camera != "")
    window.close()
    again = open_window(None)
    wait(lambda: again.live.engine.state is LiveState.RUNNING)
    assert source_name(again) == loop_camera.name


def test_what_is_set_on_a_camera_comes_back_when_it_is_plugged_in_again(
    vivid: Vivid, open_window: OpenWindow, wait: Wait, qtbot: QtBot
) -> None:
    window = open_window(str(vivid.device))
    # The camera is asked what can be set beside the first picture, and answers before it or after it.
    wait(lambda: shows_picture(window) and window.live.actions_.camera_controls.isEnabled())
    qtbot.keyClick(window, Qt.Key.Key_C)
    (dialog,) = window.findChildren(CameraControlsDialog)
    wait(lambda: "brightness" in dialog.rows)
    assert not any(editor.isEnabled() for editor in dialog.rows["gain"].editors), "vivid's gain is automatic at first"
    spin = dialog.rows["brightness"].editors[1]
    assert isinstance(spin, QSpinBox)
    spin.setValue(31)
    wait(lambda: brightness(vivid) == 31)
    vivid.unplug()
    wait(lambda: "vivid" in window.banner.messages().get("source", ""))
    vivid.plug_in()
    assert brightness(vivid) != 31, "the driver has forgotten"
    wait(lambda: brightness(vivid) == 31 and dialog.reset.isEnabled())
    dialog.reset.click()
    wait(lambda: brightness(vivid) != 31)
    assert window.settings.camera_controls == {}


def brightness(vivid: Vivid) -> int:
    """As the driver has it now."""
    return next(control.value for control in camera_controls(str(vivid.device)) if control.name == "brightness")


def faces(window: MainWindow) -> list[Face]:
    result = window.live.engine.latest()
    return [] if result is None else list(result.faces)


def shows_picture(window: MainWindow) -> bool:
    return window.live.canvas.result is not None and window.live.engine.state is LiveState.RUNNING


def offered(window: MainWindow) -> list[str]:
    picker = window.live.header.source
    return [picker.itemText(row) for row in range(picker.count())]


def source_name(window: MainWindow) -> str:
    info = window.live.engine.statistics().source
    return "" if info is None else info.name


def picture(window: MainWindow) -> NDArray[np.uint8]:
    """The middle of the live picture as it is painted, H×W×3."""
    image = window.live.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    height, width = pixels.shape[:2]
    return pixels[height // 4 : height // 2, width // 3 : 2 * width // 3]


def has_color(pixels: NDArray[np.uint8]) -> bool:
    """vivid shows colour bars; a picture that is not live is shown without colour."""
    return float(np.ptp(pixels.astype(np.int16), axis=2).mean()) > 40
