"""What the face network has to say about faces that cascades propose."""

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

PLACE = FaceBox(320, 220, 100)


class Judge:
    """Gives every place the same score and leaves it where it is."""

    threshold = 0.8
    input_size = 40
    crop = CropSpec()

    def __init__(self, score: float) -> None:
        self.given = score

    def look(self, image: NDArray[np.uint8], place: FaceBox) -> ScoredBox:
        return ScoredBox(self.given, place)

    def look_at_crops(
        self, crops: Sequence[NDArray[np.uint8]], places: Sequence[FaceBox], trace: float
    ) -> list[ScoredBox]:
        return []  # these tests are about what cascades propose

    def settle(self, image: NDArray[np.uint8], place: FaceBox, *, steps: int = 2) -> ScoredBox:
        return self.look(image, place)


def follow(finder: FaceTracker, image: NDArray[np.uint8], start: int, count: int) -> list[list[Track]]:
    results = []
    for frame in range(start, start + count):
        picture = Pyramid(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8))
        results.append(list(finder.update(image, picture, frame / 30)))
    return results


def test_what_the_face_network_denies_is_never_shown(scene: Scene) -> None:
    finder = FaceTracker(Judge(0.05))  # type: ignore[arg-type]
    assert not any(follow(finder, scene(PLACE), 0, 30))


def test_what_the_face_network_confirms_is_shown_with_the_first_sighting(scene: Scene) -> None:
    finder = FaceTracker(Judge(0.99))  # type: ignore[arg-type]
    assert any(follow(finder, scene(PLACE), 0, 5))


def test_a_face_that_the_network_gives_up_is_dropped_though_the_cascade_sees_it(scene: Scene) -> None:
    judge = Judge(0.99)
    finder = FaceTracker(judge)  # type: ignore[arg-type]
    assert follow(finder, scene(PLACE), 0, 10)[-1]
    judge.given = 0.0
    assert not follow(finder, scene(PLACE), 10, 75)[-1]


@pytest.mark.parametrize(("score", "kept"), [(0.99, True), (0.0, False)])
def test_a_covered_face_is_kept_as_long_as_the_network_sees_it(scene: Scene, score: float, kept: bool) -> None:
    judge = Judge(0.99)
    finder = FaceTracker(judge)  # type: ignore[arg-type]
    number = follow(finder, scene(PLACE), 0, 15)[-1][0].number
    covered = scene(PLACE)
    cv2.rectangle(covered, (265, 215), (375, 290), (230, 220, 200), -1)
    cv2.rectangle(covered, (265, 175), (375, 195), (230, 220, 200), -1)
    judge.given = score
    last = follow(finder, covered, 15, 45)[-1]
    assert [track.number for track in last] == ([number] if kept else [])


def test_a_covered_face_is_not_kept_for_ever(scene: Scene) -> None:
    finder = FaceTracker(Judge(0.99))  # type: ignore[arg-type]
    follow(finder, scene(PLACE), 0, 15)
    empty = room()
    results = [
        finder.update(empty, Pyramid(cv2.cvtColor(empty, cv2.COLOR_BGR2GRAY).astype(np.uint8)), 0.5 + step / 5)
        for step in range(70)
    ]
    assert not results[-1]
