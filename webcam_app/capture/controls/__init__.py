"""What can be set on a camera: brightness, exposure, focus and the like, where its driver has them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from webcam_app.capture import v4l2
from webcam_app.capture.cameras import Camera, find_camera
from webcam_app.capture.controls.control import CameraControl, ControlKind
from webcam_app.capture.controls.linux import DECIDING, read_controls, write_control
from webcam_app.errors import SourceError

__all__ = ["CameraControl", "ControlKind", "camera_controls", "reset_camera_controls", "set_camera_controls"]


def camera_controls(spec: str) -> list[CameraControl]:
    """What can be set on a camera, with its present values; also while something streams from it.

    Args:
        spec: which one, as ``open_camera`` takes it.

    Returns:
        Controls in the order in which they are shown; empty where the camera has none, and on systems other than Linux.

    Raises:
        SourceError: the camera is not there or cannot be asked.
    """
    if not sys.platform.startswith("linux"):
        return []
    with _opened(spec) as (_camera, descriptor):
        return read_controls(descriptor)


def set_camera_controls(spec: str, values: Mapping[str, int]) -> list[CameraControl]:
    """Set controls by their names, those first that decide whether others are automatic.

    What the camera does not have, or decides by itself, is passed over; a value that it does not take becomes the
    nearest one that it does.

    Returns:
        All controls as they are then, as ``camera_controls`` does.

    Raises:
        SourceError: the camera is not there, or refused one; the others are set all the same.
    """
    if not sys.platform.startswith("linux"):
        return []
    with _opened(spec) as (camera, descriptor):
        return _set(camera, descriptor, values)


def reset_camera_controls(spec: str) -> list[CameraControl]:
    """Set every control to its driver's default.

    Returns, raises:
        As ``set_camera_controls``.
    """
    if not sys.platform.startswith("linux"):
        return []
    with _opened(spec) as (camera, descriptor):
        return _set(camera, descriptor, {control.name: control.default for control in read_controls(descriptor)})


def _set(camera: Camera, descriptor: int, values: Mapping[str, int]) -> list[CameraControl]:
    refused = []
    for deciding in (True, False):
        # Asked anew: what decides may have switched others to automatic, or back.
        for control in read_controls(descriptor):
            if control.name not in values or (control.name in DECIDING) is not deciding or not control.settable:
                continue
            try:
                write_control(descriptor, control.id, control.nearest(values[control.name]))
            except OSError as error:
                refused.append(f"{control.label} ({error.strerror})")
    if refused:
        raise SourceError(
            f"The camera {camera} did not take {', '.join(refused)}. Choose another value, or plug it in again."
        )
    return read_controls(descriptor)


@contextmanager
def _opened(spec: str) -> Iterator[tuple[Camera, int]]:
    """The camera, and a descriptor for queries beside whatever streams from it."""
    camera = find_camera(spec)
    try:
        descriptor = v4l2.open_device(camera.path)
    except OSError as error:
        raise SourceError(f"The camera {camera} cannot be asked what can be set: {error.strerror}.") from None
    try:
        yield camera, descriptor
    except OSError as error:
        raise SourceError(f"The camera {camera} does not answer: {error.strerror}. Plug it in again.") from None
    finally:
        os.close(descriptor)
