"""The bar below a video, by mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from PyQt5.QtGui import QHelpEvent, QMouseEvent
from PyQt5.QtWidgets import QApplication, QSlider, QToolTip
from pytestqt.qtbot import QtBot

from webcam_app.faces.face import UNSURE
from webcam_app.output.overlay import PALETTE
from webcam_app.window.colors import DARK, LIGHT, Theme
from webcam_app.window.player.bar import SPEEDS, next_speed
from webcam_app.window.player.face_timeline import FaceTimeline, Seen
from webcam_app.window.player.seek_bar import SeekBar, strip_pixels

LABELS = ("ada", "bea")


@pytest.fixture
def timeline() -> FaceTimeline:
    """Ada for ten seconds, both for ten, Bea with a mask for ten, an unsure one for ten, nobody; then nobody looked."""
    made = FaceTimeline(60.0, LABELS)
    faces = ([Seen(1, "ada")], [Seen(1, "ada"), Seen(2, "bea")], [Seen(2, "bea", masked=True)], [Seen(3, UNSURE)], [])
    for number, there in enumerate(faces):
        for tenth in range(100):
            begin = 10 * number + tenth / 10
            made.add(begin, begin + 0.1, there, scanned=True)
    return made


@pytest.fixture
def bar(qtbot: QtBot, timeline: FaceTimeline) -> SeekBar:
    bar = SeekBar()
    qtbot.addWidget(bar)
    bar.resize(614, 34)
    bar.set_length(60.0)
    bar.set_timeline(timeline)
    bar.show()
    return bar


def place(bar: SeekBar, seconds: float) -> QPoint:
    return QPoint(round(bar.x_of(seconds)), bar.height() // 2)


def drag(bar: SeekBar, point: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    move = QMouseEvent(QMouseEvent.Type.MouseMove, QPointF(point), none, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bar, move)


def test_a_click_goes_where_it_is(bar: SeekBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.sought) as sought:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place(bar, 42.0))
    assert sought.args[0] == pytest.approx(42.0, abs=0.1)
    assert bar.position == pytest.approx(42.0, abs=0.1)


def test_while_it_is_dragged_what_plays_does_not_move_it(bar: SeekBar, qtbot: QtBot) -> None:
    places: list[float] = []
    bar.sought.connect(places.append)
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=place(bar, 10.0))
    for seconds in (20.0, 30.0, 5.0):
        drag(bar, place(bar, seconds))
        bar.set_position(59.0)
    assert bar.position == pytest.approx(5.0, abs=0.1)
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=place(bar, 5.0))
    bar.set_position(6.0)
    assert bar.position == 6.0
    assert places == pytest.approx([10.0, 20.0, 30.0, 5.0], abs=0.1)


@pytest.mark.parametrize(
    ("key", "there"),
    [
        ("Left", 25.0),
        ("Right", 35.0),
        ("Down", 25.0),
        ("Up", 35.0),
        ("PageUp", 36.0),
        ("PageDown", 24.0),
        ("Home", 0.0),
        ("End", 60.0),
    ],
)
def test_keys_go_on_and_back(bar: SeekBar, qtbot: QtBot, key: str, there: float) -> None:
    bar.set_position(30.0)
    with qtbot.waitSignal(bar.sought) as sought:
        qtbot.keyClick(bar, getattr(Qt.Key, f"Key_{key}"))
    assert sought.args == [there]


def test_no_key_leaves_the_video(bar: SeekBar, qtbot: QtBot) -> None:
    for start, key in ((2.0, Qt.Key.Key_Left), (58.0, Qt.Key.Key_Right), (58.0, Qt.Key.Key_PageUp)):
        bar.set_position(start)
        qtbot.keyClick(bar, key)
        assert bar.position in (0.0, 60.0)


def test_a_tool_tip_says_when_and_who(bar: SeekBar, qtbot: QtBot) -> None:
    for seconds, words in (
        (5.0, "ada"),
        (15.0, "ada, bea"),
        (25.0, "bea with a mask"),
        (35.0, "unsure"),
        (45.0, "no face"),
        (55.0, "not looked at yet"),
    ):
        point = place(bar, seconds)
        QApplication.sendEvent(bar, QHelpEvent(QHelpEvent.Type.ToolTip, point, bar.mapToGlobal(point)))
        assert QToolTip.text().endswith(f" · {words}")
        assert QToolTip.text().startswith(
            ("0:04", "0:05", "0:14", "0:15", "0:24", "0:25", "0:34", "0:35", "0:4", "0:5")
        )
    bar.masks = False
    assert bar.text_at(25.0) == "0:25 · bea"


def test_a_screen_reader_is_told_where_and_who(bar: SeekBar) -> None:
    assert isinstance(bar, QSlider) and bar.accessibleName() == "Place in the video"
    bar.set_position(25.0)
    bar.describe()
    assert bar.accessibleDescription() == "0:25 · bea with a mask of 1:00"
    assert (bar.minimum(), bar.value(), bar.maximum()) == (0, 25_000, 60_000)


def column(pixels: np.ndarray, seconds: float) -> set[tuple[int, ...]]:
    return {tuple(int(value) for value in pixel) for pixel in pixels[:, round(seconds * 10)]}


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_the_strip_has_the_labels_colours_where_they_are(timeline: FaceTimeline, look: Theme) -> None:
    pixels = strip_pixels(timeline, 60.0, (600, 20), look, masks=True)
    ada, bea = (tuple(color[::-1]) for color in PALETTE[:2])
    assert ada in column(pixels, 5.0) and bea not in column(pixels, 5.0)
    assert {ada, bea} <= column(pixels, 15.0)
    assert bea in column(pixels, 25.0) and ada not in column(pixels, 25.0)
    nobody, unknown = column(pixels, 45.0), column(pixels, 55.0)
    assert len(nobody) == len(unknown) == 1 and nobody != unknown


def test_masks_and_unsure_ones_look_unlike_the_others(timeline: FaceTimeline) -> None:
    with_masks = strip_pixels(timeline, 60.0, (600, 20), DARK, masks=True)
    without = strip_pixels(timeline, 60.0, (600, 20), DARK, masks=False)
    differs = (with_masks != without).any(axis=(0, 2))
    assert not differs[:195].any() and differs[210:290].all() and not differs[305:].any()
    bea = PALETTE[1][::-1]
    filled = [(without[:, 10 * seconds] == bea).all(axis=1).sum() for seconds in (15, 25)]
    unsure = (without[:, 350] == (0xA6, 0xAF, 0xBD)).all(axis=1).sum()
    assert 0 < unsure < min(filled), "two thin lines, not a bar"


@pytest.mark.parametrize("width", [1, 80, 599, 5000])
def test_the_strip_has_any_width(timeline: FaceTimeline, width: int) -> None:
    assert strip_pixels(timeline, 60.0, (width, 20), DARK, masks=True).shape == (20, width, 3)
    assert strip_pixels(None, 60.0, (width, 20), DARK, masks=True).shape == (20, width, 3)
    assert strip_pixels(timeline, 0.0, (width, 20), DARK, masks=True).shape == (20, width, 3)


def test_a_short_appearance_in_a_long_video_is_seen() -> None:
    timeline = FaceTimeline(7200.0, LABELS)
    timeline.add(3600.0, 3600.1, [Seen(1, "ada")], scanned=True)
    pixels = strip_pixels(timeline, 7200.0, (400, 20), DARK, masks=True)
    assert (pixels == PALETTE[0][::-1]).all(axis=2).any()


def test_speeds_have_ends() -> None:
    assert next_speed(1.0, 1) == 1.5 and next_speed(1.0, -1) == 0.75
    assert next_speed(SPEEDS[0], -1) == 0.25 and next_speed(SPEEDS[-1], 1) == 4.0
