"""Someone holds a button or a key while the camera looks at examples."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeEngine
from tests.window.teach.conftest import BESIDE, PLACE, counts, face, wall
from webcam_app.faces.face import Face
from webcam_app.window.main_window import MainWindow
from webcam_app.window.teach.page import TeachPage


def show(page: TeachPage, engine: FakeEngine, qtbot: QtBot, *colors: str) -> None:
    """A frame, and wait until the page shows it."""
    places = (PLACE, BESIDE)[: len(colors)]
    result = engine.deliver(wall(*colors), [face(place, number) for number, place in enumerate(places, 1)])
    qtbot.waitUntil(lambda: getattr(page.preview.canvas.result, "sequence", 0) == result.sequence)


def test_pictures_are_taken_while_the_button_is_held_of_what_looks_different(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot
) -> None:
    button = page.classes.cards[two[0]].hold
    show(page, engine, qtbot, "red")
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counts(page) == [1, 0])
    show(page, engine, qtbot, "red")
    qtbot.waitUntil(lambda: page.taker.alike)
    assert counts(page) == [1, 0]
    show(page, engine, qtbot, "green")
    qtbot.waitUntil(lambda: counts(page) == [2, 0])
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert page.taker.held is None
    show(page, engine, qtbot, "black")
    assert counts(page) == [2, 0]
    assert page.classes.cards[two[0]].count.text() == "2 pictures"


@pytest.mark.parametrize("place", ["page", "thumbnails", "button"])
def test_a_digit_holds_the_class_of_that_number(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot, place: str
) -> None:
    card = page.classes.cards[two[1]]
    show(page, engine, qtbot, "blue")
    part = {"page": page.content, "thumbnails": card.thumbnails, "button": card.add}[place]
    qtbot.keyPress(part, Qt.Key.Key_2)
    assert page.taker.held == two[1]
    qtbot.waitUntil(lambda: counts(page) == [0, 1])
    qtbot.keyRelease(part, Qt.Key.Key_2)
    assert page.taker.held is None


def test_space_holds_the_button_that_has_the_focus(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot
) -> None:
    button = page.classes.cards[two[0]].hold
    button.setFocus()
    show(page, engine, qtbot, "red")
    qtbot.keyPress(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: counts(page) == [1, 0])
    qtbot.keyRelease(button, Qt.Key.Key_Space)
    assert page.taker.held is None


def test_digits_in_a_name_are_typed(page: TeachPage, two: tuple[int, int], qtbot: QtBot) -> None:
    name = page.classes.cards[two[0]].name
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "area 1f")
    assert page.taker.held is None and name.text() == "area 1f"
    assert page.parts.content.isVisible()


def test_only_the_face_that_was_meant_at_the_beginning_is_taken(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot
) -> None:
    show(page, engine, qtbot, "red", "blue")
    button = page.classes.cards[two[0]].hold
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counts(page) == [1, 0])
    engine.deliver(wall("green"), [face(PLACE, 7)])
    qtbot.waitUntil(lambda: "gone" in page.preview.hint.text())
    assert counts(page) == [1, 0]
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)


def test_the_face_carries_the_name_of_the_class_while_it_is_held(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot
) -> None:
    def shown() -> list[Face]:
        return list(page.preview.canvas.result.faces)  # type: ignore[union-attr]

    show(page, engine, qtbot, "red", "blue")
    assert [each.label for each in shown()] == ["this face", None], "not the built-in model's labels"
    qtbot.mousePress(page.classes.cards[two[0]].hold, Qt.MouseButton.LeftButton)
    assert [each.label for each in shown()] == ["red", None]
    qtbot.mouseRelease(page.classes.cards[two[0]].hold, Qt.MouseButton.LeftButton)


def test_leaving_the_page_ends_holding(
    page: TeachPage, two: tuple[int, int], window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    show(page, engine, qtbot, "red")
    qtbot.keyPress(page.content, Qt.Key.Key_1)
    window.actions_.show_live.trigger()
    assert page.taker.held is None
    assert window.page is window.live


def test_another_program_in_front_ends_holding(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(page, engine, qtbot, "red")
    qtbot.keyPress(page.content, Qt.Key.Key_1)
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    qtbot.waitUntil(lambda: page.taker.held is None)


def test_how_it_goes_is_told_to_who_does_not_see_it(
    page: TeachPage, two: tuple[int, int], engine: FakeEngine, qtbot: QtBot
) -> None:
    canvas = page.preview.canvas
    qtbot.waitUntil(lambda: canvas.accessibleDescription() != "")
    show(page, engine, qtbot, "red")
    qtbot.keyPress(page.content, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: canvas.accessibleDescription().startswith("1 picture taken."))
    qtbot.keyRelease(page.content, Qt.Key.Key_1)
