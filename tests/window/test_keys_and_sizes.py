"""Someone works without a mouse, on a small screen, in full screen, or with a screen reader."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAbstractButton, QAction, QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import BARE, FACE, FakeEngine
from webcam_app.capture import SourceKind
from webcam_app.live import LiveState
from webcam_app.window.actions import Action, key_list
from webcam_app.window.dialogs.help import KeysDialog
from webcam_app.window.main_window import MainWindow

CONTROLS = ("start", "mirror", "masks", "record", "snapshot", "full_screen")


@pytest.mark.parametrize(("key", "done"), [("R", "recording"), ("S", "snapshot"), ("M", "mirror"), ("K", "masks")])
def test_letters_do_what_the_buttons_do(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, key: str, done: str
) -> None:
    engine.deliver()
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
    expected = {
        "recording": lambda: window.live.recording.active,
        "snapshot": window.live.toast.isVisible,
        "mirror": lambda: window.live.canvas.mirrored,
        "masks": lambda: not window.settings.show_masks,
    }
    qtbot.waitUntil(expected[done])


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keys = [QKeySequence(key).toString() for action in window.all_actions() for key in action.keys]
    assert len(keys) == len(set(keys))


def test_the_help_lists_every_key(window: MainWindow) -> None:
    window.actions_.keys.trigger()
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    text = dialog.text.toPlainText()
    listed = key_list(window.all_actions())
    assert all(keys in text and help_text in text for keys, help_text in listed)
    actions = [action for action in window.findChildren(QAction) if action.shortcuts()]
    assert len(actions) == len(window.all_actions()) == 47
    assert all(any(isinstance(a, Action) and a.help_text == text for _, text in listed) for a in actions)


def test_every_button_says_its_key(window: MainWindow) -> None:
    for name in CONTROLS:
        button = getattr(window.live.controls, name)
        action = button.defaultAction()
        assert isinstance(action, Action)
        assert f"({action.keys[0]})" in button.toolTip()


def test_everything_that_can_be_focused_has_a_name(window: MainWindow) -> None:
    parts = [*window.findChildren(QAbstractButton), *window.findChildren(QComboBox)]
    focusable = [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible()]
    assert len(focusable) >= 9
    for part in focusable:
        assert part.accessibleName() or (isinstance(part, QAbstractButton) and part.text()), part.objectName()


def test_tab_goes_from_the_top_to_the_bottom(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    qtbot.waitUntil(window.live.controls.record.isEnabled)
    window.activateWindow()
    window.live.canvas.setFocus()
    seen = []
    for _ in range(14):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        part = window.focusWidget()
        seen.append(part.mapTo(window, part.rect().center()))
    ys = [point.y() for point in seen[:10]]
    assert ys == sorted(ys)
    assert len({(point.x(), point.y()) for point in seen}) >= 9


def test_a_focused_button_takes_the_space_key_for_itself(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    window.activateWindow()
    window.live.controls.mirror.setFocus()
    qtbot.keyClick(window.live.controls.mirror, Qt.Key.Key_Space)
    assert window.live.canvas.mirrored
    qtbot.keyClick(window.live.controls.mirror, Qt.Key.Key_Return)
    assert not window.live.canvas.mirrored


def test_a_click_does_not_take_the_keys_away_from_the_window(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.deliver()
    qtbot.mouseClick(window.live.controls.mirror, Qt.MouseButton.LeftButton)
    assert not window.live.controls.mirror.hasFocus()


def test_at_640x360_only_icons_are_left_and_the_picture_has_the_most_room(open_window: OpenWindow) -> None:
    window = open_window(size=(640, 360))
    for name in CONTROLS:
        button = getattr(window.live.controls, name)
        assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        assert window.rect().contains(button.geometry().translated(button.mapTo(window, button.rect().topLeft())
                                                                   - button.pos()))  # fmt: skip
    assert window.live.canvas.height() > 0.75 * window.height()
    window.banner.show_message("camera", "No camera was found. This is the demo clip.", choices=[("Look again", print)])
    assert window.live.canvas.height() > 0.63 * window.height(), "with a message it had 195 pixels"


@pytest.mark.parametrize("size", [(640, 360), (820, 500), (1000, 720), (1600, 900)])
def test_record_stands_in_the_middle_and_nothing_moves_when_it_is_pressed(
    open_window: OpenWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window(size=size)
    controls = window.live.controls
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(controls.record.isEnabled)
    before = [getattr(controls, name).geometry() for name in CONTROLS]
    assert abs(controls.record.geometry().center().x() - controls.rect().center().x()) <= 1
    controls.record.click()
    qtbot.waitUntil(lambda: controls.record.text() == "Stop recording")
    window.live.engine.go(LiveState.IDLE)
    assert controls.start.text() == "Start"
    QApplication.processEvents()
    assert [getattr(controls, name).geometry() for name in CONTROLS] == before


def test_with_room_the_buttons_have_words(window: MainWindow) -> None:
    assert window.live.controls.mirror.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_F11])
def test_full_screen_is_all_picture_and_escape_leaves_it(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    before = window.size()
    qtbot.keyClick(window, key)
    assert window.isFullScreen()
    assert (
        not window.live.header.isVisible()
        and not window.live.controls.isVisible()
        and not window.live.status.isVisible()
    )
    assert window.live.canvas.size() == window.size()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.live.controls.isVisible() and window.live.header.isVisible()
    qtbot.waitUntil(lambda: window.size() == before)


def test_in_full_screen_the_controls_come_with_the_mouse_and_keys_still_work(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.deliver()
    window.set_full_screen(True)
    window.layout_.show_bars()
    assert window.live.controls.isVisible()
    assert window.live.canvas.size() == window.size(), "the picture does not move"
    window.layout_._hide_bars()
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert window.live.canvas.mirrored


def test_the_status_line_tells_the_figures(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver(faces=[FACE, BARE])
    qtbot.waitUntil(lambda: window.live.status.rate.text() == "30 fps", timeout=3000)
    assert window.live.status.latency.text() == "8 ms (95 %: 15)"
    assert window.live.status.faces.text() == "2 faces, 1 with a mask"
    assert window.live.status.dropped.text() == "0 dropped"
    window.live.actions_.masks.trigger()
    qtbot.waitUntil(lambda: window.live.status.faces.text() == "2 faces", timeout=3000)


def test_a_long_message_can_be_read_whole_in_a_small_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(size=(640, 360))
    window.banner.show_message("short", "No camera was found.")
    choices = [("Retry", lambda: None), ("Demo clip", lambda: None)]
    window.banner.show_message("long", "The camera cannot be opened. " * 7, choices=choices)
    text = window.banner.text
    qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
    assert window.live.canvas.height() > 100
