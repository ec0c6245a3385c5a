"""Looking for faces with the face network alone, square by square: it sees masked faces to which cascades are blind."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner

# Between squares of a grid, in their sides, and the factor between sizes: every face is then within a fifth of its side
# of a square and at most 1.2 times as large or small, which the network corrects in one look.
GRID_STEP = 0.3
GRID_RATIO = 1.41
GRID_LARGEST = 1.1
# Score of a square that is worth a second look.
GRID_TRACE = 0.1
# In a video: smallest squares of the grid in the frame's shorter sides, looks in a second, at most so many in a frame
# (24 take 0.7 ms), score of a square that is worth following up, and how many are at each frame. Every square of
# a frame of 640x480 has its turn within 7 seconds, those of 130 px and more within 1.5.
LIVE_SMALLEST = 64 / 480
LIVE_LOOKS_SECOND = 240.0
LIVE_LOOKS = 24
LIVE_TRACE = 0.9
LIVE_MOST = 2


def grid_places(width: int, height: int, smallest: float) -> list[FaceBox]:
    """Squares that cover a picture so that every face of at least some size is near one of them, by size.

    Args:
        width: of the picture, in pixels.
        height: of the picture.
        smallest: side of the smallest square in pixels.
    """
    places = []
    side = smallest
    while side < GRID_LARGEST * min(width, height):
        columns = max(1, math.ceil((width - 0.6 * side) / (GRID_STEP * side)))
        rows = max(1, math.ceil((height - 0.6 * side) / (GRID_STEP * side)))
        xs = np.linspace(0.3 * side, width - 0.3 * side, columns + 1)
        ys = np.linspace(0.3 * side, height - 0.3 * side, rows + 1)
        places += [FaceBox(float(x), float(y), side) for y in ys for x in xs]
        side *= GRID_RATIO
    return places


def scan(
    verifier: BoxRefiner,
    image: NDArray[np.uint8],
    places: Sequence[FaceBox],
    *,
    trace: float = GRID_TRACE,
    fast: bool = False,
) -> list[FaceBox]:
    """Look at many squares of a few sizes with the network alone.

    Args:
        verifier: the network.
        image: H×W×3 uint8 BGR; not changed.
        places: squares, those of one side one after the other, as ``grid_places`` gives them.
        trace: least score of a square that is worth a second look.
        fast: resize by interpolation only, four times as fast as by area.

    Returns:
        Where the squares with a trace of a face say that it is, the likeliest first.

    Raises:
        InferenceError: the network failed.
    """
    size, spec = verifier.input_size, verifier.crop
    crops, cut = [], []
    resized, side, scale = image, 0.0, 1.0
    for place in places:
        if place.side != side:
            side = place.side
            scale = size / (side * spec.scale)
            new = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
            halving = 2 if fast and scale <= 0.5 else 1
            by_area = scale < 1 and not fast
            smaller = cv2.resize(
                image[::halving, ::halving], new, interpolation=cv2.INTER_AREA if by_area else cv2.INTER_LINEAR
            )
            resized = cv2.copyMakeBorder(smaller, size, size, size, size, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
        x = round(place.x * scale + size / 2)
        y = round((place.y + spec.shift_down * side) * scale + size / 2)
        crop = resized[y : y + size, x : x + size]
        if crop.shape[:2] == (size, size):
            crops.append(crop)
            cut.append(place)
    found = verifier.look_at_crops(crops, cut, trace)
    return [verdict.place for verdict in sorted(found, key=lambda verdict: -verdict.score)]


class GridScan:
    """The scan of a video in slices: some squares of the grid at each frame, large faces first. Not thread-safe."""

    def __init__(self, verifier: BoxRefiner) -> None:
        """Prepare.

        Args:
            verifier: the network.
        """
        self._verifier = verifier
        self.reset()

    def reset(self) -> None:
        """Begin again with the largest squares."""
        self._shape = (0, 0)
        self._places: list[FaceBox] = []
        self._next = 0
        self._due = 0.0
        self._time = math.inf

    def work(
        self, image: NDArray[np.uint8], time: float, known: Sequence[FaceBox] = (), *, idle: bool = True
    ) -> list[FaceBox]:
        """Do this frame's slice, or leave it for a frame in which there is less to do.

        Args:
            image: H×W×3 uint8 BGR, the frame; not changed.
            time: the frame's time in seconds.
            known: faces that are followed; squares inside them are skipped.
            idle: whether this frame has cost little so far.

        Returns:
            Places that look much like a face, corrected, the likeliest first; some hold none.

        Raises:
            InferenceError: the network failed.
        """
        self._due = min(self._due + LIVE_LOOKS_SECOND * max(0.0, time - self._time), 3.0 * LIVE_LOOKS)
        self._time = time
        if self._due < 1 or not (idle or self._due >= 2 * LIVE_LOOKS):
            return []
        height, width = image.shape[:2]
        if (height, width) != self._shape:
            self._shape = (height, width)
            self._places = grid_places(width, height, LIVE_SMALLEST * min(height, width))[::-1]
            self._next = 0
        chosen = self._choose(known, min(int(self._due), LIVE_LOOKS))
        self._due -= len(chosen)
        if not chosen:
            return []
        # Only the stripe of the frame in which the squares lie is resized.
        reach = chosen[0].side * (self._verifier.crop.scale / 2 + abs(self._verifier.crop.shift_down))
        top = max(0, int(min(place.y for place in chosen) - reach))
        bottom = math.ceil(max(place.y for place in chosen) + reach)
        moved = [place._replace(y=place.y - top) for place in chosen]
        found = scan(self._verifier, image[top:bottom], moved, trace=LIVE_TRACE, fast=True)
        return [place._replace(y=place.y + top) for place in found[:LIVE_MOST]]

    def _choose(self, known: Sequence[FaceBox], most: int) -> list[FaceBox]:
        """The next squares, all of one size."""
        chosen: list[FaceBox] = []
        while self._next < len(self._places) and len(chosen) < most:
            place = self._places[self._next]
            if chosen and place.side != chosen[0].side:
                break
            self._next += 1
            if not any(math.hypot(place.x - face.x, place.y - face.y) < 0.5 * face.side for face in known):
                chosen.append(place)
        if self._next >= len(self._places):
            self._next = 0
        return chosen
