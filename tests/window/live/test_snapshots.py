"""Someone takes snapshots: with and without labels, after a countdown, several in a row."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import BARE, FACE, EndlessSource, FakeEngine, picture
from webcam_app.capture import SourceKind
from webcam_app.errors import OutputError
from webcam_app.faces.face import Box
from webcam_app.live import LiveState, Result
from webcam_app.output import pictures
from webcam_app.output.cover import CoverKind, cover_faces
from webcam_app.window.live.recording import countdown, snapshots
from webcam_app.window.live.recording.countdown import Purpose
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.schema import Settings, SettingsError

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
# Smooth, so that JPEG keeps it, and with details, so that a cover changes it.
GRADIENT = cv2.resize(
    np.random.default_rng(5).integers(0, 256, (12, 16, 3), dtype=np.uint8), (640, 480), interpolation=cv2.INTER_CUBIC
).astype(np.uint8)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of the countdown takes a twentieth."""
    monkeypatch.setattr(countdown, "COUNT_MS", 50)


def deliver(window: MainWindow, engine: FakeEngine, qtbot: QtBot, image: NDArray[np.uint8] | None = None) -> None:
    result = engine.deliver(image, (FACE, BARE), kind=SourceKind.CAMERA)
    canvas = window.live.canvas
    qtbot.waitUntil(lambda: canvas.result is not None and canvas.result.sequence == result.sequence)


def kept(window: MainWindow) -> list[Path]:
    folder = window.settings.snapshot_folder
    return sorted(path for path in folder.iterdir() if path.name[0] != ".") if folder.exists() else []


def read(path: Path) -> NDArray[np.int64]:
    image = cv2.imread(str(path))
    assert image is not None
    return image.astype(np.int64)


def take(window: MainWindow, qtbot: QtBot, modifier: Any = Qt.KeyboardModifier.NoModifier) -> Path:
    before = kept(window)
    qtbot.keyClick(window, Qt.Key.Key_S, modifier)
    qtbot.waitUntil(lambda: len(kept(window)) == len(before) + 1)
    (path,) = set(kept(window)) - set(before)
    return path


@pytest.mark.parametrize("labels", [True, False])
def test_the_setting_says_whether_labels_are_in_it_and_shift_takes_the_other_kind(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, labels: bool
) -> None:
    window._settings.update(snapshot_labels=labels, mirror_cameras=False)
    other = window.live.actions_.snapshot_other
    assert other.text() == ("Snapshot without labels" if labels else "Snapshot with labels")
    deliver(window, engine, qtbot)
    usual, second = read(take(window, qtbot)), read(take(window, qtbot, modifier=SHIFT))
    with_labels, plain = (usual, second) if labels else (second, usual)
    assert np.abs(plain - picture()).max() < 12, "nothing is drawn"
    assert (np.abs(with_labels - picture()).max(axis=2) > 60).mean() > 0.01


def test_without_labels_it_is_mirrored_as_on_the_screen(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    deliver(window, engine, qtbot, GRADIENT)
    assert window.live.canvas.mirrored
    assert np.abs(read(take(window, qtbot, modifier=SHIFT)) - GRADIENT[:, ::-1]).mean() < 4


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, SHIFT])
@pytest.mark.parametrize("kind", list(CoverKind))
def test_who_is_covered_on_the_screen_is_covered_in_the_file_with_and_without_labels(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, kind: CoverKind, modifier: Any
) -> None:
    window._settings.update(cover=kind.value, mirror_cameras=False)
    deliver(window, engine, qtbot, GRADIENT)
    image = read(take(window, qtbot, modifier=modifier))
    covered = cover_faces(GRADIENT, [FACE.box, BARE.box], kind)
    for box in (FACE.box, BARE.box):
        part = middle(box)
        assert np.abs(image[part] - covered[part]).mean() < 4
        assert np.abs(image[part] - GRADIENT[part]).mean() > 8


def middle(box: Box) -> tuple[slice, slice]:
    return np.s_[box.y + 20 : box.y + box.height - 20, box.x + 20 : box.x + box.width - 20]


def test_a_face_stays_covered_though_the_cover_is_taken_off_before_the_file_is_written(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    import threading

    window._settings.update(cover="fill", mirror_cameras=False)
    deliver(window, engine, qtbot, GRADIENT)
    busy = threading.Event()
    window.worker.submit(busy.wait, lambda _: None, lambda problem: None)
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.keyClick(window, Qt.Key.Key_B)
    deliver(window, engine, qtbot, GRADIENT)
    busy.set()
    qtbot.waitUntil(lambda: len(kept(window)) == 1)
    part = middle(FACE.box)
    assert np.abs(read(kept(window)[0])[part] - GRADIENT[part]).mean() > 8


def test_what_was_on_the_screen_when_the_key_was_pressed_is_kept(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    deliver(window, engine, qtbot, picture((200, 30, 30)))
    qtbot.keyClick(window, Qt.Key.Key_S)
    engine.deliver(picture((30, 200, 30)), kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: len(kept(window)) == 1)
    assert np.abs(read(kept(window)[0])[5, 5] - (200, 30, 30)).max() < 12


def test_a_countdown_goes_before_it_and_the_button_cancels(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    window._settings.update(snapshot_countdown=3)
    deliver(window, engine, qtbot)
    numbers: list[int] = []
    window.live.countdown.counting.connect(numbers.append)
    snapshot = window.live.controls.snapshot
    snapshot.click()
    assert numbers == [3] and not kept(window)
    assert snapshot.accessibleName() == "Cancel" and window.live.controls.record.text() == "Record"
    assert window.live.canvas.accessibleDescription() == "Snapshot in 3"
    qtbot.waitUntil(lambda: len(kept(window)) == 1)
    assert numbers == [3, 2, 1, 0] and snapshot.accessibleName() == "Snapshot"
    snapshot.click()
    snapshot.click()
    assert numbers[-1] == 0 and window.live.countdown.purpose is None and snapshot.text() == "Snapshot"
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert window.live.countdown.purpose is Purpose.SNAPSHOT
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.live.countdown.purpose is None
    assert len(kept(window)) == 1


def test_a_picture_can_be_counted_down_to_while_a_recording_runs_and_is_stopped(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    window._settings.update(snapshot_countdown=10)
    deliver(window, engine, qtbot)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    window.live.actions_.snapshot.trigger()
    assert window.live.countdown.purpose is Purpose.SNAPSHOT
    assert window.live.controls.record.text() == "Stop recording"
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: not window.live.recording.active)
    assert window.live.countdown.purpose is Purpose.SNAPSHOT
    window.live.stop()
    assert window.live.countdown.purpose is None


def test_of_two_countdowns_the_last_one_counts(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window._settings.update(snapshot_countdown=10, countdown_seconds=10)
    deliver(window, engine, qtbot)
    window.live.actions_.snapshot.trigger()
    window.live.actions_.record.trigger()
    assert window.live.countdown.purpose is Purpose.RECORDING
    assert window.live.controls.record.text() == "Cancel" and window.live.controls.snapshot.text() == "Snapshot"


def burst(window: MainWindow, engine: FakeEngine, qtbot: QtBot, *, pictures: int = 4, milliseconds: int = 100) -> None:
    window._settings.update(burst_pictures=pictures, burst_milliseconds=milliseconds)
    deliver(window, engine, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_S, SHIFT | CONTROL)


def feed(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    """The camera goes on until the burst is over; each picture has its number in its colour."""
    number = 0

    def next_picture() -> bool:
        nonlocal number
        number += 1
        engine.deliver(picture((number % 250, 10, 10), 64, 48), kind=SourceKind.CAMERA)
        return not window.live.snapshots.bursting

    qtbot.waitUntil(next_picture)


def test_a_burst_is_so_many_different_pictures_that_sort_and_one_message(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    said: list[str] = []
    show = window.live.toast.show_message
    window.live.toast.show_message = lambda *told: (said.append(told[0]), show(*told))[1]  # type: ignore[method-assign]
    burst(window, engine, qtbot, pictures=4)
    feed(window, engine, qtbot)
    qtbot.waitUntil(lambda: bool(said))
    paths = kept(window)
    assert len(paths) == 4 and len(said) == 1
    assert said[0] == f"4 snapshots, the first: {paths[0].name}"
    written = sorted(paths, key=lambda path: path.stat().st_mtime_ns)
    assert written == paths, "by name they stand as they were taken"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.\d{3}\.jpg", path.name) for path in paths)
    colors = [int(read(path)[5, 5, 0]) for path in paths[1:]]
    assert len(set(colors)) == 3


def test_pictures_of_a_burst_keep_their_distance(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(snapshots, "time", SimpleNamespace(monotonic=lambda: now[0]))
    taken: list[int] = []

    def write(result: Result, *_: Any) -> Path:
        taken.append(result.frame.index)
        return Path("/films/one.jpg")

    monkeypatch.setattr(snapshots, "write_snapshot", write)
    burst(window, engine, qtbot, pictures=4, milliseconds=100)
    first = window.live.canvas.result
    assert first is not None
    for _ in range(20):  # 24.4 a second
        now[0] += 0.041
        window.live._on_result(engine.deliver(kind=SourceKind.CAMERA))
    qtbot.waitUntil(lambda: len(taken) == 4)
    assert [index - first.frame.index for index in taken] == [0, 3, 5, 8], "0.1 s apart on the whole"


def test_a_slow_camera_gives_a_burst_of_what_comes(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PATIENCE_SECONDS", 0.1)
    burst(window, engine, qtbot, pictures=4)
    deliver(window, engine, qtbot)
    qtbot.waitUntil(lambda: not window.live.snapshots.bursting)
    qtbot.waitUntil(window.live.toast.isVisible)
    count = len(kept(window))
    assert count in (1, 2) and f"{count} of 4 snapshots" in window.live.toast.text.text()


def test_the_same_key_ends_a_burst_and_another_source_does(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    burst(window, engine, qtbot, pictures=20, milliseconds=5000)
    assert window.live.snapshots.bursting
    qtbot.keyClick(window, Qt.Key.Key_S, SHIFT | CONTROL)
    assert not window.live.snapshots.bursting
    qtbot.keyClick(window, Qt.Key.Key_S, SHIFT | CONTROL)
    assert window.live.snapshots.bursting
    window.open("/films/two.mp4")
    assert not window.live.snapshots.bursting


def test_a_burst_that_cannot_be_written_is_said_once_and_ends(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OutputError("Cannot write '/x/one.jpg': the disk is full.")

    monkeypatch.setattr(pictures, "write_picture", full)
    burst(window, engine, qtbot, pictures=20, milliseconds=100)
    feed(window, engine, qtbot)
    qtbot.waitUntil(lambda: "the disk is full" in window.banner.text.text())
    idle: list[None] = []
    window.worker.submit(lambda: None, idle.append, lambda problem: None)
    qtbot.waitUntil(lambda: bool(idle))
    assert not window.live.toast.isVisible()


def test_a_burst_is_offered_while_pictures_come(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    action = window.live.actions_.burst
    assert not action.isEnabled()
    deliver(window, engine, qtbot)
    qtbot.waitUntil(action.isEnabled)
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert not action.isEnabled(), "each would be the same"
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert action.isEnabled()
    engine.go(LiveState.ENDED)
    assert not action.isEnabled()


def test_faces_of_a_burst_are_covered(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    window._settings.update(cover="fill", mirror_cameras=False, snapshot_labels=False)
    window._settings.update(burst_pictures=2, burst_milliseconds=100)
    deliver(window, engine, qtbot, GRADIENT)
    window.live.actions_.burst.trigger()

    def another() -> bool:
        engine.deliver(GRADIENT, (FACE, BARE), kind=SourceKind.CAMERA)
        return len(kept(window)) == 2

    qtbot.waitUntil(another)
    part = middle(FACE.box)
    assert all(np.abs(read(path)[part] - GRADIENT[part]).mean() > 8 for path in kept(window))


def test_a_burst_of_a_real_camera(open_window: OpenWindow, qtbot: QtBot, folder: Path) -> None:
    window = open_window("0", real=True, opener=lambda spec, **_wishes: EndlessSource())
    qtbot.waitUntil(window.live.actions_.burst.isEnabled)
    window.live.actions_.burst.trigger()
    qtbot.waitUntil(window.live.toast.isVisible)
    assert len(list((folder / "snapshots").iterdir())) == 5
    assert window.live.toast.text.text().startswith("5 snapshots")


@pytest.mark.parametrize(
    "values",
    [
        {"burst_pictures": 1}, {"burst_pictures": 21}, {"burst_pictures": True}, {"burst_milliseconds": 7},
        {"snapshot_countdown": 4}, {"snapshot_labels": 1}, {"show_strip": "yes"},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        Settings(**values)
