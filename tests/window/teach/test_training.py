"""Someone trains, sees the labels, saves, exports, and goes back."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.teaching.fakes import write_classes
from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from tests.window.teach.conftest import face, wall
from webcam_app.errors import ModelError
from webcam_app.faces.labelling.loading import load_classifier
from webcam_app.teaching.examples import list_examples
from webcam_app.teaching.gathering import Gathering
from webcam_app.window.dialogs.help import AboutDialog
from webcam_app.window.main_window import MainWindow
from webcam_app.window.teach.page import TeachPage


@pytest.fixture
def full(page: TeachPage, tmp_path: Path, qtbot: QtBot) -> TeachPage:
    """With eight pictures of two classes."""
    page.studio.add_folders([write_classes(tmp_path / "classes", 8, "red", "blue")])
    qtbot.waitUntil(lambda: page.studio.pictures == 16 and page.studio.to_do == 0)
    return page


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """A picture is only looked at when the test releases it."""
    released, look_again = threading.Semaphore(0), Gathering.look_again

    def one_by_one(self: Gathering, key: int, name: str) -> object:
        released.acquire()
        return look_again(self, key, name)

    monkeypatch.setattr(Gathering, "look_again", one_by_one)
    return released


def train(page: TeachPage, qtbot: QtBot) -> None:
    page.controls.train.click()
    qtbot.waitUntil(lambda: page.model_in_use)


def test_train_waits_for_two_classes_with_pictures(
    page: TeachPage, two: tuple[int, int], tmp_path: Path, qtbot: QtBot
) -> None:
    assert not page.controls.train.isEnabled()
    folder = write_classes(tmp_path / "classes", 2, "red", "blue")
    page.studio.add_files(two[0], [folder / "red"])
    qtbot.waitUntil(lambda: page.studio.pictures == 2)
    assert not page.controls.train.isEnabled()
    page.studio.add_files(two[1], [folder / "blue"])
    qtbot.waitUntil(page.controls.train.isEnabled)


def test_the_labels_are_live_in_the_same_view(full: TeachPage, engine: FakeEngine, qtbot: QtBot) -> None:
    train(full, qtbot)
    assert engine.labels == ("blue", "red")
    result = engine.deliver(wall("red"), [face(label="red")])
    qtbot.waitUntil(lambda: getattr(full.preview.canvas.result, "sequence", 0) == result.sequence)
    assert full.preview.canvas.result.faces[0].label == "red"  # type: ignore[union-attr]
    assert full.header.model.text() == "Labels by the taught model"


def test_the_result_is_told_with_its_interval_and_its_confusions(full: TeachPage, qtbot: QtBot) -> None:
    train(full, qtbot)
    text = full.result.toPlainText()
    assert "right on pictures it was not taught with (95 % interval" in text and "16 pictures" in text
    assert "unsure" in text and "blue" in text
    assert "too few different pictures" in text.casefold() and "blue 8" in text
    assert "right on pictures" in full.preview.hint.text()


def test_training_begins_when_the_last_picture_was_looked_at(
    page: TeachPage, looks: threading.Semaphore, tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_folders([write_classes(tmp_path / "classes", 8, "red", "blue")])
    looks.release()
    qtbot.waitUntil(lambda: page.studio.to_do == 15 and page.studio.trainable)
    page.controls.train.click()
    assert page.controls.progress.text() == "Looking at pictures: 15 left"
    looks.release(100)
    qtbot.waitUntil(lambda: page.model_in_use)
    assert page.studio.pictures == 16


def test_cancel_ends_it_and_what_was_there_stays(
    full: TeachPage, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()
    teach = Gathering.teach

    def slow(self: Gathering, check: object) -> object:
        begun.set()
        may_go_on.wait()
        return teach(self, check)  # type: ignore[arg-type]

    monkeypatch.setattr(Gathering, "teach", slow)
    full.actions_.train.trigger()
    qtbot.waitUntil(begun.is_set)
    assert full.controls.cancel.isVisible() and full.controls.progress.text() == "Training…"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not full.studio.training and full.controls.train.isEnabled() and not full.controls.cancel.isVisible()
    may_go_on.set()
    monkeypatch.setattr(Gathering, "teach", teach)
    train(full, qtbot)
    assert full.studio.pictures == 16 and not window.banner.isVisible()


def test_more_examples_and_training_again_take_the_place_of_the_model(
    full: TeachPage, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    train(full, qtbot)
    full.studio.add_folders([write_classes(tmp_path / "more", 4, "green")])
    qtbot.waitUntil(lambda: full.studio.pictures == 20 and full.studio.to_do == 0)
    full.actions_.train.trigger()
    qtbot.waitUntil(lambda: engine.labels == ("blue", "red", "green"))


def test_a_saved_model_is_used_kept_for_the_next_start_and_taken_by_commands(
    full: TeachPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not full.actions_.save.isEnabled()
    train(full, qtbot)
    assert full.actions_.save.isEnabled()
    assert window.settings.model is None, "not before it is saved"
    path = tmp_path / "mine.json"
    full.save(path)
    qtbot.waitUntil(lambda: window.live.models.path == path)
    assert window.settings.model == path
    assert load_classifier(path).card.labels == ("blue", "red")
    assert json.loads(path.read_text())["name"] == "mine"
    assert "mine" in full.header.model.text()


def test_a_place_that_cannot_be_written_is_told(
    full: TeachPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    train(full, qtbot)
    full.save(tmp_path / "nowhere" / "mine.json")
    qtbot.waitUntil(lambda: "the folder is not there" in window.banner.text.text())


def test_export_gives_what_teach_and_train_read(full: TeachPage, tmp_path: Path, qtbot: QtBot) -> None:
    full.export(tmp_path / "out")
    qtbot.waitUntil(full.toast.isVisible)
    examples = list_examples([tmp_path / "out"])
    assert sorted({example.label for example in examples}) == ["blue", "red"] and len(examples) == 16
    assert (tmp_path / "out" / "labels.csv").is_file()


def test_examples_of_nothing_but_one_class_cannot_be_taught_and_it_is_said(
    full: TeachPage, window: MainWindow, qtbot: QtBot
) -> None:
    key = full.studio.classes[0].key
    full.studio.run(lambda collection: collection.delete(key, collection.pictures(key)), lambda _: None)
    full.studio.delete(key, [kept.name for kept in full.studio.classes[0].pictures])
    full.actions_.train.trigger()
    qtbot.waitUntil(lambda: "only 'red' has pictures" in window.banner.text.text())
    assert not full.model_in_use and not full.studio.training


def test_a_features_network_that_is_missing_is_told(
    page: TeachPage,
    two: tuple[int, int],
    window: MainWindow,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: object) -> None:
        raise ModelError("the network 'features.tflite' is missing: install the application again")

    monkeypatch.setattr("webcam_app.teaching.gathering.Describer", missing)
    page.studio.add_files(two[0], [write_classes(tmp_path / "classes", 3, "red")])
    qtbot.waitUntil(lambda: "features.tflite" in window.banner.text.text())
    assert page.studio.to_do == 0


def test_deleting_everything_goes_back_to_the_built_in_model(
    full: TeachPage, window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    train(full, qtbot)
    full.actions_.delete_all.trigger()
    window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: engine.labels == ("female", "male"))
    assert not full.model_in_use
    assert "Here it will say" in full.result.toPlainText()


def test_closing_while_pictures_are_looked_at_leaves_nothing_running(
    page: TeachPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page.studio.add_folders([write_classes(tmp_path / "classes", 20, "red", "blue")])
    qtbot.waitUntil(lambda: page.studio.to_do > 0)
    window.close()  # the fixture asserts that no thread is left


def test_the_about_page_says_what_the_model_is_to_people(full: TeachPage, window: MainWindow, qtbot: QtBot) -> None:
    full.classes.people.click()
    train(full, qtbot)
    window.actions_.about.trigger()
    dialog = window.findChild(AboutDialog)
    assert dialog is not None
    text = " ".join(dialog.text.toPlainText().split())
    assert "this model recognises persons. Each of them must have agreed to that." in text
    assert "unless you record, take a snapshot or teach classes" in text


def test_cancel_leaves_out_files_that_were_not_added_but_none_that_are_there(
    full: TeachPage, looks: threading.Semaphore, open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_teach()
    page = window.teach
    assert page is not None
    qtbot.waitUntil(lambda: len(page.classes.cards) == 2 and page.studio.to_do == 16)
    assert not page.studio.cancellable and not page.controls.cancel.isVisible()
    page.studio.add_files(page.studio.classes[1].key, [write_classes(tmp_path / "more", 30, "red")])
    looks.release()
    qtbot.waitUntil(page.controls.cancel.isVisible)
    page.controls.cancel.click()
    looks.release(100)
    qtbot.waitUntil(lambda: page.studio.to_do == 0)
    assert page.studio.pictures == 16 == len(list(page.studio.folder.rglob("*.jpg")))
