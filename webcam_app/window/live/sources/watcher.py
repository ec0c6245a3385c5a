"""Watches which cameras are connected, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal

from webcam_app.capture.cameras import Camera, list_cameras
from webcam_app.errors import WebcamAppError

# Listing takes about a millisecond; a camera that was plugged in is in the list before one has looked for it there.
INTERVAL_SECONDS = 1.5

Lister = Callable[[], list[Camera]]


class CameraWatcher(QObject):
    """A daemon thread that lists the cameras and signals when the list has changed."""

    changed = pyqtSignal(object)
    """The cameras there are now, ``list[Camera]``; the first list is always emitted."""

    looked = pyqtSignal(object)
    """The cameras there are now, also where they are the same: the answer to ``look_now``."""

    def __init__(self, lister: Lister = list_cameras, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lister = lister
        self._wake = threading.Event()
        self._asked = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="camera watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def look_now(self) -> None:
        """Look at once, not only at the next turn, and answer with ``looked``."""
        self._asked = True
        self._wake.set()

    def close(self, timeout_seconds: float = 0.2) -> None:
        """Stop looking; a system that hangs is not waited for."""
        self._closing = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        known: list[Camera] | None = None
        while not self._closing:
            asked, self._asked = self._asked, False
            try:
                cameras = self._lister()
            except (WebcamAppError, OSError):
                cameras = known or []
            if cameras != known and not self._closing:
                known = cameras
                self.changed.emit(cameras)
            if asked and not self._closing:
                self.looked.emit(cameras)
            self._wake.wait(INTERVAL_SECONDS)
            self._wake.clear()
