"""The window. Nothing of Qt is imported before ``run_window`` has looked whether it is there."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from webcam_app.errors import WebcamAppError

__all__ = ["WindowError", "run_window"]

# Platforms of Qt that need no display server.
SCREENLESS = ("offscreen", "minimal", "minimalegl", "eglfs", "linuxfb", "vnc")
# OpenCV built with a Qt of its own sets these when it is imported; they make PyQt5 load that Qt's plugins and abort.
FOREIGN_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


class WindowError(WebcamAppError):
    """The window cannot be shown at all."""


def run_window(sources: Sequence[str] = (), settings_path: Path | None = None, *, new_window: bool = False) -> int:
    """Show the window until it is closed.

    Args:
        sources: what to open, as ``open_source`` takes it: the first is shown, the others follow on request. Empty
            for the camera used last, else the first that works, else the demo clip.
        settings_path: the settings file; None for the person's own.
        new_window: open a window of its own, though there may be one that could show the sources.

    Returns:
        The exit code: 0, or 130 or 143 when SIGINT or SIGTERM ended it.

    Raises:
        WindowError: there is no PyQt5 or no display; says what to do.
    """
    _check()
    from webcam_app.window.trace import stamp

    stamp("run_window")
    from webcam_app.window.application import run

    stamp("modules imported")
    _remove_foreign_qt()
    return run(sources, settings_path, new_window=new_window)


def _check() -> None:
    """Find what is missing before Qt does, which aborts the process without a message."""
    if importlib.util.find_spec("PyQt5") is None:
        raise WindowError("The window needs PyQt5: pip install PyQt5. The commands work without: webcam-app --help")
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if sys.platform in ("win32", "darwin") or platform in SCREENLESS:
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise WindowError(
            "There is no display to open a window on. Log in to a desktop, or use the commands: webcam-app --help"
        )


def _remove_foreign_qt() -> None:
    cv2 = sys.modules.get("cv2")
    home = str(Path(getattr(cv2, "__file__", None) or "").parent)
    for name in FOREIGN_QT_VARIABLES:
        if cv2 is not None and os.environ.get(name, "").startswith(home):
            del os.environ[name]
