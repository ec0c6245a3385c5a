"""Someone looks closer at a part of the live picture."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QColor, QNativeGestureEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication, QGestureEvent, QPinchGesture
from pytestqt.qtbot import QtBot

from tests.window.fakes import BARE, FACE, FakeEngine, picture
from webcam_app.capture import SourceKind
from webcam_app.faces.face import Box, Face
from webcam_app.window.main_window import MainWindow

# A blue picture with a red square where the face is said to be.
BOX = Box(100, 80, 120, 120)
IMAGE = picture((200, 60, 20))
IMAGE[BOX.y : BOX.y + BOX.height, BOX.x : BOX.x + BOX.width] = (20, 20, 230)
MARKED = Face(BOX, 1)


def show(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    result = engine.deliver(IMAGE, (MARKED,), kind=SourceKind.CAMERA)
    qtbot.waitUntil(
        lambda: window.live.canvas.result is not None and window.live.canvas.result.sequence == result.sequence
    )


def turn_wheel(window: MainWindow, at: QPointF, notches: float) -> None:
    canvas = window.live.canvas
    event = QWheelEvent(
        at, QPointF(canvas.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def is_red(color: QColor) -> bool:
    return color.red() > 150 and color.blue() < 100


def assert_box_is_on_the_red_square(window: MainWindow) -> None:
    """The box that is drawn, and where a click on the face goes, lie where the picture shows the square."""
    canvas = window.live.canvas
    window.live.canvas.set_style(type(canvas._style)(show_masks=False))
    shown = canvas.grab().toImage()
    (box,) = canvas.face_rectangles([MARKED])
    visible = box.intersected(canvas._visible)
    assert visible.width() > 20 and visible.height() > 20
    # Beside the middle of each edge: its corners are round.
    middle = visible.center()
    for inside, step in ((True, 7), (False, -7)):
        for x, y in (
            (box.left() + step, middle.y()), (box.right() - step, middle.y()),
            (middle.x(), box.top() + step), (middle.x(), box.bottom() - step),
        ):  # fmt: skip
            if canvas._visible.contains(x, y):
                assert is_red(shown.pixelColor(round(x), round(y))) is inside


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("notches", [0, 2, 5])
def test_boxes_stay_on_their_faces(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, mirrored: bool, notches: int
) -> None:
    window._settings.update(mirror_cameras=mirrored)
    show(window, engine, qtbot)
    window.live.canvas.grab()
    (box,) = window.live.canvas.face_rectangles([MARKED])
    turn_wheel(window, box.center() + QPointF(11, 5), notches)
    assert (window.live.canvas.viewport.zoom > 1) is (notches > 0)
    assert_box_is_on_the_red_square(window)


def test_the_wheel_keeps_what_is_under_the_mouse(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    window.live.canvas.grab()
    corner = window.live.canvas.face_rectangles([MARKED])[0].bottomRight()
    turn_wheel(window, corner, 3)
    window.live.canvas.grab()
    after = window.live.canvas.face_rectangles([MARKED])[0].bottomRight()
    assert (after - corner).manhattanLength() < 2


def test_keys_zoom_and_go_back(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas, actions = window.live.canvas, window.live.actions_
    assert not actions.zoom_out.isEnabled() and not actions.zoom_whole.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport.zoom == pytest.approx(1.5625)
    assert canvas.accessibleDescription() == "Enlarged to 156 %"
    qtbot.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport.zoom == pytest.approx(1.25)
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport.whole and not actions.zoom_whole.isEnabled()
    assert canvas.accessibleDescription() == "The whole picture is shown"


def test_keys_alone_show_another_part(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert canvas.viewport.whole, "there is nothing else to see"
    for _ in range(5):
        window.live.actions_.zoom_in.trigger()
    before = canvas.viewport
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert canvas.viewport.x < before.x and canvas.viewport.y == before.y
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert canvas.viewport.y > before.y
    assert any("Alt" in keys for keys, _ in window.live.held_keys)


def test_the_picture_is_dragged(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    turn_wheel(window, QPointF(canvas.rect().center()), 4)
    canvas.grab()
    before = canvas.face_rectangles([MARKED])[0].topLeft()
    start = QPoint(canvas.width() // 2, canvas.height() // 2)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas, start + QPoint(20, 0))
    send_move(window, start + QPoint(20, 0))
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    send_move(window, start + QPoint(70, 30))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(70, 30))
    canvas.grab()
    moved = canvas.face_rectangles([MARKED])[0].topLeft() - before
    assert moved.x() == pytest.approx(50, abs=2) and moved.y() == pytest.approx(30, abs=2)
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def send_move(window: MainWindow, at: QPoint) -> None:
    from PyQt5.QtGui import QMouseEvent

    canvas = window.live.canvas
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(canvas.mapToGlobal(at)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_dragging_over_a_face_is_no_click_on_it(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    qtbot.keyClick(window, Qt.Key.Key_B)
    canvas.grab()
    place = canvas.face_rectangles([MARKED])[0].center()
    turn_wheel(window, place, 3)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place.toPoint())
    send_move(window, place.toPoint() + QPoint(60, 0))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place.toPoint() + QPoint(60, 0))
    assert window.live.cover.covering.spared == set()
    canvas.grab()
    place = canvas.face_rectangles([MARKED])[0].intersected(canvas._visible).center()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert window.live.cover.covering.spared == {1}


def test_two_fingers_on_a_touchpad_zoom(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    at = QPointF(300, 200)
    for _ in range(3):
        event = QNativeGestureEvent(Qt.NativeGestureType.ZoomNativeGesture, at, at, at, 0.2, 0, 0)
        QApplication.sendEvent(canvas, event)
    assert canvas.viewport.zoom == pytest.approx(1.2**3)


def test_two_fingers_on_a_touchscreen_zoom_and_move(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    pinch = QPinchGesture()
    at = QPointF(canvas.mapToGlobal(canvas.rect().center()))
    pinch.setScaleFactor(3.0)
    pinch.setCenterPoint(at)
    pinch.setLastCenterPoint(at)
    QApplication.sendEvent(canvas, QGestureEvent([pinch]))
    assert canvas.viewport.zoom == pytest.approx(3) and canvas.viewport.x == pytest.approx(0.5, abs=0.01)
    pinch.setScaleFactor(1.0)
    pinch.setCenterPoint(at + QPointF(60, 0))
    QApplication.sendEvent(canvas, QGestureEvent([pinch]))
    assert canvas.viewport.x < 0.49


def test_faces_outside_of_what_is_seen_have_no_label_at_the_edge(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    result = engine.deliver(picture(), (FACE, BARE), kind=SourceKind.CAMERA)
    canvas = window.live.canvas
    qtbot.waitUntil(lambda: canvas.result is not None and canvas.result.sequence == result.sequence)
    canvas.set_mirrored(False)
    canvas.grab()
    turn_wheel(window, canvas.face_rectangles([FACE])[0].center(), 7)
    canvas.grab()
    first, second = canvas.face_rectangles([FACE, BARE])
    assert first.intersects(canvas._visible) and not second.intersects(canvas._visible)
    with_both = canvas.grab().toImage()
    alone = engine.deliver(picture(), (FACE,), kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: canvas.result is not None and canvas.result.sequence == alone.sequence)
    assert canvas.grab().toImage() == with_both


def test_a_picture_and_a_recording_have_no_part_in_it(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, folder: object
) -> None:
    import cv2

    show(window, engine, qtbot)
    turn_wheel(window, QPointF(10, 10), 6)
    window.live.actions_.snapshot.trigger()
    qtbot.waitUntil(window.live.toast.isVisible)
    (path,) = window.settings.snapshot_folder.iterdir()
    kept = cv2.imread(str(path))
    assert kept is not None and kept.shape == IMAGE.shape
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    assert not hasattr(engine.styles[-1], "viewport")


def test_another_source_is_shown_as_a_whole(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    turn_wheel(window, QPointF(10, 10), 6)
    window.open("/films/two.mp4")
    assert window.live.canvas.viewport.whole


def test_how_much_it_is_enlarged_stands_on_the_picture(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    whole = canvas.grab().toImage()
    turn_wheel(window, QPointF(canvas.width() * 0.9, canvas.height() * 0.9), 6)
    zoomed = canvas.grab().toImage()
    corner = [(x, y) for x in range(14, 60) for y in range(14, 36)]
    assert sum(zoomed.pixelColor(x, y).lightness() > 200 for x, y in corner) > 10, "letters"
    assert sum(whole.pixelColor(x, y).lightness() > 200 for x, y in corner) == 0


def test_the_wheel_does_nothing_without_a_picture(window: MainWindow) -> None:
    turn_wheel(window, QPointF(10, 10), 3)
    window.live.actions_.zoom_in.trigger()
    assert window.live.canvas.viewport.whole


def test_the_picture_itself_is_not_changed(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    before = IMAGE.copy()
    show(window, engine, qtbot)
    turn_wheel(window, QPointF(100, 100), 4)
    window.live.canvas.grab()
    assert np.array_equal(before, IMAGE)
