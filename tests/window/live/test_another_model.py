"""Someone opens another model in the window, and goes back to the built-in one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.teaching.fakes import SquareFinder, install, write_classes
from tests.window.conftest import OpenWindow
from tests.window.fakes import EndlessSource, FakeEngine, card
from webcam_app.commands.teach import teach_classes
from webcam_app.live import LiveEngine
from webcam_app.resources import MODEL_VARIABLE, shipped_model_path
from webcam_app.window.dialogs.help import AboutDialog
from webcam_app.window.live.bridge import make_engine
from webcam_app.window.main_window import MainWindow


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another network with other labels."""
    path = tmp_path / "other.tflite"
    shutil.copy(shipped_model_path(), path)
    text = shipped_model_path().with_suffix(".json").read_text(encoding="utf-8")
    text = text.replace('"female"', '"ada"', 1).replace('"male"', '"眼鏡"', 1)
    path.with_suffix(".json").write_text(text, encoding="utf-8")
    return path


def real(make: object, on_event: object) -> LiveEngine:
    """The real engine on a camera without a face."""
    engine = make_engine(make, on_event)  # type: ignore[arg-type]
    engine._opener = lambda spec, **_wishes: EndlessSource()
    return engine


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def spoil_card(path: Path) -> None:
    path.with_suffix(".json").write_text("{")


def remove(path: Path) -> None:
    path.unlink()


def repeat_a_label(path: Path) -> None:
    file = path.with_suffix(".json")
    file.write_text(file.read_text(encoding="utf-8").replace('"眼鏡"', '"ada"', 1), encoding="utf-8")


def test_it_labels_and_labels_and_card_follow(
    other: Path, window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.live.models.open(other)
    qtbot.waitUntil(lambda: window.live.models.path == other)
    assert engine.labels == ("ada", "眼鏡")
    assert window.live.model.card is not None and window.live.model.card.labels == engine.labels
    window.actions_.about.trigger()
    dialog = window.findChild(AboutDialog)
    assert dialog is not None and "眼鏡" in dialog.text.toPlainText()


@pytest.mark.parametrize("damage", [truncate, spoil_card, remove, repeat_a_label])
def test_one_that_is_not_in_order_is_refused_and_the_one_before_goes_on(
    damage: object, other: Path, window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert callable(damage)
    before = engine.labels
    damage(other)
    window.live.models.open(other)
    qtbot.waitUntil(lambda: "was not taken, the one before goes on" in window.banner.text.text())
    text = window.banner.text.text()
    assert "other" in text and "\n" not in text
    assert engine.labels == before and engine.classifier is None and window.settings.model is None


def test_what_is_no_model_at_all_is_refused_in_one_line(
    window: MainWindow, engine: FakeEngine, demo_path: Path, qtbot: QtBot
) -> None:
    window.live.models.open(demo_path)
    qtbot.waitUntil(lambda: "was not taken" in window.banner.text.text())
    assert "\n" not in window.banner.text.text() and engine.classifier is None


def test_a_good_one_after_a_bad_one_takes_the_message_away(other: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.live.models.open(other.with_name("nothing.json"))
    qtbot.waitUntil(lambda: "was not taken" in window.banner.text.text())
    window.live.models.open(other)
    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_the_menu_asks_for_a_file_and_the_built_in_one_comes_back(
    other: Path, window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.actions_.open_model.trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and not dialog.isModal()
    dialog.filesSelected.emit([str(other)])
    dialog.reject()
    qtbot.waitUntil(lambda: window.settings.model == other)
    window.actions_.built_in_model.trigger()
    qtbot.waitUntil(lambda: engine.labels == ("female", "male"))
    assert window.settings.model is None and window.live.models.path is None


def test_the_next_start_begins_with_it(other: Path, window: MainWindow, open_window: OpenWindow, qtbot: QtBot) -> None:
    window.live.models.open(other)
    qtbot.waitUntil(lambda: window.settings.model == other)
    again = open_window("0", engine_factory=real)
    qtbot.waitUntil(lambda: again.live.engine.labels == ("ada", "眼鏡"))


def test_one_that_is_gone_at_the_next_start_is_told_and_can_be_forgotten(
    other: Path, window: MainWindow, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window.live.models.open(other)
    qtbot.waitUntil(lambda: window.settings.model == other)
    remove(other)
    again = open_window("0", engine_factory=real)
    qtbot.waitUntil(lambda: "the built-in one labels" in again.banner.text.text())
    assert "other" in again.banner.text.text()
    qtbot.waitUntil(lambda: again.live.engine.labels == ("female", "male"))
    assert again.live.models.path is None
    again.banner.buttons[0].click()
    assert again.settings.model is None


def test_a_model_that_was_named_for_this_start_goes_first(
    other: Path, window: MainWindow, open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.live.models.open(other)
    qtbot.waitUntil(lambda: window.settings.model == other)
    monkeypatch.setenv(MODEL_VARIABLE, str(shipped_model_path()))
    again = open_window("0", engine_factory=real)
    qtbot.waitUntil(lambda: again.live.engine.labels == ("female", "male"))
    assert again.settings.model == other, "what was chosen is still remembered"


def test_a_taught_model_on_another_features_network_is_refused_by_name(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    network = tmp_path / "network"
    network.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webcam_app.teaching.describing.FaceAnalyzer", SquareFinder)
        install(patch, network)
        teach_classes([write_classes(tmp_path / "classes", 3, "red", "blue")], tmp_path / "mine.json")
    window.live.models.open(tmp_path / "mine.json")
    qtbot.waitUntil(lambda: "teach it again" in window.banner.text.text())


def test_one_that_is_opened_before_the_first_is_loaded_stays(
    other: Path, window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.live.models.open(other)
    qtbot.waitUntil(lambda: window.live.models.path == other)
    window.live.bridge.model_loaded.emit(card(), "")
    assert window.live.model.card is not None and window.live.model.card.labels == ("ada", "眼鏡")


def test_a_photograph_that_is_shown_is_labelled_anew(
    other: Path, portrait_path: Path, demo_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(str(demo_path), engine_factory=make_engine)
    qtbot.waitUntil(lambda: window.live.engine.analyzer_loaded, timeout=20_000)
    window.open(str(portrait_path))

    def said() -> list[str | None]:
        result = window.live.canvas.result
        return [face.label for face in result.faces] if result is not None else []

    qtbot.waitUntil(lambda: said() == ["male"], timeout=20_000)
    window.live.models.open(other)
    qtbot.waitUntil(lambda: said() == ["眼鏡"], timeout=20_000)
