"""Template matching: what a face looked like in the last frames finds it again where the cascades do not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid

# Side of a template in pixels: 24 keep what tells faces apart and cost 0.05 ms.
SIDE = 24
# How far the face may have moved, in its own sides.
REACH = 0.4
# Rows of the upper part, which a mask or a hand before the mouth leaves free.
UPPER_ROWS = 14
# The upper part alone counts from this correlation on: less detail matches elsewhere more easily.
UPPER_CORRELATION = 0.75
# A match at the edge of the reach must be better by this much than one in the middle.
DISTANCE_PENALTY = 0.15


@dataclass(frozen=True, slots=True)
class Template:
    """A small grey image of a face, SIDE×SIDE uint8."""

    pixels: NDArray[np.uint8]

    @classmethod
    def take(cls, pyramid: Pyramid, box: FaceBox) -> Template:
        """Remember what a face looks like.

        Args:
            pyramid: the frame.
            box: the face; may reach past the frame.
        """
        return cls(_square(pyramid, box, SIDE))

    def blend(self, other: Template, share: float) -> Template:
        """A template between this and another.

        Args:
            other: what the face looks like now.
            share: how much of it to take over, 0 to 1.
        """
        return Template(cv2.addWeighted(self.pixels, 1 - share, other.pixels, share, 0.0))  # type: ignore[arg-type]

    def find(self, pyramid: Pyramid, box: FaceBox) -> tuple[FaceBox, float]:
        """Search around a box, at the box's size.

        Args:
            pyramid: the frame.
            box: where the face is expected.

        Returns:
            Where it matches best, and the correlation there, -1 to 1.
        """
        margin = round(SIDE * REACH)
        around = box._replace(side=box.side * (1 + 2 * margin / SIDE))
        area = _square(pyramid, around, SIDE + 2 * margin)
        match = _best(area, self.pixels, margin)
        if match[2] < UPPER_CORRELATION:
            upper = _best(area[: UPPER_ROWS + 2 * margin], self.pixels[:UPPER_ROWS], margin)
            if upper[2] >= UPPER_CORRELATION:
                match = upper
        right, down, correlation = match
        pixel = box.side / SIDE
        return FaceBox(box.x + right * pixel, box.y + down * pixel, box.side), correlation


def _square(pyramid: Pyramid, box: FaceBox, size: int) -> NDArray[np.uint8]:
    """A box as size×size pixels; what lies past the frame repeats its edge."""
    scale = size / box.side
    halvings = 0
    while scale * 2 ** (halvings + 1) <= 1.0:
        halvings += 1
    source = pyramid.level(halvings)
    ratio = source.shape[1] / pyramid.width
    center = (box.x * ratio - 0.5, box.y * ratio - 0.5)
    rest = scale / ratio
    # The transform from the result back to the source, as WARP_INVERSE_MAP wants it.
    middle = (size - 1) / 2
    matrix = np.array([[1 / rest, 0, center[0] - middle / rest], [0, 1 / rest, center[1] - middle / rest]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(source, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _best(area: NDArray[np.uint8], pixels: NDArray[np.uint8], margin: int) -> tuple[float, float, float]:
    """Offset to the right and down in pixels of the template, and the correlation."""
    scores: NDArray[np.float32] = np.nan_to_num(
        cv2.matchTemplate(area, pixels, cv2.TM_CCOEFF_NORMED).astype(np.float32)
    )
    rows, columns = np.indices(scores.shape, np.float32)
    away = np.hypot(rows - (scores.shape[0] - 1) / 2, columns - (scores.shape[1] - 1) / 2) / max(margin, 1)
    row, column = np.unravel_index(int(np.argmax(scores - DISTANCE_PENALTY * away)), scores.shape)
    return (
        _peak(scores[row, :], int(column)) - (scores.shape[1] - 1) / 2,
        _peak(scores[:, column], int(row)) - (scores.shape[0] - 1) / 2,
        float(scores[row, column]),
    )


def _peak(line: NDArray[np.float32], index: int) -> float:
    """Where the parabola through a maximum and its neighbours has its top."""
    if not 0 < index < len(line) - 1:
        return float(index)
    before, here, after = (float(value) for value in line[index - 1 : index + 2])
    curve = before - 2 * here + after
    return index + (0.5 * (before - after) / curve if curve < -1e-6 else 0.0)
