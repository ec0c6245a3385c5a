"""Someone wants to know what became of every file of a folder, and opens the table in a spreadsheet."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]


def test_pictures_without_a_picture_s_name_are_rows_and_other_files_are_counted(
    tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path], run: Run
) -> None:
    folder = tmp_path / "album"
    write_picture(folder / "a.png", make_picture(("male", 10, 10))).rename(folder / "a")
    write_picture(folder / "b.jpg", make_picture(("male", 10, 10))).rename(folder / "b.backup")
    (folder / "notes.txt").write_text("notes")
    (folder / "clip.mp4").write_bytes(b"\0\0\0\x18ftypisom")
    (folder / "empty").touch()
    code, said, _ = run("classify", folder, "--csv", folder / "out.csv")
    assert code == 0
    assert "2 pictures, 2 faces (2 male); 3 other files left out" in said


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
@pytest.mark.parametrize("target", ["nowhere", "link", "out.csv"], ids=["nowhere", "itself", "the table"])
def test_links_that_are_no_pictures_are_counted_and_stop_nothing(
    target: str, tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path], run: Run
) -> None:
    folder = tmp_path / "album"
    write_picture(folder / "a.png", make_picture(("male", 10, 10)))
    (folder / "link").symlink_to(folder / target)
    code, said, complaints = run("classify", folder, "--csv", folder / "out.csv")
    assert (code, complaints) == (0, "")
    assert ("1 other file left out" in said) == (target != "out.csv")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
def test_no_name_is_a_formula_and_each_is_read_back(
    tmp_path: Path,
    make_picture: Callable[..., Any],
    write_picture: Callable[..., Path],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["=1+1.png", "+cmd|'calc'!A1.png", "-2.png", "@sum.png", "\tx.png", "'=quoted.png", "a;=b.png", "ok.png"]
    for name in names:
        write_picture(Path(name), make_picture(("male", 10, 10)))
    arguments = ["classify", "--csv", "out.csv", "--", *names]
    assert run(*arguments)[0] == 0
    whole = Path("out.csv").read_bytes()
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert not any(cell.lstrip(" ")[:1] in "=+-@\t\r" for row in rows for cell in row if not cell.isdecimal() and cell)
    Path("out.csv").write_bytes(whole[: len(whole) // 2])
    assert run("classify", "--resume", *arguments[1:])[0] == 0
    assert Path("out.csv").read_bytes() == whole
    code, said, _ = run("classify", "--labels", "out.csv", "--", *names)
    assert code == 0
    assert f"bare: {len(names)} pictures" in said
    assert "no row" not in said


@pytest.fixture
def people(tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path]) -> Path:
    folder = tmp_path / "people"
    for name, label in (("a", "female"), ("b", "male"), ("c", "female"), ("d", "male")):
        write_picture(folder / f"{name}.png", make_picture((label, 20, 20)))
    return folder


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_labels_in_whatever_form_a_spreadsheet_saved_them(
    tmp_path: Path, people: Path, run: Run, separator: str, encoding: str
) -> None:
    rows = [["path", "label", "mask"], ["people/a.png", "female", "0"], ["people/b.png", "male", "1"]]
    text = "".join(separator.join(row) + "\r\n" for row in rows)
    (tmp_path / "labels.csv").write_bytes(text.encode(encoding))
    code, said, _ = run("classify", people, "--labels", tmp_path / "labels.csv")
    assert code == 0
    assert "all: 2 pictures" in said
    assert "labels.csv: 2 pictures have no row" in said


def test_what_is_odd_about_the_labels_is_counted_and_said(tmp_path: Path, people: Path, run: Run) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "path,label\npeople/a.png,female\npeople/a.png,female\npeople/b.png,male\npeople/b.png,female\n"
        "people/c.png,dog\npeople/gone.png,male\npeople/lost.png,female\n"
    )
    code, said, _ = run("classify", people, "--labels", labels)
    assert code == 0
    line = next(line for line in said.splitlines() if line.startswith("labels.csv: "))
    assert "2 rows are of a picture that has one already (1 say otherwise: these pictures are not compared)" in line
    assert "1 row is of labels that the model does not know (dog)" in line
    assert "2 rows are of pictures that are not among these" in line
    assert "1 picture has no row" in line
    assert "bare: 1 picture\n" in said


def test_labels_without_anything_odd_are_not_remarked_on(tmp_path: Path, people: Path, run: Run) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("path,label\n" + "".join(f"people/{name}.png,male\n" for name in "abcd"))
    assert "labels.csv" not in run("classify", people, "--labels", labels)[1]
