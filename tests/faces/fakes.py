"""A TFLite runtime that answers what a test wants, and networks of few pixels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 32
Answer = Callable[[NDArray[Any]], Mapping[str, float | list[float]]]


class FakeInterpreter:
    """Behaves like TFLite's Interpreter with outputs ``classes`` (float) and ``mask`` (float)."""

    def __init__(self, answer: Answer, *, kind: type = np.int8, labels: int = 2, outputs: tuple[str, ...] = ()) -> None:
        self.answer, self.kind, self.labels = answer, kind, labels
        self.names = outputs or ("classes", "mask")
        self.seen: list[NDArray[Any]] = []

    def get_input_details(self) -> list[dict[str, Any]]:
        return [
            {"name": "image", "index": 0, "shape": [1, SIZE, SIZE, 3], "dtype": self.kind, "quantization": (0.0, 0)}
        ]

    def get_output_details(self) -> list[dict[str, Any]]:
        shapes = {"classes": [1, self.labels], "mask": [1, 1]}
        return [
            {"name": name, "index": index, "shape": shapes.get(name, [1, 1]), "quantization": (0.0, 0)}
            for index, name in enumerate(self.names, 1)
        ]

    def set_tensor(self, index: int, value: NDArray[Any]) -> None:
        self.seen.append(value[0].copy())

    def invoke(self) -> None:
        self.results = self.answer(self.seen[-1])

    def get_tensor(self, index: int) -> NDArray[np.float32]:
        return np.atleast_2d(np.array(self.results[self.names[index - 1]], np.float32))


def write_model(folder: Path, **changes: Any) -> Path:
    """A file that is called a network, with a card whose checksum is right."""
    path = folder / "model.tflite"
    path.write_bytes(b"a network")
    card = {
        "format": 1,
        "name": "test",
        "task": "nothing",
        "labels": ["female", "male"],
        "input": {"size": SIZE, "color_order": "RGB", "crop": {"scale": 1.25, "shift_down": 0.05}},
        "outputs": {"classes": "classes", "mask": "mask"},
        "thresholds": {"unsure": 0.7, "mask": 0.5},
        "temperature": 2.0,
        "sha256": hashlib.sha256(b"a network").hexdigest(),
    }
    path.with_suffix(".json").write_text(json.dumps({**card, **changes}), encoding="utf-8")
    return path
