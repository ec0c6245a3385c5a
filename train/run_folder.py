"""A run's folder: settings, cache, checkpoints, logs, and what is needed to repeat it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from train.errors import TrainError
from train.settings import Settings, load_settings, save_settings

PACKAGES = ("numpy", "opencv-python-headless", "torch", "tensorflow", "tensorflow-cpu", "keras", "ai-edge-litert")


class RunFolder:
    """Paths and small files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def settings_path(self) -> Path:
        return self.path / "settings.json"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    @property
    def soft_labels(self) -> Path:
        return self.path / "soft_labels.npz"

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
        """Make the folder and keep settings and versions in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        save_settings(settings, self.settings_path)
        self.note("environment", environment())

    def note(self, name: str, document: Any) -> None:
        """Write ``NAME.json`` so that it is either old or new, never half."""
        replace_text(self.path / f"{name}.json", json.dumps(document, indent=2) + "\n")

    def read_note(self, name: str) -> Any:
        """What ``note`` wrote, or None."""
        path = self.path / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def replace_text(path: Path, text: str) -> None:
    """Write a text file whole: a reader sees the old one or the new one."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


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
