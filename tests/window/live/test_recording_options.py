"""Someone counts down, pauses, records seldom or with sound, and sees what is going on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from tests.window.live.test_recording import start
from webcam_app.capture import SourceKind
from webcam_app.capture.sound import microphones
from webcam_app.errors import SourceNotFoundError
from webcam_app.live import MicrophoneStatus, RecordingStatus, RecordingSummary, Shortage
from webcam_app.window.live.recording import countdown
from webcam_app.window.live.recording.text import amount, figures, shortage_text
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.dialog import SettingsDialog
from webcam_app.window.settings.schema import COUNTDOWNS, LAPSES, Settings, SettingsError


def counted(window: MainWindow, engine: FakeEngine, qtbot: QtBot, seconds: int = 3) -> list[int]:
    """Press Record with a countdown set; gives the list that fills with the numbers shown."""
    numbers: list[int] = []
    window.live.countdown.counting.connect(numbers.append)
    window._settings.update(countdown_seconds=seconds)
    engine.deliver()
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    window.live.actions_.record.trigger()
    return numbers


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of the countdown takes a tenth."""
    monkeypatch.setattr(countdown, "COUNT_MS", 100)


def test_a_countdown_goes_to_zero_and_then_it_records(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    numbers = counted(window, engine, qtbot)
    assert numbers == [3] and engine.recording is None
    assert window.live.controls.record.text() == "Cancel"
    assert window.live.canvas.accessibleDescription() == "Recording in 3"
    qtbot.waitUntil(lambda: window.live.recording.active)
    assert numbers == [3, 2, 1, 0]
    assert window.live.controls.record.text() == "Stop recording"


def test_the_number_is_large_on_the_picture(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    window.live.canvas.show_result(engine.latest(), ())
    before = window.live.canvas.grab().toImage()
    window.live.canvas.set_countdown(3)
    after = window.live.canvas.grab().toImage()
    width, height = after.width(), after.height()
    points = [(x, y) for x in range(0, width, 5) for y in range(0, height, 5)]
    changed = [(x, y) for x, y in points if before.pixel(x, y) != after.pixel(x, y)]
    assert len(changed) > 0.05 * len(points)
    assert max(abs(y - height / 2) for _, y in changed) > 0.15 * height


@pytest.mark.parametrize("how", ["record", "escape", "stop"])
def test_a_countdown_can_be_cancelled(window: MainWindow, engine: FakeEngine, qtbot: QtBot, how: str) -> None:
    numbers = counted(window, engine, qtbot, 10)
    if how == "record":
        window.live.actions_.record.trigger()
    elif how == "escape":
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    else:
        window.live.stop()
    assert numbers[-1] == 0 and window.live.countdown.purpose is None
    assert window.live.controls.record.text() == "Record"
    assert not window.live.countdown._timer.isActive()
    assert engine.recording is None


def test_a_recording_is_paused_and_goes_on(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    assert not window.live.actions_.pause_recording.isEnabled() and not window.live.controls.pause.isVisible()
    start(window, engine, qtbot)
    assert window.live.controls.pause.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert engine.recording is not None and engine.recording.paused
    assert window.live.controls.pause.accessibleName() == "Go on recording"
    window.live.controls.pause.click()
    assert not engine.recording.paused
    assert window.live.controls.pause.accessibleName() == "Pause recording"
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: not window.live.actions_.pause_recording.isEnabled())


def test_size_and_free_space_are_shown_while_it_records(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    start(window, engine, qtbot)
    assert engine.recording is not None
    engine.recording = dataclasses.replace(engine.recording, seconds=65, size=45_000_000, free=120_000_000_000)
    shown: list[tuple[str, str, bool]] = []
    window.live.recording.progress.connect(lambda *told: shown.append(told))
    qtbot.waitUntil(lambda: ("1:05", "45 MB · 120 GB free", False) in shown)


def test_a_time_lapse_is_recorded_as_it_is_set(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window._settings.update(lapse_seconds=10)
    start(window, engine, qtbot)
    assert engine.lapses == [10]


def test_a_chosen_microphone_is_listened_to_while_there_is_a_picture_and_its_level_is_seen(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.deliver(kind=SourceKind.CAMERA)
    assert engine.microphone is None and not window.live.controls.level.isVisible()
    window._settings.update(microphone="Headset")
    assert engine.microphone is not None and engine.microphone.name == "Headset"
    level = window.live.controls.level
    qtbot.waitUntil(lambda: level.isVisible() and level.share > 0.5)
    assert "Headset" in level.accessibleDescription()
    engine.microphone = MicrophoneStatus("Headset", 0.001)
    qtbot.waitUntil(lambda: level.share == 0)
    window.live.stop()
    qtbot.waitUntil(lambda: not level.isVisible())
    assert engine.microphone is None, "nothing listens once the picture is stopped"


def test_a_microphone_that_is_gone_is_told_until_it_is_back(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.deliver()
    window._settings.update(microphone="Headset")
    engine.microphone = MicrophoneStatus("Headset", 0.0, "The microphone Headset is not plugged in.")
    qtbot.waitUntil(lambda: "Headset is not plugged in" in window.banner.text.text(), timeout=3000)
    engine.microphone = MicrophoneStatus("Headset", 0.2)
    qtbot.waitUntil(lambda: not window.banner.isVisible(), timeout=3000)


def test_sound_that_failed_is_told_and_the_recording_goes_on(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    start(window, engine, qtbot)
    assert engine.recording is not None
    engine.recording = dataclasses.replace(engine.recording, sound_problem="the encoder gave up")
    qtbot.waitUntil(lambda: "goes on without sound: the encoder gave up" in window.banner.text.text())
    assert window.live.recording.active


@pytest.mark.parametrize(
    ("names", "problem", "texts"),
    [
        (["Built-in", "Headset"], "", ["None", "Headset", "Built-in"]),
        ([], "", ["None (there is no microphone)", "Headset"]),
        ([], microphones.NO_LIBRARY, ["None (Sound needs PortAudio, which is not installed)", "Headset"]),
    ],
)
def test_the_settings_offer_the_microphones_by_name_and_keep_one_that_is_away(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    problem: str,
    texts: list[str],
) -> None:
    def known() -> list[str]:
        if problem:
            raise SourceNotFoundError(problem)
        return names

    monkeypatch.setattr(microphones, "microphone_names", known)
    window._settings.update(microphone="Headset")
    window.actions_.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    box = dialog.editors["microphone"]
    assert isinstance(box, QComboBox) and box.accessibleName() == "Microphone"
    qtbot.waitUntil(lambda: [box.itemText(index) for index in range(box.count())] == texts)
    assert box.currentData() == "Headset"
    box.setCurrentIndex(0)
    dialog._confirm()
    assert window.settings.microphone == ""


def test_settings_that_are_closed_before_the_microphones_are_known_harm_nothing(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    go_on = threading.Event()
    monkeypatch.setattr(microphones, "microphone_names", lambda: go_on.wait(20) and ["Headset"])
    window = open_window()
    window.actions_.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    told: list[str] = []
    window.worker.submit(lambda: "after", told.append, told.append)
    go_on.set()
    qtbot.waitUntil(lambda: told == ["after"])


@pytest.mark.parametrize(
    "wrong", [{"countdown_seconds": 4}, {"lapse_seconds": -1}, {"microphone": 3}, {"lapse_seconds": True}]
)
def test_a_value_that_is_no_choice_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Settings(**wrong)  # type: ignore[arg-type]
    assert Settings(countdown_seconds=max(COUNTDOWNS), lapse_seconds=max(LAPSES)).microphone == ""


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0.0 MB"), (450_000, "0.5 MB"), (45e6, "45 MB"), (1.24e9, "1.2 GB"), (2e12, "2.0 TB")]
)
def test_sizes_read_as_disks_are_labelled(size: float, text: str) -> None:
    assert amount(size) == text


def test_what_is_left_out_is_told_with_its_true_cause() -> None:
    path = Path("one.mp4")
    cases = {
        "3 pictures left out, the processor was too slow": RecordingSummary(path, 9, 87, 3, None, Shortage.PROCESSOR),
        "1 picture left out, the disk was too slow": RecordingSummary(path, 9, 89, 1, None, Shortage.DISK),
        "The camera gave 14 pictures a second, not 30: more light often helps": RecordingSummary(
            path, 9, 126, 0, None, Shortage.CAMERA, rate=14.2, promised_rate=30.0
        ),
    }
    for text, summary in cases.items():
        assert shortage_text(summary) == text
    assert shortage_text(RecordingSummary(path, 9, 270, 0)) == ""
    assert shortage_text(RecordingSummary(path, 900, 26_999, 1, None, Shortage.DISK)) == ""


def test_what_is_left_out_is_told_where_it_stays(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    start(window, engine, qtbot)
    assert engine.recording is not None
    engine.summary = RecordingSummary(engine.recording.path, 9, 240, 30, None, Shortage.DISK)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: "30 pictures left out, the disk was too slow" in window.banner.text.text())
    assert "one.mp4" in window.banner.text.text()


def test_figures_say_what_is_left_out_while_it_records() -> None:
    path = Path("one.mp4")
    assert figures(RecordingStatus(path, 9, 87, 3, None, Shortage.DISK, 2_000_000)) == "2.0 MB · 3 left out"
    assert figures(RecordingStatus(path, 0.4, 12, 0, lapse=True)) == "12 pictures · 0.0 MB"
