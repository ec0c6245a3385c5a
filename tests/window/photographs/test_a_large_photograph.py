"""Someone looks at photographs one by one, closely, and goes back to the grid."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.commands.square_analyzer import draw_face
from webcam_app.photographs import looking
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.page import PhotographsPage

PATIENCE_MS = 60_000


@pytest.fixture
def page(tmp_path: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> PhotographsPage:
    """Three photographs, one of them damaged; the first is the current one."""
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:SquareAnalyzer")
    for name in ("1.png", "2.png"):
        image = np.full((200, 400, 3), 90, np.uint8)
        draw_face(image, "female", 40, 40, 80)
        (tmp_path / "album").mkdir(exist_ok=True)
        (tmp_path / "album" / name).write_bytes(cv2.imencode(".png", image)[1].tobytes())
    (tmp_path / "album" / "3.jpg").write_bytes(b"\xff\xd8\xff and nothing more")
    window.open(str(tmp_path / "album"))
    page = window.photographs
    qtbot.waitUntil(lambda: bool(page.collection.entries) and not page.labelling.running, timeout=PATIENCE_MS)
    page.grid.go_to(page.collection.entries[0])
    return page


def enlarge(page: PhotographsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.large and page.view.loaded, timeout=PATIENCE_MS)


def test_return_shows_it_with_its_face_and_escape_leads_back(page: PhotographsPage, qtbot: QtBot) -> None:
    enlarge(page, qtbot)
    picture = page.view.picture_rectangle()
    colour = page.view.grab().toImage().pixelColor(picture.center().toPoint())
    assert (colour.red(), colour.green(), colour.blue()) == (90, 90, 90)
    edge = QPointF(picture.left() + 0.1 * picture.width(), picture.top() + 0.4 * picture.height())
    assert page.view.grab().toImage().pixelColor(edge.toPoint()) != colour
    assert "female" in page.view.accessibleDescription()
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert not page.large
    assert page.grid.isVisible()


def test_a_double_click_shows_it_too(page: PhotographsPage, qtbot: QtBot) -> None:
    place = page.grid.visualRect(page.collection.index(1)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.large
    assert page.view.entry is page.collection.entries[1]


def test_arrows_go_to_the_next_one_and_back_and_stop_at_the_ends(page: PhotographsPage, qtbot: QtBot) -> None:
    enlarge(page, qtbot)
    met = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(page.view, key)
        assert page.view.entry is not None
        met.append(page.view.entry.name)
    assert met == ["1.png", "2.png", "3.jpg", "3.jpg", "2.png"]
    assert page.grid.current is page.view.entry


def test_zooming_keeps_the_middle_and_never_leaves_an_empty_edge(page: PhotographsPage, qtbot: QtBot) -> None:
    enlarge(page, qtbot)
    whole = page.view.picture_rectangle()
    for _ in range(8):
        qtbot.keyClick(page.view, Qt.Key.Key_Plus)
    near = page.view.picture_rectangle()
    assert near.width() > 4 * whole.width()
    assert abs(near.center().x() - whole.center().x()) < 1
    qtbot.mousePress(page.view, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    qtbot.mouseMove(page.view, QPoint(9000, 9000))
    qtbot.mouseRelease(page.view, Qt.MouseButton.LeftButton, pos=QPoint(9000, 9000))
    assert page.view.picture_rectangle().left() <= 0
    qtbot.keyClick(page.view, Qt.Key.Key_0)
    assert page.view.picture_rectangle() == whole


def test_what_is_wrong_with_a_damaged_one_is_said(page: PhotographsPage, qtbot: QtBot) -> None:
    page.grid.go_to(page.collection.entries[2])
    enlarge(page, qtbot)
    assert "3.jpg" in page.view.accessibleDescription()
