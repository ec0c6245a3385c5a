"""Whether something feeds a v4l2loopback device, as different versions of the module tell it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from webcam_app.capture import cameras, loopback, v4l2
from webcam_app.capture.loopback import free, is_fed, loopbacks

CAPTURE, OUTPUT = v4l2.CAP_VIDEO_CAPTURE, v4l2.CAP_VIDEO_OUTPUT
DRIVER = v4l2.LOOPBACK_DRIVER


class Kernel:
    """One device; what it says of itself is for the test to decide."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.flags = OUTPUT
        self.driver = DRIVER
        self.denied = False
        self.output_started = 0
        self.node = folder / "sys" / "video7"
        self.node.mkdir(parents=True)
        (self.node / "name").write_text("Loop\n")
        self.path = str(folder / "video7")
        self.size: tuple[int, int] | None = None
        Path(self.path).touch()
        monkeypatch.setattr(v4l2, "CLASS_FOLDER", folder / "sys")
        monkeypatch.setattr(v4l2, "DEVICE_FOLDER", folder)
        monkeypatch.setattr(v4l2, "open_device", self._open)
        monkeypatch.setattr(v4l2, "query", lambda _file: v4l2.Capability(self.driver, "Loop", "platform", self.flags))
        monkeypatch.setattr(v4l2, "size_now", lambda _file: self.size)
        monkeypatch.setattr(v4l2, "start_output", self._start_output)
        # A device file is asked for by listing cameras; a plain file stands for it.
        monkeypatch.setattr(cameras.stat, "S_ISCHR", lambda _mode: True)

    def says(self, state: str) -> None:
        (self.node / "state").write_text(f"{state}\n")

    def _open(self, path: str) -> int:
        if self.denied:
            raise PermissionError(path)
        return os.open(path, os.O_RDONLY)

    def _start_output(self, _file: int) -> None:
        self.output_started += 1
        raise OSError(22, "Invalid argument")  # as 0.12.7 answers where no size was set


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    return Kernel(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("flags", "state", "size", "fed"),
    [
        (OUTPUT, None, None, False),
        (CAPTURE, None, (640, 480), True),
        (0, None, None, False),
        (CAPTURE | OUTPUT, None, None, False),
        (CAPTURE | OUTPUT, None, (640, 480), True),
        (CAPTURE | OUTPUT, "output", (640, 480), False),
        (CAPTURE | OUTPUT, "capture", (640, 480), True),
        (OUTPUT, "output", (640, 480), False),
        (CAPTURE, "capture", (640, 480), True),
    ],
    ids=[
        "exclusive, idle", "exclusive, fed", "exclusive, forgotten", "always both, idle", "always both, fed",
        "newer, idle", "newer, fed", "newer, exclusive, idle", "newer, exclusive, fed",
    ],
)  # fmt: skip
def test_a_device_is_offered_as_a_camera_while_it_is_fed(
    kernel: Kernel, flags: int, state: str | None, size: tuple[int, int] | None, fed: bool
) -> None:
    kernel.flags, kernel.size = flags, size
    if state is not None:
        kernel.says(state)
    assert is_fed(0, v4l2.query(0), kernel.path) is fed
    assert [(each.path, each.name, each.fed) for each in loopbacks()] == [(kernel.path, "Loop", fed)]
    if os.name == "posix" and cameras.sys.platform.startswith("linux"):
        assert [camera.path for camera in cameras.list_cameras()] == [kernel.path] * (fed and bool(flags & CAPTURE))


def test_a_real_camera_is_none(kernel: Kernel) -> None:
    kernel.driver, kernel.flags = "uvcvideo", CAPTURE
    assert loopbacks() == []


def test_one_that_may_not_be_opened_is_known_by_the_module(kernel: Kernel) -> None:
    kernel.denied = True
    assert loopbacks() == [], "perhaps a real camera"
    (kernel.node / "max_openers").write_text("10\n")
    assert [(each.path, each.denied) for each in loopbacks()] == [(kernel.path, True)]


@pytest.mark.parametrize(("flags", "started"), [(0, 1), (CAPTURE, 1), (OUTPUT, 0), (CAPTURE | OUTPUT, 0)])
def test_only_a_device_that_has_forgotten_its_writer_is_freed(kernel: Kernel, flags: int, started: int) -> None:
    kernel.flags = flags
    free(kernel.path)
    assert kernel.output_started == started


def test_freeing_what_is_gone_does_nothing(kernel: Kernel) -> None:
    Path(kernel.path).unlink()
    free(kernel.path)
    assert kernel.output_started == 0 and loopback.loopbacks() == []
