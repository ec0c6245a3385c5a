"""A ``labels.csv`` with rows about single faces: written beside what is there, and read by all that read labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from webcam_app.errors import OutputError
from webcam_app.faces.face import Box
from webcam_app.faces.marks import DRAWN, FOUND, REMOVED, Mark
from webcam_app.photographs.labels.corrections import Kept, keep_labels
from webcam_app.photographs.labels.truth import TableTruth
from webcam_app.teaching.examples import list_examples

LABELS = ("female", "male")
DREW = Mark(Box(1, 2, 30, 40), DRAWN, "male")
TOOK = Mark(Box(5, 6, 20, 20), REMOVED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without a table."""
    return tmp_path


def text(folder: Path) -> str:
    return (folder / "labels.csv").read_text()


def test_a_new_table_has_the_pictures_row_and_then_those_of_its_faces(folder: Path) -> None:
    keep_labels(folder, {"a.png": Kept("male", (DREW, TOOK)), "b.png": Kept("female")}, {})
    assert text(folder) == (
        "path,label,x,y,width,height,face\n"
        "a.png,male,,,,,\na.png,male,1,2,30,40,drawn\na.png,,5,6,20,20,removed\nb.png,female,,,,,\n"
    )


def test_columns_and_rows_of_somebody_else_stay(folder: Path) -> None:
    (folder / "labels.csv").write_text("age,Path,gender,x,note\n9,b.png,male,7,mine\n,a.png,female,,\n")
    keep_labels(folder, {"a.png": Kept("male", (DREW,))}, {})
    assert text(folder) == (
        "age,Path,gender,x,note,y,width,height,face\n"
        "9,b.png,male,7,mine\n,a.png,male,,,,,,\n,a.png,male,1,,2,30,40,drawn\n"
    )


def test_a_mark_that_stays_keeps_its_row_with_all_that_is_in_it_and_one_that_goes_loses_it(folder: Path) -> None:
    (folder / "labels.csv").write_text(
        "path,label,x,y,width,height,face,note\n"
        "a.png,male,,,,,,\na.png,male,1,2,30,40,drawn,grandfather\na.png,,9,9,20,20,removed,\nb.png,,0,0,20,20,drawn,\n"
    )
    keep_labels(folder, {"a.png": Kept("female", (Mark(DREW.box, DRAWN, "female"), TOOK))}, {})
    assert text(folder).splitlines()[1:] == [
        "a.png,female,,,,,,",
        "a.png,female,1,2,30,40,drawn,grandfather",
        "a.png,,5,6,20,20,removed,",
        "b.png,,0,0,20,20,drawn,",
    ]


def test_taking_all_back_leaves_no_row_about_a_face(folder: Path) -> None:
    keep_labels(folder, {"a.png": Kept("male", (DREW,))}, {})
    keep_labels(folder, {"a.png": Kept()}, {})
    assert text(folder) == "path,label,x,y,width,height,face\na.png,,,,,,\n"


def test_what_is_written_is_read_again(folder: Path) -> None:
    keep_labels(folder, {"a.png": Kept("male", (DREW, TOOK)), "b.png": Kept("", (TOOK,))}, {})
    table = TableTruth(folder / "labels.csv", LABELS)
    assert (table.of(folder / "a.png").label, table.of(folder / "a.png").marks) == ("male", (DREW, TOOK))
    assert (table.of(folder / "b.png").label, table.of(folder / "b.png").marks) == (None, (TOOK,))
    assert table.of(folder / "c.png").marks == ()


def test_rows_about_faces_are_no_second_rows_of_the_picture(folder: Path) -> None:
    keep_labels(folder, {"a.png": Kept("male", (DREW, Mark(Box(90, 0, 30, 30), FOUND, "female")))}, {})
    table = TableTruth(folder / "labels.csv", LABELS)
    table.of(folder / "a.png")
    assert list(table.lines()) == []


def test_boxes_of_another_kind_of_table_say_what_they_said_before(folder: Path) -> None:
    (folder / "labels.csv").write_text("path,face,x,y,width,height,label\na.png,1,1,2,30,40,male\n")
    known = TableTruth(folder / "labels.csv", LABELS).of(folder / "a.png")
    assert (known.label, known.marks) == ("male", ())


def test_a_row_whose_box_is_none_is_told_and_the_others_are_known(folder: Path) -> None:
    (folder / "labels.csv").write_text(
        "path,label,x,y,width,height,face\na.png,male,1,2,thirty,40,drawn\na.png,male,1,2,30,40,drawn\n"
    )
    table = TableTruth(folder / "labels.csv", LABELS)
    assert table.of(folder / "a.png").marks == (DREW,)
    assert list(table.lines()) == ["labels.csv: 1 row is of a face but has no box"]


def test_teach_takes_a_picture_once(folder: Path) -> None:
    keep_labels(folder, {"a.png": Kept("male", (DREW,)), "b.png": Kept("", (Mark(DREW.box, DRAWN, "female"),))}, {})
    assert [(example.path.name, example.label) for example in list_examples([folder])] == [("a.png", "male")]


@pytest.mark.parametrize(
    "table",
    [
        "path,label\na.png,glasses\nb.png,bare\n",
        "path,label\na.png,\nb.png,bare\n",
        "path,label,x,y,width,height,face\na.png,bare,1,2,30,40,drawn\n",
    ],
)
def test_a_table_of_another_models_labels_is_not_written_into(folder: Path, table: str) -> None:
    (folder / "labels.csv").write_text(table)
    with pytest.raises(OutputError, match=r"labels of another model \(.*bare\): move it away"):
        keep_labels(folder, {"a.png": Kept("male")}, {}, LABELS)
    assert text(folder) == table


@pytest.mark.parametrize("table", ["path,label\na.png,\n", "path,label\nb.png,Female\nc.png,child\n", "path,label\n"])
def test_one_with_some_of_the_models_labels_or_none_at_all_is(folder: Path, table: str) -> None:
    (folder / "labels.csv").write_text(table)
    keep_labels(folder, {"a.png": Kept("male")}, {}, LABELS)
    assert "a.png,male" in text(folder)
