"""Other programs see the picture through the kernel's own loopback devices."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.camera.devices import Vivid, wait_until
from webcam_app.capture import list_cameras, open_source
from webcam_app.capture.frame import Image
from webcam_app.capture.loopback import Loopback, loopbacks
from webcam_app.errors import SourceNotFoundError, VirtualCameraError
from webcam_app.live import LiveState
from webcam_app.output.virtual_camera import VirtualCamera
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import apply_theme

FIRST, SECOND, ALWAYS_BOTH = (Path(f"/dev/video{number}") for number in (10, 11, 12))
SIZE = (160, 120)
PATIENCE_MS = 80_000


@pytest.fixture(autouse=True)
def _free_again() -> Iterator[None]:
    """What one test wrote into is free for the next."""
    yield
    assert not any(device.fed for device in loopbacks())


def halves() -> Image:
    """Red on the left, blue on the right."""
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    image[:, : SIZE[0] // 2] = (0, 0, 220)
    image[:, SIZE[0] // 2 :] = (220, 0, 0)
    return image


class Viewer:
    """Another program that reads a camera, as programs for calls do: it streams until it is closed."""

    def __init__(self, path: str | Path, folder: Path) -> None:
        self._file = folder / f"seen-{Path(path).name}"
        self._file.unlink(missing_ok=True)
        command = ["v4l2-ctl", "-d", str(path), "--stream-mmap", "--stream-count=0", f"--stream-to={self._file}"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def wait_for(self, camera: VirtualCamera, count: int) -> None:
        """Wait until it has so many pictures, which the camera goes on to show."""

        def enough() -> bool:
            camera.repeat()
            return len(self._pictures(camera.size)) >= count

        wait_until(enough, "the other program sees pictures")

    def last(self, size: tuple[int, int]) -> Image:
        """The newest picture that it has seen whole, H×W×3 BGR."""
        raw = self._pictures(size)[-1].reshape(size[1] * 3 // 2, size[0])
        return cv2.cvtColor(raw, cv2.COLOR_YUV2BGR_I420)  # type: ignore[return-value]

    def has_seen(self, size: tuple[int, int]) -> bool:
        """Whether it has seen a whole picture yet: its file grows by parts of one."""
        return len(self._pictures(size)) > 0

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate()

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _pictures(self, size: tuple[int, int]) -> np.ndarray:
        whole = np.fromfile(self._file, np.uint8) if self._file.exists() else np.empty(0, np.uint8)
        length = size[0] * size[1] * 3 // 2
        return whole[: len(whole) // length * length].reshape(-1, length)


@contextlib.contextmanager
def fed(path: Path) -> Iterator[None]:
    """While the block runs, something else writes into a device: to the kernel it is all the same what."""
    import pyvirtualcam

    with pyvirtualcam.Camera(*SIZE, 10, fmt=pyvirtualcam.PixelFormat.I420, device=str(path)) as other:
        other.send(np.zeros((SIZE[1] * 3 // 2, SIZE[0]), np.uint8))
        yield


def device(path: str | Path) -> Loopback:
    return next(each for each in loopbacks() if each.path == str(path))


def colors(image: Image) -> tuple[str, str]:
    """What is on the left and on the right."""
    names = []
    for part in (image[:, : image.shape[1] // 3], image[:, -image.shape[1] // 3 :]):
        blue, _green, red = part.reshape(-1, 3).mean(axis=0)
        names.append("red" if red > 2 * blue else "blue" if blue > 2 * red else "neither")
    return names[0], names[1]


def test_another_program_sees_the_picture_as_it_is(tmp_path: Path) -> None:
    camera = VirtualCamera(SIZE, 30)
    assert (camera.device, camera.name, camera.size) == (str(FIRST), "Loop-A", SIZE)
    camera.send(halves())
    with Viewer(camera.device, tmp_path) as viewer:
        viewer.wait_for(camera, 3)
    camera.close()
    assert colors(viewer.last(SIZE)) == ("red", "blue")
    assert np.abs(viewer.last(SIZE).astype(int) - halves()).mean() < 12, "but for the coding of the colours"


def test_in_place_of_a_picture_it_sees_a_dark_one(tmp_path: Path) -> None:
    camera = VirtualCamera(SIZE, 30)
    camera.send(halves())
    camera.send(None)
    with Viewer(camera.device, tmp_path) as viewer:
        viewer.wait_for(camera, 3)
    camera.close()
    assert viewer.last(SIZE).max() < 60


def test_this_program_does_not_offer_its_own_camera_but_others_do(vivid: Vivid) -> None:
    camera = VirtualCamera(SIZE, 30)
    camera.send(halves())
    info = subprocess.run(["v4l2-ctl", "-d", camera.device, "--info"], capture_output=True, text=True).stdout
    here = [each.path for each in list_cameras()]
    with pytest.raises(SourceNotFoundError, match="shows this very picture"):
        open_source(camera.device)
    camera.close()
    assert "Video Capture" in info, "others take it for a camera"
    assert here == [str(vivid.device)]
    assert [each.path for each in list_cameras()] == [str(vivid.device)], "nobody feeds it now"


def test_a_device_that_is_not_fed_is_no_camera_even_if_it_says_so(vivid: Vivid) -> None:
    def listed() -> bool:
        return str(ALWAYS_BOTH) in [camera.path for camera in list_cameras()]

    assert not listed()
    with fed(ALWAYS_BOTH):
        assert listed()
    assert not listed()


def test_it_can_be_started_again_and_again(tmp_path: Path) -> None:
    for _ in range(3):
        camera = VirtualCamera(SIZE, 30)
        camera.send(halves())
        assert camera.device == str(FIRST) and device(FIRST).fed
        camera.close()
        assert not device(FIRST).fed and device(FIRST).writable


def test_a_program_that_reads_it_goes_on_when_it_is_started_again_with_another_picture(tmp_path: Path) -> None:
    """Its size is fixed then: the new picture is fitted into it."""
    camera = VirtualCamera(SIZE, 30)
    camera.send(halves())
    with Viewer(camera.device, tmp_path) as viewer:
        viewer.wait_for(camera, 2)
        camera.close()
        camera = VirtualCamera((320, 120), 30)
        assert camera.device == str(FIRST) and camera.size == SIZE
        seen = viewer.last(SIZE)
        camera.send(np.full((120, 320, 3), (0, 220, 0), np.uint8))

        def green() -> bool:
            camera.repeat()
            return bool(viewer.last(SIZE)[SIZE[1] // 2, SIZE[0] // 2, 1] > 150)

        wait_until(green, "it sees the new picture")
        camera.close()
    assert colors(seen) == ("red", "blue")
    assert viewer.last(SIZE)[2].max() < 60, "above the wide picture it is dark"


def test_a_device_that_another_program_feeds_is_left_alone() -> None:
    with fed(FIRST):
        camera = VirtualCamera(SIZE, 30)
        camera.close()
    assert camera.device == str(SECOND)


def test_where_all_are_in_use_it_says_so() -> None:
    match = r"Loop-A \(/dev/video10\), Loop-B .* in use by another program"
    with fed(FIRST), fed(SECOND), fed(ALWAYS_BOTH), pytest.raises(VirtualCameraError, match=match):
        VirtualCamera(SIZE, 30)


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vivid: Vivid
) -> Iterator[MainWindow]:
    """The window as the program opens it, on a camera."""
    monkeypatch.setenv("WEBCAM_APP_HOME", str(tmp_path))
    apply_theme(qapp)
    window = MainWindow(SettingsFile())
    window.resize(640, 420)
    window.show()
    window.begin([vivid.name])
    yield window
    window.close()
    window.deleteLater()
    qapp.processEvents()


def test_in_a_call_others_see_the_picture_not_mirrored(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    wait(lambda: window.live.canvas.mirrored and window.live.canvas.result is not None)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(lambda: "Loop-A" in window.banner.messages().get("virtual camera", ""))
    assert "Loop-A" in window.live.status.virtual_camera.text()
    assert window.live.actions_.virtual_camera.isChecked()
    result = window.live.canvas.result
    assert result is not None
    height, width = result.frame.image.shape[:2]
    with Viewer(FIRST, tmp_path) as viewer:
        wait(lambda: viewer.has_seen((width, height)))
        wait(lambda: _alike(viewer, window))
        seen = viewer.last((width, height))
    shown = window.live.canvas.result
    assert shown is not None
    assert likeness(seen, shown.frame.image) > likeness(seen, shown.frame.image[:, ::-1])
    offered = [window.live.header.source.itemText(row) for row in range(window.live.header.source.count())]
    assert "Loop-A" not in offered
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(lambda: not device(FIRST).fed)
    assert window.live.engine.state is LiveState.RUNNING


def _alike(viewer: Viewer, window: MainWindow) -> bool:
    """Whether the other program sees what the window shows, or did a moment ago."""
    result = window.live.canvas.result
    if result is None:
        return False
    height, width = result.frame.image.shape[:2]
    seen = viewer.has_seen((width, height))
    return seen and likeness(viewer.last((width, height)), result.frame.image) > 0.9


def likeness(one: Image, other: Image) -> float:
    """Correlation of two pictures, -1 to 1."""
    return float(np.corrcoef(one.astype(np.float32).ravel(), other.astype(np.float32).ravel())[0, 1])
