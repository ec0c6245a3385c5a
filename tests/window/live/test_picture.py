"""Someone looks at the live picture."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.window.fakes import BARE, FACE, LABELS, FakeEngine, picture
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.output.overlay import color_for
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.live.picture.face_painter import LabelStyle, on_screen
from webcam_app.window.live.picture.viewport import letterbox
from webcam_app.window.main_window import MainWindow


def pixels(canvas: VideoCanvas) -> NDArray[np.uint8]:
    """What is on the canvas, H×W×3 BGR."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_BGR888)
    data = image.constBits()
    data.setsize(image.sizeInBytes())
    rows = np.frombuffer(data, np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def near(color: NDArray[np.uint8], expected: tuple[int, int, int]) -> bool:
    return bool(np.abs(color.astype(int) - expected).max() <= 2)


@pytest.fixture
def canvas(qtbot: QtBot) -> VideoCanvas:
    canvas = VideoCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 400)
    canvas.show()
    return canvas


def show(canvas: VideoCanvas, image: NDArray[np.uint8], faces: tuple[Face, ...] = ()) -> None:
    canvas.show_result(FakeEngine(object, lambda event: None).deliver(image, faces), LABELS)


@pytest.mark.parametrize(
    ("area", "frame", "expected"),
    [
        ((800, 400), (640, 480), (133, 0, 533, 400)),
        ((400, 800), (640, 480), (0, 250, 400, 300)),
        ((640, 480), (640, 480), (0, 0, 640, 480)),
        ((100, 100), (10_000, 1), (0, 49, 100, 1)),
    ],
)
def test_the_frame_keeps_its_shape_and_stands_in_the_middle(
    area: tuple[int, int], frame: tuple[int, int], expected: tuple[int, int, int, int]
) -> None:
    assert letterbox(*area, *frame) == expected


def test_colours_are_those_of_the_frame_and_the_bars_are_dark(canvas: VideoCanvas) -> None:
    show(canvas, picture((10, 120, 240)))
    shown = pixels(canvas)
    assert near(shown[200, 400], (10, 120, 240))
    assert shown[200, 20].max() < 40 and shown[200, 780].max() < 40


def test_the_frame_is_shown_whole_without_scaling(canvas: VideoCanvas) -> None:
    image = np.random.default_rng(1).integers(0, 256, (400, 800, 3), dtype=np.uint8)
    show(canvas, image)
    assert np.array_equal(pixels(canvas), image)


def test_an_odd_width_and_a_part_of_a_larger_array_are_shown_right(canvas: VideoCanvas) -> None:
    large = np.random.default_rng(2).integers(0, 256, (400, 900, 3), dtype=np.uint8)
    canvas.resize(799, 400)
    show(canvas, large[:, 50:849])
    assert np.array_equal(pixels(canvas), large[:, 50:849])


def test_the_frame_is_kept_alive_by_the_canvas(canvas: VideoCanvas) -> None:
    show(canvas, picture((10, 120, 240), 800, 400))
    gc.collect()
    junk = [np.full((400, 800, 3), 255, np.uint8) for _ in range(8)]
    assert near(pixels(canvas)[200, 400], (10, 120, 240)), len(junk)


def test_the_frame_is_not_changed(canvas: VideoCanvas) -> None:
    image = picture()
    image.flags.writeable = False
    canvas.set_mirrored(True)
    canvas.set_stale(True)
    show(canvas, image, (FACE,))
    pixels(canvas)
    assert (image == picture()).all()


def test_mirroring_exchanges_the_sides_of_the_picture(canvas: VideoCanvas) -> None:
    image = picture((0, 0, 255), 800, 400)
    image[:, :400] = (255, 0, 0)
    show(canvas, image)
    assert near(pixels(canvas)[200, 100], (255, 0, 0))
    canvas.set_mirrored(True)
    assert near(pixels(canvas)[200, 100], (0, 0, 255))


def test_mirroring_moves_a_box_to_the_other_side() -> None:
    shown = QRectF(100, 0, 640, 480)
    assert on_screen(Box(0, 10, 100, 50), shown, 640, 480, mirrored=False) == QRectF(100, 10, 100, 50)
    assert on_screen(Box(0, 10, 100, 50), shown, 640, 480, mirrored=True) == QRectF(640, 10, 100, 50)


def test_mirroring_leaves_the_text_readable(canvas: VideoCanvas) -> None:
    # A face in the middle: its label must look the same whether the plain picture behind it is mirrored or not.
    face = Face(Box(340, 140, 120, 120), 1, "bea", {"bea": 0.9})
    show(canvas, picture((90, 90, 90), 800, 400), (face,))
    plain = pixels(canvas)
    canvas.set_mirrored(True)
    assert np.array_equal(pixels(canvas), plain)
    assert not np.array_equal(plain[:, ::-1], plain)


@pytest.mark.parametrize("background", [(0, 0, 0), (255, 255, 255), (128, 128, 128)])
def test_a_label_stands_out_from_any_picture(canvas: VideoCanvas, background: tuple[int, int, int]) -> None:
    show(canvas, picture(background, 800, 400), (Face(Box(300, 150, 150, 150), 1, "bea", {"bea": 0.97}),))
    plate = pixels(canvas)[110:146, 302:380].reshape(-1, 3).astype(int)
    fill = np.array(color_for("bea", LABELS))
    assert (np.abs(plate - fill).max(axis=1) < 8).mean() > 0.3, "no plate in the label's colour"
    assert (plate.max(axis=1) < 60).mean() > 0.03, "no dark letters or edge"


def test_each_of_the_models_labels_has_its_colour_and_unsure_is_grey(canvas: VideoCanvas) -> None:
    seen = set()
    for label in (*LABELS, UNSURE):
        show(canvas, picture((0, 0, 0), 800, 400), (Face(Box(300, 150, 150, 150), 1, label, {label: 0.9}),))
        seen.add(tuple(pixels(canvas)[225, 300]))
    assert len(seen) == 4


def test_boxes_are_sharp_when_a_small_frame_is_shown_large(canvas: VideoCanvas) -> None:
    show(canvas, picture((0, 0, 0), 80, 40), (Face(Box(30, 10, 20, 20), 1, "bea", {"bea": 0.9}),))
    row = pixels(canvas)[200, 280:320].max(axis=1)
    # Painted into the frame before scaling by ten, the edge would be a ramp over more than ten pixels.
    assert 2 <= (row > 60).sum() <= 9


def test_letters_grow_with_the_setting(canvas: VideoCanvas) -> None:
    def plate_height() -> int:
        column = pixels(canvas)[:148, 306]
        return int((np.abs(column.astype(int) - color_for("bea", LABELS)).max(axis=1) < 8).sum())

    show(canvas, picture((0, 0, 0), 800, 400), (Face(Box(300, 150, 150, 150), 1, "bea", {"bea": 0.97}),))
    small = plate_height()
    canvas.set_style(LabelStyle(text_percent=200))
    assert plate_height() > 1.5 * small


def test_labels_of_two_faces_do_not_cover_each_other(canvas: VideoCanvas) -> None:
    pair = (
        Face(Box(300, 150, 60, 60), 1, "bea", {"bea": 0.97}),
        Face(Box(370, 150, 60, 60), 2, "ada", {"ada": 0.97}),
    )
    show(canvas, picture((0, 0, 0), 800, 400), pair)
    shown = pixels(canvas).astype(int)
    for label in ("bea", "ada"):
        assert (np.abs(shown - color_for(label, LABELS)).max(axis=2) < 8).sum() > 800


def test_a_picture_that_stands_still_is_grey_and_dark(canvas: VideoCanvas) -> None:
    show(canvas, picture((40, 80, 240), 800, 400), (FACE,))
    canvas.set_stale(True)
    shown = pixels(canvas)
    assert (shown.max(axis=2).astype(int) - shown.min(axis=2)).max() == 0
    assert shown.max() < 120


def test_a_recording_shows_a_red_mark_on_the_picture(canvas: VideoCanvas) -> None:
    show(canvas, picture((128, 128, 128), 800, 400))

    def red() -> int:
        corner = pixels(canvas)[:60, 600:].astype(int)
        return int(((corner[..., 2] > 180) & (corner[..., 1] < 90)).sum())

    assert red() == 0
    canvas.set_recording("0:12")
    assert red() > 50
    canvas.set_recording("")
    assert red() == 0


def test_the_engine_is_told_once_which_picture_was_painted(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    result = engine.deliver(faces=[FACE, BARE])
    qtbot.waitUntil(lambda: engine.painted == [result.sequence])
    window.live.canvas.repaint()
    second = engine.deliver()
    qtbot.waitUntil(lambda: second.sequence in engine.painted)
    assert engine.painted == [result.sequence, second.sequence]


def test_an_empty_canvas_is_dark(canvas: VideoCanvas) -> None:
    assert QColor(canvas.grab().toImage().pixel(5, 5)).lightness() < 40
