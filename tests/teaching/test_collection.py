"""Examples lie in a folder that people can look into, whatever the classes are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.teaching.fakes import picture
from webcam_app.errors import OutputError
from webcam_app.teaching.collection import LIST, Collection
from webcam_app.teaching.examples import list_examples

NAMES = ("眼鏡", "ohne Brille", "a/b", "..", "CON", "नमस्ते", "x" * 300, "a:b", ".hidden", "🙂")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path / "teaching")


def filled(collection: Collection, *names: str, count: int = 2) -> list[int]:
    keys = [collection.add_class(name).key for name in names]
    for number, key in enumerate(keys):
        for seed in range(count):
            collection.add_picture(key, picture("red", 100 * number + seed), f"p{seed}")
    return keys


def names(collection: Collection) -> list[str]:
    return [entry.name for entry in collection.classes]


def test_nothing_is_made_before_something_is_kept(collection: Collection) -> None:
    assert list(collection.classes) == [] and not collection.folder.exists()


def test_names_in_any_script_come_back_as_they_were_and_lie_in_safe_folders(collection: Collection) -> None:
    filled(collection, *NAMES)
    again = Collection(collection.folder)
    assert names(again) == list(NAMES)
    folders = [entry.folder for entry in again.classes]
    assert len({folder.casefold() for folder in folders}) == len(NAMES)
    assert all((collection.folder / folder).parent == collection.folder for folder in folders)
    assert all(len(again.pictures(entry.key)) == 2 for entry in again.classes)


def test_names_that_differ_only_in_case_have_folders_of_their_own(collection: Collection) -> None:
    one, other = filled(collection, "Bea", "bea")
    assert len(collection.pictures(one)) == len(collection.pictures(other)) == 2


def test_a_new_name_takes_the_pictures_and_the_folder_along(collection: Collection) -> None:
    (key,) = filled(collection, "Class 1")
    collection.rename(key, "glasses")
    again = Collection(collection.folder)
    assert names(again) == ["glasses"]
    assert sorted(path.name for path in (collection.folder / "glasses").iterdir()) == ["p0.jpg", "p1.jpg"]
    assert not (collection.folder / "Class 1").exists()


def test_the_order_is_kept(collection: Collection) -> None:
    keys = filled(collection, "a", "b", "c")
    collection.move(keys[2], -1)
    collection.move(keys[0], -1)
    assert names(Collection(collection.folder)) == ["a", "c", "b"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"classes": 3}', '{"classes": [{"name": "x", "folder": "../.."}]}']
)
def test_where_the_list_is_damaged_the_folders_tell_the_classes(collection: Collection, content: str) -> None:
    filled(collection, "a", "b")
    (collection.folder / LIST).write_text(content)
    assert names(Collection(collection.folder)) == ["a", "b"]


def test_a_folder_that_a_person_put_there_is_a_class(collection: Collection) -> None:
    filled(collection, "a")
    (collection.folder / "hats").mkdir()
    assert names(Collection(collection.folder)) == ["a", "hats"]


def test_removing_a_class_deletes_its_pictures_and_nothing_else(collection: Collection) -> None:
    one, other = filled(collection, "a", "b")
    collection.remove(one)
    assert not (collection.folder / "a").exists()
    assert len(collection.pictures(other)) == 2 and names(Collection(collection.folder)) == ["b"]


def test_what_a_person_put_into_a_class_stays_and_is_told(collection: Collection) -> None:
    (key,) = filled(collection, "a")
    notes = collection.folder / "a" / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(OutputError, match=r"something else is in .*stays"):
        collection.remove(key)
    assert notes.exists() and collection.pictures(key) == []


def test_deleting_everything_leaves_no_picture_and_no_model(collection: Collection) -> None:
    filled(collection, "a", "b")
    collection.model.write_text("{}")
    collection.model.with_suffix(".bin").write_bytes(b"x")
    collection.clear()
    assert list(collection.folder.iterdir()) == [] and list(collection.classes) == []


def test_a_picture_never_takes_the_place_of_another(collection: Collection) -> None:
    key = collection.add_class("a").key
    kept = [collection.add_picture(key, picture("red", seed), "../p") for seed in range(3)]
    assert len(set(kept)) == 3 and collection.pictures(key) == sorted(kept)


def test_export_is_what_teach_reads_with_the_real_names(collection: Collection, tmp_path: Path) -> None:
    filled(collection, "眼鏡", "a/b, c")
    out = tmp_path / "out"
    assert collection.export(out) == 4
    found = list_examples([out])
    assert sorted({example.label for example in found}) == ["a/b, c", "眼鏡"]
    assert all(example.path.exists() for example in found) and len(found) == 4


def test_export_writes_into_no_folder_that_has_something(collection: Collection, tmp_path: Path) -> None:
    filled(collection, "a")
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError, match="not empty"):
        collection.export(tmp_path)


def test_frames_that_followed_one_another_belong_together(collection: Collection) -> None:
    key = collection.add_class("a").key
    take = "take 2026-05-04 13.37.00.123"
    frames = [f"{take} 000125.jpg", f"{take} 001900.jpg", f"{take} 002000 (2).jpg", "take home.jpg"]
    first, second, third, other = (example.person for example in collection.examples(key, frames))
    assert first == second != third and other is None


def test_people_are_remembered(collection: Collection) -> None:
    collection.set_people(True)
    assert Collection(collection.folder).people
    assert json.loads((collection.folder / LIST).read_text())["people"] is True


def test_a_file_in_its_place_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "teaching").write_text("x")
    with pytest.raises(OutputError, match=r"^The examples in .*teaching cannot be read"):
        Collection(tmp_path / "teaching")
