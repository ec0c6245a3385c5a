"""Thumbnails come when they are asked for, and leave when others need the memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from webcam_app.window.photographs.grid import thumbnails as module
from webcam_app.window.photographs.grid.thumbnails import Thumbnails

PATIENCE_MS = 20_000


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Iterator[Thumbnails]:
    cache = Thumbnails(50)
    yield cache
    cache.close(5.0)


def draw(path: Path, value: int) -> Path:
    path.write_bytes(cv2.imencode(".png", np.full((100, 200, 3), value, np.uint8))[1].tobytes())
    return path


def grey(thumbnails: Thumbnails, path: Path) -> int:
    pixmap = thumbnails.get(path)
    assert pixmap is not None
    return pixmap.toImage().pixelColor(5, 5).green()


def test_it_arrives_in_its_size_and_colour(thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot) -> None:
    path = draw(tmp_path / "1.png", 77)
    assert thumbnails.get(path) is None
    with qtbot.waitSignal(thumbnails.arrived, timeout=PATIENCE_MS):
        thumbnails.want([path])
    pixmap = thumbnails.get(path)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (50, 25)
    assert grey(thumbnails, path) == 77


def test_a_file_that_is_no_picture_is_known_as_such(thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "1.png").write_bytes(b"nothing")
    with qtbot.waitSignal(thumbnails.arrived, timeout=PATIENCE_MS):
        thumbnails.want([tmp_path / "1.png"])
    assert thumbnails.failed(tmp_path / "1.png")


def test_the_oldest_ones_leave_when_there_are_too_many(
    thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHE_BYTES", 3 * 50 * 25 * 4)
    paths = [draw(tmp_path / f"{number}.png", number) for number in range(5)]
    for path in paths:
        with qtbot.waitSignal(thumbnails.arrived, timeout=PATIENCE_MS):
            thumbnails.want([path])
    assert [thumbnails.get(path) is not None for path in paths] == [False, False, True, True, True]


def test_once_forgotten_the_same_name_is_read_anew(thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot) -> None:
    path = draw(tmp_path / "1.png", 10)
    for value in (10, 90):
        draw(path, value)
        thumbnails.clear()
        with qtbot.waitSignal(thumbnails.arrived, timeout=PATIENCE_MS):
            thumbnails.want([path])
        assert grey(thumbnails, path) == value
