"""Generated masks of many shapes, colours and patterns, painted on the surface of a face.

A painter returns a layer of SURFACE_HEIGHT×SURFACE_WIDTH×4 float32: BGR 0 to 255 and opacity 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.cloth import (
    DARK,
    INK,
    WHITE,
    any_color,
    blotches,
    checks,
    dots,
    flat,
    flowers,
    mix,
    pick,
    shapes,
    smooth_noise,
    stripes,
)
from train.occlusion.geometry import SURFACE_HEIGHT, SURFACE_WIDTH, surface_grids, to_surface
from train.occlusion.outlines import OUTLINES, Outline, mask_area

Layer = NDArray[np.float32]
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
_SKIN = (
    (140, 170, 220),
    (110, 145, 200),
    (90, 120, 175),
    (60, 85, 130),
    (45, 60, 95),
    (160, 190, 232),
    (150, 160, 205),
)


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
    return np.asarray(shade, np.float32)


def _hems(rng: np.random.Generator, area: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Seams beside the edge: a thin dark line, sometimes dotted, inside the outline."""
    inner = cv2.erode(area, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    line = cv2.morphologyEx(inner, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)).astype(np.float32) / 255
    if rng.random() < 0.5:
        longitude, height = surface_grids()
        line *= ((longitude + 60 * height) % 6 < 3.5).astype(np.float32)
    return np.asarray(1 - np.float32(rng.uniform(0.05, 0.25)) * line, np.float32)


def _finish(
    color: NDArray[np.float32],
    area: NDArray[np.uint8],
    outline: Outline,
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
        shade = shade * _hems(rng, area)
    layer = np.empty((SURFACE_HEIGHT, SURFACE_WIDTH, 4), np.float32)
    layer[..., :3] = color * shade[..., None]
    alpha = area
    if outline.loops and rng.random() < loops:
        strap = pick(rng, WHITE) if rng.random() < 0.6 else color[SURFACE_HEIGHT // 2, SURFACE_WIDTH // 2] * 0.9
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
    outline = OUTLINES["surgical"]
    area = mask_area(outline, rng)
    color = flat(pick(rng, _SURGICAL) if rng.random() < 0.85 else any_color(rng)) * _pleats(rng)[..., None]
    longitude, height = surface_grids()
    if rng.random() < 0.6:  # the band that holds the wire
        band = height < 0.46 + 0.0062 * np.abs(longitude)
        color[band] = color[band] * 0.6 + 0.4 * 240 * rng.uniform(0.7, 1.0)
    return _finish(color, area, outline, rng, folds=rng.uniform(0.02, 0.08), loops=0.85)


def _cup(rng: np.random.Generator) -> Layer:
    outline = OUTLINES["cup"]
    area = mask_area(outline, rng)
    longitude, height = surface_grids()
    color: NDArray[np.float32] = flat(pick(rng, WHITE) if rng.random() < 0.75 else pick(rng, _SURGICAL))
    radius = (longitude / 50) ** 2 + ((height - 1.1) / 0.85) ** 2
    color = np.asarray(color * (1.05 - 0.32 * radius[..., None]), np.float32)
    if rng.random() < 0.6:
        color *= 1 - 0.2 * np.exp(-(((height - rng.uniform(0.9, 1.4)) * 30) ** 2))[..., None]
    if rng.random() < 0.5:
        _print_text(color, rng, small=True)
    if rng.random() < 0.35:
        _valve(color, rng)
    layer = _finish(color, area, outline, rng, folds=0.02, loops=0.9)
    return layer


def _valve(color: NDArray[np.float32], rng: np.random.Generator, longitude: float | None = None) -> None:
    where = (rng.choice([-24.0, 24.0, 0.0]) if longitude is None else longitude, float(rng.uniform(1.05, 1.35)))
    x, y = (round(float(v)) for v in to_surface(np.array(where)))
    tone = pick(rng, WHITE + DARK)
    size = int(rng.integers(8, 14))
    cv2.ellipse(color, (x, y), (size, size), 0, 0, 360, (tone * 0.55).tolist(), -1, cv2.LINE_AA)
    cv2.ellipse(color, (x, y), (size - 2, size - 2), 0, 0, 360, tone.tolist(), -1, cv2.LINE_AA)
    for k in range(-1, 2):
        cv2.line(color, (x - size // 2, y + 4 * k), (x + size // 2, y + 4 * k), (tone * 0.7).tolist(), 1, cv2.LINE_AA)


def _fold(rng: np.random.Generator) -> Layer:
    outline = OUTLINES["fold"]
    area = mask_area(outline, rng)
    longitude, _ = surface_grids()
    color = flat(pick(rng, WHITE) if rng.random() < 0.6 else pick(rng, _SURGICAL + DARK))
    ridge = 1 - 0.25 * np.exp(-((longitude / 1.6) ** 2)) + rng.uniform(-0.14, 0.14) * np.sign(longitude)
    color = color * ridge[..., None]
    if rng.random() < 0.4:
        _print_text(color, rng, small=True)
    if rng.random() < 0.2:
        _valve(color, rng, float(rng.choice([-28, 28])))
    return _finish(color, area, outline, rng, folds=0.04, loops=0.85)


def _boat(rng: np.random.Generator) -> Layer:
    outline = OUTLINES["boat"]
    area = mask_area(outline, rng)
    longitude, height = surface_grids()
    color = flat(pick(rng, WHITE + DARK + _SURGICAL))
    upper, lower = 0.78 + 0.0045 * np.abs(longitude), 1.5 - 0.0042 * np.abs(longitude)
    panel = np.where(height < upper, 0.94, np.where(height > lower, 0.78, 1.03))
    seam = np.exp(-(((height - upper) * 26) ** 2)) + np.exp(-(((height - lower) * 26) ** 2))
    color = color * (panel - 0.2 * seam).astype(np.float32)[..., None]
    return _finish(color, area, outline, rng, folds=0.03, loops=0.85)


def _cloth(rng: np.random.Generator, color: NDArray[np.float32], shape: str | None = None) -> Layer:
    outline = OUTLINES[shape or str(rng.choice(["cloth", "cloth", "cloth", "fold", "wide", "surgical"]))]
    area = mask_area(outline, rng)
    if rng.random() < 0.4:
        longitude, _ = surface_grids()
        color = color * (1 - np.float32(rng.uniform(0.05, 0.3)) * np.exp(-((longitude / 1.3) ** 2)))[..., None]
    return _finish(color, area, outline, rng, folds=rng.uniform(0.03, 0.13), loops=0.7)


def _print_text(color: NDArray[np.float32], rng: np.random.Generator, *, small: bool = False) -> None:
    letters = "".join(chr(int(c)) for c in rng.integers(65, 91, rng.integers(2, 7)))
    scale = rng.uniform(0.25, 0.4) if small else rng.uniform(0.5, 1.2)
    x, y = (round(float(v)) for v in to_surface(np.array([rng.uniform(-40, 5), rng.uniform(1.0, 1.6)])))
    ink = pick(rng, INK).tolist() if not small else (60.0, 60.0, 60.0)
    cv2.putText(color, letters, (x, y), int(rng.integers(0, 5)), scale, ink, 1 if small else 2, cv2.LINE_AA)


def _logo(rng: np.random.Generator) -> Layer:
    color = flat(pick(rng, DARK + WHITE) if rng.random() < 0.6 else any_color(rng)).copy()
    if rng.random() < 0.5:
        _print_text(color, rng)
    else:
        x, y = (round(float(v)) for v in to_surface(np.array([rng.uniform(-30, 30), rng.uniform(0.9, 1.5)])))
        size = int(rng.integers(5, 22))
        cv2.ellipse(color, (x, y), (size, int(size * rng.uniform(0.4, 1.1))), 0, 0, 360, any_color(rng).tolist(), -1)
        cv2.circle(color, (x, y), max(2, size // 3), pick(rng, INK).tolist(), -1, cv2.LINE_AA)
    return _cloth(rng, color)


def _mouth_print(rng: np.random.Generator) -> Layer:
    """Cloth with a printed mouth, teeth or muzzle: looks like a face part and is a mask."""
    color = flat(pick(rng, DARK + _SKIN + WHITE)).copy()
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
    return _cloth(rng, mix(ramp * rng.uniform(0.5, 8) + 0.5, rng))


def _gaiter(rng: np.random.Generator) -> Layer:
    chance = rng.random()
    color = flat(pick(rng, DARK)) if chance < 0.5 else flat(any_color(rng)) if chance < 0.75 else shapes(rng)
    _, height = surface_grids()
    wrinkles = np.sin((height + 0.12 * smooth_noise(rng, 6)) * rng.uniform(12, 26)) * np.clip(height - 1.5, 0, 1)
    color = color * (1 - np.float32(rng.uniform(0.05, 0.25)) * wrinkles.astype(np.float32))[..., None]
    return _cloth(rng, color, "gaiter")


def _bandana(rng: np.random.Generator) -> Layer:
    color = shapes(rng) if rng.random() < 0.7 else flat(any_color(rng))
    return _cloth(rng, color, "triangle")


def _duckbill(rng: np.random.Generator) -> Layer:
    outline = OUTLINES["beak"]
    area = mask_area(outline, rng)
    longitude, height = surface_grids()
    color = flat(pick(rng, WHITE + _SURGICAL[:5]))
    edge = 1.22 - 0.00005 * longitude**2
    color = color * (np.where(height < edge, 1.05, 0.72) - 0.2 * np.exp(-(((height - edge) * 22) ** 2)))[..., None]
    return _finish(color.astype(np.float32), area, outline, rng, folds=0.03, loops=0.95)


def _respirator(rng: np.random.Generator) -> Layer:
    outline = OUTLINES["half"]
    area = mask_area(outline, rng)
    longitude, height = surface_grids()
    color = flat(pick(rng, (*DARK, (150, 140, 130)))).copy()
    color *= (1.1 - 0.35 * ((longitude / 40) ** 2 + (height - 1.0) ** 2))[..., None]
    _valve(color, rng, -27)
    _valve(color, rng, 27)
    _valve(color, rng, 0)
    return _finish(color, area, outline, rng, folds=0.02, loops=1.0)


Painter = Callable[[np.random.Generator], Layer]
GENERATED: dict[str, Painter] = {
    "surgical": _surgical,
    "n95": _cup,
    "kn95": _fold,
    "boat": _boat,
    "black": lambda rng: _cloth(rng, flat(pick(rng, DARK, 5))),
    "plain": lambda rng: _cloth(rng, flat(any_color(rng))),
    "white": lambda rng: _cloth(rng, flat(pick(rng, WHITE))),
    "skin": lambda rng: _cloth(rng, flat(pick(rng, _SKIN, 14))),
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
