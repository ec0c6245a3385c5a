"""Boxes under the mouse and the keys."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QPointF, QRectF

from webcam_app.faces.face import Box
from webcam_app.window.photographs.large.boxes import SMALLEST, WHOLE, Edges, dragged, hit, proposed, spanned

SIZE = (200, 100)
BOX = Box(50, 20, 40, 40)


def edges(words: str) -> Edges:
    return Edges(*(word in words.split() for word in ("left", "top", "right", "bottom")))


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((70, 40), "left top right bottom"),
        ((48, 40), "left"),
        ((70, 62), "bottom"),
        ((51, 19), "left top"),
        ((91, 61), "right bottom"),
        ((30, 40), None),
    ],
)
def test_the_mouse_takes_hold_of_the_edges_that_are_near_or_of_the_whole_box(
    point: tuple[int, int], expected: str | None
) -> None:
    found = hit([QRectF(50, 20, 40, 40)], QPointF(*point))
    assert (found and found.edges) == (None if expected is None else edges(expected))


def test_a_box_within_another_is_meant_before_it_and_the_selected_one_before_both() -> None:
    rectangles = [QRectF(0, 0, 100, 100), QRectF(30, 30, 20, 20)]
    assert hit(rectangles, QPointF(40, 40)).at == 1  # type: ignore[union-attr]
    assert hit(rectangles, QPointF(40, 40), first=0).at == 0  # type: ignore[union-attr]


def test_even_a_tiny_box_can_be_moved() -> None:
    assert hit([QRectF(10, 10, 8, 8)], QPointF(14, 14)).edges == WHOLE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("held", "by", "expected"),
    [
        ("left top right bottom", (5, -5), Box(55, 15, 40, 40)),
        ("left top right bottom", (500, 500), Box(160, 60, 40, 40)),
        ("left top right bottom", (-500, -500), Box(0, 0, 40, 40)),
        ("left", (-10, 30), Box(40, 20, 50, 40)),
        ("left", (100, 0), Box(90 - SMALLEST, 20, SMALLEST, 40)),
        ("right", (500, 0), Box(50, 20, 150, 40)),
        ("top", (0, -500), Box(50, 0, 40, 60)),
        ("right bottom", (-500, 10), Box(50, 20, SMALLEST, 50)),
    ],
)
def test_what_is_dragged_stays_in_the_picture_and_large_enough(held: str, by: tuple[int, int], expected: Box) -> None:
    assert dragged(BOX, edges(held), *by, SIZE) == expected


def test_a_box_is_spanned_in_any_direction_and_ends_at_the_edge_of_the_picture() -> None:
    assert spanned(QPointF(90, 60), QPointF(50, 20), SIZE) == BOX
    assert spanned(QPointF(150, 50), QPointF(900, -20), SIZE) == Box(150, 0, 50, 50)


def test_a_box_is_proposed_in_the_middle_of_what_is_seen() -> None:
    assert proposed(QRectF(0, 0, 200, 100), SIZE) == Box(84, 34, 33, 33)
    assert proposed(QRectF(150, 50, 50, 50), SIZE).x > 150
    assert proposed(QRectF(0, 0, 8, 8), (8, 8)) == Box(0, 0, 8, 8)
