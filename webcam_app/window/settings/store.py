"""The current settings, shared by all parts of the window."""

from __future__ import annotations

import dataclasses
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal

from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import Settings, SettingsError


class SettingsStore(QObject):
    """Holds the current settings, signals changes, and writes them to the file."""

    changed = pyqtSignal()
    """A setting has another value."""
    not_saved = pyqtSignal(str)
    """The file cannot be written: one line for people."""

    def __init__(self, file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._current = file.load()

    @property
    def current(self) -> Settings:
        """The current settings."""
        return self._current

    @property
    def notice(self) -> str | None:
        """One line for people when the file could not be read, else None."""
        return self._file.notice

    def update(self, **values: Any) -> None:
        """Change settings, by the names of ``Settings``, and keep them.

        Raises:
            SettingsError: a value makes no sense; nothing is changed then.
        """
        self.set_for_later(**values)
        self.changed.emit()
        self.save()

    def set_for_later(self, **values: Any) -> None:
        """Change what only the next window shows, such as its size; ``save`` keeps it.

        Raises:
            SettingsError: as with ``update``.
        """
        self._current = dataclasses.replace(self._current, **values)

    def save(self) -> None:
        """Write what was changed."""
        try:
            self._file.save(self._current)
        except SettingsError as error:
            self.not_saved.emit(str(error))
