"""Picture files of every kind: read the right way round and in the right colours, or refused with what to do."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest

from tests.capture import icc, raw_files
from tests.capture.fakes import corners, picture
from webcam_app.capture import list_pictures, load_picture, open_source, read_picture
from webcam_app.capture.formats import jpeg_xl
from webcam_app.errors import PictureError

pillow_heif = pytest.importorskip("pillow_heif", reason="what reads HEIC is not installed")
pytest.importorskip("pillow_jxl", reason="what reads JPEG XL is not installed")
pytest.importorskip("rawpy", reason="what reads camera raw files is not installed")
pillow_heif.register_heif_opener()

SIZE = (64, 48)
ORIENTATIONS = {1: "rgb.", 2: "gr.b", 3: ".bgr", 4: "b.rg", 5: "rbg.", 6: "br.g", 7: ".gbr", 8: "g.rb"}


def pillow(mode: str = "RGB") -> PIL.Image.Image:
    return PIL.Image.fromarray(picture()[:, :, ::-1].copy()).convert(mode)


def turned(orientation: int) -> PIL.Image.Exif:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    return exif


def problem_of(path: Path) -> str:
    with pytest.raises(PictureError) as error:
        load_picture(path)
    assert "\n" not in str(error.value) and str(path) in str(error.value)
    return str(error.value)


def write_psd(path: Path, image: np.ndarray) -> None:
    """A Photoshop file without layers: what Photoshop writes as its composite."""
    height, width, channels = image.shape
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, channels, height, width, 8, 3)
    planes = np.ascontiguousarray(image.transpose(2, 0, 1)).tobytes()
    path.write_bytes(head + bytes(12) + struct.pack(">H", 0) + planes)


def write_jxl(path: Path, orientation: int = 1) -> None:
    """A lossless JPEG XL file whose codestream itself says how it is to be turned."""
    jpeg = path.with_suffix(".to-jxl.jpg")
    pillow().save(jpeg, exif=turned(orientation), quality=95)
    with PIL.Image.open(jpeg) as opened:
        opened.save(path, lossless_jpeg=True, exif=turned(orientation).tobytes())
    jpeg.unlink()


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        (".heic", {"quality": 95}),
        (".heif", {"quality": 95}),
        (".avif", {"quality": 95}),
        (".jxl", {}),
        (".jp2", {}),
        (".j2k", {}),
        (".webp", {"lossless": True}),
        (".tif", {"compression": "tiff_lzw"}),
        (".tiff", {"compression": "tiff_adobe_deflate"}),
        (".tif", {"compression": "packbits"}),
        (".tga", {}),
        (".tga", {"compression": "tga_rle"}),
        (".gif", {}),
        (".ppm", {}),
    ],
)
def test_reads_its_kind(suffix: str, options: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix}"
    pillow().save(path, **options)
    found = load_picture(path)
    assert found.image.shape == (48, 64, 3) and found.image.dtype == np.uint8
    assert (found.width, found.height, found.reduction, found.remark) == (64, 48, 1, "")
    assert corners(found.image) == "rgb."


def test_reads_the_composite_of_a_photoshop_file(tmp_path: Path) -> None:
    write_psd(tmp_path / "layers.psd", picture()[:, :, ::-1])
    assert np.array_equal(read_picture(tmp_path / "layers.psd"), picture())


@pytest.mark.parametrize("mode", [3, 1], ids=["colour", "grey"])
def test_reads_a_photoshop_file_of_sixteen_bits(mode: int, tmp_path: Path) -> None:
    image = picture()[:, :, ::-1] if mode == 3 else pillow("L")
    planes = np.atleast_3d(np.asarray(image)).transpose(2, 0, 1).astype(">u2") * 257
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, len(planes), 48, 64, 16, mode)
    (tmp_path / "deep.psd").write_bytes(head + bytes(12) + struct.pack(">H", 0) + planes.astype(">u2").tobytes())
    found = load_picture(tmp_path / "deep.psd")
    assert (found.width, found.height) == SIZE
    expected = picture() if mode == 3 else np.asarray(pillow("L").convert("RGB"))
    assert np.abs(found.image.astype(int) - expected).max() <= 2


def test_a_photoshop_file_of_another_form_says_so(tmp_path: Path) -> None:
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 48, 64, 32, 3)
    (tmp_path / "float.psd").write_bytes(head + bytes(14) + bytes(48 * 64 * 12))
    assert "of a form that is not read (32 bits). Save it as a JPEG or PNG" in problem_of(tmp_path / "float.psd")


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".heic", ".avif", ".jxl"])
def test_is_turned_once_and_only_once(suffix: str, orientation: int, tmp_path: Path) -> None:
    """HEIC, AVIF and JPEG XL have an orientation of their own beside EXIF's: the pixels tell whether both were used."""
    path = tmp_path / f"picture{suffix}"
    if suffix == ".jxl":
        write_jxl(path, orientation)
    else:
        pillow().save(path, exif=turned(orientation).tobytes(), quality=95)
    assert corners(read_picture(path)) == ORIENTATIONS[orientation]


def test_exif_turns_no_heic_that_does_not_say_so_itself(tmp_path: Path) -> None:
    """The standard says so, and phones that do not turn the pixels write both."""
    pillow().save(tmp_path / "picture.heic", exif=turned(6), quality=95)
    assert b"irot" not in (tmp_path / "picture.heic").read_bytes()
    assert corners(read_picture(tmp_path / "picture.heic")) == "rgb."


def test_a_jpeg_xl_that_was_turned_by_its_decoder_is_not_turned_again(tmp_path: Path) -> None:
    """Without what makes the JPEG again, the decoder gives pixels, and turns them; EXIF still says how."""
    write_jxl(tmp_path / "picture.jxl", 6)
    content = (tmp_path / "picture.jxl").read_bytes()
    place = content.index(b"jbrd") - 4
    size = struct.unpack_from(">I", content, place)[0]
    (tmp_path / "picture.jxl").write_bytes(content[:place] + content[place + size :])
    assert b"Exif" in content
    assert corners(read_picture(tmp_path / "picture.jxl")) == ORIENTATIONS[6]


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_jpeg_that_is_made_smaller_is_turned_too(orientation: int, tmp_path: Path) -> None:
    pillow().resize((640, 480)).save(tmp_path / "large.jpg", exif=turned(orientation))
    found = load_picture(tmp_path / "large.jpg", shorter_side=100)
    assert found.reduction == 4 and corners(found.image) == ORIENTATIONS[orientation]
    assert (found.width, found.height) == ((640, 480) if orientation == 3 else (480, 640))
    assert found.image.shape[:2] == (found.height // 4, found.width // 4)


def test_a_heic_made_of_tiles(tmp_path: Path) -> None:
    """As phones write it: a grid of pictures that are each decoded alone."""
    left, right = (PIL.Image.new("RGB", (64, 64), colour) for colour in ((200, 30, 30), (30, 30, 200)))
    raw_files.write_heic_grid(tmp_path / "grid.heic", [left, right], columns=2)
    image = read_picture(tmp_path / "grid.heic").astype(int)
    assert image.shape == (64, 128, 3)
    assert np.abs(image[32, 32] - (30, 30, 200)).max() < 12 and np.abs(image[32, 96] - (200, 30, 30)).max() < 12


@pytest.mark.parametrize("suffix", [".heic", ".avif", ".png", ".tif", ".jxl"])
def test_what_is_transparent_is_white_in_every_kind(suffix: str, tmp_path: Path) -> None:
    clear = PIL.Image.new("RGBA", (64, 64), (10, 20, 30, 0))
    clear.paste((200, 0, 0, 255), (0, 0, 32, 64))
    clear.save(tmp_path / f"clear{suffix}")
    image = read_picture(tmp_path / f"clear{suffix}").astype(int)
    assert image[32, 50].min() > 245
    assert np.abs(image[32, 10] - (0, 0, 200)).max() < 16


@pytest.mark.parametrize("bits", [10, 12])
def test_more_than_eight_bits_in_a_heic(bits: int, tmp_path: Path) -> None:
    deep = (picture()[:, :, ::-1].astype(np.uint16) << 8).copy()
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    try:
        pillow_heif.encode("RGB;16", SIZE, deep.tobytes(), tmp_path / "deep.heic", quality=95)
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = False
    assert corners(read_picture(tmp_path / "deep.heic")) == "rgb."


def test_sixteen_bits_of_colour(tmp_path: Path) -> None:
    deep = picture().astype(np.uint16) << 8
    for suffix in (".png", ".tif"):
        assert cv2.imwrite(str(tmp_path / f"deep{suffix}"), deep)
        assert corners(read_picture(tmp_path / f"deep{suffix}")) == "rgb."


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "P", "1", "L", "LA", "RGBA"])
def test_every_form_of_pixels_in_a_tiff(mode: str, tmp_path: Path) -> None:
    source = pillow("RGB")
    if mode == "LAB":
        from PIL import ImageCms

        to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        converted = to_lab.apply(source)
    else:
        converted = source.convert(mode)
    converted.save(tmp_path / "picture.tif")
    image = read_picture(tmp_path / "picture.tif")
    assert image.shape == (48, 64, 3)
    if mode in ("1", "L", "LA"):
        assert np.array_equal(image[:, :, 0], image[:, :, 2])
    else:
        assert corners(image) == "rgb."


def test_colours_of_a_very_wide_space_look_as_they_should(tmp_path: Path) -> None:
    skin = np.full((16, 16, 3), (230, 180, 160), np.uint8)
    wide = icc.in_profile(skin, icc.PROPHOTO)
    PIL.Image.fromarray(wide).save(tmp_path / "wide.png", icc_profile=icc.rgb_profile(icc.PROPHOTO))
    assert np.abs(wide[0, 0].astype(int) - (230, 180, 160)).max() > 20
    assert np.abs(read_picture(tmp_path / "wide.png")[0, 0].astype(int) - (160, 180, 230)).max() <= 4


def test_a_damaged_colour_profile_is_left_out(tmp_path: Path) -> None:
    profile = icc.rgb_profile(icc.PROPHOTO)[:200]
    pillow().save(tmp_path / "picture.png", icc_profile=profile)
    assert corners(read_picture(tmp_path / "picture.png")) == "rgb."


@pytest.mark.parametrize("orientation", [1, 6, 8])
def test_the_preview_in_a_camera_raw_file(orientation: int, tmp_path: Path) -> None:
    raw_files.write_dng(tmp_path / "photo.dng", pillow().resize((640, 480)), orientation=orientation)
    found = load_picture(tmp_path / "photo.dng")
    assert corners(found.image) == ORIENTATIONS[orientation]
    assert sorted((found.width, found.height)) == [480, 640]


def test_a_camera_raw_file_without_a_preview_is_developed(tmp_path: Path) -> None:
    raw_files.write_dng(tmp_path / "photo.dng", None)
    image = read_picture(tmp_path / "photo.dng")
    assert image.shape == (240, 320, 3)
    assert image[:, :150].mean() + 50 < image[:, 170:].mean()


def test_content_counts_not_the_name(tmp_path: Path) -> None:
    for suffix in (".heic", ".jxl", ".png", ".tif", ".avif", ".webp"):
        path = tmp_path / f"picture{suffix}"
        pillow().save(path)
        wrong = path.with_suffix(".jpg")
        path.rename(wrong)
        assert corners(read_picture(wrong)) == "rgb.", suffix


def test_first_bytes_say_picture_where_the_name_does_not(tmp_path: Path) -> None:
    for number, suffix in enumerate(
        (".jpg", ".png", ".heic", ".avif", ".jxl", ".webp", ".tif", ".bmp", ".ppm", ".gif")
    ):
        path = tmp_path / f"{number}{suffix}"
        pillow().save(path)
        path.rename(tmp_path / f"{number:02}")
    write_psd(tmp_path / "a.psd", picture())
    (tmp_path / "a.psd").rename(tmp_path / "97.backup")
    for name, content in (("98.txt", b"BMW and P2 are letters"), ("99.mp4", b"\0\0\0\x18ftypisom"), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
    found = [path.name for path in list_pictures([tmp_path])]
    assert found == [*(f"{number:02}" for number in range(10)), "97.backup"]
    with open_source(str(tmp_path / "02")) as source:
        frame = source.read()
        assert frame is not None and corners(frame.image) == "rgb."


@pytest.mark.parametrize(
    ("name", "what"),
    [("logo.svg", "drawing"), ("work.xcf", "layered"), ("light.exr", "not read"), ("mark.ico", "not read")],
)
def test_a_kind_that_is_never_read_is_a_picture_and_says_what_to_do(name: str, what: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"anything")
    assert [path.name for path in list_pictures([tmp_path])] == [name]
    problem = problem_of(tmp_path / name)
    assert what in problem and "JPEG or PNG" in problem


@pytest.mark.parametrize(
    ("suffix", "module", "install"),
    [
        (".heic", "pillow_heif", "pillow-heif"),
        (".jxl", "pillow_jxl", "pip install pillow-jxl-plugin"),
        (".dng", "rawpy", "pip install rawpy"),
    ],
)
def test_what_is_not_installed_is_named(
    suffix: str, module: str, install: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"picture{suffix}"
    if suffix == ".dng":
        raw_files.write_dng(path, pillow())
    else:
        pillow().save(path)
    monkeypatch.setitem(sys.modules, module, None)
    assert "not installed" in problem_of(path) and install in problem_of(path)


@pytest.mark.parametrize("kind", [".heic", ".jxl", ".avif", ".webp", ".dng", ".psd", ".jp2"])
def test_a_damaged_file_of_every_kind_is_refused_in_a_line(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture{kind}"
    if kind == ".dng":
        raw_files.write_dng(path, pillow())
    elif kind == ".psd":
        write_psd(path, picture())
    else:
        pillow().resize((320, 240)).save(path)
    content = path.read_bytes()
    for length in (30, 100, len(content) // 3):
        path.write_bytes(content[:length])
        problem_of(path)
    path.write_bytes(b"Dear diary, nothing happened today, and nothing is a picture of nothing at all." * 9)
    assert "picture" in problem_of(path) or "damaged" in problem_of(path)


@pytest.mark.parametrize("size", [(8, 8), (64, 48), (1200, 900), (100, 257), (1000, 1000), (1600, 900), (9000, 40)])
def test_the_size_of_a_jpeg_xl_is_known_before_it_is_decoded(size: tuple[int, int]) -> None:
    file = io.BytesIO()
    PIL.Image.new("L", size, 90).save(file, "JXL", effort=1)
    assert jpeg_xl.read_size(file) == size and file.tell() == 0
    boxed = io.BytesIO()
    PIL.Image.new("L", size, 90).save(boxed, "JXL", effort=1, exif=turned(1).tobytes(), use_container=True)
    assert boxed.getvalue()[4:7] == b"JXL" and jpeg_xl.read_size(boxed) == size


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks for its memory in Linux's way")
def test_a_jpeg_xl_that_would_fill_the_memory_is_refused_before(tmp_path: Path) -> None:
    """Its decoder for Pillow decodes when it is opened."""
    import resource

    file = io.BytesIO()
    PIL.Image.new("L", (64, 48), 90).save(file, "JXL", effort=1)
    content = file.getvalue()
    start = content.index(b"\xff\x0a") + 2
    # Not small, height and width in 30 bits each: 60,000 on both sides.
    bits, count = 0, 0
    for value, width in ((0, 1), (3, 2), (59_999, 30), (0, 3), (3, 2), (59_999, 30)):
        bits |= value << count
        count += width
    (tmp_path / "bomb.jxl").write_bytes(b"\xff\x0a" + bits.to_bytes(9, "little") + content[start + 3 :])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "too large (60000×60000 pixels)" in problem_of(tmp_path / "bomb.jxl")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_video_with_the_name_of_a_picture_is_called_one(tmp_path: Path, demo_path: Path) -> None:
    (tmp_path / "clip.jpg").write_bytes(demo_path.read_bytes()[:5000])
    assert "is a video with the name of a picture" in problem_of(tmp_path / "clip.jpg")


def test_a_video_with_the_name_of_one_is_led_to_the_command_for_videos(demo_path: Path) -> None:
    assert "is a video, not a picture: 'webcam-app annotate' labels videos" in problem_of(demo_path)


@pytest.mark.parametrize(
    "name", [f"noise{suffix}" for suffix in (".jpg", ".heic", ".jxl", ".tga", ".nef", ".psd", ".tif")]
)
@pytest.mark.parametrize(
    "head", [b"", b"\xff\xd8\xff\xe0", b"\xff\n", b"II*\0\x08\0\0\0", b"8BPS\0\x01", b"\0\0\0\x18ftypheic"]
)
def test_noise_is_refused_in_words_for_people(name: str, head: bytes, tmp_path: Path) -> None:
    noise = np.random.default_rng(len(name) + len(head)).integers(0, 256, 3000, np.uint8).tobytes()
    (tmp_path / name).write_bytes(head + noise)
    problem = problem_of(tmp_path / name)
    assert "not a picture" in problem or "damaged" in problem or "too large" in problem
    assert "libjxl" not in problem and "b'" not in problem


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_form_of_jpeg_can_be_made_smaller(mode: str, progressive: bool, tmp_path: Path) -> None:
    pillow("RGB").resize((1300, 970)).convert(mode).save(tmp_path / "a.jpg", progressive=progressive)
    found = load_picture(tmp_path / "a.jpg", shorter_side=240)
    assert (found.width, found.height, found.reduction) == (1300, 970, 4)
    assert found.image.shape == (243, 325, 3)
    whole = load_picture(tmp_path / "a.jpg").image
    shrunk = cv2.resize(whole, (325, 243), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(found.image - shrunk).mean() < 2


def test_whatever_is_wrong_with_a_file_the_answer_is_a_picture_or_a_line(tmp_path: Path) -> None:
    """Bytes changed at random, and cut off at random, of every kind; nothing else is ever raised."""
    image = pillow().resize((96, 72))
    seeds = []
    for suffix in (".jpg", ".png", ".heic", ".avif", ".jxl", ".jp2", ".webp", ".tif", ".tga", ".gif", ".bmp", ".ppm"):
        image.save(tmp_path / f"seed{suffix}")
        seeds.append((suffix, (tmp_path / f"seed{suffix}").read_bytes()))
    write_psd(tmp_path / "seed.psd", np.asarray(image))
    raw_files.write_dng(tmp_path / "seed.dng", image)
    seeds += [(suffix, (tmp_path / f"seed{suffix}").read_bytes()) for suffix in (".psd", ".dng")]
    random = np.random.default_rng(12)
    refused = 0
    for suffix, seed in seeds * 20:
        content = bytearray(seed)
        for place in random.integers(0, min(len(content), int(random.choice((200, 1_000_000)))), 3):
            content[place] = random.integers(256)
        if random.random() < 0.3:
            content = content[: random.integers(len(content))]
        (tmp_path / f"case{suffix}").write_bytes(content)
        try:
            found = load_picture(tmp_path / f"case{suffix}", max_pixels=5_000_000)
        except PictureError as error:
            assert "\n" not in str(error)
            refused += 1
        else:
            assert found.image.ndim == 3 and found.image.dtype == np.uint8
    assert 50 < refused < 250
