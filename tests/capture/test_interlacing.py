"""Interlaced videos are looked at and written without combs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.filter import Graph
from numpy.typing import NDArray

from webcam_app.capture import Frame, open_source
from webcam_app.capture.interlacing import deinterlaced
from webcam_app.cli import main

FRAMES = 10
SIZES = [(720, 480), (720, 576), (1920, 1080)]


def _moment(number: float, size: tuple[int, int], portrait: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Somebody who passes the camera: at each half number another place."""
    width, height = size
    side = height // 2
    image = np.full((height, width, 3), 70, np.uint8)
    cv2.rectangle(image, (0, height - 40), (width, height), (120, 160, 90), -1)
    left = round(20 + number * width / 40)
    image[20 : 20 + side, left : left + side] = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
    return image


def _woven(number: int, size: tuple[int, int], portrait: NDArray[np.uint8], *, top_first: bool) -> NDArray[np.uint8]:
    first, second = _moment(number, size, portrait), _moment(number + 0.5, size, portrait)
    image = (first if top_first else second).copy()
    image[1::2] = (second if top_first else first)[1::2]
    return image


def _write(path: Path, images: list[NDArray[np.uint8]], codec: str, *, field: str, progressive_first: int = 0) -> Path:
    """A video of these; ``field`` is what its frames are flagged as: tff, bff or prog."""
    height, width = images[0].shape[:2]
    graph = Graph()
    source = graph.add_buffer(width=width, height=height, format="yuv420p", time_base=Fraction(1, 25))
    flag, sink = graph.add("setfield", field), graph.add("buffersink")
    source.link_to(flag)
    flag.link_to(sink)
    graph.configure()
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.bit_rate = 30_000_000
        if field != "prog":
            stream.codec_context.options = {"flags": "+ildct+ilme", "preset": "ultrafast"}
        for number, image in enumerate(images):
            plain = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv420p")
            plain.pts, plain.time_base = number, Fraction(1, 25)
            graph.push(plain)
            container.mux(stream.encode(graph.vpull()))
        container.mux(stream.encode(None))
    return path


def _read(path: Path) -> list[Frame]:
    with open_source(str(path)) as source:
        return list(iter(source.read, None))  # type: ignore[arg-type]


def _combs(image: NDArray[np.uint8]) -> float:
    """Share of the pixels that differ from those above and below, which are like each other."""
    rows = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(int)
    above, here, below = rows[:-2], rows[1:-1], rows[2:]
    return float(((np.minimum(abs(here - above), abs(here - below)) > 20) & (abs(above - below) < 10)).mean())


@pytest.mark.parametrize("field", ["tff", "bff"])
@pytest.mark.parametrize("codec", ["libx264", "mpeg2video", "ffv1"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_combs_are_gone_and_times_and_number_stay(
    size: tuple[int, int], codec: str, field: str, portrait: NDArray[np.uint8], tmp_path: Path
) -> None:
    if size == SIZES[-1] and (codec, field) != ("libx264", "tff"):
        pytest.skip("the size makes no difference to the codec")
    images = [_woven(number, size, portrait, top_first=field == "tff") for number in range(FRAMES)]
    frames = _read(_write(tmp_path / "clip.mkv", images, codec, field=field))
    assert [frame.time for frame in frames] == pytest.approx([number / 25 for number in range(FRAMES)], abs=2e-3)
    assert min(_combs(image) for image in images) > 0.02
    assert max(_combs(frame.image) for frame in frames) < 0.005
    for number, frame in enumerate(frames):
        # Each shows the moment of its first field, wherever the face has got to.
        away = [np.abs(frame.image.astype(int) - _moment(number + late, size, portrait)).mean() for late in (0, 0.5)]
        assert away[0] < away[1]


def test_the_annotated_copy_is_progressive_and_without_combs(portrait: NDArray[np.uint8], tmp_path: Path) -> None:
    images = [_woven(number, (720, 576), portrait, top_first=True) for number in range(FRAMES)]
    source = _write(tmp_path / "clip.mp4", images, "libx264", field="tff")
    assert main(["annotate", str(source), "-o", str(tmp_path / "out.mp4")]) == 0
    with av.open(str(tmp_path / "out.mp4")) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == FRAMES
    assert not any(frame.interlaced_frame for frame in frames)
    assert max(_combs(frame.to_ndarray(format="bgr24")) for frame in frames) < 0.005


def test_whole_pictures_that_are_flagged_as_interlaced_are_hardly_touched(
    portrait: NDArray[np.uint8], tmp_path: Path
) -> None:
    images = [_moment(number, (720, 576), portrait) for number in range(FRAMES)]
    whole = _read(_write(tmp_path / "whole.mkv", images, "ffv1", field="prog"))
    flagged = _read(_write(tmp_path / "flagged.mkv", images, "ffv1", field="tff"))
    for before, after in zip(whole, flagged, strict=True):
        assert cv2.PSNR(before.image, after.image) > 34


def test_a_progressive_beginning_and_a_change_of_size_lose_no_picture(
    portrait: NDArray[np.uint8], tmp_path: Path
) -> None:
    parts = [((720, 576), "prog"), ((720, 576), "tff"), ((640, 480), "tff"), ((640, 480), "prog")]
    content = b""
    for number, (size, field) in enumerate(parts):
        images = [_woven(n, size, portrait, top_first=True) for n in range(5)]
        content += _write(tmp_path / f"{number}.ts", images, "mpeg2video", field=field).read_bytes()
    path = tmp_path / "all.ts"
    path.write_bytes(content)
    with av.open(str(path)) as container:
        heights = [frame.height for frame in container.decode(video=0)]
    frames = _read(path)
    assert [frame.image.shape[0] for frame in frames] == heights
    assert heights.count(480) >= 9
    assert max(_combs(frame.image) for frame in frames[5:14]) < 0.005


@pytest.mark.parametrize("top_first", [True, False])
@pytest.mark.parametrize("codec", ["libx264", "ffv1"])
def test_combs_are_gone_where_the_file_says_that_there_are_none(
    codec: str, top_first: bool, portrait: NDArray[np.uint8], tmp_path: Path
) -> None:
    size = (720, 576)
    images = [_woven(number, size, portrait, top_first=top_first) for number in range(FRAMES)]
    frames = _read(_write(tmp_path / "clip.mkv", images, codec, field="prog"))
    assert [frame.time for frame in frames] == pytest.approx([number / 25 for number in range(FRAMES)], abs=2e-3)
    assert max(_combs(frame.image) for frame in frames) < 0.005


def test_combs_that_come_later_in_a_file_are_gone_soon(portrait: NDArray[np.uint8], tmp_path: Path) -> None:
    size = (720, 576)
    whole = [_moment(number / 2, size, portrait) for number in range(20)]
    woven = [_woven(number, size, portrait, top_first=True) for number in range(10, 17)]
    frames = _read(_write(tmp_path / "clip.mkv", whole + woven, "ffv1", field="prog"))
    assert len(frames) == 27
    assert [_combs(frame.image) < 0.005 for frame in frames].count(False) <= 5
    assert max(_combs(frame.image) for frame in frames[25:]) < 0.005


def _stripes(number: int) -> NDArray[np.uint8]:
    """A blind with slats of one line each, before which somebody walks by: all of it combs, and none interlaced."""
    image = np.full((576, 720, 3), 60, np.uint8)
    image[::2] = 200
    image[100:400, 10 + 14 * number : 210 + 14 * number] = 120
    return image


def _noise(number: int) -> NDArray[np.uint8]:
    return np.random.default_rng(number).integers(90, 160, (576, 720, 3), np.uint8).astype(np.uint8)


@pytest.mark.parametrize("picture", [_stripes, _noise], ids=["stripes", "noise"])
def test_fine_lines_of_whole_pictures_are_left_alone(picture: Any, tmp_path: Path) -> None:
    path = _write(tmp_path / "clip.mkv", [picture(number) for number in range(16)], "ffv1", field="prog")
    with av.open(str(path)) as container:
        stored = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    for before, after in zip(stored, _read(path), strict=True):
        assert cv2.PSNR(before, after.image) > 45


@pytest.mark.parametrize("field", ["tff", "bff"])
def test_whole_pictures_of_movement_that_are_flagged_as_interlaced_are_not_touched(
    field: str, portrait: NDArray[np.uint8], tmp_path: Path
) -> None:
    images = [_moment(2 * number, (720, 576), portrait) for number in range(FRAMES)]
    whole = _read(_write(tmp_path / "whole.mkv", images, "ffv1", field="prog"))
    flagged = _read(_write(tmp_path / "flagged.mkv", images, "ffv1", field=field))
    assert [frame.time for frame in flagged] == [frame.time for frame in whole]
    for before, after in zip(whole, flagged, strict=True):
        assert cv2.PSNR(before.image, after.image) > 45


def test_a_still_picture_that_begins_to_move_is_made_whole(portrait: NDArray[np.uint8], tmp_path: Path) -> None:
    size = (720, 576)
    images = [_moment(0, size, portrait)] * 12 + [_woven(n, size, portrait, top_first=True) for n in range(FRAMES)]
    frames = _read(_write(tmp_path / "clip.mkv", images, "ffv1", field="tff"))
    assert len(frames) == 22
    assert max(_combs(frame.image) for frame in frames) < 0.005


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_few_frames_are_enough(count: int, portrait: NDArray[np.uint8], tmp_path: Path) -> None:
    images = [_woven(number, (720, 576), portrait, top_first=True) for number in range(count)]
    for field in ("prog", "tff"):
        frames = _read(_write(tmp_path / f"{field}.mkv", images, "ffv1", field=field))
        assert [frame.time for frame in frames] == pytest.approx([number / 25 for number in range(count)], abs=2e-3)


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_not_taken_for_combs(seed: int) -> None:
    dice = np.random.default_rng(seed)
    pictures = []
    for number in range(30):
        picture = np.full((72, 64), 90, np.uint8)
        picture[10:20, 2 * number % 50 :][:, :8] = dice.integers(0, 255, (10, 8))
        pictures.append(picture)
    frames = [av.VideoFrame.from_ndarray(picture, format="gray") for picture in pictures]
    shown = [frame.to_ndarray() for frame in deinterlaced(frames, look=True)]
    assert np.array_equal(np.array(shown), np.array(pictures))
