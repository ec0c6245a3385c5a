"""Drawn portraits and streets, and settings that learn from them in some seconds: to try the pipeline out."""

from __future__ import annotations

import cv2
import numpy as np

from train.detector.bank import PORTRAIT, Portraits, Street
from train.detector.geometry import turn_and_zoom
from train.detector.paste import texture
from train.detector.scene import Sources
from train.detector.settings import DetectorSettings
from train.tiny import CLASSES, draw_picture
from webcam_app.faces.box import FaceBox

# The drawn face's middle and width in a drawn picture, as shares of its side.
DRAWN_MIDDLE, DRAWN_SIDE = 0.5, 0.8
STREET = (240, 200)
"""Width and height of a drawn street in pixels."""


def tiny_settings() -> DetectorSettings:
    """Settings for ``tiny_sources``."""
    return DetectorSettings(
        channels=(8, 12, 16, 16),
        scene_size=96,
        faces=24,
        steps=120,
        batch=8,
        rate=6e-3,
        warmup=10,
        average_decay=0.9,
        false_boxes=0.5,
    )


def tiny_sources(seed: int = 0, *, portraits: int = 24, streets: int = 6) -> Sources:
    """Drawn faces, and textures with some of them in known places."""
    rng = np.random.default_rng(seed)
    images, places = [], []
    for number in range(portraits):
        picture = draw_picture(tuple(CLASSES.values())[number % len(CLASSES)], rng)
        images.append(cv2.resize(picture, (PORTRAIT, PORTRAIT), interpolation=cv2.INTER_AREA))
        places.append((DRAWN_MIDDLE * PORTRAIT, DRAWN_MIDDLE * PORTRAIT, DRAWN_SIDE * PORTRAIT))
    bank = Portraits(np.array(images, np.uint8), np.array(places, np.float32))
    return Sources(bank, [_street(bank, f"street-{number}", rng) for number in range(streets)])


def _street(bank: Portraits, key: str, rng: np.random.Generator) -> Street:
    width, height = STREET
    image, faces = texture(max(STREET), rng)[:height, :width].copy(), []
    for left in (0, width // 2):
        side = float(rng.uniform(24, 60))
        place = FaceBox(left + width / 4, float(rng.uniform(0.3, 0.7)) * height, side)
        index = int(rng.integers(len(bank.places)))
        x, y, known = (float(value) for value in bank.places[index])
        matrix = turn_and_zoom((x, y), (place.x, place.y), side / known, 0.0)
        cv2.warpAffine(bank.images[index], matrix, STREET, dst=image, borderMode=cv2.BORDER_TRANSPARENT)
        faces.append(place)
    half = np.asarray(cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    return Street(key, (image, half), tuple(faces))
