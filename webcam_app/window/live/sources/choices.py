"""What can be looked at, and in which order it is tried at the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.cameras import Camera
from webcam_app.capture.text import printable, without_password
from webcam_app.resources import asset_path
from webcam_app.window.translation import tr

DEMO_FILE = "demo.mp4"


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """Something to open.

    Attributes:
        spec: as ``open_source`` takes it.
        name: what a person calls it.
        camera: whether it is a camera that was chosen by its identity.
        demo: whether it is the clip that the application ships.
    """

    spec: str
    name: str
    camera: bool = False
    demo: bool = False


def demo_choice() -> SourceChoice:
    """The clip that the application ships; it goes round and round."""
    return SourceChoice(str(asset_path(DEMO_FILE)), tr("Demo clip"), demo=True)


def camera_choice(camera: Camera) -> SourceChoice:
    """A camera, by the identity that stays with it."""
    return SourceChoice(camera.stable_id, printable(camera.name), camera=True)


def choice_for(spec: str, cameras: Sequence[Camera] = ()) -> SourceChoice:
    """What a person typed, as something to open."""
    for camera in cameras:
        if spec in (camera.stable_id, camera.path, camera.name, str(camera.index)):
            return SourceChoice(spec, printable(camera.name), camera=True)
    if "://" in spec:
        return SourceChoice(spec, without_password(spec))
    if spec.isdecimal():
        return SourceChoice(spec, tr("Camera {number}").format(number=spec), camera=True)
    return SourceChoice(spec, printable(Path(spec).name or spec))


def start_order(cameras: Sequence[Camera], remembered: str) -> list[Camera]:
    """Cameras to try without being asked: the one used last, then the others in their order; none with a problem."""
    usable = [camera for camera in cameras if camera.problem is None]
    return sorted(usable, key=lambda camera: camera.stable_id != remembered)
