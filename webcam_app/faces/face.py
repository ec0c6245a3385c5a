"""What is known about one face in one frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

UNSURE = "unsure"
"""The label of a face whose best class stays below the card's threshold."""


class Box(NamedTuple):
    """A rectangle around a face, in pixels of the original frame; may reach past the frame's edges.

    The box is the one that OpenCV's frontal face cascade draws: a square from the eyebrows to below the mouth, ear to
    ear. Detectors of other kinds convert theirs to it, because the crop and so the network depend on it.
    """

    x: int
    y: int
    width: int
    height: int

    def iou(self, other: Box) -> float:
        """Intersection over union with another box, 0 to 1."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.width * self.height + other.width * other.height - shared)


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one frame.

    Attributes:
        box: where it is.
        track: a number from 1 that stays with this face while it is followed; numbers are not used again.
        label: one of the model's labels, or ``UNSURE``; None while no label is known (the network failed or has not
            been asked yet).
        probabilities: label to probability over the track's predictions so far, summing to 1; empty while unknown.
        mask: probability that the face wears a mask, 0 to 1, smoothed over the track; None where the model has no such
            output or has not been asked yet.
        masked: ``mask`` at or above the card's threshold, None where ``mask`` is None.
        detected: whether the cascade saw the face in this very frame; False while the tracker carries it on.
    """

    box: Box
    track: int
    label: str | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    mask: float | None = None
    masked: bool | None = None
    detected: bool = True

    @property
    def confidence(self) -> float | None:
        """Probability of the most probable class, or None while unknown."""
        return max(self.probabilities.values()) if self.probabilities else None
