"""Pictures of which the end is missing: read as viewers read them, with a remark that says how much there is."""

from __future__ import annotations

import functools
import io
import re
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webcam_app.capture import Picture, load_picture
from webcam_app.errors import PictureError

SIZE = (400, 300)


def textured() -> PIL.Image.Image:
    """A picture of which each row takes about as many bytes as any other."""
    random = np.random.default_rng(3)
    return PIL.Image.fromarray(random.integers(0, 200, (*SIZE[::-1], 3), np.uint8))


@functools.cache
def _textured_jpeg() -> bytes:
    file = io.BytesIO()
    textured().save(file, "JPEG")
    return file.getvalue()


def cut(path: Path, share: float, **options: object) -> tuple[np.ndarray, Picture]:
    """The whole picture as it is read from ``path``, and what is read after the end of the file was cut off."""
    textured().save(path, **options)
    whole = load_picture(path)
    assert whole.remark == ""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return whole.image, load_picture(path)


def percent(remark: str) -> int:
    found = re.fullmatch(r"truncated: the (?:lower|upper|left|right) (\d+) % are missing", remark)
    assert found is not None, remark
    return int(found[1])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.88])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.jpg", {}),
        ("grey.jpg", {"grey": True}),
        ("a.png", {"compress_level": 1}),
        ("a.bmp", {}),
        ("a.ppm", {}),
        ("a.tif", {}),
        ("a.tga", {}),
    ],
)
def test_what_is_there_is_read(name: str, options: dict[str, object], share: float, tmp_path: Path) -> None:
    if options.pop("grey", False):
        path = tmp_path / name
        textured().convert("L").save(path)
        whole, content = load_picture(path).image, path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        part = load_picture(path)
    else:
        whole, part = cut(tmp_path / name, share, **options)
    assert percent(part.remark) == pytest.approx(100 * (1 - share), abs=7)
    rows = int(300 * (share - 0.07))
    if "upper" in part.remark:  # stored from below
        assert name in ("a.bmp", "a.tga")
        part_image, whole = part.image[::-1], whole[::-1]
    else:
        part_image = part.image
    assert part_image.shape == whole.shape
    assert np.array_equal(part_image[:rows], whole[:rows])
    assert np.all(part_image[-5:] == 128)


@pytest.mark.parametrize("count", [1, 2, 4, 30])
def test_a_jpeg_without_its_last_bytes_has_lost_nothing_but_is_remarked(count: int, tmp_path: Path) -> None:
    picture = textured()
    picture.paste((200, 200, 200), (0, 290, 400, 300))
    picture.save(tmp_path / "a.jpg")
    whole = load_picture(tmp_path / "a.jpg").image
    (tmp_path / "a.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:-count])
    part = load_picture(tmp_path / "a.jpg")
    assert part.remark == "truncated: its last bytes are missing"
    assert np.array_equal(part.image[:286], whole[:286])


@pytest.mark.parametrize("filling", [b"\0", b"\xff"])
@pytest.mark.parametrize("options", [{}, {"restart_marker_rows": 1}, {"progressive": True}])
def test_what_was_reserved_and_never_written_is_missing_too(
    options: dict[str, object], filling: bytes, tmp_path: Path
) -> None:
    """What a copy that was broken off leaves: a file of the full size with zeros at its end."""
    _, part = cut(tmp_path / "a.jpg", 0.6, **options)
    content = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(content.ljust(len(content) * 5 // 3, filling))
    filled = load_picture(tmp_path / "a.jpg")
    assert filled.remark == part.remark and np.array_equal(filled.image, part.image)


@pytest.mark.parametrize(
    "behind",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(200)) * 20,
        b"\xff\xc4\x00\xff" + b"a" * 3000,
        b"\xff\xda\x07\xff" + b"a" * 3000,
        b"\xff\xdb\x00\x07" + b"a" * 3000,
        b"\xff\x4f" + b"a" * 3000,
    ],
    ids=["another picture", "no tables", "no scan", "no quantisation", "no marker"],
)
@pytest.mark.parametrize("options", [{}, {"restart_marker_rows": 1}, {"progressive": True}])
def test_of_a_jpeg_that_turns_into_something_else_what_is_there_is_read(
    options: dict[str, object], behind: bytes, tmp_path: Path
) -> None:
    """As viewers show it: what a damaged disk, or a program that finds lost pictures, makes of one."""
    _, part = cut(tmp_path / "a.jpg", 0.6, **options)
    with (tmp_path / "a.jpg").open("ab") as file:
        file.write(behind)
    found = load_picture(tmp_path / "a.jpg")
    assert found.remark == part.remark.replace("truncated", "damaged")
    assert np.abs(found.image.astype(int) - part.image).mean() < 2


@given(st.integers(1000, 50_000), st.binary(min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_a_jpeg_with_any_damage_behind_its_header_is_read(place: int, damage: bytes) -> None:
    content = _textured_jpeg()
    damaged = content[:place] + damage + content[place + len(damage) :]
    found = load_picture(Path("a.jpg"), content=damaged)
    assert found.image.shape == (300, 400, 3)


def test_a_progressive_jpeg_lacks_detail(tmp_path: Path) -> None:
    whole, part = cut(tmp_path / "a.jpg", 0.7, progressive=True)
    assert part.remark == "truncated: detail is missing"
    small = [np.asarray(PIL.Image.fromarray(image).resize((20, 15)), int) for image in (whole, part.image)]
    assert np.abs(small[0] - small[1]).mean() < 12


@pytest.mark.parametrize(
    ("orientation", "side"), [(1, "lower"), (2, "lower"), (3, "upper"), (6, "left"), (8, "right"), (5, "right")]
)
def test_the_missing_side_is_that_of_the_picture_as_it_is_shown(orientation: int, side: str, tmp_path: Path) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    _, part = cut(tmp_path / "a.jpg", 0.6, exif=exif)
    assert f"the {side} " in part.remark and percent(part.remark) == pytest.approx(40, abs=5)
    edge = {"lower": np.s_[-3:], "upper": np.s_[:3], "left": np.s_[:, :3], "right": np.s_[:, -3:]}[side]
    assert np.all(part.image[edge] == 128)


def test_as_much_is_missing_of_one_that_is_made_smaller(tmp_path: Path) -> None:
    textured().resize((1600, 1200)).save(tmp_path / "a.jpg")
    content = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(content[: len(content) // 2])
    small, large = load_picture(tmp_path / "a.jpg", shorter_side=300), load_picture(tmp_path / "a.jpg")
    assert small.reduction == 4 and abs(percent(small.remark) - percent(large.remark)) <= 2


def test_a_black_lower_part_is_not_taken_for_missing(tmp_path: Path) -> None:
    black = textured()
    black.paste((0, 0, 0), (0, 150, 400, 300))
    black.save(tmp_path / "a.png")
    content = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(content[:-30])
    part = load_picture(tmp_path / "a.png")
    assert part.remark.startswith("truncated")
    assert np.all(part.image[150:280] == 0)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.bmp", "a.webp", "a.avif"])
def test_of_which_nothing_is_there_is_refused(name: str, tmp_path: Path) -> None:
    textured().save(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    for length in (20, 60, 120 if name == "a.png" else 500):
        (tmp_path / name).write_bytes(content[:length])
        with pytest.raises(PictureError, match=r"a\.\w+ (is damaged|begins like)"):
            load_picture(tmp_path / name)


@pytest.mark.parametrize("behind", [b"\0" * 5000, b"MotionPhoto_Data" + bytes(3000), b"\xff\xd8\xff\xe0" + bytes(900)])
def test_something_behind_the_picture_is_no_damage(behind: bytes, tmp_path: Path) -> None:
    """A motion clip, a depth map, padding."""
    textured().save(tmp_path / "a.jpg")
    whole = load_picture(tmp_path / "a.jpg").image
    with (tmp_path / "a.jpg").open("ab") as file:
        file.write(behind)
    found = load_picture(tmp_path / "a.jpg")
    assert found.remark == "" and np.array_equal(found.image, whole)


def test_of_several_pictures_in_a_jpeg_the_first_counts(tmp_path: Path) -> None:
    """MPO: a second view or a depth map behind the picture. Cut off behind the first, nothing is lost."""
    other = PIL.Image.new("RGB", SIZE, (9, 9, 9))
    textured().save(tmp_path / "a.mpo", save_all=True, append_images=[other])
    first = io.BytesIO()
    textured().save(first, "JPEG")
    whole = load_picture(tmp_path / "a.mpo")
    assert whole.remark == "" and whole.image.shape == (300, 400, 3) and whole.image.std() > 30
    small = load_picture(tmp_path / "a.mpo", shorter_side=150)
    assert small.reduction == 2 and small.image.shape == (150, 200, 3)
    content = (tmp_path / "a.mpo").read_bytes()
    (tmp_path / "a.mpo").write_bytes(content[: len(first.getvalue()) + 600])
    assert np.array_equal(load_picture(tmp_path / "a.mpo").image, whole.image)
