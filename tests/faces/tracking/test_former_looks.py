"""Who looks like somebody else than a moment before is found out."""

from __future__ import annotations

import numpy as np

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.tracking.former_looks import FormerLooks
from webcam_app.faces.tracking.track import Track

BOX = FaceBox(100, 100, 60)


def picture(seed: int) -> Pyramid:
    coarse = np.random.default_rng(seed).integers(0, 256, (25, 25), np.uint8)
    return Pyramid(np.kron(coarse, np.ones((8, 8), np.uint8)))


def confirmed(number: int, time: float = 0.0) -> Track:
    track = Track(BOX, time)
    track.confirm(number)
    return track


def test_a_face_that_has_become_another_one_has_changed_and_one_that_stays_has_not() -> None:
    looks, track = FormerLooks(), confirmed(1)
    looks.note([track], picture(1), 0.0)
    assert looks.changed([track], picture(1), 0.0) == []
    assert looks.changed([track], picture(2), 0.0) == [track]


def test_a_number_that_another_track_took_over_stands_for_the_face_that_had_it() -> None:
    looks, before = FormerLooks(), confirmed(1)
    looks.note([before], picture(1), 0.0)
    before.lose(0.5)
    after = Track(BOX, 0.6)
    after.inherit(before)
    assert looks.changed([after], picture(2), 0.0) == [after]
    assert looks.changed([after], picture(1), 0.0) == []


def test_a_face_that_came_since_has_not_changed() -> None:
    looks, before, tentative = FormerLooks(), confirmed(1), Track(BOX, 0.0)
    looks.note([before, tentative], picture(1), 0.0)
    assert looks.changed([confirmed(2, 0.6), Track(BOX, 0.6)], picture(2), 0.0) == []
