"""Which files are pictures, and in which order they come."""

from __future__ import annotations

import os
from pathlib import Path

import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webcam_app.capture.listing import list_pictures, natural_key


@pytest.mark.parametrize(
    "names",
    [
        ["img1.jpg", "img2.jpg", "img10.jpg", "img11.jpg"],
        ["2.jpg", "10.jpg", "a.jpg"],
        ["IMG_9 (2).jpg", "IMG_9 (10).jpg", "IMG_10.jpg"],
        ["v1.9.jpg", "v1.10.jpg", "v2.1.jpg"],
        ["IMG_1.JPG", "img_2.jpg", "Img_10.jpg", "Z.jpg", "z.jpg"],
    ],
)
def test_numbers_in_names_count_as_numbers(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in list_pictures([tmp_path])] == names


def test_folders_come_in_natural_order_too(tmp_path: Path) -> None:
    for folder in ("day 10", "day 2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jpg").touch()
    assert [path.parent.name for path in list_pictures([tmp_path])] == ["day 2", "day 10"]


@given(st.lists(st.text(min_size=1), min_size=2))
def test_any_names_have_one_order(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000"])
def test_first_bytes_that_say_picture_are_enough(tmp_path: Path, kind: str) -> None:
    PIL.Image.new("RGB", (20, 20)).save(tmp_path / "holiday.old", kind)
    assert [path.name for path in list_pictures([tmp_path])] == ["holiday.old"]


@pytest.mark.parametrize(
    "content", [b"", b"text", b"BM is the name of a firm\n", b"\0\0\0\x18ftypisom", b"%PDF-1.7", b"PK\3\4"]
)
def test_other_files_are_told_and_left_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    others: list[Path] = []
    assert list(list_pictures([tmp_path], on_other=others.append)) == []
    assert others == [tmp_path / "other"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list(list_pictures([tmp_path])) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such links")
def test_a_link_that_cannot_be_followed_hides_no_picture(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("x" * 300)
    PIL.Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    others: list[Path] = []
    assert list(list_pictures([tmp_path], on_other=others.append)) == [tmp_path / "a.png"]
    assert others == [tmp_path / "link"]
    assert list(list_pictures([tmp_path / "link"])) == [tmp_path / "link"], "named outright, it is told what is wrong"
