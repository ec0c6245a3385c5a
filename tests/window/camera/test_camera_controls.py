"""A person sets the camera's controls, on a camera that has what a usual webcam has."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import camera
from webcam_app.capture import SourceInfo, SourceKind
from webcam_app.capture import controls as capture_controls
from webcam_app.capture.controls import CameraControl, ControlKind
from webcam_app.errors import SourceError
from webcam_app.window.camera.dialog import NO_CAMERA, NOTHING, CameraControlsDialog
from webcam_app.window.camera.rows import AUTOMATIC
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import MAX_CAMERAS, Settings, SettingsError, parse_settings

NUMBER, SWITCH, CHOICE = ControlKind.NUMBER, ControlKind.SWITCH, ControlKind.CHOICE
MODES = {1: "By hand", 3: "Automatic"}


class Webcams:
    """Cameras by identity, each with values that stay until they are changed."""

    def __init__(self) -> None:
        self.cameras: dict[str, list[CameraControl]] = {}
        self.calls: list[dict[str, int]] = []
        self.problem = ""
        self.gate = threading.Event()
        self.gate.set()

    def add(self, spec: str) -> None:
        self.cameras[spec] = [
            CameraControl(1, "brightness", "Brightness", NUMBER, 0, 255, 5, 100, 100),
            CameraControl(2, "exposure_mode", "Exposure control", CHOICE, 0, 3, 1, 3, 3, MODES),
            CameraControl(3, "exposure", "Exposure time", NUMBER, 1, 5000, 1, 250, 250, automatic=True),
            CameraControl(4, "automatic_focus", "Automatic focus", SWITCH, 0, 1, 1, 1, 1),
        ]

    def read(self, spec: str) -> list[CameraControl]:
        self.gate.wait(5)
        if self.problem:
            raise SourceError(self.problem)
        return list(self.cameras.get(spec, []))

    def set(self, spec: str, values: Mapping[str, int]) -> list[CameraControl]:
        self.calls.append(dict(values))
        controls = [dataclasses.replace(c, value=values.get(c.name, c.value)) for c in self.read(spec)]
        by_hand = any(c.name == "exposure_mode" and c.value == 1 for c in controls)
        self.cameras[spec] = [
            dataclasses.replace(c, automatic=not by_hand) if c.name == "exposure" else c for c in controls
        ]
        return self.read(spec)

    def reset(self, spec: str) -> list[CameraControl]:
        return self.set(spec, {c.name: c.default for c in self.cameras[spec]})

    def value(self, spec: str, name: str) -> int:
        return next(c.value for c in self.cameras[spec] if c.name == name)


@pytest.fixture
def webcams(monkeypatch: pytest.MonkeyPatch) -> Webcams:
    webcams = Webcams()
    monkeypatch.setattr(capture_controls, "camera_controls", webcams.read)
    monkeypatch.setattr(capture_controls, "set_camera_controls", webcams.set)
    monkeypatch.setattr(capture_controls, "reset_camera_controls", webcams.reset)
    for spec in ("usb-one", "usb-two"):
        webcams.add(spec)
    return webcams


@pytest.fixture
def window(open_window: OpenWindow, webcams: Webcams) -> MainWindow:
    window = open_window(None, cameras=lambda: [camera("one"), camera("two", 1)], begin=False)
    start(window, "usb-one")
    return window


def start(window: MainWindow, spec: str) -> None:
    """A camera delivers its first picture."""
    window.live.open(spec)
    engine = window.live.engine
    engine.info = SourceInfo(SourceKind.CAMERA, spec, spec, 640, 480, 30.0)  # type: ignore[attr-defined]
    engine.deliver()  # type: ignore[attr-defined]


def shown(window: MainWindow, qtbot: QtBot) -> CameraControlsDialog:
    """The dialog, opened by its key, with the camera's answer."""
    qtbot.keyClick(window.live.canvas, Qt.Key.Key_C)
    (dialog,) = window.findChildren(CameraControlsDialog)
    qtbot.waitUntil(lambda: bool(dialog.rows))
    return dialog


def editor(dialog: CameraControlsDialog, name: str, kind: type = QSpinBox) -> object:
    (found,) = [each for each in dialog.rows[name].editors if isinstance(each, kind)]
    return found


def test_there_is_a_row_for_each_control_with_its_name_for_those_who_listen(window: MainWindow, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    assert list(dialog.rows) == ["brightness", "exposure_mode", "exposure", "automatic_focus"]
    for row in dialog.rows.values():
        assert {each.accessibleName() for each in row.editors} == {row.label}
    assert not dialog.isModal()


def test_what_is_set_reaches_the_camera_and_the_settings_file(
    window: MainWindow, webcams: Webcams, qtbot: QtBot, folder: Path
) -> None:
    dialog = shown(window, qtbot)
    slider, spin = editor(dialog, "brightness", QSlider), editor(dialog, "brightness")
    assert isinstance(slider, QSlider) and isinstance(spin, QSpinBox)
    slider.setValue(203)
    assert spin.value() == 205, "both show the nearest that the camera takes"
    qtbot.waitUntil(lambda: webcams.value("usb-one", "brightness") == 205)

    def kept() -> object:
        files = list(folder.rglob("settings.json"))
        return json.loads(files[0].read_text()).get("camera_controls") if files else None

    qtbot.waitUntil(lambda: kept() == {"usb-one": {"brightness": 205}})


def test_a_control_is_grey_while_the_camera_sets_it_by_itself(window: MainWindow, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    exposure, mode = editor(dialog, "exposure"), editor(dialog, "exposure_mode", QComboBox)
    assert isinstance(exposure, QSpinBox) and isinstance(mode, QComboBox)
    assert not exposure.isEnabled() and exposure.accessibleDescription() == AUTOMATIC
    assert [label.text() for label in dialog.findChildren(QLabel) if not label.isEnabled()] == ["Exposure time"]
    mode.setCurrentIndex(mode.findText("By hand"))
    mode.activated.emit(mode.currentIndex())
    qtbot.waitUntil(exposure.isEnabled)
    assert exposure.accessibleDescription() == ""


def test_reset_sets_the_defaults_and_forgets(window: MainWindow, webcams: Webcams, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    spin, focus = editor(dialog, "brightness"), editor(dialog, "automatic_focus", QCheckBox)
    assert isinstance(spin, QSpinBox) and isinstance(focus, QCheckBox)
    spin.setValue(10)
    focus.click()
    qtbot.waitUntil(lambda: webcams.value("usb-one", "automatic_focus") == 0)
    assert window.settings.camera_controls == {"usb-one": {"brightness": 10, "automatic_focus": 0}}
    dialog.reset.click()
    qtbot.waitUntil(lambda: spin.value() == 100 and focus.isChecked())
    assert webcams.value("usb-one", "brightness") == 100
    assert window.settings.camera_controls == {}


def test_each_camera_gets_back_what_was_set_on_it(window: MainWindow, webcams: Webcams, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    spin = editor(dialog, "brightness")
    assert isinstance(spin, QSpinBox)
    spin.setValue(20)
    qtbot.waitUntil(lambda: webcams.value("usb-one", "brightness") == 20)
    webcams.add("usb-one")  # it was pulled out, and has forgotten
    start(window, "usb-two")
    qtbot.waitUntil(lambda: bool(dialog.rows))
    assert webcams.value("usb-two", "brightness") == 100
    start(window, "usb-one")
    qtbot.waitUntil(lambda: webcams.value("usb-one", "brightness") == 20)


def test_a_window_opened_later_sets_it_again(
    window: MainWindow, webcams: Webcams, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window.live.camera_controls.set_value("brightness", 30)
    qtbot.waitUntil(lambda: webcams.value("usb-one", "brightness") == 30)
    window.close()  # before the settings rested
    webcams.add("usb-one")
    start(open_window(None, begin=False), "usb-one")
    qtbot.waitUntil(lambda: webcams.value("usb-one", "brightness") == 30)


def test_a_slider_that_is_drawn_while_the_camera_is_slow_ends_at_its_last_value(
    window: MainWindow, webcams: Webcams, qtbot: QtBot
) -> None:
    dialog = shown(window, qtbot)
    slider = editor(dialog, "brightness", QSlider)
    assert isinstance(slider, QSlider)
    webcams.calls.clear()
    webcams.gate.clear()
    for value in range(0, 256, 5):
        slider.setValue(value)
    assert slider.value() == 255
    webcams.gate.set()
    qtbot.waitUntil(lambda: webcams.value("usb-one", "brightness") == 255)
    assert len(webcams.calls) <= 2, "what was passed over is not sent"
    assert slider.value() == 255


@pytest.mark.parametrize("kind", [QSlider, QSpinBox])
def test_the_wheel_over_a_control_without_the_focus_scrolls_and_sets_nothing(
    window: MainWindow, webcams: Webcams, qtbot: QtBot, kind: type
) -> None:
    dialog = shown(window, qtbot)
    target = editor(dialog, "brightness", kind)
    assert isinstance(target, (QSlider, QSpinBox))
    dialog.reset.setFocus()
    webcams.calls.clear()
    middle = QPointF(target.rect().center())
    none, no_button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    wheel = QWheelEvent(
        middle, QPointF(target.mapToGlobal(middle.toPoint())), QPoint(0, 0), QPoint(0, 120), no_button, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(target, wheel)
    assert target.value() == 100 and webcams.calls == []


def test_what_the_camera_refuses_is_told_in_the_dialog(window: MainWindow, webcams: Webcams, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    webcams.problem = "The camera one did not take Brightness. Choose another value."
    window.live.camera_controls.set_value("brightness", 1)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert dialog.problem.text() == webcams.problem
    webcams.problem = ""
    window.live.camera_controls.look()
    qtbot.waitUntil(dialog.problem.isHidden)


def test_a_camera_without_controls_says_so(window: MainWindow, webcams: Webcams, qtbot: QtBot) -> None:
    webcams.cameras.clear()
    window.live.actions_.camera_controls.trigger()
    (dialog,) = window.findChildren(CameraControlsDialog)
    qtbot.waitUntil(lambda: dialog.hint.text() == NOTHING)
    assert not dialog.reset.isEnabled()


def test_without_a_camera_there_is_nothing_to_set(window: MainWindow, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    assert window.live.actions_.camera_controls.isEnabled()
    window.live.open("/films/one.mp4")
    assert dialog.hint.text() == NO_CAMERA and not dialog.rows
    assert not window.live.actions_.camera_controls.isEnabled()


def test_a_number_that_is_being_typed_stays_while_the_camera_is_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    spin = editor(dialog, "brightness")
    assert isinstance(spin, QSpinBox)
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "20")
    with qtbot.waitSignal(window.live.camera_controls.changed):
        window.live.camera_controls.look()
    qtbot.keyClicks(spin, "0")
    qtbot.keyClick(spin, Qt.Key.Key_Tab)
    assert spin.value() == 200


def test_where_the_camera_refuses_its_own_value_is_shown_again(
    window: MainWindow, webcams: Webcams, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = shown(window, qtbot)
    spin = editor(dialog, "brightness")
    assert isinstance(spin, QSpinBox)
    monkeypatch.setattr(capture_controls, "set_camera_controls", lambda spec, values: webcams.read(spec))
    spin.setValue(10)
    qtbot.waitUntil(lambda: spin.value() == 100)


@pytest.mark.parametrize(
    "bad",
    [[], {"a": 1}, {"a": {"b": 1.5}}, {"a": {"b": True}}, {"a": {"b": 1 << 31}}, {"a": {"b": None}},
     {str(n): {} for n in range(MAX_CAMERAS + 1)}],
    ids=str,
)  # fmt: skip
def test_damaged_settings_are_refused(bad: object) -> None:
    with pytest.raises(SettingsError):
        parse_settings({"version": 1, "camera_controls": bad})


def test_settings_survive_the_file(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    file.load()
    file.save(Settings(camera_controls={"usb-é": {"hue": -180}}))
    assert SettingsFile(tmp_path / "settings.json").load().camera_controls == {"usb-é": {"hue": -180}}


def test_of_too_many_cameras_the_one_set_longest_ago_is_forgotten(window: MainWindow) -> None:
    window.settings_store.set_for_later(camera_controls={str(n): {"hue": n} for n in range(MAX_CAMERAS)})
    window.live.camera_controls.set_value("brightness", 1)
    kept = list(window.settings.camera_controls)
    assert len(kept) == MAX_CAMERAS and kept[0] == "1" and kept[-1] == "usb-one"
