"""Draw masks, and things that are no masks, on pictures of faces.

A mask classifier needs both: without hands, cups and beards before the mouth it learns that anything there is a mask.
Nothing here needs landmarks: the box and, where the eye cascade finds them, the eyes are enough.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.cascade_boxes import EYE, load_cascade
from train.occlusion.geometry import (
    EYE_DISTANCE,
    FaceShape,
    Image,
    LitLayer,
    compose,
    exposure,
    face_light,
    face_shape,
    project,
    skin_color,
)
from train.occlusion.masks import BULGES, GENERATED
from train.occlusion.objects import OCCLUDERS
from train.occlusion.templates import TEMPLATE_PREFIX, load_templates
from webcam_app.faces.face import Box

WEARS = ("worn", "under_nose", "chin")
"""Ways to wear a mask: properly, under the nose, on the chin. The last two leave a nose or a mouth to be seen."""

_WEAR_STRETCH = {"worn": (1.0, 0.0), "under_nose": (0.74, 0.60), "chin": (0.42, 1.42)}
# Scale and shift of heights (see ``project``): the nose's tip lies at 0.7, the mouth at 1.15, the chin at 1.85.

HELD_OUT_KINDS = ("flowers", "camouflage", "bandana", "duckbill", "respirator", TEMPLATE_PREFIX + "KN95")
"""Kinds that training never draws, kept for measuring on masks of a kind not used in training."""

OCCLUDER_KINDS = tuple(OCCLUDERS)
"""Everything that ``draw_occluder`` draws; none of it is a mask."""

_SURGICAL_SHARE = 0.3
# Half of the masks that people wear are surgical; one generated kind among twenty would be too rare.


def mask_kinds(templates: Path | None = None, *, held_out: bool = False) -> tuple[str, ...]:
    """Kinds for ``draw_mask``: those for training, or the held-out ones.

    Args:
        templates: zip of mask photographs (see ``load_templates``); without it only generated kinds.
        held_out: return the kinds that training never draws.
    """
    every = (*GENERATED, *(load_templates(templates) if templates else ()))
    return tuple(kind for kind in every if (kind in HELD_OUT_KINDS) == held_out)


def choose_mask_kind(rng: np.random.Generator, templates: Path | None = None, *, held_out: bool = False) -> str:
    """One kind at random, the common ones more often."""
    kinds = mask_kinds(templates, held_out=held_out)
    if not held_out and rng.random() < _SURGICAL_SHARE:
        kinds = tuple(kind for kind in kinds if "surgical" in kind)
    return str(kinds[rng.integers(len(kinds))])


def draw_mask(
    image: Image,
    box: Box,
    eyes: NDArray[np.floating] | None,
    rng: np.random.Generator,
    kind: str | None = None,
    *,
    wear: str = "worn",
    templates: Path | None = None,
) -> Image:
    """Draw a mask on a face.

    Args:
        image: H×W×3 uint8 BGR, not changed.
        box: the face as the frontal cascade draws it, in pixels.
        eyes: two (x, y) points in pixels (see ``eye_positions``), or None where they are not known.
        rng: decides everything that is left open.
        kind: one of ``mask_kinds()``, held-out kinds included; None draws one for training.
        wear: one of ``WEARS``. ``worn`` is a mask; the others are not worn properly.
        templates: zip of mask photographs, read once; needed for kinds that start with ``template:``.

    Returns:
        A new array of the same shape.

    Raises:
        KeyError: there is no such kind or wear.
    """
    kind = kind or choose_mask_kind(rng, templates)
    shape = face_shape(image, box, eyes, rng)
    if kind.startswith(TEMPLATE_PREFIX):
        layer = (load_templates(templates) if templates else {})[kind].copy()
        turned = kind.endswith(("_left", "_right"))
        if (turned and kind.endswith("_left") != (shape.yaw < 0)) or (not turned and rng.random() < 0.5):
            layer = np.ascontiguousarray(layer[:, ::-1])
        layer[..., :3] *= (0.9 + rng.normal(0, 0.06, 3)).astype(np.float32)
        bulge = 0.1
    else:
        layer = GENERATED[kind](rng)
        bulge = BULGES.get(kind, 0.04)
    return _draw_layer(image, box, _SurfaceLayer(layer, bulge, _WEAR_STRETCH[wear]), shape, rng)


def draw_occluder(
    image: Image,
    box: Box,
    eyes: NDArray[np.floating] | None,
    rng: np.random.Generator,
    kind: str | None = None,
) -> Image:
    """Draw something on a face that is no mask: a hand, a cup, a beard, a scarf or a phone.

    Args:
        image: H×W×3 uint8 BGR, not changed.
        box: the face as the frontal cascade draws it, in pixels.
        eyes: two (x, y) points in pixels, or None where they are not known.
        rng: decides everything that is left open.
        kind: one of ``OCCLUDER_KINDS``; None takes any, hands three times as often as others.

    Returns:
        A new array of the same shape.

    Raises:
        KeyError: there is no such kind.
    """
    if kind is None:
        kind = "hand" if rng.random() < 0.25 else str(OCCLUDER_KINDS[rng.integers(len(OCCLUDER_KINDS))])
    shape = face_shape(image, box, eyes, rng)
    drawn = OCCLUDERS[kind](image, shape, skin_color(image, box), rng)
    if drawn.on_surface:
        return _draw_layer(image, box, _SurfaceLayer(drawn.layer, 0.02), shape, rng)
    light = face_light(image, drawn.place, box) ** np.float32(rng.uniform(0.1, 0.5))
    tone = 1.0 if drawn.lit else exposure(image)
    color = drawn.layer[..., :3] * (light * np.float32(tone))[..., None]
    return compose(
        image, LitLayer(color, drawn.layer[..., 3], drawn.place), box, rng, shadow=0.0 if drawn.flat else 0.3
    )


class _SurfaceLayer(NamedTuple):
    """Something painted on the face's surface; ``bulge`` and ``stretch`` as in ``project``."""

    layer: NDArray[np.float32]
    bulge: float
    stretch: tuple[float, float] = (1.0, 0.0)


def _draw_layer(image: Image, box: Box, painted: _SurfaceLayer, shape: FaceShape, rng: np.random.Generator) -> Image:
    height, width = image.shape[:2]
    seen = project(painted.layer, shape, (width, height), bulge=painted.bulge, stretch=painted.stretch)
    if seen is None:
        return np.array(image)
    pixels, place = seen
    light = face_light(image, place, box) ** np.float32(rng.uniform(0.35, 0.9))
    # Something white is as bright as the picture's brightest part; a tint as the light on the skin would give.
    strength = exposure(image) * float(np.clip(rng.normal(0.95, 0.1), 0.6, 1.15))
    tint = (strength * (1 + rng.normal(0, 0.03, 3))).astype(np.float32)
    color = pixels[..., :3] * (light[..., None] * tint)
    return compose(image, LitLayer(color, pixels[..., 3], place), box, rng, shadow=float(rng.uniform(0.1, 0.4)))


_EYE_CASCADE: list[cv2.CascadeClassifier] = []


def eye_positions(image: Image, box: Box) -> NDArray[np.float32] | None:
    """Find the two eyes in a face's box by OpenCV's eye cascade.

    Args:
        image: H×W×3 uint8 BGR.
        box: the frontal cascade's box.

    Returns:
        2×2 float32, the (x, y) of the eye on the picture's left, then of the other; None where not exactly one
        plausible pair is found.
    """
    if not _EYE_CASCADE:
        _EYE_CASCADE.append(load_cascade(EYE))
    side = max(box.width, box.height)
    x0, y0 = max(box.x, 0), max(box.y, 0)
    part = image[y0 : max(box.y + int(0.62 * side), 0), x0 : max(box.x + side, 0)]
    if part.shape[0] < 12 or part.shape[1] < 20:
        return None
    gray = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    scale = 128 / side
    gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    found = _EYE_CASCADE[0].detectMultiScale(gray, 1.08, 3, minSize=(18, 18), maxSize=(52, 52))
    centers = [((x + w / 2) / scale + x0, (y + h / 2) / scale + y0, w / scale) for x, y, w, h in found]
    pairs = [
        (abs(b[1] - a[1]) + abs(b[0] - a[0] - EYE_DISTANCE * side), a, b)
        for a in centers
        for b in centers
        if 0.28 * side < b[0] - a[0] < 0.6 * side
        and abs(b[1] - a[1]) < 0.14 * side
        and 0.6 < a[2] / b[2] < 1.6
        and abs((a[1] + b[1]) / 2 - box.y - 0.35 * side) < 0.13 * side
    ]
    if not pairs:
        return None
    _, left, right = min(pairs)
    return np.array([left[:2], right[:2]], np.float32)
