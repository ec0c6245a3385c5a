"""Someone has a folder of photographs and wants a table and labelled pictures."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def album(tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path]) -> Path:
    """Two faces, one of them with a mask; none; one unsure, in a folder below; a text that is called a picture."""
    folder = tmp_path / "album"
    write_picture(folder / "a two.png", make_picture(("female", 10, 20), ("male", 90, 30, 50, "masked")))
    write_picture(folder / "b empty.jpg", make_picture())
    (folder / "c text.jpg").write_text("no picture")
    (folder / "notes.txt").write_text("not even called one")
    write_picture(folder / "summer" / "d лето 夏.png", make_picture(("unsure", 50, 50)))
    return folder


def test_one_row_for_each_face_and_one_for_each_picture_without(tmp_path: Path, album: Path, run: Run) -> None:
    code, said, complaints = run("classify", album, "--csv", tmp_path / "out.csv")
    assert (code, complaints) == (0, "")
    table = rows(tmp_path / "out.csv")
    text = [(Path(row["path"]).relative_to(album).as_posix(), row["face"], row["label"]) for row in table]
    assert text == [
        ("a two.png", "1", "female"),
        ("a two.png", "2", "male"),
        ("b empty.jpg", "", ""),
        ("c text.jpg", "", ""),
        ("summer/d лето 夏.png", "1", "unsure"),
    ]
    first, second, empty, broken, last = table
    assert [first[name] for name in ("x", "y", "width", "height")] == ["10", "20", "40", "40"]
    assert (first["confidence"], first["mask"], first["error"]) == ("0.97", "0.1", "")
    assert second["mask"] == "0.9"
    assert set(empty.values()) == {str(album / "b empty.jpg"), ""}
    assert "c text.jpg" in broken["error"]
    assert last["confidence"] == "0.6"
    assert "4 pictures, 3 faces (1 female, 1 male, 1 unsure)" in said
    assert "1 with a mask; 1 picture without a face; 1 could not be read" in said


def test_without_a_table_each_picture_is_a_line(album: Path, run: Run) -> None:
    code, said, _ = run("classify", album)
    lines = said.splitlines()
    assert code == 0
    assert lines[0] == f"{album / 'a two.png'}: female 97 %, male 97 % · mask"
    assert lines[1] == f"{album / 'b empty.jpg'}: no face"
    assert lines[2].startswith(f"{album / 'c text.jpg'}: not read: ")


def test_the_table_may_go_to_standard_output(album: Path, run: Run) -> None:
    code, said, complaints = run("classify", album, "--csv", "-")
    assert code == 0
    assert said.startswith("path,face,x,y,width,height,label,confidence,mask,error\n")
    assert len(said.splitlines()) == 6
    assert "4 pictures" in complaints


def test_labelled_copies_have_the_folder_s_shape(tmp_path: Path, album: Path, run: Run) -> None:
    copies = tmp_path / "copies"
    assert run("classify", album, "--annotated", copies)[0] == 0
    found = sorted(path.relative_to(copies).as_posix() for path in copies.rglob("*") if path.is_file())
    assert found == ["a two.png", "b empty.jpg", "summer/d лето 夏.png"]
    before = cv2.imread(str(album / "a two.png")).astype(int)
    after = cv2.imread(str(copies / "a two.png")).astype(int)
    assert np.abs(after[20:24, 10:50] - before[20:24, 10:50]).max() > 100
    assert np.abs(after[100:] - before[100:]).max() == 0


def test_copies_inside_the_album_are_not_labelled_again(album: Path, run: Run) -> None:
    code, said, _ = run("classify", album, "--annotated", album / "z copies")
    assert code == 0
    assert "4 pictures" in said
    assert len(list((album / "z copies").rglob("*.png"))) == 2


def test_a_folder_with_something_in_it_takes_no_copies(album: Path, run: Run) -> None:
    before = sorted(album.rglob("*"))
    code, _, complaints = run("classify", album, "--annotated", album)
    assert code == 1
    assert "name a new one" in complaints
    assert sorted(album.rglob("*")) == before


def test_pictures_with_one_name_get_copies_of_their_own(
    tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path], run: Run
) -> None:
    one = write_picture(tmp_path / "one" / "a.png", make_picture(("male", 10, 20)))
    two = write_picture(tmp_path / "two" / "a.png", make_picture(("male", 10, 20)))
    assert run("classify", one, two, "--annotated", tmp_path / "copies")[0] == 0
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == ["a (2).png", "a.png"]


def test_a_picture_without_a_face_taken_whole(
    tmp_path: Path, album: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.commands.square_analyzer import CARD, SquareAnalyzer
    from webcam_app.faces.labelling.classifier import Prediction

    class Classifier:
        card = CARD

        def classify(self, crops: list[Any]) -> list[Prediction]:
            assert [crop.shape for crop in crops] == [(32, 32, 3)]
            return [Prediction(np.array([0.0, 4.0], np.float32), 0.02) for _ in crops]

    monkeypatch.setattr(SquareAnalyzer, "classifier", Classifier())
    assert run("classify", album, "--csv", tmp_path / "out.csv", "--whole-image")[0] == 0
    whole = rows(tmp_path / "out.csv")[2]
    assert whole["path"].endswith("b empty.jpg")
    assert [whole[name] for name in ("face", "x", "y", "width", "height")] == ["1", "0", "0", "160", "120"]
    assert whole["label"] == "male"
    assert float(whole["confidence"]) > 0.9
    assert len(rows(tmp_path / "out.csv")) == 5


def test_an_older_table_is_replaced_but_nothing_else(tmp_path: Path, album: Path, run: Run) -> None:
    out, photo = tmp_path / "out.csv", album / "a two.png"
    out.write_text("old")
    assert run("classify", album, "--csv", out)[0] == 0
    assert len(rows(out)) == 5
    before = photo.read_bytes()
    code, _, complaints = run("classify", album, "--csv", photo)
    assert code == 1
    assert "no table" in complaints
    assert photo.read_bytes() == before


def test_nothing_that_can_be_read_is_a_failure_with_its_table(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    code, _, complaints = run("classify", tmp_path / "a.jpg", tmp_path / "gone.png", "--csv", tmp_path / "out.csv")
    assert code == 1
    assert "no picture could be read" in complaints
    assert [bool(row["error"]) for row in rows(tmp_path / "out.csv")] == [True, True]


def test_an_empty_folder_is_a_failure_without_a_table(tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty").mkdir()
    code, said, complaints = run("classify", tmp_path / "empty", "--csv", tmp_path / "out.csv")
    assert (code, said) == (1, "")
    assert "there are no pictures" in complaints
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_face_that_the_network_fails_on_has_a_row_without_a_label(
    tmp_path: Path, album: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.commands.square_analyzer import SquareAnalyzer
    from webcam_app.faces.face import Box, Face

    def fail(self: Any, image: Any) -> list[Face]:
        self.problem = "the network answered with NaN"
        return [Face(Box(1, 2, 3, 4), 1)]

    monkeypatch.setattr(SquareAnalyzer, "analyze_still", fail)
    assert run("classify", album / "a two.png", "--csv", tmp_path / "out.csv")[0] == 0
    (row,) = rows(tmp_path / "out.csv")
    assert (row["label"], row["confidence"], row["error"]) == ("", "", "the network answered with NaN")


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode elsewhere")
def test_names_that_are_no_text(
    tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path], run: Run
) -> None:
    write_picture(tmp_path / "p" / os.fsdecode(b"\xff\xfe line\nbreak.png"), make_picture(("male", 10, 20)))
    assert run("classify", tmp_path / "p", "--csv", tmp_path / "out.csv")[0] == 0
    assert b"\xff\xfe line\nbreak.png" in (tmp_path / "out.csv").read_bytes()
    code, said, _ = run("classify", tmp_path / "p")
    assert code == 0
    assert len(said.splitlines()) == 2
