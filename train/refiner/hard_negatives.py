"""Hard-negative mining: squares without a face that a half-trained network takes for one join the bank.

As in Sung and Poggio 1998, 'Example-based learning for view-based human face detection'.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.data.cascade_boxes import cascade_box, usual_box
from train.data.held_out import is_held_out
from train.readers import Dataset, Sample, read_dataset
from train.refiner.bank import FAR_IOU, Bank, Entry, cut_patch, joined, kept_part
from train.refiner.patches import HELD_OUT_EVERY, PatchSources
from train.refiner.samples import CROP, INPUT
from webcam_app.faces.box import FaceBox
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import crop_face

# Scores of what counts as a hard negative; scores near 1 are left out: in the street photographs those are mostly faces
# that nobody has marked.
SCORES = (0.15, 0.97)
# How many are looked at, and kept at most, in one picture.
LOOKED_AT = 800
KEPT = 20
# Of the portraits this share is searched.
PORTRAIT_SHARE = 0.25

# Between squares of a grid, in their sides, and the factor between sizes: every face is then within a fifth of its side
# of a square and at most 1.2 times as large or small.
GRID_STEP = 0.3
GRID_RATIO = 1.41
GRID_LARGEST = 1.1

Scorer = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""N×INPUT×INPUT×3 uint8 BGR crops to the probability, N, that each shows a face."""


def add_hard_negatives(bank: Bank, score: Scorer, sources: PatchSources, folder: Path) -> Bank:
    """The bank with the hard negatives of a half-trained network, found once and kept in a folder.

    Args:
        bank: what there is.
        score: the network.
        sources: the pictures to search.
        folder: where to keep what is found.
    """
    streets = read_dataset(sources.streets)
    portraits = read_dataset(sources.portraits).limited(max(1, int(sources.count * PORTRAIT_SHARE)))
    made_from = [str(sources.streets), str(sources.portraits), sources.count, sources.seed]
    found = kept_part(folder, made_from, lambda: hard_negatives(score, streets, portraits, sources.seed))
    return joined((bank, found))


def hard_negatives(score: Scorer, streets: Dataset, portraits: Dataset, seed: int) -> Iterator[Entry]:
    """Squares without a face, in pictures for training, that a network takes for one."""
    searched: list[tuple[Dataset, Sample]] = [(streets, each) for each in streets if not is_held_out(each.key)]
    searched += [(portraits, each) for index, each in enumerate(portraits) if index % HELD_OUT_EVERY]
    for number, (dataset, sample) in enumerate(searched):
        rng = np.random.default_rng([seed, 11, number])
        image = dataset.image(sample)
        height, width = image.shape[:2]
        faces = [usual_box(width, height)] if dataset is portraits else _marked(sample)
        boxes = [box.rounded for box in grid_boxes(width, height, max(18.0, 0.1 * min(width, height)))]
        boxes = [box for box in boxes if all(box.iou(face) < FAR_IOU for face in faces)]
        boxes = [boxes[i] for i in rng.permutation(len(boxes))[:LOOKED_AT]]
        if not boxes:
            continue
        scores = score(np.stack([crop_face(image, box, INPUT, CROP) for box in boxes]))
        wrong = [i for i in np.argsort(-scores) if SCORES[0] < scores[i] < SCORES[1]]
        for index in wrong[:KEPT]:
            yield cut_patch(image, boxes[index]), "hard_negative", False


def grid_boxes(width: int, height: int, smallest: float) -> list[FaceBox]:
    """Squares that cover a picture so that every face of at least some size is near one of them, by size.

    Args:
        width: of the picture, in pixels.
        height: of the picture.
        smallest: side of the smallest square in pixels.
    """
    boxes = []
    side = smallest
    while side < GRID_LARGEST * min(width, height):
        columns = max(1, math.ceil((width - 0.6 * side) / (GRID_STEP * side)))
        rows = max(1, math.ceil((height - 0.6 * side) / (GRID_STEP * side)))
        xs = np.linspace(0.3 * side, width - 0.3 * side, columns + 1)
        ys = np.linspace(0.3 * side, height - 0.3 * side, rows + 1)
        boxes += [FaceBox(float(x), float(y), side) for y in ys for x in xs]
        side *= GRID_RATIO
    return boxes


def _marked(sample: Sample) -> list[Box]:
    """The faces of a photograph as they were drawn, and as the cascade would draw them."""
    drawn = [face.box for face in sample.boxes]
    return [*(cascade_box(box) for box in drawn), *drawn]
