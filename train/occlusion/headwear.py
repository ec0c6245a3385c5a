"""Caps, headscarves, hoods, bands and bare foreheads, drawn over the hair: so that hair alone decides nothing.

They are simple shapes in cloth's colours, quick enough to be drawn anew whenever a face is shown. The label stays that
of the bare face.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.batches import Picture
from train.data.cache import canvas_box
from train.occlusion.cloth import DARK, WHITE, any_color, pick
from train.occlusion.geometry import skin_color
from train.settings import Settings
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec

KINDS = ("cap", "beanie", "scarf", "hood", "helmet", "shaved")
# In shares of the box's side from its top: brows, where a cap may begin, and the line of the hair. The eyes of the
# frontal cascade's box lie at 0.34.
LOWEST_RIM, HIGHEST_RIM = 0.22, 0.06
POINTS = 40
OUTLINE_NOISE = 0.012


def with_headwear(picture: Picture, settings: Settings) -> Picture:
    """The same pictures, with something over the hair at the rate of the settings' ``student.headwear``."""
    share = settings.student.headwear
    if share <= 0:
        return picture
    box = canvas_box(settings.prepare.canvas_size, settings.prepare.canvas_scale, CropSpec())

    def covered(row: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        canvas, masked = picture(row, rng)
        return (draw_headwear(canvas, box, rng), masked) if rng.random() < share else (canvas, masked)

    return covered


def draw_headwear(
    image: NDArray[np.uint8], box: Box, rng: np.random.Generator, kind: str | None = None
) -> NDArray[np.uint8]:
    """Draw something over hair and forehead.

    Args:
        image: H×W×3 uint8 BGR, not changed.
        box: the face as the frontal cascade draws it, in pixels.
        rng: decides everything that is not given.
        kind: one of ``KINDS``; None for one at random.

    Returns:
        A new picture of the same shape.

    Raises:
        ValueError: there is no such kind.
    """
    kind = kind or str(rng.choice(KINDS))
    if kind not in KINDS:
        raise ValueError(f"there is no headwear '{kind}': it is one of {', '.join(KINDS)}")
    cover = np.zeros(image.shape[:2], np.uint8)
    rim = rng.uniform(HIGHEST_RIM, LOWEST_RIM)
    if kind in ("scarf", "hood"):
        _fill(cover, _ring(box, rng, rim, loose=kind == "hood"))
    else:
        _fill(cover, [_dome(box, rng, rim, tall=kind in ("beanie", "helmet"))])
    color = skin_color(image, box) if kind == "shaved" else _cloth(rng)
    result = _paint(image, cover, color, rng, soft=6.0 if kind == "shaved" else 1.0)
    if kind == "cap":
        brim = np.zeros_like(cover)
        _fill(brim, [_brim(box, rng, rim)])
        result = _paint(result, brim, color * np.float32(rng.uniform(0.4, 0.9)), rng, soft=1.0)
    return result


def _cloth(rng: np.random.Generator) -> NDArray[np.float32]:
    return any_color(rng) if rng.random() < 0.5 else pick(rng, DARK if rng.random() < 0.7 else WHITE)


def _fill(cover: NDArray[np.uint8], outlines: list[NDArray[np.float64]]) -> None:
    cv2.fillPoly(cover, [np.round(outline * 16).astype(np.int32) for outline in outlines], 255, cv2.LINE_AA, 4)


def _arc(
    center: tuple[float, float], radii: tuple[float, float], start: float, stop: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Points of an ellipse's arc in pixels, its line slightly uneven; angles in turns, clockwise from the right."""
    angle = np.linspace(start, stop, POINTS) * 2 * np.pi
    uneven = 1 + rng.normal(0, OUTLINE_NOISE, POINTS)
    return np.stack([center[0] + radii[0] * uneven * np.cos(angle), center[1] + radii[1] * uneven * np.sin(angle)], 1)


def _dome(box: Box, rng: np.random.Generator, rim: float, *, tall: bool) -> NDArray[np.float64]:
    """The upper head down to a rim that is bent like a forehead."""
    side, middle = float(box.width), box.x + box.width * rng.normal(0.49, 0.02)
    half, line = side * rng.uniform(0.44, 0.56), box.y + side * rim
    upper = _arc(
        (middle, line), (half, side * (rng.uniform(0.35, 0.6) if tall else rng.uniform(0.25, 0.4))), 0.5, 1, rng
    )
    lower = _arc((middle, line), (half, side * rng.uniform(-0.06, 0.06)), 0, 0.5, rng)
    return np.concatenate([upper, lower])


def _brim(box: Box, rng: np.random.Generator, rim: float) -> NDArray[np.float64]:
    side, middle = float(box.width), box.x + box.width * rng.normal(0.49, 0.08)
    return _arc(
        (middle, box.y + side * rim), (side * rng.uniform(0.34, 0.5), side * rng.uniform(0.04, 0.09)), 0, 1, rng
    )


def _ring(box: Box, rng: np.random.Generator, rim: float, *, loose: bool) -> list[NDArray[np.float64]]:
    """Everything around the face from the rim down past the ears; two outlines, of which the inner one is left out."""
    side, middle = float(box.width), box.x + box.width * rng.normal(0.49, 0.015)
    top = box.y + side * rim
    bottom = box.y + side * rng.uniform(1.0, 1.15)
    height, center = (bottom - top) / 2, (middle, (top + bottom) / 2)
    inner = _arc(center, (side * (rng.uniform(0.44, 0.5) if loose else rng.uniform(0.37, 0.43)), height), 0, 1, rng)
    outer = _arc(center, (side * rng.uniform(0.6, 0.8), height + side * rng.uniform(0.2, 0.4)), 0, 1, rng)
    return [outer, inner]


def _paint(
    image: NDArray[np.uint8],
    cover: NDArray[np.uint8],
    color: NDArray[np.float32],
    rng: np.random.Generator,
    *,
    soft: float,
) -> NDArray[np.uint8]:
    """Lay a colour over a picture, with folds as broad shades; ``soft`` is the blur of its edge in pixels."""
    height, width = cover.shape
    folds = cv2.resize(rng.normal(0, 1, (4, 4)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    # Cloth is lit as the picture is.
    light = np.float32(0.5 + 0.5 * min(1.0, float(image.mean()) / 110))
    painted = color * light * (1 + np.float32(rng.uniform(0.03, 0.2)) * folds[..., None])
    opacity = cv2.GaussianBlur(cover, (0, 0), soft).astype(np.float32)[..., None] / 255
    return np.asarray(np.clip(image * (1 - opacity) + painted * opacity, 0, 255), np.uint8)
