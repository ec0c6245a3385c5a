"""Someone draws a face that was missed, moves a box, says that one holds no face, and takes that back."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.commands.square_analyzer import COLORS, draw_face
from tests.window.photographs.test_a_folder_of_photographs import PATIENCE_MS, labelled, squares
from tests.window.photographs.test_correct_labels import settle
from train.pipeline.step_1_prepare import labelled_faces
from train.readers.dataset import read_dataset
from webcam_app.commands.classify import Wanted, classify
from webcam_app.faces.face import Box
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.kinds import CORRECTED, NO_FACE, Kind
from webcam_app.window.photographs.page import PhotographsPage

__all__ = ["squares"]
MISSED = Box(120, 40, 60, 45)
FOUND = Box(20, 20, 40, 40)
FEMALE, MALE = Kind("label", "female"), Kind("label", "male")
Modifier = Qt.KeyboardModifier


@pytest.fixture
def page(tmp_path: Path, window: MainWindow, qtbot: QtBot) -> PhotographsPage:
    """One with a face and one that was missed (it is striped), shown large, and one without a face."""
    image = np.full((120, 200, 3), 90, np.uint8)
    draw_face(image, "female", FOUND.x, FOUND.y, FOUND.width)
    for column in range(MISSED.x, MISSED.x + MISSED.width, 4):
        cv2.rectangle(image, (column, MISSED.y), (column + 1, MISSED.y + MISSED.height - 1), COLORS["male"], -1)
    (tmp_path / "album").mkdir()
    for name, shown in (("1.png", image), ("2.png", image[:, 70:110])):
        (tmp_path / "album" / name).write_bytes(cv2.imencode(".png", shown)[1].tobytes())
    window.open(str(tmp_path / "album"))
    page = labelled(qtbot, window)
    page.grid.go_to(page.collection.entries[0])
    enlarge(page, qtbot)
    assert faces(page) == [(FOUND, "female")]
    return page


def enlarge(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view.place is not None, timeout=PATIENCE_MS)


def faces(page: PhotographsPage) -> list[tuple[Box, str | None]]:
    entry = page.view.entry
    assert entry is not None
    return [(each.face.box, each.face.label) for each in entry.shown]


def on_screen(page: PhotographsPage, x: float, y: float) -> QPointF:
    place = page.view.place
    assert place is not None
    return place.on_widget(Box(0, 0, 1, 1)).topLeft() + QPointF(x, y) * place.scale


def drag(page: PhotographsPage, start: tuple[float, float], end: tuple[float, float]) -> None:
    """With the left button from one place in the photograph to another."""
    first, last = on_screen(page, *start), on_screen(page, *end)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, point, button, held in (
        (QEvent.Type.MouseButtonPress, first, left, left),
        (QEvent.Type.MouseMove, (first + last) / 2, none, left),
        (QEvent.Type.MouseMove, last, none, left),
        (QEvent.Type.MouseButtonRelease, last, left, none),
    ):
        event = QMouseEvent(kind, point, button, held, Modifier.NoModifier)
        QApplication.sendEvent(page.view, event)


def draw_missed(page: PhotographsPage, qtbot: QtBot) -> None:
    """And wait until the network has said what it is."""
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    box = MISSED
    drag(page, (box.x, box.y), (box.x + box.width, box.y + box.height))
    qtbot.waitUntil(lambda: len(faces(page)) == 2 and faces(page)[1][1] is not None, timeout=PATIENCE_MS)
    settle(page, qtbot)


def table(page: PhotographsPage) -> list[str]:
    entry = page.view.entry
    assert entry is not None
    return (entry.home / "labels.csv").read_text().splitlines()


def test_a_drawn_box_is_labelled_by_the_network_counted_and_kept(page: PhotographsPage, qtbot: QtBot) -> None:
    draw_missed(page, qtbot)
    (_, drawn) = faces(page)
    assert drawn[1] == "male"
    assert all(abs(value - wanted) <= 1 for value, wanted in zip(drawn[0], MISSED, strict=True))
    assert "drawn by hand" in page.view.accessibleDescription()
    assert "male 97 %, drawn by hand" in page.status.text.text()
    counts = page.collection.counts
    assert (counts[FEMALE], counts[MALE], counts[CORRECTED]) == (1, 1, 1)
    assert table(page) == ["path,label,x,y,width,height,face", f"1.png,,{','.join(map(str, drawn[0]))},drawn"]


def test_a_digit_labels_the_face_that_was_drawn_and_training_learns_from_it_there(
    page: PhotographsPage, qtbot: QtBot
) -> None:
    draw_missed(page, qtbot)
    qtbot.keyClick(page.view, Qt.Key.Key_1)
    settle(page, qtbot)
    box = faces(page)[1][0]
    assert faces(page) == [(FOUND, "female"), (box, "female")]
    dataset = read_dataset(page.collection.entries[0].home)
    (entry,) = labelled_faces(dataset)
    assert (entry.sample.key, entry.label, entry.drawn and entry.drawn.box) == ("1.png", "female", box)


def test_undo_takes_the_drawn_face_back_and_redo_draws_it_again(page: PhotographsPage, qtbot: QtBot) -> None:
    draw_missed(page, qtbot)
    drawn = faces(page)
    qtbot.keyClick(page.view, Qt.Key.Key_Z, Modifier.ControlModifier)
    settle(page, qtbot)
    assert faces(page) == [(FOUND, "female")]
    assert [line for line in table(page) if "drawn" in line] == []
    qtbot.keyClick(page.view, Qt.Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
    settle(page, qtbot)
    assert faces(page) == drawn
    assert [line for line in table(page) if line.endswith(",drawn")] != []


def test_what_was_drawn_is_there_and_labelled_when_the_folder_is_opened_again(
    page: PhotographsPage, window: MainWindow, qtbot: QtBot
) -> None:
    draw_missed(page, qtbot)
    drawn = faces(page)
    home = page.collection.entries[0].home
    window.open(str(home))
    labelled(qtbot, window)
    page.grid.go_to(page.collection.entries[0])
    enlarge(page, qtbot)
    qtbot.waitUntil(lambda: faces(page) == drawn, timeout=PATIENCE_MS)


def test_a_face_is_drawn_with_the_keys_alone(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    assert page.view.editor.box == Box(80, 40, 40, 40)
    assert "arrows" in page.status.text.text()
    for key, held in (
        (Qt.Key.Key_Right, Modifier.NoModifier),
        (Qt.Key.Key_Right, Modifier.ControlModifier),
        (Qt.Key.Key_Down, Modifier.ShiftModifier),
    ):
        qtbot.keyClick(page.view, key, held)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert page.large, "Return belongs to the box, not to the grid"
    assert faces(page)[1][0] == Box(84, 40, 40, 43)
    assert page.view.editor.selected == 1


def test_escape_draws_nothing_and_leaves_the_photograph_large(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert (page.large, len(faces(page)), page.view.editor.active) == (True, 1, False)
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert not page.large


def test_a_slip_of_the_mouse_draws_nothing(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    drag(page, (120, 40), (124, 43))
    assert len(faces(page)) == 1
    assert page.view.editor.active, "there is still a box to draw with"


def test_a_box_is_moved_and_its_edge_dragged_with_the_mouse(page: PhotographsPage, qtbot: QtBot) -> None:
    drag(page, (40, 40), (43, 36))
    assert faces(page)[0][0] == Box(23, 16, 40, 40)
    drag(page, (63, 36), (69, 36))
    settle(page, qtbot)
    qtbot.waitUntil(lambda: faces(page) == [(Box(23, 16, 46, 40), "female")], timeout=PATIENCE_MS)
    assert table(page)[1:] == ["1.png,,23,16,46,40,drawn"]


def test_a_click_on_a_face_only_selects_it(page: PhotographsPage, qtbot: QtBot) -> None:
    drag(page, (40, 40), (40, 40))
    assert page.view.editor.selected == 0
    assert "Face 1 of 1" in page.status.text.text()
    assert faces(page) == [(FOUND, "female")]
    drag(page, (150, 100), (150, 100))
    assert page.view.editor.selected is None


def test_where_it_is_not_clear_which_face_is_meant_nothing_happens_and_that_is_said(
    page: PhotographsPage, qtbot: QtBot
) -> None:
    draw_missed(page, qtbot)
    before = faces(page)
    page.view.editor.select(None)
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_M):
        qtbot.keyClick(page.view, key)
        assert "Choose a face first" in page.status.text.text()
    assert faces(page) == before


def test_a_box_that_is_put_back_where_it_was_changes_nothing(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_M)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(page.view, key)
    entry = page.view.entry
    assert entry is not None
    assert entry.state.marks == ()


def test_drawing_in_class_folders_beside_a_table_of_something_else_keeps_what_the_folders_say(
    tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    image = np.full((120, 200, 3), 90, np.uint8)
    for label in ("female", "male"):
        draw_face(image, label, 20, 20, 40)
        (tmp_path / "set" / label).mkdir(parents=True)
        (tmp_path / "set" / label / "1.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())
    (tmp_path / "set/labels.csv").write_text(
        "path,label,x,y,width,height,face\nfemale/1.png,,100,20,40,40,drawn\nmale/1.png,30-39,,,,,\n"
    )
    window.open(str(tmp_path / "set"))
    page = labelled(qtbot, window)
    assert [(entry.truth, len(entry.state.marks)) for entry in page.collection.entries] == [("female", 1), ("male", 0)]


def test_a_selected_face_is_moved_with_the_keys(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_N)
    qtbot.keyClick(page.view, Qt.Key.Key_M)
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert faces(page)[0][0] == FOUND._replace(y=23)


def test_a_false_box_is_removed_and_the_photograph_has_no_face_everywhere(
    page: PhotographsPage, tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_2)
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    settle(page, qtbot)
    assert faces(page) == []
    assert page.collection.counts[NO_FACE] == 2
    assert table(page)[1:] == ["1.png,male,,,,,", f"1.png,,{','.join(map(str, FOUND))},removed"]
    album = page.collection.entries[0].home
    classify([album], Wanted(labels_file=album / "labels.csv", csv_out=tmp_path / "command.csv"))
    qtbot.keyClick(page.view, Qt.Key.Key_A)
    shown = page.comparison.text.text()
    assert "right: none of the 0 that got a label, 0.0% of all 1" in shown, "the face was not found"
    assert shown in capsys.readouterr().out
    page.comparison.close()


def test_drawn_and_removed_faces_are_in_the_exported_table_and_in_the_copies(
    page: PhotographsPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    draw_missed(page, qtbot)
    box = faces(page)[1][0]
    page.view.editor.select(0)
    qtbot.keyClick(page.view, Qt.Key.Key_X)
    settle(page, qtbot)
    page.exporter.write(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: (tmp_path / "out.csv").exists(), timeout=PATIENCE_MS)
    rows = [line.split(",") for line in (tmp_path / "out.csv").read_text().splitlines()[1:]]
    assert [row[1:7] for row in rows] == [["1", *map(str, box), "male"], [""] * 6]
    page.exporter.copy(tmp_path / "copies")
    qtbot.waitUntil(lambda: "copies of 2 of 2" in window.banner.messages().get("export", ""), timeout=PATIENCE_MS)
    before = cv2.imread(str(page.collection.entries[0].path))
    after = cv2.imread(str(tmp_path / "copies/1.png"))
    assert before is not None and after is not None
    changed = (before != after).any(axis=2)
    assert not changed[FOUND.y : FOUND.y + FOUND.height, FOUND.x : FOUND.x + FOUND.width].any()
    assert changed[box.y : box.y + box.height, box.x].all()


def test_a_label_corrected_by_hand_is_exported_without_a_confidence(
    page: PhotographsPage, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_2)
    page.exporter.write(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: (tmp_path / "out.csv").exists(), timeout=PATIENCE_MS)
    assert (tmp_path / "out.csv").read_text().splitlines()[1].split(",")[6:8] == ["male", ""]


def test_a_drawn_face_that_cannot_be_looked_at_is_told(page: PhotographsPage, window: MainWindow, qtbot: QtBot) -> None:
    page.collection.entries[0].path.unlink()
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    drag(page, (120, 40), (180, 90))
    qtbot.waitUntil(lambda: "drawn faces" in window.banner.messages(), timeout=PATIENCE_MS)
    assert "does not exist" in window.banner.messages()["drawn faces"]


def test_the_keys_of_the_large_photograph_are_in_the_list_of_keys_once(
    page: PhotographsPage, window: MainWindow
) -> None:
    keys = [key for action in window.all_actions() for key in action.keys]
    assert {"D", "Delete", "M", "N", "Ctrl+Shift+Z"} <= set(keys)
    assert len(keys) == len(set(keys))
