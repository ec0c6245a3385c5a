"""Pixels that are not square: shown in the right proportions, sought in squares, told in the file's own."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.capture.fakes import set_display_matrix
from tests.commands.square_analyzer import SquareAnalyzer, draw_face
from webcam_app.capture import Frame, open_source
from webcam_app.cli import main


def _scene(width: int, height: int, aspect: Fraction, side: int = 60) -> NDArray[np.uint8]:
    """What a camera with such pixels makes of a square face, ``side`` square pixels high, at 30, 50."""
    shown = np.full((height, round(width * aspect), 3), 90, np.uint8)
    draw_face(shown, "female", 30, 50, side)
    return np.asarray(cv2.resize(shown, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _write(path: Path, size: tuple[int, int], aspect: Fraction, *, codec: str = "libx264", frames: int = 8) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        stream.codec_context.bit_rate = 8_000_000
        image = _scene(*size, aspect)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _frames(path: Path) -> list[Frame]:
    with open_source(str(path)) as source:
        frames = list(iter(source.read, None))
        assert frames[0].image.shape[:2] == (source.info.height, source.info.width)  # type: ignore[union-attr]
    return frames  # type: ignore[return-value]


def _proportions(image: NDArray[np.uint8]) -> float:
    (face,) = SquareAnalyzer().analyze_still(image)
    return face.box.width / face.box.height


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize(
    ("size", "aspect"),
    [
        ((720, 480), "8/9"),
        ((720, 480), "10/11"),
        ((720, 576), "16/15"),
        ((720, 576), "12/11"),
        ((720, 576), "64/45"),
        ((1440, 1080), "4/3"),
        ((160, 240), "2"),
        ((320, 120), "1/2"),
    ],
    ids=str,
)
def test_a_square_face_is_square(size: tuple[int, int], aspect: str, ending: str, tmp_path: Path) -> None:
    if ending == "avi" and size != (720, 576):
        pytest.skip("one is enough for a container that states nothing")
    frames = _frames(_write(tmp_path / f"clip.{ending}", size, Fraction(aspect), frames=2))
    rows, columns = frames[0].image.shape[:2]
    assert columns / rows == pytest.approx(size[0] * Fraction(aspect) / size[1], rel=0.005)
    assert _proportions(frames[0].image) == pytest.approx(1.0, abs=0.08)
    stored = frames[0].stored
    assert stored is not None
    assert stored.image.shape[:2] == size[::-1]
    assert float(stored.aspect) == pytest.approx(float(Fraction(aspect)), rel=1e-3)


def test_square_pixels_are_left_alone(tmp_path: Path) -> None:
    (frame, *_rest) = _frames(_write(tmp_path / "clip.mp4", (160, 120), Fraction(1)))
    assert frame.stored is None
    assert frame.image.shape[:2] == (120, 160)


@pytest.mark.parametrize("aspect", ["1001/1000", "400/399"])
def test_a_rounding_error_of_the_writer_resizes_nothing(aspect: str, tmp_path: Path) -> None:
    (frame, *_rest) = _frames(_write(tmp_path / "clip.mkv", (160, 120), Fraction(aspect)))
    assert frame.image.shape[:2] == (120, 160)


def test_a_picture_on_its_side_has_its_pixels_on_their_side(tmp_path: Path) -> None:
    path = _write(tmp_path / "clip.mp4", (160, 240), Fraction(2))
    set_display_matrix(path, 0, 1, -1, 0)
    (frame, *_rest) = _frames(path)
    assert frame.image.shape[:2] == (320, 240)
    assert frame.stored is not None
    assert frame.stored.image.shape[:2] == (160, 240)
    assert frame.stored.aspect == Fraction(1, 2)
    assert _proportions(frame.image) == pytest.approx(1.0, abs=0.08)


def _switching(tmp_path: Path) -> Path:
    """A broadcast that goes from 4:3 to 16:9 and back."""
    aspects = [Fraction(16, 15), Fraction(64, 45), Fraction(16, 15)]
    parts = [_write(tmp_path / f"{n}.ts", (720, 576), a, codec="mpeg2video") for n, a in enumerate(aspects)]
    path = tmp_path / "switching.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def test_a_broadcast_may_change_its_shape_on_the_way(tmp_path: Path) -> None:
    frames = _frames(_switching(tmp_path))
    assert [frame.image.shape[1] for frame in frames[1:-1:4]] == pytest.approx([768, 768, 1024, 1024, 768, 768], abs=2)
    assert [_proportions(frame.image) for frame in frames] == pytest.approx([1.0] * len(frames), abs=0.08)


@pytest.mark.usefixtures("_squares")
@pytest.mark.parametrize(("size", "aspect"), [((160, 240), "2"), ((720, 480), "8/9"), ((720, 576), "16/15")], ids=str)
def test_the_copy_keeps_size_and_shape_and_boxes_lie_in_its_pixels(
    size: tuple[int, int], aspect: str, tmp_path: Path
) -> None:
    source = _write(tmp_path / "clip.mp4", size, Fraction(aspect))
    lines = _annotate(source, tmp_path)
    ((before, _),), ((after, shape),) = _stored(source)[3:4], _stored(tmp_path / "out.mp4")[3:4]
    assert after.shape == before.shape
    assert shape == Fraction(aspect)
    (expected,) = SquareAnalyzer().analyze_still(before)
    assert all(line["faces"][0]["box"] == pytest.approx(list(expected.box), abs=3) for line in lines)
    # Far from the box nothing has been drawn, and nothing resized.
    assert np.abs(after[-40:].astype(int) - before[-40:]).max() < 12
    # The box is drawn as thick across as down, once it is shown.
    ways = np.abs(after.astype(int) - before).max(axis=2) > 60
    box = expected.box
    x, y = box.x + box.width // 2, box.y + box.height // 2
    down = ways[y : box.y + box.height + 20, x].sum()
    assert down > 2
    assert float(ways[y, x : box.x + box.width + 20].sum() * Fraction(aspect)) == pytest.approx(down, abs=3.5)


@pytest.mark.usefixtures("_squares")
def test_the_copy_of_a_broadcast_that_changes_shape_is_undistorted(tmp_path: Path) -> None:
    lines = _annotate(_switching(tmp_path), tmp_path)
    pictures = _stored(tmp_path / "out.mp4")
    assert len(pictures) == len(lines)
    assert {shape for _, shape in pictures} == {Fraction(16, 15)}
    for frame in _frames(tmp_path / "out.mp4"):
        assert _proportions(frame.image) == pytest.approx(1.0, abs=0.12)


@pytest.fixture
def _squares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webcam_app.faces.analyzer.FaceAnalyzer", SquareAnalyzer)


def _annotate(source: Path, folder: Path) -> list[dict[str, Any]]:
    assert main(["annotate", str(source), "-o", str(folder / "out.mp4"), "--faces", str(folder / "out.jsonl")]) == 0
    return [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]


def _stored(path: Path) -> list[tuple[NDArray[np.uint8], Fraction | None]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return [(f.to_ndarray(format="bgr24"), stream.sample_aspect_ratio) for f in container.decode(stream)]  # type: ignore[misc]
