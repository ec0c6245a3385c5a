"""Where things lie on a face that is known only by its box and, with luck, its eyes.

A head is taken as an elliptic cylinder whose width follows the jaw. A point on it has a longitude (0 at the nose, 90
degrees at the ears) and a height below the line of the eyes, in units of the distance between frontal eyes. Things that
hug the face (masks, beards, scarves) are painted on that surface and projected with the face's roll, yaw and pitch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.face import Box

Image = NDArray[np.uint8]

# Eye cascade on 472 upright FairFace faces with one eye found on either side: medians, in units of the box's side.
# The quartiles lie within 0.02 of them.
TYPICAL_EYES = ((0.27, 0.34), (0.71, 0.34))
EYE_DISTANCE = 0.44

# The painted surface: longitude -90..90 degrees from left to right, height TOP..BOTTOM from top to bottom.
SURFACE_WIDTH = 176
SURFACE_HEIGHT = 144
TOP = -0.2
BOTTOM = 2.8

# Half-width of head and neck at heights below the eyes, in eye distances (means of adult faces: breadth 140 mm between
# the cheekbones, 115 mm at the jaw's angle, eyes 63 mm apart, chin 118 mm below them).
_HEIGHTS = np.array([-0.3, 0.0, 0.6, 1.1, 1.5, 1.8, 2.0, 2.3, 3.0], np.float32)
_HALF_WIDTHS = np.array([1.16, 1.16, 1.12, 1.02, 0.88, 0.74, 0.68, 0.72, 0.85], np.float32)
_DEPTH = 1.45  # from the ears' axis to the front of the face, in eye distances
_EYE_DEPTH = 1.25


@dataclass(frozen=True, slots=True)
class FaceShape:
    """A face's pose in a picture.

    Attributes:
        x, y: the middle between the eyes as it would be seen from the front, on the head's axis, in pixels.
        unit: pixels between the eyes of the same head seen from the front.
        roll: clockwise tilt in radians.
        yaw: turn towards the picture's right in radians.
        pitch: curvature of level lines on the face; positive when seen from below, in eye distances.
    """

    x: float
    y: float
    unit: float
    roll: float
    yaw: float
    pitch: float

    def point(self, longitude: float, height: float) -> tuple[float, float]:
        """Pixel at which a point of the head's surface is seen (longitude in degrees)."""
        phi = math.radians(longitude)
        half = float(np.interp(height, _HEIGHTS, _HALF_WIDTHS))
        across = half * math.sin(phi) * math.cos(self.yaw) + _DEPTH * math.cos(phi) * math.sin(self.yaw)
        down = height - self.pitch * (math.cos(phi) - 0.8)
        cos, sin = math.cos(self.roll), math.sin(self.roll)
        return self.x + self.unit * (across * cos - down * sin), self.y + self.unit * (across * sin + down * cos)


def face_shape(image: Image, box: Box, eyes: NDArray[np.floating] | None, rng: np.random.Generator) -> FaceShape:
    """Guess a face's pose from its box and eyes.

    Args:
        image: H×W×3 uint8 BGR.
        box: the frontal cascade's box.
        eyes: two (x, y) points in pixels, or None; then a typical place is taken and the turn is read from where the
            skin's colour lies.
        rng: for what cannot be known (pitch, small errors).
    """
    side = float(max(box.width, box.height))
    unit = EYE_DISTANCE * side
    if eyes is None:
        typical = np.array(TYPICAL_EYES, np.float64) * side + (box.x, box.y)
        left, right = typical
        roll = float(rng.normal(0, 0.04))
        yaw = _yaw_from_skin(image, box)
    else:
        left, right = sorted(np.asarray(eyes, np.float64).tolist())
        roll = math.atan2(right[1] - left[1], right[0] - left[0])
        distance = math.hypot(right[0] - left[0], right[1] - left[1])
        # The box's size and the eyes' distance measure the same head; both are noisy.
        unit = 0.5 * unit + 0.5 * float(np.clip(distance, 0.8 * unit, 1.2 * unit))
        middle = (left[0] + right[0]) / 2
        offset = (middle - (box.x + 0.49 * side)) / unit
        yaw = float(np.clip(1.0 * offset + 0.5 * _yaw_from_skin(image, box), -0.7, 0.7))
    eye_x, eye_y = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    shift = 0.75 * _EYE_DEPTH * math.sin(yaw) * unit
    return FaceShape(
        x=eye_x - shift * math.cos(roll),
        y=eye_y - shift * math.sin(roll),
        unit=unit * float(rng.normal(1, 0.03)),
        roll=roll,
        yaw=yaw,
        pitch=float(rng.normal(0.0, 0.08)),
    )


def skin_color(image: Image, box: Box) -> NDArray[np.float32]:
    """Median BGR of the cheeks and nose below the eyes, float32 (3,)."""
    side = max(box.width, box.height)
    x0, x1 = box.x + 0.3 * side, box.x + 0.7 * side
    y0, y1 = box.y + 0.45 * side, box.y + 0.65 * side
    patch = image[max(int(y0), 0) : max(int(y1), 1), max(int(x0), 0) : max(int(x1), 1)]
    if patch.size == 0:
        return np.array([120, 140, 180], np.float32)
    small = patch[:: max(1, patch.shape[0] // 12), :: max(1, patch.shape[1] // 12)]
    return np.asarray(np.median(small.reshape(-1, 3), axis=0), np.float32)


def _yaw_from_skin(image: Image, box: Box) -> float:
    """Turn in radians from where cheeks and mouth of the nose's colour lie beside the box's middle; about ±0.6."""
    side = max(box.width, box.height)
    x0, y0 = int(box.x - 0.1 * side), int(box.y + 0.4 * side)
    x1, y1 = int(box.x + 1.1 * side), int(box.y + 0.85 * side)
    height, width = image.shape[:2]
    patch = image[max(y0, 0) : min(y1, height), max(x0, 0) : min(x1, width)]
    if patch.shape[0] < 8 or patch.shape[1] < 8:
        return 0.0
    small = cv2.resize(patch, (32, 12), interpolation=cv2.INTER_AREA)
    ycc = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb).astype(np.float32)
    center = np.median(ycc[:, 13:19].reshape(-1, 3), axis=0)
    difference = np.abs(ycc - center) * np.array([0.35, 1.0, 1.0], np.float32)
    skin = np.exp(-0.5 * (difference.sum(axis=2) / 14) ** 2).mean(axis=0)
    columns = (np.arange(32, dtype=np.float32) + 0.5) / 32
    center_x = float((skin * columns).sum() / (skin.sum() + 1e-6))
    middle = max(x0, 0) + center_x * patch.shape[1] - (box.x + side / 2)
    # On the side that is turned away less skin is seen, so the skin's middle moves against the nose.
    return float(np.clip(-4.0 * middle / side, -0.6, 0.6))


@cache
def surface_grids() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Longitude in degrees and height of every point of the painted surface, each SURFACE_HEIGHT×SURFACE_WIDTH."""
    longitude = (np.arange(SURFACE_WIDTH, dtype=np.float32) + 0.5) / SURFACE_WIDTH * 180 - 90
    height = (np.arange(SURFACE_HEIGHT, dtype=np.float32) + 0.5) / SURFACE_HEIGHT * (BOTTOM - TOP) + TOP
    grid = np.meshgrid(longitude, height)
    return np.asarray(grid[0], np.float32), np.asarray(grid[1], np.float32)


def to_surface(points: NDArray[np.floating]) -> NDArray[np.float32]:
    """Surface pixels (x, y) of (longitude, height) pairs, any leading shape × 2."""
    scale = np.array([SURFACE_WIDTH / 180, SURFACE_HEIGHT / (BOTTOM - TOP)], np.float32)
    return ((np.asarray(points, np.float32) - np.array([-90, TOP], np.float32)) * scale).astype(np.float32)


def project(
    layer: NDArray[np.float32],
    shape: FaceShape,
    size: tuple[int, int],
    *,
    bulge: float = 0.0,
    stretch: tuple[float, float] = (1.0, 0.0),
) -> tuple[NDArray[np.float32], tuple[int, int, int, int]] | None:
    """See a painted surface from the camera.

    Args:
        layer: SURFACE_HEIGHT×SURFACE_WIDTH×C float32.
        shape: the face's pose.
        size: width and height of the picture.
        bulge: how far the layer stands off the head, in eye distances.
        stretch: (scale, shift) of heights: what was painted at height h is worn at ``h * scale + shift``.

    Returns:
        The seen part, h×w×C, and its place (x0, y0, x1, y1) in the picture; zero where nothing is seen. None where the
        layer lies outside the picture.
    """
    reach = (BOTTOM - TOP + 0.4) * shape.unit
    x0, x1 = max(int(shape.x - 0.62 * reach), 0), min(int(shape.x + 0.62 * reach) + 1, size[0])
    y0, y1 = max(int(shape.y - 0.15 * reach), 0), min(int(shape.y + 0.95 * reach) + 1, size[1])
    if x1 - x0 < 4 or y1 - y0 < 4:
        return None
    # The maps are smooth: half resolution is enough and four times cheaper.
    columns = np.arange(x0, x1 + 1, 2, dtype=np.float32)[None] - np.float32(shape.x)
    rows = np.arange(y0, y1 + 1, 2, dtype=np.float32)[:, None] - np.float32(shape.y)
    cos, sin = np.float32(math.cos(shape.roll) / shape.unit), np.float32(math.sin(shape.roll) / shape.unit)
    across = columns * cos + rows * sin
    down = rows * cos - columns * sin
    table = _width_table()
    half = table[np.clip((down + 1.0) * 25, 0, len(table) - 1).astype(np.int32)] + np.float32(bulge)
    depth = np.float32(_DEPTH + bulge)
    cos_yaw, sin_yaw = np.float32(math.cos(shape.yaw)), np.float32(math.sin(shape.yaw))
    radius = np.sqrt((half * cos_yaw) ** 2 + (depth * sin_yaw) ** 2)
    ratio = across / radius
    inside = np.clip((1 - np.abs(ratio)) * radius * np.float32(shape.unit) + np.float32(0.5), 0, 1)
    phi = np.arcsin(np.clip(ratio, -1, 1)) - np.arctan2(depth * sin_yaw, half * cos_yaw)
    height = down + np.float32(shape.pitch) * (np.cos(phi) - np.float32(0.8))
    height = (height - np.float32(stretch[1])) / np.float32(stretch[0])
    map_x = (phi * np.float32(SURFACE_WIDTH / math.pi)) + np.float32(SURFACE_WIDTH / 2 - 0.5)
    map_y = (height - np.float32(TOP)) * np.float32(SURFACE_HEIGHT / (BOTTOM - TOP)) - np.float32(0.5)
    full = (2 * map_x.shape[1], 2 * map_x.shape[0])
    maps = [cv2.resize(part, full, interpolation=cv2.INTER_LINEAR)[: y1 - y0, : x1 - x0] for part in (map_x, map_y)]
    seen = cv2.remap(layer, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    seen[..., -1] *= cv2.resize(inside, full, interpolation=cv2.INTER_LINEAR)[: y1 - y0, : x1 - x0]
    left, top, wide, high = cv2.boundingRect((seen[..., -1] > 0.01).astype(np.uint8))
    if wide < 4 or high < 4:
        return None
    # A margin for the edge's blur and the shadow.
    left, top, right, bottom = max(left - 6, 0), max(top - 6, 0), left + wide + 6, top + high + 6
    cut = np.asarray(seen[top:bottom, left:right], np.float32)
    return cut, (x0 + left, y0 + top, x0 + left + cut.shape[1], y0 + top + cut.shape[0])


@cache
def _width_table() -> NDArray[np.float32]:
    heights = np.arange(-1.0, 3.6, 0.04, dtype=np.float32)
    return np.asarray(np.interp(heights, _HEIGHTS, _HALF_WIDTHS), np.float32)


def face_light(image: Image, place: tuple[int, int, int, int], box: Box) -> NDArray[np.float32]:
    """How the light falls: low-frequency brightness of the picture at a place, 1 where it equals the face's median."""
    x0, y0, x1, y1 = place
    gray = cv2.cvtColor(image[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    small = cv2.resize(gray, (10, 10), interpolation=cv2.INTER_AREA).astype(np.float32) + 8
    soft = cv2.GaussianBlur(small, (5, 5), 1.4, borderType=cv2.BORDER_REPLICATE)
    light = np.clip(soft / float(np.median(skin_color(image, box)) + 8), 0.35, 1.5)
    return np.asarray(cv2.resize(light, (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC), np.float32)


def exposure(image: Image) -> float:
    """Brightness that something white would have in a picture, 0.2 to 1: its brightest twentieth."""
    sample = image[::6, ::6, 1]
    bright = float(np.partition(sample.ravel(), int(sample.size * 0.95))[int(sample.size * 0.95)])
    return float(np.clip((bright + 25) / 255, 0.2, 1.0))


class LitLayer(NamedTuple):
    """A layer as it is laid over a picture.

    Attributes:
        color: h×w×3 float32 BGR 0 to 255, as bright as the picture's light makes it.
        alpha: h×w float32, 0 to 1.
        place: x0, y0, x1, y1 in the picture.
    """

    color: NDArray[np.float32]
    alpha: NDArray[np.float32]
    place: tuple[int, int, int, int]


def compose(image: Image, layer: LitLayer, box: Box, rng: np.random.Generator, *, shadow: float = 0.25) -> Image:
    """Lay a layer over a picture with the picture's softness, noise and a contact shadow.

    Args:
        image: H×W×3 uint8 BGR, not changed.
        layer: what to lay over it.
        box: the face, from which softness and noise are measured.
        rng: for the noise.
        shadow: strength of the shadow that the layer throws beside its edges.
    """
    color, alpha, (x0, y0, x1, y1) = layer
    target = image[y0:y1, x0:x1].astype(np.float32)
    blur, noise = _softness(image, box)
    if blur > 0.3:
        color = np.asarray(cv2.GaussianBlur(color, (0, 0), blur), np.float32)
    alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), max(0.6, blur)), np.float32)
    if shadow > 0:
        size = max(3, int(0.05 * max(box.width, box.height)) | 1)
        near = cv2.blur(alpha, (size, size))
        down = size // 3
        target[down:] *= (1 - shadow * near[:-down])[..., None]
    if noise > 0.5:
        color = color + rng.normal(0, 1, color.shape[:2]).astype(np.float32)[..., None] * np.float32(noise)
    target += (color - target) * alpha[..., None]
    result: Image = image.copy()
    result[y0:y1, x0:x1] = np.clip(target, 0, 255).astype(np.uint8)
    return result


def _softness(image: Image, box: Box) -> tuple[float, float]:
    """Blur in pixels that makes a sharp layer as soft as the face, and the noise's standard deviation."""
    side = max(box.width, box.height)
    patch = image[
        max(box.y + side // 6, 0) : box.y + 2 * side // 3, max(box.x + side // 6, 0) : box.x + 5 * side // 6, 1
    ]
    if patch.size < 64:
        return 0.5, 1.0
    laplacian = np.abs(cv2.Laplacian(patch, cv2.CV_16S)).ravel()[::3]
    ordered = np.sort(laplacian)
    strong, usual = float(ordered[int(0.97 * len(ordered))]), float(ordered[len(ordered) // 2])
    contrast = float(patch[::3, ::3].std()) + 1
    blur = float(np.clip(1.6 - 1.0 * strong / contrast, 0.0, 1.6))
    return blur, min(usual / 3.5, 6.0)
