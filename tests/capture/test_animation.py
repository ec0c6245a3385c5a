"""Animated pictures are videos: all their pictures, each at its time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import PIL.Image
import PIL.ImageDraw
import pytest

from webcam_app.capture import Frame, SourceKind, open_source
from webcam_app.cli import main
from webcam_app.errors import SourceError, SourceLostError

ENDINGS = ["gif", "png", "webp", "avif"]
DURATIONS = [200, 50, 120, 1000, 300]


def _pictures(count: int, *, mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> list[PIL.Image.Image]:
    """A white square that goes to the right, on dark, or on nothing where there is an alpha channel."""
    found = []
    for number in range(count):
        picture = PIL.Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else (40, 40, 40))
        draw = PIL.ImageDraw.Draw(picture)
        draw.rectangle((8 * number, 16, 8 * number + 7, 23), fill=(200, 0, 0, 255)[: len(mode)])
        found.append(picture)
    return found


def _write(path: Path, durations: Sequence[int], **options: Any) -> Path:
    mode = options.pop("mode", "RGB")
    first, *rest = _pictures(len(durations), mode=mode)
    if path.suffix == ".webp":
        options.setdefault("lossless", True)
    first.save(path, save_all=True, append_images=rest, duration=list(durations), **options)
    if path.suffix == ".webp" and mode == "RGBA":  # Pillow does not say in the head that there is an alpha channel
        content = bytearray(path.read_bytes())
        content[content.index(b"VP8X") + 8] |= 0x10
        path.write_bytes(content)
    return path


def _read(path: Path) -> list[Frame]:
    with open_source(str(path)) as source:
        assert source.info.kind is SourceKind.FILE
        return list(iter(source.read, None))  # type: ignore[arg-type]


def _place_of_square(frame: Frame) -> int:
    red = (frame.image[:, :, 2] > 150) & (frame.image[:, :, 1] < 90)
    assert 40 <= red.sum() <= 90
    return int(np.flatnonzero(red.any(axis=0)).mean() // 8)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_picture_comes_at_its_time(ending: str, tmp_path: Path) -> None:
    frames = _read(_write(tmp_path / f"clip.{ending}", DURATIONS))
    assert [_place_of_square(frame) for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.2, 0.25, 0.37, 1.37], abs=1e-6)
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_annotated_copy_lasts_as_long_with_the_last_picture(ending: str, tmp_path: Path) -> None:
    source = _write(tmp_path / f"clip.{ending}", DURATIONS)
    assert main(["annotate", str(source), "-o", str(tmp_path / "out.mp4")]) == 0
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.frames == len(DURATIONS)
        assert float(stream.duration * stream.time_base) == pytest.approx(1.67, abs=1e-3)  # type: ignore[operator]


@pytest.mark.parametrize("ending", ["gif", "png", "webp"])
@pytest.mark.parametrize("stated", [0, 10])
def test_no_time_at_all_is_a_tenth_of_a_second_as_in_browsers(stated: int, ending: str, tmp_path: Path) -> None:
    frames = _read(_write(tmp_path / f"clip.{ending}", [stated, 20, stated]))
    assert [frame.time for frame in frames] == pytest.approx([0, 0.1, 0.12], abs=1e-6)


@pytest.mark.parametrize("ending", ["gif", "png", "webp"])
@pytest.mark.parametrize("disposal", [0, 1, 2])
def test_what_is_transparent_is_white_and_parts_are_put_together(disposal: int, ending: str, tmp_path: Path) -> None:
    options = {"disposal": 2} if ending == "gif" else {"disposal": disposal, "blend": 0} if ending == "png" else {}
    frames = _read(_write(tmp_path / f"clip.{ending}", [100] * 4, mode="RGBA", **options))
    assert [_place_of_square(frame) for frame in frames] == [0, 1, 2, 3]
    assert all(frame.image[50:].min() == 255 for frame in frames)


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_plays_once_unless_it_is_to_loop(ending: str, tmp_path: Path) -> None:
    options = {} if ending == "avif" else {"loop": 0}
    path = _write(tmp_path / f"clip.{ending}", [100, 200, 300], **options)
    assert len(_read(path)) == 3
    with open_source(str(path), loop=True) as source:
        frames = [source.read() for _ in range(7)]
    assert [frame.time for frame in frames if frame] == pytest.approx([0, 0.1, 0.3, 0.6, 0.7, 0.9, 1.2])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_still_picture_stays_one(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"still.{ending}"
    _pictures(1)[0].save(path)
    with open_source(str(path)) as source:
        assert source.info.kind is SourceKind.PICTURES
        assert len(list(iter(source.read, None))) == 1


def test_a_png_with_a_picture_for_old_programs_is_played_without_it(tmp_path: Path) -> None:
    other = PIL.Image.new("RGB", (96, 64), (0, 0, 200))
    path = tmp_path / "clip.png"
    other.save(path, save_all=True, append_images=_pictures(3), duration=100, default_image=True)
    assert [_place_of_square(frame) for frame in _read(path)] == [0, 1, 2]


def test_pages_and_views_are_no_animation(tmp_path: Path) -> None:
    first, *rest = _pictures(3)
    for name in ("pages.tif", "views.mpo"):
        first.save(tmp_path / name, save_all=True, append_images=rest)
        with open_source(str(tmp_path / name)) as source:
            assert source.info.kind is SourceKind.PICTURES


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_one_that_is_cut_off_gives_its_beginning_or_one_line(share: float, ending: str, tmp_path: Path) -> None:
    content = _write(tmp_path / f"clip.{ending}", [100] * 8).read_bytes()
    path = tmp_path / f"cut.{ending}"
    path.write_bytes(content[: round(len(content) * share)])
    try:
        with open_source(str(path)) as source:
            frames = list(iter(source.read, None))
        assert frames
    except (SourceError, SourceLostError) as error:
        assert str(path) in str(error)
        assert "\n" not in str(error)
