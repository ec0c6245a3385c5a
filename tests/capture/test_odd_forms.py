"""Pictures in forms that decoders read as something else: as they are meant, or refused with the form's name."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.TiffImagePlugin
import pytest

from tests.capture import icc, raw_files
from tests.capture.fakes import corners, picture
from webcam_app.capture import load_picture, read_picture
from webcam_app.errors import PictureError

WIDTH, HEIGHT = 64, 48
COLOURS = picture()[:, :, ::-1]
GREY = np.array(PIL.Image.fromarray(COLOURS.copy()).convert("L"))
GREY[0, :2] = 0, 255
LAYERS_WITH_TRANSPARENCY = struct.pack(">IIh", 8, 4, -1) + bytes(2)


def write_tiff(path: Path, values: np.ndarray, **changed: list[int]) -> None:
    """A TIFF of one strip, of the values' own type; ``changed`` are further tags, as ``t`` and their number."""
    channels = 1 if values.ndim == 2 else 3
    format_ = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    tags = {
        256: [WIDTH],
        257: [HEIGHT],
        258: [8 * values.dtype.itemsize] * channels,
        259: [1],
        262: [1 if channels == 1 else 2],
        277: [channels],
        278: [HEIGHT],
        339: [format_] * channels,
        **{int(name[1:]): value for name, value in changed.items()},
    }
    entries: list[tuple[int, int, object]] = [(tag, 3, value) for tag, value in sorted(tags.items())]
    path.write_bytes(raw_files.tiff([(entries, values.astype(values.dtype.newbyteorder("<")).tobytes())]))


def write_psd(path: Path, channels: list[np.ndarray], *, bits: int = 8, layers: bytes = bytes(4)) -> None:
    mode = 0 if bits == 1 else 3
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, len(channels), HEIGHT, WIDTH, bits, mode)
    planes = b"".join(np.ascontiguousarray(channel).tobytes() for channel in channels)
    path.write_bytes(head + bytes(8) + layers + struct.pack(">H", 0) + planes)


def grey_difference(path: Path) -> int:
    return int(np.abs(read_picture(path)[:, :, 0].astype(int) - GREY).max())


def problem_of(path: Path) -> str:
    with pytest.raises(PictureError) as error:
        load_picture(path)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(("kind", "white_is_zero"), [("u2", False), ("u2", True), ("u4", False)])
def test_grey_values_of_a_tiff_are_as_it_means_them(kind: str, white_is_zero: bool, tmp_path: Path) -> None:
    largest = np.iinfo(kind).max
    values = (GREY / 255 * largest).astype(kind)
    write_tiff(tmp_path / "a.tif", largest - values if white_is_zero else values, t262=[0 if white_is_zero else 1])
    assert grey_difference(tmp_path / "a.tif") <= 2


def test_numbers_with_a_sign_are_black_where_they_are_smallest(tmp_path: Path) -> None:
    write_tiff(tmp_path / "a.tif", (GREY.astype("i4") * 257 - 32768).astype("i2"))
    assert grey_difference(tmp_path / "a.tif") <= 2


@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_colours_that_are_stored_apart_are_put_together(kind: str, tmp_path: Path) -> None:
    values = COLOURS.transpose(2, 0, 1).astype(kind) * (np.iinfo(kind).max // 255)
    plane = WIDTH * HEIGHT * values.dtype.itemsize
    write_tiff(tmp_path / "a.tif", values, t284=[2], t273=[8, 8 + plane, 8 + 2 * plane], t279=[plane] * 3)
    assert np.array_equal(read_picture(tmp_path / "a.tif"), picture())


def test_a_thumbnail_before_the_picture_is_not_taken_for_it(tmp_path: Path) -> None:
    whole = PIL.Image.fromarray(COLOURS.copy())
    small = whole.resize((WIDTH // 4, HEIGHT // 4))
    with PIL.TiffImagePlugin.AppendingTiffWriter(tmp_path / "a.tif") as file:
        for page, kind in ((small, 1), (whole, 0)):
            page.save(file, "TIFF", tiffinfo={254: kind})
            file.newFrame()
    found = load_picture(tmp_path / "a.tif")
    assert (found.width, found.height) == (WIDTH, HEIGHT) and corners(found.image) == "rgb."


def test_a_tiff_of_thumbnails_alone_gives_the_first(tmp_path: Path) -> None:
    PIL.Image.fromarray(COLOURS.copy()).save(tmp_path / "a.tif", tiffinfo={254: 1})
    assert corners(read_picture(tmp_path / "a.tif")) == "rgb."


@pytest.mark.parametrize(
    ("values", "tags", "form"),
    [
        (COLOURS.astype("f4") / 255, {}, "floating-point numbers of 32 bits"),
        (GREY.astype("f8") / 255, {}, "floating-point numbers of 64 bits"),
        (COLOURS, {"t259": [50001]}, "compression 50001"),
    ],
)
def test_a_tiff_of_another_form_is_not_called_damaged(
    values: np.ndarray, tags: dict[str, list[int]], form: str, tmp_path: Path
) -> None:
    write_tiff(tmp_path / "a.tif", values, **tags)
    said = problem_of(tmp_path / "a.tif")
    assert f"a TIFF picture of a form that is not read ({form}). Save it as a JPEG or PNG" in said


def test_a_tiff_whose_header_is_cut_off_is_called_damaged(tmp_path: Path) -> None:
    write_tiff(tmp_path / "a.tif", COLOURS.astype("f4"))
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:-100])
    assert "damaged or cut off" in problem_of(tmp_path / "a.tif")


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"\xff\xf7\x00\x11\x08\x00\x30\x00\x40\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00", "JPEG-LS"),
        (b"\xff\xe0\x00\x04ab\xff\xc1\x00\x0b\x0c\x00\x30\x00\x40\x01\x01\x11\x00", "12 bits"),
    ],
)
def test_a_jpeg_of_another_form_is_not_called_damaged(head: bytes, form: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8" + head + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00abc\xff\xd9")
    assert f"a JPEG picture of a form that is not read ({form}). Save it" in problem_of(tmp_path / "a.jpg")


@pytest.mark.parametrize("options", [{}, {"compression": "tga_rle"}])
def test_a_tga_that_is_transparent_throughout_shows_its_colours(options: dict[str, str], tmp_path: Path) -> None:
    """Most programs write a fourth channel and leave it empty."""
    clear = PIL.Image.fromarray(np.dstack([COLOURS, np.zeros((HEIGHT, WIDTH), np.uint8)]))
    clear.save(tmp_path / "a.tga", **options)
    assert np.array_equal(read_picture(tmp_path / "a.tga"), picture())


def test_what_is_transparent_in_a_tga_is_white(tmp_path: Path) -> None:
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[40:] = 255
    PIL.Image.fromarray(np.dstack([COLOURS, alpha])).save(tmp_path / "a.tga")
    image = read_picture(tmp_path / "a.tga")
    assert image[:40].min() == 255 and np.array_equal(image[40:], picture()[40:])


@pytest.mark.parametrize("layers", [bytes(4), struct.pack(">IIh", 8, 4, 1) + bytes(2)])
def test_what_was_selected_in_photoshop_is_not_transparent(layers: bytes, tmp_path: Path) -> None:
    selected = np.zeros((HEIGHT, WIDTH), np.uint8)
    selected[:, 50:] = 255
    write_psd(tmp_path / "a.psd", [*np.moveaxis(COLOURS, 2, 0), selected], layers=layers)
    assert np.array_equal(read_picture(tmp_path / "a.psd"), picture())


def test_what_is_transparent_in_photoshop_is_white(tmp_path: Path) -> None:
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[:, 50:] = 255
    write_psd(tmp_path / "a.psd", [*np.moveaxis(COLOURS, 2, 0), alpha], layers=LAYERS_WITH_TRANSPARENCY)
    image = read_picture(tmp_path / "a.psd")
    assert image[:, :50].min() == 255 and np.array_equal(image[:, 50:], picture()[:, 50:])


def test_black_and_white_of_photoshop_are_not_exchanged(tmp_path: Path) -> None:
    black = np.zeros((HEIGHT, WIDTH), bool)
    black[:, :32] = True
    write_psd(tmp_path / "a.psd", [np.packbits(black, axis=1)], bits=1)
    image = read_picture(tmp_path / "a.psd")
    assert image[:, :32].max() == 0 and image[:, 32:].min() == 255


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_a_very_wide_colour_space_counts_in_every_form_of_pixels(mode: str, tmp_path: Path) -> None:
    skin = np.full((16, 16, 3), (230, 180, 160), np.uint8)
    wide = PIL.Image.fromarray(icc.in_profile(skin, icc.PROPHOTO))
    wide = wide.quantize(4) if mode == "P" else wide.convert(mode)
    wide.save(tmp_path / "wide.png", icc_profile=icc.rgb_profile(icc.PROPHOTO))
    assert np.abs(read_picture(tmp_path / "wide.png")[0, 0].astype(int) - (160, 180, 230)).max() <= 4
