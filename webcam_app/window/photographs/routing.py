"""Which of what a person opens is shown as a grid of photographs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from webcam_app.capture.pictures import is_picture_name


def photographs_of(specs: Sequence[str]) -> list[Path]:
    """The paths, if these are for the gallery: one folder, or several pictures and folders; else nothing."""
    if any("://" in spec or spec.isdecimal() for spec in specs):
        return []
    paths = [Path(spec) for spec in specs]
    folders = [path.is_dir() for path in paths]
    if len(paths) < 2:
        return paths if any(folders) else []
    fitting = all(folder or is_picture_name(path) for path, folder in zip(paths, folders, strict=True))
    return paths if fitting else []
