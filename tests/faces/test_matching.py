"""Each question about two boxes has an answer of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webcam_app.faces import matching
from webcam_app.faces.box import FaceBox

BOX = FaceBox(100, 100, 100)


def moved(share: float, size: float = 1.0) -> FaceBox:
    """To the right by a share of the side, and larger by a factor."""
    return FaceBox(100 + share * 100 * max(1.0, size), 100, 100 * size)


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [
        (matching.shares_score, [moved(0.14), moved(0, 1.17), moved(0, 0.86)], [moved(0.16), moved(0, 1.19)]),
        (matching.is_same_detection, [moved(0.53), moved(0, 3.0)], [moved(0.55)]),
        (matching.is_same_track, [moved(0.49), moved(0, 3.0)], [moved(0.51)]),
        (matching.is_known_face, [moved(0.64), moved(0.3, 0.3)], [moved(0.66)]),
        (matching.may_have_returned, [moved(0.49), moved(0, 1.9), moved(0, 0.6)], [moved(0.51), moved(0, 2.1)]),
    ],
)
def test_boxes_on_either_side_of_the_limit(
    rule: Callable[[FaceBox, FaceBox], bool], inside: list[FaceBox], outside: list[FaceBox]
) -> None:
    assert rule(BOX, BOX)
    assert all(rule(box, BOX) for box in inside)
    assert not any(rule(box, BOX) for box in outside)


@pytest.mark.parametrize("name", ["is_same_detection", "is_same_track", "may_have_returned"])
def test_the_order_of_two_boxes_does_not_matter(name: str) -> None:
    rule = getattr(matching, name)
    for box in (moved(0.1), moved(0.3, 1.1), moved(0.5, 0.7), moved(0, 1.18), moved(0.9)):
        assert rule(box, BOX) == rule(BOX, box)
