"""The window shows another page than the live picture, as a gallery or a player will be one."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeEngine
from webcam_app.live import LiveState
from webcam_app.window.actions import ActionSet
from webcam_app.window.header import Header
from webcam_app.window.main_window import MainWindow
from webcam_app.window.page import Page, PageParts
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.bar import Bar


class Pictures(Page):
    """A page with an action of its own on a key that the live page uses too."""

    def __init__(self, window: MainWindow) -> None:
        content = QWidget()
        content.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        actions = ActionSet(content)
        self.next = actions.add("next", "Next", ("Space",), "play", "Show the next picture")
        header = Header(window.actions_, ((QLabel("Pictures"), 1),))
        super().__init__(PageParts(header, content, Bar("controls"), Bar("status")), actions, window)
        self.compact: bool | None = None
        self.cancelled = self.closed = False

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.compact = compact

    def cancel(self) -> None:
        self.cancelled = True

    def close(self, timeout_seconds: float) -> None:
        self.closed = True


@pytest.fixture
def pictures(window: MainWindow, engine: FakeEngine) -> Pictures:
    """Another page, which the window shows."""
    engine.deliver()
    page = Pictures(window)
    window.add_page(page)
    window.show_page(page)
    return page


def test_its_parts_take_the_place_of_the_live_ones(window: MainWindow, pictures: Pictures) -> None:
    parts, live = pictures.parts, window.live
    assert parts.header.isVisible() and parts.content.isVisible()
    assert parts.content.width() == window.width()
    assert not any(part.isVisible() for part in (live.header, live.canvas, live.controls, live.status))


def test_a_key_does_what_it_does_on_the_page_that_is_shown(
    window: MainWindow, pictures: Pictures, engine: FakeEngine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(pictures.next.triggered):
        qtbot.keyClick(window, Qt.Key.Key_Space)
    engine.deliver()
    window.show_page(window.live)
    with qtbot.assertNotEmitted(pictures.next.triggered):
        qtbot.keyClick(window, Qt.Key.Key_Space)
    assert engine.state is LiveState.PAUSED


def test_the_help_lists_the_keys_of_the_page_that_is_shown(window: MainWindow, pictures: Pictures) -> None:
    assert pictures.next in window.all_actions()
    assert window.live.actions_.start not in window.all_actions()


def test_messages_are_shown_on_every_page(window: MainWindow, pictures: Pictures) -> None:
    window.banner.show_message("disk", "The disk is full.", Severity.ERROR)
    assert window.banner.isVisible()
    assert window.banner.geometry().top() == pictures.parts.header.height()
    assert pictures.parts.content.geometry().top() == window.banner.geometry().bottom() + 1


def test_in_full_screen_it_fills_the_screen_with_the_banner_above(window: MainWindow, pictures: Pictures) -> None:
    window.set_full_screen(True)
    assert pictures.parts.content.size() == window.size()
    assert not pictures.parts.header.isVisible()
    window.banner.show_message("disk", "The disk is full.", Severity.ERROR)
    assert window.layout_.childAt(window.banner.geometry().center()) is not pictures.parts.content
    window.set_full_screen(False)


def test_it_learns_how_much_room_there_is(window: MainWindow, pictures: Pictures, qtbot: QtBot) -> None:
    assert pictures.compact is False
    window.resize(640, 360)
    qtbot.waitUntil(lambda: pictures.compact is True)


def test_escape_and_closing_reach_it(window: MainWindow, pictures: Pictures, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert pictures.cancelled
    window.close()
    assert pictures.closed


def test_its_title_stands_before_the_windows(window: MainWindow, pictures: Pictures) -> None:
    pictures.title_changed.emit("12 of 300")
    assert window.windowTitle() == "12 of 300 – Webcam App"


def test_opening_a_file_returns_to_the_live_picture(window: MainWindow, pictures: Pictures, engine: FakeEngine) -> None:
    window.open("/films/two.mp4")
    assert window.page is window.live
    assert window.live.canvas.isVisible() and window.live.header.isVisible()
    assert engine.opened[-1][0] == "/films/two.mp4"
