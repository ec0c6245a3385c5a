"""The thread that shows the picture to other programs: never late, never in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from webcam_app.capture.frame import Image
from webcam_app.errors import VirtualCameraError
from webcam_app.faces.face import Box, Face
from webcam_app.live.virtual_camera import Shot, VirtualCameraFeed
from webcam_app.output.overlay import OverlayStyle, draw_overlay

PATIENCE_SECONDS = 10.0
FACE = Face(Box(20, 30, 40, 40), 1, "ada", {"ada": 0.9, "bea": 0.1})


def shot(number: int, faces: tuple[Face, ...] = ()) -> Shot:
    """A picture that is known by its brightness."""
    return Shot(np.full((96, 128, 3), number, np.uint8), faces, OverlayStyle(), ("ada", "bea"))


class Device:
    """A virtual camera that keeps what it is shown; it can be made slow, or break."""

    def __init__(self) -> None:
        self.name = "Loop"
        self.shown: list[Image | None] = []
        self.opened: list[tuple[tuple[int, int], float]] = []
        self.repeats = 0
        self.closed = threading.Event()
        self.going = threading.Event()
        self.going.set()
        self.problem: Exception | None = None
        self.refusal: Exception | None = None
        self._changed = threading.Condition()

    def open(self, size: tuple[int, int], fps: float) -> Device:
        if self.refusal is not None:
            raise self.refusal
        self.opened.append((size, fps))
        self.closed.clear()
        return self

    def send(self, image: Image | None) -> None:
        with self._changed:
            self.shown.append(image)
            self._changed.notify_all()
        self.going.wait(PATIENCE_SECONDS)
        if self.problem is not None:
            raise self.problem

    def repeat(self) -> None:
        with self._changed:
            self.repeats += 1
            self._changed.notify_all()
        if self.problem is not None:
            raise self.problem

    def close(self) -> None:
        self.closed.set()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_SECONDS)


class Told:
    """What a feed tells."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.problems: list[str] = []
        self.failed = threading.Event()

    def fail(self, problem: str) -> None:
        self.problems.append(problem)
        self.failed.set()


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def feed(device: Device, told: Told) -> Iterator[VirtualCameraFeed]:
    feed = VirtualCameraFeed(told.names.append, told.fail, opener=device.open, check=lambda: None)
    yield feed
    device.going.set()
    feed.close()
    assert feed.join(PATIENCE_SECONDS)


def brightness(image: Image | None) -> int | None:
    return None if image is None else int(image[0, 0, 0])


def test_it_opens_with_the_first_picture_in_its_size_and_says_its_name(
    feed: VirtualCameraFeed, device: Device, told: Told
) -> None:
    feed.show(None, 30.0)
    feed.show(shot(7), 12.5)
    device.wait_for(lambda: len(device.shown) > 0)
    device.wait_for(lambda: device.repeats > 0)
    assert device.opened == [((128, 96), 12.5)]
    assert brightness(device.shown[0]) == 7 and told.names == ["Loop"]


def test_others_see_boxes_and_labels_as_in_a_recording(feed: VirtualCameraFeed, device: Device) -> None:
    plain = shot(60, (FACE,))
    feed.show(plain, 30.0)
    device.wait_for(lambda: len(device.shown) > 0)
    expected = draw_overlay(plain.image, (FACE,), plain.style, labels=plain.labels)
    assert np.array_equal(device.shown[0], expected)
    assert (plain.image == 60).all(), "what the window shows is not drawn into"


def test_while_it_is_slow_pictures_are_left_out_and_nobody_waits(feed: VirtualCameraFeed, device: Device) -> None:
    device.going.clear()
    feed.show(shot(1), 30.0)
    device.wait_for(lambda: len(device.shown) == 1)
    for number in range(2, 200):
        feed.show(shot(number), 30.0)
    device.going.set()
    device.wait_for(lambda: len(device.shown) == 2)
    assert [brightness(image) for image in device.shown] == [1, 199]


def test_without_a_new_picture_the_last_is_shown_again(feed: VirtualCameraFeed, device: Device) -> None:
    feed.show(shot(5), 30.0)
    device.wait_for(lambda: device.repeats >= 2)
    assert len(device.shown) == 1


def test_no_picture_is_a_dark_one_until_there_is_one(feed: VirtualCameraFeed, device: Device) -> None:
    feed.show(shot(5), 30.0)
    device.wait_for(lambda: len(device.shown) == 1)
    feed.show(None, 30.0)
    device.wait_for(lambda: len(device.shown) == 2)
    device.wait_for(lambda: device.repeats > 0)
    feed.show(shot(9), 30.0)
    device.wait_for(lambda: len(device.shown) == 3)
    assert [brightness(image) for image in device.shown] == [5, None, 9]


@pytest.mark.parametrize("when", ["a picture", "a repetition"])
@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (VirtualCameraError("The virtual camera Loop is gone."), "gone"),
        (ValueError("of the library"), "of the library"),
    ],
)
def test_a_device_that_breaks_is_told_once_and_closed(
    feed: VirtualCameraFeed, device: Device, told: Told, problem: Exception, says: str, when: str
) -> None:
    feed.show(shot(5), 30.0)
    device.wait_for(lambda: len(device.shown) == 1)
    device.problem = problem
    if when == "a picture":
        feed.show(shot(6), 30.0)
    assert told.failed.wait(PATIENCE_SECONDS) and device.closed.wait(PATIENCE_SECONDS)
    assert feed.join(PATIENCE_SECONDS)
    feed.show(shot(7), 30.0)
    assert len(told.problems) == 1 and says in told.problems[0] and "\n" not in told.problems[0]


def test_a_device_that_cannot_be_opened_is_told(feed: VirtualCameraFeed, device: Device, told: Told) -> None:
    device.refusal = VirtualCameraError("The virtual camera Loop is in use by another program.")
    feed.show(shot(5), 30.0)
    assert told.failed.wait(PATIENCE_SECONDS)
    assert told.problems == [str(device.refusal)] and not told.names


def test_what_is_missing_is_told_before_there_is_a_picture(told: Told, device: Device) -> None:
    def check() -> None:
        raise VirtualCameraError("There is no virtual camera on this computer.")

    feed = VirtualCameraFeed(told.names.append, told.fail, opener=device.open, check=check)
    assert told.failed.wait(PATIENCE_SECONDS) and feed.join(PATIENCE_SECONDS)
    assert told.problems == ["There is no virtual camera on this computer."] and not device.opened


def test_a_picture_that_cannot_be_drawn_ends_the_camera_and_nothing_else(
    feed: VirtualCameraFeed, device: Device, told: Told
) -> None:
    feed.show(shot(5), 30.0)
    device.wait_for(lambda: len(device.shown) == 1)
    feed.show(Shot(np.zeros((4, 4), np.uint8), (FACE,), OverlayStyle(), ()), 30.0)
    assert told.failed.wait(PATIENCE_SECONDS) and device.closed.wait(PATIENCE_SECONDS)
    assert "The virtual camera has stopped" in told.problems[0]


def test_closing_lets_the_device_go_and_tells_no_problem(feed: VirtualCameraFeed, device: Device, told: Told) -> None:
    feed.show(shot(5), 30.0)
    device.wait_for(lambda: len(device.shown) == 1)
    device.problem = ValueError("late")
    feed.close()
    assert feed.join(PATIENCE_SECONDS)
    assert device.closed.is_set() and not told.problems


def test_closing_before_there_was_a_picture_opens_nothing(feed: VirtualCameraFeed, device: Device) -> None:
    feed.close()
    assert feed.join(PATIENCE_SECONDS) and not device.opened


def test_the_next_one_waits_until_the_one_before_has_let_the_device_go(device: Device, told: Told) -> None:
    device.going.clear()
    first = VirtualCameraFeed(told.names.append, told.fail, opener=device.open, check=lambda: None)
    first.show(shot(5), 30.0)
    device.wait_for(lambda: len(device.shown) == 1)
    first.close()
    was_closed = []
    second = VirtualCameraFeed(
        told.names.append, told.fail, after=first, opener=device.open,
        check=lambda: was_closed.append(device.closed.is_set()),
    )  # fmt: skip
    second.show(shot(6), 30.0)
    device.going.set()
    device.wait_for(lambda: len(device.shown) == 2)
    second.close()
    assert second.join(PATIENCE_SECONDS) and was_closed == [True]
