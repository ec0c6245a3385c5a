"""What thousands of photographs have brought is not searched for rubbish again and again, and still goes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.window.photographs.test_a_folder_of_photographs import draw, labelled, squares
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.photographs.labelling import rubbish

__all__ = ["squares"]


@pytest.fixture(autouse=True)
def nothing_set_aside() -> Iterator[None]:
    """Before and after."""
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_photographs_are_set_aside_and_go_all_the_same_when_others_are_opened(
    tmp_path: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rubbish, "AT_A_TIME", 2)
    draw(tmp_path / "one/1.png", "female")
    draw(tmp_path / "one/2.png", "male")
    draw(tmp_path / "two/1.png", "male")
    window.open(str(tmp_path / "one"))
    labelled(qtbot, window)
    assert gc.get_freeze_count() > 1000
    window.open(str(tmp_path / "two"))
    labelled(qtbot, window)
    gc.unfreeze()
    left = [each for each in gc.get_objects() if type(each) is Entry and each.path.parent.name == "one"]
    assert left == []


def test_when_the_window_closes_all_is_searched_again(
    tmp_path: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rubbish, "AT_A_TIME", 1)
    draw(tmp_path / "one/1.png", "female")
    window.open(str(tmp_path / "one"))
    labelled(qtbot, window)
    assert gc.get_freeze_count() > 0
    window.close()
    assert gc.get_freeze_count() == 0
