"""Someone lets the picture stand still to look at it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.fakes import BARE, FACE, FakeEngine, picture
from webcam_app.capture import SourceKind
from webcam_app.live import LiveState, Result
from webcam_app.window.main_window import MainWindow

RED, GREEN = (30, 30, 220), (40, 200, 40)


def show(window: MainWindow, engine: FakeEngine, qtbot: QtBot, color: tuple[int, int, int] = RED) -> Result:
    result = engine.deliver(picture(color), (FACE, BARE), kind=SourceKind.CAMERA)
    seen: list[int] = []
    window.live.bridge.result.connect(lambda shown: seen.append(shown.sequence))
    qtbot.waitUntil(lambda: result.sequence in seen)
    return result


def shown(window: MainWindow) -> int:
    assert window.live.canvas.result is not None
    return window.live.canvas.result.sequence


def freeze(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> Result:
    result = show(window, engine, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert window.live.freeze.frozen and window.live.actions_.freeze.isChecked()
    return result


def test_the_picture_stands_still_while_others_come_and_goes_on_with_the_newest(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    frozen = freeze(window, engine, qtbot)
    for _ in range(3):
        newest = show(window, engine, qtbot, GREEN)
        assert shown(window) == frozen.sequence
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert shown(window) == newest.sequence, "at once, without waiting for the next"
    assert not window.live.actions_.freeze.isChecked()


def test_it_is_clearly_seen_and_heard(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    canvas = window.live.canvas
    live = canvas.grab().toImage()
    freeze(window, engine, qtbot)
    still = canvas.grab().toImage()
    edge = canvas._visible.toAlignedRect()
    changed = sum(
        live.pixelColor(x, edge.top() + 1) != still.pixelColor(x, edge.top() + 1)
        for x in range(edge.left(), edge.right())
    )
    assert changed > 0.95 * edge.width(), "an edge all along the picture"
    assert canvas.accessibleDescription() == "The picture stands still"
    show(window, engine, qtbot)
    assert canvas.accessibleDescription() == "The picture stands still", "faces that nobody sees are not told"
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert canvas.accessibleDescription() == "The picture is live again"


def test_a_snapshot_keeps_what_stands(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    freeze(window, engine, qtbot)
    show(window, engine, qtbot, GREEN)
    window.live.actions_.snapshot.trigger()
    qtbot.waitUntil(window.live.toast.isVisible)
    (path,) = window.settings.snapshot_folder.iterdir()
    kept = cv2.imread(str(path))
    assert kept is not None and np.abs(kept[5, 5].astype(int) - RED).max() < 12


def test_a_recording_goes_on_live_and_that_is_said(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    show(window, engine, qtbot)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    freeze(window, engine, qtbot)
    assert engine.recording is not None and not engine.recording.paused
    assert window.live.canvas.accessibleDescription() == "The picture stands still; the recording goes on live"
    said = window.live.canvas.grab(window.live.canvas.rect().adjusted(0, 0, 0, -300)).toImage()
    window.live.canvas.set_recording("")
    without = window.live.canvas.grab(window.live.canvas.rect().adjusted(0, 0, 0, -300)).toImage()
    corner = [(x, y) for x in range(14, 300) for y in range(14, 36)]
    words = [sum(image.pixelColor(x, y).lightness() > 200 for x, y in corner) for image in (said, without)]
    assert words[0] > 1.8 * words[1] > 0, "more than that it is frozen"


def test_faces_are_covered_and_shown_while_it_stands(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    image = np.random.default_rng(1).integers(0, 256, picture().shape, dtype=np.uint8)
    result = engine.deliver(image, (FACE,), kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: window.live.canvas.result is not None and shown(window) == result.sequence)
    qtbot.keyClick(window, Qt.Key.Key_Z)
    show(window, engine, qtbot, GREEN)
    part = np.s_[FACE.box.y + 30 : FACE.box.y + 80, FACE.box.x + 30 : FACE.box.x + 80]

    def covered() -> bool:
        assert window.live.canvas.result is not None and shown(window) == result.sequence
        return not np.array_equal(window.live.canvas.result.frame.image[part], image[part])

    assert not covered()
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert covered()
    window.live.canvas.grab()
    place = window.live.canvas.face_rectangles([FACE])[0].center().toPoint()
    qtbot.mouseClick(window.live.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert not covered()
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert not covered()


@pytest.mark.parametrize("how", ["stop", "other source"])
def test_another_source_or_none_is_not_frozen(window: MainWindow, engine: FakeEngine, qtbot: QtBot, how: str) -> None:
    freeze(window, engine, qtbot)
    if how == "stop":
        window.live.stop()
    else:
        window.open("/films/two.mp4")
    assert not window.live.freeze.frozen and not window.live.actions_.freeze.isChecked()
    assert window.live.canvas.result is None
    result = show(window, engine, qtbot, GREEN)
    assert shown(window) == result.sequence


def test_it_stays_as_it_is_when_the_camera_is_lost_and_can_be_let_go(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    frozen = freeze(window, engine, qtbot)
    engine.go(LiveState.RETRYING, "The camera was pulled out.")
    assert not window.live.canvas.stale and shown(window) == frozen.sequence
    assert window.live.actions_.freeze.isEnabled()
    engine.go(LiveState.FAILED, "The camera is broken.")
    assert window.live.actions_.freeze.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert not window.live.freeze.frozen


def test_a_video_is_paused_and_not_frozen(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    assert not window.live.actions_.freeze.isEnabled(), "nothing is there yet"
    engine.deliver()
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    assert not window.live.actions_.freeze.isEnabled()
