"""Generated pictures of three classes, and the settings that train on them within two minutes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from train.settings import (
    RANDOM_WEIGHTS,
    ExportSettings,
    PrepareSettings,
    Settings,
    StageSettings,
    StudentSettings,
    TeacherSettings,
)

CLASSES = {"bottom": (0, 1), "plain": (), "top": (-1, 0)}
"""Name to the part of the drawn face that is dark, from -1 (top) to 1 (bottom)."""
PICTURES_PER_CLASS = 60
PICTURE_SIZE = 96


def draw_picture(dark: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A drawn face, part of it dark: PICTURE_SIZE×PICTURE_SIZE×3 uint8 BGR."""
    size = PICTURE_SIZE
    image = np.empty((size, size, 3), np.uint8)
    image[:] = rng.integers(60, 120, 3)
    middle = (size // 2 + int(rng.integers(-4, 5)), size // 2 + int(rng.integers(-4, 5)))
    axes = (size * 3 // 8, size * 15 // 32)
    cv2.ellipse(image, middle, axes, 0, 0, 360, rng.integers(170, 240, 3).tolist(), -1)
    if dark:
        start = 0 if dark[1] > 0 else 180
        cv2.ellipse(image, middle, axes, 0, start, start + 180, rng.integers(0, 50, 3).tolist(), -1)
    for side in (-1, 1):
        cv2.circle(image, (middle[0] + side * size // 6, middle[1] - size // 10), size // 16, (20, 20, 20), -1)
    return np.clip(image + rng.normal(0, 8, image.shape), 0, 255).astype(np.uint8)


def make_pictures(folder: Path, seed: int = 0) -> Path:
    """Write the pictures, a folder a class, unless they are there; returns ``folder``."""
    rng = np.random.default_rng(seed)
    for name, dark in CLASSES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(PICTURES_PER_CLASS):
            path = folder / name / f"{number:03d}.png"
            if not path.exists():
                path.write_bytes(cv2.imencode(".png", draw_picture(dark, rng))[1].tobytes())
    return folder


def tiny_settings(data: Path) -> Settings:
    """Settings for pictures of ``make_pictures``."""
    return Settings(
        name="dark",
        task="the part of a drawn face that is dark",
        data=(str(data),),
        inception_weights=RANDOM_WEIGHTS,
        mobilenet_weights=RANDOM_WEIGHTS,
        prepare=PrepareSettings(canvas_size=80, development=36, pool=48, occluded=24, duplicate_distance=0),
        teacher=TeacherSettings(stages=(StageSettings(75, 6, 5e-4),), batch=12, average_decay=0.9),
        student=StudentSettings(
            stages=(StageSettings(32, 10, 4e-3), StageSettings(48, 14, 4e-3)),
            quantized=StageSettings(48, 1, 1e-4),
            width=0.35,
            batch=12,
            average_decay=0.9,
            soft_share=0.3,
        ),
        export=ExportSettings(size=48, calibration_faces=48),
    )
