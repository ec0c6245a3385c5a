"""What cameras, networks and time do to a picture: light, colour, blur, noise, compression."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

# Chances of each.
LIGHT, DIM, GRAY, SMALL, BLUR, MOTION, NOISE, COMPRESSION, SIDE_LIGHT = 0.7, 0.08, 0.12, 0.12, 0.1, 0.05, 0.2, 0.3, 0.12


def degrade(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Change a picture as a worse camera would.

    Args:
        image: H×W×3 uint8 BGR; may be changed.
        rng: decides what happens, and how much.

    Returns:
        The same shape; faces stay where they are.
    """
    height, width = image.shape[:2]
    if rng.random() < SMALL:
        zoom = float(rng.uniform(0.45, 0.85))
        small = cv2.resize(image, (int(width * zoom), int(height * zoom)), interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    if rng.random() < BLUR:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.5))), np.uint8)
    elif rng.random() < MOTION:
        length = int(rng.integers(3, 7))
        kernel = np.full((1, length) if rng.random() < 0.7 else (length, 1), 1 / length, np.float32)
        image = np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)
    if rng.random() < LIGHT:
        image = np.asarray(cv2.LUT(image, _light(rng)), np.uint8)
    if rng.random() < SIDE_LIGHT:
        ramp = np.linspace(rng.uniform(0.4, 1.0), rng.uniform(1.0, 1.3), width, dtype=np.float32)[None, :, None]
        image = np.clip(image * ramp, 0, 255).astype(np.uint8)
    if rng.random() < GRAY:
        image = np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)
    if rng.random() < NOISE:
        noise = rng.standard_normal(image.shape, np.float32) * np.float32(rng.uniform(2, 14))
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if rng.random() < COMPRESSION:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 80))])
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return image


def _light(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Gamma, contrast, brightness and a colour cast: 1×256×3 uint8."""
    gamma = math.exp(rng.normal(0, 0.3))
    contrast, brightness = math.exp(rng.normal(-0.05, 0.22)), rng.normal(0, 0.06)
    gains = np.exp(rng.normal(0, 0.07, 3)) if rng.random() < 0.6 else np.ones(3)
    if rng.random() < DIM:
        gains = gains * rng.uniform(0.15, 0.5)
    ramp = np.linspace(0, 1, 256)[:, None] ** gamma
    table = ((ramp - 0.5) * contrast + 0.5 + brightness) * gains
    return np.clip(table * 255, 0, 255).astype(np.uint8).reshape(1, 256, 3)
