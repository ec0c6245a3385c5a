"""The microphone while there is a picture: its level in the controls, its problems in the banner."""

from __future__ import annotations

from PyQt5.QtCore import QTimer

from webcam_app.live import LiveEngine
from webcam_app.window.core_texts import told
from webcam_app.window.live.controls import ControlBar
from webcam_app.window.live.presentation import PRESENTATIONS
from webcam_app.window.settings.store import SettingsStore
from webcam_app.window.widgets.banner import Banner, Severity

MICROPHONE = "microphone"
LEVEL_MS = 66
"""A level that follows a voice; painting it costs nothing beside the picture."""


class Listening:
    """Has the engine listen to the chosen microphone, and shows what it hears."""

    def __init__(self, engine: LiveEngine, settings: SettingsStore, controls: ControlBar, banner: Banner) -> None:
        """Make it.

        Args:
            engine: listens.
            settings: name the microphone.
            controls: have the level.
            banner: has the problems.
        """
        self._engine, self._settings, self._controls, self._banner = engine, settings, controls, banner
        self._level = QTimer(controls)
        self._level.setInterval(LEVEL_MS)
        self._level.timeout.connect(self._show_level)

    def follow(self) -> None:
        """Listen while there is a picture, or one is waited for."""
        active = PRESENTATIONS[self._engine.state].active
        self._engine.set_microphone(self._settings.current.microphone if active else "")
        listening = self._engine.microphone is not None
        if listening != self._level.isActive():
            (self._level.start if listening else self._level.stop)()
            self._show_level()
        if not listening:
            self._banner.clear_message(MICROPHONE)

    def show_problem(self) -> None:
        """Say what is wrong with the microphone, as long as it is."""
        microphone = self._engine.microphone
        if microphone is not None and microphone.problem:
            self._banner.show_message(MICROPHONE, told(microphone.problem), Severity.WARNING)
        else:
            self._banner.clear_message(MICROPHONE)

    def _show_level(self) -> None:
        self._controls.set_microphone(self._engine.microphone)
