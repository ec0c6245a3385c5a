"""The settings file: read with tolerance, merged with what other windows wrote, replaced atomically."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from webcam_app.window.settings.folders import config_folder
from webcam_app.window.settings.schema import VERSION, Settings, SettingsError, parse_settings
from webcam_app.window.translation import tr

FILE_NAME = "settings.json"
# A real file is under 1 kB; something far larger was put there by mistake and is not read into memory.
MAX_FILE_BYTES = 1 << 20
# Another window holds the lock for a few milliseconds; a window that hangs must not block this one.
LOCK_MS = 500


class SettingsFile:
    """The file that a window's settings are kept in. Several windows may share it: each writes what it changed.

    Attributes:
        path: where it is, or would be.
        notice: one line for the person when the file could not be used, else None.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else config_folder() / FILE_NAME
        self.notice: str | None = None
        self._unwritable = False
        self._base: dict[str, Any] = {}
        """The settings as this object last read or wrote them, as JSON values; empty before."""

    def load(self) -> Settings:
        """The settings in the file, or the defaults where there is none or it cannot be used; then ``notice`` says why.

        The file itself is left as it is; it is set aside only when ``save`` is about to replace it.
        """
        settings = Settings()
        try:
            settings = parse_settings(self._read())
        except FileNotFoundError:
            pass
        except (OSError, ValueError, RecursionError, SettingsError) as error:
            text = tr("The settings in '{path}' are not used: {reason}. Defaults hold; the old file is kept.")
            self.notice = text.format(path=self.path, reason=_reason(error))
        self._base = settings.to_document()
        return settings

    def save(self, settings: Settings) -> None:
        """Write the settings that changed since they were last read or written here; keep the others as they are.

        The file is read again, so that what another window wrote meanwhile is kept, and replaced as a whole. A file
        that cannot be used is kept beside it with ``.bak`` in its name.

        Raises:
            SettingsError: it cannot be written. Raised once; further calls do nothing.
        """
        if self._unwritable:
            return
        document = settings.to_document()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                changed = {name: value for name, value in document.items() if self._base.get(name, ...) != value}
                merged = {**document, **self._current(), **changed, "version": VERSION}
                self._replace(json.dumps(merged, indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            self._unwritable = True
            text = tr("Settings cannot be kept in '{folder}' ({reason}). They hold until you close the window.")
            raise SettingsError(text.format(folder=self.path.parent, reason=error.strerror or error)) from None
        self._base = document

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other windows from reading and replacing the file at the same time."""
        from PyQt5.QtCore import QLockFile

        lock = QLockFile(f"{self.path}.lock")
        # Without the lock the file is still replaced as a whole; only a change made in the same instant can be lost.
        lock.tryLock(LOCK_MS)
        try:
            yield
        finally:
            lock.unlock()

    def _current(self) -> Mapping[str, Any]:
        """What is in the file now; a file that cannot be used is set aside first."""
        try:
            document = self._read()
            parse_settings(document)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError, SettingsError):
            self._set_aside()
            return {}
        return document if isinstance(document, Mapping) else {}

    def _read(self) -> object:
        if self.path.exists() and not self.path.is_file():
            raise SettingsError(tr("it is no file"))
        with self.path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise SettingsError(tr("it is far too large"))
        document: object = json.loads(content.decode("utf-8-sig"))
        return document

    def _set_aside(self) -> None:
        number = 1
        while os.path.lexists(backup := self.path.with_name(f"{self.path.name}.bak{number if number > 1 else ''}")):
            number += 1
        shutil.move(self.path, backup)

    def _replace(self, text: str) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _reason(error: Exception) -> str:
    """Why the settings file cannot be used, for people."""
    if isinstance(error, OSError):
        return tr("it cannot be read ({reason})").format(reason=error.strerror or error)
    if isinstance(error, SettingsError):
        return str(error)
    return tr("it is damaged (no valid JSON)")
