"""Which pictures teach which class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.teaching.fakes import write_classes
from webcam_app.errors import TeachingError
from webcam_app.teaching.examples import list_examples


def named(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def test_a_sub_folder_is_a_class_in_any_script(tmp_path: Path) -> None:
    named(tmp_path, "眼鏡/1.jpg")
    named(tmp_path, "без очков/2.jpg")
    named(tmp_path, "без очков/deeper/3.png")
    assert [(e.label, e.path.name) for e in list_examples([tmp_path])] == [
        ("без очков", "2.jpg"),
        ("без очков", "3.png"),
        ("眼鏡", "1.jpg"),
    ]


def test_what_is_no_picture_and_hidden_folders_are_left_out(tmp_path: Path) -> None:
    named(tmp_path, "hat/notes.txt")
    named(tmp_path, ".cache/1.jpg")
    kept = named(tmp_path, "hat/1.jpg")
    assert [example.path for example in list_examples([tmp_path])] == [kept]


def test_classes_of_several_folders_with_the_same_name_are_one(tmp_path: Path) -> None:
    first, second = write_classes(tmp_path / "a", 1, "red"), write_classes(tmp_path / "b", 2, "red", "blue")
    assert [example.label for example in list_examples([first, second])] == ["blue", "blue", "red", "red", "red"]


def test_a_table_tells_class_and_person(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("Path,Age,Subject\nx/1.jpg,old,Ann\n2.jpg,young,\n", encoding="utf-8-sig")
    first, second = list_examples([tmp_path], "age")
    assert (first.path, first.label, first.person) == (tmp_path / "x/1.jpg", "old", "Ann")
    assert (second.label, second.person) == ("young", None)


def test_a_column_that_is_missing_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("path,age\n1.jpg,old\n", encoding="utf-8")
    with pytest.raises(TeachingError, match=r"'label' is missing; it has: path, age"):
        list_examples([tmp_path])


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes(b"path,label\n1.jpg,\xff\xfe\n")
    with pytest.raises(TeachingError, match="UTF-8"):
        list_examples([tmp_path])


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_classes_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TeachingError, match="sub-folder for each class"):
        list_examples([tmp_path / name])
