"""The search of a video by the photographs' network: it finds masked and turned faces that cascades miss."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.detection.still import Proposal, make_level, merge, read_maps
from webcam_app.faces.detection.still_network import DetectorCard, StillNetwork
from webcam_app.faces.detection.sweep import LONGEST_INTERVAL
from webcam_app.faces.detection.tiles import smallest_face
from webcam_app.faces.face import Box

# Every part of the frame is searched at every size once within so many seconds.
CYCLE_SECONDS = 0.125
# Largest strip of a level that is searched in one frame, in pixels of that level: half a millisecond.
STRIP_PIXELS = 40_000


class Strip(NamedTuple):
    """A part of the frame that is searched at once, and how much smaller.

    Attributes:
        region: the part, in pixels of the frame.
        scale: the level's pixels to one of the frame.
        cost: pixels that the network sees.
    """

    region: Box
    scale: float
    cost: int


def lay_out_strips(shape: tuple[int, int], smallest: float, card: DetectorCard) -> list[Strip]:
    """The strips that together show every face of a frame whole and at a size that the network sees.

    Args:
        shape: height and width of the frame in pixels.
        smallest: side in pixels of the smallest face to look for.
        card: the network's.

    Returns:
        Those for the smallest faces first; of each level from top to bottom.
    """
    height, width = shape
    scale, strips = min(1.0, card.smallest / smallest), []
    while True:
        across = math.ceil(width * scale / card.multiple) * card.multiple
        # Neighbouring strips share the largest face that this level is for, and what the network sees around it.
        shared = 1.25 * card.largest / scale
        most = max(STRIP_PIXELS / across / scale, 2 * shared)
        count = max(1, math.ceil((height - shared) / (most - shared)))
        step = (height - shared) / count
        for number in range(count):
            top, bottom = int(number * step), min(height, math.ceil((number + 1) * step + shared))
            down = math.ceil((bottom - top) * scale / card.multiple) * card.multiple
            strips.append(Strip(Box(0, top, width, bottom - top), scale, across * down))
        if min(height, width) * scale <= card.largest:
            return strips
        scale /= 2


class NetworkScan:
    """The scan in slices: a strip of a level now and then, so that each has its turn. Not thread-safe."""

    def __init__(self, network: StillNetwork) -> None:
        """Prepare.

        Args:
            network: the photographs' detector.
        """
        self._network = network
        self.reset()

    def reset(self) -> None:
        """Begin again."""
        self._shape = (0, 0)
        self._strips: list[Strip] = []
        self._next = 0
        self._due = 0.0
        self._time = -math.inf

    def search(self, image: NDArray[np.uint8], time: float) -> list[Proposal]:
        """Search the strip whose turn it is, if it is due.

        Args:
            image: H×W×3 uint8 BGR, the frame; not changed.
            time: the frame's time in seconds.

        Returns:
            What may be faces, known ones too, in pixels of the frame.

        Raises:
            InferenceError: the network failed.
        """
        shape = (image.shape[0], image.shape[1])
        if shape != self._shape:
            self._shape, self._next = shape, 0
            self._strips = lay_out_strips(shape, smallest_face(shape), self._network.card)
        interval = min(max(0.0, time - self._time), LONGEST_INTERVAL)
        self._time = time
        strip = self._strips[self._next]
        total = sum(entry.cost for entry in self._strips)
        self._due = min(self._due + total * interval / CYCLE_SECONDS, float(total))
        if self._due < strip.cost:
            return []
        self._due -= strip.cost
        self._next = (self._next + 1) % len(self._strips)
        return self._search_strip(image, strip)

    def _search_strip(self, image: NDArray[np.uint8], strip: Strip) -> list[Proposal]:
        region, card = strip.region, self._network.card
        part = image[region.y : region.y + region.height]
        level = make_level(part, strip.scale, card)
        found = merge(read_maps(self._network.run(level.image), strip.scale, card))
        return [Proposal(entry.log_odds, entry.box._replace(y=entry.box.y + region.y)) for entry in found]
