"""Where the window keeps its settings, and where recordings and snapshots go by default."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.output.files import reason

if TYPE_CHECKING:
    from PyQt5.QtCore import QStandardPaths

HOME_VARIABLE = "WEBCAM_APP_HOME"
"""Environment variable that names a folder for everything that the window keeps, in place of the platform's."""

CONFIG_FOLDER = "webcam-app"
MEDIA_FOLDER = "Webcam App"


def config_folder() -> Path:
    """Folder of the settings file, which need not exist yet."""
    from PyQt5.QtCore import QStandardPaths

    return (
        _own_home()
        or _standard(QStandardPaths.StandardLocation.GenericConfigLocation, Path.home() / ".config") / CONFIG_FOLDER
    )


def default_recording_folder() -> Path:
    """Where recordings go at first: a folder of the application's own among the person's videos."""
    from PyQt5.QtCore import QStandardPaths

    home = _own_home()
    return (
        home / "recordings"
        if home
        else _standard(QStandardPaths.StandardLocation.MoviesLocation, Path.home()) / MEDIA_FOLDER
    )


def default_snapshot_folder() -> Path:
    """Where snapshots go at first: a folder of the application's own among the person's pictures."""
    from PyQt5.QtCore import QStandardPaths

    home = _own_home()
    return (
        home / "snapshots"
        if home
        else _standard(QStandardPaths.StandardLocation.PicturesLocation, Path.home()) / MEDIA_FOLDER
    )


def teaching_folder() -> Path:
    """Where example pictures of a person's own classes lie."""
    from PyQt5.QtCore import QStandardPaths

    home = _own_home()
    if home:
        return home / "teaching"
    otherwise = Path.home() / ".local" / "share"
    return _standard(QStandardPaths.StandardLocation.GenericDataLocation, otherwise) / CONFIG_FOLDER / "teaching"


def why_not_writable(folder: Path) -> str | None:
    """Why no file can be made in a folder, in a few words; None where one can.

    The folder need not exist: then it is tried where it would be made. Nothing is left behind.
    """
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path) or path == path.parent)
    try:
        # The permissions alone do not tell: the disk may be read-only or gone.
        with tempfile.TemporaryFile(dir=there):
            return None
    except OSError as error:
        return reason(error)


def _own_home() -> Path | None:
    value = os.environ.get(HOME_VARIABLE, "").strip()
    return Path(value).expanduser().absolute() if value else None


def _standard(location: QStandardPaths.StandardLocation, otherwise: Path) -> Path:
    from PyQt5.QtCore import QStandardPaths

    found = QStandardPaths.writableLocation(location)
    return Path(found) if found else otherwise
