"""Someone looks back at the last minute, and takes home who was seen."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import BARE, FACE, LABELS, EndlessSource, FakeEngine
from webcam_app.capture.frame import Frame, Picture
from webcam_app.faces.face import Face
from webcam_app.live import LiveState, Result
from webcam_app.output.overlay import color_for
from webcam_app.window.colors import DARK, LIGHT
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import apply_theme


def show(window: MainWindow, faces: tuple[Face, ...], qtbot: QtBot) -> None:
    result = cast(FakeEngine, window.live.engine).deliver(faces=faces)
    qtbot.waitUntil(
        lambda: window.live.canvas.result is not None and window.live.canvas.result.sequence == result.sequence
    )


def colors(window: MainWindow) -> set[tuple[int, int, int]]:
    """The colours of the graph's pixels, as BGR."""
    image = window.live.history_strip.graph.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(-1, 3)
    return {(int(blue), int(green), int(red)) for red, green, blue in np.unique(pixels, axis=0)}


def test_a_key_shows_the_strip_below_the_picture_and_hides_it(window: MainWindow, qtbot: QtBot) -> None:
    strip, live = window.live.history_strip, window.live
    assert not strip.isVisible(), "the picture has all the room at first"
    height = live.canvas.height()
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert strip.isVisible() and live.actions_.history.isChecked()
    assert live.canvas.height() == height - strip.height()
    assert live.canvas.geometry().bottom() < strip.y() and strip.geometry().bottom() < live.parts.controls.y()
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert not strip.isVisible() and live.canvas.height() == height


def test_whether_it_is_shown_is_remembered(window: MainWindow, qtbot: QtBot, open_window: OpenWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert SettingsFile().load().show_history
    assert open_window().live.history_strip.isVisible()


def test_the_menu_has_it(window: MainWindow) -> None:
    menu = window.live.header.menu_button.menu()
    assert menu is not None
    assert {window.live.actions_.history, window.live.actions_.export_history} <= set(menu.actions())


@pytest.mark.parametrize("size", [(640, 480), (800, 480), (1600, 900)])
def test_it_fits_and_leaves_the_picture_the_most_room(
    open_window: OpenWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window(size=size)
    show(window, (FACE, BARE), qtbot)
    qtbot.keyClick(window, Qt.Key.Key_H)
    QApplication.processEvents()
    strip = window.live.history_strip
    for part in (strip.graph, strip.counts, strip.export):
        assert strip.rect().contains(part.geometry()), part
    assert strip.graph.width() >= 0.45 * strip.width()
    assert strip.counts.heightForWidth(strip.counts.width()) <= strip.counts.height()
    assert window.live.canvas.height() > 0.45 * window.height()


def test_in_a_low_window_the_picture_keeps_the_room(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(size=(640, 360))
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert not window.live.history_strip.isVisible()
    window.resize(640, 480)
    qtbot.waitUntil(window.live.history_strip.isVisible)


def test_in_full_screen_it_comes_and_goes_with_the_bars(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_H)
    window.set_full_screen(True)
    assert not window.live.history_strip.isVisible()
    window.layout_.show_bars()
    assert window.live.history_strip.isVisible()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_labels_have_the_colours_that_they_have_on_the_picture(
    window: MainWindow, qapp: QApplication, qtbot: QtBot, theme: object
) -> None:
    apply_theme(qapp, theme)  # type: ignore[arg-type]
    qtbot.keyClick(window, Qt.Key.Key_H)
    window.live.history.refresh()
    assert not {color_for(label, LABELS) for label in LABELS} & colors(window)
    show(window, (FACE, BARE), qtbot)
    window.live.history.refresh()
    seen = colors(window)
    assert color_for(FACE.label, LABELS) in seen and color_for(BARE.label, LABELS) in seen
    assert color_for("cyd", LABELS) not in seen


def test_assistive_technology_is_told_the_figures_of_now(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_H)
    graph = window.live.history_strip.graph
    assert "No picture" in graph.accessibleDescription()

    def told_while_pictures_come() -> bool:
        cast(FakeEngine, window.live.engine).deliver(faces=(FACE, BARE))
        return "Faces: 2" in graph.accessibleDescription()

    qtbot.waitUntil(told_while_pictures_come, timeout=5000)
    told = graph.accessibleDescription()
    assert "bea 1" in told and "ada 1" in told and "Masks: 1" in told and "fps" in told and " ms" in told
    assert graph.accessibleName() and graph.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_masks_are_left_out_where_they_are_not_shown(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_H)
    show(window, (FACE,), qtbot)
    window.live.history.refresh()
    with_masks = window.live.history_strip.height()
    qtbot.keyClick(window, Qt.Key.Key_K)
    window.live.history.refresh()
    assert "mask" not in window.live.history_strip.counts.text().lower()
    assert [row.name for row in window.live.history_strip.graph.rows] == ["Faces", "Rate", "Latency"]
    qtbot.waitUntil(lambda: window.live.history_strip.height() < with_masks)


def test_faces_are_counted_while_the_strip_is_hidden(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    for _ in range(20):  # 30 pictures a second
        show(window, (FACE, BARE), qtbot)
    qtbot.keyClick(window, Qt.Key.Key_H)
    counts = window.live.history_strip.counts
    assert {"ada 1", "bea 1"} <= set(counts.accessibleName().replace(" · ", "\n").splitlines())
    assert "With a mask: 1" in counts.accessibleName()


def test_a_photograph_counts_for_nothing(window: MainWindow, engine: FakeEngine) -> None:
    image = np.zeros((48, 64, 3), np.uint8)
    frame = Frame(image, 0, 0.0, time.monotonic(), picture=Picture(image, (64, 48), 1, lambda: image))
    window.live.history.add(Result(frame, [FACE], 0.0, 1))
    assert window.live.history.tally.tracks == 0
    assert not any(window.live.history.minute.slices(time.monotonic()))


def test_a_source_that_is_stopped_leaves_no_faces_of_now(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_H)
    show(window, (FACE,), qtbot)
    engine.go(LiveState.IDLE)
    window.open("/films/two.mp4")
    show(window, (), qtbot)
    window.live.history.refresh()
    assert window.live.history_strip.graph.rows[0].figure == "0"


def test_the_export_is_asked_for_beside_the_window_and_written(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    for _ in range(20):
        show(window, (FACE, BARE), qtbot)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.live.history.dialog
    assert isinstance(dialog, QFileDialog) and dialog.isVisible() and not dialog.isModal()
    path = tmp_path / "seen.csv"
    dialog.fileSelected.emit(str(path))
    qtbot.waitUntil(lambda: "history export" in window.banner.messages())
    assert window.banner.messages()["history export"].endswith("seen.csv': 2.")
    with path.open(encoding="utf-8") as file:
        tracks = [row for row in csv.DictReader(file) if row["row"] == "track"]
    assert [(row["label"], row["masked"], row["source"]) for row in tracks] == [
        ("bea", "1", "fake"),
        ("ada", "0", "fake"),
    ]
    dialog.reject()
    assert window.live.history.dialog is None


def test_a_table_that_cannot_be_written_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.live.history.export(tmp_path / "missing" / "seen.csv")
    qtbot.waitUntil(lambda: "Cannot write" in window.banner.messages().get("history export", ""))


def test_it_counts_what_the_real_engine_sees(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("usb-fake", real=True, opener=lambda *_arguments, **_options: EndlessSource())
    window.live.actions_.history.trigger()
    qtbot.waitUntil(lambda: window.live.history.tally.counts() == [("bea", 1)], timeout=10_000)
    qtbot.waitUntil(
        lambda: any(
            each is not None and each.latency_ms for each in window.live.history.minute.slices(time.monotonic())
        )
    )
    window.live.history.refresh()
    assert window.live.history_strip.graph.rows[-1].figure.endswith(" ms")
