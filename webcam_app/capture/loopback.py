"""Virtual cameras of Linux: v4l2loopback devices, which show as a camera what a program writes into them."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture import v4l2

FED, NOT_FED = "capture", "output"
"""What the module says of a device: it can only be captured from, or it can be written into."""


@dataclass(frozen=True, slots=True)
class Loopback:
    """A v4l2loopback device.

    Attributes:
        path: its device file.
        name: as programs list it.
        fed: whether a program writes into it.
        writable: whether it says that it can be written into.
        size: width and height in pixels of the pictures in it, to which its readers hold it; None where any size can
            be written.
        denied: whether this user may not open it.
    """

    path: str
    name: str
    fed: bool = False
    writable: bool = False
    size: tuple[int, int] | None = None
    denied: bool = False


def loopbacks() -> list[Loopback]:
    """Every v4l2loopback device, in order of number; those that this user may not open by the module's own word."""
    found = []
    for _index, path, name in v4l2.device_nodes():
        try:
            descriptor = v4l2.open_device(path)
        except PermissionError:
            if _attribute(path, "max_openers") is not None:  # no other driver has it
                found.append(Loopback(path, name, denied=True))
            continue
        except OSError:
            continue
        try:
            capability = v4l2.query(descriptor)
            if capability.is_loopback:
                fed, writable = is_fed(descriptor, capability, path), bool(capability.flags & v4l2.CAP_VIDEO_OUTPUT)
                found.append(Loopback(path, capability.card or name, fed, writable, v4l2.size_now(descriptor)))
        except OSError:
            continue
        finally:
            os.close(descriptor)
    return found


def is_fed(descriptor: int, capability: v4l2.Capability, path: str) -> bool:
    """Whether a program writes into a loopback device, so that it has a picture.

    Args:
        descriptor: of the open device.
        capability: what it says of itself.
        path: its device file.
    """
    captures = bool(capability.flags & v4l2.CAP_VIDEO_CAPTURE)
    writable = bool(capability.flags & v4l2.CAP_VIDEO_OUTPUT)
    if captures != writable:  # exclusive_caps: it is a camera only while it is fed
        return captures
    state = _attribute(path, "state")  # from version 0.12.8 on
    if state is not None:
        return state == FED
    return captures and v4l2.size_now(descriptor) is not None


def free(path: str) -> None:
    """Make a device writable again after a program wrote into it and left.

    Up to version 0.12.7, which Debian 12 and Ubuntu 22.04 have, the module forgets that a program that called
    ``write`` was the one that fed the device, and goes on taking it for fed. One that says beforehand that it is going
    to write, and leaves, is remembered.
    """
    with contextlib.suppress(OSError):
        descriptor = v4l2.open_device(path)
        try:
            if not v4l2.query(descriptor).flags & v4l2.CAP_VIDEO_OUTPUT:
                v4l2.start_output(descriptor)
        finally:
            os.close(descriptor)


def _attribute(path: str, name: str) -> str | None:
    try:
        return (v4l2.CLASS_FOLDER / Path(path).name / name).read_text("utf-8", "replace").strip()
    except OSError:
        return None
