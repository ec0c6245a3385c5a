"""What a bug report needs to know, without anything that says who or where somebody is."""

from __future__ import annotations

import dataclasses
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PyQt5.QtCore import QT_VERSION_STR
from PyQt5.QtGui import QGuiApplication

from webcam_app import __version__
from webcam_app.capture.cameras import Camera
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.window.dialogs.licences import INSTALLED, components
from webcam_app.window.report.scrub import camera_name, owner, scrub
from webcam_app.window.settings.schema import Settings

# Free text that a person or a driver chose; only whether there is one is told.
UNTOLD = ("camera",)


@dataclasses.dataclass(frozen=True, slots=True)
class Situation:
    """What the window knows.

    Attributes:
        settings: the current ones.
        cameras: those that are there; None before they were listed.
        card: of the network in use; None without one.
        lines: the last of the log.
        private: what must not be told, such as names of files that were opened.
    """

    settings: Settings
    cameras: Sequence[Camera] | None
    card: ModelCard | None
    lines: Sequence[str]
    private: Iterable[str]


def details(situation: Situation) -> str:
    """The details as text; nothing in it names a person, a file or an address."""
    parts = (
        ("Versions", _versions()),
        ("System", _system()),
        ("Model", _model(situation.card)),
        ("Cameras", _cameras(situation.cameras)),
        ("Settings", _settings(situation.settings)),
    )
    told = "\n\n".join(f"{title}\n" + "\n".join(f"  {line}" for line in lines) for title, lines in parts)
    owners = [owner(camera.name) for camera in situation.cameras or ()]
    kept = scrub("\n".join(situation.lines), [*situation.private, *owners])
    log = "\n".join(f"  {line}" for line in kept.splitlines()) or "  nothing"
    return f"{told}\n\nLast messages\n{log}\n"


def _versions() -> Iterator[str]:
    yield f"webcam-app {__version__}, Python {platform.python_version()}, Qt {QT_VERSION_STR}"
    packages = {component.package for component in INSTALLED}
    yield ", ".join(
        f"{component.package} {version}"
        for component, version in components()
        if component.package in packages and version and not version.startswith("in ")
    )


def _system() -> Iterator[str]:
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        system = ""
    yield " ".join(part for part in (platform.system(), platform.release(), platform.machine(), system) if part)
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "none that says its name")
    yield f"desktop {scrub(desktop)}, Qt platform {QGuiApplication.platformName()}, {os.cpu_count()} processors"
    for screen in QGuiApplication.screens():
        size = screen.size()
        yield f"screen {size.width()}x{size.height()}, scale {screen.devicePixelRatio():g}"


def _model(card: ModelCard | None) -> Iterator[str]:
    if card is None:
        yield "none"
    else:
        # The names of a person's own classes may be those of people.
        yield f"{len(card.labels)} labels, checksum {card.sha256[:12]}, {'taught' if card.features else 'a network'}"


def _cameras(cameras: Sequence[Camera] | None) -> Iterator[str]:
    if cameras is None:
        yield "not listed yet"
        return
    for camera in cameras:
        yield camera_name(camera.name) + (f": {scrub(camera.problem, [camera.name])}" if camera.problem else "")
    if not cameras:
        yield "none"


def _settings(settings: Settings) -> Iterator[str]:
    defaults = Settings()
    for entry in dataclasses.fields(settings):
        value, default = getattr(settings, entry.name), getattr(defaults, entry.name)
        if isinstance(value, Path) or entry.name in UNTOLD:
            told = "as at first" if value == default else "changed"
        elif isinstance(value, str):
            told = value if value in entry.metadata.get("choices", {}) else "set" if value else "empty"
        else:
            told = str(value)
        yield f"{entry.name}: {told}"
