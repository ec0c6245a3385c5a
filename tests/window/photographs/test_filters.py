"""Someone narrows down what is shown: several chips at once, each with its count."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.commands.square_analyzer import draw_face
from tests.window.conftest import OpenWindow
from tests.window.photographs.test_a_folder_of_photographs import choose, labelled, names, squares
from tests.window.photographs.test_correct_labels import press
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.kinds import (
    ALL,
    CORRECTED,
    FAULTY,
    MASKED,
    NO_FACE,
    NOT_SURE,
    WRONG,
    Kind,
    lets_through,
)
from webcam_app.window.photographs.page import PhotographsPage

__all__ = ["squares"]
FEMALE, MALE = Kind("label", "female"), Kind("label", "male")


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A woman, one with a mask, a man, one with a mask, one who is neither, nobody, and a file that is no picture."""
    folder = tmp_path / "album"
    folder.mkdir()
    for name, label, masked in (
        ("1.png", "female", False),
        ("2.png", "female", True),
        ("3.png", "male", False),
        ("4.png", "male", True),
        ("5.png", "unsure", False),
        ("6.png", None, False),
    ):
        image = np.full((80, 80, 3), 90, np.uint8)
        if label is not None:
            draw_face(image, label, 10, 10, 40, masked=masked)
        (folder / name).write_bytes(cv2.imencode(".png", image)[1].tobytes())
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff and nothing more")
    return folder


def chip_texts(page: PhotographsPage) -> list[str]:
    return [chip.text().replace("  ", " ") for chip in page.chips.chips.values()]


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ((FEMALE,), ["1.png", "2.png"]),
        ((FEMALE, NOT_SURE), ["1.png", "2.png", "5.png"]),
        ((MASKED,), ["2.png", "4.png"]),
        ((MALE, MASKED), ["4.png"]),
        ((NO_FACE, FAULTY), ["6.png", "broken.jpg"]),
        ((FEMALE, MALE, MASKED), ["2.png", "4.png"]),
        ((ALL,), ["1.png", "2.png", "3.png", "4.png", "5.png", "6.png", "broken.jpg"]),
    ],
)
def test_several_labels_show_either_and_masks_narrow_that(
    album: Path, window: MainWindow, qtbot: QtBot, chosen: tuple[Kind, ...], shown: list[str]
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    choose(page, *chosen)
    assert names(page) == shown
    assert page.chips.chips[ALL].isChecked() == (chosen == (ALL,))


def test_each_chip_says_how_many_there_are_and_those_without_any_cannot_be_chosen(
    album: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    assert chip_texts(page) == [
        "All 7", "female 2", "male 2", "unsure 1", "no face 1", "not read 1", "mask 2", "corrected 0", "wrong 0",
    ]  # fmt: skip
    assert not page.chips.chips[WRONG].isEnabled()
    press(page, qtbot, "1.png", Qt.Key.Key_2)
    press(page, qtbot, "5.png", Qt.Key.Key_2)
    assert chip_texts(page)[2:] == ["male 4", "unsure 0", "no face 1", "not read 1", "mask 2", "corrected 2", "wrong 1"]
    choose(page, CORRECTED)
    assert names(page) == ["1.png", "5.png"]
    page.chips.chips[WRONG].click()
    assert names(page) == ["1.png"]


def test_a_chip_is_let_go_by_a_second_click_and_all_by_escape(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    choose(page, FEMALE, MALE)
    page.chips.chips[FEMALE].click()
    assert names(page) == ["3.png", "4.png"]
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert len(names(page)) == 7
    assert page.chips.chosen == frozenset()


def test_chips_are_reached_and_pressed_with_the_keys(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    chip = page.chips.chips[MALE]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert names(page) == ["3.png", "4.png"]


def test_in_a_narrow_window_chips_take_more_rows_and_none_is_cut_off(
    album: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(None, size=(640, 480), begin=False)
    window.open(str(album))
    page = labelled(qtbot, window)
    qtbot.waitUntil(lambda: len({chip.y() for chip in page.chips.chips.values()}) == 2)
    for chip in page.chips.chips.values():
        assert page.chips.rect().contains(chip.geometry())
        assert chip.width() >= chip.sizeHint().width()
    window.resize(1300, 700)
    qtbot.waitUntil(lambda: len({chip.y() for chip in page.chips.chips.values()}) == 1)


def test_the_large_photograph_has_the_room_of_the_chips(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    page.grid.go_to(page.collection.entries[0])
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert not page.chips.isVisible()
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert page.chips.isVisible()


def test_without_a_filter_everything_is_let_through() -> None:
    assert lets_through((), {ALL})
    assert not lets_through((WRONG,), {ALL, FEMALE})
