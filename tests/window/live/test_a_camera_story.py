"""Somebody at their camera: looks closer, freezes, takes pictures and a recording, and tidies up; with the networks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from webcam_app.capture import Frame, Source, SourceInfo, SourceKind
from webcam_app.capture.video import open_video
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.live import LiveState
from webcam_app.output.cover import covered_area
from webcam_app.threads import use_opencv_threads

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LONG = 30_000


class ClipCamera(Source):
    """A camera before which a clip is played over and over."""

    def __init__(self, path: Path) -> None:
        self._clip = open_video(path, loop=True)
        self._closed = threading.Event()

    @property
    def info(self) -> SourceInfo:
        return replace(self._clip.info, kind=SourceKind.CAMERA, name="Clip camera", spec="usb-clip", duration=None)

    def read(self) -> Frame | None:
        if self._closed.wait(1 / 30):
            return None
        frame = self._clip.read()
        return None if frame is None else replace(frame, taken_at=time.monotonic())

    def close(self) -> None:
        self._closed.set()
        self._clip.close()


def analyzer() -> FaceAnalyzer:
    use_opencv_threads(1)
    return FaceAnalyzer()


def test_from_a_look_to_a_tidy_folder(
    open_window: OpenWindow, qtbot: QtBot, folder: Path, demo_path: Path,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    trash = tmp_path / "bin"
    trash.mkdir()
    monkeypatch.setattr("send2trash.send2trash", lambda path: Path(path).rename(trash / Path(path).name))

    def open_it(spec: str, **_wishes: object) -> Source:
        return ClipCamera(demo_path) if spec == "0" else open_video(Path(spec))

    window = open_window("0", real=True, opener=open_it, analyzer=analyzer)
    live, canvas = window.live, window.live.canvas

    def until(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=LONG)

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(window, key, modifier)

    def snapshots() -> list[Path]:
        return sorted((folder / "snapshots").glob("[0-9]*.jpg"))

    # Looks closer at a face, with all faces covered, and lets the picture stand still.
    until(lambda: canvas.result is not None and len(canvas.result.faces) == 2)
    press(Qt.Key.Key_B)
    press(Qt.Key.Key_Plus, CONTROL)
    press(Qt.Key.Key_Z)
    frozen = canvas.result
    assert frozen is not None and not canvas.viewport.whole
    until(lambda: live.engine.latest().sequence > frozen.sequence + 3)  # type: ignore[union-attr]
    assert canvas.result is frozen

    # Keeps it without labels: the whole picture that stands there, and nobody can be recognised.
    press(Qt.Key.Key_S, SHIFT)
    until(lambda: len(snapshots()) == 1)
    kept, bare = cv2.imread(str(snapshots()[0])), live.freeze.shown
    assert kept is not None and bare is not None and kept.shape == bare.frame.image.shape
    mirrored = bare.frame.image[:, ::-1]
    heads = covered_area(bare.frame.image.shape, [face.box for face in bare.faces])[:, ::-1]
    difference = np.abs(kept.astype(int) - mirrored).mean(axis=2)
    assert difference[~heads].mean() < 4 < 8 < difference[heads].mean()

    # Goes on live, with faces, records a little, and takes several pictures meanwhile.
    press(Qt.Key.Key_Z)
    press(Qt.Key.Key_B)
    press(Qt.Key.Key_0, CONTROL)
    press(Qt.Key.Key_R)
    until(lambda: live.engine.recording is not None and live.engine.recording.frames > 10)
    press(Qt.Key.Key_S, SHIFT | CONTROL)
    until(lambda: len(snapshots()) == 6)
    press(Qt.Key.Key_G)
    until(lambda: len(live.strip_bar.model.files) == 6)
    press(Qt.Key.Key_R)

    # The recording comes first in the strip; gets a name, is played, and one of the pictures goes.
    until(lambda: len(live.strip_bar.model.files) == 7 and not live.strip_bar.model.missing())
    row, model = live.strip_bar.view, live.strip_bar.model
    first = model.files[0]
    assert first.video and first.path.parent == folder / "recordings"
    poster = model.poster(first)
    assert poster is not None and poster[0] is not None and poster[1] is not None and poster[1] > 0.3
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Home)
    qtbot.keyClick(row, Qt.Key.Key_F2)
    editor = row.findChild(QLineEdit, "name")
    assert editor is not None
    qtbot.keyClicks(editor, "Zwei Frauen")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    renamed = folder / "recordings" / "Zwei Frauen.mp4"
    until(lambda: model.files[0].path == renamed)
    with av.open(str(renamed)) as container:
        assert sum(1 for _ in container.decode(video=0)) > 10
    qtbot.keyClick(row, Qt.Key.Key_Return)
    until(lambda: live.engine.statistics().source is not None and live.engine.statistics().source.spec == str(renamed))  # type: ignore[union-attr]
    until(lambda: live.engine.state in (LiveState.RUNNING, LiveState.ENDED) and canvas.result is not None)
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_End)
    last = model.files[-1].path
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    until(lambda: len(model.files) == 6)
    assert [path.name for path in trash.iterdir()] == [last.name] and not last.exists()
    assert not window.banner.messages().get("file")
