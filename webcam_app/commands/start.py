"""The command without a sub-command: opens the window, or annotates to a file where there is no display."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import socket
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from webcam_app.commands.interrupt import interruptible
from webcam_app.commands.shell import DONE, print_error
from webcam_app.errors import WebcamAppError

DEMO_CLIP = "demo.mp4"
# Platforms of Qt that need no display server.
SCREENLESS_PLATFORMS = ("offscreen", "minimal", "minimalegl", "eglfs", "linuxfb", "vnc")
DEFAULT_WAYLAND = "wayland-0"
PLATFORM_NAMES = {"xcb": "X11", "wayland": "Wayland"}
CONNECT_SECONDS = 2.0


def start(sources: Sequence[str], *, new_window: bool = False) -> int:
    """Open the window; without any display, annotate the demo clip, or the sources that were named, to files.

    Args:
        sources: what was named.
        new_window: whether it is shown in a window of its own, though there may be one.

    Raises:
        WebcamAppError: a part of the window is missing, or the source cannot be annotated.
    """
    missing = missing_display()
    if missing is not None:
        return _without_display(missing, sources)
    check_window_parts()
    from webcam_app.window import run_window

    return run_window(sources, new_window=new_window)


def missing_display() -> str | None:
    """Why no window can be shown, or None where one can. Qt itself would abort the process.

    Raises:
        WebcamAppError: there is a display, but the environment tells Qt to look for another kind; says what to do.
    """
    wished = [part.partition(":")[0].strip() for part in os.environ.get("QT_QPA_PLATFORM", "").split(";")]
    wished = [platform for platform in wished if platform]
    if sys.platform in ("win32", "darwin") or any(platform in SCREENLESS_PLATFORMS for platform in wished):
        return None
    display, wayland = os.environ.get("DISPLAY", ""), os.environ.get("WAYLAND_DISPLAY", "")
    for_wayland = any(platform.startswith("wayland") for platform in wished)
    answering = {
        "xcb": bool(display) and _x11_answers(display),
        "wayland": (for_wayland or bool(wayland)) and _wayland_answers(wayland or DEFAULT_WAYLAND),
    }
    usable = any(answering.get(platform.partition("-")[0], False) for platform in wished)
    if usable if wished else any(answering.values()):
        return None
    if any(answering.values()):
        there = " and ".join(PLATFORM_NAMES[platform] for platform, answers in answering.items() if answers)
        raise WebcamAppError(
            f"QT_QPA_PLATFORM is '{printable_variable('QT_QPA_PLATFORM')}', for which no display answers; "
            f"{there} does: unset QT_QPA_PLATFORM"
        )
    if not display and not wayland:
        return "There is no display"
    return f"The display '{display or wayland}' does not answer"


def printable_variable(name: str) -> str:
    """The value of an environment variable in one short line."""
    return "".join(character if character.isprintable() else "?" for character in os.environ.get(name, ""))[:60]


def check_window_parts() -> None:
    """Find out what the window lacks before Qt does.

    Raises:
        WebcamAppError: PyQt5 or a system library is missing; says how to get it.
    """
    if importlib.util.find_spec("PyQt5") is None:
        raise WebcamAppError(
            "the window needs PyQt5: pip install PyQt5. Other commands work without: webcam-app --help"
        )
    try:
        widgets = importlib.import_module("PyQt5.QtWidgets")
    except ImportError as error:
        raise WebcamAppError(_library_message(str(error))) from None
    plugin = Path(str(widgets.__file__)).parent / "Qt5" / "plugins" / "platforms" / "libqxcb.so"
    platform = os.environ.get("QT_QPA_PLATFORM", "xcb")
    if sys.platform.startswith("linux") and "xcb" in platform and os.environ.get("DISPLAY") and plugin.exists():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            raise WebcamAppError(_library_message(str(error))) from None


def _library_message(error: str) -> str:
    library = error.partition(":")[0].strip()
    if ".so" not in library:
        return f"the window cannot start, PyQt5 is damaged ({error}): pip install --force-reinstall PyQt5"
    return (
        f"the window needs the system library {library}. On Debian and Ubuntu: sudo apt install libgl1 libegl1 "
        "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 "
        "libxcb-xinerama0 libxcb-shape0 libdbus-1-3 libfontconfig1"
    )


def _without_display(missing: str, sources: Sequence[str]) -> int:
    from webcam_app.capture.text import shown
    from webcam_app.output.files import dated_path
    from webcam_app.resources import asset_path

    with interruptible():
        named = ", ".join(f"'{shown(source)}'" for source in sources)
        folder = writable_folder()
        what = named or "the demo clip"
        print_error(
            f"{missing} to open the window on: annotating {what} to a file instead. webcam-app --help tells more"
        )
        from webcam_app.commands.annotate import annotate

        for source in sources or [str(asset_path(DEMO_CLIP))]:
            done = annotate(source, dated_path(folder, datetime.now(), ".mp4"))
            for note in done.notes:
                print_error(note)
            print(f"The annotated video is {done.path.absolute()} ({done.frames} frames, {done.seconds:.1f} s)")
    return DONE


def writable_folder() -> Path:
    """The current folder, or where it cannot be written the person's videos, else their home.

    Raises:
        WebcamAppError: none of them can be written.
    """
    candidates = (Path.cwd(), Path.home() / "Videos", Path.home())
    for folder in candidates:
        if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise WebcamAppError(f"no video can be written to '{candidates[0]}' or your home: change to another folder first")


def _wayland_answers(name: str) -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / name
    return _connects(socket.AF_UNIX, str(path))


def _x11_answers(display: str) -> bool:
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdecimal():
        return False
    if host in ("", "unix") or host.startswith("/"):
        place = f"/tmp/.X11-unix/X{number}"
        return any(_connects(socket.AF_UNIX, name) for name in (f"\0{place}", place, display))
    return _connects(socket.AF_INET, (host, 6000 + int(number)))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        if family == socket.AF_INET:
            connection = socket.create_connection(address, CONNECT_SECONDS)  # type: ignore[arg-type]
        else:
            connection = socket.socket(family)
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(address)
    except (OSError, ValueError):
        return False
    connection.close()
    return True
