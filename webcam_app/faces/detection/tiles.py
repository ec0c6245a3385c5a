"""How a frame is divided for the search: levels of face sizes, and tiles of each level."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.face import Box

# Smallest face that is looked for in a frame of 480 lines, in pixels. In smaller frames it shrinks with the lines; in
# larger ones it grows a little less than they do, because more lines are partly used to see further.
SMALLEST_AT_480 = 40.0
SMALLEST = 20.0
LINES_POWER = 0.75
# Core of a tile, in windows of a cascade. Smaller tiles are smaller slices of work but overlap more.
TILE_WINDOWS = 4.5
# From one size to the next: 1, 1.2, 1.44 and 1.73 windows, then comes the next level.
STEP = 1.2
# A detector that sees only large faces searches a part of a tile at a time, this many of the tile's largest faces wide.
PART_FACES = 1.6


@dataclass(slots=True, eq=False)
class Tile:
    """A part of a frame, searched for faces of one octave of sizes, and the state of that search.

    Attributes:
        region: the part, in pixels of the frame.
        scale: pixels of the level for one of the frame, for a cascade with a window of 20.
        smallest: side of the smallest face to look for, in pixels of the frame.
        largest: side of the largest.
        prior: larger where faces are more likely or cheaper to look for.
        changed_at: time in seconds of the change that is to be searched.
        changed: the part that has changed and is to be searched; None for all of it.
        passes: quick searches since the change.
        delay: factor on the time in which it is to be searched.
        cost: windows of the next quick search.
        slow_pending: slow searches still to be done since the change.
        slow_count: slow searches so far.
        slow_searched_at: time in seconds of the last of them.
        reference: the thumbnail's cells when the first search since the change was done.
    """

    region: Box
    scale: float
    smallest: float
    largest: float
    prior: float
    changed_at: float = 0.0
    changed: Box | None = None
    passes: int = 0
    delay: float = 1.0
    cost: float = 0.0
    slow_pending: int = 0
    slow_count: int = 0
    slow_searched_at: float = 0.0
    reference: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        self.narrow(None)

    def narrow(self, changed: Box | None) -> None:
        """Search only a part from now on, or all of it again."""
        self.changed = changed
        self.cost = self.window_count(changed or self.region)

    def window_count(self, region: Box) -> float:
        """Windows that a cascade with a window of 20 tests in a region, at this tile's sizes."""
        total, side = 0.0, self.smallest
        while side < self.largest:
            window = 20 / (side * self.scale)
            width, height = region.width * self.scale * window - 20, region.height * self.scale * window - 20
            total += max(0.0, width) * max(0.0, height) / 4
            side *= STEP
        return total

    def cells(self, cell: int) -> tuple[slice, slice]:
        """The region's rows and columns in a thumbnail whose cells are so many pixels wide."""
        region = self.region
        rows = slice(region.y // cell, max(region.y // cell + 1, (region.y + region.height) // cell))
        return rows, slice(region.x // cell, max(region.x // cell + 1, (region.x + region.width) // cell))

    def part(self, index: int) -> Box:
        """A part of the region, for a detector that is too slow for all of it.

        Args:
            index: 0, 1, 2, …; successive parts cover all of the region, again and again.
        """
        side, region = round(PART_FACES * self.largest), self.region
        columns = max(1, math.ceil((region.width - self.largest) / (side - self.largest)))
        rows = max(1, math.ceil((region.height - self.largest) / (side - self.largest)))
        row, column = divmod(index % (rows * columns), columns)
        width, height = min(side, region.width), min(side, region.height)
        x = region.x + round((region.width - width) * column / max(1, columns - 1))
        y = region.y + round((region.height - height) * row / max(1, rows - 1))
        return Box(x, y, width, height)


def smallest_face(shape: tuple[int, ...]) -> float:
    """Side in pixels of the smallest face that is looked for in a frame of some height and width."""
    size = min(shape[:2]) / 480
    return max(SMALLEST, SMALLEST_AT_480 * (size if size < 1 else size**LINES_POWER))


def lay_out(shape: tuple[int, int]) -> list[Tile]:
    """The tiles of a frame.

    Args:
        shape: the frame's height and width in pixels.
    """
    tiles: list[Tile] = []
    smallest, lines = smallest_face(shape), float(min(shape))
    while smallest < lines:
        tiles += _level(shape, smallest, min(2 * smallest, lines))
        smallest *= 2
    return tiles


def _level(shape: tuple[int, int], smallest: float, largest: float) -> list[Tile]:
    height, width = shape
    scale = 20 / smallest
    core = TILE_WINDOWS * 20 / scale
    columns, rows = (max(1, math.ceil((length - largest) / core)) for length in (width, height))
    step_x, step_y = (width - largest) / columns, (height - largest) / rows
    tiles = []
    for row in range(rows):
        for column in range(columns):
            x, y = int(column * step_x), int(row * step_y)
            right, bottom = math.ceil((column + 1) * step_x + largest), math.ceil((row + 1) * step_y + largest)
            region = Box(x, y, min(right, width) - x, min(bottom, height) - y)
            center = FaceBox.of(region)
            # Heads are rather in the upper middle of a webcam's image, and large faces are cheap to look for.
            prior = math.log2(smallest) - abs(center.x / width - 0.5) - max(0.0, center.y / height - 0.4)
            tiles.append(Tile(region, scale, smallest, largest, prior))
    return tiles
