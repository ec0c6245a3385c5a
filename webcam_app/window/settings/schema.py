"""What the window remembers: one frozen value, checked as a whole."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webcam_app.errors import WebcamAppError
from webcam_app.window.settings.folders import default_recording_folder, default_snapshot_folder

VERSION = 1
# Below 60 % the label is smaller than what 640×360 leaves readable; above 300 % one label fills a small window.
TEXT_PERCENT_RANGE = (60, 300)
# Larger than any camera or screen; a number beyond it is a damaged file.
MAX_PIXELS_A_SIDE = 32_768
MAX_FPS = 1_000.0
MAX_TEXT_LENGTH = 4_096
# More cameras than a person has; the one used longest ago is forgotten first. Drivers have a few dozen controls.
MAX_CAMERAS, MAX_CONTROLS = 64, 256
# Of a control's value, as drivers keep it.
CONTROL_RANGE = (-(1 << 31), (1 << 31) - 1)
# What can be chosen, with what people read.
APPEARANCES = {"system": "As the system", "light": "Light", "dark": "Dark"}
COVERS = {"": "Not at all", "blur": "Blurred", "pixelate": "Pixelated", "fill": "Filled"}
NO_MICROPHONE = {"": "None"}
COUNTDOWNS = {0: "None", 3: "3 seconds", 5: "5 seconds", 10: "10 seconds"}
LAPSES = {0: "Off: every picture"} | {n: f"A picture every {n} seconds" for n in (2, 5, 10, 30)}
LAPSES |= {1: "A picture a second", 60: "A picture a minute"}
LAPSES = dict(sorted(LAPSES.items()))


class SettingsError(WebcamAppError):
    """Settings that make no sense, or a settings file that cannot be used."""


@dataclass(frozen=True, slots=True)
class CameraMode:
    """Size in pixels and frames per second that the person asked of a camera; None for any rate."""

    width: int
    height: int
    fps: float | None


def _shown(label: str, hint: str, group: str, **extra: Any) -> dict[str, Any]:
    return {"label": label, "hint": hint, "group": group, **extra}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that outlives the window. Fields with a ``label`` in their metadata appear in the settings dialog.

    Raises:
        SettingsError: when made with a value of a wrong type or range; so a ``Settings`` is always whole.
    """

    recording_folder: Path = field(
        default_factory=default_recording_folder,
        metadata=_shown("Recordings go to", "A new file each time; nothing is overwritten.", "Files"),
    )
    snapshot_folder: Path = field(
        default_factory=default_snapshot_folder,
        metadata=_shown("Snapshots go to", "A new file each time; nothing is overwritten.", "Files"),
    )
    microphone: str = field(
        default="",
        metadata=_shown(
            "Microphone", "What it hears is recorded with the picture. None until you choose one.", "Recording",
            choices=NO_MICROPHONE,
        ),
    )  # fmt: skip
    countdown_seconds: int = field(
        default=0,
        metadata=_shown(
            "Countdown", "Before a recording begins. R or Esc cancels it.", "Recording", choices=COUNTDOWNS
        ),
    )
    lapse_seconds: int = field(
        default=0,
        metadata=_shown(
            "Time-lapse", "Record so seldom, and play 30 pictures a second. Without sound.", "Recording", choices=LAPSES
        ),
    )
    mirror_cameras: bool = field(
        default=True,
        metadata=_shown("Mirror cameras", "As in a mirror. Text stays readable, recordings look the same.", "Picture"),
    )
    mirror_files: bool = field(
        default=False,
        metadata=_shown("Mirror files and streams", "The same for videos, pictures and network streams.", "Picture"),
    )
    cover: str = field(
        default="",
        metadata=_shown(
            "Cover faces",
            "On the screen, in recordings and in snapshots. A click on a face leaves it out.",
            "Picture",
            choices=COVERS,
        ),
    )
    text_percent: int = field(
        default=100,
        metadata=_shown(
            "Size of the labels", "On the screen, not in recordings.", "Labels", range=TEXT_PERCENT_RANGE, suffix=" %"
        ),
    )
    show_masks: bool = field(
        default=True, metadata=_shown("Show masks", "Whether a face wears one, and how many do.", "Labels")
    )
    show_no_masks: bool = field(
        default=False, metadata=_shown("Say 'no mask' as well", "Where a face wears none.", "Labels")
    )
    show_tracks: bool = field(
        default=False,
        metadata=_shown("Show track numbers", "The number that stays with a face while it is followed.", "Labels"),
    )
    appearance: str = field(
        default="system",
        metadata=_shown(
            "Colours",
            "Dark or light. 'As the system' follows the desktop, also while the window is open.",
            "Window",
            choices=APPEARANCES,
        ),
    )
    model: Path | None = None
    camera: str = ""
    camera_mode: CameraMode | None = None
    camera_controls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """What was set on each camera: its identity to the names and values of controls; never changed in place."""
    window_size: tuple[int, int] | None = None
    window_position: tuple[int, int] | None = None
    maximized: bool = False

    def __post_init__(self) -> None:
        for name in ("recording_folder", "snapshot_folder"):
            _check_folder(name, getattr(self, name))
        for name in ("mirror_cameras", "mirror_files", "show_masks", "show_no_masks", "show_tracks", "maximized"):
            _require(isinstance(getattr(self, name), bool), name, "is neither true nor false")
        if self.model is not None:
            _require(isinstance(self.model, Path) and self.model.is_absolute(), "model", "is no full path")
            _check_text("model", str(self.model))
        _check_whole(self.text_percent, *TEXT_PERCENT_RANGE, name="text_percent")
        known = isinstance(self.appearance, str) and self.appearance in APPEARANCES
        _require(known, "appearance", f"is none of {', '.join(APPEARANCES)}")
        covered = isinstance(self.cover, str) and self.cover in COVERS
        _require(covered, "cover", "is none of blur, pixelate and fill")
        _check_text("camera", self.camera)
        _check_text("microphone", self.microphone)
        for name, choices in (("countdown_seconds", COUNTDOWNS), ("lapse_seconds", LAPSES)):
            _check_whole(getattr(self, name), 0, max(choices), name=name)
            _require(getattr(self, name) in choices, name, "is none of the choices")
        if self.camera_mode is not None:
            mode = self.camera_mode
            _require(isinstance(mode, CameraMode), "camera_mode", "is no mode")
            _check_whole(mode.width, 1, MAX_PIXELS_A_SIDE, name="camera_mode")
            _check_whole(mode.height, 1, MAX_PIXELS_A_SIDE, name="camera_mode")
            _require(mode.fps is None or _is_rate(mode.fps), "camera_mode", "has no sensible rate")
        _check_controls(self.camera_controls)
        _check_pair("window_size", self.window_size, lowest=1)
        # Screens may lie left of the main one, or above it.
        _check_pair("window_position", self.window_position, lowest=-MAX_PIXELS_A_SIDE)

    @classmethod
    def label(cls, name: str) -> str:
        """What people read for a setting; the field's name where it appears in no dialog."""
        entry = next(entry for entry in dataclasses.fields(cls) if entry.name == name)
        return str(entry.metadata.get("label", name))

    def to_document(self) -> dict[str, Any]:
        """The settings as a JSON object."""
        document: dict[str, Any] = {"version": VERSION}
        for entry in dataclasses.fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, Path):
                value = str(value)
            elif isinstance(value, CameraMode):
                value = [value.width, value.height, value.fps]
            document[entry.name] = value
        return document


SHOWN_FIELDS = tuple(entry.name for entry in dataclasses.fields(Settings) if "label" in entry.metadata)
"""Names of the settings that the dialog shows; the window remembers the others by itself."""


def parse_settings(document: object) -> Settings:
    """Settings from a JSON document; what it does not name keeps its default, names that are unknown are passed over.

    Raises:
        SettingsError: the document is of another form or version, or one of its values makes no sense.
    """
    if not isinstance(document, Mapping):
        raise SettingsError("it is no JSON object")
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise SettingsError("it does not say which version it is of")
    if version > VERSION:
        raise SettingsError("it was written by a newer version of this application")
    values: dict[str, Any] = {}
    for entry in dataclasses.fields(Settings):
        if entry.name in document:
            values[entry.name] = _from_json(entry.name, document[entry.name])
    return Settings(**values)


def _from_json(name: str, value: Any) -> Any:
    if name in ("recording_folder", "snapshot_folder") or (name == "model" and value is not None):
        _check_text(name, value)
        return Path(value)
    if name == "camera_mode" and value is not None:
        _require(isinstance(value, list) and len(value) == 3, name, "is no width, height and rate")
        return CameraMode(*value)
    if name in ("window_size", "window_position") and isinstance(value, list):
        return tuple(value)
    return value


def _require(holds: bool, name: str, problem: str) -> None:
    if not holds:
        raise SettingsError(f"'{Settings.label(name)}' {problem}")


def _check_folder(name: str, folder: object) -> None:
    _require(isinstance(folder, Path), name, "is no folder")
    _check_text(name, str(folder))
    if str(folder) in ("", "."):
        raise SettingsError(f"{Settings.label(name)}: no folder is named. Choose one.")
    if not Path(str(folder)).is_absolute():
        raise SettingsError(
            f"{Settings.label(name)} '{folder}', which does not say where that is. Choose a folder, or give its whole "
            f"path, such as {Path.home() / str(folder)}"
        )


def _check_controls(cameras: object) -> None:
    name = "camera_controls"
    _require(isinstance(cameras, Mapping) and len(cameras) <= MAX_CAMERAS, name, "is no list of cameras")
    for camera, values in cameras.items():  # type: ignore[attr-defined]
        _check_text(name, camera)
        _require(isinstance(values, Mapping) and len(values) <= MAX_CONTROLS, name, "has a camera without values")
        for control, value in values.items():
            _check_text(name, control)
            _check_whole(value, *CONTROL_RANGE, name=name)


def _check_pair(name: str, pair: tuple[int, int] | None, *, lowest: int) -> None:
    if pair is not None:
        _require(isinstance(pair, tuple) and len(pair) == 2, name, "is no pair of numbers")
        for number in pair:
            _check_whole(number, lowest, MAX_PIXELS_A_SIDE, name=name)


def _check_text(name: str, value: object) -> None:
    _require(isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH, name, "is no text of sensible length")
    try:
        os.fsencode(str(value))
    except UnicodeEncodeError:
        raise SettingsError(f"'{Settings.label(name)}' has characters that no file name can have") from None
    _require("\0" not in str(value), name, "has characters that no file name can have")


def _is_rate(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= MAX_FPS


def _check_whole(value: object, low: int, high: int, *, name: str) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    _require(whole and low <= value <= high, name, f"is no whole number from {low} to {high}")  # type: ignore[operator]
