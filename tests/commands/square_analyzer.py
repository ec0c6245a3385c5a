"""A stand-in for the faces and the network: it finds coloured squares, and is never wrong about them.

A red square is a ``female`` face, a blue one ``male``, a green one is unsure; a white lower half is a mask.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.crop import CropSpec

COLORS = {"female": (0, 0, 230), "male": (230, 0, 0), UNSURE: (0, 230, 0)}
WHITE = (250, 250, 250)
LABELS = ("female", "male")
CARD = ModelCard(
    "squares", "colour", LABELS, 32, "BGR", CropSpec(), 1.0, 0.8, 0.5, "c", "m", "0" * 64, Path("squares.tflite"), {}
)
BLOCK_VARIABLE = "SQUARE_ANALYZER_BLOCKS_AT"


class SquareAnalyzer:
    """Has the interface of ``FaceAnalyzer``."""

    classifier: Any = None

    def __init__(self, model: Path | None = None, *, masks: bool = True, threads: int = 1) -> None:
        self.card = CARD
        self.problem: str | None = None
        self._looked = 0

    def analyze(self, image: NDArray[np.uint8], time: float | None = None) -> list[Face]:
        self._looked += 1
        if self._looked == int(os.environ.get(BLOCK_VARIABLE, "-1")):
            print("blocking", flush=True)
            block()
        return self.analyze_still(image)

    def analyze_still(self, image: NDArray[np.uint8]) -> list[Face]:
        faces = []
        for label, color in COLORS.items():
            close = (np.abs(image.astype(int) - color).max(axis=2) < 60).astype(np.uint8)
            for x, y, width, height, area in cv2.connectedComponentsWithStats(close)[2][1:]:
                if area < 100:
                    continue
                below = image[min(y + height + 2, len(image) - 1), x + width // 2]
                masked = bool(np.abs(below.astype(int) - WHITE).max() < 40)
                box = Box(int(x), int(y), int(width), int(height) * (2 if masked else 1))
                share = 0.6 if label == UNSURE else 0.97
                best = "male" if label == "male" else "female"
                probabilities = {name: share if name == best else 1 - share for name in LABELS}
                faces.append(Face(box, len(faces) + 1, label, probabilities, 0.9 if masked else 0.1, masked))
        return faces

    def label_box(self, image: NDArray[np.uint8], box: Box) -> Face:
        """By the colour that most of the box has."""
        inside = image[max(0, box.y) : box.y + box.height, max(0, box.x) : box.x + box.width].astype(int)
        shares = {label: (np.abs(inside - color).max(axis=2) < 60).mean() for label, color in COLORS.items()}
        label = max(shares, key=lambda each: shares[each])
        share = 0.97 if shares[label] > 0.3 and label != UNSURE else 0.6
        best = label if label in LABELS else "female"
        probabilities = {name: share if name == best else 1 - share for name in LABELS}
        return Face(box, 1, best if share > 0.8 else UNSURE, probabilities, 0.1, False, detected=False)


def draw_face(image: NDArray[np.uint8], label: str, x: int, y: int, side: int = 40, *, masked: bool = False) -> None:
    """Draw what ``SquareAnalyzer`` takes for a face."""
    cv2.rectangle(image, (x, y), (x + side - 1, y + side - 1), COLORS[label], -1)
    if masked:
        cv2.rectangle(image, (x, y + side // 2), (x + side - 1, y + side - 1), WHITE, -1)


def block() -> None:
    """Wait for a signal, as a camera does that does not answer."""
    threading.Event().wait()


def install() -> None:
    """Put the stand-in where the commands look for the analyzer, in this process."""
    import webcam_app.faces.analyzer as module

    stand_in: Any = SquareAnalyzer
    module.FaceAnalyzer = stand_in


if __name__ == "__main__":
    install()
    from webcam_app.cli import main

    sys.exit(main())
