"""Picture files: every form of picture, and everything that only looks like one."""

from __future__ import annotations

import os
import socket
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from tests.capture.fakes import corners, picture
from webcam_app.capture import list_pictures, open_source, picture_source, read_picture
from webcam_app.errors import PictureError, SourceError

linux_only = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")


def _pillow(mode: str = "RGB") -> PIL.Image.Image:
    return PIL.Image.fromarray(picture()[:, :, ::-1].copy()).convert(mode)


def _problem_of(path: Path) -> str:
    with pytest.raises(PictureError) as error:
        read_picture(path)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".tif", ".webp", ".ppm", ".gif"])
def test_reads_the_usual_formats(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix}"
    _pillow().save(path)
    image = read_picture(path)
    assert image.shape == (48, 64, 3) and image.dtype == np.uint8
    assert corners(image) == "rgb."


@pytest.mark.parametrize(("orientation", "shown"), [(1, "rgb."), (2, "gr.b"), (3, ".bgr"), (6, "br.g"), (8, "g.rb")])
def test_exif_rotation_is_applied(orientation: int, shown: str, tmp_path: Path) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    _pillow().save(tmp_path / "picture.jpg", exif=exif)
    assert corners(read_picture(tmp_path / "picture.jpg")) == shown


def test_cmyk_is_converted(tmp_path: Path) -> None:
    _pillow("CMYK").save(tmp_path / "print.jpg", quality=95)
    assert corners(read_picture(tmp_path / "print.jpg")) == "rgb."


def test_sixteen_bits_are_scaled_not_cut_off(tmp_path: Path) -> None:
    grey = np.full((8, 8), 200 << 8, np.uint16)
    PIL.Image.fromarray(grey).save(tmp_path / "deep.png")
    image = read_picture(tmp_path / "deep.png")
    assert image.shape == (8, 8, 3)
    assert np.all(np.abs(image.astype(int) - 200) <= 1)


def test_an_animation_gives_its_first_picture(tmp_path: Path) -> None:
    others = [PIL.Image.new("RGB", (64, 48), "white") for _ in range(3)]
    _pillow().save(tmp_path / "animated.gif", save_all=True, append_images=others)
    assert corners(read_picture(tmp_path / "animated.gif")) == "rgb."


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    PIL.Image.new("RGBA", (8, 8), (10, 20, 30, 0)).save(tmp_path / "clear.png")
    assert np.all(read_picture(tmp_path / "clear.png") == 255)


@pytest.mark.parametrize("name", ["портрет.jpg", "肖像 写真.png", "صورة.jpg", "🙂.png", "two\nlines.png"])
def test_names_in_any_script(name: str, tmp_path: Path) -> None:
    _pillow().save(tmp_path / name)
    assert read_picture(tmp_path / name).shape == (48, 64, 3)


@linux_only
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.jpg"))
    path.write_bytes(b"nothing")
    _problem_of(path).encode("utf-8")


def test_text_and_nothing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.jpg"
    for content in (b"Dear diary", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"):
        path.write_bytes(content)
        assert "not a picture" in _problem_of(path)
    path.write_bytes(b"")
    assert "is empty" in _problem_of(path)


def _png(width: int, height: int, content: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def _peak_mib() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 10_000), (2_000_000, 60)], ids=str)
@linux_only
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(*size, zlib.compress(bytes(30_000_000), 9)))
    before = _peak_mib()
    assert "too large" in _problem_of(path)
    assert _peak_mib() - before < 50


@linux_only
def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.webp"
    with path.open("wb") as file:
        file.write(b"RIFF\xff\xff\xff\x7fWEBPVP8 ")
        file.truncate(2 << 30)  # takes no room on the disk
    before = _peak_mib()
    assert "too large" in _problem_of(path)
    assert _peak_mib() - before < 50


def test_a_limit_of_ones_own(tmp_path: Path) -> None:
    _pillow().save(tmp_path / "picture.png")
    with pytest.raises(PictureError, match="64×48"):
        read_picture(tmp_path / "picture.png", max_pixels=3000)


@linux_only
def test_pipes_sockets_and_devices_are_refused_without_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)  # a socket's path may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
        monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
        assert "is a pipe" in _problem_of(tmp_path / "pipe.jpg")
        assert "is a device" in _problem_of(tmp_path / "zero.jpg")
        assert "is a socket" in _problem_of(tmp_path / "socket.jpg")


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path / 'gone.jpg'} does not exist" in _problem_of(tmp_path / "gone.jpg")


def test_a_picture_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the system's refusal is played."""
    path = tmp_path / "private.jpg"
    _pillow().save(path)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    assert "may not be read" in _problem_of(path)


def test_folders_are_searched_in_order_and_only_for_pictures(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.PNG", "note.txt", "sub/c.webp", "sub/deep/d.jpeg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in list_pictures([tmp_path])]
    assert found == ["a.PNG", "b.jpg", "sub/c.webp", "sub/deep/d.jpeg"]


def test_a_file_that_is_named_is_given_whatever_it_is_called(tmp_path: Path) -> None:
    assert list(list_pictures([tmp_path / "scan"])) == [tmp_path / "scan"]


@linux_only
def test_symbolic_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jpg").touch()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self.jpg").symlink_to("self.jpg")
    found = list(list_pictures([tmp_path]))
    assert found == [tmp_path / "self.jpg", tmp_path / "sub" / "a.jpg"]
    _problem_of(tmp_path / "self.jpg")


def test_a_very_deep_folder_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path
    for _ in range(300):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "a.jpg").touch()
    monkeypatch.setattr(sys, "setrecursionlimit", None)
    assert list(list_pictures([tmp_path])) == [folder / "a.jpg"]


def test_a_folder_that_cannot_be_read_is_given_so_that_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pillow().save(tmp_path / "a.png")
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(list_pictures([tmp_path]))
    assert found == [tmp_path / "a.png", tmp_path / "closed"]
    assert "folder that cannot be read" in _problem_of(tmp_path / "closed")


def test_a_folder_source_skips_what_cannot_be_read_and_counts_it(tmp_path: Path) -> None:
    _pillow().save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    _pillow().save(tmp_path / "c.png")
    with open_source(str(tmp_path)) as source:
        frames = [source.read(), source.read()]
        assert source.read() is None
        assert source.bad_frames == 1
    assert [frame.path.name for frame in frames if frame and frame.path] == ["a.png", "c.png"]
    assert [frame.time for frame in frames if frame] == [0.0, 1.0]


def test_a_photograph_that_no_screen_could_show_is_shown_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_source, "SHOWN_SIDE", 100)
    _pillow().resize((640, 480)).save(tmp_path / "large.jpg")
    with open_source(str(tmp_path / "large.jpg")) as source:
        assert (source.info.width, source.info.height) == (640, 480)
        frame = source.read()
    assert frame is not None and frame.image.shape == (120, 160, 3) and corners(frame.image) == "rgb."
    assert frame.picture is not None and (frame.picture.width, frame.picture.reduction) == (640, 4)


def test_a_looped_folder_begins_again(tmp_path: Path) -> None:
    for name in "ab":
        _pillow().save(tmp_path / f"{name}.png")
    with open_source(str(tmp_path), loop=True) as source:
        frames = [source.read() for _ in range(5)]
    assert [frame.path.stem for frame in frames if frame and frame.path] == ["a", "b", "a", "b", "a"]


def test_a_single_picture_is_a_source(tmp_path: Path) -> None:
    _pillow().save(tmp_path / "portrait.png")
    with open_source(str(tmp_path / "portrait.png")) as source:
        assert source.read() is not None
        assert source.read() is None


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no pictures"):
        open_source(str(tmp_path))


def test_a_folder_without_a_good_picture_says_why(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.png").write_bytes(b"no picture")
    with pytest.raises(SourceError, match=r"None of the 2 pictures.*a\.png is not a picture"):
        open_source(str(tmp_path))
