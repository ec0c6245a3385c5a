"""Frames from a camera, through OpenCV."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import Protocol

import cv2

from webcam_app.capture.cameras import Camera, check_access, find_camera
from webcam_app.capture.check import FrameCheck
from webcam_app.capture.frame import Frame
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.source import DEFAULT_FPS, SourceInfo, SourceKind
from webcam_app.capture.v4l2 import PixelMode
from webcam_app.errors import SourceError, SourceLostError

CAMERA_READ_TIMEOUT_SECONDS = 2
"""OpenCV waits 10 s for a frame of a frozen camera, too long before trying again. A camera with a long exposure in the
dark still delivers a frame a second."""

MAX_CONSECUTIVE_BAD_FRAMES = 60
"""Two seconds of a usual camera. A driver that is waking up may deliver a handful."""

MAX_CONSECUTIVE_FAILURES = 10
RETRY_DELAY_SECONDS = 0.02
"""A camera that was pulled out fails at once and for ever; a single damaged MJPEG picture fails too. Ten failures with
this pause between them, 0.2 s, tell one from the other without spinning."""

MAX_TIMESTAMP_AGE_SECONDS = 1.0
"""A driver's timestamp is used if it is at most this old. Some drivers stamp with the wall clock or 0."""


class Device(Protocol):
    """The part of ``cv2.VideoCapture`` that is used here."""

    def read(self) -> tuple[bool, object]:
        """Whether there is a frame, and the frame."""

    def get(self, property_id: int, /) -> float:
        """A property's value, 0 where it is not known."""

    def release(self) -> None:
        """Let the device go."""


def open_camera(spec: str, *, size: tuple[int, int] | None = None, fps: float | None = None) -> CameraSource:
    """Open a camera by number, device path, stable identity or name.

    Args:
        spec: which one.
        size: requested width and height in pixels, default 640×480; the camera decides what it gives.
        fps: requested rate, default 30.

    Raises:
        SourceNotFoundError, SourcePermissionError, SourceBusyError, SourceError: why not, in one line.
    """
    camera = find_camera(spec) if sys.platform.startswith("linux") else _camera_elsewhere(spec)
    modes = check_access(camera) if sys.platform.startswith("linux") else []
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(CAMERA_READ_TIMEOUT_SECONDS))
    if "OPENCV_LOG_LEVEL" not in os.environ:
        # What OpenCV warns of (a timeout, a lost device) is said in our own words.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    if sys.platform.startswith("linux"):
        device = cv2.VideoCapture(camera.path, cv2.CAP_V4L2)
    else:
        device = cv2.VideoCapture(camera.index, cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_AVFOUNDATION)
    if not device.isOpened():
        device.release()
        raise SourceError(f"The camera {camera} could not be started. Plug it in again, or choose another.")
    fourcc = preferred_fourcc(modes, size or (640, 480), fps or DEFAULT_FPS)
    if fourcc is not None:
        device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*fourcc))
    if size is not None:
        device.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        device.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    if fps is not None:
        device.set(cv2.CAP_PROP_FPS, fps)
    return CameraSource(device, camera)


def preferred_fourcc(modes: Sequence[PixelMode], size: tuple[int, int], fps: float) -> str | None:
    """``MJPG`` where it is needed to reach a rate at a size, else None: uncompressed costs less to decode."""
    uncompressed = [mode.fps or 0.0 for mode in modes if (mode.width, mode.height) == size and not mode.compressed]
    compressed = [mode.fps or 0.0 for mode in modes if (mode.width, mode.height) == size and mode.fourcc == "MJPG"]
    best = max(uncompressed, default=0.0)
    # Rates are fractions: 30 is often offered as 29.97.
    return "MJPG" if compressed and best < fps * 0.95 and max(compressed) > best else None


def _camera_elsewhere(spec: str) -> Camera:
    """A camera on a system without device files, where a number may be tried even if no camera is listed."""
    from webcam_app.capture.cameras import list_cameras

    if spec.isdecimal() and not any(camera.index == int(spec) for camera in list_cameras()):
        return Camera(f"Camera {spec}", spec, int(spec), spec)
    return find_camera(spec)


class CameraSource(GuardedSource):
    """An open camera. ``read`` waits for the next frame, ``CAMERA_READ_TIMEOUT_SECONDS`` at most on Linux."""

    def __init__(self, device: Device, camera: Camera) -> None:
        super().__init__()
        self._device = device
        self._check = FrameCheck()
        self._index = 0
        self._first_stamp = self._last_stamp = 0.0
        fps = device.get(cv2.CAP_PROP_FPS)
        self._info = SourceInfo(
            kind=SourceKind.CAMERA,
            name=camera.name,
            spec=camera.stable_id,
            width=int(device.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(device.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            fps=fps if 0 < fps < 1000 else None,
        )
        self._label = str(camera)

    @property
    def info(self) -> SourceInfo:
        """What the camera agreed to give."""
        return self._info

    def _read(self) -> Frame | None:
        bad, failures = 0, 0
        while not self._closing.is_set():
            started = time.monotonic()
            ok, raw = self._device.read()
            now = time.monotonic()
            image = self._check.accept(raw) if ok else None
            if image is not None:
                taken_at = self._stamp(now)
                frame = Frame(image, self._index, taken_at - self._first_stamp, taken_at)
                self._index += 1
                return frame
            self.bad_frames += 1
            bad += 1
            if ok:
                failures = 0
            elif now - started > CAMERA_READ_TIMEOUT_SECONDS / 2:
                raise SourceLostError(f"The camera {self._label} stopped delivering. Plug it in again if it stays so.")
            else:
                failures += 1
                self._closing.wait(RETRY_DELAY_SECONDS)
            if failures >= MAX_CONSECUTIVE_FAILURES:
                raise SourceLostError(f"The camera {self._label} was unplugged or switched off. Plug it in again.")
            if bad >= MAX_CONSECUTIVE_BAD_FRAMES:
                raise SourceLostError(
                    f"The camera {self._label} delivers only damaged pictures. Plug it in again, or choose another."
                )
        return None

    def _stamp(self, now: float) -> float:
        """When a frame was taken: the driver's stamp if it is on the monotonic clock, else ``now``; never goes back."""
        stamp = now
        if sys.platform.startswith("linux"):
            driver_stamp = self._device.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
            if 0.0 <= now - driver_stamp < MAX_TIMESTAMP_AGE_SECONDS:
                stamp = driver_stamp
        if self._index == 0:
            self._first_stamp = stamp
        self._last_stamp = max(stamp, self._last_stamp)
        return self._last_stamp

    def _release(self) -> None:
        self._device.release()
