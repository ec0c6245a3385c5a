"""Someone does not want to show faces."""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.fakes import BARE, FACE, FakeEngine, picture
from webcam_app.faces.face import Box
from webcam_app.output.cover import CoverKind
from webcam_app.window.main_window import MainWindow

# A picture with details, so that a cover changes it.
IMAGE = np.random.default_rng(3).integers(0, 256, picture().shape, dtype=np.uint8)


def covered(window: MainWindow, box: Box) -> bool:
    result = window.live.canvas.result
    assert result is not None
    y, x = box.y + box.height // 2, box.x + box.width // 2
    part = np.s_[y - 20 : y + 20, x - 20 : x + 20]
    return not np.array_equal(result.frame.image[part], IMAGE[part])


def show(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    result = engine.deliver(IMAGE.copy(), (FACE, BARE))
    qtbot.waitUntil(
        lambda: window.live.canvas.result is not None and window.live.canvas.result.sequence == result.sequence
    )
    window.live.canvas.grab()


def test_a_key_covers_all_faces_and_shows_them_again(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    assert not covered(window, FACE.box)
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert covered(window, FACE.box) and covered(window, BARE.box)
    assert window.live.actions_.cover.isChecked()
    show(window, engine, qtbot)
    assert covered(window, FACE.box)
    assert window.live.overlay_style().covering is window.live.cover.covering
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert not covered(window, FACE.box)


def test_a_face_that_is_clicked_is_left_out_and_covered_again_by_another_click(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    show(window, engine, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_B)
    window.live.canvas.grab()
    place = window.live.canvas.face_rectangles([FACE])[0].center().toPoint()
    qtbot.mouseClick(window.live.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert not covered(window, FACE.box) and covered(window, BARE.box)
    qtbot.mouseClick(window.live.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert covered(window, FACE.box)


def test_the_kind_that_the_settings_name_is_used(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window.live._settings.update(cover="fill")
    assert window.live.cover.covering.kind is CoverKind.FILL
    qtbot.keyClick(window, Qt.Key.Key_B)
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert window.live.cover.covering.kind is CoverKind.FILL
