"""Whether the live picture is shown as in a mirror: one setting for cameras, one for everything else."""

from __future__ import annotations

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QAction

from webcam_app.capture.source import SourceKind
from webcam_app.live import LiveEngine
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.live.sources.controller import SourceController
from webcam_app.window.settings.store import SettingsStore


class MirrorController(QObject):
    """Applies and changes the setting that belongs to the source that is open."""

    def __init__(
        self,
        engine: LiveEngine,
        sources: SourceController,
        settings: SettingsStore,
        canvas: VideoCanvas,
        action: QAction,
    ) -> None:
        super().__init__(canvas)
        self._engine, self._sources, self._settings = engine, sources, settings
        self._canvas, self._action = canvas, action
        action.triggered.connect(self._toggle)
        settings.changed.connect(self.show)
        sources.opened.connect(self.show)
        self.show()

    def show(self) -> None:
        """Make picture and button follow the settings and the source."""
        mirrored = bool(getattr(self._settings.current, self._setting))
        self._action.setChecked(mirrored)
        self._canvas.set_mirrored(mirrored)

    def _toggle(self) -> None:
        self._settings.update(**{self._setting: not getattr(self._settings.current, self._setting)})

    @property
    def _setting(self) -> str:
        info, choice = self._engine.statistics().source, self._sources.choice
        is_camera = info.kind is SourceKind.CAMERA if info is not None else choice is not None and choice.camera
        return "mirror_cameras" if is_camera else "mirror_files"
