"""The same faces at whatever size a picture was decoded, and as many pixels of each as the network can use."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
from numpy.typing import NDArray

from webcam_app.capture import Frame, Image, load_picture
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box, Face
from webcam_app.faces.photograph import SEARCHED_SIDE, analyze_frame, analyze_photograph, load_to_search, on_image


@pytest.fixture(scope="module")
def analyzer() -> FaceAnalyzer:
    return FaceAnalyzer()


class Watched:
    """Looks over an analyzer's shoulder."""

    def __init__(self, analyzer: FaceAnalyzer) -> None:
        self._analyzer = analyzer
        self.card = analyzer.card
        self.sizes: list[tuple[int, int]] = []

    def analyze_still(self, image: Image, *, smallest: float = 0.0) -> list[Face]:
        self.sizes.append((image.shape[1], image.shape[0]))
        return self._analyzer.analyze_still(image)

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        pytest.fail("a photograph was taken for a frame of a video")


def large_photograph(path: Path, portrait: NDArray[np.uint8], face_side: int, *, size: tuple[int, int]) -> None:
    """The portrait somewhere on grey, so that its face has about that side in pixels."""
    factor = face_side / 205
    small = cv2.resize(portrait, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else 2)
    grain = np.random.default_rng(1).integers(90, 110, (500, 500, 3), np.uint8)
    image = np.tile(grain, (size[1] // 500 + 1, size[0] // 500 + 1, 1))[: size[1], : size[0]]
    x, y = size[0] // 3, size[1] // 5
    image[y : y + small.shape[0], x : x + small.shape[1]] = small
    PIL.Image.fromarray(image[:, :, ::-1]).save(path, quality=90)


@pytest.mark.parametrize("face_side", [100, 190, 400, 800])
def test_a_large_photograph_has_the_faces_of_its_full_size(
    face_side: int, tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    path = tmp_path / "large.jpg"
    large_photograph(path, portrait, face_side, size=(4000, 3000))
    full = load_picture(path)
    [expected] = analyzer.analyze_still(full.image)
    [found] = analyze_photograph(analyzer, load_to_search(path))
    assert found.box.iou(expected.box) > 0.9
    assert found.label == expected.label == "male"
    assert found.confidence == pytest.approx(expected.confidence, abs=0.05)
    assert analyze_photograph(analyzer, full) == [found]


def test_it_is_searched_at_a_part_of_its_size(
    tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    large_photograph(tmp_path / "large.jpg", portrait, 600, size=(4000, 3000))
    watched = Watched(analyzer)
    analyze_photograph(watched, load_to_search(tmp_path / "large.jpg"))
    assert watched.sizes == [(2000, 1500)]


def test_a_small_face_is_labelled_from_all_its_pixels(
    tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    large_photograph(tmp_path / "large.jpg", portrait, 110, size=(4000, 3000))
    watched = Watched(analyzer)
    analyze_photograph(watched, load_to_search(tmp_path / "large.jpg"))
    assert watched.sizes == [(2000, 1500), (4000, 3000)]


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_picture_of_usual_size_is_searched_as_it_is(
    suffix: str, tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    path = tmp_path / f"usual{suffix}"
    large_photograph(path, portrait, 200, size=(1600, 2 * SEARCHED_SIDE - 1))
    watched = Watched(analyzer)
    faces = analyze_photograph(watched, load_to_search(path))
    assert watched.sizes == [(1600, 2 * SEARCHED_SIDE - 1)]
    assert faces == analyzer.analyze_still(load_picture(path).image)


def test_boxes_of_one_that_lies_on_its_side_are_those_of_the_picture_upright(
    tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    large_photograph(tmp_path / "upright.jpg", portrait, 500, size=(3000, 4000))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    with PIL.Image.open(tmp_path / "upright.jpg") as upright:
        upright.transpose(PIL.Image.Transpose.ROTATE_90).save(tmp_path / "side.jpg", exif=exif, quality=92)
    [expected] = analyze_photograph(analyzer, load_to_search(tmp_path / "upright.jpg"))
    side = load_to_search(tmp_path / "side.jpg")
    assert (side.width, side.height, side.reduction) == (3000, 4000, 2)
    [found] = analyze_photograph(analyzer, side)
    assert found.box.iou(expected.box) > 0.9 and found.label == expected.label


def test_a_photograph_of_108_million_pixels_is_read_in_little_memory(
    tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    large_photograph(tmp_path / "huge.jpg", portrait, 1500, size=(12_000, 9_000))
    picture = load_to_search(tmp_path / "huge.jpg")
    assert (picture.width, picture.height, picture.reduction) == (12_000, 9_000, 4)
    assert picture.image.shape == (2250, 3000, 3)
    [face] = analyze_photograph(analyzer, picture)
    assert face.label == "male" and 1200 < face.box.width < 1800
    assert face.box.x > 4000 and face.box.y > 1800
    shown = load_picture(tmp_path / "huge.jpg")
    assert shown.reduction == 2 and shown.width == 12_000
    assert analyze_photograph(analyzer, shown) == [face]


def test_boxes_are_drawn_where_the_face_is_in_a_picture_that_is_shown_smaller(
    tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    large_photograph(tmp_path / "large.jpg", portrait, 600, size=(4000, 3000))
    shown = load_picture(tmp_path / "large.jpg", max_pixels=2_000_000)
    assert shown.reduction == 4
    frame = Frame(shown.image, 0, 0.0, 0.0, shown.path, picture=shown)
    [face] = analyze_frame(Watched(analyzer), frame)
    [drawn] = on_image([face], frame)
    assert drawn.box == Box(*(round(value / 4) for value in face.box))
    assert drawn.label == face.label == "male"


def test_a_picture_that_was_sent_is_decoded_again_from_its_bytes(
    tmp_path: Path, portrait: NDArray[np.uint8], analyzer: FaceAnalyzer
) -> None:
    """Its path leads nowhere on the machine that looks at it."""
    large_photograph(tmp_path / "large.jpg", portrait, 110, size=(4000, 3000))
    expected = analyze_photograph(analyzer, load_to_search(tmp_path / "large.jpg"))
    content = (tmp_path / "large.jpg").read_bytes()
    (tmp_path / "large.jpg").rename(tmp_path / "elsewhere.jpg")
    gone = tmp_path / "large.jpg"
    assert analyze_photograph(analyzer, load_to_search(gone, content=content)) == expected
    assert analyze_photograph(analyzer, load_to_search(gone, place=tmp_path / "elsewhere.jpg")) == expected
