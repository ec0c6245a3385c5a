"""Covers faces in a picture so that nobody can be recognised."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum

import cv2
import numpy as np

from webcam_app.capture.frame import Frame, Image, StoredPicture
from webcam_app.faces.face import Box

# Half the ellipse's axes in sides of the cascade's square, which reaches from the eyebrows to below the mouth: with
# forehead, chin and ears, and room for a box that lags behind a moving head.
ACROSS, DOWN = 0.85, 1.0
# The head reaches further above the square than below it.
RAISED = 0.05
CELLS = 5
"""Of a face, so many means across the cascade's square are left: the eyes and the mouth are one or two each."""
FILL = (40, 40, 40)


class CoverKind(Enum):
    """How a face is covered."""

    BLUR = "blur"
    PIXELATE = "pixelate"
    FILL = "fill"


def cover_faces(image: Image, boxes: Iterable[Box], kind: CoverKind) -> Image:
    """A copy of a picture with an ellipse over each head. What was below it is averaged away, not only mixed.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        boxes: the faces as the cascade's squares, in pixels of ``image``; may reach past its edges.
        kind: what the ellipses show.

    Returns:
        The copy; ``image`` itself without boxes.
    """
    boxes = list(boxes)
    if not boxes:
        return image
    covered: Image = image.copy()
    for box in boxes:
        _cover(covered, box, kind)
    return covered


def cover_frame(frame: Frame, boxes: Iterable[Box], kind: CoverKind) -> Frame:
    """A frame with its faces covered, in the pixels of its file too where those are not square.

    Args:
        frame: not changed.
        boxes: in pixels of ``frame.image``.
        kind: what the ellipses show.
    """
    boxes = list(boxes)
    if not boxes:
        return frame
    stored = frame.stored
    if stored is not None:
        across = stored.image.shape[1] / frame.image.shape[1]
        down = stored.image.shape[0] / frame.image.shape[0]
        there = [_stretched(box, across, down) for box in boxes]
        stored = StoredPicture(cover_faces(stored.image, there, kind), stored.aspect)
    return replace(frame, image=cover_faces(frame.image, boxes, kind), stored=stored)


def grown(box: Box, factor: float) -> Box:
    """A box with the same centre, larger on every side."""
    width, height = math.ceil(box.width * factor), math.ceil(box.height * factor)
    return Box(box.x - (width - box.width) // 2, box.y - (height - box.height) // 2, width, height)


def covered_area(shape: tuple[int, ...], boxes: Iterable[Box]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which pixels of a picture of that shape the ellipses over these faces cover: H×W bool."""
    area = np.zeros(shape[:2], np.uint8)
    for box in boxes:
        center, axes = _ellipse(box)
        cv2.ellipse(area, center, axes, 0, 0, 360, 1, cv2.FILLED)
    return area > 0


def _stretched(box: Box, across: float, down: float) -> Box:
    return Box(
        math.floor(box.x * across),
        math.floor(box.y * down),
        math.ceil(box.width * across) + 1,
        math.ceil(box.height * down) + 1,
    )


def _ellipse(box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    center = (round(box.x + box.width / 2), round(box.y + (0.5 - RAISED) * box.height))
    return center, (math.ceil(ACROSS * box.width), math.ceil(DOWN * box.height))


def _cover(image: Image, box: Box, kind: CoverKind) -> None:
    height, width = image.shape[:2]
    (x, y), (across, down) = _ellipse(box)
    left, top = max(0, x - across), max(0, y - down)
    right, bottom = min(width, x + across + 1), min(height, y + down + 1)
    if left >= right or top >= bottom:
        return
    if kind is CoverKind.FILL:
        cv2.ellipse(image, (x, y), (across, down), 0, 0, 360, FILL, cv2.FILLED)
        return
    part = image[top:bottom, left:right]
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.ellipse(mask, (x - left, y - top), (across, down), 0, 0, 360, 255, cv2.FILLED)
    size = (part.shape[1], part.shape[0])
    columns = max(1, math.ceil(size[0] * CELLS / max(1, box.width)))
    rows = max(1, math.ceil(size[1] * CELLS / max(1, box.height)))
    # A face of fewer pixels than cells would keep them all.
    few = (min(columns, max(1, size[0] // 4)), min(rows, max(1, size[1] // 4)))
    means = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    way = cv2.INTER_NEAREST if kind is CoverKind.PIXELATE else cv2.INTER_LINEAR
    cv2.copyTo(cv2.resize(means, size, interpolation=way), mask, part)
