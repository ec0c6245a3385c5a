"""Boxes that were found against those that people marked: which are the same face, and how many are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from webcam_app.faces.face import Box

# A marked face with a shorter side below this is neither demanded nor counted against; nor is a found one, which people
# seldom mark where they stop: in the background of street photographs.
SMALLEST = 32
# Boxes drawn by people reach from forehead to chin and are narrower than the cascade's square: a perfect cascade box
# overlaps them by 0.63.
LEAST_IOU = 0.4


class LabelledBox(NamedTuple):
    """A face that a person marked in a picture.

    Attributes:
        box: its place in pixels of the picture as stored. Drawn by people, so not the cascade's square.
        label: what they called it, such as ``with_mask``; None where the set does not say.
    """

    box: Box
    label: str | None


def match_boxes(found: Sequence[Box], marked: Sequence[Box], least_iou: float = LEAST_IOU) -> list[int | None]:
    """For every found box the index of the marked one that it is, each marked one once, the best overlap first."""
    pairs = sorted(
        ((one.iou(other), i, j) for i, one in enumerate(found) for j, other in enumerate(marked)), reverse=True
    )
    matched: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for overlap, i, j in pairs:
        if overlap >= least_iou and matched[i] is None and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


class BoxCounts:
    """Sums over pictures."""

    def __init__(self) -> None:
        self.marked: dict[str, int] = {}
        self.found: dict[str, int] = {}
        self.right = 0
        self.wrong = 0
        self.small_wrong = 0
        self.pictures = 0
        self.overlaps: list[float] = []

    def add(self, found: Sequence[Box], marked: Sequence[LabelledBox]) -> None:
        """Count one picture."""
        self.pictures += 1
        matched = match_boxes(found, [face.box for face in marked])
        hit = {j for j in matched if j is not None}
        for j, face in enumerate(marked):
            if min(face.box.width, face.box.height) < SMALLEST:
                continue
            label = face.label or "face"
            self.marked[label] = self.marked.get(label, 0) + 1
            self.found[label] = self.found.get(label, 0) + (j in hit)
        for box, match in zip(found, matched, strict=True):
            if match is None:
                large = min(box.width, box.height) >= SMALLEST
                self.wrong += large
                self.small_wrong += not large
                continue
            face = marked[match]
            if min(face.box.width, face.box.height) >= SMALLEST:
                self.right += 1
                self.overlaps.append(box.iou(face.box))

    def report(self) -> dict[str, Any]:
        """Recall by label and over all, precision, false positives a picture, mean overlap of what is right.

        A false positive is a box on no marked face, which need not mean on no face; those smaller than ``SMALLEST``
        are counted by themselves.
        """
        total, hits = sum(self.marked.values()), sum(self.found.values())
        by_label = {
            label: {"faces": count, "recall": round(self.found[label] / count, 4)}
            for label, count in sorted(self.marked.items())
        }
        judged = self.right + self.wrong
        return {
            "pictures": self.pictures,
            "faces": total,
            "recall": round(hits / total, 4) if total else None,
            "by_label": by_label,
            "precision": round(self.right / judged, 4) if judged else None,
            "false_positives": self.wrong,
            "small_false_positives": self.small_wrong,
            "false_positives_per_picture": round(self.wrong / max(1, self.pictures), 4),
            "mean_iou": round(float(np.mean(self.overlaps)), 3) if self.overlaps else None,
        }
