"""Pictures are decoded at a reduced size, as the whole picture would look at it."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest

from webcam_app.capture.pictures import read_picture, read_thumbnail
from webcam_app.errors import PictureError


def halves(width: int = 900, height: int = 600) -> PIL.Image.Image:
    """Red on the left, blue on the right."""
    picture = PIL.Image.new("RGB", (width, height), (200, 20, 20))
    picture.paste((20, 20, 200), (width // 2, 0, width, height))
    return picture


def write(path: Path, picture: PIL.Image.Image, *, orientation: int | None = None) -> Path:
    content = io.BytesIO()
    exif = PIL.Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    picture.save(content, {".jpg": "JPEG", ".png": "PNG", ".gif": "GIF", ".tif": "TIFF"}[path.suffix], exif=exif)
    path.write_bytes(content.getvalue())
    return path


@pytest.mark.parametrize("orientation", [None, *range(1, 9)])
def test_it_is_upright_however_the_camera_was_held(tmp_path: Path, orientation: int | None) -> None:
    path = write(tmp_path / "held.jpg", halves(), orientation=orientation)
    thumbnail, whole = read_thumbnail(path, 90), read_picture(path)
    assert max(thumbnail.shape) == 90
    same = cv2.resize(whole, thumbnail.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(thumbnail.astype(int) - same).mean() < 6


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [("L", ".jpg"), ("CMYK", ".jpg"), ("P", ".gif"), ("RGBA", ".png"), ("I;16", ".tif"), ("1", ".tif"), ("F", ".tif")],
)
def test_it_has_the_colours_of_the_whole_picture_in_every_mode(tmp_path: Path, mode: str, suffix: str) -> None:
    picture = halves().convert("I").convert("I;16") if mode == "I;16" else halves().convert(mode)
    path = write(tmp_path / f"picture{suffix}", picture)
    thumbnail, whole = read_thumbnail(path, 90), read_picture(path)
    same = cv2.resize(whole, (90, 60), interpolation=cv2.INTER_AREA)
    assert thumbnail.shape == (60, 90, 3)
    assert np.abs(thumbnail.astype(int) - same).mean() < 8


def test_a_small_picture_keeps_its_size(tmp_path: Path) -> None:
    assert read_thumbnail(write(tmp_path / "small.png", halves(40, 30)), 90).shape == (30, 40, 3)


def test_a_long_strip_keeps_a_line_of_pixels(tmp_path: Path) -> None:
    assert read_thumbnail(write(tmp_path / "strip.png", halves(4000, 2)), 90).shape == (1, 90, 3)


def test_what_is_wrong_is_said_as_for_the_whole_picture(tmp_path: Path) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff and nothing more")
    with pytest.raises(PictureError, match=r"broken\.jpg"):
        read_thumbnail(path, 90)
