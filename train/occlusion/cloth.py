"""Colours and patterns of cloth, painted on the surface of a face: H×W×3 float32 BGR, 0 to 255."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.geometry import SURFACE_HEIGHT, SURFACE_WIDTH, surface_grids

Color = tuple[float, float, float]
DARK = ((18, 18, 20), (30, 28, 28), (45, 42, 40), (60, 35, 25), (35, 30, 60), (40, 50, 35), (70, 66, 62), (24, 16, 14))
WHITE = ((246, 246, 246), (235, 238, 240), (225, 230, 238), (240, 236, 228))
INK = ((20, 20, 20), (245, 245, 245), (40, 40, 200), (60, 160, 60), (200, 120, 40), (40, 200, 230), (160, 60, 140))


def smooth_noise(rng: np.random.Generator, cells: int, rows: int | None = None) -> NDArray[np.float32]:
    """Noise of unit variance on the surface with about ``cells`` bumps across."""
    small = rng.standard_normal((rows or max(2, cells), cells)).astype(np.float32)
    return np.asarray(cv2.resize(small, (SURFACE_WIDTH, SURFACE_HEIGHT), interpolation=cv2.INTER_CUBIC), np.float32)


def pick(rng: np.random.Generator, colors: tuple[Color, ...], spread: float = 9) -> NDArray[np.float32]:
    """One of some colours, slightly changed; float32 (3,)."""
    return np.clip(np.array(colors[rng.integers(len(colors))], np.float32) + rng.normal(0, spread, 3), 2, 252).astype(
        np.float32
    )


def any_color(rng: np.random.Generator) -> NDArray[np.float32]:
    """Any cloth's colour, BGR float32 (3,)."""
    hsv = np.array([[[rng.integers(180), rng.integers(20, 230), rng.integers(35, 250)]]], np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0], np.float32)


def flat(color: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cloth of one colour (3,) on the whole surface, H×W×3 float32, a new array."""
    return np.full((SURFACE_HEIGHT, SURFACE_WIDTH, 3), color, np.float32)


def _turned(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Surface coordinates in about equal units, turned by a random angle."""
    longitude, height = surface_grids()
    angle = rng.uniform(0, np.pi)
    x, y = longitude / 52, height - 1.2
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return x * cos + y * sin, y * cos - x * sin


def _two_colors(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    first = any_color(rng) if rng.random() < 0.6 else pick(rng, WHITE + DARK)
    second = any_color(rng) if rng.random() < 0.5 else pick(rng, INK)
    return first, second


def mix(where: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float32]:
    """Two colours, the second where ``where`` (H×W) is 1; H×W×3 float32."""
    first, second = _two_colors(rng)
    share = np.clip(where, 0, 1).astype(np.float32)[..., None]
    return np.asarray(first * (1 - share) + second * share, np.float32)


def stripes(rng: np.random.Generator) -> NDArray[np.float32]:
    """Striped cloth on the whole surface, H×W×3 float32."""
    x, _ = _turned(rng)
    return mix(np.sin(x * rng.uniform(12, 45)) * 4 + rng.uniform(-2, 1.5), rng)


def dots(rng: np.random.Generator) -> NDArray[np.float32]:
    """Dotted cloth on the whole surface, H×W×3 float32."""
    x, y = _turned(rng)
    pitch = rng.uniform(0.12, 0.35)
    distance = np.hypot((x % pitch) - pitch / 2, (y % pitch) - pitch / 2)
    return mix((pitch * rng.uniform(0.2, 0.38) - distance) * 40, rng)


def checks(rng: np.random.Generator) -> NDArray[np.float32]:
    """Checked cloth on the whole surface, H×W×3 float32."""
    x, y = _turned(rng)
    pitch = rng.uniform(10, 30)
    return mix(0.5 * (np.sin(x * pitch) > 0) + 0.5 * (np.sin(y * pitch) > 0), rng)


def blotches(rng: np.random.Generator) -> NDArray[np.float32]:
    """Camouflage of three or four colours on the whole surface, H×W×3 float32."""
    noise = smooth_noise(rng, int(rng.integers(7, 20)))
    colors = np.stack([any_color(rng) * 0.6 + 30 for _ in range(4)])
    return colors[np.digitize(noise, [-0.6, 0.1, 0.7])].astype(np.float32)


def shapes(rng: np.random.Generator) -> NDArray[np.float32]:
    """Cloth printed with small figures on the whole surface, H×W×3 float32."""
    ground, _ = _two_colors(rng)
    color: NDArray[np.float32] = flat(ground)
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
    color: NDArray[np.float32] = flat(ground)
    for _ in range(int(rng.integers(14, 36))):
        x, y = int(rng.integers(SURFACE_WIDTH)), int(rng.integers(SURFACE_HEIGHT))
        size, ink = int(rng.integers(3, 8)), any_color(rng).tolist()
        for angle in np.arange(5) * 1.2566 + rng.random():
            petal = (x + round(size * float(np.cos(angle))), y + round(size * float(np.sin(angle))))
            cv2.circle(color, petal, size - 1, ink, -1, cv2.LINE_AA)
        cv2.circle(color, (x, y), max(1, size // 2), any_color(rng).tolist(), -1, cv2.LINE_AA)
    return color
