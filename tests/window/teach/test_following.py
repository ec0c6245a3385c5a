"""Whose face is meant."""

from __future__ import annotations

from webcam_app.faces.face import Box, Face
from webcam_app.window.teach.following import Follower

SIZE = (640, 480)
LARGE, SMALL = Face(Box(260, 180, 120, 120), 1), Face(Box(100, 180, 60, 60), 2)


def test_the_largest_is_followed_and_stays_when_another_becomes_larger() -> None:
    follower = Follower()
    assert follower.follow([SMALL, LARGE], *SIZE) is LARGE
    huge = Face(Box(50, 50, 300, 300), 3)
    assert follower.follow([huge, LARGE], *SIZE) is LARGE


def test_of_two_about_as_large_the_one_in_the_middle_is_followed() -> None:
    middle, corner = Face(Box(270, 190, 100, 100), 1), Face(Box(0, 0, 110, 110), 2)
    assert Follower().follow([corner, middle], *SIZE) is middle


def test_when_it_is_gone_another_is_followed_but_not_while_only_it_is_meant() -> None:
    follower = Follower()
    follower.follow([LARGE], *SIZE)
    assert follower.follow([SMALL], *SIZE, only_it=True) is None
    assert follower.follow([SMALL, LARGE], *SIZE, only_it=True) is LARGE
    assert follower.follow([SMALL], *SIZE) is SMALL


def test_without_a_face_nobody_is_followed() -> None:
    follower = Follower()
    assert follower.follow([], *SIZE) is None
    assert follower.follow([SMALL], *SIZE, only_it=True) is SMALL, "the first that comes while it is held"
