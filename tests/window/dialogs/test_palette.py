"""Someone does everything from the keyboard, without knowing the keys."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeEngine
from webcam_app.window.actions import ActionSet
from webcam_app.window.dialogs.palette import NOTHING, Palette, fitting
from webcam_app.window.main_window import MainWindow
from webcam_app.window.model.page import ModelPage


def opened(window: MainWindow, qtbot: QtBot) -> Palette:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(Palette)
    assert palette is not None
    qtbot.waitUntil(palette.isActiveWindow)
    return palette


def names(palette: Palette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_it_has_all_that_can_be_done_now_and_nothing_else(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    palette = opened(window, qtbot)
    able = [a for a in window.all_actions() if a.isEnabled() and a is not window.actions_.palette]
    assert palette.list.count() == len(able)
    assert not window.live.actions_.next.isEnabled()
    assert not any(name.startswith("Next") for name in names(palette))
    for action, name in zip(able, names(palette), strict=True):
        assert name.startswith(action.text().rstrip("…"))


def test_keys_stand_at_the_end_of_their_rows(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    palette = opened(window, qtbot)
    qtbot.keyClicks(palette.line, "snapshot")
    row = palette.list.visualItemRect(palette.list.item(0))
    image = palette.list.viewport().grab(row).toImage()  # type: ignore[union-attr]
    ink = [x for x in range(row.width() - 40, row.width() - 8) if _differs(image, x)]
    assert ink and max(ink) >= row.width() - 14


def _differs(image: QImage, x: int) -> bool:
    return len({image.pixel(x, y) for y in range(4, image.height() - 4)}) > 1


def test_typing_and_enter_do_it(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    palette = opened(window, qtbot)
    qtbot.keyClicks(palette.line, "whom the mod")
    assert palette.list.count() == 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.page, ModelPage))
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)


def test_a_letter_that_is_also_a_key_of_the_window_is_typed(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.deliver()
    palette = opened(window, qtbot)
    for key in (Qt.Key.Key_M, Qt.Key.Key_A, Qt.Key.Key_S):
        qtbot.keyClick(palette.line, key)
    assert palette.line.text() == "mas"
    assert not window.live.canvas.mirrored
    assert palette.marked is window.live.actions_.masks


def test_arrows_move_the_mark_round_and_it_is_told(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    palette = opened(window, qtbot)
    first = palette.marked
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    second = palette.marked
    assert second is not None and second is not first
    assert palette.help.text() == second.help_text
    assert second.help_text in palette.line.accessibleDescription()
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentRow() == palette.list.count() - 1
    qtbot.keyClick(palette.line, Qt.Key.Key_PageDown)
    assert palette.list.currentRow() == palette.list.count() - 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.marked is first


def test_what_fits_nothing_says_so_and_does_nothing(window: MainWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    qtbot.keyClicks(palette.line, "xyzzy")
    assert names(palette) == [NOTHING]
    assert palette.line.accessibleDescription() == NOTHING
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)


def test_it_says_what_is_on(window: MainWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    qtbot.keyClicks(palette.line, "masks")
    assert names(palette)[0].startswith("Masks  –  on")


def test_a_click_does_it_too(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    palette = opened(window, qtbot)
    qtbot.keyClicks(palette.line, "mirror")
    place = palette.list.visualItemRect(palette.list.item(0)).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.live.canvas.mirrored)


def test_it_fits_a_small_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(480, 300)
    palette = opened(window, qtbot)
    screen = palette.screen()
    assert screen is not None and screen.availableGeometry().contains(palette.geometry())


def test_words_in_any_order_find_it_by_text_before_help(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = ActionSet(owner)
    show = actions.add("a", "Show folder", ("A",), "folder", "Where files go")
    open_ = actions.add("b", "Open folder…", ("B",), "folder", "A folder of pictures")
    files = actions.add("c", "Open file…", ("C",), "file", "Pictures, not a folder")
    assert fitting(actions, "") == [show, open_, files]
    assert fitting(actions, "FOLDER open") == [open_, files]
    assert fitting(actions, "folder") == [show, open_, files]
    assert fitting(actions, "open") == [open_, files]
    assert fitting(actions, "where") == [show]
