"""A transparent picture in the coordinates of a face, for things that stand before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.geometry import FaceShape, Image


@dataclass(frozen=True, slots=True)
class Drawn:
    """A painted thing.

    Attributes:
        layer: h×w×4 float32, BGR 0 to 255 and opacity 0 to 1: on the face's surface, or in pixels of the picture.
        place: x0, y0, x1, y1 in the picture; unused on the surface.
        on_surface: whether the layer hugs the face.
        lit: whether the colours already have the picture's brightness.
        flat: whether it throws no shadow.
    """

    layer: NDArray[np.float32]
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    on_surface: bool = False
    lit: bool = False
    flat: bool = False


class Canvas:
    """A transparent picture with a face's coordinates: across and below the middle of the eyes, in eye distances."""

    def __init__(self, image: Image, shape: FaceShape) -> None:
        """Start empty, in the size of ``image``."""
        self.size = (image.shape[1], image.shape[0])
        self.color = np.zeros((*image.shape[:2], 3), np.uint8)
        self.alpha = np.zeros(image.shape[:2], np.uint8)
        self.shape = shape
        self._nose_shift = 0.6 * 1.4 * math.sin(shape.yaw)

    def pixel(self, across: float, below: float) -> tuple[float, float]:
        """Pixel of a point given in the face's coordinates; the middle follows the turned nose."""
        shape = self.shape
        across += self._nose_shift
        cos, sin = math.cos(shape.roll), math.sin(shape.roll)
        return shape.x + shape.unit * (across * cos - below * sin), shape.y + shape.unit * (across * sin + below * cos)

    def pixels(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """``pixel`` for n×2 points."""
        return np.array([self.pixel(float(x), float(y)) for x, y in points], np.float32)

    def polygon(self, points: NDArray[np.floating], color: NDArray[np.floating], opacity: float = 1.0) -> None:
        """Fill a polygon given in pixels."""
        fixed = [np.round(np.asarray(points) * 16).astype(np.int32)]
        cv2.fillPoly(self.color, fixed, np.clip(color, 0, 255).tolist(), cv2.LINE_AA, 4)
        cv2.fillPoly(self.alpha, fixed, 255 * opacity, cv2.LINE_AA, 4)

    def stroke(
        self, points: NDArray[np.floating], width: float, color: NDArray[np.floating], *, paint_only: bool = False
    ) -> None:
        """Draw a thick line with round ends given in pixels; ``paint_only`` recolours what is there."""
        fixed = [np.round(np.asarray(points) * 16).astype(np.int32)]
        thickness = max(1, round(width))
        cv2.polylines(self.color, fixed, False, np.clip(color, 0, 255).tolist(), thickness, cv2.LINE_AA, 4)
        if not paint_only:
            cv2.polylines(self.alpha, fixed, False, 255, thickness, cv2.LINE_AA, 4)

    def ellipse(
        self,
        center: tuple[float, float],
        axes: tuple[float, float],
        color: NDArray[np.floating],
        *,
        angle: float = 0.0,
        opacity: float = 1.0,
        thickness: int = -1,
        paint_only: bool = False,
    ) -> None:
        """Draw an ellipse given in pixels and degrees."""
        middle = (round(center[0] * 16), round(center[1] * 16))
        radii = (max(1, round(axes[0] * 16)), max(1, round(axes[1] * 16)))
        cv2.ellipse(
            self.color, middle, radii, angle, 0, 360, np.clip(color, 0, 255).tolist(), thickness, cv2.LINE_AA, 4
        )
        if not paint_only:
            cv2.ellipse(self.alpha, middle, radii, angle, 0, 360, 255 * opacity, thickness, cv2.LINE_AA, 4)

    def result(self, *, blur: float = 0.0, lit: bool = False, flat: bool = False, shade: float = 0.0) -> Drawn:
        """Cut out what was painted; ``shade`` darkens the surface towards its edges, as on round things."""
        x, y, width, height = cv2.boundingRect(self.alpha)
        if width < 2 or height < 2:
            x, y, width, height = 0, 0, min(4, self.size[0]), min(4, self.size[1])
        margin = 4
        x0, y0 = max(x - margin, 0), max(y - margin, 0)
        x1, y1 = min(x + width + margin, self.size[0]), min(y + height + margin, self.size[1])
        alpha = self.alpha[y0:y1, x0:x1]
        color = self.color[y0:y1, x0:x1].astype(np.float32)
        weight = (alpha > 0).astype(np.float32)
        sigma = max(blur, 0.6)
        # Blur within what is painted only, so that the empty canvas does not bleed in.
        color = cv2.GaussianBlur(color * weight[..., None], (0, 0), sigma) / (
            cv2.GaussianBlur(weight, (0, 0), sigma)[..., None] + 1e-3
        )
        if shade:
            depth = cv2.GaussianBlur(weight, (0, 0), 0.18 * self.shape.unit)
            color *= 1 - np.float32(shade) + np.float32(1.15 * shade) * depth[..., None]
        layer = np.dstack([color, alpha.astype(np.float32) / 255])
        return Drawn(layer, (x0, y0, x1, y1), lit=lit, flat=flat)
