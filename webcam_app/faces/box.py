"""A face's box to a fraction of a pixel."""

from __future__ import annotations

from typing import NamedTuple

from webcam_app.faces.face import Box


class FaceBox(NamedTuple):
    """A square around a face, in pixels of the frame.

    Attributes:
        x: centre, from the left.
        y: centre, from the top.
        side: of the square.
    """

    x: float
    y: float
    side: float

    @classmethod
    def of(cls, box: Box) -> FaceBox:
        """The square with a box's centre and longer side."""
        return cls(box.x + box.width / 2, box.y + box.height / 2, float(max(box.width, box.height)))

    @property
    def rounded(self) -> Box:
        """The same square in whole pixels."""
        side = max(1, round(self.side))
        return Box(round(self.x - self.side / 2), round(self.y - self.side / 2), side, side)

    def toward(self, other: FaceBox, share: float, side_share: float) -> FaceBox:
        """A box between this and another.

        Args:
            other: the other box.
            share: how much of the way the centre moves, 0 to 1.
            side_share: the same for the side.
        """
        return FaceBox(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
            self.side + (other.side - self.side) * side_share,
        )

    def relative_to(self, other: FaceBox) -> FaceBox:
        """This box in another's coordinates: centre from centre in its sides, and the ratio of the sides."""
        return FaceBox((self.x - other.x) / other.side, (self.y - other.y) / other.side, self.side / other.side)

    def within(self, other: FaceBox) -> FaceBox:
        """The box that is ``self`` in another's coordinates: undoes ``relative_to``."""
        return FaceBox(other.x + self.x * other.side, other.y + self.y * other.side, self.side * other.side)

    def distance(self, other: FaceBox) -> float:
        """Between the centres, in units of the larger side."""
        return float(((self.x - other.x) ** 2 + (self.y - other.y) ** 2) ** 0.5) / max(self.side, other.side)

    def overlap(self, other: FaceBox) -> float:
        """Share of the smaller square that lies in the other, 0 to 1."""
        reach = (self.side + other.side) / 2
        smaller = min(self.side, other.side)
        across = min(smaller, max(0.0, reach - abs(self.x - other.x)))
        down = min(smaller, max(0.0, reach - abs(self.y - other.y)))
        return across * down / smaller**2

    def iou(self, other: FaceBox) -> float:
        """Intersection over union with another box, 0 to 1."""
        shared = self.overlap(other) * min(self.side, other.side) ** 2
        return shared / (self.side**2 + other.side**2 - shared)
