"""The search for new faces, slice by slice, watched through detectors that only write down where they look."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import room
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection import sweep as sweep_module
from webcam_app.faces.detection.cascades import Detection
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.sweep import Sweep
from webcam_app.faces.face import Box


@dataclasses.dataclass
class Watcher:
    """Notes each search as region and smallest and largest face."""

    window: int = 20
    searches: list[tuple[Box, float, float]] = dataclasses.field(default_factory=list)

    def find(
        self,
        pyramid: Pyramid,
        smallest: float,
        largest: float,
        *,
        region: Box | None = None,
        scale: float = 1.0,
        step: float = 1.1,
        neighbors: int = 3,
    ) -> list[Detection]:
        self.searches.append((region or Box(0, 0, pyramid.width, pyramid.height), smallest, largest))
        return []

    def searched(self, box: FaceBox) -> bool:
        """Whether a face there would have been inside of a search of its size."""
        pixels = box.rounded
        return any(
            smallest <= box.side <= largest
            and region.x <= pixels.x
            and region.y <= pixels.y
            and region.x + region.width >= pixels.x + pixels.width
            and region.y + region.height >= pixels.y + pixels.height
            for region, smallest, largest in self.searches
        )


@pytest.fixture
def quick() -> tuple[Watcher, Watcher]:
    return Watcher(), Watcher()


@pytest.fixture
def slow() -> tuple[Watcher, Watcher]:
    return Watcher(), Watcher()


def grey(size: tuple[int, int] = (640, 480), seed: int = 1) -> NDArray[np.uint8]:
    return cv2.cvtColor(room(size, seed), cv2.COLOR_BGR2GRAY).astype(np.uint8)


def run(sweep: Sweep, picture: NDArray[np.uint8], start: float, seconds: float, fps: float) -> float:
    """Show a picture that does not change for a while; the time of the last frame."""
    time = start
    for frame in range(round(seconds * fps)):
        time = start + frame / fps
        sweep.update(Pyramid(picture), time)
        sweep.search(Pyramid(picture))
    return time


def textured(size: tuple[int, int] = (640, 480)) -> NDArray[np.uint8]:
    """No part of this is a blank wall."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    return (128 + 60 * np.sin(x / 9.0) * np.cos(y / 11.0)).astype(np.uint8)


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize(
    "box", [FaceBox(60, 60, 45), FaceBox(580, 420, 75), FaceBox(320, 240, 150), FaceBox(320, 240, 400)]
)
def test_after_a_start_every_place_and_size_is_searched_within_half_a_second(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher], fps: float, box: FaceBox
) -> None:
    run(Sweep(quick, slow), textured(), 0.0, 0.5, fps)
    assert quick[0].searched(box)


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_what_changes_is_searched_within_300_ms(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher], fps: float
) -> None:
    sweep, picture = Sweep(quick, slow), textured()
    end = run(sweep, picture, 0.0, 3.0, fps)
    for watcher in quick:
        watcher.searches.clear()
    cv2.rectangle(picture, (450, 300), (550, 400), 255, -1)
    run(sweep, picture, end + 1 / fps, 0.3, fps)
    assert quick[0].searched(FaceBox(500, 350, 75))


def test_what_does_not_change_is_not_searched_again_by_the_quick_ones(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]
) -> None:
    sweep = Sweep(quick, slow)
    end = run(sweep, textured(), 0.0, 3.0, 30)
    for watcher in quick:
        watcher.searches.clear()
    run(sweep, textured(), end + 1 / 30, 3.0, 30)
    assert [watcher.searches for watcher in quick] == [[], []]


def test_sensor_noise_is_no_change(quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]) -> None:
    sweep = Sweep(quick, slow)
    for frame in range(100):
        if frame == 70:
            for watcher in quick:
                watcher.searches.clear()
        picture = Pyramid(grey(seed=frame))
        sweep.update(picture, frame / 30)
        sweep.search(picture)
    assert [watcher.searches for watcher in quick] == [[], []]


def test_a_brighter_exposure_is_no_change(quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]) -> None:
    sweep = Sweep(quick, slow)
    end = run(sweep, textured(), 0.0, 3.0, 30)
    for watcher in quick:
        watcher.searches.clear()
    run(sweep, textured() + np.uint8(30), end + 1 / 30, 1.0, 30)
    assert [watcher.searches for watcher in quick] == [[], []]


def test_a_change_where_a_known_face_is_calls_for_no_search(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]
) -> None:
    sweep, picture = Sweep(quick, slow), textured()
    end = run(sweep, picture, 0.0, 3.0, 30)
    for watcher in quick:
        watcher.searches.clear()
    cv2.circle(picture, (300, 200), 40, 255, -1)
    for frame in range(30):
        sweep.update(Pyramid(picture), end + frame / 30)
        sweep.search(Pyramid(picture), [FaceBox(300, 200, 90)])
    assert [watcher.searches for watcher in quick] == [[], []]


def test_the_slow_ones_search_everything_in_the_end(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]
) -> None:
    run(Sweep(quick, slow), textured(), 0.0, 10.0, 30)
    for watcher in slow:
        assert watcher.searched(FaceBox(100, 100, 60))
        assert watcher.searched(FaceBox(560, 400, 70))


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (1920, 1080)])
def test_no_frame_pays_for_a_whole_sweep(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher], size: tuple[int, int]
) -> None:
    sweep = Sweep(quick, slow)
    most, random = 0.0, np.random.default_rng(2)
    for frame in range(20):
        # Everything changes all the time: the worst case.
        noise = cv2.resize(random.integers(0, 255, (24, 32), np.uint8), size, interpolation=cv2.INTER_CUBIC)
        picture = Pyramid((textured(size) // 2 + noise // 2).astype(np.uint8))
        for watcher in (*quick, *slow):
            watcher.searches.clear()
        sweep.update(picture, frame / 30)
        sweep.search(picture)
        area = sum(
            region.width * region.height / smallest**2
            for watcher in (*quick, *slow)
            for region, smallest, _ in watcher.searches
        )
        most = max(most, area)
    smallest = sweep_module.lay_out((size[1], size[0]))[0].smallest
    whole = size[0] * size[1] / smallest**2 * 4 / 3
    assert 0 < most < 0.8 * whole


def test_another_scene_is_a_cut(quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]) -> None:
    sweep = Sweep(quick, slow)
    run(sweep, textured(), 0.0, 0.2, 30)
    stripes = np.tile(np.where(np.arange(640) // 80 % 2, 220, 30).astype(np.uint8), (480, 1))
    assert sweep.update(Pyramid(stripes), 0.3)


def test_movement_is_no_cut(quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]) -> None:
    sweep, picture = Sweep(quick, slow), grey()
    run(sweep, picture, 0.0, 0.2, 30)
    cv2.rectangle(picture, (250, 150), (400, 480), 40, -1)
    assert not sweep.update(Pyramid(picture), 0.3)


def test_another_size_starts_anew(quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher]) -> None:
    sweep = Sweep(quick, slow)
    run(sweep, textured(), 0.0, 0.2, 30)
    assert sweep.update(Pyramid(textured((320, 240))), 0.3)
    sweep.search(Pyramid(textured((320, 240))))


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (33, 31)])
def test_odd_little_pictures_are_searched_without_fault(
    quick: tuple[Watcher, Watcher], slow: tuple[Watcher, Watcher], size: tuple[int, int]
) -> None:
    run(Sweep(quick, slow), textured(size), 0.0, 0.5, 30)
