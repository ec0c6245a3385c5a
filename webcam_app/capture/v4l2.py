"""Queries cameras from the Linux kernel, through ioctl on /dev/video* and through /sys; opens no stream.

The numbers and layouts are those of <linux/videodev2.h>, which never change. See
https://docs.kernel.org/userspace-api/media/v4l/user-func.html
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # no Linux: nothing here is called
    fcntl = None  # type: ignore[assignment]

CLASS_FOLDER = Path("/sys/class/video4linux")
DEVICE_FOLDER = Path("/dev")
BY_ID_FOLDER = Path("/dev/v4l/by-id")

_QUERYCAP = struct.Struct("=16s32s32sIII12x")
_REQBUFS = struct.Struct("=IIIIB3x")
_FMTDESC = struct.Struct("=III32sII12x")
_FRAMESIZE = struct.Struct("=III6I8x")
_FRAMEINTERVAL = struct.Struct("=5I6I8x")


def request_code(direction: int, number: int, layout: struct.Struct) -> int:
    """The ioctl request code, as the kernel's _IOC macro makes it: 2 read, 3 read and write."""
    return (direction << 30) | (layout.size << 16) | (ord("V") << 8) | number


VIDIOC_QUERYCAP = request_code(2, 0, _QUERYCAP)
VIDIOC_ENUM_FMT = request_code(3, 2, _FMTDESC)
VIDIOC_REQBUFS = request_code(3, 8, _REQBUFS)
VIDIOC_ENUM_FRAMESIZES = request_code(3, 74, _FRAMESIZE)
VIDIOC_ENUM_FRAMEINTERVALS = request_code(3, 75, _FRAMEINTERVAL)

CAP_VIDEO_CAPTURE = 0x00000001
CAP_VIDEO_CAPTURE_MPLANE = 0x00001000
CAP_VIDEO_M2M = 0x00008000 | 0x00004000
CAP_DEVICE_CAPS = 0x80000000
BUF_TYPE_VIDEO_CAPTURE = 1
BUF_TYPE_VIDEO_CAPTURE_MPLANE = 9
MEMORY_MMAP = 1
DISCRETE = 1

MAX_ENUM_ENTRIES = 256
"""Bound on every enumeration: a faulty driver may never say that the list has ended."""

COMMON_SIZES = ((320, 240), (640, 360), (640, 480), (800, 600), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))
"""Listed for a camera that accepts any size within bounds."""

DRIVER_WITHOUT_OWNER = "v4l2 loopback"
"""Lets several programs read one device, so who owns its buffers says nothing."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a device reports about itself."""

    driver: str
    card: str
    bus: str
    flags: int

    @property
    def captures(self) -> bool:
        """Whether pictures can be read from the device; false for codecs, outputs and metadata nodes."""
        return bool(self.flags & (CAP_VIDEO_CAPTURE | CAP_VIDEO_CAPTURE_MPLANE)) and not self.flags & CAP_VIDEO_M2M

    @property
    def buffer_type(self) -> int:
        """The kernel's name for the capture queue of this device."""
        return BUF_TYPE_VIDEO_CAPTURE if self.flags & CAP_VIDEO_CAPTURE else BUF_TYPE_VIDEO_CAPTURE_MPLANE


@dataclass(frozen=True, slots=True)
class PixelMode:
    """A size and rate that a device offers in one pixel format.

    Attributes:
        fourcc: four characters such as ``YUYV`` or ``MJPG``.
        width, height: pixels.
        fps: most frames per second at that size, or None where unknown.
    """

    fourcc: str
    width: int
    height: int
    fps: float | None

    @property
    def compressed(self) -> bool:
        """Whether the camera compresses each picture, which lets large ones through a slow bus."""
        return self.fourcc in ("MJPG", "JPEG")


def open_device(path: str) -> int:
    """A file descriptor for queries; it holds no stream. Raises OSError."""
    return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)


def query(descriptor: int) -> Capability:
    """Driver, name, bus and abilities. Raises OSError where the file is no V4L2 device."""
    driver, card, bus, _version, all_flags, own_flags = _QUERYCAP.unpack(
        ioctl(descriptor, VIDIOC_QUERYCAP, bytes(_QUERYCAP.size))
    )
    return Capability(
        driver=text_of(driver),
        card=text_of(card),
        bus=text_of(bus),
        flags=own_flags if all_flags & CAP_DEVICE_CAPS else all_flags,
    )


def in_use(descriptor: int, capability: Capability) -> bool:
    """Whether another program holds the device's buffers, that is, streams from it."""
    if capability.driver == DRIVER_WITHOUT_OWNER:
        return False
    request = _REQBUFS.pack(0, capability.buffer_type, MEMORY_MMAP, 0, 0)
    try:
        ioctl(descriptor, VIDIOC_REQBUFS, request)
    except OSError as error:
        return error.errno == errno.EBUSY
    return False


def pixel_modes(descriptor: int, capability: Capability) -> list[PixelMode]:
    """Every format, size and highest rate that the device offers; empty where unknown."""
    modes = []
    for index in range(MAX_ENUM_ENTRIES):
        try:
            answer = ioctl(
                descriptor, VIDIOC_ENUM_FMT, _FMTDESC.pack(index, capability.buffer_type, 0, bytes(32), 0, 0)
            )
        except OSError:
            break
        pixel_format = _FMTDESC.unpack(answer)[4]
        fourcc = text_of(struct.pack("<I", pixel_format & 0x7FFFFFFF))
        for width, height in _sizes(descriptor, pixel_format):
            modes.append(PixelMode(fourcc, width, height, _highest_rate(descriptor, pixel_format, width, height)))
    return modes


def device_nodes() -> Iterator[tuple[int, str, str]]:
    """Index, path and name of every video device that the kernel knows, in order of index; none is opened."""
    try:
        entries = sorted(CLASS_FOLDER.glob("video*"), key=lambda entry: _index_of(entry.name))
    except OSError:
        return
    for entry in entries:
        index = _index_of(entry.name)
        if index < 0:
            continue
        try:
            name = (entry / "name").read_text("utf-8", "replace").strip()
        except OSError:
            continue  # unplugged in this moment
        yield index, str(DEVICE_FOLDER / entry.name), name


def names_by_id() -> dict[str, str]:
    """Real device path to the name that udev keeps for it across plugging; empty without udev."""
    names: dict[str, str] = {}
    try:
        for link in sorted(BY_ID_FOLDER.iterdir()):
            names.setdefault(os.path.realpath(link), link.name)
    except OSError:
        pass
    return names


def _sizes(descriptor: int, pixel_format: int) -> Iterator[tuple[int, int]]:
    for index in range(MAX_ENUM_ENTRIES):
        request = _FRAMESIZE.pack(index, pixel_format, 0, *(0,) * 6)
        try:
            _, _, kind, *numbers = _FRAMESIZE.unpack(ioctl(descriptor, VIDIOC_ENUM_FRAMESIZES, request))
        except OSError:
            return
        if kind == DISCRETE:
            yield numbers[0], numbers[1]
            continue
        least_width, most_width, width_step, least_height, most_height, height_step = numbers
        for width, height in sorted({*COMMON_SIZES, (most_width, most_height)}):
            fits_width = least_width <= width <= most_width and (width - least_width) % max(width_step, 1) == 0
            fits_height = least_height <= height <= most_height and (height - least_height) % max(height_step, 1) == 0
            if fits_width and fits_height:
                yield width, height
        return


def _highest_rate(descriptor: int, pixel_format: int, width: int, height: int) -> float | None:
    rates = []
    for index in range(MAX_ENUM_ENTRIES):
        request = _FRAMEINTERVAL.pack(index, pixel_format, width, height, 0, *(0,) * 6)
        try:
            *_, kind, numerator, denominator, _a, _b, _c, _d = _FRAMEINTERVAL.unpack(
                ioctl(descriptor, VIDIOC_ENUM_FRAMEINTERVALS, request)
            )
        except OSError:
            break
        if numerator > 0:
            rates.append(denominator / numerator)
        if kind != DISCRETE:  # one entry holds the shortest interval first
            break
    return max(rates, default=None)


def ioctl(descriptor: int, request: int, argument: bytes) -> bytes:
    """The driver's answer to a request. Raises OSError."""
    return fcntl.ioctl(descriptor, request, argument)


def text_of(raw: bytes) -> str:
    """The text in a field of the kernel's, which ends with a zero."""
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _index_of(node: str) -> int:
    digits = node.removeprefix("video")
    return int(digits) if digits.isdigit() else -1
