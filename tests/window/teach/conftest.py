"""The teaching page on a fake engine, with a features network that sees colours and a detector that sees squares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from tests.teaching.fakes import COLORS, WHITE, SquareFinder, install
from tests.window.fakes import FakeEngine
from webcam_app.capture import SourceKind
from webcam_app.faces.face import Box, Face
from webcam_app.window.main_window import MainWindow
from webcam_app.window.teach.page import TeachPage

PLACE = Box(280, 180, 100, 100)
BESIDE = Box(20, 20, 80, 80)


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("webcam_app.teaching.describing.FaceAnalyzer", SquareFinder)
    folder = tmp_path / "network"
    folder.mkdir()
    return install(monkeypatch, folder)


@pytest.fixture
def page(network: Path, window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> TeachPage:
    """The page, shown, while a camera shows a white wall."""
    engine.deliver(wall(), kind=SourceKind.CAMERA)
    window.show_teach()
    assert window.teach is not None
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    return window.teach


@pytest.fixture
def two(page: TeachPage, qtbot: QtBot) -> tuple[int, int]:
    """Keys of two classes."""
    for name in ("red", "blue"):
        page.studio.add_class(name)
    qtbot.waitUntil(lambda: len(page.classes.cards) == 2)
    return page.studio.classes[0].key, page.studio.classes[1].key


def wall(*colors: str, places: tuple[Box, ...] = (PLACE, BESIDE)) -> NDArray[np.uint8]:
    """A white picture with squares, which are faces."""
    image = np.full((480, 640, 3), WHITE, np.uint8)
    for color, place in zip(colors, places, strict=False):
        image[place.y : place.y + place.height, place.x : place.x + place.width] = COLORS[color]
    return image


def face(place: Box = PLACE, track: int = 1, label: str | None = "ada") -> Face:
    return Face(place, track, label, {"ada": 0.9, "bea": 0.1} if label else {})


Counts = Callable[[], list[int]]


def counts(page: TeachPage) -> list[int]:
    return [len(each.pictures) for each in page.studio.classes]
