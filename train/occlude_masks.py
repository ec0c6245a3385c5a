"""Masks painted on the surface of a face: photographs of masks, and generated ones of many shapes and patterns.

A painter returns a layer of SURFACE_HEIGHT×SURFACE_WIDTH×4 float32: BGR 0 to 255 and opacity 0 to 1.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from configparser import ConfigParser
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlude_geometry import (
    SURFACE_HEIGHT,
    SURFACE_WIDTH,
    surface_grids,
    to_surface,
)

Layer = NDArray[np.float32]
Color = tuple[float, float, float]

TEMPLATE_PREFIX = "template:"
# The key points of masks.cfg on the face: left, middle and right of the upper edge, then of the lower one
# (longitude in degrees, height in eye distances below the eyes).
_TEMPLATE_POINTS = {
    "front": ((-64, 0.62), (0, 0.30), (64, 0.62), (-60, 1.42), (0, 2.0), (60, 1.42)),
    "left": ((-45, 0.55), (0, 0.30), (84, 0.45), (-45, 1.55), (0, 1.98), (78, 1.30)),
    "right": ((-84, 0.45), (0, 0.30), (45, 0.55), (-78, 1.30), (0, 1.98), (45, 1.55)),
}

# BGR as under neutral light.
_SURGICAL = (
    (225, 200, 150),
    (215, 180, 120),
    (205, 165, 95),
    (235, 215, 185),
    (245, 245, 245),
    (238, 240, 236),
    (190, 205, 150),
    (170, 190, 120),
    (205, 190, 235),
    (180, 160, 225),
    (45, 42, 40),
    (30, 30, 32),
    (210, 170, 190),
    (150, 225, 240),
)
_DARK = ((18, 18, 20), (30, 28, 28), (45, 42, 40), (60, 35, 25), (35, 30, 60), (40, 50, 35), (70, 66, 62), (24, 16, 14))
_SKIN = (
    (140, 170, 220),
    (110, 145, 200),
    (90, 120, 175),
    (60, 85, 130),
    (45, 60, 95),
    (160, 190, 232),
    (150, 160, 205),
)
_WHITE = ((246, 246, 246), (235, 238, 240), (225, 230, 238), (240, 236, 228))
_INK = ((20, 20, 20), (245, 245, 245), (40, 40, 200), (60, 160, 60), (200, 120, 40), (40, 200, 230), (160, 60, 140))


class Outline(NamedTuple):
    """The right half of a mask's edge as (longitude, height) from the middle of the top to the middle of the bottom."""

    points: tuple[tuple[float, float], ...]
    loops: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    bulge: float


_OUTLINES: dict[str, Outline] = {
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


def _mask_area(outline: Outline, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Opacity 0 to 255 of a mask's area, and the jittered half outline."""
    half = np.array(outline.points, np.float64)
    jitter = rng.normal(0, 1, half.shape) * (2.0, 0.03)
    jitter[[0, -1], 0] = 0
    half = half + jitter
    half[:, 1] += rng.normal(0, 0.04)
    other = half[1:-1][::-1] * (-1, 1) + rng.normal(0, 1, (len(half) - 2, 2)) * (1.0, 0.015)
    whole = _smooth_outline(np.concatenate([half, other]))
    area = np.zeros((SURFACE_HEIGHT, SURFACE_WIDTH), np.uint8)
    cv2.fillPoly(area, [np.round(to_surface(whole) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return area, half


def smooth_noise(rng: np.random.Generator, cells: int, rows: int | None = None) -> NDArray[np.float32]:
    """Noise of unit variance on the surface with about ``cells`` bumps across."""
    small = rng.standard_normal((rows or max(2, cells), cells)).astype(np.float32)
    return cv2.resize(small, (SURFACE_WIDTH, SURFACE_HEIGHT), interpolation=cv2.INTER_CUBIC)


def pick(rng: np.random.Generator, colors: tuple[Color, ...], spread: float = 9) -> NDArray[np.float32]:
    """One of some colours, slightly changed; float32 (3,)."""
    return np.clip(np.array(colors[rng.integers(len(colors))], np.float32) + rng.normal(0, spread, 3), 2, 252).astype(
        np.float32
    )


def any_color(rng: np.random.Generator) -> NDArray[np.float32]:
    """Any cloth's colour, BGR float32 (3,)."""
    hsv = np.array([[[rng.integers(180), rng.integers(20, 230), rng.integers(35, 250)]]], np.uint8)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0].astype(np.float32)


def _flat(color: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.full((SURFACE_HEIGHT, SURFACE_WIDTH, 3), color, np.float32)


def _pleats(rng: np.random.Generator) -> NDArray[np.float32]:
    """Shading of two to four pleats that sag between the ears and spread in the middle."""
    longitude, height = surface_grids()
    count = int(rng.integers(2, 5))
    spread = 1 - 0.25 * (longitude / 65) ** 2
    level = (height - 1.12) / spread
    shade = np.ones_like(level)
    for center in np.linspace(-0.38, 0.5, count) + rng.normal(0, 0.04, count):
        distance = (level - center) * 18
        depth = rng.uniform(0.1, 0.32)
        shade -= depth * np.exp(-(np.clip(distance, -9, 9) ** 2))
        shade += 0.5 * depth * np.exp(-(np.clip(distance - 2.4, -9, 9) ** 2) / 2)
    return shade


def _hems(half: NDArray[np.float64], rng: np.random.Generator, area: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Seams beside the edge: a thin dark line, sometimes dotted, inside the outline."""
    inner = cv2.erode(area, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    line = cv2.morphologyEx(inner, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)).astype(np.float32) / 255
    if rng.random() < 0.5:
        longitude, height = surface_grids()
        line *= ((longitude + 60 * height) % 6 < 3.5).astype(np.float32)
    return 1 - np.float32(rng.uniform(0.05, 0.25)) * line


def _finish(
    color: NDArray[np.float32],
    area: NDArray[np.uint8],
    outline: Outline,
    half: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    folds: float = 0.08,
    loops: float = 0.75,
) -> Layer:
    """Folds, weave, roundness, hem and loops."""
    longitude, height = surface_grids()
    shade = 1 + np.float32(folds) * smooth_noise(rng, int(rng.integers(4, 9)))
    shade *= 1 + np.float32(folds * 0.5) * smooth_noise(rng, int(rng.integers(10, 22)), int(rng.integers(4, 14)))
    side = float(rng.normal(0, 18))
    shade *= 1.04 - np.float32(rng.uniform(0.1, 0.38)) * ((longitude - side) / 75) ** 2
    shade *= 1.03 - np.float32(rng.uniform(0.0, 0.22)) * np.clip(height - 0.9, 0, 1.4)
    # The nose lifts the cloth: light above its tip, shade beside and below it.
    nose = np.exp(-((longitude / 11) ** 2) - ((height - 0.6) / 0.3) ** 2)
    shade += np.float32(rng.uniform(-0.03, 0.12)) * nose
    if rng.random() < 0.6:
        shade = shade * _hems(half, rng, area)
    layer = np.empty((SURFACE_HEIGHT, SURFACE_WIDTH, 4), np.float32)
    layer[..., :3] = color * shade[..., None]
    alpha = area
    if outline.loops and rng.random() < loops:
        strap = pick(rng, _WHITE) if rng.random() < 0.6 else color[SURFACE_HEIGHT // 2, SURFACE_WIDTH // 2] * 0.9
        alpha = area.copy()
        ends = to_surface(np.array([[(s * x, y) for x, y in loop] for loop in outline.loops for s in (-1, 1)]))
        width = 1 if rng.random() < 0.6 else 2
        for start, end in np.round(ends * 16).astype(np.int32):
            bend = ((start + end) // 2 + (0, int(rng.integers(-40, 50)))).astype(np.int32)
            cv2.polylines(alpha, [np.stack([start, bend, end])], False, 235, width, cv2.LINE_AA, 4)
        outside = cv2.dilate(area, np.ones((3, 3), np.uint8)) == 0
        layer[outside, :3] = strap
    layer[..., 3] = alpha.astype(np.float32) / 255
    return layer


def _surgical(rng: np.random.Generator) -> Layer:
    outline = _OUTLINES["surgical"]
    area, half = _mask_area(outline, rng)
    color = _flat(pick(rng, _SURGICAL) if rng.random() < 0.85 else any_color(rng)) * _pleats(rng)[..., None]
    longitude, height = surface_grids()
    if rng.random() < 0.6:  # the band that holds the wire
        band = height < 0.46 + 0.0062 * np.abs(longitude)
        color[band] = color[band] * 0.6 + 0.4 * 240 * rng.uniform(0.7, 1.0)
    return _finish(color, area, outline, half, rng, folds=rng.uniform(0.02, 0.08), loops=0.85)


def _cup(rng: np.random.Generator) -> Layer:
    outline = _OUTLINES["cup"]
    area, half = _mask_area(outline, rng)
    longitude, height = surface_grids()
    color = _flat(pick(rng, _WHITE) if rng.random() < 0.75 else pick(rng, _SURGICAL))
    radius = (longitude / 50) ** 2 + ((height - 1.1) / 0.85) ** 2
    color = color * (1.05 - 0.32 * radius[..., None])
    if rng.random() < 0.6:
        color *= 1 - 0.2 * np.exp(-(((height - rng.uniform(0.9, 1.4)) * 30) ** 2))[..., None]
    if rng.random() < 0.5:
        _print_text(color, rng, small=True)
    if rng.random() < 0.35:
        _valve(color, rng)
    layer = _finish(color, area, outline, half, rng, folds=0.02, loops=0.9)
    return layer


def _valve(color: NDArray[np.float32], rng: np.random.Generator, longitude: float | None = None) -> None:
    where = (rng.choice([-24.0, 24.0, 0.0]) if longitude is None else longitude, float(rng.uniform(1.05, 1.35)))
    x, y = (round(float(v)) for v in to_surface(np.array(where)))
    tone = pick(rng, _WHITE + _DARK)
    size = int(rng.integers(8, 14))
    cv2.ellipse(color, (x, y), (size, size), 0, 0, 360, (tone * 0.55).tolist(), -1, cv2.LINE_AA)
    cv2.ellipse(color, (x, y), (size - 2, size - 2), 0, 0, 360, tone.tolist(), -1, cv2.LINE_AA)
    for k in range(-1, 2):
        cv2.line(color, (x - size // 2, y + 4 * k), (x + size // 2, y + 4 * k), (tone * 0.7).tolist(), 1, cv2.LINE_AA)


def _fold(rng: np.random.Generator) -> Layer:
    outline = _OUTLINES["fold"]
    area, half = _mask_area(outline, rng)
    longitude, _ = surface_grids()
    color = _flat(pick(rng, _WHITE) if rng.random() < 0.6 else pick(rng, _SURGICAL + _DARK))
    ridge = 1 - 0.25 * np.exp(-((longitude / 1.6) ** 2)) + rng.uniform(-0.14, 0.14) * np.sign(longitude)
    color = color * ridge[..., None]
    if rng.random() < 0.4:
        _print_text(color, rng, small=True)
    if rng.random() < 0.2:
        _valve(color, rng, float(rng.choice([-28, 28])))
    return _finish(color, area, outline, half, rng, folds=0.04, loops=0.85)


def _boat(rng: np.random.Generator) -> Layer:
    outline = _OUTLINES["boat"]
    area, half = _mask_area(outline, rng)
    longitude, height = surface_grids()
    color = _flat(pick(rng, _WHITE + _DARK + _SURGICAL))
    upper, lower = 0.78 + 0.0045 * np.abs(longitude), 1.5 - 0.0042 * np.abs(longitude)
    panel = np.where(height < upper, 0.94, np.where(height > lower, 0.78, 1.03))
    seam = np.exp(-(((height - upper) * 26) ** 2)) + np.exp(-(((height - lower) * 26) ** 2))
    color = color * (panel - 0.2 * seam).astype(np.float32)[..., None]
    return _finish(color, area, outline, half, rng, folds=0.03, loops=0.85)


def _cloth(rng: np.random.Generator, color: NDArray[np.float32], shape: str | None = None) -> Layer:
    outline = _OUTLINES[shape or str(rng.choice(["cloth", "cloth", "cloth", "fold", "wide", "surgical"]))]
    area, half = _mask_area(outline, rng)
    if rng.random() < 0.4:
        longitude, _ = surface_grids()
        color = color * (1 - np.float32(rng.uniform(0.05, 0.3)) * np.exp(-((longitude / 1.3) ** 2)))[..., None]
    return _finish(color, area, outline, half, rng, folds=rng.uniform(0.03, 0.13), loops=0.7)


def _turned(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Surface coordinates in about equal units, turned by a random angle."""
    longitude, height = surface_grids()
    angle = rng.uniform(0, np.pi)
    x, y = longitude / 52, height - 1.2
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return x * cos + y * sin, y * cos - x * sin


def _two_colors(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    first = any_color(rng) if rng.random() < 0.6 else pick(rng, _WHITE + _DARK)
    second = any_color(rng) if rng.random() < 0.5 else pick(rng, _INK)
    return first, second


def _mix(where: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float32]:
    first, second = _two_colors(rng)
    share = np.clip(where, 0, 1).astype(np.float32)[..., None]
    return first * (1 - share) + second * share


def stripes(rng: np.random.Generator) -> NDArray[np.float32]:
    """Striped cloth on the whole surface, H×W×3 float32."""
    x, _ = _turned(rng)
    return _mix(np.sin(x * rng.uniform(12, 45)) * 4 + rng.uniform(-2, 1.5), rng)


def dots(rng: np.random.Generator) -> NDArray[np.float32]:
    """Dotted cloth on the whole surface, H×W×3 float32."""
    x, y = _turned(rng)
    pitch = rng.uniform(0.12, 0.35)
    distance = np.hypot((x % pitch) - pitch / 2, (y % pitch) - pitch / 2)
    return _mix((pitch * rng.uniform(0.2, 0.38) - distance) * 40, rng)


def checks(rng: np.random.Generator) -> NDArray[np.float32]:
    """Checked cloth on the whole surface, H×W×3 float32."""
    x, y = _turned(rng)
    pitch = rng.uniform(10, 30)
    return _mix(0.5 * (np.sin(x * pitch) > 0) + 0.5 * (np.sin(y * pitch) > 0), rng)


def blotches(rng: np.random.Generator) -> NDArray[np.float32]:
    """Camouflage of three or four colours on the whole surface, H×W×3 float32."""
    noise = smooth_noise(rng, int(rng.integers(7, 20)))
    colors = np.stack([any_color(rng) * 0.6 + 30 for _ in range(4)])
    return colors[np.digitize(noise, [-0.6, 0.1, 0.7])].astype(np.float32)


def shapes(rng: np.random.Generator) -> NDArray[np.float32]:
    """Cloth printed with small figures on the whole surface, H×W×3 float32."""
    ground, _ = _two_colors(rng)
    color = _flat(ground).copy()
    inks = [any_color(rng).tolist() for _ in range(3)]
    size = int(rng.integers(3, 10))
    for _ in range(int(rng.integers(25, 70))):
        x, y = int(rng.integers(SURFACE_WIDTH)), int(rng.integers(SURFACE_HEIGHT))
        ink = inks[rng.integers(3)]
        figure = rng.integers(3)
        if figure == 0:
            axes, angle = (size, max(1, size // 2)), float(rng.integers(180))
            cv2.ellipse(color, (x, y), axes, angle, 0, 360, ink, -1, cv2.LINE_AA)
        elif figure == 1:
            points = np.array([x, y]) + rng.integers(-size, size + 1, (3, 2))
            cv2.fillPoly(color, [points.astype(np.int32)], ink, cv2.LINE_AA)
        else:
            cv2.line(color, (x, y), (x + size, y + int(rng.integers(-size, size + 1))), ink, 2, cv2.LINE_AA)
    return color


def flowers(rng: np.random.Generator) -> NDArray[np.float32]:
    """Flowered cloth on the whole surface, H×W×3 float32."""
    ground, _ = _two_colors(rng)
    color = _flat(ground).copy()
    for _ in range(int(rng.integers(14, 36))):
        x, y = int(rng.integers(SURFACE_WIDTH)), int(rng.integers(SURFACE_HEIGHT))
        size, ink = int(rng.integers(3, 8)), any_color(rng).tolist()
        for angle in np.arange(5) * 1.2566 + rng.random():
            petal = (x + round(size * float(np.cos(angle))), y + round(size * float(np.sin(angle))))
            cv2.circle(color, petal, size - 1, ink, -1, cv2.LINE_AA)
        cv2.circle(color, (x, y), max(1, size // 2), any_color(rng).tolist(), -1, cv2.LINE_AA)
    return color


def _print_text(color: NDArray[np.float32], rng: np.random.Generator, *, small: bool = False) -> None:
    letters = "".join(chr(int(c)) for c in rng.integers(65, 91, rng.integers(2, 7)))
    scale = rng.uniform(0.25, 0.4) if small else rng.uniform(0.5, 1.2)
    x, y = (round(float(v)) for v in to_surface(np.array([rng.uniform(-40, 5), rng.uniform(1.0, 1.6)])))
    ink = pick(rng, _INK).tolist() if not small else (60.0, 60.0, 60.0)
    cv2.putText(color, letters, (x, y), int(rng.integers(0, 5)), scale, ink, 1 if small else 2, cv2.LINE_AA)


def _logo(rng: np.random.Generator) -> Layer:
    color = _flat(pick(rng, _DARK + _WHITE) if rng.random() < 0.6 else any_color(rng)).copy()
    if rng.random() < 0.5:
        _print_text(color, rng)
    else:
        x, y = (round(float(v)) for v in to_surface(np.array([rng.uniform(-30, 30), rng.uniform(0.9, 1.5)])))
        size = int(rng.integers(5, 22))
        cv2.ellipse(color, (x, y), (size, int(size * rng.uniform(0.4, 1.1))), 0, 0, 360, any_color(rng).tolist(), -1)
        cv2.circle(color, (x, y), max(2, size // 3), pick(rng, _INK).tolist(), -1, cv2.LINE_AA)
    return _cloth(rng, color)


def _mouth_print(rng: np.random.Generator) -> Layer:
    """Cloth with a printed mouth, teeth or muzzle: looks like a face part and is a mask."""
    color = _flat(pick(rng, _DARK + _SKIN + _WHITE)).copy()
    x, y = (round(float(v)) for v in to_surface(np.array([0.0, 1.25])))
    wide, high = int(rng.integers(14, 34)), int(rng.integers(4, 13))
    cv2.ellipse(color, (x, y), (wide, high), 0, 0, 360, (40.0, 30.0, float(rng.integers(60, 220))), -1, cv2.LINE_AA)
    if rng.random() < 0.7:
        cv2.ellipse(color, (x, y), (wide - 3, max(1, high - 3)), 0, 0, 360, (235, 240, 240), -1, cv2.LINE_AA)
        for k in range(-wide, wide, 6):
            cv2.line(color, (x + k, y - high), (x + k, y + high), (120, 120, 120), 1)
    return _cloth(rng, color)


def _half_tones(rng: np.random.Generator) -> Layer:
    longitude, height = surface_grids()
    ramp = height - 1.2 if rng.random() < 0.5 else longitude / 40
    return _cloth(rng, _mix(ramp * rng.uniform(0.5, 8) + 0.5, rng))


def _gaiter(rng: np.random.Generator) -> Layer:
    chance = rng.random()
    color = _flat(pick(rng, _DARK)) if chance < 0.5 else _flat(any_color(rng)) if chance < 0.75 else shapes(rng)
    _, height = surface_grids()
    wrinkles = np.sin((height + 0.12 * smooth_noise(rng, 6)) * rng.uniform(12, 26)) * np.clip(height - 1.5, 0, 1)
    color = color * (1 - np.float32(rng.uniform(0.05, 0.25)) * wrinkles.astype(np.float32))[..., None]
    return _cloth(rng, color, "gaiter")


def _bandana(rng: np.random.Generator) -> Layer:
    color = shapes(rng) if rng.random() < 0.7 else _flat(any_color(rng))
    return _cloth(rng, color, "triangle")


def _duckbill(rng: np.random.Generator) -> Layer:
    outline = _OUTLINES["beak"]
    area, half = _mask_area(outline, rng)
    longitude, height = surface_grids()
    color = _flat(pick(rng, _WHITE + _SURGICAL[:5]))
    edge = 1.22 - 0.00005 * longitude**2
    color = color * (np.where(height < edge, 1.05, 0.72) - 0.2 * np.exp(-(((height - edge) * 22) ** 2)))[..., None]
    return _finish(color.astype(np.float32), area, outline, half, rng, folds=0.03, loops=0.95)


def _respirator(rng: np.random.Generator) -> Layer:
    outline = _OUTLINES["half"]
    area, half = _mask_area(outline, rng)
    longitude, height = surface_grids()
    color = _flat(pick(rng, (*_DARK, (150, 140, 130)))).copy()
    color *= (1.1 - 0.35 * ((longitude / 40) ** 2 + (height - 1.0) ** 2))[..., None]
    _valve(color, rng, -27)
    _valve(color, rng, 27)
    _valve(color, rng, 0)
    return _finish(color, area, outline, half, rng, folds=0.02, loops=1.0)


Painter = Callable[[np.random.Generator], Layer]
GENERATED: dict[str, Painter] = {
    "surgical": _surgical,
    "n95": _cup,
    "kn95": _fold,
    "boat": _boat,
    "black": lambda rng: _cloth(rng, _flat(pick(rng, _DARK, 5))),
    "plain": lambda rng: _cloth(rng, _flat(any_color(rng))),
    "white": lambda rng: _cloth(rng, _flat(pick(rng, _WHITE))),
    "skin": lambda rng: _cloth(rng, _flat(pick(rng, _SKIN, 14))),
    "stripes": lambda rng: _cloth(rng, stripes(rng)),
    "dots": lambda rng: _cloth(rng, dots(rng)),
    "checks": lambda rng: _cloth(rng, checks(rng)),
    "print": lambda rng: _cloth(rng, shapes(rng)),
    "flowers": lambda rng: _cloth(rng, flowers(rng)),
    "camouflage": lambda rng: _cloth(rng, blotches(rng)),
    "logo": _logo,
    "mouth_print": _mouth_print,
    "half_tones": _half_tones,
    "gaiter": _gaiter,
    "bandana": _bandana,
    "duckbill": _duckbill,
    "respirator": _respirator,
}
BULGES = {"n95": 0.22, "kn95": 0.14, "boat": 0.16, "duckbill": 0.34, "respirator": 0.26, "surgical": 0.06}


@lru_cache(maxsize=4)
def load_templates(path: Path) -> dict[str, Layer]:
    """Photographs of masks as layers, by the kind's name (``template:surgical_blue``).

    Args:
        path: a zip with masks.cfg and the pictures with transparency that it names: six key points each, on the upper
            edge from left to right (a, b, c) and on the lower one (d, e, f).
    """
    layers: dict[str, Layer] = {}
    with zipfile.ZipFile(path) as archive:
        config = ConfigParser(comment_prefixes=(";", "#"))
        config.read_string(archive.read("masks.cfg").decode())
        for name in config.sections():
            section = config[name]
            file = section.get("template", "").removeprefix("masks/")
            if file not in archive.namelist():
                continue
            picture = cv2.imdecode(np.frombuffer(archive.read(file), np.uint8), cv2.IMREAD_UNCHANGED)
            if picture is None or picture.shape[2] != 4:
                continue
            points = [[float(v) for v in section[f"mask_{key}"].split(",")] for key in "abcdef"]
            pose = "left" if name.endswith("_left") else "right" if name.endswith("_right") else "front"
            layers[TEMPLATE_PREFIX + name] = _template_layer(picture, np.array(points), _TEMPLATE_POINTS[pose])
    return layers


def _template_layer(
    picture: NDArray[np.uint8], points: NDArray[np.float64], targets: tuple[tuple[float, float], ...]
) -> Layer:
    """Warp a mask's photograph to the surface: quadratic across, linear along the height between the two edges."""
    longitude, height = surface_grids()
    goal = np.array(targets, np.float64)
    # A photograph shows sines of longitudes, so interpolate in those.
    across = np.sin(np.radians(goal[:, 0]))
    wanted = np.sin(np.radians(longitude))
    upper, lower = slice(0, 3), slice(3, 6)

    def along(part: slice, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.polyval(np.polyfit(across[part], values[part], 2), wanted))

    def piecewise(part: slice, values: NDArray[np.float64]) -> NDArray[np.float64]:
        x = across[part]
        left = values[part][1] + (wanted - x[1]) * (values[part][0] - values[part][1]) / (x[0] - x[1])
        right = values[part][1] + (wanted - x[1]) * (values[part][2] - values[part][1]) / (x[2] - x[1])
        return np.where(wanted < x[1], left, right)

    top, bottom = along(upper, goal[:, 1]), along(lower, goal[:, 1])
    share = (height - top) / (bottom - top)
    map_x = piecewise(upper, points[:, 0]) * (1 - share) + piecewise(lower, points[:, 0]) * share
    map_y = along(upper, points[:, 1]) * (1 - share) + along(lower, points[:, 1]) * share
    factor = max(1.0, (points[:, 0].max() - points[:, 0].min()) / 120)
    shrunk = cv2.resize(picture, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA).astype(np.float32)
    # Colour under full transparency is arbitrary: extend the opaque colour so that edges do not pick it up.
    opaque = shrunk[..., 3:] / 255
    weight = cv2.GaussianBlur(opaque, (0, 0), 3)[..., None] + 1e-3
    spread = cv2.GaussianBlur(shrunk[..., :3] * opaque, (0, 0), 3) / weight
    shrunk[..., :3] = shrunk[..., :3] * opaque + spread * (1 - opaque)
    layer = cv2.remap(
        shrunk,
        (map_x / factor).astype(np.float32),
        (map_y / factor).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    layer[..., 3] /= 255
    return layer
