"""Someone wants to know what the labels mean, and whether they can be believed."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QHelpEvent
from PyQt5.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FACE, FakeEngine, card
from tests.window.live.test_another_model import other
from webcam_app.faces.face import UNSURE, Face
from webcam_app.faces.labelling.card import load_card
from webcam_app.photographs import looking
from webcam_app.resources import MODEL_VARIABLE, model_path
from webcam_app.window.colors import DARK
from webcam_app.window.live.picture.face_hints import hint
from webcam_app.window.main_window import MainWindow
from webcam_app.window.model.charts import ROW, CalibrationChart, GroupChart
from webcam_app.window.model.page import ModelPage

__all__ = ["other"]


@pytest.fixture
def page(window: MainWindow) -> ModelPage:
    """The page of the shipped model, shown."""
    window.live.model.on_loaded(load_card(model_path()), "")
    window.actions_.model.trigger()
    assert isinstance(window.page, ModelPage)
    return window.page


def text_of(page: ModelPage) -> str:
    widget = page.scroll.widget()
    assert widget is not None
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_a_key_leads_there_and_escape_back(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    qtbot.keyClick(window, Qt.Key.Key_F3)
    assert isinstance(window.page, ModelPage)
    assert window.page.scroll.isVisible() and not window.live.canvas.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.page is window.live


def test_the_button_at_the_end_of_the_line_below_leads_there(window: MainWindow, engine: FakeEngine) -> None:
    engine.deliver()
    button = window.live.status.meaning
    assert button.isVisible() and button.text() == "What labels mean"
    button.click()
    assert isinstance(window.page, ModelPage)


def test_the_same_action_leads_back(window: MainWindow, page: ModelPage) -> None:
    window.actions_.model.trigger()
    assert window.page is window.live


def test_before_the_model_is_loaded_it_says_so_and_shows_it_then(window: MainWindow) -> None:
    window.actions_.model.trigger()
    page = window.page
    assert isinstance(page, ModelPage)
    assert "still being loaded" in text_of(page)
    window.live.bridge.model_loaded.emit(card(), "")
    assert "three-way: who it looks like" in text_of(page)


def test_why_there_is_no_model_stands_there(window: MainWindow) -> None:
    window.live.model.on_loaded(None, "The model 'x <b>.tflite' is missing.")
    window.actions_.model.trigger()
    assert isinstance(window.page, ModelPage)
    assert "The model 'x &lt;b&gt;.tflite' is missing." in text_of(window.page).replace("&#x27;", "'")


def test_another_model_that_was_loaded_is_shown_when_one_comes_back(window: MainWindow, page: ModelPage) -> None:
    window.actions_.model.trigger()
    window.live.model.on_loaded(card(), "")
    window.actions_.model.trigger()
    assert "three-way: who it looks like" in text_of(page)
    assert not page.scroll.findChildren(GroupChart)


def test_another_model_that_is_opened_meanwhile_is_shown(
    other: Path, window: MainWindow, page: ModelPage, qtbot: QtBot
) -> None:
    assert "眼鏡" not in text_of(page)
    window.live.models.open(other)
    qtbot.waitUntil(lambda: "眼鏡" in text_of(page))


def test_a_window_that_began_with_photographs_shows_what_labels_them_and_leads_back_to_them(
    tmp_path: Path, other: Path, portrait_path: Path, open_window: OpenWindow, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv(MODEL_VARIABLE, str(other))
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:SquareAnalyzer")
    (tmp_path / "album").mkdir()
    shutil.copy(portrait_path, tmp_path / "album")
    window = open_window(str(tmp_path / "album"))
    window.actions_.model.trigger()
    page = window.page
    assert isinstance(page, ModelPage)
    qtbot.waitUntil(lambda: "眼鏡" in text_of(page))
    page.cancel()
    assert window.page is window.photographs
    window.actions_.model.trigger()
    window.actions_.model.trigger()
    assert window.page is window.photographs


def test_every_chart_can_be_heard_and_read_as_a_table(page: ModelPage) -> None:
    charts = page.scroll.findChildren(GroupChart)
    assert len(charts) >= 5
    named = {group.name for chart in charts for group in chart.grouping.groups}
    for chart in charts:
        assert chart.focusPolicy() & Qt.FocusPolicy.TabFocus
        spoken = chart.accessibleDescription()
        assert all(f"{group.name}: " in spoken and f"{group.count:,}" in spoken for group in chart.grouping.groups)
    calibrations = page.scroll.findChildren(CalibrationChart)
    assert calibrations
    for calibration in calibrations:
        assert calibration.accessibleDescription().count("sure:") == len(calibration.points)
    page.actions_.tables.trigger()
    assert not page.scroll.findChildren(GroupChart) and not page.scroll.findChildren(CalibrationChart)
    text = text_of(page)
    assert all(f">{name}</td>" in text for name in named)


def test_the_key_for_tables_works_from_a_chart_that_goes_then(page: ModelPage, qtbot: QtBot) -> None:
    chart = page.scroll.findChildren(GroupChart)[0]
    chart.setFocus()
    for shown in (False, True):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_T)
        qtbot.waitUntil(lambda shown=shown: bool(page.scroll.findChildren(GroupChart)) is shown)


def test_a_bar_is_as_long_as_its_group_is_right(page: ModelPage, qapp: QApplication) -> None:
    chart = page.scroll.findChildren(GroupChart)[0]
    chart.resize(600, chart.sizeHint().height())
    image = chart.grab().toImage()
    groups = chart.grouping.groups
    row = QFontMetricsF(chart.font()).height() * ROW
    lengths = []
    for number in range(len(groups)):
        y = round(row * (number + 0.5) + row * 0.17) + 2
        colors = [QColor(image.pixel(x, y)).name() for x in range(image.width())]
        lengths.append((colors.count(DARK.accent), colors.count(DARK.accent) + colors.count(DARK.hover)))
    for group, (filled, whole) in zip(groups, lengths, strict=True):
        assert filled / whole == pytest.approx(group.accuracy, abs=0.03)


@pytest.mark.parametrize("size", [(800, 440), (1366, 728), (480, 300)])
def test_nothing_is_wider_than_the_window(page: ModelPage, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    bar = page.scroll.horizontalScrollBar()
    assert bar is not None and bar.maximum() == 0
    page.actions_.tables.trigger()
    QApplication.processEvents()
    assert bar.maximum() == 0


def test_keys_of_the_live_picture_rest(window: MainWindow, page: ModelPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.scroll, Qt.Key.Key_R)
    assert not window.live.recording.active


UNLIKE = dataclasses.replace(FACE, label=UNSURE)
DOUBT = dataclasses.replace(FACE, label=UNSURE, probabilities={"ada": 0.5, "bea": 0.3, "cyd": 0.2})


@pytest.mark.parametrize(
    ("face", "says"),
    [
        (FACE, ["bea: 97 %", "perceives"]),
        (DOUBT, ["unsure: the likeliest label, ada, has only 50 %", "Below 60 % no label is given"]),
        (UNLIKE, ["unsure: this face is unlike all that 'three-way' was taught"]),
        (Face(FACE.box, 1), ["has not seen enough"]),
    ],
)
def test_a_hint_says_what_a_label_means(face: Face, says: list[str]) -> None:
    text = hint(face, card())
    assert all(part in text for part in says), text


def test_the_hint_is_shown_at_the_face_under_the_mouse(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    engine = window.live.engine
    assert isinstance(engine, FakeEngine)
    engine.deliver(faces=[DOUBT])
    canvas = window.live.canvas
    qtbot.waitUntil(lambda: canvas.result is not None and bool(canvas.result.faces))
    canvas.grab()
    (rectangle,) = canvas.face_rectangles([DOUBT])
    inside = rectangle.center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, inside, canvas.mapToGlobal(inside))
    QApplication.sendEvent(canvas, event)
    assert "the likeliest label, ada" in QToolTip.text()
    assert window.live.hints.text_at(1, 1) == ""
    QToolTip.hideText()


def test_without_faces_there_is_nothing_to_hint_at(window: MainWindow) -> None:
    assert window.live.hints.text_at(10, 10) == ""
