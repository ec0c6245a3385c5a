"""Patches with and without a face, from portraits, from photographs of streets, and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.cascade_boxes import EYE, FRONTAL, cascade_box, load_cascade, usual_box
from train.data.held_out import is_held_out
from train.occlusion.draw import WEARS, draw_mask, draw_occluder, eye_positions
from train.readers import Dataset, read_dataset
from train.refiner.bank import FAR_IOU, PATCH, Bank, Entry, cut_patch, joined, kept_part
from webcam_app.faces.detection.cascades import FRONTAL_ALT, PROFILE, Cascade
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box

# Boxes of fewer pixels say little about a face.
SMALLEST_POSITIVE = 14
# Every so many portraits and textures one is held out.
HELD_OUT_EVERY = 12
# Shares of the portraits that are shown with a drawn mask, and behind something that is none.
MASKED_SHARE = 0.36
OCCLUDED_SHARE = 0.22
# Portraits are searched at this size, for faces of at least this.
SEARCHED_SIZE, SMALLEST_SEARCHED = 80, 38
# Squares without a face from one street photograph: at random, and of those that a cascade takes for a face.
BACKGROUNDS = 45
PROPOSALS = 40
# Where the eye cascade fires, a face would have its eyes: distance of an eye from the middle of the box to the side and
# up, and the eye's size, in sides of the box.
EYE_ASIDE, EYE_ABOVE, EYE_SIZE = 0.22, 0.16, 0.28


@dataclass(frozen=True)
class PatchSources:
    """What the bank is made from.

    Attributes:
        portraits: set of face pictures, the face in the middle (FairFace).
        streets: set with ``boxes.csv``.
        templates: zip of mask photographs.
        count: portraits to use.
        seed: of what is random.
    """

    portraits: Path
    streets: Path
    templates: Path
    count: int
    seed: int


def load_bank(sources: PatchSources, folder: Path) -> Bank:
    """Make the bank, or read it where the folder has one made from the same things.

    Raises:
        DatasetError: a set cannot be read.
    """
    portraits, streets, templates = sources.portraits, sources.streets, sources.templates
    count, seed = sources.count, sources.seed
    return joined(
        (
            kept_part(
                folder / "faces",
                [str(portraits), str(templates), count, seed],
                lambda: portrait_patches(read_dataset(portraits).limited(count), templates, seed),
            ),
            kept_part(folder / "streets", [str(streets), seed], lambda: street_patches(read_dataset(streets), seed)),
            kept_part(folder / "textures", [count, seed], lambda: textures(np.random.default_rng(seed), count // 8)),
        )
    )


def portrait_patches(portraits: Dataset, templates: Path, seed: int) -> Iterator[Entry]:
    """The face of each portrait, some with a mask or something else before it, and squares beside it."""
    frontal = load_cascade(FRONTAL)
    for number, (_, image) in enumerate(portraits.images()):
        rng = np.random.default_rng([seed, number])
        held_out = number % HELD_OUT_EVERY == 0
        found = _found_box(image, frontal)
        box = found or usual_box(image.shape[1], image.shape[0])
        yield from _beside(image, box, rng, held_out)
        chance = rng.random()
        image, occlusion = _occluded(image, box, chance, rng, templates)
        group = "turned" if found is None else occlusion
        yield cut_patch(_widened(image, rng), _moved(box, image.shape[1], image.shape[0])), group, held_out


def _found_box(image: NDArray[np.uint8], frontal: cv2.CascadeClassifier) -> Box | None:
    """The frontal cascade's box where it fires once; elsewhere the face is turned or hidden."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    side = min(gray.shape)
    small = cv2.resize(gray, (SEARCHED_SIZE, SEARCHED_SIZE), interpolation=cv2.INTER_AREA)
    hits = frontal.detectMultiScale(small, 1.1, 3, minSize=(SMALLEST_SEARCHED, SMALLEST_SEARCHED))
    return Box(*(round(float(v) * side / SEARCHED_SIZE) for v in hits[0])) if len(hits) == 1 else None


def _occluded(
    image: NDArray[np.uint8], box: Box, chance: float, rng: np.random.Generator, templates: Path
) -> tuple[NDArray[np.uint8], str]:
    """A portrait with what ``chance`` (0 to 1) puts before its face, and the group that it belongs to."""
    if chance >= MASKED_SHARE + OCCLUDED_SHARE:
        return image, "bare"
    eyes = eye_positions(image, box)
    if chance < MASKED_SHARE:
        wear = WEARS[int(rng.choice(3, p=(0.88, 0.07, 0.05)))]
        return draw_mask(image, box, eyes, rng, wear=wear, templates=templates), "masked"
    return draw_occluder(image, box, eyes, rng), "occluded"


def _widened(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture with a border of half its size: a tight crop must not be known by how its edge goes on."""
    height, width = image.shape[:2]
    kinds = (cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT_101, cv2.BORDER_CONSTANT)
    color = tuple(int(v) for v in rng.integers(0, 256, 3))
    kind = kinds[int(rng.choice(3, p=(0.45, 0.4, 0.15)))]
    return np.asarray(
        cv2.copyMakeBorder(image, height // 2, height // 2, width // 2, width // 2, kind, value=color), np.uint8
    )


def _moved(box: Box, width: int, height: int) -> Box:
    return box._replace(x=box.x + width // 2, y=box.y + height // 2)


def _beside(image: NDArray[np.uint8], face: Box, rng: np.random.Generator, held_out: bool) -> Iterator[Entry]:
    """Two squares of the picture that are no face: hair, collars, what stands behind, and parts of the face."""
    height, width = image.shape[:2]
    found = 0
    for _ in range(12):
        side = int(width * rng.uniform(0.16, 0.5))
        x, y = (
            int(rng.integers(-side // 4, width - 3 * side // 4)),
            int(rng.integers(-side // 4, height - 3 * side // 4)),
        )
        box = Box(x, y, side, side)
        if box.iou(face) < FAR_IOU and found < 2:
            found += 1
            yield cut_patch(image, box), "beside", held_out


def street_patches(streets: Dataset, seed: int) -> Iterator[Entry]:
    """The marked faces of each photograph, squares of its background, and what cascades wrongly propose in it."""
    cascades = (Cascade(FRONTAL), Cascade(FRONTAL_ALT), Cascade(PROFILE), Cascade(PROFILE, mirrored=True))
    eyes = load_cascade(EYE)
    for number, (sample, image) in enumerate(streets.images()):
        rng = np.random.default_rng([seed, 7, number])
        held_out = is_held_out(sample.key)
        drawn = [face.box for face in sample.boxes]
        faces = [cascade_box(box) for box in drawn]
        for box in faces:
            if box.width >= SMALLEST_POSITIVE:
                yield cut_patch(image, box), "street", held_out
        for box in _background(image, [*faces, *drawn], rng):
            yield cut_patch(image, box), "street_background", held_out
        wrong = _wrong_proposals(image, [*faces, *drawn], cascades, eyes)
        for index in rng.permutation(len(wrong))[:PROPOSALS]:
            yield cut_patch(image, wrong[index]), "street_proposal", held_out


def _is_far(box: Box, faces: Sequence[Box]) -> bool:
    return all(box.iou(face) < FAR_IOU for face in faces)


def _background(image: NDArray[np.uint8], faces: Sequence[Box], rng: np.random.Generator) -> Iterator[Box]:
    """Squares of random place and size that show no face."""
    height, width = image.shape[:2]
    for _ in range(BACKGROUNDS):
        side = int(np.exp(rng.uniform(np.log(16), np.log(0.7 * min(height, width)))))
        box = Box(int(rng.integers(-side // 4, width)), int(rng.integers(-side // 4, height)), side, side)
        if _is_far(box, faces) and box.x + side / 2 < width and box.y + side / 2 < height:
            yield box


def _wrong_proposals(
    image: NDArray[np.uint8], faces: Sequence[Box], cascades: Sequence[Cascade], eyes: cv2.CascadeClassifier
) -> list[Box]:
    """What the application's proposals would be at their most sensitive, less what shows a face."""
    height, width = image.shape[:2]
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    pyramid = Pyramid(gray)
    hits = [hit.box.rounded for cascade in cascades for hit in cascade.find(pyramid, 24, min(gray.shape), neighbors=0)]
    doubled = cv2.resize(gray, None, fx=2, fy=2)
    for x, y, size, _ in eyes.detectMultiScale(doubled, 1.1, 1, minSize=(20, 20)):
        side = size / 2 / EYE_SIZE
        for step in (-EYE_ASIDE, EYE_ASIDE):
            center_x, center_y = (x + size / 2) / 2 + step * side, (y + size / 2) / 2 + EYE_ABOVE * side
            hits.append(Box(round(center_x - side / 2), round(center_y - side / 2), round(side), round(side)))
    return [
        box
        for box in hits
        if _is_far(box, faces) and 0 < box.x + box.width / 2 < width and 0 < box.y + box.height / 2 < height
    ]


def textures(rng: np.random.Generator, count: int) -> Iterator[Entry]:
    """Noise, edges and stripes, which a frame without people is full of."""
    for number in range(count):
        cells = int(rng.integers(2, 24))
        small = rng.normal(rng.uniform(40, 215), rng.uniform(5, 70), (cells, int(rng.integers(2, 24)), 3))
        patch = cv2.resize(
            np.clip(small, 0, 255).astype(np.uint8), (PATCH, PATCH), interpolation=int(rng.integers(0, 3))
        )
        for _ in range(int(rng.integers(0, 6))):
            color = tuple(int(v) for v in rng.integers(0, 256, 3))
            start, end = (tuple(int(v) for v in rng.integers(0, PATCH, 2)) for _ in range(2))
            if rng.random() < 0.5:
                cv2.rectangle(patch, start, end, color, int(rng.integers(-1, 4)) or -1)
            else:
                cv2.circle(patch, start, int(rng.integers(3, 25)), color, int(rng.integers(-1, 4)) or -1)
        yield np.asarray(patch, np.uint8), "texture", number % HELD_OUT_EVERY == 0
