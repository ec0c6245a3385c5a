"""Edited videos: who dissolves into somebody else leaves them nothing, and nothing else is taken for a dissolve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.detection.dissolves import Dissolves
from webcam_app.faces.detection.pyramid import Pyramid

Image = NDArray[np.uint8]
People = tuple[list[Image], list[Image]]
FPS = 30


def _there_and_back(frames: Sequence[Image], number: int) -> Image:
    number %= 2 * len(frames) - 2
    return frames[number] if number < len(frames) else frames[2 * len(frames) - 2 - number]


def _mixed(first: Image, second: Image, share: float) -> Image:
    return np.asarray(cv2.addWeighted(first, 1 - share, second, share, 0), np.uint8)


def _dissolve(first: Sequence[Image], second: Sequence[Image], seconds: float, curve: float = 1.0) -> list[Image]:
    """A second of the first, the dissolve, a second of the second."""
    count = round(seconds * FPS)
    shares = [0.0] * FPS + [((n + 1) / (count + 1)) ** curve for n in range(count)] + [1.0] * FPS
    return [
        np.asarray(
            cv2.addWeighted(_there_and_back(first, n), 1 - share, _there_and_back(second, n), share, 0), np.uint8
        )
        for n, share in enumerate(shares)
    ]


def _tracks(analyzer: FaceAnalyzer, frames: Iterable[Image]) -> list[set[int]]:
    analyzer.reset()
    return [{face.track for face in analyzer.analyze(image, n / FPS)} for n, image in enumerate(frames)]


@pytest.mark.parametrize("seconds", [0.3, 0.7, 1.4, 2.0])
def test_nobody_after_a_dissolve_has_the_number_of_somebody_before(
    seconds: float, people: People, analyzer: FaceAnalyzer
) -> None:
    """Two faces at the same place, so that the one becomes the other."""
    for first, second in (people, people[::-1]):
        tracks = _tracks(analyzer, _dissolve(first, second, seconds))
        before = set().union(*tracks[:FPS])
        assert before and tracks[-1]
        assert not before & set().union(*tracks[-FPS + 6 :])


@pytest.mark.parametrize("curve", [0.6, 1.8])
def test_a_dissolve_that_is_not_even_is_one_too(curve: float, people: People, analyzer: FaceAnalyzer) -> None:
    tracks = _tracks(analyzer, _dissolve(*people, 1.0, curve))
    assert not set().union(*tracks[:FPS]) & set().union(*tracks[-FPS + 6 :])


def _in_a_room(frames: Sequence[Image]) -> list[Image]:
    """Somebody before a dark wall between bright windows, by which the pictures are alike whoever it is."""
    wall = np.full((480, 640, 3), 10, np.uint8)
    wall[40:440, :120] = wall[40:440, 520:] = 250
    shade = np.zeros((480, 640), np.float32)
    cv2.ellipse(shade, (320, 250), (160, 210), 0, 0, 360, 1.0, -1)
    shade = np.asarray(cv2.GaussianBlur(shade, (0, 0), 12), np.float32)[..., None]
    return [np.asarray(shade * one + (1 - shade) * wall, np.uint8) for one in frames]


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_two_people_who_stand_before_the_same_wall_are_two(
    seconds: float, people: People, analyzer: FaceAnalyzer
) -> None:
    """All but the person is the same in both pictures, as in clips of one series. They stand still."""
    first, second = (_in_a_room(frames[:2]) for frames in people)
    tracks = _tracks(analyzer, _dissolve(first, second, seconds))
    before = set().union(*tracks[:FPS])
    assert before and tracks[-1]
    assert not before & set().union(*tracks[-FPS + 6 :])


def test_the_label_after_a_dissolve_is_that_of_the_clip_by_itself(people: People, analyzer: FaceAnalyzer) -> None:
    for first, second in (people, people[::-1]):
        analyzer.reset()
        alone = [analyzer.analyze(_there_and_back(second, n), n / FPS) for n in range(FPS)]
        analyzer.reset()
        after = [analyzer.analyze(image, n / FPS) for n, image in enumerate(_dissolve(first, second, 0.7))]
        assert [face.label for face in after[-1]] == [face.label for face in alone[-1]]
        assert after[-1]


@pytest.mark.parametrize("level", [0, 255], ids=["black", "white"])
@pytest.mark.parametrize("seconds", [0.3, 2.0])
def test_who_comes_out_of_a_fade_is_somebody_else(
    seconds: float, level: int, people: People, analyzer: FaceAnalyzer
) -> None:
    nothing = [np.full_like(people[0][0], level)]
    frames = [*_dissolve(people[0], nothing * 2, seconds), *_dissolve(nothing * 2, people[1], seconds)]
    tracks = _tracks(analyzer, frames)
    assert tracks[FPS - 1] and tracks[-1]
    assert not set().union(*tracks[:FPS]) & set().union(*tracks[-FPS:])


def _zoomed(image: Image, factor: float, right: float = 0.0) -> Image:
    height, width = image.shape[:2]
    matrix = np.array([[factor, 0, (1 - factor) * width / 2 + right], [0, factor, (1 - factor) * height / 2]])
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _slow_exposure(image: Image, time: float) -> Image:
    return np.asarray(cv2.convertScaleAbs(image, alpha=0.75 + 0.3 * np.sin(3 * time)), np.uint8)


def _exposure_jumps(image: Image, time: float) -> Image:
    return np.asarray(cv2.convertScaleAbs(image, alpha=1.4 if time % 1.6 < 0.8 else 0.7), np.uint8)


def _flashes(image: Image, time: float) -> Image:
    return np.asarray(cv2.convertScaleAbs(image, alpha=1.0, beta=70 if time % 1.0 < 0.07 else 0), np.uint8)


def _pan(image: Image, time: float) -> Image:
    return _zoomed(image, 1.4, 60 * np.sin(2 * time))


def _zoom(image: Image, time: float) -> Image:
    return _zoomed(image, 1.2 + 0.15 * np.sin(2 * time))


def _passer_by(image: Image, time: float) -> Image:
    passed = image.copy()
    left = round(240 * time) - 200
    passed[:, max(0, left) : max(0, left + 200)] = (60, 80, 50)
    return passed


@pytest.mark.parametrize("change", [_slow_exposure, _exposure_jumps, _flashes, _pan, _zoom])
def test_what_is_no_dissolve_leaves_everybody_the_number(
    change: Callable[[Image, float], Image], people: People, analyzer: FaceAnalyzer
) -> None:
    for frames in people:
        tracks = _tracks(analyzer, [change(_there_and_back(frames, n), n / FPS) for n in range(3 * FPS)])
        assert len(tracks[FPS]) == 1
        assert tracks[FPS] <= tracks[-1]


@pytest.mark.parametrize("change", [_slow_exposure, _exposure_jumps, _flashes, _passer_by])
def test_neither_light_nor_movement_looks_like_a_dissolve(
    change: Callable[[Image, float], Image], people: People
) -> None:
    # Somebody who stands still in a room, made of one picture: what the demo clip's own frames do is no part of this.
    looks = Dissolves()
    for n in range(3 * FPS):
        image = change(people[0][0], n / FPS)
        assert looks.update(Pyramid.of(image), n / FPS) is None, n / FPS
