"""Boxes under the mouse and the keys: which one is meant, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PyQt5.QtCore import QPointF, QRectF

from webcam_app.faces.face import Box

# So near to an edge the mouse takes hold of it, in pixels of 96 to the inch.
REACH = 6.0
# A smaller box is a slip of the hand; the network sees nothing in it either.
SMALLEST = 12


class Edges(NamedTuple):
    """Which edges of a box move; with all of them the box moves."""

    left: bool = True
    top: bool = True
    right: bool = True
    bottom: bool = True


WHOLE = Edges()


class Hit(NamedTuple):
    """What the mouse is on.

    Attributes:
        at: which of the boxes.
        edges: those that it takes hold of.
    """

    at: int
    edges: Edges


def hit(rectangles: Sequence[QRectF], point: QPointF, first: int | None = None) -> Hit | None:
    """The box that is under the mouse.

    Args:
        rectangles: the boxes on the widget.
        point: of the mouse.
        first: a box that is asked before the others; the smaller ones come before the larger ones.

    Returns:
        None where there is none.
    """
    order = sorted(range(len(rectangles)), key=lambda at: (at != first, rectangles[at].width()))
    for at in order:
        rectangle = rectangles[at]
        if not rectangle.adjusted(-REACH, -REACH, REACH, REACH).contains(point):
            continue
        # Of a small box the middle can be taken hold of all the same.
        reach_x, reach_y = min(REACH, rectangle.width() / 4), min(REACH, rectangle.height() / 4)
        edges = Edges(
            point.x() <= rectangle.left() + reach_x,
            point.y() <= rectangle.top() + reach_y,
            point.x() >= rectangle.right() - reach_x,
            point.y() >= rectangle.bottom() - reach_y,
        )
        return Hit(at, edges if any(edges) else WHOLE)
    return None


def dragged(box: Box, edges: Edges, right: float, down: float, size: tuple[int, int]) -> Box:
    """A box of which edges were moved; it stays in the picture, and large enough.

    Args:
        box: as it was.
        edges: those that move.
        right: how far to the right, in pixels of the picture.
        down: how far down.
        size: width and height of the picture.
    """
    if edges == WHOLE:
        x = min(max(0, box.x + round(right)), max(0, size[0] - box.width))
        y = min(max(0, box.y + round(down)), max(0, size[1] - box.height))
        return Box(x, y, box.width, box.height)
    x, width = _stretched(box.x, box.width, edges.left, edges.right, right, size[0])
    y, height = _stretched(box.y, box.height, edges.top, edges.bottom, down, size[1])
    return Box(x, y, width, height)


def spanned(first: QPointF, second: QPointF, size: tuple[int, int]) -> Box:
    """The box between two points of the picture, as far as it lies in it."""
    left, right = (round(min(max(0.0, x), size[0])) for x in sorted((first.x(), second.x())))
    top, bottom = (round(min(max(0.0, y), size[1])) for y in sorted((first.y(), second.y())))
    return Box(left, top, right - left, bottom - top)


def proposed(visible: QRectF, size: tuple[int, int]) -> Box:
    """A box to begin with: a third of what is seen of the picture, in its middle.

    Args:
        visible: the part of the picture that is seen, in its pixels.
        size: width and height of the picture.
    """
    side = max(SMALLEST, round(min(visible.width(), visible.height()) / 3))
    middle = visible.center()
    side = min(side, *size)
    return dragged(Box(0, 0, side, side), WHOLE, middle.x() - side / 2, middle.y() - side / 2, size)


def is_large_enough(box: Box) -> bool:
    """Whether it is no slip of the hand."""
    return min(box.width, box.height) >= SMALLEST


def _stretched(start: int, length: int, low: bool, high: bool, by: float, limit: int) -> tuple[int, int]:
    end = start + length
    if low:
        start = min(max(0, start + round(by)), max(0, end - SMALLEST))
    if high:
        end = max(min(limit, end + round(by)), min(limit, start + SMALLEST))
    return start, end - start
