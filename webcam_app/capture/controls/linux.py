"""Reads and sets a camera's controls through ioctl, beside a program that streams from it.

Numbers and layouts are those of <linux/v4l2-controls.h> and <linux/videodev2.h>. See
https://docs.kernel.org/userspace-api/media/v4l/control.html. ``VIDIOC_QUERYCTRL`` is asked and not its 64-bit sister:
every driver answers it, and no control of a webcam is wider.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from webcam_app.capture import v4l2
from webcam_app.capture.controls.control import CameraControl, ControlKind

_QUERYCTRL = struct.Struct("=II32siiiiI8x")
_QUERYMENU = struct.Struct("=II32s4x")
_CONTROL = struct.Struct("=Ii")
_WIDE = struct.Struct("=q")

VIDIOC_G_CTRL = v4l2.request_code(3, 27, _CONTROL)
VIDIOC_S_CTRL = v4l2.request_code(3, 28, _CONTROL)
VIDIOC_QUERYCTRL = v4l2.request_code(3, 36, _QUERYCTRL)
VIDIOC_QUERYMENU = v4l2.request_code(3, 37, _QUERYMENU)

NEXT_CTRL = 0x80000000
INTEGER, BOOLEAN, MENU, INTEGER_MENU = 1, 2, 3, 9
KINDS = {
    INTEGER: ControlKind.NUMBER,
    BOOLEAN: ControlKind.SWITCH,
    MENU: ControlKind.CHOICE,
    INTEGER_MENU: ControlKind.CHOICE,
}

DISABLED, GRABBED, READ_ONLY, INACTIVE, WRITE_ONLY = 0x01, 0x02, 0x04, 0x10, 0x40
UNUSABLE = DISABLED | READ_ONLY | WRITE_ONLY

MAX_CONTROLS = 512
"""Bound on the enumeration: a faulty driver may never say that the list has ended. vivid, with most, has about 100."""
MAX_CHOICES = 256

_EXPOSURE = {0: "Automatic", 1: "By hand", 2: "Time by hand", 3: "Automatic, with a fixed aperture"}


@dataclass(frozen=True, slots=True)
class _Known:
    """A control that is offered: its name, what people read, and own words for its choices where they are better."""

    name: str
    label: str
    choices: tuple[tuple[int, str], ...] = ()


USER, CAMERA = 0x00980900, 0x009A0900
KNOWN = {
    USER + 0: _Known("brightness", "Brightness"),
    USER + 1: _Known("contrast", "Contrast"),
    USER + 2: _Known("saturation", "Saturation"),
    USER + 3: _Known("hue", "Hue"),
    USER + 16: _Known("gamma", "Gamma"),
    USER + 27: _Known("sharpness", "Sharpness"),
    USER + 28: _Known("backlight", "Backlight compensation"),
    CAMERA + 1: _Known("exposure_mode", "Exposure control", tuple(_EXPOSURE.items())),
    CAMERA + 2: _Known("exposure", "Exposure time"),
    USER + 17: _Known("exposure_value", "Exposure"),
    CAMERA + 3: _Known("exposure_priority", "Lower the rate in the dark"),
    USER + 18: _Known("automatic_gain", "Automatic gain"),
    USER + 19: _Known("gain", "Gain"),
    USER + 12: _Known("automatic_white_balance", "Automatic white balance"),
    USER + 26: _Known("white_balance", "White balance"),
    USER + 14: _Known("red_balance", "Red balance"),
    USER + 15: _Known("blue_balance", "Blue balance"),
    CAMERA + 12: _Known("automatic_focus", "Automatic focus"),
    CAMERA + 10: _Known("focus", "Focus"),
    CAMERA + 13: _Known("zoom", "Zoom of the lens"),
    CAMERA + 8: _Known("pan", "Pan"),
    CAMERA + 9: _Known("tilt", "Tilt"),
    USER + 24: _Known("power_line", "Flicker of lamps"),
}
"""What is offered, in the order in which it is shown: what switches something to automatic stands before it. Others are
left out: drivers list buttons that break them, and what only their makers understand."""

DECIDING = frozenset({"exposure_mode", "automatic_gain", "automatic_white_balance", "automatic_focus"})
"""Names of those that say whether the camera decides others by itself."""


def read_controls(descriptor: int) -> list[CameraControl]:
    """The known controls that a device has and that can be set, in the order of ``KNOWN``.

    Raises:
        OSError: it is gone.
    """
    found = {control.id: control for control in all_controls(descriptor) if control.id in KNOWN}
    return [found[number] for number in KNOWN if number in found]


def all_controls(descriptor: int) -> Iterator[CameraControl]:
    """Every number, switch and choice that a device has and that can be set, known or not. Raises OSError if gone."""
    number = 0
    for _ in range(MAX_CONTROLS):
        try:
            answer = v4l2.ioctl(
                descriptor, VIDIOC_QUERYCTRL, _QUERYCTRL.pack(number | NEXT_CTRL, 0, b"", 0, 0, 0, 0, 0)
            )
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return  # the list has ended, or there is none
        asked, number = number, _QUERYCTRL.unpack(answer)[0]
        if number <= asked:  # a driver that does not know NEXT_CTRL, or counts in a circle
            return
        control = _control(descriptor, answer)
        if control is not None:
            yield control


def write_control(descriptor: int, number: int, value: int) -> None:
    """Set a control. Raises OSError: the driver refuses, or the device is gone."""
    v4l2.ioctl(descriptor, VIDIOC_S_CTRL, _CONTROL.pack(number, value))


def _control(descriptor: int, answer: bytes) -> CameraControl | None:
    """The control that an answer describes, or None if it cannot be shown or set."""
    number, type_, raw_name, minimum, maximum, step, default, flags = _QUERYCTRL.unpack(answer)
    kind = KINDS.get(type_)
    if kind is None or flags & UNUSABLE or maximum < minimum:
        return None
    try:
        value = _CONTROL.unpack(v4l2.ioctl(descriptor, VIDIOC_G_CTRL, _CONTROL.pack(number, 0)))[1]
    except OSError as error:
        if error.errno == errno.ENODEV:
            raise
        return None  # some webcams list what they do not have
    known = KNOWN.get(number)
    choices: dict[int, str] = {}
    if kind is ControlKind.CHOICE:
        choices = _choices(descriptor, number, type_, minimum, maximum)
        choices.update({value: text for value, text in (known.choices if known else ()) if value in choices})
        if not choices:
            return None
    text = v4l2.text_of(raw_name)
    return CameraControl(
        id=number,
        name=known.name if known else text,
        label=known.label if known else text,
        kind=kind,
        minimum=minimum,
        maximum=maximum,
        step=max(1, step),
        default=default,
        value=value,
        choices=choices,
        automatic=bool(flags & INACTIVE),
        locked=bool(flags & GRABBED),
    )


def _choices(descriptor: int, number: int, type_: int, minimum: int, maximum: int) -> dict[int, str]:
    """Value to text; a driver leaves out those that it does not have."""
    choices = {}
    for index in range(max(0, minimum), min(maximum, minimum + MAX_CHOICES) + 1):
        try:
            raw = _QUERYMENU.unpack(v4l2.ioctl(descriptor, VIDIOC_QUERYMENU, _QUERYMENU.pack(number, index, b"")))[2]
        except OSError:
            continue
        choices[index] = str(_WIDE.unpack(raw[:8])[0]) if type_ == INTEGER_MENU else v4l2.text_of(raw)
    return choices
