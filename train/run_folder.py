"""A run's folder: settings, cache, checkpoints, logs, and what is needed to repeat it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from train import processes
from train.errors import TrainError
from train.files import replace_json
from train.provenance import DEPENDS_ON, GROWS, Provenance, is_longer, made_from
from train.settings import Settings, load_settings, save_settings

PACKAGES = ("numpy", "opencv-python-headless", "torch", "tensorflow", "tensorflow-cpu", "keras", "ai-edge-litert")

# Files whose names an earlier version wrote.
OLD_FILES = {
    "cache/covered.npy": "cache/occluded.npy",
    "cache/covered_rows.npy": "cache/occluded_rows.npy",
    "covering.json": "occluding.json",
}


LABELS = ("start_labels", "soft_labels")
"""Artefacts of networks that label all faces."""


class RunFolder:
    """Paths and small files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.provenance = Provenance(path)

    @property
    def settings_path(self) -> Path:
        """Where the run keeps its settings."""
        return self.path / "settings.json"

    @property
    def cache(self) -> Path:
        """Folder of the cut faces; see ``train.data.cache``."""
        return self.path / "cache"

    def labels(self, artefact: str) -> Path:
        """The logits that a network gives every face; see ``train.pipeline.labelling``."""
        return self.path / f"{artefact}.npz"

    @property
    def face_labels(self) -> Path:
        """The logits of small networks on a face network's features; see ``train.pipeline.step_2_hints``."""
        return self.path / "face_labels.npz"

    def checkpoint(self, name: str) -> Path:
        """Where a network's state is kept between epochs."""
        return self.path / f"{name}.checkpoint.pt"

    def weights(self, name: str) -> Path:
        """Where a trained network's averaged weights end up."""
        return self.path / f"{name}.pt"

    def settings(self) -> Settings:
        """The run's settings.

        Raises:
            TrainError: the run has not been started, or they are damaged.
        """
        if not self.settings_path.exists():
            raise TrainError(f"'{self.path}' is no run yet: start with 'python -m train prepare --run {self.path}'")
        return load_settings(self.settings_path)

    def start(self, settings: Settings) -> None:
        """Make the folder and keep settings and versions in it.

        Raises:
            TrainError: something in the folder was made with other settings; the settings that it has stay.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self._take_up_older_run()
        for artefact in DEPENDS_ON:
            if self._exists(artefact):
                self._check(artefact, settings)
        save_settings(settings, self.settings_path)
        self.note("environment", environment())

    def begin(self, artefact: str, settings: Settings) -> None:
        """Note what an artefact is being made from, before its first file is written.

        Args:
            artefact: one of ``provenance.DEPENDS_ON``.
            settings: the run's.
        """
        processes.once(self.provenance.record, artefact, made_from(settings, artefact))

    def is_finished(self, artefact: str, settings: Settings) -> bool:
        """Whether an artefact needs no more work: its last file is there, and no epochs were added since.

        Several processes all ask, and get the first one's answer.
        """
        last = self.labels(artefact) if artefact in LABELS else self.weights(artefact)
        name = GROWS.get(artefact)
        kept = self.provenance.read().get(artefact)
        grown = name is not None and kept is not None and kept[name] != made_from(settings, artefact)[name]
        return processes.agreed(last.exists() and not grown)

    def _exists(self, artefact: str) -> bool:
        if artefact in ("canvases", "cache"):
            return (self.cache / ("images.npy" if artefact == "canvases" else "table.csv")).exists()
        if artefact in LABELS:
            return self.labels(artefact).exists() or (self.path / artefact).exists()
        if artefact == "face_labels":
            return self.face_labels.exists()
        return self.weights(artefact).exists() or self.checkpoint(artefact).exists()

    def _check(self, artefact: str, settings: Settings) -> None:
        removal = {
            "canvases": "delete its folder 'cache'",
            "cache": "delete its folder 'cache'",
            **{name: f"delete its {name}.npz and folder '{name}'" for name in LABELS},
            "face_labels": "delete its face_labels.npz, face_features.npy and folder 'face_features'",
        }.get(artefact, f"delete its {artefact}.pt and {artefact}.checkpoint.pt")

        def same(name: str, before: Any, now: Any) -> bool:
            # What an earlier version had no setting for was off.
            return (before is None and now is False) or (name == GROWS.get(artefact) and is_longer(before, now))

        remedy = f"use another --run, or {removal} to make it again"
        self.provenance.check(artefact, made_from(settings, artefact), remedy, same=same)

    def _take_up_older_run(self) -> None:
        """Bring a folder of an earlier version up to date: names of files, and a record of what they were made from."""
        for old, new in OLD_FILES.items():
            if (self.path / old).exists() and not (self.path / new).exists():
                (self.path / old).rename(self.path / new)
        if self.settings_path.exists() and not self.provenance.path.exists():
            settings = load_settings(self.settings_path)
            for artefact in filter(self._exists, DEPENDS_ON):
                self.begin(artefact, settings)

    def note(self, name: str, document: Any) -> None:
        """Write ``NAME.json`` so that it is either old or new, never half."""
        replace_json(self.path / f"{name}.json", document)

    def read_note(self, name: str) -> Any:
        """What ``note`` wrote, or None."""
        path = self.path / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def environment() -> dict[str, Any]:
    """Versions and machine, as far as they change what comes out."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "packages": versions,
        "commit": _commit(),
    }


def _commit() -> str | None:
    here = Path(__file__).resolve().parent
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
