"""Someone names, orders and removes classes, and looks through their pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtCore import QItemSelectionModel, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt5.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PyQt5.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.teaching.fakes import picture, write, write_classes
from tests.window.conftest import OpenWindow
from tests.window.teach.conftest import counts
from webcam_app.output.overlay import PALETTE
from webcam_app.window.dialogs.help import KeysDialog
from webcam_app.window.main_window import MainWindow
from webcam_app.window.teach.page import TeachPage


def names(page: TeachPage) -> list[str]:
    return [each.name for each in page.studio.classes]


def drop(widget: QWidget, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(widget, enters)
    assert enters.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def settled(page: TeachPage, qtbot: QtBot, expected: list[int]) -> None:
    qtbot.waitUntil(lambda: counts(page) == expected and page.studio.to_do == 0)


def test_a_new_class_has_a_name_that_can_be_typed_over_in_any_script(page: TeachPage, qtbot: QtBot) -> None:
    page.classes.add.click()
    qtbot.waitUntil(lambda: len(page.classes.cards) == 1)
    (card,) = page.classes.cards.values()
    qtbot.waitUntil(card.name.hasFocus)
    assert card.name.selectedText() == "Class 1"
    card.name.insert("眼鏡をかけた人")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["眼鏡をかけた人"])
    assert card.hold.accessibleName() == "Hold to take pictures of 眼鏡をかけた人"


@pytest.mark.parametrize("name", ["", "unsure", "blue"])
def test_a_name_that_cannot_be_is_told_and_taken_back(
    page: TeachPage, two: tuple[int, int], window: MainWindow, qtbot: QtBot, name: str
) -> None:
    line = page.classes.cards[two[0]].name
    line.setText(name)
    line.setModified(True)
    line.editingFinished.emit()
    qtbot.waitUntil(lambda: window.banner.isVisible() and line.text() == "red")
    assert "name" in window.banner.text.text()


def test_what_is_being_typed_is_not_taken_away_by_another_change(
    page: TeachPage, two: tuple[int, int], qtbot: QtBot
) -> None:
    line = page.classes.cards[two[0]].name
    line.setFocus()
    qtbot.keyClicks(line, "dish")
    page.studio.add_class("third")
    qtbot.waitUntil(lambda: len(page.classes.cards) == 3)
    assert line.text() == "reddish"


def test_the_order_on_the_page_is_that_of_the_colours(page: TeachPage, two: tuple[int, int], qtbot: QtBot) -> None:
    one, other = (page.classes.cards[key] for key in two)
    page.classes.cards[two[1]].moved.emit(-1)
    qtbot.waitUntil(lambda: names(page) == ["blue", "red"])
    assert (other.number.text(), one.number.text()) == ("1", "2")
    blue, green, red = PALETTE[0]
    assert f"rgb({red}, {green}, {blue})" in other.number.styleSheet()
    qtbot.waitUntil(lambda: other.mapTo(page.content, other.rect().topLeft()).y()
                    < one.mapTo(page.content, one.rect().topLeft()).y())  # fmt: skip


def test_pictures_and_folders_are_dropped_on_a_class(
    page: TeachPage, two: tuple[int, int], window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = write_classes(tmp_path / "classes", 3, "red")
    single = write(tmp_path / "one.png", picture("red", 99))
    drop(page.classes.cards[two[0]], folder, single)
    settled(page, qtbot, [4, 0])
    assert window.page is page, "they are not opened as files to look at"
    assert page.classes.cards[two[0]].thumbnails.pictures.rowCount() == 4


def test_a_folder_of_classes_dropped_beside_them_becomes_classes(
    page: TeachPage, two: tuple[int, int], tmp_path: Path, qtbot: QtBot
) -> None:
    viewport = page.classes.viewport()
    assert viewport is not None
    drop(viewport, write_classes(tmp_path / "classes", 2, "blue", "green"))
    settled(page, qtbot, [0, 2, 2])
    assert names(page) == ["red", "blue", "green"]


def test_files_that_cannot_be_read_are_counted_in_one_line(
    page: TeachPage, two: tuple[int, int], window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    bad = [tmp_path / f"bad{number}.jpg" for number in range(3)]
    for path in bad:
        path.write_text("no picture")
    page.studio.add_files(two[0], [*bad, write(tmp_path / "good.png", picture("red", 1))])
    settled(page, qtbot, [1, 0])
    text = window.banner.text.text()
    assert text.startswith("3 pictures could not be read") and "bad0.jpg" in text


def test_chosen_pictures_are_deleted_by_key(
    page: TeachPage, two: tuple[int, int], tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_files(two[0], [write_classes(tmp_path / "classes", 5, "red")])
    settled(page, qtbot, [5, 0])
    row = page.classes.cards[two[0]].thumbnails
    model = row.selectionModel()
    assert model is not None
    for number in (0, 2, 3):
        model.select(row.pictures.index(number), QItemSelectionModel.SelectionFlag.Select)
    gone = row.chosen()
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    settled(page, qtbot, [2, 0])
    folder = page.studio.folder / "red"
    assert len(list(folder.iterdir())) == 2 and not any((folder / name).exists() for name in gone)


def test_removing_a_class_with_pictures_is_asked_first(
    page: TeachPage, two: tuple[int, int], window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_files(two[0], [write_classes(tmp_path / "classes", 2, "red")])
    settled(page, qtbot, [2, 0])
    page.classes.cards[two[0]].removed.emit()
    assert names(page) == ["red", "blue"] and "delete its 2 pictures?" in window.banner.text.text()
    window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: names(page) == ["blue"])
    assert not (page.studio.folder / "red").exists()
    page.classes.cards[two[1]].removed.emit()
    qtbot.waitUntil(lambda: names(page) == [])


def test_everything_is_deleted_after_one_question(
    page: TeachPage, two: tuple[int, int], window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_files(two[0], [write_classes(tmp_path / "classes", 2, "red")])
    settled(page, qtbot, [2, 0])
    page.actions_.delete_all.trigger()
    window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: names(page) == [])
    assert list(page.studio.folder.iterdir()) == []


def test_the_page_says_where_the_pictures_lie_and_that_they_stay(page: TeachPage, two: tuple[int, int]) -> None:
    assert page.status.text.text() == f"0 pictures, on this machine only: {page.studio.folder}"


def test_that_the_classes_are_people_is_kept_with_what_it_means(
    page: TeachPage, two: tuple[int, int], open_window: OpenWindow, qtbot: QtBot
) -> None:
    assert "must have agreed" in page.classes.people_help.text() and page.classes.people_help.isVisible()
    page.classes.people.click()
    qtbot.waitUntil(lambda: '"people": true' in (page.studio.folder / "classes.json").read_text())
    again = open_window()
    again.show_teach()
    qtbot.waitUntil(lambda: again.teach is not None and again.teach.classes.people.isChecked())


def test_what_was_there_is_there_again(
    page: TeachPage, two: tuple[int, int], open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_files(two[0], [write_classes(tmp_path / "classes", 3, "red")])
    settled(page, qtbot, [3, 0])
    window = open_window()
    window.show_teach()
    assert window.teach is not None
    settled(window.teach, qtbot, [3, 0])
    assert names(window.teach) == ["red", "blue"]


def test_everything_that_can_be_focused_has_a_name(
    page: TeachPage, two: tuple[int, int], tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_files(two[0], [write_classes(tmp_path / "classes", 1, "red")])
    settled(page, qtbot, [1, 0])
    parts = [*page.content.findChildren(QAbstractButton), *page.content.findChildren(QLineEdit)]
    parts += [*page.controls.findChildren(QAbstractButton), *page.status.findChildren(QAbstractButton)]
    focusable = [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible()]
    assert len(focusable) >= 12
    for part in focusable:
        assert part.accessibleName() or (isinstance(part, QAbstractButton) and part.text()), part.objectName()
    assert page.classes.cards[two[0]].thumbnails.accessibleName() == "Pictures of red"


@pytest.mark.parametrize("size", [(800, 480), (1366, 768)])
def test_everything_fits_beside_the_picture(
    page: TeachPage, two: tuple[int, int], window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: window.width() == size[0])
    viewport, content = page.classes.viewport(), page.classes.widget()
    assert viewport is not None and content is not None
    qtbot.waitUntil(lambda: content.width() <= viewport.width())
    assert content.minimumSizeHint().width() <= viewport.width(), "nothing is cut off"
    assert page.preview.canvas.width() > 0.5 * size[0]


def test_the_list_of_keys_has_those_of_the_page_and_none_twice(page: TeachPage, window: MainWindow) -> None:
    keys = [QKeySequence(key).toString() for action in window.all_actions() for key in action.keys]
    assert len(keys) == len(set(keys))
    window.actions_.keys.trigger()
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    text = dialog.text.toPlainText()
    assert "1 to 9, held" in text and all(action.help_text in text for action in page.actions_)


def test_a_folder_of_classes_can_be_chosen(page: TeachPage, window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    page.classes.add_folders.click()
    (dialog,) = window.findChildren(QFileDialog)
    assert not dialog.isModal()
    dialog.filesSelected.emit([str(write_classes(tmp_path / "classes", 2, "blue", "green"))])
    dialog.reject()
    settled(page, qtbot, [2, 2])
    assert names(page) == ["blue", "green"]


def test_a_folder_that_has_no_classes_is_told(
    page: TeachPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_folders([tmp_path / "nowhere"])
    qtbot.waitUntil(lambda: "nowhere' does not exist" in window.banner.text.text())
