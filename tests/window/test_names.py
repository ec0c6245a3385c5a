"""Someone who does not see the screen works with the window."""

from __future__ import annotations

from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import BARE, FACE, FakeEngine
from webcam_app.capture import SourceKind
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.live import LiveState
from webcam_app.window.live.announcer import faces_text
from webcam_app.window.main_window import MainWindow


def name(button: QToolButton) -> str:
    assert button.accessibleName() == button.text(), "what is seen is what is heard"
    return button.accessibleName()


def test_the_start_button_is_named_after_what_it_does_now(window: MainWindow, engine: FakeEngine) -> None:
    start = window.live.controls.start
    assert name(start) == "Stop", "while it opens"
    engine.deliver(kind=SourceKind.CAMERA)
    assert name(start) == "Stop"
    assert "let the source go" in start.accessibleDescription()
    start.click()
    assert name(start) == "Start"
    engine.open("/films/one.mp4")
    engine.deliver()
    assert name(start) == "Pause"
    start.click()
    assert name(start) == "Play"


def test_while_recording_only_one_button_says_stop_recording(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.deliver(kind=SourceKind.CAMERA)
    controls = window.live.controls
    qtbot.waitUntil(controls.record.isEnabled)
    assert (name(controls.start), name(controls.record)) == ("Stop", "Record")
    controls.record.click()
    qtbot.waitUntil(lambda: window.live.recording.active)
    assert (name(controls.start), name(controls.record)) == ("Stop", "Stop recording")
    assert "the picture goes on" in controls.record.accessibleDescription()
    assert "(R)" in controls.record.toolTip()
    controls.record.click()
    qtbot.waitUntil(lambda: name(controls.record) == "Record")


def test_names_stay_where_only_icons_are_shown(open_window: OpenWindow) -> None:
    window = open_window(size=(640, 360))
    window.live.engine.deliver(kind=SourceKind.CAMERA)
    assert name(window.live.controls.start) == "Stop"


def test_every_action_of_every_page_has_an_icon_in_the_palette(window: MainWindow) -> None:
    window.show_teach()
    window.show_model()
    window.photographs.actions_.offer_labels(("ada", "bea"))
    actions = [action for page in window.pages for action in page.actions_] + list(window.actions_)
    assert len(actions) > 50
    empty = [action.objectName() for action in actions if action.icon().pixmap(20, 20).toImage() == blank()]
    assert empty == []


def blank() -> QImage:
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def test_faces_that_come_and_go_are_told(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    canvas = window.live.canvas
    engine.deliver(faces=[])
    qtbot.waitUntil(lambda: canvas.accessibleDescription() == "No face")
    engine.deliver(faces=[BARE, FACE])
    qtbot.waitUntil(lambda: canvas.accessibleDescription() == "2 faces: bea with a mask, ada")


def test_they_are_told_no_faster_than_one_can_listen(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    live = window.live
    told = live.canvas.accessibleDescription
    first = engine.deliver(faces=[])
    qtbot.waitUntil(lambda: told() == "No face")
    for faces in ([FACE], [], [BARE]):
        live._on_result(engine.deliver(faces=faces))
        assert told() == "No face"
    qtbot.waitUntil(lambda: told() != "No face")
    assert told() == "1 face: ada", "only what holds then"
    assert first.sequence < engine.latest().sequence  # type: ignore[union-attr]


def test_a_source_that_is_being_opened_has_no_faces(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver(faces=[FACE])
    window.open("/films/two.mp4")
    qtbot.waitUntil(lambda: window.live.canvas.accessibleDescription() == "No picture")
    assert engine.state is LiveState.OPENING


def test_many_faces_are_counted_by_label() -> None:
    faces = [Face(Box(10 * number, 0, 9, 9), number, "ada") for number in range(4)]
    faces += [Face(Box(90, 0, 9, 9), 9, UNSURE), Face(Box(110, 0, 9, 9), 10)]
    said = faces_text(faces, mirrored=False, recording=True, masks=True)
    assert said == "Recording. 6 faces: 4 ada, 1 unsure, 1 not labelled"


def test_they_are_told_as_they_stand_on_the_screen_and_without_masks_where_those_are_off() -> None:
    assert faces_text([FACE, BARE], mirrored=True, recording=False, masks=False) == "2 faces: ada, bea"
