"""Sets what can be set on the open camera, and remembers it for each camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.capture import controls as capture_controls
from webcam_app.capture.controls import CameraControl
from webcam_app.window.page import Shared
from webcam_app.window.settings.schema import MAX_CAMERAS, SettingsError
from webcam_app.window.widgets.banner import Severity

CAMERA_CONTROLS = "camera controls"
# A slider that is drawn sends dozens of values; the settings file is written once it rests.
SAVE_AFTER_MS = 500


class CameraControls(QObject):
    """The controls of the camera that is open. A slow camera is asked in the worker's thread, one request at a time."""

    available = pyqtSignal(bool)
    """Whether a camera is open."""
    changed = pyqtSignal(object)
    """All controls as the camera has them now, a list of ``CameraControl``."""
    failed = pyqtSignal(str)
    """The camera could not be asked, or refused something: one line for people."""

    def __init__(self, shared: Shared, parent: QObject) -> None:
        super().__init__(parent)
        self._worker, self._settings, self._banner = shared.worker, shared.settings, shared.banner
        self._camera = ""
        self._pending: dict[str, int] = {}
        self._busy = False
        self._number = 0
        """Of the camera that was opened last; an answer that belongs to another one is dropped."""
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._save.timeout.connect(self._settings.save)

    @property
    def camera(self) -> str:
        """The identity of the camera that is open; empty for none."""
        return self._camera

    def set_camera(self, camera: str) -> None:
        """A camera delivers, for the first time or again: set on it what was set on it before."""
        self.leave()
        self._camera = camera
        self._banner.clear_message(CAMERA_CONTROLS)
        remembered = dict(self._settings.current.camera_controls.get(camera, {}))
        self.available.emit(True)
        if remembered:
            self._submit(lambda: capture_controls.set_camera_controls(camera, remembered), self._tell_in_banner)
        else:
            self.look()

    def leave(self) -> None:
        """Something else is opened."""
        self._number += 1
        self._camera = ""
        self._pending.clear()
        self._busy = False
        self.available.emit(False)

    def look(self) -> None:
        """Ask the camera how everything is now; ``changed`` has the answer. What is being set comes first."""
        camera = self._camera
        if camera and not self._busy:
            self._submit(lambda: capture_controls.camera_controls(camera), self.failed.emit)

    def set_value(self, name: str, value: int) -> None:
        """Set a control, and remember that for this camera.

        Args:
            name: of the ``CameraControl``.
            value: in the driver's units.
        """
        if not self._camera:
            return
        remembered = dict(self._settings.current.camera_controls.get(self._camera, {}))
        self._remember({**remembered, name: value})
        self._pending[name] = value
        if not self._busy:
            self._send()

    def reset(self) -> None:
        """Set everything to the driver's defaults, and forget what was set on this camera."""
        camera = self._camera
        if camera:
            self._pending.clear()
            self._remember({})
            self._submit(lambda: capture_controls.reset_camera_controls(camera), self.failed.emit)

    def _send(self) -> None:
        camera, values = self._camera, dict(self._pending)
        self._pending.clear()
        self._submit(lambda: capture_controls.set_camera_controls(camera, values), self.failed.emit)

    def _submit(self, job: Callable[[], list[CameraControl]], failed: Callable[[str], None]) -> None:
        self._busy, number = True, self._number

        def done(controls: list[CameraControl]) -> None:
            if self._goes_on(number):
                self.changed.emit(controls)

        def not_done(problem: str) -> None:
            if number == self._number:
                failed(problem)
            self._goes_on(number)

        self._worker.submit(job, done, not_done)

    def _goes_on(self, number: int) -> bool:
        """Send what was asked for meanwhile. Returns whether the answer that came is the newest."""
        if number != self._number:
            return False
        self._busy = False
        if self._pending:
            self._send()
            return False
        return True

    def _tell_in_banner(self, problem: str) -> None:
        self._banner.show_message(CAMERA_CONTROLS, problem, Severity.WARNING)

    def _remember(self, values: Mapping[str, int]) -> None:
        """Keep what was set on the open camera, as the last of all cameras; nothing for the defaults."""
        known = {name: kept for name, kept in self._settings.current.camera_controls.items() if name != self._camera}
        while len(known) >= MAX_CAMERAS:
            del known[next(iter(known))]
        if values:
            known[self._camera] = dict(values)
        try:
            self._settings.set_for_later(camera_controls=known)
        except SettingsError:
            return  # a driver may report a name that cannot be stored
        self._save.start()
