"""Which part of a picture is seen, and how large: geometry alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from PyQt5.QtCore import QPointF, QRectF, QSizeF

LARGEST_ZOOM = 8.0
# Steps of a wheel add up to numbers like 1.0000001, which would be shown as a zoom.
NEARLY_ONE = 1.005


def letterbox(width: int, height: int, frame_width: int, frame_height: int) -> tuple[int, int, int, int]:
    """The largest rectangle of the frame's shape in the middle of an area: left, top, width, height in pixels."""
    scale = min(width / frame_width, height / frame_height)
    shown_width = max(1, min(width, round(frame_width * scale)))
    shown_height = max(1, min(height, round(frame_height * scale)))
    return (width - shown_width) // 2, (height - shown_height) // 2, shown_width, shown_height


class Cut(NamedTuple):
    """The pixels of a frame that are seen: ``left`` to ``right`` and ``top`` to ``bottom``, the latter not included."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Viewport:
    """How a picture is looked at; a value that is never changed.

    Attributes:
        zoom: 1 where the whole picture is seen, as large as there is room; up to ``LARGEST_ZOOM``.
        x, y: what stands in the middle, in shares of the picture as it is on the screen, mirrored or not.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def whole(self) -> bool:
        """Whether the whole picture is seen."""
        return self.zoom == 1.0

    def picture(self, area: QSizeF, frame: QSizeF) -> QRectF:
        """Where the whole picture lies; zoomed in, its edges are outside of the area.

        Args:
            area: what there is room for.
            frame: the picture's size in its own pixels.
        """
        scale = self._scale(area, frame)
        width, height = frame.width() * scale, frame.height() * scale
        return QRectF(area.width() / 2 - self.x * width, area.height() / 2 - self.y * height, width, height)

    def cut(self, area: QSizeF, frame: QSizeF) -> tuple[Cut, QRectF]:
        """What is to be painted.

        Args:
            area: what there is room for.
            frame: the picture's size in its own pixels.

        Returns:
            The part of the picture, as it is on the screen, in whole pixels of its own; and where that part lies, which
            may be up to one such pixel larger than the area on each side.
        """
        picture, scale = self.picture(area, frame), self._scale(area, frame)
        seen = picture.intersected(QRectF(0, 0, area.width(), area.height()))
        left = max(0, math.floor((seen.left() - picture.left()) / scale))
        top = max(0, math.floor((seen.top() - picture.top()) / scale))
        right = min(round(frame.width()), math.ceil((seen.right() - picture.left()) / scale))
        bottom = min(round(frame.height()), math.ceil((seen.bottom() - picture.top()) / scale))
        right, bottom = max(left + 1, right), max(top + 1, bottom)
        place = QRectF(
            picture.left() + left * scale, picture.top() + top * scale, (right - left) * scale, (bottom - top) * scale
        )
        return Cut(left, top, right, bottom), place

    def zoomed(self, factor: float, at: QPointF, area: QSizeF, frame: QSizeF) -> Viewport:
        """Zoomed in or out; what is at a point of the area stays there, as far as no empty edge comes of it.

        Args:
            factor: above 1 to see it larger.
            at: the point.
            area: what there is room for.
            frame: the picture's size in its own pixels.
        """
        zoom = min(max(1.0, self.zoom * factor), LARGEST_ZOOM)
        if zoom < NEARLY_ONE:
            return Viewport()
        before = self.picture(area, frame)
        share_x, share_y = (at.x() - before.left()) / before.width(), (at.y() - before.top()) / before.height()
        scale = self._scale(area, frame) * zoom / self.zoom
        x = share_x - (at.x() - area.width() / 2) / (frame.width() * scale)
        y = share_y - (at.y() - area.height() / 2) / (frame.height() * scale)
        return Viewport(zoom, x, y).within(area, frame)

    def moved(self, by: QPointF, area: QSizeF, frame: QSizeF) -> Viewport:
        """The picture moved by so much of the area, as far as no empty edge comes of it."""
        picture = self.picture(area, frame)
        x, y = self.x - by.x() / picture.width(), self.y - by.y() / picture.height()
        return replace(self, x=x, y=y).within(area, frame)

    def within(self, area: QSizeF, frame: QSizeF) -> Viewport:
        """The same without an empty edge where there could be a picture: the area may have another size now."""
        if self.whole:
            return Viewport()
        picture = self.picture(area, frame)
        x = _clamped(self.x, area.width() / picture.width())
        y = _clamped(self.y, area.height() / picture.height())
        return replace(self, x=x, y=y)

    def flipped(self) -> Viewport:
        """The same part of the scene once left and right are exchanged."""
        return replace(self, x=1 - self.x)

    def _scale(self, area: QSizeF, frame: QSizeF) -> float:
        return min(area.width() / frame.width(), area.height() / frame.height()) * self.zoom


def _clamped(middle: float, seen: float) -> float:
    """The middle of what is seen, where ``seen`` is its share of the picture."""
    return 0.5 if seen >= 1 else min(max(middle, seen / 2), 1 - seen / 2)
