"""What can be set on a camera, from a driver that answers with the kernel's own layouts."""

from __future__ import annotations

import ctypes
import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from webcam_app.capture import Camera, v4l2
from webcam_app.capture import controls as controls_module
from webcam_app.capture.controls import (
    CameraControl,
    ControlKind,
    camera_controls,
    reset_camera_controls,
    set_camera_controls,
)
from webcam_app.capture.controls.linux import MAX_CONTROLS, all_controls
from webcam_app.errors import SourceError

BRIGHTNESS, AUTOGAIN, GAIN, POWER_LINE, EXPOSURE_MODE = 0x980900, 0x980912, 0x980913, 0x980918, 0x9A0901
DISABLED, GRABBED, READ_ONLY, INACTIVE, WRITE_ONLY = 1, 2, 4, 0x10, 0x40


class QueryCtrl(ctypes.Structure):
    """struct v4l2_queryctrl"""

    _fields_ = (
        ("id", ctypes.c_uint32), ("type", ctypes.c_uint32), ("name", ctypes.c_char * 32), ("minimum", ctypes.c_int32),
        ("maximum", ctypes.c_int32), ("step", ctypes.c_int32), ("default_value", ctypes.c_int32),
        ("flags", ctypes.c_uint32), ("reserved", ctypes.c_uint32 * 2),
    )  # fmt: skip


class QueryMenu(ctypes.Structure):
    """struct v4l2_querymenu"""

    _pack_ = 1
    _fields_ = (
        ("id", ctypes.c_uint32), ("index", ctypes.c_uint32), ("name", ctypes.c_ubyte * 32),
        ("reserved", ctypes.c_uint32),
    )  # fmt: skip


class Control(ctypes.Structure):
    """struct v4l2_control"""

    _fields_ = (("id", ctypes.c_uint32), ("value", ctypes.c_int32))


@dataclass
class Known:
    """A control of the driver."""

    type: int = 1
    low: int = 0
    high: int = 100
    step: int = 1
    default: int = 50
    value: int = 50
    flags: int = 0
    menu: dict[int, bytes] = field(default_factory=dict)
    refuses: int = 0


class Driver:
    """Answers ioctls; VIDIOC codes are those that <linux/videodev2.h> gives on every 64-bit Linux."""

    def __init__(self) -> None:
        self.controls: dict[int, Known] = {}
        self.written: list[tuple[int, int]] = []
        self.endless = False
        self.asked = 0

    def ioctl(self, _descriptor: int, request: int, argument: bytes) -> bytes:
        if request == 0xC0445624:
            return self._query(QueryCtrl.from_buffer_copy(argument))
        if request == 0xC02C5625:
            return self._menu(QueryMenu.from_buffer_copy(argument))
        control = Control.from_buffer_copy(argument)
        known = self.controls[control.id]
        if request == 0xC008561B:
            return bytes(Control(control.id, known.value))
        assert request == 0xC008561C
        if known.refuses:
            raise OSError(known.refuses, "refused")
        known.value = control.value
        self.written.append((control.id, control.value))
        if control.id == AUTOGAIN and GAIN in self.controls:
            self.controls[GAIN].flags = INACTIVE if control.value else 0
        return argument

    def _query(self, query: QueryCtrl) -> bytes:
        self.asked += 1
        assert query.id & 0x80000000, "the next one is asked for"
        after = query.id & 0x7FFFFFFF
        if self.endless:
            return bytes(QueryCtrl(after + 1, 99, b"x"))
        following = [number for number in sorted(self.controls) if number > after]
        if not following:
            raise OSError(errno.EINVAL, "no more")
        c = self.controls[following[0]]
        name = f"Driver's {following[0]:x}".encode()
        return bytes(QueryCtrl(following[0], c.type, name, c.low, c.high, c.step, c.default, c.flags))

    def _menu(self, query: QueryMenu) -> bytes:
        if query.index not in self.controls[query.id].menu:
            raise OSError(errno.EINVAL, "a gap")
        text = self.controls[query.id].menu[query.index].ljust(32, b"\0")
        return bytes(QueryMenu(query.id, query.index, (ctypes.c_ubyte * 32)(*text)))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    """The driver of the only camera."""
    driver = Driver()

    @contextmanager
    def opened(spec: str) -> Iterator[tuple[Camera, int]]:
        yield Camera("Cam", spec, 0, "/dev/video0"), 3

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(v4l2, "ioctl", driver.ioctl)
    monkeypatch.setattr(controls_module, "_opened", opened)
    return driver


def named(controls: list[CameraControl]) -> dict[str, CameraControl]:
    return {control.name: control for control in controls}


def test_a_number_is_read_with_its_bounds(driver: Driver) -> None:
    driver.controls[BRIGHTNESS] = Known(low=-64, high=64, step=2, default=-4, value=8)
    (control,) = camera_controls("cam")
    assert control == CameraControl(BRIGHTNESS, "brightness", "Brightness", ControlKind.NUMBER, -64, 64, 2, -4, 8)


def test_a_menu_has_the_texts_of_the_driver_without_its_gaps(driver: Driver) -> None:
    driver.controls[POWER_LINE] = Known(3, 0, 3, menu={0: b"Disabled", 1: b"50 Hz", 3: b"Auto"}, value=1)
    (control,) = camera_controls("cam")
    assert control.kind is ControlKind.CHOICE
    assert dict(control.choices) == {0: "Disabled", 1: "50 Hz", 3: "Auto"}


def test_of_the_ways_to_expose_only_those_are_offered_that_the_camera_has(driver: Driver) -> None:
    driver.controls[EXPOSURE_MODE] = Known(3, 0, 3, menu={1: b"Manual Mode", 3: b"Aperture Priority Mode"}, value=3)
    (control,) = camera_controls("cam")
    assert list(control.choices) == [1, 3]
    assert control.choices[1] == "By hand"


@pytest.mark.parametrize("number", [7, 2**40, -3])
def test_a_menu_of_numbers_shows_them(driver: Driver, number: int) -> None:
    driver.controls[POWER_LINE] = Known(9, 0, 0, menu={0: number.to_bytes(8, sys.byteorder, signed=True)}, value=0)
    assert list(camera_controls("cam")[0].choices.values()) == [str(number)]


@pytest.mark.parametrize("flag", [DISABLED, READ_ONLY, WRITE_ONLY])
def test_what_cannot_be_set_is_left_out(driver: Driver, flag: int) -> None:
    driver.controls[BRIGHTNESS] = Known(flags=flag)
    assert camera_controls("cam") == []


@pytest.mark.parametrize("type_", [4, 5, 6, 7, 8, 0x100])
def test_buttons_texts_and_fields_are_left_out(driver: Driver, type_: int) -> None:
    driver.controls[BRIGHTNESS] = Known(type_)
    assert camera_controls("cam") == []


def test_what_is_unknown_is_left_out(driver: Driver) -> None:
    driver.controls[0x98F900] = Known()
    assert camera_controls("cam") == []
    assert [control.name for control in all_controls(3)] == ["Driver's 98f900"]


def test_a_driver_whose_list_never_ends_is_left(driver: Driver) -> None:
    driver.endless = True
    assert camera_controls("cam") == []
    assert driver.asked == MAX_CONTROLS


def test_a_camera_that_is_pulled_out_meanwhile_is_no_camera_without_controls(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_descriptor: int, _request: int, _argument: bytes) -> bytes:
        raise OSError(errno.ENODEV, "No such device")

    monkeypatch.setattr(v4l2, "ioctl", gone)
    with pytest.raises(OSError, match="No such device"):
        camera_controls("cam")


def test_what_decides_is_set_before_what_it_decides(driver: Driver) -> None:
    driver.controls[AUTOGAIN] = Known(2, 0, 1, default=1, value=1)
    driver.controls[GAIN] = Known(flags=INACTIVE)
    after = named(set_camera_controls("cam", {"gain": 20, "automatic_gain": 0}))
    assert driver.written == [(AUTOGAIN, 0), (GAIN, 20)]
    assert after["gain"].value == 20 and after["gain"].settable
    driver.written.clear()
    after = named(set_camera_controls("cam", {"gain": 30, "automatic_gain": 1}))
    assert driver.written == [(AUTOGAIN, 1)], "the camera decides: a wish would be refused, or lost"
    assert after["gain"].automatic


@pytest.mark.parametrize(("wish", "taken"), [(-500, -4), (-4, -4), (0, -1), (2, 2), (13, 14), (500, 14)])
def test_a_wish_becomes_the_nearest_value_that_the_camera_takes(wish: int, taken: int) -> None:
    assert CameraControl(1, "a", "A", ControlKind.NUMBER, -4, 14, 3, 2, 2).nearest(wish) == taken


def test_a_wish_never_passes_a_maximum_that_lies_between_two_steps() -> None:
    assert CameraControl(1, "a", "A", ControlKind.NUMBER, -4, 13, 3, 2, 2).nearest(500) == 11


def test_a_choice_that_the_camera_lacks_becomes_the_default(driver: Driver) -> None:
    driver.controls[POWER_LINE] = Known(3, 0, 2, default=1, value=2, menu={1: b"50 Hz", 2: b"60 Hz"})
    assert set_camera_controls("cam", {"power_line": 3})[0].value == 1


def test_reset_sets_the_defaults(driver: Driver) -> None:
    driver.controls[BRIGHTNESS] = Known(default=50, value=7)
    driver.controls[AUTOGAIN] = Known(2, 0, 1, default=0, value=1)
    driver.controls[GAIN] = Known(default=9, value=80, flags=INACTIVE)
    after = named(reset_camera_controls("cam"))
    assert {name: control.value for name, control in after.items()} == {
        "brightness": 50, "automatic_gain": 0, "gain": 9,
    }  # fmt: skip


def test_one_that_is_refused_is_named_and_the_others_are_set(driver: Driver) -> None:
    driver.controls[BRIGHTNESS] = Known(refuses=errno.EIO)
    driver.controls[GAIN] = Known()
    with pytest.raises(SourceError, match=r"Cam .*Brightness \(refused\)"):
        set_camera_controls("cam", {"brightness": 1, "gain": 2})
    assert driver.written == [(GAIN, 2)]


def test_one_that_a_stream_holds_is_left(driver: Driver) -> None:
    driver.controls[BRIGHTNESS] = Known(flags=GRABBED)
    (control,) = set_camera_controls("cam", {"brightness": 1})
    assert control.locked and driver.written == []


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_nothing_can_be_set(driver: Driver, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    driver.controls[BRIGHTNESS] = Known()
    monkeypatch.setattr(sys, "platform", platform)
    assert camera_controls("cam") == set_camera_controls("cam", {"brightness": 1}) == reset_camera_controls("cam") == []
    assert driver.written == []
