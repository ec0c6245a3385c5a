"""A features network that sees colours, a detector that sees squares, and pictures of both."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.faces.face import Box, Face
from webcam_app.resources import FEATURES_VARIABLE

SIZE = 32
GRID = 4
DIMENSION = GRID * GRID * 3
WHITE = (255, 255, 255)
COLORS = {"red": (30, 30, 220), "blue": (220, 30, 30), "green": (30, 220, 30), "black": (5, 5, 5)}


class ColorInterpreter:
    """Behaves like TFLite's Interpreter; its ``features`` are the mean colours of 4×4 parts of the crop."""

    def get_input_details(self) -> list[dict[str, Any]]:
        shape = [1, SIZE, SIZE, 3]
        return [{"name": "image", "index": 0, "shape": shape, "dtype": np.uint8, "quantization": (0.0, 0)}]

    def get_output_details(self) -> list[dict[str, Any]]:
        return [{"name": "features", "index": 1, "shape": [1, DIMENSION], "quantization": (0.0, 0)}]

    def set_tensor(self, index: int, value: NDArray[np.uint8]) -> None:
        self._crop = value[0]

    def invoke(self) -> None:
        parts = cv2.resize(self._crop, (GRID, GRID), interpolation=cv2.INTER_AREA)
        self._features = parts.astype(np.float32).reshape(1, -1)

    def get_tensor(self, index: int) -> NDArray[np.float32]:
        return self._features


def write_network(folder: Path, content: bytes = b"features", **changes: Any) -> Path:
    """A file that is called a features network, with its card."""
    path = folder / "features.tflite"
    path.write_bytes(content)
    card = {
        "format": 1,
        "name": "colours",
        "input": {"size": SIZE, "color_order": "BGR", "crop": {"scale": 1.0, "shift_down": 0.0}},
        "outputs": {"features": "features"},
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    path.with_suffix(".json").write_text(json.dumps({**card, **changes}), encoding="utf-8")
    return path


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, **changes: Any) -> Path:
    """Put the network that sees colours where the application looks for features."""
    path = write_network(folder, **changes)
    monkeypatch.setenv(FEATURES_VARIABLE, str(path))
    monkeypatch.setattr("webcam_app.faces.labelling.features.load_interpreter", lambda *_: ColorInterpreter())
    return path


class SquareFinder:
    """In place of ``FaceAnalyzer`` without a network: whatever is not nearly white is a face."""

    problem: str | None = None

    def __init__(self, *, classifier: None) -> None: ...

    def analyze_still(self, image: NDArray[np.uint8], *, smallest: float = 0.0) -> list[Face]:
        dark = (image.min(axis=2) < 240).astype(np.uint8)
        boxes = cv2.connectedComponentsWithStats(dark)[2][1:, :4]
        return [Face(Box(*map(int, box)), 1) for box in boxes if min(box[2:]) >= max(8, smallest)]


def picture(color: str, seed: int, *, side: int = 48, size: int = 96) -> NDArray[np.uint8]:
    """A noisy square of a colour on white, each seed in another place and shade."""
    random = np.random.default_rng(seed)
    image = np.full((size, size, 3), WHITE, np.uint8)
    x, y = random.integers(0, size - side, 2) if size > side else (0, 0)
    noise = random.normal(0, 12, (GRID, GRID, 3))
    shade = cv2.resize(noise, (side, side), interpolation=cv2.INTER_NEAREST)
    image[y : y + side, x : x + side] = np.clip(np.array(COLORS[color]) + shade, 0, 235).astype(np.uint8)
    return image


def write_classes(folder: Path, count: int, *colors: str) -> Path:
    """A folder with a sub-folder for each colour and so many pictures in each."""
    for number, color in enumerate(colors):
        (folder / color).mkdir(parents=True, exist_ok=True)
        for seed in range(count):
            write(folder / color / f"{seed:03}.png", picture(color, 1000 * number + seed))
    return folder


def write(path: Path, image: NDArray[np.uint8]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return path
