"""``webcam-app cameras``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from webcam_app.capture.text import printable
from webcam_app.commands.shell import DONE

if TYPE_CHECKING:
    from webcam_app.capture import Camera


def print_cameras(*, as_json: bool) -> int:
    """Print the cameras that are there; none is an answer too."""
    from webcam_app.capture import list_cameras
    from webcam_app.capture.cameras import NO_CAMERA

    cameras = list_cameras(with_modes=True)
    if as_json:
        print(json.dumps([asdict(camera) for camera in cameras], ensure_ascii=False, indent=2))
    elif not cameras:
        print(NO_CAMERA)
    else:
        print("\n\n".join(_describe(camera) for camera in cameras))
    return DONE


def _describe(camera: Camera) -> str:
    lines = [f"{camera.index}  {printable(camera.name)}", f"   id:    {printable(camera.stable_id)}"]
    if camera.path != str(camera.index):
        lines.append(f"   path:  {printable(camera.path)}")
    if camera.modes:
        lines.append("   modes: " + ", ".join(_mode(mode.width, mode.height, mode.fps) for mode in camera.modes))
    if camera.problem:
        lines.append(f"   note:  {camera.problem}")
    return "\n".join(lines)


def _mode(width: int, height: int, fps: float | None) -> str:
    return f"{width}x{height}" if fps is None else f"{width}x{height} at {fps:g}/s"
