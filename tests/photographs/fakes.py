"""Stand-ins for the analyzer that other processes import: they find coloured squares, and misbehave when told to."""

from __future__ import annotations

import os
import signal
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.commands.square_analyzer import LABELS, SquareAnalyzer
from webcam_app.faces.labelling.card import load_card

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


class Alone(SquareAnalyzer):
    """Finds nothing, and fails where another process looks at a picture at the same time."""

    def analyze_still(self, image: Any) -> Any:
        busy = folder() / "busy"
        busy.mkdir()  # which fails if it is there
        np.sort(image, axis=None)  # takes its time
        busy.rmdir()
        return []


class Polite(SquareAnalyzer):
    """Says as its problem how far it lets others go first."""

    def __init__(self, model: Path | None = None) -> None:
        super().__init__(model)
        self.problem = f"nice {os.nice(0)}"


class Counting(SquareAnalyzer):
    """Leaves a mark for each photograph that it looks at."""

    def analyze_still(self, image: Any) -> Any:
        (folder() / uuid.uuid4().hex).touch()
        return super().analyze_still(image)


class OfTheModel(Counting):
    """Has the labels of the model's card, in their order; the card is all that is needed of a model."""

    def __init__(self, model: Path | None = None) -> None:
        super().__init__(model)
        assert model is not None
        self.card = load_card(model)

    def analyze_still(self, image: Any) -> Any:
        return [self._named(face) for face in super().analyze_still(image)]

    def label_box(self, image: Any, box: Any) -> Any:
        return self._named(super().label_box(image, box))

    def _named(self, face: Any) -> Any:
        names = dict(zip(LABELS, self.card.labels, strict=True))
        shares = {names[label]: share for label, share in face.probabilities.items()}
        return replace(face, label=names.get(face.label, face.label), probabilities=shares)


def _first(mark: str) -> bool:
    try:
        os.close(os.open(folder() / mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
