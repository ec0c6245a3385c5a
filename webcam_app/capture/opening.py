"""Opens the source that a text names: parses the spec and dispatches to camera, file, folder or stream."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from webcam_app.capture.listing import is_picture_file
from webcam_app.capture.network.stream import is_address, open_stream
from webcam_app.capture.pictures import SPECIAL_FILES
from webcam_app.capture.source import Source
from webcam_app.capture.text import printable
from webcam_app.errors import SourceError, SourceNotFoundError, SourcePermissionError


def open_source(
    spec: str,
    *,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    loop: bool = False,
    cancel: threading.Event | None = None,
) -> Source:
    """Open a camera, video file, stream, picture or folder of pictures.

    Args:
        spec: a camera's number, device path, stable identity or name; the path of a file or folder; an address.
        size: requested width and height in pixels, for cameras.
        fps: requested frames per second, for cameras.
        loop: begin again at the end, for files and folders.
        cancel: once set, what is opened meanwhile is closed again instead of being given.

    Returns:
        The open source; the caller closes it.

    Raises:
        SourceNotFoundError, SourcePermissionError, SourceBusyError, SourceError: why not, in one line.
    """
    source = _open(spec, size, fps, loop=loop)
    if cancel is not None and cancel.is_set():
        source.close()
        raise SourceError("Opening was cancelled.")
    return source


def _open(spec: str, size: tuple[int, int] | None, fps: float | None, *, loop: bool) -> Source:
    if not spec:
        raise SourceNotFoundError("No source was named. Give a camera's number, a file, a folder or an address.")
    if spec.lower().startswith("file://"):
        spec = url2pathname(unquote(urlsplit(spec).path)) if sys.platform == "win32" else unquote(urlsplit(spec).path)
    elif is_address(spec):
        return open_stream(spec)
    if spec.isascii() and spec.isdecimal():
        return _open_camera(spec, size, fps)
    path = Path(spec)
    try:
        mode = path.stat().st_mode
    except PermissionError:
        raise SourcePermissionError(f"{printable(spec)} may not be read by this user.") from None
    except (OSError, ValueError):
        return _open_missing(spec, path, size, fps)
    return _open_path(spec, path, mode, size, fps, loop=loop)


def _open_path(
    spec: str, path: Path, mode: int, size: tuple[int, int] | None, fps: float | None, *, loop: bool
) -> Source:
    from webcam_app.capture.animation import open_animation
    from webcam_app.capture.picture_source import open_pictures
    from webcam_app.capture.video import open_video

    if stat.S_ISDIR(mode):
        if not os.access(path, os.R_OK | os.X_OK):
            raise SourcePermissionError(f"The folder {printable(spec)} may not be read by this user.")
        return open_pictures(path, loop=loop)
    if stat.S_ISCHR(mode):
        return _open_camera(spec, size, fps)
    if not stat.S_ISREG(mode):
        kind = SPECIAL_FILES.get(stat.S_IFMT(mode), "no file")
        raise SourceError(f"{printable(spec)} is {kind}, not a video or picture.")
    if is_picture_file(path):
        return open_animation(path, loop=loop) or open_pictures(path, loop=loop)
    return open_video(path, loop=loop)


def _open_missing(spec: str, path: Path, size: tuple[int, int] | None, fps: float | None) -> Source:
    """What is no file may be a camera's name; where it looks like a path, the error says that the file is missing."""
    # Not the dots in a camera's identity, such as 'HD Webcam@usb-0000:00:14.0-1'.
    looks_like_path = path.suffix[1:2].isalpha() or os.sep in spec or path.is_symlink()
    if looks_like_path and not spec.startswith("/dev/"):
        try:
            return _open_camera(spec, size, fps)
        except SourceNotFoundError:
            raise SourceNotFoundError(f"The file {printable(spec)} does not exist.") from None
    return _open_camera(spec, size, fps)


def _open_camera(spec: str, size: tuple[int, int] | None, fps: float | None) -> Source:
    from webcam_app.capture.camera import open_camera

    return open_camera(spec, size=size, fps=fps)
