"""Opening a virtual camera, and what is written into it; the library's device is a fake that behaves like it."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from webcam_app.capture import cameras, v4l2
from webcam_app.capture.frame import Image
from webcam_app.capture.loopback import Loopback
from webcam_app.errors import VirtualCameraError
from webcam_app.output import virtual_camera
from webcam_app.output.virtual_camera import MOST_PIXELS, VirtualCamera, check_virtual_camera, fit, fitting_size


class PixelFormat(Enum):
    BGR = "24BG"
    I420 = "I420"


@dataclass
class Library:
    """pyvirtualcam, as far as it is used: what was opened, what was sent, and what goes wrong."""

    folder: Path
    opened: list[tuple[int, int, float, PixelFormat, str | None]] = field(default_factory=list)
    sent: list[np.ndarray] = field(default_factory=list)
    problem: str = ""
    closed: int = 0

    def camera(self, width: int, height: int, fps: float, *, fmt: PixelFormat, device: str | None) -> Any:
        if self.problem:
            raise RuntimeError(self.problem)
        self.opened.append((width, height, fps, fmt, device))
        shape = (height * 3 // 2, width) if fmt is PixelFormat.I420 else (height, width, 3)

        def send(frame: np.ndarray) -> None:
            if self.problem:
                raise RuntimeError(self.problem)
            assert frame.shape == shape and frame.dtype == np.uint8
            self.sent.append(frame.copy())

        def close() -> None:
            self.closed += 1

        return types.SimpleNamespace(device=device or "OBS Virtual Camera", send=send, close=close)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Library]:
    """A computer with Linux, the library, and one device."""
    library = Library(tmp_path)
    module: Any = types.ModuleType("pyvirtualcam")
    module.Camera, module.PixelFormat = library.camera, PixelFormat
    monkeypatch.setitem(sys.modules, "pyvirtualcam", module)
    monkeypatch.setattr(sys, "platform", "linux")
    there(monkeypatch, loopback(tmp_path, 4))
    monkeypatch.setattr(virtual_camera, "_used", set())
    yield library
    assert not cameras._own, "a camera was not closed"


def loopback(folder: Path, number: int, **more: Any) -> Loopback:
    path = folder / f"video{number}"
    path.touch()
    return Loopback(str(path), f"Loop {number}", **{"writable": True, **more})


def there(monkeypatch: pytest.MonkeyPatch, *devices: Loopback) -> None:
    monkeypatch.setattr(virtual_camera, "loopbacks", lambda: list(devices))


def seen(library: Library) -> Image:
    """What other programs see, H×W×3 BGR."""
    return cv2.cvtColor(library.sent[-1], cv2.COLOR_YUV2BGR_I420)  # type: ignore[return-value]


def test_the_picture_is_shown_in_its_size(library: Library) -> None:
    camera = VirtualCamera((64, 48), 25.0)
    image = np.full((48, 64, 3), (10, 200, 30), np.uint8)
    camera.send(image)
    camera.close()
    assert library.opened == [(64, 48, 25.0, PixelFormat.I420, str(library.folder / "video4"))]
    assert np.abs(seen(library).astype(int) - image).max() < 12
    assert library.closed == 1


@pytest.mark.parametrize(
    ("size", "fitting"),
    [
        ((640, 480), (640, 480)),
        ((641, 359), (640, 358)),
        ((3840, 2160), (1920, 1080)),
        ((3000, 4000), (810, 1080)),
        ((8, 4000), (16, 1080)),
    ],
)
def test_a_size_is_one_that_programs_for_calls_take(size: tuple[int, int], fitting: tuple[int, int]) -> None:
    assert fitting_size(size) == fitting
    assert fitting[0] <= MOST_PIXELS[0] and fitting[1] <= MOST_PIXELS[1]


@pytest.mark.parametrize("size", [(64, 48), (128, 96), (30, 90), (300, 20), (1, 1), (4000, 3)])
def test_a_picture_of_another_shape_lies_whole_in_the_middle(size: tuple[int, int]) -> None:
    width, height = size
    frame = np.zeros((48, 64, 3), np.uint8)
    fit(np.full((height, width, 3), 255, np.uint8), frame)
    bright = frame[..., 0] == 255
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    assert bright[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
    assert abs((47 - rows[-1]) - rows[0]) <= 1 and abs((63 - columns[-1]) - columns[0]) <= 1
    assert len(rows) == 48 or len(columns) == 64, "as large as it fits"
    scale = min(64 / width, 48 / height)
    assert (len(columns), len(rows)) == (max(1, round(width * scale)), max(1, round(height * scale)))


def test_what_was_there_before_does_not_shine_through(library: Library) -> None:
    camera = VirtualCamera((64, 48), 25.0)
    camera.send(np.full((48, 64, 3), 255, np.uint8))
    camera.send(np.full((12, 64, 3), 255, np.uint8))
    assert seen(library)[:10].max() < 60 and seen(library)[22:26].min() > 240
    camera.send(None)
    camera.close()
    assert seen(library).max() < 60


def test_repeating_shows_the_same_once_more(library: Library) -> None:
    camera = VirtualCamera((64, 48), 25.0)
    camera.send(np.full((48, 64, 3), (0, 0, 200), np.uint8))
    camera.repeat()
    camera.close()
    assert len(library.sent) == 2 and np.array_equal(*library.sent)


def test_without_the_package_it_says_what_to_install(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)  # as an import of what is not there
    with pytest.raises(VirtualCameraError, match=r"pip install 'webcam-app\[virtual-camera\]'"):
        check_virtual_camera()


def test_a_package_that_cannot_be_loaded_is_another_thing(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(sys.modules, "pyvirtualcam")
    (tmp_path / "pyvirtualcam.py").write_text("import a_library_that_is_not_there\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(VirtualCameraError, match=r"cannot be loaded.*a_library_that_is_not_there"):
        check_virtual_camera()


def test_without_a_device_it_says_how_to_make_one(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(v4l2, "CLASS_FOLDER", library.folder / "none")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, "pyvirtualcam", types.ModuleType("pyvirtualcam"))
    with pytest.raises(VirtualCameraError, match=r"apt install v4l2loopback-dkms.*modprobe v4l2loopback"):
        check_virtual_camera()


def test_devices_in_use_are_named(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    there(monkeypatch, loopback(library.folder, 4, fed=True), loopback(library.folder, 5, fed=True, writable=False))
    with pytest.raises(VirtualCameraError, match=r"Loop 4 \(.*video4\), Loop 5 .*in use by another program"):
        check_virtual_camera()


def test_the_first_device_that_is_free_is_taken(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    there(
        monkeypatch,
        loopback(library.folder, 2, denied=True),
        loopback(library.folder, 4, fed=True),
        loopback(library.folder, 5),
    )
    camera = VirtualCamera((64, 48), 25.0)
    camera.close()
    assert camera.name == "Loop 5"


def test_a_device_that_one_may_not_use_says_how_one_may(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    there(monkeypatch, loopback(library.folder, 4, denied=True))
    with pytest.raises(VirtualCameraError, match=r"not allowed.*Loop 4.*usermod"):
        check_virtual_camera()


def test_a_device_that_its_readers_hold_to_a_size_keeps_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    VirtualCamera((64, 48), 25.0).close()
    there(monkeypatch, loopback(library.folder, 4, fed=True, size=(64, 48)))  # as it looks after we left
    camera = VirtualCamera((200, 100), 25.0)
    camera.close()
    assert camera.size == (64, 48)


def test_what_the_library_says_is_told_in_one_line(library: Library) -> None:
    library.problem = "Virtual camera device /dev/video4 could not be configured: Device or resource busy\nmore"
    with pytest.raises(VirtualCameraError) as caught:
        VirtualCamera((64, 48), 25.0)
    assert "Loop 4" in str(caught.value) and "busy" in str(caught.value) and "\n" not in str(caught.value)


def test_a_device_that_vanishes_is_told(library: Library) -> None:
    camera = VirtualCamera((64, 48), 25.0)
    Path(camera.device).unlink()
    with pytest.raises(VirtualCameraError, match=r"Loop 4.*is gone"):
        camera.repeat()
    camera.close()


def test_a_device_that_takes_no_more_is_told(library: Library) -> None:
    camera = VirtualCamera((64, 48), 25.0)
    library.problem = "broken"
    with pytest.raises(VirtualCameraError, match="takes no more pictures: broken"):
        camera.send(None)
    camera.close()


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_the_library_knows_the_device(library: Library, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    camera = VirtualCamera((64, 48), 25.0)
    camera.send(np.full((48, 64, 3), (10, 200, 30), np.uint8))
    own = cameras._is_own(cameras.Camera("OBS Virtual Camera", "id", 1, "1"))
    camera.close()
    assert own, "it is not offered by its name"
    assert library.opened == [(64, 48, 25.0, PixelFormat.BGR, None)]
    assert (library.sent[0] == (10, 200, 30)).all()
    library.problem = "OBS Virtual Camera device not found! Did you install OBS?"
    with pytest.raises(VirtualCameraError, match="Install OBS"):
        VirtualCamera((64, 48), 25.0)


def test_its_own_camera_is_not_offered_while_it_is_open(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        cameras, "_all_cameras",
        lambda with_modes: [cameras.Camera(name, name, 0, str(library.folder / name)) for name in ("video3", "video4")],
    )  # fmt: skip
    camera = VirtualCamera((64, 48), 25.0)
    while_open = [each.name for each in cameras.list_cameras()]
    camera.close()
    assert while_open == ["video3"]
    assert [each.name for each in cameras.list_cameras()] == ["video3", "video4"]


def test_the_library_is_there_and_has_what_is_used() -> None:
    pyvirtualcam = pytest.importorskip("pyvirtualcam", exc_type=ImportError)
    assert pyvirtualcam.PixelFormat.I420 and pyvirtualcam.PixelFormat.BGR
    with pytest.raises(RuntimeError):  # no such device: all arguments are taken, and it raises what is caught
        pyvirtualcam.Camera(64, 48, 25.0, fmt=pyvirtualcam.PixelFormat.I420, device="/dev/video99")
