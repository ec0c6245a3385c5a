"""Lists cameras, and finds one again after it was plugged into another socket."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from webcam_app.capture import v4l2
from webcam_app.capture.loopback import is_fed
from webcam_app.capture.text import printable
from webcam_app.errors import SourceBusyError, SourceError, SourceNotFoundError, SourcePermissionError

NO_CAMERA = "No camera was found. Plug one in and try again, or open a video file, a folder of pictures or a stream."
PERMISSION_HELP = "Add yourself to its group (sudo usermod -aG video $USER) and log in again."
BUSY_HELP = "Close the program that shows its picture (a browser, a meeting), then try again."

CACHED_DRIVERS = frozenset({"uvcvideo"})
"""Opening a USB camera wakes it up, so a list that is refreshed every second must not. Its abilities are fixed as long
as its device file is the same. Others are queried each time: a loopback device becomes a camera only when fed."""

_own: set[str] = set()
"""Device files, or names where there are none, of virtual cameras through which this process shows its own picture."""

_known: dict[tuple[str, int, int, int], v4l2.Capability] = {}


@dataclass(frozen=True, slots=True)
class Mode:
    """A size in pixels that a camera offers, with its highest rate in frames per second (None where unknown)."""

    width: int
    height: int
    fps: float | None


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that is there now.

    Attributes:
        name: what its maker calls it.
        stable_id: the same after plugging it in again, whatever its index is then; ``open_source`` takes it.
        index: its number at present.
        path: its device file on Linux, else the system's own name for it.
        modes: what it offers, largest first; empty where not requested or unknown.
        problem: why it cannot be used, in one line, or None.
    """

    name: str
    stable_id: str
    index: int
    path: str
    modes: tuple[Mode, ...] = ()
    problem: str | None = None

    def __str__(self) -> str:
        return f"{printable(self.name)} ({printable(self.path)})"


def list_cameras(*, with_modes: bool = False) -> list[Camera]:
    """The cameras that can capture, in order of index. Cheap enough to be called every second.

    A virtual camera is among them while another program feeds it, but not while this process does: it would show
    itself.

    Args:
        with_modes: query sizes and rates too, which opens each camera for a moment.

    Returns:
        Cameras; one that this user may not open is among them with ``problem`` set. Empty where there is none.
    """
    return [camera for camera in _all_cameras(with_modes=with_modes) if not _is_own(camera)]


def set_own(device: str, *, own: bool) -> None:
    """Remember through which virtual camera this process shows its picture.

    Args:
        device: its device file, or its name where it has none.
        own: False once it does so no more.
    """
    (_own.add if own else _own.discard)(device)


def _is_own(camera: Camera) -> bool:
    return camera.path in _own or camera.name in _own


def _all_cameras(*, with_modes: bool) -> list[Camera]:
    if not sys.platform.startswith("linux"):
        return _list_through_library()
    names_by_id = v4l2.names_by_id()
    cameras: list[Camera] = []
    for index, path, name in v4l2.device_nodes():
        camera = _linux_camera(index, path, name, names_by_id, with_modes=with_modes)
        if camera is not None:
            cameras.append(camera)
    return _distinguish(cameras)


def find_camera(spec: str) -> Camera:
    """The camera with that number, device path, stable identity or name.

    A stable identity that is gone is searched for by name as well: a camera without a serial number is known by the
    socket it is plugged in, and may be in another one now.

    Raises:
        SourceNotFoundError: there is none, or only the virtual camera of this process; says which there are.
    """
    cameras = _all_cameras(with_modes=False)
    matches: Sequence[Camera]
    if spec.isdecimal():
        matches = [camera for camera in cameras if camera.index == int(spec)]
    elif Path(spec).is_absolute():
        real = os.path.realpath(spec)
        matches = [camera for camera in cameras if os.path.realpath(camera.path) == real]
    else:
        matches = [camera for camera in cameras if camera.stable_id == spec]
        matches = matches or [camera for camera in cameras if camera.name.casefold() == spec.casefold()]
        name = spec.rpartition("@")[0]
        same_name = [camera for camera in cameras if name and camera.name == name]
        matches = matches or (same_name if len(same_name) == 1 else [])
    if not matches:
        raise SourceNotFoundError(_nothing_like(spec, [camera for camera in cameras if not _is_own(camera)]))
    if _is_own(matches[0]):
        raise SourceNotFoundError(
            f"The camera {matches[0]} is the virtual one that shows this very picture. Choose another camera, or turn "
            "the virtual camera off."
        )
    return matches[0]


def check_access(camera: Camera) -> list[v4l2.PixelMode]:
    """Check that a Linux camera can be opened now, before a library tries and prints its own messages.

    Returns:
        What it offers in each pixel format; empty where unknown.

    Raises:
        SourceNotFoundError: it is gone, or no camera.
        SourcePermissionError: this user may not open it.
        SourceBusyError: another program streams from it.
    """
    try:
        descriptor = v4l2.open_device(camera.path)
    except PermissionError:
        raise SourcePermissionError(_no_permission(camera.path)) from None
    except FileNotFoundError:
        raise SourceNotFoundError(f"The camera {camera} is not there any more. Plug it in again.") from None
    except BlockingIOError:
        raise SourceBusyError(_busy(camera)) from None
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise SourceBusyError(_busy(camera)) from None
        raise SourceError(f"The camera {camera} cannot be opened: {error.strerror}. Plug it in again.") from None
    try:
        capability = v4l2.query(descriptor)
        if not capability.captures:
            raise SourceNotFoundError(f"{printable(camera.path)} delivers no pictures now. Choose another camera.")
        if v4l2.in_use(descriptor, capability):
            raise SourceBusyError(_busy(camera))
        return v4l2.pixel_modes(descriptor, capability)
    except OSError as error:
        raise SourceNotFoundError(f"{printable(camera.path)} is no camera ({error.strerror}).") from None
    finally:
        os.close(descriptor)


def _busy(camera: Camera) -> str:
    return f"The camera {camera} is in use by another program. {BUSY_HELP}"


def _no_permission(path: str) -> str:
    return f"You are not allowed to use the camera {printable(path)}. {PERMISSION_HELP}"


def _nothing_like(spec: str, cameras: Sequence[Camera]) -> str:
    # A number, a device file or an identity as ``stable_id`` gives it can only mean a camera.
    if not cameras and (spec.isdecimal() or spec.startswith("/dev/") or "@" in spec):
        return NO_CAMERA
    if not cameras:
        return (
            f"There is no camera, file or folder '{printable(spec)}'. Give the path of a file or folder, an address "
            "such as rtsp://192.168.1.20/stream, or plug a camera in."
        )
    there = ", ".join(f"{camera.index} ({printable(camera.name)})" for camera in cameras)
    return f"There is no camera '{printable(spec)}'. Cameras here: {there}."


def _linux_camera(index: int, path: str, name: str, names_by_id: dict[str, str], *, with_modes: bool) -> Camera | None:
    """The camera behind a device file, or None if it is none."""
    problem = None
    capability = None
    modes: tuple[Mode, ...] = ()
    try:
        node = Path(path).stat()
        if not stat.S_ISCHR(node.st_mode):
            return None
        key = (path, node.st_rdev, node.st_ino, node.st_ctime_ns)
        capability = _known.get(key)
        if capability is None or with_modes:
            descriptor = v4l2.open_device(path)
            try:
                capability = v4l2.query(descriptor)
                if capability.is_loopback and not is_fed(descriptor, capability, path):
                    return None  # nothing would come
                if with_modes and capability.captures:
                    modes = _public_modes(v4l2.pixel_modes(descriptor, capability))
            finally:
                os.close(descriptor)
            if capability.driver in CACHED_DRIVERS:
                _known[key] = capability
    except PermissionError:
        problem = _no_permission(path)
    except BlockingIOError:
        problem = f"The camera {printable(path)} is in use by another program. {BUSY_HELP}"
    except OSError:
        return None  # unplugged in this moment, or no V4L2 device
    if capability is not None and not capability.captures:
        return None
    card = _clean(capability.card if capability and capability.card else name)
    bus = capability.bus if capability and capability.bus else Path(path).name
    stable_id = names_by_id.get(os.path.realpath(path), f"{card}@{bus}")
    return Camera(card, stable_id, index, path, modes, problem)


def _public_modes(modes: Iterable[v4l2.PixelMode]) -> tuple[Mode, ...]:
    """Sizes with the highest rate over all pixel formats, largest first."""
    best: dict[tuple[int, int], float | None] = {}
    for mode in modes:
        known = best.get((mode.width, mode.height))
        best[mode.width, mode.height] = max(known or 0.0, mode.fps or 0.0) or None
    by_area = sorted(best.items(), key=lambda entry: entry[0][0] * entry[0][1], reverse=True)
    return tuple(Mode(width, height, fps) for (width, height), fps in by_area)


def _clean(name: str) -> str:
    """USB cameras say their name twice, often cut off: 'HD Webcam: HD Web' becomes 'HD Webcam'."""
    first, colon, second = name.partition(": ")
    return first if colon and first.startswith(second) else name


def _distinguish(cameras: Sequence[Camera]) -> list[Camera]:
    """Give cameras that would share an identity (two nodes of one device) a number each."""
    seen: dict[str, int] = {}
    result = []
    for camera in cameras:
        seen[camera.stable_id] = count = seen.get(camera.stable_id, 0) + 1
        result.append(camera if count == 1 else replace(camera, stable_id=f"{camera.stable_id}#{count}"))
    return result


def _list_through_library() -> list[Camera]:
    """Cameras on Windows and macOS; empty where cv2-enumerate-cameras is not installed."""
    try:
        from cv2_enumerate_cameras import enumerate_cameras
    except ImportError:
        return []
    import cv2

    backend = cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_AVFOUNDATION
    cameras = []
    for found in enumerate_cameras(backend):
        identity = found.path or f"{found.name}@{found.vid}:{found.pid}"
        cameras.append(Camera(found.name, identity, found.index % 100, found.path or str(found.index)))
    return _distinguish(cameras)
