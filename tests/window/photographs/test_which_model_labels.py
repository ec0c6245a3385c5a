"""Photographs are labelled by the model that a person chose, and again when they choose another."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.commands.square_analyzer import draw_face
from tests.photographs import fakes
from tests.window.conftest import OpenWindow
from tests.window.live.test_another_model import other
from tests.window.photographs.test_a_folder_of_photographs import PATIENCE_MS, album, choose, draw, labelled, names
from tests.window.photographs.test_going_on_later import looks
from webcam_app.commands.teach import teach_classes
from webcam_app.faces.face import Box
from webcam_app.photographs import looking
from webcam_app.resources import MODEL_VARIABLE
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.correcting import marking
from webcam_app.window.photographs.kinds import ALL, FAULTY, NO_FACE, Kind
from webcam_app.window.photographs.page import PhotographsPage

__all__ = ["album", "other"]
OURS, THEIRS = ("female", "male"), ("ada", "眼鏡")


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the network leaves a mark for each photograph; squares are faces, with the model's labels."""
    folder = tmp_path / "seen"
    folder.mkdir()
    monkeypatch.setenv(fakes.FOLDER_VARIABLE, str(folder))
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:OfTheModel")
    return folder


def use(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    with qtbot.waitSignal(window.live.models.replaced, timeout=PATIENCE_MS):
        window.live.models.open(model)


def counts(page: PhotographsPage, labels: tuple[str, str]) -> tuple[int, int]:
    first, second = (page.collection.counts[Kind("label", label)] for label in labels)
    return first, second


def wait_for(page: PhotographsPage, qtbot: QtBot, labels: tuple[str, str]) -> None:
    """Until all are labelled, by a model with these labels."""
    qtbot.waitUntil(lambda: not page.labelling.running and page.grid.delegate.labels == labels, timeout=PATIENCE_MS)
    assert page.collection.done == len(page.collection.entries)


def test_another_model_labels_what_is_open_again_and_all_of_the_page_follows(
    album: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    assert counts(page, OURS) == (2, 1)
    page.grid.go_to(page.collection.entries[3])
    choose(page, Kind("label", "female"))
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    assert names(page) == ["1.png", "2.png", "3.png", "10.png", "broken.jpg"], "each once, none left out"
    assert (counts(page, THEIRS), counts(page, OURS)) == ((2, 1), (0, 0))
    assert [page.collection.counts[kind] for kind in (ALL, NO_FACE, FAULTY)] == [5, 1, 1]
    assert [kind.label for kind in page.chips.chips if kind.label] == [*THEIRS]
    assert page.view.labels == page.exporter.labels == THEIRS
    assert page.grid.current is page.collection.entries[3] and "ada" in page.status.text.text()
    assert [action.text() for action in page.bar.labels.actions()[:2]] == [*THEIRS]
    with qtbot.waitSignal(window.live.models.replaced, timeout=PATIENCE_MS):
        window.actions_.built_in_model.trigger()
    wait_for(page, qtbot, OURS)
    assert (counts(page, THEIRS), counts(page, OURS)) == ((0, 0), (2, 1))


def test_digits_give_the_labels_of_the_model_that_labels(
    album: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    page.grid.go_to(page.collection.entries[1])
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_1)
    assert page.collection.entries[1].truth == "ada"
    qtbot.waitUntil((album / "labels.csv").exists)
    qtbot.waitUntil(lambda: (album / "labels.csv").read_text().splitlines()[1:] == ["2.png,ada"])


def test_each_models_answers_are_kept(
    album: Path, seen: Path, other: Path, window: MainWindow, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    assert looks(seen) == 4
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    assert looks(seen) == 4
    window.live.models.open_built_in()
    wait_for(page, qtbot, OURS)
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    window.close()
    again = open_window(None, begin=False)
    again.open(str(album))
    page = labelled(qtbot, again)
    assert counts(page, THEIRS) == (2, 1), "the next start begins with the model that was chosen last"
    assert looks(seen) == 0


def test_a_model_that_was_taught_again_under_its_name_labels_again(
    album: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    card = other.with_suffix(".json")
    swapped = (
        card.read_text("utf-8").replace('"ada"', '"x"', 1).replace('"眼鏡"', '"ada"', 1).replace('"x"', '"眼鏡"', 1)
    )
    card.write_text(swapped, "utf-8")
    use(window, qtbot, other)
    wait_for(page, qtbot, (THEIRS[1], THEIRS[0]))
    assert counts(page, THEIRS) == (1, 2)


def test_the_model_that_the_start_names_labels_and_the_built_in_one_takes_its_place(
    album: Path, seen: Path, other: Path, open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODEL_VARIABLE, str(other))
    window = open_window(str(album))
    page = labelled(qtbot, window)
    assert counts(page, THEIRS) == (2, 1)
    window.actions_.built_in_model.trigger()
    wait_for(page, qtbot, OURS)
    assert counts(page, OURS) == (2, 1)


def test_where_the_chosen_model_cannot_be_used_the_built_in_one_labels_and_it_is_told(
    album: Path, seen: Path, other: Path, window: MainWindow, open_window: OpenWindow, qtbot: QtBot
) -> None:
    use(window, qtbot, other)
    other.with_suffix(".json").write_text("{")
    again = open_window(str(album))
    page = again.photographs
    wait_for(page, qtbot, OURS)
    assert counts(page, OURS) == (2, 1) and len(page.collection.entries) == 5
    assert "the built-in one labels" in again.banner.text.text() and "other" in again.banner.text.text()
    assert again.settings.model == other, "it may be there again the next time"


def test_another_model_in_the_middle_of_labelling_labels_all(
    tmp_path: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    for number in range(200):
        draw(tmp_path / f"set/{number}.png", "female")
    window.open(str(tmp_path / "set"))
    page = window.photographs
    with qtbot.waitSignal(page.labelling.answered, timeout=PATIENCE_MS):
        pass
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    assert counts(page, THEIRS) == (200, 0) and len(page.collection.entries) == 200


def test_while_another_page_is_shown_nothing_is_labelled_again(
    album: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    looks(seen)
    page.actions_.back.trigger()
    use(window, qtbot, other)
    use(window, qtbot, other)
    assert not page.labelling.running and looks(seen) == 0
    window.show_page(page)
    wait_for(page, qtbot, THEIRS)
    assert counts(page, THEIRS) == (2, 1) and looks(seen) == 4


def test_a_table_with_another_models_labels_is_left_as_it_is(
    album: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    table = "path,label\n1.png,male\n2.png,male\n"
    (album / "labels.csv").write_text(table)
    window.open(str(album))
    page = labelled(qtbot, window)
    assert page.collection.entries[0].truth == "male"
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    assert [entry.truth for entry in page.collection.entries] == [None] * 5
    page.grid.go_to(page.collection.entries[0])
    page.actions_.labels["ada"].trigger()
    qtbot.waitUntil(lambda: "labels of another model (male)" in window.banner.messages().get("corrections", ""))
    assert (album / "labels.csv").read_text() == table


def test_a_face_that_was_drawn_is_labelled_by_the_model_that_labels(
    tmp_path: Path, seen: Path, other: Path, window: MainWindow, qtbot: QtBot
) -> None:
    too_small = np.full((64, 96, 3), 90, np.uint8)
    draw_face(too_small, "female", 40, 20, 9)
    (tmp_path / "set").mkdir()
    cv2.imwrite(str(tmp_path / "set" / "1.png"), too_small)
    window.open(str(tmp_path / "set"))
    page = labelled(qtbot, window)
    (entry,) = page.collection.entries
    assert entry.label is None
    page.corrector.change([(entry, marking.drawn(entry, Box(40, 20, 9, 9)))])
    qtbot.waitUntil(lambda: entry.label == "female", timeout=PATIENCE_MS)
    qtbot.waitUntil((tmp_path / "set" / "labels.csv").exists)
    use(window, qtbot, other)
    wait_for(page, qtbot, THEIRS)
    qtbot.waitUntil(lambda: entry.label == "ada", timeout=PATIENCE_MS)


def test_a_taught_model_labels_photographs(tmp_path: Path, demo_path: Path, window: MainWindow, qtbot: QtBot) -> None:
    frames = {}
    clip = cv2.VideoCapture(str(demo_path))
    for number in range(251):
        frames[number] = clip.read()[1]
    clip.release()
    for name, numbers in (("ada", (0, 20, 50)), ("bea", (200, 215, 230))):
        (tmp_path / "classes" / name).mkdir(parents=True)
        for number in numbers:
            cv2.imwrite(str(tmp_path / "classes" / name / f"{number}.jpg"), frames[number])
    (tmp_path / "set").mkdir()
    for number in (30, 250):
        cv2.imwrite(str(tmp_path / "set" / f"{number}.jpg"), frames[number])
    assert teach_classes([tmp_path / "classes"], tmp_path / "mine.json", jobs=1) == 0
    window.open(str(tmp_path / "set"))
    page = labelled(qtbot, window)
    assert page.grid.delegate.labels == OURS
    use(window, qtbot, tmp_path / "mine.json")
    wait_for(page, qtbot, ("ada", "bea"))
    assert [entry.label for entry in page.collection.entries] == ["ada", "bea"]
