"""Photographs of masks, laid over the surface of a face."""

from __future__ import annotations

import zipfile
from configparser import ConfigParser
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.geometry import surface_grids

Layer = NDArray[np.float32]

TEMPLATE_PREFIX = "template:"
# The key points of masks.cfg on the face: left, middle and right of the upper edge, then of the lower one
# (longitude in degrees, height in eye distances below the eyes).
_TEMPLATE_POINTS = {
    "front": ((-64, 0.62), (0, 0.30), (64, 0.62), (-60, 1.42), (0, 2.0), (60, 1.42)),
    "left": ((-45, 0.55), (0, 0.30), (84, 0.45), (-45, 1.55), (0, 1.98), (78, 1.30)),
    "right": ((-84, 0.45), (0, 0.30), (45, 0.55), (-78, 1.30), (0, 1.98), (45, 1.55)),
}


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
            layers[TEMPLATE_PREFIX + name] = _template_layer(
                np.asarray(picture), np.array(points), _TEMPLATE_POINTS[pose]
            )
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
        return np.asarray(np.where(wanted < x[1], left, right))

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
    x, y = (np.asarray(each / factor, np.float32) for each in (map_x, map_y))
    remapped = cv2.remap(shrunk, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    layer = np.asarray(remapped, np.float32)
    layer[..., 3] /= 255
    return layer
