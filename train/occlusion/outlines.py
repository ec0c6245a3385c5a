"""The shapes of masks on the surface of a face."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.geometry import SURFACE_HEIGHT, SURFACE_WIDTH, to_surface


class Outline(NamedTuple):
    """The right half of a mask's edge as (longitude, height) from the middle of the top to the middle of the bottom."""

    points: tuple[tuple[float, float], ...]
    loops: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    bulge: float


OUTLINES: dict[str, Outline] = {
    "surgical": Outline(
        ((0, 0.32), (14, 0.42), (40, 0.62), (64, 0.72), (66, 1.0), (62, 1.45), (42, 1.80), (18, 1.98), (0, 2.02)),
        (((64, 0.75), (88, 0.15)), ((62, 1.42), (88, 0.75))),
        0.06,
    ),
    "cloth": Outline(
        ((0, 0.30), (16, 0.46), (40, 0.60), (62, 0.62), (74, 0.72), (72, 1.15), (52, 1.65), (24, 1.95), (0, 2.04)),
        (((73, 0.75), (88, 0.20)), ((72, 1.15), (88, 0.75))),
        0.03,
    ),
    "cup": Outline(
        ((0, 0.34), (15, 0.42), (34, 0.66), (48, 0.95), (52, 1.25), (46, 1.60), (30, 1.88), (14, 1.98), (0, 2.00)),
        (((48, 0.95), (90, -0.05)), ((50, 1.45), (90, 1.25))),
        0.22,
    ),
    "fold": Outline(
        ((0, 0.26), (18, 0.50), (42, 0.66), (66, 0.70), (71, 0.95), (66, 1.35), (40, 1.74), (16, 2.02), (0, 2.10)),
        (((70, 0.75), (88, 0.15)), ((67, 1.3), (88, 0.78))),
        0.14,
    ),
    "boat": Outline(
        ((0, 0.30), (20, 0.44), (40, 0.66), (60, 0.90), (72, 1.08), (70, 1.25), (52, 1.50), (26, 1.90), (0, 1.98)),
        (((71, 1.05), (88, 0.18)), ((71, 1.22), (88, 0.72))),
        0.16,
    ),
    "wide": Outline(
        ((0, 0.36), (20, 0.50), (45, 0.58), (75, 0.55), (90, 0.50), (90, 1.20), (75, 1.65), (40, 2.0), (0, 2.12)),
        (),
        0.02,
    ),
    "gaiter": Outline(
        ((0, 0.36), (22, 0.46), (50, 0.58), (78, 0.66), (90, 0.70), (90, 1.5), (90, 2.2), (90, 2.8), (0, 2.8)),
        (),
        0.03,
    ),
    "triangle": Outline(
        ((0, 0.34), (22, 0.44), (50, 0.54), (78, 0.50), (90, 0.44), (84, 1.0), (58, 1.8), (26, 2.4), (0, 2.72)),
        (),
        0.05,
    ),
    "beak": Outline(
        ((0, 0.36), (18, 0.52), (40, 0.72), (60, 0.86), (66, 1.05), (60, 1.35), (40, 1.66), (22, 1.80), (0, 1.82)),
        (((64, 0.95), (90, 0.0)), ((64, 1.25), (90, 1.15))),
        0.34,
    ),
    "half": Outline(
        ((0, 0.26), (12, 0.34), (26, 0.62), (40, 0.98), (46, 1.30), (40, 1.66), (22, 1.90), (8, 1.98), (0, 1.98)),
        (((42, 1.1), (90, 0.1)), ((44, 1.4), (90, 1.3))),
        0.26,
    ),
}


def _smooth_outline(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Closed Catmull-Rom curve through points, eight steps each."""
    before, after, further = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
    t = (np.arange(8) / 8)[None, :, None]
    p0, p1, p2, p3 = (p[:, None] for p in (before, points, after, further))
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    return curve.reshape(-1, 2)


def mask_area(outline: Outline, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Opacity 0 to 255 of a mask's area on the surface, its outline slightly changed at random."""
    half = np.array(outline.points, np.float64)
    jitter = rng.normal(0, 1, half.shape) * (2.0, 0.03)
    jitter[[0, -1], 0] = 0
    half = half + jitter
    half[:, 1] += rng.normal(0, 0.04)
    other = half[1:-1][::-1] * (-1, 1) + rng.normal(0, 1, (len(half) - 2, 2)) * (1.0, 0.015)
    whole = _smooth_outline(np.concatenate([half, other]))
    area = np.zeros((SURFACE_HEIGHT, SURFACE_WIDTH), np.uint8)
    cv2.fillPoly(area, [np.round(to_surface(whole) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return area
