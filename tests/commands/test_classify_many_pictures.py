"""Someone has more photographs than fit a night: several at a time, and going on after an interruption."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _squares_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coloured squares are faces, in other processes too."""
    monkeypatch.setattr("webcam_app.photographs.looking.ANALYZER", "tests.commands.square_analyzer:SquareAnalyzer")


@pytest.fixture
def album(tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path]) -> Path:
    """Twelve pictures with numbers: with two faces, with none, and one that cannot be read."""
    folder = tmp_path / "album"
    for number in range(1, 12):
        faces = [("female", number, 20), ("male", 90, 30, 50, "masked")] if number % 3 else []
        write_picture(folder / f"img{number}.png", make_picture(*faces))
    (folder / "img12.png").write_text("no picture")
    return folder


@pytest.fixture
def whole(tmp_path: Path, album: Path, run: Run) -> bytes:
    """The table of an uninterrupted run."""
    assert run("classify", album, "--csv", tmp_path / "whole.csv", "--jobs", 1)[0] == 0
    return (tmp_path / "whole.csv").read_bytes()


def test_the_table_does_not_depend_on_the_number_of_jobs(tmp_path: Path, album: Path, whole: bytes, run: Run) -> None:
    copies = tmp_path / "copies"
    code, said, complaints = run("classify", album, "--csv", tmp_path / "out.csv", "--jobs", 2, "--annotated", copies)
    assert (code, complaints) == (0, "")
    assert "12 pictures, 16 faces" in said
    assert (tmp_path / "out.csv").read_bytes() == whole
    assert len(list(copies.iterdir())) == 11


def test_numbered_names_come_in_the_order_of_their_numbers(whole: bytes) -> None:
    named = list(dict.fromkeys(re.findall(rb"/img(\d+)\.png,", whole)))
    assert named == [str(number).encode() for number in range(1, 13)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_table_that_was_cut_anywhere_is_gone_on_with(
    tmp_path: Path, album: Path, whole: bytes, run: Run, jobs: int
) -> None:
    out = tmp_path / "out.csv"
    lines = whole.splitlines(keepends=True)
    ends = (0, 1, 30, len(lines[0]), len(b"".join(lines[:2])), len(b"".join(lines[:4])) + 5, len(whole) - 1, len(whole))
    for end in ends if jobs == 1 else ends[5:6]:
        out.write_bytes(whole[:end])
        code, said, complaints = run("classify", album, "--csv", out, "--resume", "--jobs", jobs)
        assert (code, complaints) == (0, ""), end
        assert out.read_bytes() == whole, end
        assert "12 pictures, 16 faces (8 female, 8 male); 8 with a mask; 3 pictures without a face; 1 could" in said, (
            end
        )


def test_without_a_table_resume_begins(tmp_path: Path, album: Path, whole: bytes, run: Run) -> None:
    assert run("classify", album, "--csv", tmp_path / "out.csv", "--resume")[0] == 0
    assert (tmp_path / "out.csv").read_bytes() == whole


def test_labelled_copies_go_on_too(tmp_path: Path, album: Path, whole: bytes, run: Run) -> None:
    out, copies = tmp_path / "out.csv", tmp_path / "copies"
    assert run("classify", album, "--csv", out, "--annotated", copies)[0] == 0
    expected = {path.name: path.read_bytes() for path in copies.iterdir()}
    out.write_bytes(b"".join(whole.splitlines(keepends=True)[:8]))
    for number in range(7, 12):
        (copies / f"img{number}.png").unlink()
    assert run("classify", album, "--csv", out, "--annotated", copies, "--resume")[0] == 0
    assert {path.name: path.read_bytes() for path in copies.iterdir()} == expected


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"path,face", b"file,face", "other columns"),
        (b",error\n", b",error,notes\n", "other columns"),
        (b"0.97", b"0.96", "another model"),
        (b",female,", b",male,", "another model"),
        (b"img1.png", b"img0.png", "other pictures"),
        (b",0.97,", b",", "damaged"),
    ],
)
def test_a_table_of_something_else_is_refused_and_kept(
    tmp_path: Path, album: Path, whole: bytes, run: Run, old: bytes, new: bytes, words: str
) -> None:
    out = tmp_path / "out.csv"
    other = b"".join(whole.splitlines(keepends=True)[:8]).replace(old, new)
    out.write_bytes(other)
    code, said, complaints = run("classify", album, "--csv", out, "--resume")
    assert (code, said, complaints.count("\n")) == (1, "", 1)
    assert words in complaints and "out.csv" in complaints
    assert out.read_bytes() == other


def test_resume_needs_a_table(album: Path, run: Run) -> None:
    for more in ((), ("--csv", "-")):
        code, _, complaints = run("classify", album, "--resume", *more)
        assert code == 2
        assert "--csv" in complaints


def test_a_disk_that_is_full_leaves_whole_pictures(
    tmp_path: Path, album: Path, whole: bytes, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import io

    class Full(io.FileIO):
        left = 700

        def write(self, content: Any) -> int:
            written = super().write(content[: self.left])
            self.left -= written
            if not written:
                raise OSError(errno.ENOSPC, "full")
            return written

    monkeypatch.setattr("webcam_app.output.tables.io.FileIO", Full)
    code, _, complaints = run("classify", album, "--csv", tmp_path / "out.csv")
    assert (code, complaints.count("\n")) == (1, 1)
    assert "disk is full" in complaints
    kept = (tmp_path / "out.csv").read_bytes()
    assert kept.endswith(b"\n") and whole.startswith(kept)
    assert [row["face"] for row in csv.DictReader(kept.decode().splitlines())][-1] in ("", "2")


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_stopped_while_processes_work_and_gone_on_with(
    tmp_path: Path, album: Path, whole: bytes, run: Run, number: int
) -> None:
    out, go = tmp_path / "out.csv", tmp_path / "go"
    os.mkfifo(go)
    stand_in = f"""
import sys
from tests.commands import square_analyzer
import webcam_app.photographs.looking as looking
looking.ANALYZER = "tests.commands.square_analyzer:SquareAnalyzer"
from webcam_app.output.tables import GrowingFile
add = GrowingFile.write
def write(self, text):
    add(self, text)
    if "img5" in text:
        print("five", flush=True)
        open({str(go)!r}).read()
GrowingFile.write = write
from webcam_app.cli import main
sys.exit(main())
"""
    child = subprocess.Popen(
        [sys.executable, "-c", stand_in, "classify", str(album), "--csv", str(out), "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"five\n"
    child.send_signal(number)
    # A signal waits until a photograph's rows are written.
    os.close(os.open(go, os.O_WRONLY if number == signal.SIGINT else os.O_RDWR))
    child.communicate(timeout=60)
    assert child.returncode == (130 if number == signal.SIGINT else -number)
    assert whole.startswith(out.read_bytes())
    assert out.read_bytes().count(b"img5") == 2
    assert run("classify", album, "--csv", out, "--resume", "--jobs", 2)[0] == 0
    assert out.read_bytes() == whole
