"""Photographs as large as the largest phones make them, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import PIL.Image
import pytest

from webcam_app.capture import load_picture
from webcam_app.errors import PictureError

ROOT = Path(__file__).parents[2]
SIZE = (12_000, 9_000)
MEASURE = """
import resource, sys
from pathlib import Path
import PIL.Image
PIL.Image.init()
from webcam_app.capture import load_picture
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
picture = load_picture(Path(sys.argv[1]), shorter_side=int(sys.argv[2]) or None)
print(picture.width, picture.height, picture.reduction, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of 108 megapixels."""
    path = tmp_path_factory.mktemp("huge") / "huge.jpg"
    gradient = PIL.Image.linear_gradient("L").resize(SIZE)
    PIL.Image.merge("RGB", (gradient, gradient, gradient)).save(path, quality=80)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="asks for its memory in Linux's way")
@pytest.mark.parametrize(("shorter_side", "reduction", "mib"), [(1280, 4, 75), (0, 2, 240)])
def test_a_photograph_of_108_megapixels(huge: Path, shorter_side: int, reduction: int, mib: int) -> None:
    command = [sys.executable, "-c", MEASURE, str(huge), str(shorter_side)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    *found, used = (int(word) for word in answer.split())
    assert found == [*SIZE, reduction]
    assert used < mib * 1024


def header_says(size: tuple[int, int], path: Path, *, progressive: bool = False) -> None:
    """A small JPEG that says that it is large; what it has of that is black."""
    PIL.Image.new("L", (16, 16)).save(path, progressive=progressive)
    content = bytearray(path.read_bytes())
    place = content.index(b"\xff\xc2" if progressive else b"\xff\xc0") + 5
    content[place : place + 4] = size[1].to_bytes(2, "big") + size[0].to_bytes(2, "big")
    path.write_bytes(content)


def test_a_progressive_one_is_refused_as_its_decoder_keeps_all_of_it(tmp_path: Path) -> None:
    header_says(SIZE, tmp_path / "progressive.jpg", progressive=True)
    with pytest.raises(PictureError, match=r"progressive\.jpg is too large \(12000×9000 pixels\): at most 89 million"):
        load_picture(tmp_path / "progressive.jpg", shorter_side=1280)


def test_the_largest_phones_take_200_megapixels(tmp_path: Path) -> None:
    header_says((16_320, 12_240), tmp_path / "large.jpg")
    picture = load_picture(tmp_path / "large.jpg", shorter_side=1280)
    assert (picture.width, picture.height, picture.reduction) == (16_320, 12_240, 8)
    assert picture.image.shape == (1530, 2040, 3)


def test_a_jpeg_of_more_than_any_phone_gives_is_refused(tmp_path: Path) -> None:
    header_says((65_000, 65_000), tmp_path / "bomb.jpg")
    with pytest.raises(PictureError, match=r"bomb\.jpg is too large \(65000×65000 pixels\): at most 300 million"):
        load_picture(tmp_path / "bomb.jpg", shorter_side=1280)
