"""What people say of single faces, against what the network found."""

from __future__ import annotations

import pytest

from webcam_app.faces.face import Box, Face
from webcam_app.faces.marks import (
    DRAWN,
    FOUND,
    REMOVED,
    Mark,
    is_mark,
    judged,
    mark_values,
    read_mark,
    with_marks,
)

SMALL = Face(Box(10, 10, 40, 40), 1, "male", {"male": 0.9, "female": 0.1})
LARGE = Face(Box(100, 10, 80, 80), 2, "female", {"male": 0.2, "female": 0.8}, 0.9, True)
FACES = (SMALL, LARGE)


def test_without_marks_the_faces_are_the_networks() -> None:
    assert [each.face for each in with_marks(FACES, ())] == list(FACES)


def test_a_removed_box_is_not_shown_and_the_others_are_numbered_anew() -> None:
    (left,) = with_marks(FACES, [Mark(SMALL.box, REMOVED)])
    assert (left.face.box, left.face.track, left.face.mask) == (LARGE.box, 1, 0.9)


def test_a_drawn_face_stands_in_its_place_from_left_to_right_and_has_the_answer_about_its_box() -> None:
    box = Box(60, 0, 30, 30)
    mark = Mark(box, DRAWN)
    without = with_marks(FACES, [mark])
    assert [each.face.label for each in without] == ["male", None, "female"]
    answer = Face(box, 1, "female", {"male": 0.3, "female": 0.7})
    (_, drawn, _) = with_marks(FACES, [mark], {box: answer})
    assert (drawn.face.label, drawn.face.confidence, drawn.face.track, drawn.said) == ("female", 0.7, 2, None)


def test_a_label_by_hand_has_no_probability_and_one_that_the_network_gave_too_keeps_it() -> None:
    (first, second) = with_marks(FACES, [Mark(SMALL.box, FOUND, "female"), Mark(LARGE.box, FOUND, "female")])
    assert (first.face.label, first.face.confidence, first.said) == ("female", None, SMALL)
    assert (second.face.label, second.face.confidence) == ("female", 0.8)


def test_a_moved_box_is_the_same_face_as_long_as_it_overlaps_enough() -> None:
    (_, near) = with_marks(FACES, [Mark(Box(110, 15, 80, 80), DRAWN)])
    assert (near.face.box.x, near.said) == (110, LARGE)
    assert len(with_marks(FACES, [Mark(Box(170, 15, 80, 80), DRAWN)])) == 3


def test_two_marks_beside_each_other_are_two_faces() -> None:
    marks = [Mark(Box(100, 10, 80, 80), DRAWN), Mark(Box(115, 15, 80, 80), DRAWN)]
    assert [each.said for each in with_marks((LARGE,), marks)] == [LARGE, None]


def test_a_picture_is_judged_by_its_largest_face_that_is_one() -> None:
    assert judged(FACES, ()) is LARGE
    assert judged(FACES, [Mark(LARGE.box, REMOVED)]) is SMALL
    assert judged(FACES, [Mark(Box(200, 0, 200, 200), DRAWN, "male")]) is None, "a face that was not found"
    assert judged(FACES, [Mark(SMALL.box, REMOVED), Mark(LARGE.box, REMOVED)]) is None
    assert judged((), ()) is None


@pytest.mark.parametrize("mark", [Mark(Box(-3, 4, 50, 60), DRAWN, "a"), Mark(Box(0, 0, 1, 1), REMOVED)])
def test_a_mark_comes_back_from_a_table(mark: Mark) -> None:
    values = mark_values(mark)
    assert is_mark(values["face"])
    assert read_mark(values, mark.label) == mark


@pytest.mark.parametrize("kind", ["", "1", "yes", "face"])
def test_other_words_are_no_marks(kind: str) -> None:
    assert not is_mark(kind)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"x": ""}, "x is ''"),
        ({"y": "left"}, "y is 'left'"),
        ({"width": "nan"}, "width is 'nan'"),
        ({"height": "1e9"}, "height is '1e9'"),
        ({"width": "0"}, "empty"),
        ({"height": "-4"}, "empty"),
    ],
)
def test_a_box_that_is_none_is_refused(changed: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_mark(mark_values(Mark(Box(1, 2, 30, 40), DRAWN)) | changed, None)
