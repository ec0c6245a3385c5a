"""What training pictures are composed of: portraits with a known face, and street photographs with marked ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.cascade_boxes import FRONTAL, cascade_box, load_cascade, usual_box
from train.data.held_out import is_held_out
from train.detector.geometry import Doubtful
from train.errors import TrainError
from train.files import partial_path
from train.occlusion.draw import WEARS, draw_mask, draw_occluder, eye_positions
from train.readers import Dataset, read_dataset
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import Proposal, StillDetector

FORMAT = 1
PORTRAIT = 80
"""Side of a kept portrait in pixels; its face is some 64 px, more than is ever shown."""
PART = 2000
"""Portraits to a file."""
# Shares of the portraits that wear a drawn mask, and that have something else before the face.
MASKED_SHARE, COVERED_SHARE = 0.40, 0.16
# A portrait in which neither cascade nor face network sees anything is left out.
LEAST_SCORE = 0.2
# Of the street photographs for training, so many (in 16ths) choose the threshold.
DEVELOPMENT_SHARE = 4
# What an earlier detector finds with these log-odds where nobody has marked a face is one that was not marked, more
# often than not; what overlaps such a face by less than the second share of the union is a mark beside it.
CERTAIN, BESIDE = 5.0, 0.3
SMALLEST_SEARCHED = 12.0
"""Side in pixels of the smallest face that is sought for that."""


class Portraits(NamedTuple):
    """Pictures of one face each.

    Attributes:
        images: n×PORTRAIT×PORTRAIT×3 uint8 BGR.
        places: n×3 float32, centre and side of the face as the frontal cascade draws it, in pixels of the image.
    """

    images: NDArray[np.uint8]
    places: NDArray[np.float32]


@dataclass(frozen=True)
class Street:
    """A photograph and the faces that people marked in it, as the frontal cascade would draw them.

    Attributes:
        key: its name in the set.
        levels: H×W×3 uint8 BGR, then its halves.
        faces: in pixels of the photograph; also the ``Doubtful`` ones.
    """

    key: str
    levels: tuple[NDArray[np.uint8], ...]
    faces: tuple[FaceBox, ...]


def is_development(key: str) -> bool:
    """Whether a photograph that is not held out is kept for choosing the threshold; depends on its name only."""
    return not is_held_out(key) and hashlib.sha256(key.encode()).digest()[1] % 16 < DEVELOPMENT_SHARE


def load_streets(path: Path, *, development: bool, earlier: StillDetector | None = None) -> list[Street]:
    """The photographs for training, or those for development; never those that are held out.

    Args:
        path: set with boxes.csv.
        development: which.
        earlier: a detector whose certain finds show which marks are missing or lie beside their face; None trusts the
            marks.
    """
    dataset = read_dataset(path)
    streets = []
    for sample in dataset:
        if is_held_out(sample.key) or is_development(sample.key) != development:
            continue
        levels = [dataset.image(sample)]
        while min(levels[-1].shape[:2]) >= 64:
            height, width = (length // 2 for length in levels[-1].shape[:2])
            half = cv2.resize(levels[-1][: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
            levels.append(np.asarray(half, np.uint8))
        marked = [FaceBox.of(cascade_box(face.box)) for face in sample.boxes]
        found = [] if earlier is None else earlier.proposals(levels[0], SMALLEST_SEARCHED)
        streets.append(Street(sample.key, tuple(levels), checked_marks(marked, found)))
    return streets


def checked_marks(marked: Sequence[FaceBox], found: Sequence[Proposal]) -> tuple[FaceBox, ...]:
    """Marked faces and what an earlier detector found: where these contradict each other, the place is doubtful.

    Args:
        marked: what people marked, as the frontal cascade would draw it.
        found: what the detector found in the same photograph.

    Returns:
        The marks, those beside a certain find as ``Doubtful``, and the certain finds without a mark, likewise.
    """
    certain = [proposal.box for proposal in found if proposal.log_odds >= CERTAIN]
    lonely = [box for box in certain if all(box.iou(mark) < BESIDE for mark in marked)]
    faces: list[FaceBox] = []
    for mark in marked:
        supported = any(mark.iou(box) >= BESIDE for box in certain)
        beside = not supported and any(mark.iou(box) > 0.05 for box in lonely)
        faces.append(Doubtful(*mark) if beside else mark)
    return (*faces, *(Doubtful(*box) for box in lonely))


def load_portraits(path: Path, templates: Path | None, folder: Path, *, count: int, seed: int) -> Portraits:
    """Make the portraits, or read them where the folder has those made from the same things.

    Args:
        path: set of face pictures, the face in the middle (FairFace).
        templates: zip of mask photographs; None draws generated masks only.
        folder: where to keep them.
        count: pictures of the set to use.
        seed: of what is random.

    Raises:
        TrainError: no picture of the set shows a face.
    """
    faces = read_dataset(path).limited(count)
    parts = [
        _load_part(faces, templates, folder / f"part-{start // PART:02d}.npz", start, [str(path), str(templates), seed])
        for start in range(0, len(faces), PART)
    ]
    joined = Portraits(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    if not len(joined.places):
        raise TrainError(f"'{path}' shows no face to train the detector on: give pictures of faces")
    return joined


def _load_part(faces: Dataset, templates: Path | None, file: Path, start: int, made_from: list[object]) -> Portraits:
    """Some of the portraits: a stopped run need not draw all of them again."""
    key = json.dumps([FORMAT, len(faces), start, *made_from])
    if file.exists():
        with np.load(file) as kept:
            if str(kept["made_from"]) == key:
                return Portraits(kept["images"], kept["places"])
    seed = int(str(made_from[-1]))
    made = _make_portraits(faces, range(start, min(start + PART, len(faces))), templates, seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = partial_path(file)
    with part.open("wb") as opened:
        np.savez(opened, images=made.images, places=made.places, made_from=np.array(key))
    part.replace(file)
    return made


def _make_portraits(faces: Dataset, numbers: range, templates: Path | None, seed: int) -> Portraits:
    frontal = load_cascade(FRONTAL)
    refiner = BoxRefiner()
    images, places = [], []
    for number in numbers:
        rng = np.random.default_rng([seed, number])
        image = faces.image(faces[number])
        place = _find_face(image, frontal, refiner)
        if place is None:
            continue
        chance, box = rng.random(), place.rounded
        if chance < MASKED_SHARE:
            wear = WEARS[int(rng.choice(3, p=(0.85, 0.1, 0.05)))]
            image = draw_mask(image, box, eye_positions(image, box), rng, wear=wear, templates=templates)
        elif chance < MASKED_SHARE + COVERED_SHARE:
            image = draw_occluder(image, box, eye_positions(image, box), rng)
        zoom = PORTRAIT / image.shape[1]
        images.append(cv2.resize(image, (PORTRAIT, PORTRAIT), interpolation=cv2.INTER_AREA))
        places.append((place.x * zoom, place.y * zoom, place.side * zoom))
    return Portraits(
        np.array(images, np.uint8).reshape(-1, PORTRAIT, PORTRAIT, 3), np.array(places, np.float32).reshape(-1, 3)
    )


def _find_face(image: NDArray[np.uint8], frontal: cv2.CascadeClassifier, refiner: BoxRefiner) -> FaceBox | None:
    """Where the frontal cascade sees the face; where it sees none, the face network does from the usual place."""
    side = image.shape[1]
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (80, 80), interpolation=cv2.INTER_AREA)
    hits = frontal.detectMultiScale(small, 1.1, 3, minSize=(38, 38))
    if len(hits) == 1:
        x, y, size, _ = (float(value) * side / 80 for value in hits[0])
        return FaceBox(x + size / 2, y + size / 2, size)
    usual = FaceBox.of(usual_box(*image.shape[1::-1]))
    found = refiner.refine(image, usual, steps=3)
    return found.box if found.score >= LEAST_SCORE else None
