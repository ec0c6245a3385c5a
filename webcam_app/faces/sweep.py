"""The search for new faces: the whole frame, in slices, first where something has changed.

The frame is covered by levels, each a picture half as large as the last and searched for faces of one octave of sizes,
and every level by overlapping tiles. One tile searched by one cascade is a slice, the unit of work. Each frame pays for
some slices: tiles in which enough has changed to be a face come first and are due within ``FIND_SECONDS``; the others
are searched again once in ``REFRESH_SECONDS``, by more cascades.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.cascades import Hit
from webcam_app.faces.face import Box
from webcam_app.faces.place import Place
from webcam_app.faces.pyramid import Pyramid

# Smallest face that is looked for in a frame of 480 lines, in pixels. In smaller frames it shrinks with the lines; in
# larger ones it grows with their root, because more lines are partly used to see further.
SMALLEST_AT_480 = 40.0
SMALLEST = 20.0
# Core of a tile, in windows. Smaller tiles follow changes more closely but overlap more.
TILE_WINDOWS = 6.5
# From one size to the next: 1, 1.2, 1.44 and 1.73 windows, then comes the next level.
STEP = 1.2
# A detector with a window larger than this sees only large faces and is slow for it; it searches a part of a tile at a
# time, this many of the tile's largest faces wide, and nothing that would have to be enlarged.
WIDE_WINDOW = 40
PART_FACES = 1.6
# Seconds after a change in which each of the cascades in turn has searched there. What moves all the time is searched
# by the first two over and over, and by one of the others in each round.
FIND_SECONDS = (0.12, 0.25, 0.5)
REFRESH_SECONDS = 4.0
# The work of one frame at 480 lines is bounded, in window positions: about 6,000 take a millisecond.
MOST_PER_FRAME = 12_000.0
# After a start or a cut nothing is known, so a frame may do more.
MOST_AT_START = 30_000.0
# Grey levels by which a cell of the thumbnail must differ to count as changed: above sensor noise after averaging.
CHANGED_LEVELS = 7.0
# Share of the smallest face's cells that must have changed.
CHANGED_SHARE = 0.2
# Grey levels between the darkest and brightest cell of a tile below which there is no face in it: a blank wall.
FLAT_LEVELS = 6.0
# Side of a thumbnail's cell in pixels of a frame of 480 lines.
CELL_AT_480 = 8
# Correlation of a thumbnail with the one before, below which the scene was cut. A wave of the hand leaves 0.9.
CUT_CORRELATION = 0.5
# Frames further apart than this are planned for as if they were not: the work of a frame stays bounded.
LONGEST_INTERVAL = 0.1


@dataclass(slots=True, eq=False)
class _Tile:
    region: Box
    scale: float  # level pixels to a frame pixel, for a cascade with a window of 20
    smallest: float
    largest: float
    cells: tuple[slice, slice]
    needed_cells: float
    prior: float
    changed_at: float
    cost: float = 0.0  # window positions of the next search
    round: int = 0
    passes: int = 0  # searches of this round
    changed: Box | None = None  # the part that has changed and is searched in this round; None for all of it
    swept_at: float = -math.inf
    reference: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        self.narrow(None)

    def narrow(self, changed: Box | None) -> None:
        """Search only a part from now on, or all of it again."""
        self.changed = changed
        self.cost = _positions(changed or self.region, self.scale, self.smallest, self.largest)


class Detector(Protocol):
    """What a sweep searches with: ``Cascade``, or something that can stand in for one."""

    window: int

    def find(
        self,
        picture: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 3,
    ) -> list[Hit]:
        """See ``Cascade.find``."""


class Sweep:
    """Plans and does the slices: ``look`` at each frame, then ``work``. Not thread-safe."""

    def __init__(self, cascades: Sequence[Detector], *, neighbors: int = 1) -> None:
        """Prepare.

        Args:
            cascades: those to search with, best first; at least one.
            neighbors: raw windows that must agree with one. Hits are proposals to be confirmed: the better the means to
                confirm them, the lower this can be.
        """
        self._cascades = cascades
        self._neighbors = neighbors
        self.reset()

    def reset(self) -> None:
        """Forget what was seen: the next frame starts anew."""
        self._shape = (0, 0)
        self._tiles: list[_Tile] = []
        self._thumb: NDArray[np.float32] = np.zeros((1, 1), np.float32)
        self._halvings = 0
        self._cell = 1
        self._time = 0.0
        self._interval = 0.0
        self._credit = 0.0

    def look(self, picture: Pyramid, time: float) -> bool:
        """See what has changed since the last frame.

        Args:
            picture: the whole frame, grey.
            time: the frame's time in seconds.

        Returns:
            Whether this frame has nothing to do with the last one: a cut, or another size. Then all is forgotten.
        """
        shape = (picture.height, picture.width)
        started = shape != self._shape
        if started:
            self._lay_out(shape)
        thumb = self._thumbnail(picture)
        cut = started or _correlation(thumb, self._thumb) < CUT_CORRELATION
        self._interval = min(max(time - self._time, 0.0), LONGEST_INTERVAL)
        self._thumb, self._time = thumb, time
        if cut:
            for tile in self._tiles:
                tile.changed_at, tile.passes, tile.reference = time, 0, None
                tile.narrow(None)
            self._credit = self._most(MOST_AT_START)
        return cut

    def work(self, picture: Pyramid, known: Sequence[Place] = ()) -> list[Hit]:
        """Do this frame's slices.

        Args:
            picture: the frame that ``look`` saw.
            known: places of the faces that are followed: what changes there calls for no search.

        Returns:
            Places where a face may be, in pixels of the frame.
        """
        self._mark_changed(known)
        most = self._most(MOST_PER_FRAME)
        pending = [tile for tile in self._tiles if tile.passes < len(FIND_SECONDS)]
        share = sum(tile.cost for tile in self._tiles) * self._interval / REFRESH_SECONDS
        share += sum(tile.cost * self._interval / FIND_SECONDS[tile.passes] for tile in pending)
        if self._credit <= most:
            self._credit = min(self._credit + share, most)
        pending.sort(key=lambda tile: tile.changed_at + FIND_SECONDS[tile.passes] - 0.05 * tile.prior)
        idle = sorted(
            (tile for tile in self._tiles if tile.passes >= len(FIND_SECONDS)), key=lambda tile: tile.swept_at
        )
        hits: list[Hit] = []
        for tile in (*pending, *idle):
            if self._credit <= tile.cost / 2:
                break
            hits += self._search(picture, tile)
        self._credit = min(self._credit, most)
        return hits

    def _search(self, picture: Pyramid, tile: _Tile) -> list[Hit]:
        cascade, region, cost = self._cascade(tile), tile.changed or tile.region, tile.cost
        cells = self._thumb[tile.cells]
        if tile.passes == 0 or tile.reference is None:
            tile.reference = cells.copy()
        tile.passes += 1
        tile.swept_at = self._time
        if tile.passes >= len(FIND_SECONDS):
            tile.narrow(None)
            tile.round += 1
        scale = tile.scale * cascade.window / 20
        if cascade.window > WIDE_WINDOW:
            region = _part(region, tile)
            cost = 0.0 if scale > 1 else _positions(region, tile.scale, tile.smallest, tile.largest)
        if cost == 0.0 or float(np.ptp(cells)) < FLAT_LEVELS:
            return []
        self._credit -= cost * (cascade.window / 20) ** 2
        return cascade.find(
            picture,
            tile.smallest,
            tile.largest,
            region=region,
            scale=scale,
            step=STEP,
            neighbors=self._neighbors,
        )

    def _cascade(self, tile: _Tile) -> Detector:
        """The one whose turn it is: the first, the second, then one of the rest, another in each round."""
        urgent = min(len(FIND_SECONDS), len(self._cascades)) - 1
        if tile.passes < urgent:
            return self._cascades[tile.passes]
        if tile.passes < len(FIND_SECONDS):
            return self._cascades[urgent + tile.round % (len(self._cascades) - urgent)]
        return self._cascades[(tile.passes + tile.round) % len(self._cascades)]

    def _mark_changed(self, known: Sequence[Place]) -> None:
        ignored = np.zeros(self._thumb.shape, bool)
        for place in known:
            x, y, reach = place.x / self._cell, place.y / self._cell, 0.7 * place.side / self._cell
            ignored[max(0, int(y - reach)) : math.ceil(y + reach), max(0, int(x - reach)) : math.ceil(x + reach)] = True
        for tile in self._tiles:
            if tile.reference is None or 0 < tile.passes < len(FIND_SECONDS):
                continue
            changed = (np.abs(self._thumb[tile.cells] - tile.reference) > CHANGED_LEVELS) & ~ignored[tile.cells]
            if np.count_nonzero(changed) < tile.needed_cells:
                continue
            if tile.passes:
                tile.changed_at, tile.passes = self._time, 0
            tile.narrow(self._around(changed, tile))

    def _around(self, changed: NDArray[np.bool_], tile: _Tile) -> Box:
        """The part of a tile in which a face would have to be, if it is at least half in what has changed."""
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        top, left = tile.cells[0].start + rows[0], tile.cells[1].start + columns[0]
        bottom, right = tile.cells[0].start + rows[-1] + 1, tile.cells[1].start + columns[-1] + 1
        reach = tile.largest / 2
        x0 = max(tile.region.x, int(left * self._cell - reach))
        y0 = max(tile.region.y, int(top * self._cell - reach))
        x1 = min(tile.region.x + tile.region.width, math.ceil(right * self._cell + reach))
        y1 = min(tile.region.y + tile.region.height, math.ceil(bottom * self._cell + reach))
        return Box(x0, y0, x1 - x0, y1 - y0)

    def _most(self, at_480: float) -> float:
        """A bound of a frame's work, larger for larger frames: those have more to search in the same time."""
        return at_480 * min(max(1.0, min(self._shape) / 480), 2.5)

    def _thumbnail(self, picture: Pyramid) -> NDArray[np.float32]:
        thumb = picture.level(self._halvings).astype(np.float32)
        # Automatic exposure changes the whole picture by the same amount; that is no news.
        thumb -= thumb.mean()
        return thumb

    def _lay_out(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        lines = min(shape)
        self._halvings = max(1, round(math.log2(CELL_AT_480 * lines / 480)))
        self._cell = 2**self._halvings
        self._tiles = []
        smallest = smallest_face(shape)
        level = 0
        while smallest < lines:
            self._tiles += self._level(level, smallest, min(2 * smallest, lines))
            smallest, level = 2 * smallest, level + 1

    def _level(self, level: int, smallest: float, largest: float) -> list[_Tile]:
        height, width = self._shape
        scale = 20 / smallest
        core = TILE_WINDOWS * 20 / scale
        columns = max(1, math.ceil((width - largest) / core))
        rows = max(1, math.ceil((height - largest) / core))
        step_x, step_y = (width - largest) / columns, (height - largest) / rows
        tiles = []
        for row in range(rows):
            for column in range(columns):
                x, y = int(column * step_x), int(row * step_y)
                right, bottom = math.ceil((column + 1) * step_x + largest), math.ceil((row + 1) * step_y + largest)
                region = Box(x, y, min(right, width) - x, min(bottom, height) - y)
                center = Place.of(region)
                # Heads are rather in the upper middle of a webcam's picture, and large faces are cheap to look for.
                prior = level - abs(center.x / width - 0.5) - max(0.0, center.y / height - 0.4)
                tiles.append(
                    _Tile(
                        region=region,
                        scale=scale,
                        smallest=smallest,
                        largest=largest,
                        cells=self._cells(region),
                        needed_cells=max(1.0, CHANGED_SHARE * (smallest / self._cell) ** 2),
                        prior=prior,
                        changed_at=self._time,
                    )
                )
        return tiles

    def _cells(self, region: Box) -> tuple[slice, slice]:
        cell = self._cell
        rows = slice(int(region.y / cell), max(int(region.y / cell) + 1, int((region.y + region.height) / cell)))
        columns = slice(int(region.x / cell), max(int(region.x / cell) + 1, int((region.x + region.width) / cell)))
        return rows, columns


def _part(region: Box, tile: _Tile) -> Box:
    """A part of a tile's region, another in each round."""
    side = round(PART_FACES * tile.largest)
    columns = max(1, math.ceil((region.width - tile.largest) / (side - tile.largest)))
    rows = max(1, math.ceil((region.height - tile.largest) / (side - tile.largest)))
    # Successive rounds are seen by different detectors, so the part must not advance in step with them.
    row, column = divmod((tile.round + tile.passes) // 2 % (rows * columns), columns)
    width, height = min(side, region.width), min(side, region.height)
    x = region.x + round((region.width - width) * column / max(1, columns - 1))
    y = region.y + round((region.height - height) * row / max(1, rows - 1))
    return Box(x, y, width, height)


def smallest_face(shape: tuple[int, ...]) -> float:
    """Side in pixels of the smallest face that is looked for in a frame of some height and width."""
    size = min(shape[:2]) / 480
    return max(SMALLEST, SMALLEST_AT_480 * (size if size < 1 else math.sqrt(size)))


def _positions(region: Box, scale: float, smallest: float, largest: float) -> float:
    """Window positions that a cascade with a window of 20 tests in a tile."""
    total, side = 0.0, smallest
    while side < largest:
        window = 20 / (side * scale)
        total += max(0.0, region.width * scale * window - 20) * max(0.0, region.height * scale * window - 20) / 4
        side *= STEP
    return total


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Of two thumbnails, whose mean is 0 each; 0 where their sizes differ."""
    if first.shape != second.shape:
        return 0.0
    a, b = first.ravel(), second.ravel()
    norm = math.sqrt(float(a @ a) * float(b @ b))
    # Two blank pictures are alike.
    return 1.0 if norm < 1e-3 * a.size else float(a @ b) / norm
