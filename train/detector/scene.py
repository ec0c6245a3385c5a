"""Training pictures, composed anew each time: parts of street photographs, and portraits pasted on backgrounds.

Everything is shown at the sizes that one level of the image pyramid shows: faces of 15 to 56 pixels, larger ones too
(as background), ends of pictures with the grey beyond that the application pads with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from train.detector.bank import PORTRAIT, Portraits, Street
from train.detector.degrade import degrade
from train.detector.geometry import Doubtful, moved, random_side, random_turn, turn_and_zoom
from train.detector.paste import paste_portraits, texture
from train.detector.settings import DetectorSettings
from webcam_app.faces.box import FaceBox

Image = NDArray[np.uint8]

BEYOND = 128
"""Grey beyond a picture's edges: what the network takes for zero."""
# A photograph is enlarged at most so much.
MOST_ZOOM = 1.5
# Chance of a part of a street photograph to be cut anywhere and at any size, instead of around a face.
ANYWHERE = 0.25
# Chance that another photograph fills what lies beyond a photograph's edges, instead of grey.
FILLED = 0.75


class Sources(NamedTuple):
    """What scenes are composed of."""

    portraits: Portraits
    streets: Sequence[Street]


def draw_scene(sources: Sources, rng: np.random.Generator, settings: DetectorSettings) -> tuple[Image, list[FaceBox]]:
    """Compose a training picture.

    Args:
        sources: portraits and street photographs.
        rng: decides everything.
        settings: sizes and shares.

    Returns:
        scene_size×scene_size×3 uint8 BGR, and every face in it, also those too large or too small to be learned.
    """
    chance = rng.random()
    if chance < settings.street_share and sources.streets:
        scene, faces = _street_part(sources.streets, rng, settings)
        if rng.random() < settings.paste_share:
            paste_portraits(scene, faces, sources.portraits, rng, settings, int(rng.integers(1, 8)))
    elif chance < settings.street_share + settings.portrait_share:
        scene, faces = np.full((settings.scene_size, settings.scene_size, 3), BEYOND, np.uint8), []
        _place_whole(scene, faces, sources.portraits, rng, settings)
    else:
        scene, faces = _background(sources, rng, settings)
        paste_portraits(scene, faces, sources.portraits, rng, settings, int(rng.integers(5, 18)))
    if rng.random() < 0.5:
        scene = np.ascontiguousarray(scene[:, ::-1])
        faces = [face._replace(x=settings.scene_size - face.x) for face in faces]
    return degrade(scene, rng), faces


def _street_part(
    streets: Sequence[Street], rng: np.random.Generator, settings: DetectorSettings
) -> tuple[Image, list[FaceBox]]:
    """A part of a photograph; where the photograph ends within the scene, mostly another one goes on."""
    scene, faces, shown = _street_view(streets, rng, settings)
    if shown.mean() < 0.8 * 255 and rng.random() < FILLED:
        for _ in range(3):
            below, others, _ = _street_view(streets, rng, settings)
            hidden = [_mean_within(shown, face) for face in others]
            if all(share < 0.1 * 255 or share > 0.98 * 255 for share in hidden):
                below[shown > 127] = scene[shown > 127]
                return below, faces + [face for face, share in zip(others, hidden, strict=True) if share < 127]
    return scene, faces


def _mean_within(mask: Image, face: FaceBox) -> float:
    """Mean of a mask in a face's box; 0 where none of it is seen."""
    x, y, side, _ = face._replace(side=1.2 * face.side).rounded
    part = mask[max(0, y) : max(0, y + side), max(0, x) : max(0, x + side)]
    return float(part.mean()) if part.size else 0.0


def _street_view(
    streets: Sequence[Street], rng: np.random.Generator, settings: DetectorSettings
) -> tuple[Image, list[FaceBox], Image]:
    """A part of a photograph, its faces, and a mask (0 or 255) of where the photograph lies."""
    street = streets[int(rng.integers(len(streets)))]
    size, (height, width) = settings.scene_size, street.levels[0].shape[:2]
    sure = [face for face in street.faces if not isinstance(face, Doubtful)]
    known = [face for face in sure if face.side * MOST_ZOOM >= settings.smallest]
    if known and rng.random() >= ANYWHERE:
        face = known[int(rng.integers(len(known)))]
        zoom = min(MOST_ZOOM, random_side(rng, settings) / face.side)
        reach = size / zoom / 2
        x, y = (float(value + rng.uniform(-0.85, 0.85) * reach) for value in (face.x, face.y))
    else:
        zoom = float(np.exp(rng.uniform(math.log(0.15), math.log(1.2))))
        x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
    # Mostly inside the picture, where that is large enough.
    if rng.random() < 0.7:
        reach = size / zoom / 2
        x = min(max(x, reach), width - reach) if width > 2 * reach else width / 2
        y = min(max(y, reach), height - reach) if height > 2 * reach else height / 2
    matrix = turn_and_zoom((x, y), (size / 2, size / 2), zoom, random_turn(rng))
    scene = _warp(street.levels, matrix, zoom, size)
    shown = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, (size, size), flags=cv2.INTER_NEAREST)
    return scene, [moved(matrix, zoom, face) for face in street.faces], np.asarray(shown, np.uint8)


def _warp(levels: Sequence[Image], matrix: NDArray[np.float64], zoom: float, size: int, border: int = BEYOND) -> Image:
    """Warp from the level that is still a little larger than what is wanted; beyond the edges lies grey."""
    level = min(len(levels) - 1, max(0, math.floor(-math.log2(zoom * 0.8))))
    inner = matrix.copy()
    inner[:, :2] *= 2**level
    # Halving puts the centre of the first pixel at half a pixel: the maps agree to a fraction of one.
    return np.asarray(
        cv2.warpAffine(levels[level], inner, (size, size), flags=cv2.INTER_LINEAR, borderValue=(border,) * 3), np.uint8
    )


def _background(sources: Sources, rng: np.random.Generator, settings: DetectorSettings) -> tuple[Image, list[FaceBox]]:
    """A street photograph's part without faces that count, a texture, or a portrait so large that it is background."""
    size, kind = settings.scene_size, rng.random()
    if kind < 0.4 and sources.streets:
        for _ in range(6):
            scene, faces = _street_part(sources.streets, rng, settings)
            seen = [face for face in faces if 0 < face.x < size and 0 < face.y < size and face.side > 6]
            if not seen:
                return scene, []
    if kind < 0.6:
        index = int(rng.integers(len(sources.portraits.places)))
        zoom = float(rng.uniform(1.5, 4.5)) * size / 192
        middle = (float(rng.uniform(20, 60)), float(rng.uniform(20, 60)))
        matrix = turn_and_zoom(middle, (size / 2, size / 2), zoom, random_turn(rng))
        place = moved(matrix, zoom, FaceBox(*map(float, sources.portraits.places[index])))
        image = sources.portraits.images[index]
        border = int(rng.choice([cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT, cv2.BORDER_REFLECT_101]))
        large = cv2.warpAffine(image, matrix, (size, size), borderMode=border)
        return np.asarray(large, np.uint8), [place]
    return texture(size, rng), []


def _place_whole(
    scene: Image, faces: list[FaceBox], portraits: Portraits, rng: np.random.Generator, settings: DetectorSettings
) -> None:
    """Portraits as whole pictures in a grid of grey, as a picture that is all face looks at the level that finds it."""
    side = int(rng.integers(36, 72))
    for top in range(8, settings.scene_size - side, side + 16):
        for left in range(8, settings.scene_size - side, side + 16):
            index = int(rng.integers(len(portraits.places)))
            x, y, size = (float(value) for value in portraits.places[index])
            # Sometimes less than the portrait: the face fills the picture, and its box reaches past the edges.
            trim = float(rng.uniform(0, 0.12)) * PORTRAIT
            part = portraits.images[index][int(trim) : PORTRAIT - int(trim), int(trim) : PORTRAIT - int(trim)]
            zoom = side / part.shape[0]
            scene[top : top + side, left : left + side] = cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA)
            faces.append(FaceBox(left + (x - int(trim)) * zoom, top + (y - int(trim)) * zoom, size * zoom))
