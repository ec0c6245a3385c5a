"""Pictures that are damaged, hostile or none: a row with the error for each, and the rest goes on."""

from __future__ import annotations

import csv
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image
import pytest

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def save(image: Any, path: Path, mode: str = "RGB", **options: Any) -> None:
    PIL.Image.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).convert(mode).save(path, **options)


@pytest.fixture
def collection(tmp_path: Path, make_picture: Callable[..., Any]) -> Path:
    """Good pictures of unusual kinds, called ``good``, and bad ones, called ``bad``."""
    folder = tmp_path / "collection"
    folder.mkdir()
    image = make_picture(("male", 20, 30))
    jpeg = cv2.imencode(".jpg", image)[1].tobytes()
    (folder / "bad cut.jpg").write_bytes(jpeg[: len(jpeg) // 3])
    (folder / "bad empty.jpg").write_bytes(b"")
    (folder / "bad header.png").write_bytes(png(60_000, 60_000, zlib.compress(b"\0" * 1000)))
    (folder / "bad bomb.png").write_bytes(png(20_000, 20_000, zlib.compress(b"\0" * (20_001 * 20_000), 9)))
    (folder / "bad text.png").write_text("text")
    (folder / "bad folder.jpg").mkdir()
    (folder / "bad link.jpg").symlink_to(folder / "bad link.jpg")
    (folder / "bad dangling.jpg").symlink_to(folder / "nowhere.jpg")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "bad pipe.jpg")
    (folder / "loop").symlink_to(folder)
    frames = [PIL.Image.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))] * 2
    frames[0].save(folder / "good animated.webp", save_all=True, append_images=frames[1:], quality=95)
    save(image, folder / "good cmyk.jpg", "CMYK", quality=95)
    save(image, folder / "good palette.png", "P")
    save(np.ascontiguousarray(np.rot90(image)), folder / "good turned.jpg", exif=turned(), quality=95)
    PIL.Image.fromarray(np.full((50, 50), 30_000, np.uint16)).save(folder / "good deep.png")
    (folder / "good यह 漢字 😀.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return folder


def turned() -> PIL.Image.Exif:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    return exif


def test_each_has_its_row_and_the_good_ones_are_labelled(tmp_path: Path, collection: Path, run: Run) -> None:
    code, _, complaints = run("classify", collection, "--csv", tmp_path / "out.csv")
    assert (code, complaints) == (0, "")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        table = {Path(row["path"]).name: row for row in csv.DictReader(file)}
    expected = {path.name for path in collection.iterdir() if path.name not in ("loop", "bad folder.jpg")}
    assert set(table) == expected
    for name, row in table.items():
        assert bool(row["error"]) == name.startswith("bad"), row
        assert "\n" not in row["error"]
        assert row["label"] == ("male" if name.startswith("good") and "deep" not in name else ""), row
    assert [table["good turned.jpg"][key] for key in "xy"] == pytest.approx(["20", "30"])


@pytest.mark.skipif(sys.platform != "linux", reason="asks for its memory in Linux's way")
def test_memory_stays_bounded(tmp_path: Path, collection: Path) -> None:
    code = (
        "import resource, sys\nfrom tests.commands import square_analyzer as s\ns.install()\n"
        "from webcam_app.cli import main\nbefore = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "main(sys.argv[1:])\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    arguments = ["classify", str(collection), "--csv", str(tmp_path / "out.csv")]
    answer = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert int(answer.stdout.split()[-1]) < 300 * 1024


STAND_IN = """
import sys
import tests.commands.square_analyzer
import webcam_app.photographs.looking as looking
looking.ANALYZER = "tests.commands.square_analyzer:SquareAnalyzer"
from webcam_app.cli import main
sys.exit(main())
"""


def start(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", STAND_IN, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=120, check=False, **options)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_decoders_print_of_a_damaged_picture_is_not_heard(
    jobs: int, tmp_path: Path, make_picture: Callable[..., Any]
) -> None:
    for name in ("a.tif", "b.tif"):
        save(make_picture(("male", 20, 30), size=(640, 480)), tmp_path / name, compression="jpeg")
        with PIL.Image.open(tmp_path / name) as opened:
            tags = opened.tag_v2  # type: ignore[attr-defined]
            place, size = tags[273][-1], tags[279][-1]
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content[:place] + bytes(size) + content[place + size :])
    answer = start("classify", tmp_path, "--jobs", jobs, stdout=subprocess.PIPE)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "2 pictures, 2 faces (2 male); 2 read although damaged" in answer.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("table", [(), ("--csv", "-")])
def test_what_is_printed_onto_a_full_disk_is_said(
    table: tuple[str, ...], tmp_path: Path, make_picture: Callable[..., Any]
) -> None:
    save(make_picture(("male", 20, 30)), tmp_path / "a.png")
    with Path("/dev/full").open("w") as full:
        answer = start("classify", tmp_path, *table, stdout=full)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert "What is printed cannot be written: the disk is full" in answer.stderr
