"""The list of cameras, from a made-up /sys and /dev whose drivers answer as the kernel does."""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from webcam_app.capture import cameras as cameras_module
from webcam_app.capture import list_cameras, open_source, v4l2
from webcam_app.capture.cameras import NO_CAMERA, check_access, find_camera
from webcam_app.errors import SourceBusyError, SourceError, SourceNotFoundError, SourcePermissionError

CAPTURE, OUTPUT, METADATA = 0x04200001, 0x04200002, 0x04A00000
USB_BUS = "usb-0000:00:14.0-1"


@dataclass
class Node:
    """A device file and the driver behind it."""

    card: str = "HD Webcam: HD Web"
    driver: str = "uvcvideo"
    bus: str = USB_BUS
    flags: int = CAPTURE
    busy: bool = False
    opening_fails: int = 0
    modes: list[tuple[str, int, int, float]] = field(default_factory=lambda: [("YUYV", 640, 480, 30.0)])


class Machine:
    """What the kernel would answer. Device files are ordinary files that are taken for devices."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sys, self.dev, self.by_id = root / "sys", root / "dev", root / "by-id"
        for folder in (self.sys, self.dev, self.by_id):
            folder.mkdir()
        self.nodes: dict[int, Node] = {}
        self.opened: list[int] = []
        self._descriptors: dict[int, int] = {}
        monkeypatch.setattr(cameras_module.sys, "platform", "linux")
        monkeypatch.setattr(v4l2, "CLASS_FOLDER", self.sys)
        monkeypatch.setattr(v4l2, "DEVICE_FOLDER", self.dev)
        monkeypatch.setattr(v4l2, "BY_ID_FOLDER", self.by_id)
        monkeypatch.setattr(v4l2, "open_device", self._open)
        monkeypatch.setattr(v4l2, "ioctl", self._ioctl)
        monkeypatch.setattr(cameras_module, "_known", {})
        monkeypatch.setattr(stat, "S_ISCHR", lambda mode: True)

    def plug_in(self, index: int, node: Node, link: str | None = None) -> Path:
        (self.sys / f"video{index}").mkdir()
        (self.sys / f"video{index}" / "name").write_text(f"{node.card}\n")
        path = self.dev / f"video{index}"
        path.touch()
        if link is not None:
            (self.by_id / link).symlink_to(path)
        self.nodes[index] = node
        return path

    def pull_out(self, index: int) -> None:
        (self.sys / f"video{index}" / "name").unlink()
        (self.sys / f"video{index}").rmdir()
        (self.dev / f"video{index}").unlink()
        for link in self.by_id.iterdir():
            if not link.exists():
                link.unlink()
        del self.nodes[index]

    def _open(self, path: str) -> int:
        index = int(Path(path).name.removeprefix("video"))
        self.opened.append(index)
        if index not in self.nodes:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        if self.nodes[index].opening_fails:
            code = self.nodes[index].opening_fails
            raise OSError(code, os.strerror(code))
        descriptor = os.open(path, os.O_RDONLY)
        self._descriptors[descriptor] = index
        return descriptor

    def _ioctl(self, descriptor: int, request: int, argument: bytes) -> bytes:
        node = self.nodes[self._descriptors[descriptor]]
        if request == v4l2.VIDIOC_QUERYCAP:
            names = (text.encode() for text in (node.driver, node.card, node.bus))
            return struct.pack("=16s32s32sIII12x", *names, 0, 0x80000000 | CAPTURE | METADATA, node.flags)
        if request == v4l2.VIDIOC_REQBUFS:
            if node.busy:
                raise OSError(errno.EBUSY, "Device or resource busy")
            return argument
        return self._enumerate(node, request, argument)

    def _enumerate(self, node: Node, request: int, argument: bytes) -> bytes:
        codes = list(dict.fromkeys(mode[0] for mode in node.modes))
        index = struct.unpack_from("=I", argument)[0]
        try:
            if request == v4l2.VIDIOC_ENUM_FMT:
                code = struct.unpack("<I", codes[index].encode())[0]
                return struct.pack("=III32sII12x", index, 1, 0, b"", code, 0)
            fourcc = struct.pack("<I", struct.unpack_from("=I", argument, 4)[0]).decode()
            if request == v4l2.VIDIOC_ENUM_FRAMESIZES:
                sizes = list(dict.fromkeys(mode[1:3] for mode in node.modes if mode[0] == fourcc))
                return struct.pack("=III6I8x", index, 0, v4l2.DISCRETE, *sizes[index], 0, 0, 0, 0)
            size = struct.unpack_from("=II", argument, 8)
            rates = [mode[3] for mode in node.modes if mode[0] == fourcc and mode[1:3] == size]
            return struct.pack("=5I6I8x", index, 0, *size, v4l2.DISCRETE, 100, round(100 * rates[index]), 0, 0, 0, 0)
        except IndexError:
            raise OSError(errno.EINVAL, "Invalid argument") from None


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_no_camera_is_an_empty_list_and_one_line(machine: Machine) -> None:
    assert list_cameras() == []
    with pytest.raises(SourceNotFoundError) as error:
        open_source("0")
    assert str(error.value) == NO_CAMERA


def test_only_devices_that_capture_are_listed(machine: Machine) -> None:
    machine.plug_in(0, Node())
    machine.plug_in(1, Node(flags=METADATA))
    machine.plug_in(2, Node(flags=OUTPUT))
    machine.plug_in(3, Node(flags=CAPTURE | 0x8000))
    assert [camera.index for camera in list_cameras()] == [0]


def test_cameras_are_in_order_of_number(machine: Machine) -> None:
    for index in (10, 2, 0):
        machine.plug_in(index, Node(bus=f"usb-{index}"))
    assert [camera.index for camera in list_cameras()] == [0, 2, 10]


def test_a_name_that_a_camera_says_twice_is_shown_once(machine: Machine) -> None:
    machine.plug_in(0, Node(card="Integrated Camera: Integrated C"))
    machine.plug_in(1, Node(card="Brio: Infrared", bus="usb-2"))
    assert [camera.name for camera in list_cameras()] == ["Integrated Camera", "Brio: Infrared"]


def test_the_same_camera_is_found_under_another_number(machine: Machine) -> None:
    machine.plug_in(0, Node(), link="usb-Maker_HD_Webcam_123-video-index0")
    before = list_cameras()[0]
    machine.pull_out(0)
    machine.plug_in(0, Node(card="Other", bus="usb-9"))
    machine.plug_in(3, Node(bus="usb-elsewhere"), link="usb-Maker_HD_Webcam_123-video-index0")
    assert find_camera(before.stable_id).index == 3


def test_a_camera_without_serial_number_is_found_in_another_socket_by_its_name(machine: Machine) -> None:
    machine.plug_in(0, Node(card="Cheap Cam"))
    before = list_cameras()[0]
    machine.pull_out(0)
    machine.plug_in(1, Node(card="Cheap Cam", bus="usb-elsewhere"))
    assert find_camera(before.stable_id).index == 1


def test_one_of_two_equal_cameras_is_not_guessed(machine: Machine) -> None:
    machine.plug_in(0, Node(card="Cheap Cam"))
    before = list_cameras()[0]
    machine.pull_out(0)
    machine.plug_in(1, Node(card="Cheap Cam", bus="usb-a"))
    machine.plug_in(2, Node(card="Cheap Cam", bus="usb-b"))
    with pytest.raises(SourceNotFoundError):
        find_camera(before.stable_id)


def test_two_nodes_of_one_device_have_different_identities(machine: Machine) -> None:
    machine.plug_in(0, Node())
    machine.plug_in(2, Node())
    first, second = list_cameras()
    assert first.stable_id != second.stable_id
    assert find_camera(second.stable_id) == second


@pytest.mark.parametrize(
    "spec",
    [lambda c: str(c.index), lambda c: c.path, lambda c: c.name, lambda c: c.name.upper(), lambda c: c.stable_id],
    ids=["number", "path", "name", "name in capitals", "stable id"],
)
def test_a_camera_is_found_by(spec: Callable[[object], str], machine: Machine) -> None:
    machine.plug_in(0, Node(card="Other", bus="usb-9"))
    machine.plug_in(4, Node())
    camera = list_cameras()[1]
    assert find_camera(spec(camera)) == camera


def test_a_wrong_number_names_the_cameras_that_are_there(machine: Machine) -> None:
    machine.plug_in(2, Node())
    with pytest.raises(SourceNotFoundError, match=r"no camera '7'. Cameras here: 2 \(HD Webcam\)"):
        open_source("7")


def test_a_camera_without_permission_is_listed_with_what_to_do(machine: Machine) -> None:
    machine.plug_in(0, Node(opening_fails=errno.EACCES))
    (camera,) = list_cameras()
    assert camera.name == "HD Webcam"
    assert camera.problem is not None and "not allowed" in camera.problem and "usermod" in camera.problem
    with pytest.raises(SourcePermissionError, match="usermod"):
        open_source("0")


def test_a_camera_in_use_says_so(machine: Machine) -> None:
    machine.plug_in(0, Node(busy=True))
    with pytest.raises(SourceBusyError, match=r"HD Webcam \(.*video0\) is in use by another program. Close"):
        open_source("0")


def test_a_driver_that_refuses_a_second_opening_says_so(machine: Machine) -> None:
    machine.plug_in(0, Node(opening_fails=errno.EBUSY))
    with pytest.raises(SourceBusyError):
        check_access(cameras_module.Camera("Cam", "cam", 0, str(machine.dev / "video0")))


def test_modes_are_the_highest_rate_of_each_size_largest_first(machine: Machine) -> None:
    modes = [("YUYV", 640, 480, 30.0), ("YUYV", 1280, 720, 10.0), ("MJPG", 1280, 720, 30.0), ("MJPG", 640, 480, 60.0)]
    machine.plug_in(0, Node(modes=modes))
    (camera,) = list_cameras(with_modes=True)
    assert [(mode.width, mode.height, mode.fps) for mode in camera.modes] == [(1280, 720, 30.0), (640, 480, 60.0)]


def test_a_list_that_is_asked_for_again_and_again_wakes_no_usb_camera(machine: Machine) -> None:
    machine.plug_in(0, Node())
    for _ in range(5):
        assert len(list_cameras()) == 1
    assert machine.opened == [0]


def test_a_loopback_device_is_listed_once_it_is_fed(machine: Machine) -> None:
    node = Node(driver="v4l2 loopback", flags=OUTPUT)
    machine.plug_in(0, node)
    assert list_cameras() == []
    node.flags = CAPTURE
    assert len(list_cameras()) == 1


def test_a_camera_that_is_pulled_out_while_the_list_is_made_is_left_out(machine: Machine) -> None:
    machine.plug_in(0, Node(opening_fails=errno.ENODEV))
    assert list_cameras() == []


def test_a_driver_whose_lists_never_end_is_bounded(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.plug_in(0, Node())
    answer = machine._enumerate
    monkeypatch.setattr(
        machine, "_enumerate", lambda node, request, argument: answer(node, request, bytes(4) + argument[4:])
    )
    monkeypatch.setattr(v4l2, "MAX_ENUM_ENTRIES", 4)
    (camera,) = list_cameras(with_modes=True)
    assert [(mode.width, mode.height) for mode in camera.modes] == [(640, 480)]


class Capture:
    """What ``cv2.VideoCapture`` does, as far as opening asks it."""

    opens = True
    made: ClassVar[list[Capture]] = []

    def __init__(self, path: str, backend: int) -> None:
        self.path, self.backend = path, backend
        self.settings: dict[int, float] = {cv2.CAP_PROP_FRAME_WIDTH: 640, cv2.CAP_PROP_FRAME_HEIGHT: 480}
        self.released = False
        Capture.made.append(self)

    def isOpened(self) -> bool:
        return Capture.opens

    def set(self, name: int, value: float) -> bool:
        self.settings[name] = value
        return True

    def get(self, name: int) -> float:
        return self.settings.get(name, 0.0)

    def read(self) -> tuple[bool, np.ndarray]:
        return True, np.zeros((int(self.settings[4]), int(self.settings[3]), 3), np.uint8)

    def release(self) -> None:
        self.released = True


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> type[Capture]:
    monkeypatch.setattr(cv2, "VideoCapture", Capture)
    monkeypatch.setattr(Capture, "made", [])
    monkeypatch.setattr(Capture, "opens", True)
    return Capture


def test_opening_takes_the_device_file_and_keeps_the_identity(machine: Machine, capture: type[Capture]) -> None:
    path = machine.plug_in(3, Node(), link="usb-Maker_HD_Webcam_123-video-index0")
    with open_source("3") as source:
        assert source.read() is not None
        assert (capture.made[0].path, capture.made[0].backend) == (str(path), cv2.CAP_V4L2)
        assert source.info.name == "HD Webcam"
        assert source.info.spec == "usb-Maker_HD_Webcam_123-video-index0"
    assert capture.made[0].released


def test_size_and_rate_are_asked_for_compressed_where_needed(machine: Machine, capture: type[Capture]) -> None:
    machine.plug_in(0, Node(modes=[("YUYV", 1280, 720, 10.0), ("MJPG", 1280, 720, 30.0)]))
    with open_source("0", size=(1280, 720), fps=30.0) as source:
        assert (source.info.width, source.info.height, source.info.fps) == (1280, 720, 30.0)
    assert capture.made[0].settings[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter.fourcc(*"MJPG")


def test_a_camera_that_does_not_start_is_named_and_let_go(machine: Machine, capture: type[Capture]) -> None:
    capture.opens = False
    machine.plug_in(0, Node())
    with pytest.raises(SourceError, match=r"HD Webcam .* could not be started"):
        open_source("0")
    assert capture.made[0].released
