"""What the files of a run were made from, so that other settings never silently go on with them.

Each artefact (the cache, a network's weights, the teacher's labels) has the settings that it depends on written beside
it, those of what it was made from included. Settings that come later in the pipeline may change at any time, and a
network may be given more epochs at its end: it then goes on from its checkpoint.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from train.errors import TrainError
from train.files import replace_json
from train.settings import Settings

MadeFrom = Mapping[str, Any]
"""Name of a setting (``teacher.batch``) to its value as JSON has it."""

_CACHE = ("data", "label", "unlabelled", "exclude", "mask_boxes", "mask_templates", "seed", "prepare")
_FACE = ("face_weights", "hints")
_START = ("start_model", *_FACE)
_TEACHER = ("inception_weights", "teacher", *_START)
_STUDENT = ("mobilenet_weights", *_START, "student")
_TUNED = "student.quantized"
_WEIGHTS = ("inception_weights", "mobilenet_weights", "start_model", "face_weights")
_PATHS = ("data", "unlabelled", "exclude", "mask_boxes", "mask_templates", *_WEIGHTS)

DEPENDS_ON: Mapping[str, tuple[str, ...]] = {
    "canvases": ("data", "label", "unlabelled", "mask_boxes", "prepare.canvas_size", "prepare.canvas_scale"),
    "cache": _CACHE,
    "face_labels": (*_CACHE, *_FACE),
    "start_labels": (*_CACHE, *_START),
    "teacher": (*_CACHE, *_TEACHER),
    "soft_labels": (*_CACHE, *_TEACHER),
    "student": (*_CACHE, *_TEACHER, *_STUDENT),
    "student_tuned": (*_CACHE, *_TEACHER, *_STUDENT, _TUNED),
    "student_hard": (*_CACHE, *_STUDENT),
    "student_hard_tuned": (*_CACHE, *_STUDENT, _TUNED),
}
"""Artefact to the settings, or groups of them, that it depends on; in the order of the pipeline."""

GROWS: Mapping[str, str] = {"teacher": "teacher.stages", "student": "student.stages", "student_hard": "student.stages"}
"""Artefact to the setting that may get further epochs at its end."""


# What artefacts are called in messages, where that is not their name.
_NAMES: Mapping[str, str] = {
    "canvases": "a cache",
    "start_labels": "labels of another start model",
    "soft_labels": "soft labels",
    "face_labels": "labels of a face network",
    "student_tuned": "a quantized student",
    "student_hard": "a student of the given labels",
    "student_hard_tuned": "a quantized student of the given labels",
}


def made_from(settings: Settings, artefact: str) -> MadeFrom:
    """The settings that an artefact depends on."""
    document = json.loads(json.dumps(dataclasses.asdict(settings)))
    values: dict[str, Any] = {}
    for name, value in document.items():
        inner = value.items() if isinstance(value, dict) else [(None, value)]
        values |= {name if key is None else f"{name}.{key}": each for key, each in inner}
    for name in _PATHS:
        values[name] = _resolved(values[name])
    chosen = DEPENDS_ON[artefact]
    return {
        name: value
        for name, value in values.items()
        if name in chosen or (name.partition(".")[0] in chosen and name != _TUNED)
    }


def _resolved(value: Any) -> Any:
    if isinstance(value, list):
        return [_resolved(each) for each in value]
    return str(Path(value).resolve()) if value and Path(value).exists() else value


class Provenance:
    """The record of a folder's artefacts: ``made_from.json``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "made_from.json"

    def read(self) -> dict[str, MadeFrom]:
        """Artefact to what it was made from.

        Raises:
            TrainError: the record is damaged.
        """
        if not self.path.exists():
            return {}
        try:
            return dict(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise TrainError(f"'{self.path}' cannot be read ({error}): use another --run") from None

    def record(self, artefact: str, values: MadeFrom) -> None:
        """Note what an artefact is being made from."""
        replace_json(self.path, {**self.read(), artefact: values})

    def check(
        self, artefact: str, values: MadeFrom, remedy: str, *, same: Callable[[str, Any, Any], bool] | None = None
    ) -> None:
        """Refuse other settings than those that an artefact was made from.

        Args:
            artefact: its name.
            values: what it would be made from now.
            remedy: what to do instead, for the message.
            same: setting, old and new value to whether they mean the same; None asks for equality.

        Raises:
            TrainError: something differs; the message names the first difference.
        """
        old = self.read().get(artefact)
        if old is None:
            return
        for name in [*old, *(name for name in values if name not in old)]:
            before, now = old.get(name), values.get(name)
            if before != now and not (same is not None and same(name, before, now)):
                raise TrainError(
                    f"'{self.path.parent}' has {_NAMES.get(artefact, 'a ' + artefact)} made with {name} "
                    f"{_short(before)}, not {_short(now)}: {remedy}"
                )


def is_longer(before: Any, now: Any) -> bool:
    """Whether a plan of stages begins with all epochs of an earlier plan."""
    try:
        first, second = _epochs(before), _epochs(now)
    except (KeyError, TypeError):
        return False
    return second[: len(first)] == first


def _epochs(stages: Any) -> list[tuple[int, float]]:
    return [(stage["size"], stage["rate"]) for stage in stages for _ in range(stage["epochs"])]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:97] + "..."
