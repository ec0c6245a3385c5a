"""What the face verifier learns from: small patches around faces, and around everything that cascades take for one.

A patch shows twice the side of a box, PATCH px wide, so that training can shift, scale and turn what it cuts out. The
bank of patches is made once and kept in the run's folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.occluder import WEARS, draw_mask, draw_occluder, eye_positions
from train.readers import Dataset, Sample, read_dataset
from webcam_app.faces.detection.cascades import FRONTAL, FRONTAL_ALT, PROFILE, Cascade
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.scan import grid_boxes
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face

FORMAT = 3
PATCH = 72
PATCH_SCALE = 2.0
# Cascade's box in a FairFace picture where it does not fire: median of those where it does, in units of the width.
USUAL_BOX = (0.09, 0.03, 0.80)
# A person's box around a face lies at x 0.10, y 0.18, width 0.80, height 0.88 of the cascade's (medians of 180 faces on
# which the frontal cascade fires; the quartiles lie within 0.05).
DRAWN_WIDTH, DRAWN_HEIGHT, DRAWN_DOWN = 0.80, 0.88, 0.12
# Every fourth picture of a set with boxes is never trained on.
HELD_OUT_SHARE = 4
# Boxes of fewer pixels say little about a face.
SMALLEST_POSITIVE = 14
FAR_IOU = 0.25
GROUPS = (
    "bare",
    "turned",
    "masked",
    "covered",
    "street",
    "street_background",
    "street_proposal",
    "beside",
    "texture",
    "mistake",
)
"""Where a patch comes from; the first five show a face."""
FACE_GROUPS = 5
# Scores of what counts as a mistake of a half-trained network, and how many are kept from one picture.
MISTAKE = (0.15, 0.97)
MISTAKES_PER_PICTURE = 20
# Shares of the faces that are shown with a drawn mask, and behind something that is none.
MASKED_SHARE = 0.36
COVERED_SHARE = 0.22


Entry = tuple[NDArray[np.uint8], str, bool]


@dataclass(frozen=True)
class Bank:
    """Patches in memory or mapped from disk.

    Attributes:
        patches: n×PATCH×PATCH×3 uint8 BGR.
        groups: n uint8, index into ``GROUPS``.
        held_out: n bool, patches for choosing, not for training.
    """

    patches: NDArray[np.uint8]
    groups: NDArray[np.uint8]
    held_out: NDArray[np.bool_]


def is_held_out(key: str) -> bool:
    """Whether a picture of a set with boxes is kept from training; depends on its path in the set only."""
    return hashlib.sha256(key.encode()).digest()[0] % HELD_OUT_SHARE == 0


def cascade_box(drawn: Box) -> Box:
    """The box that the frontal cascade would draw for a face that a person has marked."""
    side = 0.5 * (drawn.width / DRAWN_WIDTH + drawn.height / DRAWN_HEIGHT)
    x = drawn.x + drawn.width / 2 - side / 2
    y = drawn.y + drawn.height / 2 - DRAWN_DOWN * side - side / 2
    return Box(round(x), round(y), round(side), round(side))


def load_bank(fairface: Path, streets: Path, templates: Path, folder: Path, *, faces: int, seed: int) -> Bank:
    """Make the bank, or read it where the folder has one made from the same things.

    Args:
        fairface: set of face pictures, the face in the middle.
        streets: set with ``boxes.csv``.
        templates: zip of mask photographs.
        folder: where to keep it.
        faces: pictures of ``fairface`` to use.
        seed: of what is random.
    """
    faces_part = _kept(
        folder / "faces",
        [str(fairface), str(templates), faces, seed],
        lambda: _face_patches(read_dataset(fairface).limited(faces), templates, seed),
    )
    streets_part = _kept(folder / "streets", [str(streets), seed], lambda: _street_patches(read_dataset(streets), seed))
    textures = _kept(folder / "textures", [faces, seed], lambda: _textures(np.random.default_rng(seed), faces // 8))
    return _joined((faces_part, streets_part, textures))


def _joined(parts: Sequence[Bank]) -> Bank:
    return Bank(
        np.concatenate([part.patches for part in parts]),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.held_out for part in parts]),
    )


def _kept(folder: Path, made_from: list[object], make: Callable[[], Iterable[Entry]]) -> Bank:
    """Part of the bank from its folder, made first where it is not there or was made from something else."""
    files = [folder / name for name in ("patches.npy", "groups.npy", "held_out.npy", "made_from.json")]
    key = json.dumps([FORMAT, *made_from])
    if not (all(file.exists() for file in files) and files[3].read_text() == key):
        folder.mkdir(parents=True, exist_ok=True)
        entries = list(make())
        patches = np.array([entry[0] for entry in entries], np.uint8).reshape(-1, PATCH, PATCH, 3)
        np.save(files[0], patches)
        np.save(files[1], np.array([GROUPS.index(entry[1]) for entry in entries], np.uint8))
        np.save(files[2], np.array([entry[2] for entry in entries], bool))
        files[3].write_text(key)
    return Bank(np.load(files[0], mmap_mode="r"), np.load(files[1]), np.load(files[2]))


def cut_patch(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The patch around a box."""
    return crop_face(image, box, PATCH, CropSpec(PATCH_SCALE, 0.0))


def _face_patches(faces: Dataset, templates: Path, seed: int) -> Iterator[Entry]:
    frontal = cv2.CascadeClassifier(cv2.data.haarcascades + FRONTAL)
    for number, (_, image) in enumerate(faces.images()):
        rng = np.random.default_rng([seed, number])
        held_out = number % 12 == 0
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        side = min(gray.shape)
        small = cv2.resize(gray, (80, 80), interpolation=cv2.INTER_AREA)
        hits = frontal.detectMultiScale(small, 1.1, 3, minSize=(38, 38))
        found = len(hits) == 1
        box = (
            Box(*(round(float(v) * side / 80) for v in hits[0]))
            if found
            else Box(*(round(v * side) for v in (*USUAL_BOX, USUAL_BOX[2])))
        )
        yield from _beside(image, box, rng, held_out)
        group = "bare" if found else "turned"
        chance = rng.random()
        if chance < MASKED_SHARE + COVERED_SHARE:
            eyes = eye_positions(image, box)
            if chance < MASKED_SHARE:
                wear = WEARS[int(rng.choice(3, p=(0.88, 0.07, 0.05)))]
                image = draw_mask(image, box, eyes, rng, wear=wear, templates=templates)
            else:
                image = draw_occluder(image, box, eyes, rng)
            if found:
                group = "masked" if chance < MASKED_SHARE else "covered"
        yield cut_patch(_widened(image, rng), _moved(box, image.shape[1], image.shape[0])), group, held_out


def _widened(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture with a border of half its size: a tight crop must not be known by how its edge goes on."""
    height, width = image.shape[:2]
    kinds = (cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT_101, cv2.BORDER_CONSTANT)
    color = tuple(int(v) for v in rng.integers(0, 256, 3))
    kind = kinds[int(rng.choice(3, p=(0.45, 0.4, 0.15)))]
    return cv2.copyMakeBorder(image, height // 2, height // 2, width // 2, width // 2, kind, value=color)


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


def _street_patches(streets: Dataset, seed: int) -> Iterator[Entry]:
    cascades = (Cascade(FRONTAL), Cascade(FRONTAL_ALT), Cascade(PROFILE), Cascade(PROFILE, mirrored=True))
    eyes = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_eye.xml")
    for number, (sample, image) in enumerate(streets.images()):
        rng = np.random.default_rng([seed, 7, number])
        held_out = is_held_out(sample.key)
        drawn = [face.box for face in sample.boxes]
        faces = [cascade_box(box) for box in drawn]
        for box in faces:
            if box.width >= SMALLEST_POSITIVE:
                yield cut_patch(image, box), "street", held_out
        height, width = image.shape[:2]

        def far(box: Box, near: Sequence[Box] = (*faces, *drawn)) -> bool:
            return all(box.iou(face) < FAR_IOU for face in near)

        for _ in range(45):
            side = int(np.exp(rng.uniform(np.log(16), np.log(0.7 * min(height, width)))))
            box = Box(int(rng.integers(-side // 4, width)), int(rng.integers(-side // 4, height)), side, side)
            if far(box) and box.x + side / 2 < width and box.y + side / 2 < height:
                yield cut_patch(image, box), "street_background", held_out
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        picture = Pyramid(gray)
        hits = [
            hit.box.rounded for cascade in cascades for hit in cascade.find(picture, 24, min(gray.shape), neighbors=0)
        ]
        for x, y, size, _ in eyes.detectMultiScale(cv2.resize(gray, None, fx=2, fy=2), 1.1, 1, minSize=(20, 20)):
            side = size / 2 / 0.28
            for step in (-0.22, 0.22):
                center_x, center_y = (x + size / 2) / 2 + step * side, (y + size / 2) / 2 + 0.16 * side
                hits.append(Box(round(center_x - side / 2), round(center_y - side / 2), round(side), round(side)))
        wrong = [
            box
            for box in hits
            if far(box) and 0 < box.x + box.width / 2 < width and 0 < box.y + box.height / 2 < height
        ]
        for index in rng.permutation(len(wrong))[:40]:
            yield cut_patch(image, wrong[index]), "street_proposal", held_out


Scorer = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""N×INPUT×INPUT×3 crops to the probability, N, that each shows a face."""


def mistakes(
    score: Scorer, input_size: int, spec: CropSpec, streets: Dataset, faces: Dataset, seed: int
) -> Iterator[Entry]:
    """Squares without a face in pictures for training that a half-trained network takes for one.

    Scores near 1 are left out: in the street pictures those are mostly faces that nobody has marked.
    """
    sources = [(streets, sample, [cascade_box(face.box) for face in sample.boxes]) for sample in streets]
    sources = [source for source in sources if not is_held_out(source[1].key)]
    sources += [(faces, sample, []) for index, sample in enumerate(faces) if index % 12]
    for number, (dataset, sample, marked) in enumerate(sources):
        rng = np.random.default_rng([seed, 11, number])
        image = dataset.image(sample)
        height, width = image.shape[:2]
        known = [*marked, *(face.box for face in sample.boxes)]
        if not marked and dataset is faces:
            known = [Box(*(round(v * width) for v in (*USUAL_BOX, USUAL_BOX[2])))]
        boxes = [box.rounded for box in grid_boxes(width, height, max(18.0, 0.1 * min(width, height)))]
        boxes = [box for box in boxes if all(box.iou(face) < FAR_IOU for face in known)]
        boxes = [boxes[i] for i in rng.permutation(len(boxes))[:800]]
        if not boxes:
            continue
        scores = score(np.stack([crop_face(image, box, input_size, spec) for box in boxes]))
        wrong = [i for i in np.argsort(-scores) if MISTAKE[0] < scores[i] < MISTAKE[1]]
        for index in wrong[:MISTAKES_PER_PICTURE]:
            yield cut_patch(image, boxes[index]), "mistake", False


def keep_mistakes(score: Scorer, input_size: int, spec: CropSpec, bank: Bank, folder: Path, **sets: Any) -> Bank:
    """The bank with the mistakes of a half-trained network, found once and kept in a folder.

    Args:
        score: the network.
        input_size: side of its crops in pixels.
        spec: how they are cut.
        bank: what there is.
        folder: where to keep them.
        sets: ``fairface`` and ``streets``, paths; ``faces``, how many of the former; ``seed``.
    """
    streets, faces = read_dataset(sets["streets"]), read_dataset(sets["fairface"]).limited(max(1, sets["faces"] // 4))
    made_from = [str(sets["streets"]), str(sets["fairface"]), sets["faces"], sets["seed"]]
    found = _kept(folder, made_from, lambda: mistakes(score, input_size, spec, streets, faces, sets["seed"]))
    return _joined((bank, found))


def _textures(rng: np.random.Generator, count: int) -> Iterator[Entry]:
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
        yield patch, "texture", number % 12 == 0


def street_samples(path: Path, *, held_out: bool) -> tuple[Dataset, list[Sample]]:
    """The set with boxes, and its pictures that are (or are not) kept from training."""
    dataset = read_dataset(path)
    return dataset, [sample for sample in dataset if is_held_out(sample.key) == held_out]
