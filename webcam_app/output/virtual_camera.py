"""A camera that other programs can choose, such as those for calls: made by pyvirtualcam."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from webcam_app.capture.cameras import PERMISSION_HELP, set_own
from webcam_app.capture.frame import Image
from webcam_app.capture.loopback import Loopback, free, loopbacks
from webcam_app.capture.text import printable
from webcam_app.errors import VirtualCameraError, first_line

MOST_PIXELS = (1920, 1080)
"""Programs for calls take no more, and a photograph of 50 megapixels is no camera's picture."""
SMALLEST_SIDE = 16
BLANK = (26, 22, 20)
"""As BGR, around a picture and in place of one; dark as it is around the picture in the window."""
PACKAGE = "pyvirtualcam"
INSTALL = "pip install 'webcam-app[virtual-camera]'"
NO_PACKAGE = f"The virtual camera needs the package pyvirtualcam: {INSTALL}"
LOAD_MODULE = "sudo modprobe v4l2loopback exclusive_caps=1 card_label='Webcam App'"
NO_DEVICE = (
    "There is no virtual camera on this computer. Install v4l2loopback (Debian and Ubuntu: sudo apt install "
    f"v4l2loopback-dkms), then: {LOAD_MODULE}"
)
NO_DEVICE_ELSEWHERE = "There is no virtual camera on this computer. Install OBS, and start its virtual camera once"

_used: set[str] = set()
"""Device files that this process has written into: it knows that nobody else feeds them although they have a size."""


class VirtualCamera:
    """An open virtual camera, for one thread at a time. Pictures of any size are fitted into its own."""

    def __init__(self, size: tuple[int, int], fps: float) -> None:
        """Open the first that no program feeds.

        Args:
            size: wanted width and height in pixels; programs that read from the device already decide before.
            fps: about how many pictures a second will come.

        Raises:
            VirtualCameraError: the package or the device is missing, or all devices are in use; says what to do.
        """
        library = _load()
        device = choose_device()
        self.size = device.size if device is not None and device.size is not None else fitting_size(size)
        self._linux = device is not None
        # On Linux the picture is converted here: the library would hold up all other threads meanwhile.
        kind = library.PixelFormat.I420 if self._linux else library.PixelFormat.BGR
        width, height = self.size
        try:
            self._camera: Any = library.Camera(width, height, fps, fmt=kind, device=device.path if device else None)
        except Exception as error:  # a library's own: it raises RuntimeError for all of them
            raise VirtualCameraError(_cannot_open(device, error)) from None
        self.device = str(self._camera.device)
        self.name = printable(device.name if device is not None else self.device)
        self._frame = np.empty((height, width, 3), np.uint8)
        set_own(self.device, own=True)
        _used.add(self.device)

    def send(self, image: Image | None) -> None:
        """Show a picture.

        Args:
            image: H×W×3 uint8 BGR, not changed; None for a dark one.

        Raises:
            VirtualCameraError: the device is gone.
        """
        fit(image, self._frame)
        self.repeat()

    def repeat(self) -> None:
        """Show the last picture once more, so that whoever waits for one gets it.

        Raises:
            VirtualCameraError: the device is gone.
        """
        # The library reports no failed write, which is what a device that is gone answers with.
        if self._linux and not Path(self.device).exists():
            raise VirtualCameraError(f"The virtual camera {self.name} ({self.device}) is gone. {LOAD_MODULE}")
        shown = cv2.cvtColor(self._frame, cv2.COLOR_BGR2YUV_I420) if self._linux else self._frame
        try:
            self._camera.send(shown)
        except Exception as error:  # a library's own
            raise VirtualCameraError(
                f"The virtual camera {self.name} takes no more pictures: {first_line(error)}. Start it again."
            ) from None

    def close(self) -> None:
        """Let the device go."""
        self._camera.close()
        if self._linux:
            free(self.device)
        set_own(self.device, own=False)


def check_virtual_camera() -> None:
    """Check that a virtual camera could be opened now.

    Raises:
        VirtualCameraError: as ``VirtualCamera`` does.
    """
    _load()
    choose_device()


def choose_device() -> Loopback | None:
    """The device to write into; None on systems where the library knows the only one.

    Raises:
        VirtualCameraError: there is none, none is free, or this user may open none.
    """
    if not sys.platform.startswith("linux"):
        return None
    devices = loopbacks()
    if not devices:
        raise VirtualCameraError(NO_DEVICE)
    for device in devices:
        if not device.denied and (not device.fed or (device.path in _used and device.writable)):
            free(device.path)
            return device
    names = ", ".join(f"{printable(device.name)} ({device.path})" for device in devices)
    if all(device.denied for device in devices):
        raise VirtualCameraError(f"You are not allowed to use the virtual camera {names}. {PERMISSION_HELP}")
    raise VirtualCameraError(
        f"The virtual camera {names} is in use by another program. Close that program, or turn its virtual camera off."
    )


def fitting_size(size: tuple[int, int]) -> tuple[int, int]:
    """A size of the same shape that programs for calls take: not too large, and even, as colours need it."""
    width, height = size
    scale = min(1.0, MOST_PIXELS[0] / width, MOST_PIXELS[1] / height)
    return tuple(max(SMALLEST_SIDE, round(side * scale) // 2 * 2) for side in (width, height))  # type: ignore[return-value]


def fit(image: Image | None, frame: Image) -> None:
    """Put a picture into the middle of a frame, as large as it fits, on a dark ground.

    Args:
        image: H×W×3 uint8 BGR; None for the ground alone.
        frame: the same, overwritten.
    """
    if image is None:
        frame[:] = BLANK
        return
    height, width = frame.shape[:2]
    scale = min(width / image.shape[1], height / image.shape[0])
    shown_width = min(width, max(1, round(image.shape[1] * scale)))
    shown_height = min(height, max(1, round(image.shape[0] * scale)))
    if (shown_width, shown_height) != (width, height):
        frame[:] = BLANK
    left, top = (width - shown_width) // 2, (height - shown_height) // 2
    place = frame[top : top + shown_height, left : left + shown_width]
    if image.shape == place.shape:
        place[:] = image
    else:
        how = cv2.INTER_AREA if shown_width < image.shape[1] else cv2.INTER_LINEAR
        place[:] = cv2.resize(image, (shown_width, shown_height), interpolation=how)


def _load() -> ModuleType:
    try:
        return importlib.import_module(PACKAGE)
    except ImportError as error:
        if error.name == PACKAGE:
            raise VirtualCameraError(NO_PACKAGE) from None
        # The package is there, but something that it needs is not.
        raise VirtualCameraError(f"{PACKAGE} cannot be loaded: {first_line(error)}. Install it anew.") from None


def _cannot_open(device: Loopback | None, error: Exception) -> str:
    reason = first_line(error).rstrip(".")
    if device is None:
        return f"{NO_DEVICE_ELSEWHERE} ({reason})."
    return f"The virtual camera {printable(device.name)} ({device.path}) cannot be opened: {reason}."
