"""The newest picture as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from webcam_app.errors import OutputError
from webcam_app.live.states import Result
from webcam_app.output.overlay import OverlayStyle, draw_overlay


def write_snapshot(result: Result | None, folder: Path, style: OverlayStyle, labels: Sequence[str]) -> Path:
    """Write a result's picture with its faces drawn, or covered.

    Args:
        result: the newest; None where there is none yet.
        folder: where to; it is made where it is missing.
        style: of what is drawn.
        labels: of the model, for their colours.

    Returns:
        The file.

    Raises:
        OutputError: there is no picture yet, or it cannot be written.
    """
    from webcam_app.output.pictures import snapshot_path, write_picture

    if result is None:
        raise OutputError("There is no picture to keep yet. Start a camera or open a file first.")
    path = snapshot_path(folder, datetime.now())
    frame = result.frame
    if style.covering is not None:
        frame = style.covering.cover(frame, (*result.faces, *result.lost))
    write_picture(path, draw_overlay(frame.image, result.faces, style, labels=labels))
    return path
