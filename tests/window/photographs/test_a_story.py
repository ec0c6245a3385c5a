"""300 photographs are sorted, three corrected, one face drawn, and all exported, with the real networks."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.photographs.test_correct_labels import settle
from tests.window.photographs.test_draw_faces import drag
from train.readers.dataset import read_dataset
from webcam_app.faces.face import Box
from webcam_app.measure.gallery import make_pictures
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.kinds import CORRECTED, NO_FACE, ORDERS

LONG = 240_000
COUNT = 300
LYING = "lying.png"
FACE = Box(108, 141, 205, 205)
"""In the portrait that lies on its side, in which no face is found."""


@pytest.fixture
def album(tmp_path: Path, portrait: NDArray[np.uint8]) -> Path:
    """Pictures from the clip of two women, one of whom the network takes for a man, and one that lies on its side."""
    folder = make_pictures(tmp_path / "album", COUNT - 1)
    cv2.imwrite(str(folder / LYING), cv2.transpose(portrait))
    return folder


def choose(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """In the file dialog that is open; then the window is in front again."""
    (dialog,) = (each for each in window.findChildren(QFileDialog) if each.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    with qtbot.waitActive(window):
        window.activateWindow()


def test_photographs_are_sorted_corrected_completed_and_exported(
    open_window: OpenWindow, album: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(None, begin=False)
    window.open(str(album))
    page = window.photographs
    qtbot.waitUntil(lambda: page.collection.done == COUNT and not page.labelling.running, timeout=LONG)
    assert sum(entry.label == "male" for entry in page.collection.entries) > 50

    # Three that are labelled 'male', the surest first: they are women.
    male = next(kind for kind in page.chips.chips if kind.label == "male")
    page.chips.chips[male].click()
    page.orders.setCurrentIndex([text for text, _ in ORDERS].index("Label"))
    page.orders.activated.emit(page.orders.currentIndex())
    corrected = []
    # A picture of both is labelled by the larger face, which may be the other woman's.
    taken_for_men = [entry for entry in page.collection.shown if entry.label == "male"]
    for entry in taken_for_men[:3]:
        page.grid.go_to(entry)
        qtbot.keyClick(page.grid, Qt.Key.Key_1)
        corrected.append(entry.name)
    settle(page, qtbot)

    # One in which no face was found: it is drawn, and the network says what it sees in it.
    page.chips.choose((NO_FACE,))
    page.grid.go_to(next(entry for entry in page.collection.shown if entry.name == LYING))
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view.place is not None, timeout=LONG)
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    drag(page, (FACE.x, FACE.y), (FACE.x + FACE.width, FACE.y + FACE.height))
    entry = page.view.entry
    assert entry is not None
    qtbot.waitUntil(lambda: entry.label is not None, timeout=LONG)
    qtbot.keyClick(page.view, Qt.Key.Key_1)
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    settle(page, qtbot)
    page.chips.choose((CORRECTED,))
    assert sorted(entry.name for entry in page.collection.shown) == sorted([*corrected, LYING])

    page.actions_.export.trigger()
    choose(window, tmp_path / "faces.csv", qtbot)
    page.actions_.copies.trigger()
    choose(window, tmp_path / "copies", qtbot)
    qtbot.waitUntil(lambda: f"copies of {COUNT}" in window.banner.messages().get("export", ""), timeout=LONG)

    with (tmp_path / "faces.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["path"] for row in rows}) == COUNT
    by_hand = [row for row in rows if row["label"] and not row["confidence"]]
    assert sorted(Path(row["path"]).name for row in by_hand) == sorted([*corrected, LYING])
    assert {row["label"] for row in by_hand} == {"female"}
    assert len(list((tmp_path / "copies").iterdir())) == COUNT
    dataset = {sample.key: sample for sample in read_dataset(album)}
    assert {name: dataset[name].label for name in corrected} == dict.fromkeys(corrected, "female")
    ((label, mark),) = dataset[LYING].labelled_faces
    assert label == "female"
    assert mark is not None and mark.box.iou(FACE) > 0.9
