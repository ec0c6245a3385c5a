"""The search for new faces: the whole frame, spread over many frames, first where something has changed.

The frame is divided into levels, each for faces of one octave of sizes, and each level into overlapping tiles. One tile
searched by one detector is a slice, and each frame has a budget for some slices. Tiles in which enough has changed to
be a face are searched by the quick detectors within ``FIND_SECONDS``, again and again while the change goes on. The
slow detectors come after them, and now and then search what does not change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection
from webcam_app.faces.detection.cuts import is_cut
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.tiles import STEP, Tile, lay_out
from webcam_app.faces.face import Box

# Seconds from a change to its search by each of the quick cascades.
FIND_SECONDS = (0.15, 0.4)
# On the body below a known face, where hands move all the time and new faces are rare, it may take this many times
# longer.
BODY_DELAY = 2.5
# The body, in sides of the face: half its width, and how far it reaches below the face's centre.
BODY_WIDTH = 2.0
BODY_HEIGHT = 6.0
# Seconds between two comparisons of the frame with what was searched.
COMPARE_SECONDS = 0.05
# Seconds in which the slow detectors search what has changed, and everything.
SLOW_SECONDS = 1.5
REFRESH_SECONDS = 8.0
# Budget of a frame at 30 frames a second and 480 lines, in windows of a cascade: about 4,000 take a millisecond.
FRAME_BUDGET = 11_000.0
# Budget of the first frame after a start or a cut, when nothing is known.
START_BUDGET = 18_000.0
# A slice that costs more has a frame to itself.
SMALL_COST = 2_000.0
# Where frames are at least this far apart, each has time for more, and nothing is put off to the next.
LOW_RATE_SECONDS = 0.05
# A detector with a window larger than this sees only large faces and is slow for it: it searches a part of a tile at a
# time, and nothing that would have to be enlarged.
WIDE_WINDOW = 40
# Its window in pixels of the frame's faces: above, the image would have to be enlarged; below are faces so large that a
# slice takes ten milliseconds, and the refiner's scan comes by within two seconds.
WIDE_SCALES = (10.0, 20.0)
# Grey levels by which a cell of the thumbnail must differ to count as changed: above sensor noise after averaging.
CHANGED_LEVELS = 7.0
# Share of the smallest face's cells that must have changed.
CHANGED_SHARE = 0.3
# Grey levels between the darkest and brightest cell of a tile below which there is no face in it: a blank wall.
FLAT_LEVELS = 6.0
# Side of a thumbnail's cell in pixels of a frame of 480 lines.
CELL_AT_480 = 8
# Seconds by which faces that are twice as large are searched sooner: that costs a quarter.
LARGE_FIRST_SECONDS = 0.1
LARGE_FIRST_SLOW_SECONDS = 0.7
# Longer intervals between frames count as this, so that the work of a frame stays bounded.
LONGEST_INTERVAL = 0.1
# Cost of a slow detector's window on average, relative to a cascade with a window of 20.
SLOW_RELATIVE_COST = 2.0


class Detector(Protocol):
    """What a sweep searches with: ``Cascade``, or something that can stand in for one."""

    window: int

    def find(
        self,
        pyramid: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 3,
    ) -> list[Detection]:
        """See ``Cascade.find``."""


class Sweep:
    """Plans and searches the slices: ``update`` with each frame, then ``search``. Not thread-safe."""

    def __init__(
        self,
        quick: Sequence[Detector],
        slow: Sequence[Detector],
        *,
        neighbors: int = 1,
        find_seconds: Sequence[float] = FIND_SECONDS,
    ) -> None:
        """Prepare.

        Args:
            quick: those that search what has changed, in this order; at most as many as ``find_seconds``.
            slow: those that come after them; may be none.
            neighbors: raw windows that must agree with one. Detections are proposals: the better they are checked
                afterwards, the lower this can be.
            find_seconds: from a change to its search by each of the quick detectors.
        """
        self._find_seconds = find_seconds
        self._quick, self._slow = quick, slow
        # NumPy prepares this at its first use, which would hold up a frame.
        np.median(np.zeros((20, 27), np.float32))
        self._neighbors = neighbors
        self.reset()

    def reset(self) -> None:
        """Forget what was seen: the next frame starts anew."""
        self._shape = (0, 0)
        self._tiles: list[Tile] = []
        self._thumb: NDArray[np.float32] = np.zeros((1, 1), np.float32)
        self._halvings = 0
        self._cell = 1
        self._exposure = 0.0  # grey levels by which the image has become brighter since the start
        self._time = 0.0
        self._compared_at = -math.inf
        self._interval = 0.0
        self._waited = 0.0  # seconds since the last quick search
        # Windows that may be tested, by quick and by slow detectors.
        self._budget = self._slow_budget = 0.0

    def update(self, pyramid: Pyramid, time: float) -> bool:
        """Take the next frame.

        Args:
            pyramid: the whole frame.
            time: the frame's time in seconds.

        Returns:
            Whether this frame has nothing to do with the last one: a cut, or another size. Then all is forgotten.
        """
        shape = (pyramid.height, pyramid.width)
        started = shape != self._shape
        if started:
            self._shape = shape
            self._tiles = lay_out(shape)
            self._halvings = max(1, round(math.log2(max(2.0, CELL_AT_480 * min(shape) / 480))))
            self._cell = 2**self._halvings
            self._exposure = 0.0
        thumb = pyramid.level(self._halvings).astype(np.float32)
        if not started:
            # Automatic exposure changes the whole image by about the same: no change. A sample is enough.
            self._exposure += float(np.median((thumb - self._exposure - self._thumb)[::3, ::3]))
        thumb -= np.float32(self._exposure)
        cut = started or is_cut(self._thumb, thumb)
        self._interval = min(max(time - self._time, 0.0), LONGEST_INTERVAL)
        self._waited += self._interval
        self._thumb, self._time = thumb, time
        if cut:
            for tile in self._tiles:
                tile.reference = None
                self._request_search(tile, None)
            self._budget, self._slow_budget = START_BUDGET, 0.0
        return cut

    def search(self, pyramid: Pyramid, known: Sequence[FaceBox] = ()) -> list[Detection]:
        """Search this frame's slices.

        Args:
            pyramid: the frame that ``update`` took.
            known: faces that are followed: what changes there is not searched.

        Returns:
            Proposals, in pixels of the frame.
        """
        self._mark_changed(known)
        detections, cost = self._search_slow(pyramid) if self._slow else ([], 0.0)
        if cost > SMALL_COST and self._interval < LOW_RATE_SECONDS and all(tile.passes for tile in self._tiles):
            return detections  # a second search of what has changed can wait for the next frame
        return detections + self._search_quick(pyramid)

    def _search_quick(self, pyramid: Pyramid) -> list[Detection]:
        limit = self._scaled_budget(FRAME_BUDGET)
        pending = [tile for tile in self._tiles if tile.passes < len(self._quick)]
        share = sum(tile.cost * self._waited / (self._find_seconds[tile.passes] * tile.delay) for tile in pending)
        self._waited = 0.0
        if self._budget <= limit:
            self._budget = min(self._budget + share, limit)
        pending.sort(
            key=lambda tile: (
                tile.changed_at + self._find_seconds[tile.passes] * tile.delay - LARGE_FIRST_SECONDS * tile.prior
            )
        )
        detections: list[Detection] = []
        for tile in pending:
            detector = self._quick[tile.passes]
            if self._budget < 0.7 * tile.cost * _relative_cost(detector):
                break
            region, cost = tile.changed or tile.region, tile.cost
            if tile.passes == 0 or tile.reference is None:
                tile.reference = self._thumb[tile.cells(self._cell)].copy()
            tile.passes += 1
            if tile.passes >= len(self._quick):
                tile.narrow(None)
            if not self._is_flat(tile):
                self._budget -= cost * _relative_cost(detector)
                detections += self._find(pyramid, detector, tile, region)
        if not pending:
            self._budget = 0.0
        return detections

    def _search_slow(self, pyramid: Pyramid) -> tuple[list[Detection], float]:
        """One slice at most, once its cost is saved up: its detections, and what it cost."""
        share = sum(tile.cost / (SLOW_SECONDS if tile.slow_pending else REFRESH_SECONDS) for tile in self._tiles)
        self._slow_budget += share * self._interval * SLOW_RELATIVE_COST
        queue = sorted(
            self._tiles,
            key=lambda tile: (tile.slow_pending == 0, tile.slow_searched_at - LARGE_FIRST_SLOW_SECONDS * tile.prior),
        )
        for tile in queue:
            detector = self._slow[tile.slow_count % len(self._slow)]
            wide = detector.window > WIDE_WINDOW
            # Successive searches are by different detectors, so the part advances when each has searched it.
            region = tile.part(tile.slow_count // len(self._slow)) if wide else tile.region
            cost = tile.window_count(region) * _relative_cost(detector)
            skip = self._is_flat(tile) or (wide and not WIDE_SCALES[0] < tile.scale * detector.window <= WIDE_SCALES[1])
            if not skip and self._slow_budget < cost:
                break
            tile.slow_count += 1
            tile.slow_pending = max(0, tile.slow_pending - 1)
            tile.slow_searched_at = self._time
            if not skip:
                self._slow_budget = min(self._slow_budget - cost, self._scaled_budget(FRAME_BUDGET))
                return self._find(pyramid, detector, tile, region), cost
        return [], 0.0

    def _find(self, pyramid: Pyramid, detector: Detector, tile: Tile, region: Box) -> list[Detection]:
        scale = tile.scale * detector.window / 20
        return detector.find(
            pyramid, tile.smallest, tile.largest, region=region, scale=scale, step=STEP, neighbors=self._neighbors
        )

    def _is_flat(self, tile: Tile) -> bool:
        return float(np.ptp(self._thumb[tile.cells(self._cell)])) < FLAT_LEVELS

    def _request_search(self, tile: Tile, changed: Box | None) -> None:
        tile.changed_at, tile.passes, tile.slow_pending, tile.delay = self._time, 0, len(self._slow), 1.0
        tile.narrow(changed)

    def _mark_changed(self, known: Sequence[FaceBox]) -> None:
        if self._time - self._compared_at < COMPARE_SECONDS:
            return
        self._compared_at = self._time
        thumb, cell = self._thumb, self._cell
        outside, off_body = np.ones(thumb.shape, bool), np.ones(thumb.shape, bool)
        for x, y, side in known:
            outside[_cells(y - 0.7 * side, y + 0.7 * side, cell), _cells(x - 0.7 * side, x + 0.7 * side, cell)] = False
            left, right = x - BODY_WIDTH * side, x + BODY_WIDTH * side
            off_body[_cells(y, y + BODY_HEIGHT * side, cell), _cells(left, right, cell)] = False
        for tile in self._tiles:
            if tile.reference is None or 0 < tile.passes < len(self._quick):
                continue
            cells = tile.cells(cell)
            changed = (np.abs(thumb[cells] - tile.reference) > CHANGED_LEVELS) & outside[cells]
            needed = max(1.0, CHANGED_SHARE * (tile.smallest / cell) ** 2)
            if np.count_nonzero(changed) < needed:
                continue
            part = self._around(changed, tile)
            if tile.passes:
                self._request_search(tile, part)
            else:
                tile.narrow(part)
            tile.delay = 1.0 if np.count_nonzero(changed & off_body[cells]) >= needed else BODY_DELAY

    def _around(self, changed: NDArray[np.bool_], tile: Tile) -> Box:
        """The part of a tile in which a face would have to be, if it is at least half in what has changed."""
        cell, (cell_rows, cell_columns) = self._cell, tile.cells(self._cell)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        top, left = cell_rows.start + int(rows[0]), cell_columns.start + int(columns[0])
        bottom, right = cell_rows.start + int(rows[-1]) + 1, cell_columns.start + int(columns[-1]) + 1
        reach, region = tile.largest / 2, tile.region
        x0, y0 = max(region.x, int(left * cell - reach)), max(region.y, int(top * cell - reach))
        x1 = min(region.x + region.width, math.ceil(right * cell + reach))
        y1 = min(region.y + region.height, math.ceil(bottom * cell + reach))
        return Box(x0, y0, x1 - x0, y1 - y0)

    def _scaled_budget(self, at_480: float) -> float:
        """A frame's budget, larger for larger and for less frequent frames."""
        return at_480 * min(max(1.0, min(self._shape) / 480), 2.5) * min(max(0.7, self._interval * 30), 2.5)


def _cells(start: float, end: float, cell: int) -> slice:
    return slice(max(0, int(start / cell)), max(0, math.ceil(end / cell)))


def _relative_cost(detector: Detector) -> float:
    """Cost of one window, relative to a cascade with a window of 20."""
    return float(getattr(detector, "relative_cost", (detector.window / 20) ** 2))
