"""Someone corrects labels: they are shown at once, and kept beside the pictures for training and for classify."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.photographs.test_a_folder_of_photographs import PATIENCE_MS, album, choose, draw, labelled, squares
from train.readers.dataset import read_dataset
from webcam_app.commands.classify import Wanted, classify
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.kinds import WRONG, Kind
from webcam_app.window.photographs.page import PhotographsPage

__all__ = ["album", "squares"]


def press(page: PhotographsPage, qtbot: QtBot, name: str, key: Qt.Key) -> None:
    """Label a photograph of the grid, and wait until that is written."""
    page.grid.go_to(next(entry for entry in page.collection.entries if entry.name == name))
    qtbot.keyClick(page.grid, key)
    settle(page, qtbot)


def settle(page: PhotographsPage, qtbot: QtBot) -> None:
    """Wait until the window's worker has done what it was given."""
    done: list[None] = []
    page.corrector._worker.submit(lambda: None, done.append, lambda _problem: None)
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE_MS)


def test_a_correction_is_shown_counted_and_read_by_training_and_classify(
    album: Path, window: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    press(page, qtbot, "1.png", Qt.Key.Key_2)
    press(page, qtbot, "2.png", Qt.Key.Key_2)
    assert page.collection.counts[WRONG] == 1
    assert page.collection.counts[Kind("label", "male")] == 2
    assert "male, not female" in page.collection.data(page.collection.index(0))
    choose(page, WRONG)
    assert [entry.name for entry in page.collection.shown] == ["1.png"]

    (album / "broken.jpg").unlink()
    assert {sample.key: sample.label for sample in read_dataset(album)} == {"1.png": "male", "2.png": "male"}
    classify([album], Wanted(labels_file=album / "labels.csv", csv_out=album.parent / "out.csv"))
    assert "right: 50.0% of the 2 that got a label" in capsys.readouterr().out


def test_what_was_kept_is_there_when_the_folder_is_opened_again(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    press(labelled(qtbot, window), qtbot, "1.png", Qt.Key.Key_2)
    window.open(str(album))
    assert labelled(qtbot, window).collection.entries[0].truth == "male"


def test_other_rows_and_columns_of_the_table_stay(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    (album / "labels.csv").write_text("path;age;gender\n2.png;30-39;female\nelsewhere.png;0-2;male\n")
    window.open(str(album))
    page = labelled(qtbot, window)
    press(page, qtbot, "2.png", Qt.Key.Key_2)
    press(page, qtbot, "1.png", Qt.Key.Key_1)
    expected = "path,age,gender\n2.png,30-39,male\nelsewhere.png,0-2,male\n1.png,,female\n"
    assert (album / "labels.csv").read_text() == expected


def test_undo_takes_the_label_back_in_the_window_and_in_the_table(
    album: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    press(page, qtbot, "1.png", Qt.Key.Key_2)
    qtbot.keyClick(page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(page, qtbot)
    entry = page.collection.entries[0]
    assert (entry.label, entry.truth, entry.confidence) == ("female", None, pytest.approx(0.97))
    assert (album / "labels.csv").read_text() == "path,label\n1.png,\n"


def test_a_key_labels_all_that_are_selected(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    page.grid.selectAll()
    qtbot.keyClick(page.grid, Qt.Key.Key_1)
    settle(page, qtbot)
    assert [entry.truth for entry in page.collection.entries] == ["female"] * 5


def test_the_first_correction_in_class_folders_keeps_what_their_names_say(
    tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    draw(tmp_path / "set/female/a.png", "female")
    draw(tmp_path / "set/male/b.png", "female")
    window.open(str(tmp_path / "set"))
    press(labelled(qtbot, window), qtbot, "male/b.png", Qt.Key.Key_1)
    assert (tmp_path / "set/labels.csv").read_text() == "path,label\nfemale/a.png,female\nmale/b.png,female\n"


def test_a_folder_that_cannot_be_written_is_told_and_the_label_goes_along_with_the_next(
    album: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    (album / "labels.csv").mkdir()  # nothing can be written there, whoever runs the test
    press(page, qtbot, "1.png", Qt.Key.Key_2)
    assert "Your labels are not kept" in window.banner.messages()["corrections"]
    (album / "labels.csv").rmdir()
    press(page, qtbot, "2.png", Qt.Key.Key_1)
    assert "corrections" not in window.banner.messages()
    assert (album / "labels.csv").read_text() == "path,label\n1.png,male\n2.png,female\n"


def test_a_table_of_something_else_is_left_alone(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    (album / "labels.csv").write_text("colour,size\nred,3\n")
    window.open(str(album))
    page = labelled(qtbot, window)
    press(page, qtbot, "1.png", Qt.Key.Key_2)
    assert "no column 'path'" in window.banner.messages()["corrections"]
    assert (album / "labels.csv").read_text() == "colour,size\nred,3\n"
