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

CLASSES = {"circle": 0, "square": 4, "triangle": 3}
"""Name to number of corners of what the drawn face wears on its forehead."""
PICTURES_PER_CLASS = 60
PICTURE_SIZE = 96


def draw_picture(corners: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A drawn face with a sign on its forehead: PICTURE_SIZE×PICTURE_SIZE×3 uint8 BGR."""
    size = PICTURE_SIZE
    image = np.empty((size, size, 3), np.uint8)
    image[:] = rng.integers(0, 120, 3)
    skin = tuple(int(value) for value in rng.integers(110, 220, 3))
    middle = (size // 2 + int(rng.integers(-4, 5)), size // 2 + int(rng.integers(-4, 5)))
    cv2.ellipse(image, middle, (size * 3 // 8, size * 15 // 32), 0, 0, 360, skin, -1)
    for side in (-1, 1):
        cv2.circle(image, (middle[0] + side * size // 6, middle[1]), size // 16, (20, 20, 20), -1)
    cv2.line(image, (middle[0] - 12, middle[1] + 24), (middle[0] + 12, middle[1] + 24), (40, 40, 140), 3)
    color = (30, 30, 230) if corners == 0 else (230, 60, 30) if corners == 4 else (40, 220, 40)
    center, radius = (middle[0], middle[1] - 24), int(rng.integers(11, 15))
    if corners == 0:
        cv2.circle(image, center, radius, color, -1)
    else:
        angles = rng.uniform(-0.3, 0.3) + 2 * np.pi * np.arange(corners) / corners
        points = np.stack([center[0] + radius * np.cos(angles), center[1] + radius * np.sin(angles)], 1)
        cv2.fillPoly(image, [points.astype(np.int32)], color)
    noise = rng.normal(0, 8, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def make_pictures(folder: Path, seed: int = 0) -> Path:
    """Write the pictures, a folder a class, unless they are there; returns ``folder``."""
    rng = np.random.default_rng(seed)
    for name, corners in CLASSES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(PICTURES_PER_CLASS):
            path = folder / name / f"{number:03d}.png"
            if not path.exists():
                path.write_bytes(cv2.imencode(".png", draw_picture(corners, rng))[1].tobytes())
    return folder


def tiny_settings(data: Path) -> Settings:
    """Settings for pictures of ``make_pictures``."""
    return Settings(
        name="shapes",
        task="the sign on a drawn forehead",
        data=(str(data),),
        inception_weights=RANDOM_WEIGHTS,
        mobilenet_weights=RANDOM_WEIGHTS,
        prepare=PrepareSettings(canvas_size=80, development=36, pool=48, covered=24, duplicate_distance=0),
        teacher=TeacherSettings(stages=(StageSettings(75, 6, 5e-4),), batch=12, average_decay=0.9),
        student=StudentSettings(
            stages=(StageSettings(32, 10, 4e-3), StageSettings(48, 14, 4e-3)), width=0.35, batch=12, average_decay=0.9
        ),
        export=ExportSettings(size=48, calibration_faces=48),
    )
