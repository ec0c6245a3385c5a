"""Pictures look as they were meant, whatever the file's colours: HDR, wide colour, each matrix and range."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.capture.colours import Kind, write_coloured
from webcam_app.capture import open_source
from webcam_app.cli import main
from webcam_app.faces.analyzer import FaceAnalyzer

PQ, HLG = Kind(matrix=9, primaries=9, transfer=16), Kind(matrix=9, primaries=9, transfer=18)
# Grey, skin, and strong colours, no brighter than where highlights begin to be compressed.
PATCHES = [
    *((20, 20, 20), (60, 60, 60), (128, 128, 128), (200, 200, 200), (150, 180, 205), (70, 90, 130)),
    *((40, 40, 180), (60, 160, 60), (190, 80, 50), (60, 180, 190), (180, 170, 60), (160, 60, 160)),
]


def _patches(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    image = np.zeros((height, width, 3), np.uint8)
    for number, colour in enumerate(PATCHES):
        row, column = divmod(number, 4)
        image[row * height // 3 : (row + 1) * height // 3, column * width // 4 : (column + 1) * width // 4] = colour
    return image


def _read_first(path: Path) -> NDArray[np.uint8]:
    with open_source(str(path)) as source:
        frame = source.read()
        assert frame is not None
        return frame.image


@pytest.mark.parametrize(
    "kind",
    [
        PQ,
        HLG,
        Kind(matrix=9, primaries=9, transfer=16, bits=12),
        Kind(matrix=9, primaries=9, transfer=16, full=True),
        Kind(matrix=9, primaries=9, transfer=18, full=True),
        Kind(matrix=9, primaries=9, transfer=14),
        Kind(matrix=9, primaries=9, transfer=1, bits=8),
        Kind(matrix=1, primaries=12, transfer=1, bits=8),
        Kind(matrix=1, primaries=1, transfer=1),
        Kind(matrix=1, primaries=1, transfer=1, bits=8, full=True),
        Kind(matrix=5, primaries=5, transfer=6, bits=8),
        Kind(matrix=6, primaries=6, transfer=6, bits=8, full=True),
    ],
    ids=[
        *("PQ", "HLG", "PQ of 12 bit", "PQ of full range", "HLG of full range", "BT.2020 without HDR"),
        *("BT.2020 of 8 bit", "Display P3", "BT.709 of 10 bit", "BT.709 of full range", "BT.601", "BT.601 full range"),
    ],
)
def test_colours_are_those_of_an_sdr_copy(kind: Kind, tmp_path: Path) -> None:
    original = _patches()
    shown = _read_first(write_coloured(tmp_path / "clip.mkv", [original], kind))
    away = np.abs(shown.astype(int) - original)[4:-4:4, 2:-2:4]
    assert np.median(away) <= 2
    assert np.percentile(away, 95) <= 5


@pytest.mark.parametrize(
    ("size", "matrix"), [((96, 64), 6), ((720, 576), 6), ((1280, 720), 1), ((720, 1280), 1)], ids=str
)
def test_where_nothing_is_said_the_size_decides_between_sd_and_hd(
    size: tuple[int, int], matrix: int, tmp_path: Path
) -> None:
    original = _patches(*size)
    shown = _read_first(write_coloured(tmp_path / "clip.mkv", [original], Kind(matrix=matrix, bits=8, tagged=False)))
    assert np.median(np.abs(shown.astype(int) - original), axis=(0, 1)).max() <= 2


@pytest.mark.parametrize("kind", [PQ, HLG], ids=["PQ", "HLG"])
def test_what_is_brighter_than_white_is_white_and_keeps_its_order(kind: Kind, tmp_path: Path) -> None:
    from tests.capture import colours

    steps = np.zeros((16, 128, 3), np.uint8)
    steps[:] = np.repeat(np.arange(8) * 36, 16)[:, None]
    before = colours.WHITE_NITS
    colours.WHITE_NITS = 1000.0  # the brightest step is five times as bright as white
    try:
        path = write_coloured(tmp_path / "clip.mkv", [steps], kind)
    finally:
        colours.WHITE_NITS = before
    levels = _read_first(path)[8, 8::16].astype(int)
    assert np.ptp(levels, axis=1).max() <= 2  # grey stays grey
    assert (np.diff(levels[:5, 1]) > 0).all()
    assert (np.diff(levels[4:, 1]) >= 0).all()
    assert levels[-1].min() >= 250


def test_hdr_files_of_several_kinds_follow_one_another(tmp_path: Path) -> None:
    original = _patches()
    for number, kind in enumerate((PQ, Kind(bits=8), HLG, PQ)):
        shown = _read_first(write_coloured(tmp_path / f"{number}.mkv", [original], kind))
        assert np.median(np.abs(shown.astype(int) - original)) <= 2


@pytest.mark.parametrize("kind", [PQ, HLG], ids=["PQ", "HLG"])
def test_faces_in_hdr_are_labelled_as_in_sdr(kind: Kind, demo_path: Path, tmp_path: Path) -> None:
    with av.open(str(demo_path)) as container:
        images = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][90:106]
    path = write_coloured(tmp_path / "clip.mp4", images, kind, codec="libx265")
    sdr, hdr = FaceAnalyzer(), FaceAnalyzer()
    with open_source(str(path)) as source:
        for image in images:
            frame = source.read()
            assert frame is not None
            expected, found = sdr.analyze(image, frame.time), hdr.analyze(frame.image, frame.time)
            assert np.abs(frame.image.astype(int) - image).mean() < 4
    # The very first look at a face may fall on either side of the threshold.
    assert [face.label for face in found] == [face.label for face in expected]
    assert len(expected) == 2


def test_an_annotated_copy_of_hdr_is_tagged_as_the_sdr_that_it_is(tmp_path: Path) -> None:
    original = _patches()
    source = write_coloured(tmp_path / "clip.mkv", [original] * 5, PQ)
    assert main(["annotate", str(source), "-o", str(tmp_path / "out.mp4")]) == 0
    with av.open(str(tmp_path / "out.mp4")) as container:
        frame = next(container.decode(video=0))
        assert (int(frame.colorspace), int(frame.color_primaries), int(frame.color_trc)) == (1, 1, 1)
    shown = _read_first(tmp_path / "out.mp4")
    assert np.median(np.abs(shown.astype(int) - original)) <= 3
