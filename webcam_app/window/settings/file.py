"""The settings file: read with patience, written in one piece."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from webcam_app.window.settings.folders import config_folder
from webcam_app.window.settings.schema import Settings, SettingsError, parse_settings

FILE_NAME = "settings.json"
# A real file is under 1 kB; something far larger was put there by mistake and is not read into memory.
MAX_FILE_BYTES = 1 << 20


class SettingsFile:
    """The file that a window's settings are kept in.

    Attributes:
        path: where it is, or would be.
        notice: one line for the person when the file could not be used, else None.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else config_folder() / FILE_NAME
        self.notice: str | None = None
        self._unwritable = False
        self._keep_old = False

    def load(self) -> Settings:
        """The settings in the file, or the defaults where there is none or it cannot be used; then ``notice`` says why.

        The file itself is left as it is; it is set aside only when ``save`` is about to replace it.
        """
        try:
            return parse_settings(self._read())
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            reason = f"it cannot be read ({error.strerror or error})"
        except SettingsError as error:
            reason = str(error)
        except (ValueError, RecursionError):
            reason = "it is damaged (no valid JSON)"
        self._keep_old = True
        self.notice = f"The settings in '{self.path}' are not used: {reason}. Defaults hold; the old file is kept."
        return Settings()

    def save(self, settings: Settings) -> None:
        """Replace the file as a whole. A file that could not be used is kept beside it with ``.bak`` in its name.

        Raises:
            SettingsError: it cannot be written; said once, further calls then do nothing.
        """
        if self._unwritable:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._keep_old and os.path.lexists(self.path):
                self._set_aside()
            self._keep_old = False
            self._replace(json.dumps(settings.to_document(), indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            self._unwritable = True
            raise SettingsError(
                f"Settings cannot be kept in '{self.path.parent}' ({error.strerror or error}). "
                "They hold until you close the window."
            ) from None

    def _read(self) -> object:
        if self.path.exists() and not self.path.is_file():
            raise SettingsError("it is no file")
        with self.path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise SettingsError("it is far too large")
        document: object = json.loads(content.decode("utf-8-sig"))
        return document

    def _set_aside(self) -> None:
        number = 1
        while os.path.lexists(spare := self.path.with_name(f"{self.path.name}.bak{number if number > 1 else ''}")):
            number += 1
        shutil.move(self.path, spare)

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
