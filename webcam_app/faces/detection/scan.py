"""Search by the refiner alone, over a grid of squares: it finds masked faces that every cascade misses."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.matching import is_inside

# Between squares of a grid, in their sides, and the factor between sizes: every face is then within a fifth of its side
# of a square and at most 1.2 times as large or small, which the refiner corrects in one step.
GRID_STEP = 0.3
GRID_RATIO = 1.41
GRID_LARGEST = 1.1
# Score of a square that is worth another step.
GRID_MIN_SCORE = 0.1
# In a video: side of the smallest squares in the frame's shorter sides; squares a second, and at most in one frame (24
# take 0.7 ms); score of a square that makes a proposal, and proposals at most in one frame. Every square of a frame of
# 640x480 has its turn within 7 seconds, those of 130 px and more within 1.5.
LIVE_SMALLEST = 64 / 480
LIVE_SQUARES_PER_SECOND = 240.0
LIVE_SQUARES = 24
LIVE_MIN_SCORE = 0.9
LIVE_PROPOSALS = 2


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


def scan(
    refiner: BoxRefiner,
    image: NDArray[np.uint8],
    boxes: Sequence[FaceBox],
    *,
    min_score: float = GRID_MIN_SCORE,
    fast: bool = False,
) -> list[FaceBox]:
    """Score many squares of a few sizes.

    Args:
        refiner: the network.
        image: H×W×3 uint8 BGR; not changed.
        boxes: the squares, those of one side one after the other, as ``grid_boxes`` gives them.
        min_score: squares with a lower score are left out.
        fast: resize by interpolation only, four times as fast as by area.

    Returns:
        The corrected boxes of the others, best score first.

    Raises:
        InferenceError: the network failed.
    """
    size, spec = refiner.input_size, refiner.crop
    crops, cut = [], []
    resized, side, scale = image, 0.0, 1.0
    for box in boxes:
        if box.side != side:
            side = box.side
            scale = size / (side * spec.scale)
            new = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
            halving = 2 if fast and scale <= 0.5 else 1
            by_area = scale < 1 and not fast
            smaller = cv2.resize(
                image[::halving, ::halving], new, interpolation=cv2.INTER_AREA if by_area else cv2.INTER_LINEAR
            )
            resized = cv2.copyMakeBorder(smaller, size, size, size, size, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
        x = round(box.x * scale + size / 2)
        y = round((box.y + spec.shift_down * side) * scale + size / 2)
        crop = resized[y : y + size, x : x + size]
        if crop.shape[:2] == (size, size):
            crops.append(crop)
            cut.append(box)
    found = refiner.refine_crops(crops, cut, min_score)
    return [scored.box for scored in sorted(found, key=lambda scored: -scored.score)]


class GridScan:
    """The scan of a video in slices: some squares of the grid at each frame, large faces first. Not thread-safe."""

    def __init__(self, refiner: BoxRefiner) -> None:
        """Prepare.

        Args:
            refiner: the network.
        """
        self._refiner = refiner
        self.reset()

    def reset(self) -> None:
        """Begin again with the largest squares."""
        self._shape = (0, 0)
        self._boxes: list[FaceBox] = []
        self._next = 0
        self._due = 0.0
        self._time = math.inf

    def search(
        self, image: NDArray[np.uint8], time: float, known: Sequence[FaceBox] = (), *, idle: bool = True
    ) -> list[FaceBox]:
        """Do this frame's slice, or leave it for a frame in which there is less to do.

        Args:
            image: H×W×3 uint8 BGR, the frame; not changed.
            time: the frame's time in seconds.
            known: faces that are followed; squares inside them are skipped.
            idle: whether this frame has cost little so far.

        Returns:
            Proposals: corrected boxes with a high score, best first; some hold no face.

        Raises:
            InferenceError: the network failed.
        """
        self._due = min(self._due + LIVE_SQUARES_PER_SECOND * max(0.0, time - self._time), 3.0 * LIVE_SQUARES)
        self._time = time
        if self._due < 1 or not (idle or self._due >= 2 * LIVE_SQUARES):
            return []
        height, width = image.shape[:2]
        if (height, width) != self._shape:
            self._shape = (height, width)
            self._boxes = grid_boxes(width, height, LIVE_SMALLEST * min(height, width))[::-1]
            self._next = 0
        chosen = self._choose(known, min(int(self._due), LIVE_SQUARES))
        self._due -= len(chosen)
        if not chosen:
            return []
        # Only the stripe of the frame in which the squares lie is resized.
        reach = chosen[0].side * (self._refiner.crop.scale / 2 + abs(self._refiner.crop.shift_down))
        top = max(0, int(min(box.y for box in chosen) - reach))
        bottom = math.ceil(max(box.y for box in chosen) + reach)
        shifted = [box._replace(y=box.y - top) for box in chosen]
        found = scan(self._refiner, image[top:bottom], shifted, min_score=LIVE_MIN_SCORE, fast=True)
        return [box._replace(y=box.y + top) for box in found[:LIVE_PROPOSALS]]

    def _choose(self, known: Sequence[FaceBox], limit: int) -> list[FaceBox]:
        """The next squares, all of one size."""
        chosen: list[FaceBox] = []
        while self._next < len(self._boxes) and len(chosen) < limit:
            box = self._boxes[self._next]
            if chosen and box.side != chosen[0].side:
                break
            self._next += 1
            if not any(is_inside(box, face) for face in known):
                chosen.append(box)
        if self._next >= len(self._boxes):
            self._next = 0
        return chosen
