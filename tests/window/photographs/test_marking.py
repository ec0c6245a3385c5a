"""What is known of a photograph after a person has labelled, drawn, moved or removed faces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from webcam_app.faces.face import Box, Face
from webcam_app.faces.marks import DRAWN, FOUND, REMOVED, Mark
from webcam_app.photographs import Looked
from webcam_app.window.photographs.correcting import marking
from webcam_app.window.photographs.entry import Entry, State

SMALL = Face(Box(10, 10, 40, 40), 1, "male", {"male": 0.9, "female": 0.1})
LARGE = Face(Box(100, 10, 80, 80), 2, "female", {"male": 0.2, "female": 0.8})
HUGE = Box(0, 0, 95, 200)
TINY = Box(200, 200, 20, 20)


@pytest.fixture
def make() -> Callable[..., Entry]:
    def made(*faces: Face, truth: str | None = None) -> Entry:
        entry = Entry(Path("a.png"), Path(), "a.png", 0)
        entry.take(Looked(Path("a.png"), faces))
        entry.know(State(truth))
        return entry

    return made


def labels(entry: Entry) -> list[str | None]:
    return [each.face.label for each in entry.shown]


def test_a_label_is_about_the_largest_face_and_about_the_selected_one_where_one_is(make: Callable[..., Entry]) -> None:
    entry = make(SMALL, LARGE)
    assert marking.labelled(entry, "male") == State("male")
    entry.know(marking.labelled(entry, "female", 0))
    assert entry.state == State(None, (Mark(SMALL.box, FOUND, "female"),))
    entry.know(marking.labelled(entry, "male", 1))
    assert (entry.truth, labels(entry)) == ("male", ["female", "male"])


def test_a_drawn_face_gets_the_label_of_a_photograph_in_which_no_face_was_found(make: Callable[..., Entry]) -> None:
    entry = make(truth="female")
    entry.know(marking.drawn(entry, HUGE))
    assert entry.state == State("female", (Mark(HUGE, DRAWN, "female"),))
    assert (labels(entry), entry.said, entry.wrong) == (["female"], None, False)


@pytest.mark.parametrize("box", [HUGE, TINY])
def test_what_is_shown_of_other_faces_stays_when_one_is_drawn(make: Callable[..., Entry], box: Box) -> None:
    entry = make(SMALL, LARGE, truth="male")
    before = {each.face.box: each.face.label for each in entry.shown}
    entry.know(marking.drawn(entry, box))
    assert {each.face.box: each.face.label for each in entry.shown} == before | {box: None}
    assert entry.truth == ("male" if box == TINY else None), "it is about the largest face"


def test_a_removed_face_is_none_and_the_label_of_the_photograph_is_about_the_next(make: Callable[..., Entry]) -> None:
    entry = make(SMALL, LARGE, truth="female")
    entry.know(marking.removed(entry, 1))
    assert (labels(entry), entry.truth, entry.said, entry.wrong) == (["female"], "female", "male", True)
    entry.know(marking.removed(entry, 0))
    assert (labels(entry), entry.truth, entry.said) == ([], "female", None)


def test_a_face_drawn_in_place_of_a_false_one_gets_the_label_in_either_order(make: Callable[..., Entry]) -> None:
    first, second = make(LARGE, truth="male"), make(LARGE, truth="male")
    first.know(marking.removed(first, 0))
    first.know(marking.drawn(first, HUGE))
    second.know(marking.drawn(second, HUGE))
    assert second.truth is None
    second.know(marking.removed(second, 1))
    for entry in (first, second):
        assert (entry.truth, labels(entry), entry.said) == ("male", ["male"], None)


def test_a_drawn_face_that_is_removed_leaves_nothing(make: Callable[..., Entry]) -> None:
    entry = make(LARGE)
    entry.know(marking.drawn(entry, HUGE))
    entry.know(marking.removed(entry, 0))
    assert entry.state == State()


def test_a_moved_box_keeps_its_label_and_is_still_what_the_network_found(make: Callable[..., Entry]) -> None:
    entry = make(LARGE, truth="male")
    near = LARGE.box._replace(x=110)
    entry.know(marking.moved(entry, 0, near))
    assert entry.state == State("male", (Mark(near, DRAWN, "male"),))
    assert (entry.said, entry.wrong) == ("female", True)


def test_a_box_that_is_moved_away_leaves_a_place_without_a_face_until_it_comes_back(make: Callable[..., Entry]) -> None:
    entry = make(LARGE)
    far = LARGE.box._replace(x=300)
    entry.know(marking.moved(entry, 0, far))
    assert set(entry.state.marks) == {Mark(far, DRAWN), Mark(LARGE.box, REMOVED)}
    assert (len(entry.shown), entry.said) == (1, None)
    entry.know(marking.moved(entry, 0, LARGE.box))
    assert entry.state.marks == (Mark(LARGE.box, DRAWN),)
    assert entry.said == "female"


def test_a_box_made_smaller_than_another_leaves_the_photographs_label_behind(make: Callable[..., Entry]) -> None:
    entry = make(SMALL, LARGE, truth="female")
    entry.know(marking.moved(entry, 1, Box(100, 10, 20, 20)))
    assert labels(entry) == ["male", "female"]
    assert entry.truth is None


def test_the_answer_about_a_drawn_box_is_asked_for_once(make: Callable[..., Entry]) -> None:
    entry = make(LARGE)
    entry.know(marking.drawn(entry, HUGE))
    assert entry.to_look_at == [HUGE]
    entry.take_drawn(HUGE, Face(HUGE, 1, "male", {"male": 0.7, "female": 0.3}))
    assert (entry.to_look_at, labels(entry), entry.confidence) == ([], ["male", "female"], 0.7)
