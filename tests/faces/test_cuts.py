"""Edited videos: nobody inherits anything from whoever was in the picture before a cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.capture.frame import Image
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.detection.cuts import is_cut

SIZE = (640, 480)


@pytest.fixture(scope="module")
def people(demo_path: Path) -> tuple[list[Image], list[Image]]:
    """Two people who each fill the picture, at the same place, each for a second of the demo clip."""
    with av.open(str(demo_path)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][90:120]
    # The faces are at about 156, 211 and 477, 200; 106 and 121 pixels wide.
    left = [cv2.resize(frame[90:330, 0:320], SIZE) for frame in frames]
    right = [cv2.resize(frame[80:320, 317:637], SIZE) for frame in frames]
    return left, right  # type: ignore[return-value]


@pytest.fixture(scope="module")
def analyzer() -> FaceAnalyzer:
    return FaceAnalyzer()


def _tracks(analyzer: FaceAnalyzer, frames: Iterable[Image], *, start: float = 0.0) -> list[set[int]]:
    return [{face.track for face in analyzer.analyze(image, start + n / 30)} for n, image in enumerate(frames)]


def _both_ways(people: tuple[list[Image], list[Image]]) -> Iterable[tuple[list[Image], list[Image]]]:
    yield people
    yield people[1], people[0]


def test_nobody_after_a_cut_has_the_number_of_somebody_before(
    people: tuple[list[Image], list[Image]], analyzer: FaceAnalyzer
) -> None:
    for first, second in _both_ways(people):
        analyzer.reset()
        tracks = _tracks(analyzer, [*first, *second])
        before, after = set().union(*tracks[:30]), set().union(*tracks[30:])
        assert before
        assert after
        assert not before & after


def test_the_label_after_a_cut_is_that_of_the_clip_by_itself(
    people: tuple[list[Image], list[Image]], analyzer: FaceAnalyzer
) -> None:
    for first, second in _both_ways(people):
        analyzer.reset()
        alone = [analyzer.analyze(image, n / 30) for n, image in enumerate(second)]
        analyzer.reset()
        _tracks(analyzer, first)
        after = [analyzer.analyze(image, 1 + n / 30) for n, image in enumerate(second)]
        labels = [{face.label for face in faces} for faces in alone[10:]]
        assert [{face.label for face in faces} for faces in after[10:]] == labels
        assert labels[-1]


def test_a_cut_back_and_forth_gives_no_number_to_the_other(
    people: tuple[list[Image], list[Image]], analyzer: FaceAnalyzer
) -> None:
    analyzer.reset()
    first, second = people
    tracks = _tracks(analyzer, [*first[:20], *second[:20], *first[:20], *second[:20]])
    of_first, of_second = set().union(*tracks[:20], *tracks[40:60]), set().union(*tracks[20:40], *tracks[60:])
    assert not of_first & of_second


@pytest.mark.parametrize("frames", [6, 15, 30])
def test_who_comes_out_of_the_dark_is_somebody_else(
    frames: int, people: tuple[list[Image], list[Image]], analyzer: FaceAnalyzer
) -> None:
    analyzer.reset()
    first, second = people
    levels = np.linspace(1, 0, frames)
    out = [cv2.convertScaleAbs(image, alpha=level) for image, level in zip(first, levels, strict=False)]
    back = [cv2.convertScaleAbs(image, alpha=level) for image, level in zip(second, levels[::-1], strict=False)]
    tracks = _tracks(analyzer, [*first, *out, *back, *second])  # type: ignore[list-item]
    middle = len(first) + len(out)  # there it is dark: nobody is to be seen for some frames before and after
    assert not set().union(*tracks[:middle]) & set().union(*tracks[middle + frames // 4 :])
    assert tracks[-1]


def _flash(image: Image, number: int) -> Image:
    return np.clip(image.astype(int) * 2 + 60, 0, 255).astype(np.uint8) if number == 15 else image


def _exposure(image: Image, number: int) -> Image:
    return np.clip(image * (1.0 if number < 15 else 1.5), 0, 255).astype(np.uint8)


def _dimmed(image: Image, number: int) -> Image:
    return (image * (1.0 if number < 15 else 0.55)).astype(np.uint8)


def _hand(image: Image, number: int) -> Image:
    """Something dark comes before the lens within a tenth of a second, and goes again."""
    cover = {14: 0.3, 15: 0.7, 26: 0.7, 27: 0.3}.get(number, 1.0 if 15 < number < 26 else 0.0)
    covered = image.copy()
    covered[:, : round(cover * image.shape[1])] = (40, 60, 90)
    return covered


def _panned(image: Image, number: int) -> Image:
    matrix = np.array([[1.0, 0, 90 - 12 * abs(number % 30 - 15)], [0, 1, 0]])
    return np.asarray(cv2.warpAffine(image, matrix, SIZE, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _cap_on(image: Image, number: int) -> Image:
    return np.zeros_like(image) if 12 <= number < 20 else image


@pytest.mark.parametrize("change", [_flash, _exposure, _dimmed, _hand, _panned, _cap_on])
def test_what_is_no_cut_leaves_everybody_the_number(
    change: Callable[[Image, int], Image], people: tuple[list[Image], list[Image]], analyzer: FaceAnalyzer
) -> None:
    for frames in people:
        analyzer.reset()
        tracks = _tracks(analyzer, [change(image, number) for number, image in enumerate([*frames, *frames[::-1]])])
        assert len(tracks[10]) == 1
        assert tracks[10] <= tracks[-1]


@pytest.mark.parametrize("blurred", [0, 3])
def test_two_pictures_of_a_moving_camera_are_one_scene(blurred: int, portrait: NDArray[np.uint8]) -> None:
    gray = cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY)
    before = cv2.resize(gray, (90, 80), interpolation=cv2.INTER_AREA).astype(np.float32)
    if blurred:
        before = cv2.blur(before, (blurred, 1))  # type: ignore[assignment]
    for right, down in ((1, 0), (4, 2), (9, 0), (0, 8)):
        assert not is_cut(before[10:70, 10:80].copy(), before[10 - down : 70 - down, 10 - right : 80 - right].copy())
    assert is_cut(before[10:70, 10:80].copy(), before[10:70, 10:80][::-1].copy())
