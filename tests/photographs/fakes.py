"""Stand-ins for the analyzer that other processes import: they find coloured squares, and misbehave when told to."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from tests.commands.square_analyzer import SquareAnalyzer

__all__ = ["SquareAnalyzer"]

FOLDER_VARIABLE = "FAKE_ANALYZER_FOLDER"
"""Where the stand-ins leave marks, so that what happens once happens once among all processes."""
KILLING_WIDTH = 77
SLOW_WIDTH = 79


def folder() -> Path:
    return Path(os.environ[FOLDER_VARIABLE])


class KilledOnce(SquareAnalyzer):
    """The first process that sees a picture of ``KILLING_WIDTH`` is killed by it."""

    def analyze_still(self, image: Any) -> Any:
        if image.shape[1] == KILLING_WIDTH and _first("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().analyze_still(image)


class KilledAlways(SquareAnalyzer):
    """Every process that sees a picture of ``KILLING_WIDTH`` is killed by it."""

    def analyze_still(self, image: Any) -> Any:
        if image.shape[1] == KILLING_WIDTH:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().analyze_still(image)


class Waiting(SquareAnalyzer):
    """At a picture of ``SLOW_WIDTH`` it waits until the pipe ``go`` was opened for writing and closed."""

    def analyze_still(self, image: Any) -> Any:
        if image.shape[1] == SLOW_WIDTH:
            (folder() / "go").read_bytes()
        return super().analyze_still(image)


class DiesAtOnce:
    """Cannot even be made."""

    def __init__(self, model: Path | None = None) -> None:
        os._exit(3)


class Refused(SquareAnalyzer):
    """Has a model that is damaged."""

    def __init__(self, model: Path | None = None) -> None:
        from webcam_app.errors import ModelError

        raise ModelError("model 'squares.tflite' is damaged: install it again")


class Surprised(SquareAnalyzer):
    """Fails on a picture of ``KILLING_WIDTH`` in a way that nobody thought of."""

    def analyze_still(self, image: Any) -> Any:
        if image.shape[1] == KILLING_WIDTH:
            raise KeyError("surprise")
        return super().analyze_still(image)


class Polite(SquareAnalyzer):
    """Says as its problem how far it lets others go first."""

    def __init__(self, model: Path | None = None) -> None:
        super().__init__(model)
        self.problem = f"nice {os.nice(0)}"


def _first(mark: str) -> bool:
    try:
        os.close(os.open(folder() / mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
