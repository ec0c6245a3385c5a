"""How well a detector does on photographs with marked faces, and the threshold that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from webcam_app.faces.accuracy import SMALLEST, LabelledBox, match_boxes
from webcam_app.faces.face import Box

Scored = tuple[float, Box]


class Judged(NamedTuple):
    """What a detector found in photographs, judged once for all thresholds.

    Attributes:
        found: log-odds of every right box on a face that counts, with the face's label.
        wrong: log-odds of every box that is no face.
        faces: faces that count, by label.
        pictures: photographs.
    """

    found: list[tuple[float, str]]
    wrong: list[float]
    faces: dict[str, int]
    pictures: int

    def recall(self, threshold: float, label: str | None = None) -> float:
        """Share of the faces (of a label) found at a threshold."""
        hits = sum(log_odds >= threshold and label in (None, name) for log_odds, name in self.found)
        count = sum(self.faces.values()) if label is None else self.faces.get(label, 0)
        return hits / max(1, count)

    def false_boxes(self, threshold: float) -> int:
        """Boxes without a face at a threshold."""
        return sum(log_odds >= threshold for log_odds in self.wrong)

    def threshold(self, per_picture: float) -> float:
        """The lowest threshold that lets through at most so many boxes without a face for each photograph."""
        allowed = int(per_picture * self.pictures)
        wrong = sorted(self.wrong, reverse=True)
        return float(np.nextafter(wrong[allowed], np.inf)) if len(wrong) > allowed else min(wrong, default=0.0)


def judge(pictures: Iterable[tuple[Sequence[LabelledBox], Sequence[Scored]]]) -> Judged:
    """Compare what a detector found in photographs with marked faces; a face that is too small does not count.

    Args:
        pictures: of each photograph the marked faces and what was found, with log-odds.
    """
    result = Judged([], [], {}, 0)
    count = 0
    for marked, found in pictures:
        count += 1
        scored = sorted(found, key=lambda entry: -entry[0])
        for face in marked:
            if min(face.box.width, face.box.height) >= SMALLEST:
                result.faces[face.label or "face"] = result.faces.get(face.label or "face", 0) + 1
        matched = match_boxes([box for _, box in scored], [face.box for face in marked])
        for (log_odds, _), index in zip(scored, matched, strict=True):
            if index is None:
                result.wrong.append(log_odds)
            elif min(marked[index].box.width, marked[index].box.height) >= SMALLEST:
                result.found.append((log_odds, marked[index].label or "face"))
    return result._replace(pictures=count)
