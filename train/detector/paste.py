"""Portraits pasted into a picture as heads or as whole pictures, among pasted things that are no faces."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from train.detector.bank import PORTRAIT, Portraits
from train.detector.geometry import random_side, random_turn, turn_and_zoom
from train.detector.settings import DetectorSettings
from webcam_app.faces.box import FaceBox

Image = NDArray[np.uint8]

# Chances of what is pasted to be no face but a part of one, a texture or a piece of background.
DISTRACTOR = 0.3
# A pasted picture may cover this share of a face that is there already.
COVERED = 0.12


def paste_portraits(
    scene: Image,
    faces: list[FaceBox],
    portraits: Portraits,
    rng: np.random.Generator,
    settings: DetectorSettings,
    count: int,
) -> None:
    """Paste portraits and distractors where no face is; ``scene`` and ``faces`` are changed."""
    distractors: list[FaceBox] = []
    for _ in range(count):
        side = random_side(rng, settings)
        distractor = rng.random() < DISTRACTOR
        place = next(
            (place for place in _tries(rng, settings.scene_size, side) if _free(place, faces, distractors)), None
        )
        if place is None:
            continue
        index = int(rng.integers(len(portraits.places)))
        x, y, known = (float(value) for value in portraits.places[index])
        image = portraits.images[index]
        if distractor:
            image, (x, y, known) = _no_face(image, (x, y, known), rng)
        zoom = side / known
        turn = float(rng.normal(0, 25)) if distractor else random_turn(rng)
        matrix = turn_and_zoom((x, y), (place.x, place.y), zoom, turn)
        _blend(scene, image, matrix, zoom, rng)
        (distractors if distractor else faces).append(place)


def _tries(rng: np.random.Generator, size: int, side: float) -> list[FaceBox]:
    low, high = 0.15 * side, size - 0.15 * side
    return [FaceBox(float(rng.uniform(low, high)), float(rng.uniform(low, high)), side) for _ in range(8)]


def _free(place: FaceBox, faces: Sequence[FaceBox], distractors: Sequence[FaceBox]) -> bool:
    """Whether a pasted picture, half as large again as its face, leaves the faces that are there to be seen."""
    around = place._replace(side=1.35 * place.side)
    for other in faces:
        # A face so large that it is background may be covered.
        if other.side < 4 * place.side and (around.overlap(other) > COVERED or other.overlap(around) > COVERED):
            return False
    return all(around.overlap(other) < 0.5 for other in distractors)


def _no_face(
    image: Image, face: tuple[float, float, float], rng: np.random.Generator
) -> tuple[Image, tuple[float, float, float]]:
    """A part of a face shown as large as a whole one, or a texture, and the square in it that stands for the face."""
    if rng.random() < 0.5:
        return texture(PORTRAIT, rng), (PORTRAIT / 2, PORTRAIT / 2, PORTRAIT / 1.25)
    x, y, side = face
    part = float(rng.uniform(0.25, 0.5)) * side
    x, y = x + float(rng.uniform(-0.4, 0.4)) * side, y + float(rng.uniform(-0.4, 0.5)) * side
    reach = int(0.63 * part)
    left, top = (int(np.clip(value - reach, 0, PORTRAIT - 2 * reach)) for value in (x, y))
    return image[top : top + 2 * reach, left : left + 2 * reach], (float(reach), float(reach), part)


def _blend(scene: Image, image: Image, matrix: NDArray[np.float64], zoom: float, rng: np.random.Generator) -> None:
    """Warp a small picture onto a scene: as a head cut out, or as a picture with hard or soft edges."""
    height, width = image.shape[:2]
    alpha = np.zeros((height, width), np.float32)
    kind = rng.random()
    if kind < 0.55:
        axes = (int(width * rng.uniform(0.36, 0.47)), int(height * rng.uniform(0.43, 0.5)))
        cv2.ellipse(alpha, (width // 2, int(height * rng.uniform(0.44, 0.5))), axes, 0, 0, 360, 1.0, -1)
    else:
        edge = 0 if kind < 0.75 else 2
        alpha[edge : height - edge, edge : width - edge] = 1.0
    soft = float(rng.uniform(0.3, 3.0)) if kind < 0.55 or kind > 0.75 else 0.0
    if soft:
        alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), soft * width / PORTRAIT), np.float32)
    if zoom < 0.45:  # or it would flicker with pixels that are left out
        image = np.asarray(cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
        alpha = np.asarray(cv2.resize(alpha, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.float32)
        matrix = matrix.copy()
        matrix[:, :2] *= 2
    height, width = image.shape[:2]
    corners = matrix @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]])
    x0, y0 = (max(0, int(value)) for value in np.floor(corners.min(axis=1)))
    right, bottom = np.ceil(corners.max(axis=1))
    x1, y1 = min(scene.shape[1], int(right)), min(scene.shape[0], int(bottom))
    if x1 <= x0 or y1 <= y0:
        return
    shifted = matrix.copy()
    shifted[:, 2] -= (x0, y0)
    size = (x1 - x0, y1 - y0)
    pixels = cv2.warpAffine(image, shifted, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(alpha, shifted, size, flags=cv2.INTER_LINEAR)[..., None]
    if rng.random() < 0.5:  # the light of where it came from
        pixels = np.clip(pixels * np.exp(rng.normal(0, 0.2)) * np.exp(rng.normal(0, 0.06, 3)), 0, 255)
    part = scene[y0:y1, x0:x1]
    part[:] = (part + (pixels.astype(np.float32) - part) * share).astype(np.uint8)


def texture(size: int, rng: np.random.Generator) -> Image:
    """Noise at some scale, edges, stripes, checks and discs: size×size×3 uint8 BGR."""
    rows, columns = (int(rng.integers(1, 30)) for _ in range(2))
    small = rng.normal(rng.uniform(30, 225), rng.uniform(2, 70), (rows, columns, 1 if rng.random() < 0.4 else 3))
    small = np.clip(np.broadcast_to(small, (rows, columns, 3)), 0, 255).astype(np.uint8)
    scene = cv2.resize(small, (size, size), interpolation=int(rng.integers(0, 3)))
    if rng.random() < 0.3:  # cloth: stripes or checks
        period, angle = float(rng.uniform(3, 24)), float(rng.uniform(0, math.pi))
        y, x = np.mgrid[:size, :size].astype(np.float32)
        wave = np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period)
        if rng.random() < 0.5:
            wave *= np.sin((y * math.cos(angle) - x * math.sin(angle)) * 2 * math.pi / period)
        wave = np.sign(wave) if rng.random() < 0.5 else wave
        scene = np.clip(scene + wave[..., None] * rng.uniform(-70, 70, 3), 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(0, 14))):
        color = tuple(int(value) for value in rng.integers(0, 256, 3))
        start, end = (tuple(int(value) for value in rng.integers(0, size, 2)) for _ in range(2))
        thickness = int(rng.integers(-1, 5)) or -1
        if rng.random() < 0.5:
            cv2.rectangle(scene, start, end, color, thickness)
        else:
            axes = tuple(int(value) for value in rng.integers(3, 30, 2))
            cv2.ellipse(scene, start, axes, float(rng.uniform(0, 180)), 0, 360, color, thickness, cv2.LINE_AA)
    return np.asarray(scene, np.uint8)
