"""From nothing to a model of one's own in the window, with the real networks, and back to it after a new start."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from webcam_app.capture import open_source
from webcam_app.live import Result
from webcam_app.window.live.bridge import make_engine
from webcam_app.window.main_window import MainWindow

LONG = 60_000
CAP, HAIR = "Mütze", "ohne"


@pytest.fixture
def examples(tmp_path: Path, portrait: NDArray[np.uint8], demo_path: Path) -> Path:
    """A folder with pictures of somebody with a cap, by varying a portrait, and of somebody without, from the clip."""
    folder = tmp_path / "examples"
    random = np.random.default_rng(0)
    for number in range(12):
        turn = cv2.getRotationMatrix2D((256, 250), random.uniform(-12, 12), random.uniform(0.7, 1.1))
        image = cv2.warpAffine(portrait, turn, (512, 600), borderMode=cv2.BORDER_REPLICATE)
        image = cv2.convertScaleAbs(image, alpha=random.uniform(0.7, 1.2), beta=random.uniform(-20, 20))
        _write(folder / CAP / f"{number}.jpg", image)
    source = open_source(str(demo_path))
    try:
        while (frame := source.read()) is not None and frame.time < 5.0:
            if frame.time > 2.0 and frame.index % 8 == 0:  # both faces are there, the one without a cap on the left
                _write(folder / HAIR / f"{frame.index}.jpg", frame.image[:, :310])
    finally:
        source.close()
    return folder


def _write(path: Path, image: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".jpg", image)[1].tobytes())


def labels(result: Result | None) -> list[str | None]:
    """Of the faces shown, from left to right."""
    faces = sorted(result.faces, key=lambda face: face.box.x) if result is not None else []
    return [face.label for face in faces]


def choose(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """In the file dialog that is open; then the window is in front again."""
    (dialog,) = (each for each in window.findChildren(QFileDialog) if each.isVisible())
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    with qtbot.waitActive(window):
        window.activateWindow()


def test_classes_are_taught_seen_live_saved_and_loaded(
    open_window: OpenWindow, examples: Path, tmp_path: Path, demo_path: Path, qtbot: QtBot
) -> None:
    window = open_window(None, engine_factory=make_engine, begin=False)
    window.begin([str(demo_path)])
    window.live.sources.open_demo()
    qtbot.waitUntil(lambda: window.live.canvas.result is not None, timeout=LONG)

    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    page = window.teach
    assert page is not None and window.page is page
    for number, name in enumerate((CAP, HAIR)):
        qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda number=number: len(page.classes.cards) == number + 1)  # type: ignore[misc]
        card = page.classes.cards[page.studio.classes[number].key]
        qtbot.waitUntil(card.name.hasFocus)
        card.name.insert(name)
        qtbot.keyClick(card.name, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda number=number, name=name: page.studio.classes[number].name == name)  # type: ignore[misc]
        card.add.click()
        choose(window, examples / name, qtbot)
        qtbot.waitUntil(lambda number=number: len(page.studio.classes[number].pictures) > 8, timeout=LONG)  # type: ignore[misc]
    qtbot.waitUntil(lambda: page.studio.to_do == 0, timeout=LONG)
    page.content.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.model_in_use, timeout=LONG)
    assert "right on pictures it was not taught with" in page.result.toPlainText()
    qtbot.waitUntil(lambda: labels(page.preview.canvas.result) == [HAIR, CAP], timeout=LONG)
    assert window.live.engine.labels == (CAP, HAIR)

    saved = tmp_path / "mine.json"
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    choose(window, saved, qtbot)
    qtbot.waitUntil(lambda: window.live.models.path == saved)
    window.actions_.built_in_model.trigger()
    qtbot.waitUntil(lambda: window.live.models.path is None)
    window.close()

    again = open_window(None, engine_factory=make_engine, begin=False)
    again.begin([str(demo_path)])
    again.live.sources.open_demo()
    again.actions_.open_model.trigger()
    choose(again, saved, qtbot)
    qtbot.waitUntil(lambda: labels(again.live.canvas.result) == [HAIR, CAP], timeout=LONG)
    again.show_teach()
    assert again.teach is not None
    qtbot.waitUntil(
        lambda: again.teach is not None and again.teach.studio.pictures == page.studio.pictures, timeout=LONG
    )
