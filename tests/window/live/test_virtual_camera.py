"""Someone lets a program for calls see the picture."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import BARE, FACE, LABELS, EndlessSource, FakeEngine, picture
from webcam_app.capture import SourceKind
from webcam_app.capture.frame import Image
from webcam_app.errors import VirtualCameraError
from webcam_app.live import LiveState
from webcam_app.live.virtual_camera import Shot, VirtualCameraFeed
from webcam_app.output.cover import CoverKind, cover_faces
from webcam_app.window.main_window import MainWindow


class Feed:
    """What the window hands to the thread, and what that tells."""

    def __init__(self, on_started: Callable[[str], None], on_failed: Callable[[str], None], **_more: Any) -> None:
        self.started, self.failed = on_started, on_failed
        self.shots: list[Shot | None] = []
        self.closed = False

    def show(self, shot: Shot | None, fps: float) -> None:
        assert not self.closed and fps > 0
        self.shots.append(shot)

    def close(self) -> None:
        self.closed = True

    def join(self, timeout: float) -> bool:
        return True


@pytest.fixture
def feeds(window: MainWindow) -> list[Feed]:
    """Those that the window has made, the newest last."""
    made: list[Feed] = []

    def make(*arguments: Any, **more: Any) -> VirtualCameraFeed:
        made.append(Feed(*arguments, **more))
        return cast(VirtualCameraFeed, made[-1])

    window.live.virtual_camera.make_feed = make
    return made


def show(window: MainWindow, qtbot: QtBot, image: Image | None = None) -> None:
    engine = cast(FakeEngine, window.live.engine)
    result = engine.deliver(image, (FACE, BARE), kind=SourceKind.CAMERA)
    qtbot.waitUntil(
        lambda: window.live.canvas.result is not None and window.live.canvas.result.sequence == result.sequence
    )


def press(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_V)


def test_a_key_turns_it_on_and_off_and_the_window_says_so(window: MainWindow, feeds: list[Feed], qtbot: QtBot) -> None:
    show(window, qtbot)
    assert not feeds and not window.live.actions_.virtual_camera.isChecked()
    press(window, qtbot)
    assert window.live.actions_.virtual_camera.isChecked()
    feeds[0].started("Loop")
    assert "camera 'Loop'" in window.banner.messages()["virtual camera"]
    assert "Loop" in window.live.status.virtual_camera.text()
    press(window, qtbot)
    assert feeds[0].closed and not window.live.actions_.virtual_camera.isChecked()
    assert "virtual camera" not in window.banner.messages() and not window.live.status.virtual_camera.text()


def test_the_menu_has_it(window: MainWindow) -> None:
    menu = window.live.header.menu_button.menu()
    assert menu is not None and window.live.actions_.virtual_camera in menu.actions()


def test_others_see_the_picture_with_its_faces_but_never_mirrored(
    window: MainWindow, feeds: list[Feed], qtbot: QtBot
) -> None:
    show(window, qtbot)
    assert window.live.canvas.mirrored, "as cameras are"
    press(window, qtbot)
    show(window, qtbot)
    for shot in feeds[0].shots:
        assert shot is not None and not shot.style.mirrored
        assert list(shot.faces) == [FACE, BARE] and tuple(shot.labels) == LABELS
    assert len(feeds[0].shots) == 2, "the one that was there already, too"


def test_what_is_covered_in_the_window_is_covered_for_others(
    window: MainWindow, feeds: list[Feed], qtbot: QtBot
) -> None:
    image = np.random.default_rng(3).integers(0, 256, picture().shape, dtype=np.uint8)
    show(window, qtbot, image)
    press(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_B)
    show(window, qtbot, image)
    before, at_once, after = feeds[0].shots
    assert before is not None and at_once is not None and after is not None
    assert np.array_equal(before.image, image)
    covered = cover_faces(image, (FACE.box, BARE.box), CoverKind.BLUR)
    assert np.array_equal(at_once.image, covered) and np.array_equal(after.image, covered)


@pytest.mark.parametrize("state", [LiveState.IDLE, LiveState.FAILED, LiveState.OPENING])
def test_where_the_window_shows_nothing_others_see_nothing(
    window: MainWindow, engine: FakeEngine, feeds: list[Feed], qtbot: QtBot, state: LiveState
) -> None:
    show(window, qtbot)
    press(window, qtbot)
    engine.go(state)
    window.live.bridge._pull()
    assert feeds[0].shots[-1] is None
    show(window, qtbot)
    assert feeds[0].shots[-1] is not None


@pytest.mark.parametrize("state", [LiveState.STALLED, LiveState.RETRYING, LiveState.PAUSED, LiveState.ENDED])
def test_where_the_picture_stands_still_it_stands_still_for_others(
    window: MainWindow, engine: FakeEngine, feeds: list[Feed], qtbot: QtBot, state: LiveState
) -> None:
    show(window, qtbot)
    press(window, qtbot)
    engine.go(state)
    assert feeds[0].shots[-1] is not None


def test_turned_on_after_stop_it_shows_no_picture_of_before(
    window: MainWindow, engine: FakeEngine, feeds: list[Feed], qtbot: QtBot
) -> None:
    show(window, qtbot)
    engine.go(LiveState.IDLE)
    press(window, qtbot)
    assert [shot for shot in feeds[0].shots if shot is not None] == []


def test_why_it_does_not_go_is_told_and_it_is_off(window: MainWindow, feeds: list[Feed], qtbot: QtBot) -> None:
    show(window, qtbot)
    press(window, qtbot)
    feeds[0].failed("There is no virtual camera on this computer. Install it.")
    assert window.banner.messages()["virtual camera"] == "There is no virtual camera on this computer. Install it."
    assert not window.live.actions_.virtual_camera.isChecked() and feeds[0].closed
    press(window, qtbot)
    assert len(feeds) == 2 and "virtual camera" not in window.banner.messages()


def test_what_a_camera_tells_that_was_turned_off_counts_for_nothing(
    window: MainWindow, feeds: list[Feed], qtbot: QtBot
) -> None:
    show(window, qtbot)
    for _ in range(3):
        press(window, qtbot)
    feeds[0].failed("late")
    feeds[0].started("late")
    assert window.live.virtual_camera.on and "virtual camera" not in window.banner.messages()
    assert not feeds[1].closed


def test_closing_the_window_turns_it_off(window: MainWindow, feeds: list[Feed], qtbot: QtBot) -> None:
    show(window, qtbot)
    press(window, qtbot)
    window.close()
    assert feeds[0].closed


def test_a_camera_that_breaks_ends_neither_the_picture_nor_a_recording(open_window: OpenWindow, qtbot: QtBot) -> None:
    broken = threading.Event()

    class Breaking:
        name = "Loop"

        def __init__(self, size: tuple[int, int], fps: float) -> None:
            self.size = size

        def send(self, image: Image | None) -> None:
            if broken.is_set():
                raise VirtualCameraError("The virtual camera Loop is gone.")

        def repeat(self) -> None:
            self.send(None)

        def close(self) -> None:
            pass

    window = open_window("usb-fake", real=True, opener=lambda *_arguments, **_options: EndlessSource())
    live = window.live
    live.virtual_camera.make_feed = lambda *arguments, **more: VirtualCameraFeed(
        *arguments, **more, opener=Breaking, check=lambda: None
    )
    qtbot.waitUntil(live.actions_.record.isEnabled, timeout=10_000)
    live.toggle_recording()
    qtbot.waitUntil(lambda: live.engine.recording is not None)
    press(window, qtbot)
    qtbot.waitUntil(lambda: "camera 'Loop'" in window.banner.messages().get("virtual camera", ""))
    broken.set()
    qtbot.waitUntil(lambda: "gone" in window.banner.messages().get("virtual camera", ""))
    result = live.engine.latest()
    assert result is not None
    before = result.sequence
    qtbot.waitUntil(lambda: (latest := live.engine.latest()) is not None and latest.sequence > before + 5)
    recording = live.engine.recording
    assert recording is not None and recording.problem is None
    live.toggle_recording()
    qtbot.waitUntil(lambda: not live.recording.active)
