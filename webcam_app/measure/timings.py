"""What a benchmark counts: milliseconds of each stage, and whether two detectors find the same faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from webcam_app.faces.face import Box

STAGES = ("detect", "classify", "overlay", "total")
# Two boxes with at least this intersection over union show the same face.
MATCH_IOU = 0.3


@dataclass(slots=True)
class Timings:
    """Milliseconds of each stage of each frame, and how many frames had a face."""

    stages: dict[str, list[float]] = field(default_factory=lambda: {stage: [] for stage in STAGES})
    found: int = 0

    def add(self, detect: float, classify: float, overlay: float, *, found: bool) -> None:
        """Count one frame.

        Args:
            detect: milliseconds of detection and tracking.
            classify: milliseconds of labelling.
            overlay: milliseconds of drawing.
            found: whether a face was shown.
        """
        for stage, value in zip(STAGES, (detect, classify, overlay, detect + classify + overlay), strict=True):
            self.stages[stage].append(value)
        self.found += found

    def summary(self) -> dict[str, dict[str, float]]:
        """Median, 95th and 99th percentile of each stage in milliseconds."""
        return {stage: _percentiles(values) for stage, values in self.stages.items()}


@dataclass(slots=True)
class Agreement:
    """How many of each other's boxes two detectors find."""

    ours: int = 0
    ours_shared: int = 0
    theirs: int = 0
    theirs_shared: int = 0

    def add(self, ours: Sequence[Box], theirs: Sequence[Box]) -> None:
        """Count the boxes of one frame."""
        self.ours += len(ours)
        self.theirs += len(theirs)
        self.ours_shared += sum(any(box.iou(other) >= MATCH_IOU for other in theirs) for box in ours)
        self.theirs_shared += sum(any(box.iou(other) >= MATCH_IOU for other in ours) for box in theirs)

    def summary(self) -> dict[str, float | None]:
        """Share of our boxes that they show, and of theirs that we show; None where there are none."""
        return {
            "recall_of_ours": round(self.ours_shared / self.ours, 4) if self.ours else None,
            "recalled_by_ours": round(self.theirs_shared / self.theirs, 4) if self.theirs else None,
        }


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    median, p95, p99 = np.percentile(values, (50, 95, 99))
    return {"median_ms": round(float(median), 3), "p95_ms": round(float(p95), 3), "p99_ms": round(float(p99), 3)}
