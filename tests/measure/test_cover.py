"""What the measure of uncovered faces counts."""

from __future__ import annotations

from webcam_app.faces.face import Box
from webcam_app.measure.cover import ReferenceTrack, compare, heads, reference_boxes

SHAPE = (240, 320, 3)
FACE = Box(100, 80, 40, 40)


def test_a_face_under_its_cover_is_covered_and_one_without_is_not() -> None:
    assert compare(SHAPE, [[FACE]], [[FACE]]).uncovered == 0
    bare = compare(SHAPE, [[FACE], [FACE]], [[], [FACE]])
    assert (bare.share, bare.frames, bare.frames_with_some) == (0.5, 2, 1)
    assert 0 < compare(SHAPE, [[FACE]], [[Box(130, 80, 40, 40)]]).share < 1


def test_a_face_that_the_reference_misses_between_two_frames_is_expected_there() -> None:
    track = ReferenceTrack({index: Box(100 + index, 80, 40, 40) for index in (0, 1, 2, 3, 7)})
    boxes = reference_boxes([track], 9)
    assert [len(each) for each in boxes] == [1] * 8 + [0]
    assert boxes[5] == [Box(105, 80, 40, 40)]


def test_what_is_found_a_few_times_only_and_a_chest_below_a_head_are_no_faces() -> None:
    assert reference_boxes([ReferenceTrack({0: FACE, 1: FACE})], 3) == [[], [], []]
    assert heads([FACE, Box(75, 140, 90, 90)]) == [FACE]
    assert heads([FACE, Box(100, 140, 40, 40)]) == [FACE, Box(100, 140, 40, 40)]
