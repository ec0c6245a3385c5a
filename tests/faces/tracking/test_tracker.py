"""What the refiner says decides which proposals of the cascades are shown, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import Scene, room
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import ScoredBox
from webcam_app.faces.labelling.crop import CropSpec
from webcam_app.faces.tracking.track import Track
from webcam_app.faces.tracking.tracker import FaceTracker

BOX = FaceBox(320, 220, 100)


class FixedRefiner:
    """Gives every box the same score and leaves it where it is."""

    threshold = 0.8
    input_size = 40
    crop = CropSpec()

    def __init__(self, score: float) -> None:
        self.score = score

    def refine_crops(
        self, crops: Sequence[NDArray[np.uint8]], boxes: Sequence[FaceBox], min_score: float
    ) -> list[ScoredBox]:
        return []  # these tests are about what cascades propose

    def refine(self, image: NDArray[np.uint8], box: FaceBox, *, steps: int = 1) -> ScoredBox:
        return ScoredBox(self.score, box)


def follow(tracker: FaceTracker, image: NDArray[np.uint8], start: int, count: int) -> list[list[Track]]:
    results = []
    for frame in range(start, start + count):
        results.append(list(tracker.update(image, Pyramid.of(image), frame / 30)))
    return results


def test_what_the_refiner_rejects_is_never_shown(scene: Scene) -> None:
    tracker = FaceTracker(FixedRefiner(0.05))  # type: ignore[arg-type]
    assert not any(follow(tracker, scene(BOX), 0, 30))


def test_what_the_refiner_is_certain_of_is_shown_with_the_first_detection(scene: Scene) -> None:
    tracker = FaceTracker(FixedRefiner(0.99))  # type: ignore[arg-type]
    assert any(follow(tracker, scene(BOX), 0, 5))


def test_a_face_that_the_network_gives_up_is_dropped_though_the_cascade_sees_it(scene: Scene) -> None:
    refiner = FixedRefiner(0.99)
    tracker = FaceTracker(refiner)  # type: ignore[arg-type]
    assert follow(tracker, scene(BOX), 0, 10)[-1]
    refiner.score = 0.0
    assert not follow(tracker, scene(BOX), 10, 75)[-1]


@pytest.mark.parametrize(("score", "kept"), [(0.99, True), (0.0, False)])
def test_a_covered_face_is_kept_as_long_as_the_network_sees_it(scene: Scene, score: float, kept: bool) -> None:
    refiner = FixedRefiner(0.99)
    tracker = FaceTracker(refiner)  # type: ignore[arg-type]
    number = follow(tracker, scene(BOX), 0, 15)[-1][0].number
    covered = scene(BOX)
    cv2.rectangle(covered, (265, 215), (375, 290), (230, 220, 200), -1)
    cv2.rectangle(covered, (265, 175), (375, 195), (230, 220, 200), -1)
    refiner.score = score
    last = follow(tracker, covered, 15, 45)[-1]
    assert [track.number for track in last] == ([number] if kept else [])


def test_a_covered_face_is_not_kept_for_ever(scene: Scene) -> None:
    tracker = FaceTracker(FixedRefiner(0.99))  # type: ignore[arg-type]
    follow(tracker, scene(BOX), 0, 15)
    empty = room()
    results = [tracker.update(empty, Pyramid.of(empty), 0.5 + step / 5) for step in range(70)]
    assert not results[-1]
