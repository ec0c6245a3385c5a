"""Someone leaves a dialog open and goes on with the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QCheckBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeEngine
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.dialog import SettingsDialog

OPENERS: dict[str, Callable[[MainWindow], object]] = {
    "settings": lambda window: window.actions_.settings.trigger(),
    "about": lambda window: window.actions_.about.trigger(),
    "keys": lambda window: window.actions_.keys.trigger(),
    "address": lambda window: window.actions_.open_url.trigger(),
    "file": lambda window: window.actions_.open_file.trigger(),
}


def dialog_of(window: MainWindow, which: str) -> QDialog:
    OPENERS[which](window)
    (dialog,) = (dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    return dialog


@pytest.mark.parametrize("which", OPENERS)
def test_no_dialog_holds_up_the_window(window: MainWindow, qtbot: QtBot, which: str) -> None:
    dialog = dialog_of(window, which)
    assert not dialog.isModal()
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert window.live.canvas.mirrored


@pytest.mark.parametrize("which", ["settings", "about", "keys"])
def test_r_stops_a_recording_while_a_dialog_is_in_front(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, which: str
) -> None:
    engine.deliver()
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    dialog = dialog_of(window, which)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    for box in dialog.findChildren(QCheckBox)[:1]:
        box.setFocus()
    qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: not window.live.recording.active)
    assert dialog.isVisible()


def test_letters_that_are_typed_stay_letters(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    dialog = dialog_of(window, "settings")
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    line = dialog.findChildren(QLineEdit)[0]
    line.setFocus()
    qtbot.keyClicks(line, "rs")
    assert line.text().endswith("rs")
    assert not window.live.recording.active


@pytest.mark.parametrize("which", OPENERS)
def test_a_dialog_that_is_open_comes_to_the_front_instead_of_a_second_one(window: MainWindow, which: str) -> None:
    first = dialog_of(window, which)
    assert dialog_of(window, which) is first


def test_a_closed_dialog_can_be_opened_again(window: MainWindow) -> None:
    first = dialog_of(window, "about")
    first.reject()
    assert dialog_of(window, "about") is not first


def test_a_switch_that_was_used_while_the_settings_were_open_stays(window: MainWindow, qtbot: QtBot) -> None:
    dialog = dialog_of(window, "settings")
    assert isinstance(dialog, SettingsDialog)
    window.live.actions_.masks.trigger()
    tracks = dialog.editors["show_tracks"]
    assert isinstance(tracks, QCheckBox)
    tracks.setChecked(True)
    dialog._confirm()
    assert window.settings.show_tracks is True
    assert window.settings.show_masks is False


def test_closing_the_window_closes_its_dialogs(window: MainWindow) -> None:
    dialog = dialog_of(window, "settings")
    window.close()
    assert not dialog.isVisible()
