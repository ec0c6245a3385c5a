"""Reading labelled pictures, whoever laid them out."""

from __future__ import annotations

import csv
import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.train.pictures import BLUE, RED, encoded, plain, write_csv, write_picture, write_zip
from train.errors import DatasetError
from train.readers import read_dataset
from train.readers.layouts import age_band
from webcam_app.errors import PictureError
from webcam_app.faces.face import Box

PNG = encoded(plain(RED, 8))


def test_a_zip_with_labels_gives_label_attributes_and_picture(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"labels.csv": "path,gender,age\nx/1.png,Female,20-29\n", "x/1.png": PNG})
    dataset = read_dataset(path)
    assert (dataset[0].key, dataset[0].label, dataset[0].attributes["age"]) == ("x/1.png", "female", "20-29")
    assert dataset.image(dataset[0]).tolist() == plain(RED, 8).tolist()


@pytest.mark.parametrize(("columns", "expected"), [("mask,gender,label", "c"), ("mask,gender", "b"), ("mask", "a")])
def test_the_label_is_taken_from_label_then_gender_then_mask(tmp_path: Path, columns: str, expected: str) -> None:
    values = ["a", "b", "c"][: columns.count(",") + 1]
    path = write_zip(tmp_path / "a.zip", {"labels.csv": f"path,{columns}\n1.png,{','.join(values)}\n"})
    assert read_dataset(path)[0].label == expected


def test_the_label_column_can_be_chosen(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"labels.csv": "path,gender,mood\n1.png,male,happy\n"})
    assert read_dataset(path, label="mood").labels == ("happy",)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_may_use_other_separators_and_a_byte_order_mark(tmp_path: Path, separator: str) -> None:
    (tmp_path / "labels.csv").write_text(f"\ufeffPath{separator} Label \n1.png{separator}a, b\n", encoding="utf-8")
    assert read_dataset(tmp_path)[0].label == "a, b"


def test_the_labels_file_itself_may_be_named(tmp_path: Path) -> None:
    table = write_csv(tmp_path / "labels.csv", ["path", "label"], [["1.png", "a"]])
    assert read_dataset(table)[0].key == "1.png"


def test_fairface_tables_beside_the_folder_of_pictures_are_joined(tmp_path: Path) -> None:
    for split in ("train", "val"):
        columns = ["file", "age", "gender", "race", "service_test"]
        row = [f"{split}/1.jpg", "20-29", "Male", "East Asian", "True"]
        write_csv(tmp_path / f"fairface_label_{split}.csv", columns, [row])
        write_picture(tmp_path / "margin025" / split / "1.jpg", plain(RED))
    dataset = read_dataset(tmp_path)
    assert [sample.attributes["split"] for sample in dataset] == ["train", "val"]
    assert (dataset.layout, dataset.labels, dataset[0].attributes["race"]) == ("fairface", ("male",), "East Asian")
    assert len(list(dataset.images())) == 2


def test_utkface_names_become_gender_race_and_age_band(tmp_path: Path) -> None:
    names = ["26_1_2_20170104023102422.jpg.chip.jpg", "100_0_0_20170112213500903.jpg", "39_1_20170116174525125.jpg"]
    for name in names:
        write_picture(tmp_path / name, plain(RED, 8))
    dataset = read_dataset(tmp_path)
    by_years = {sample.attributes["years"]: sample for sample in dataset}
    assert (by_years["26"].label, by_years["26"].attributes["race"]) == ("female", "Asian")
    assert (by_years["100"].label, by_years["100"].attributes["age"]) == ("male", "more than 70")
    assert list(dataset.ignored) == [names[2]]


@pytest.mark.parametrize(
    ("years", "band"),
    [(0, "0-2"), (2, "0-2"), (3, "3-9"), (9, "3-9"), (10, "10-19"), (69, "60-69"), (70, "more than 70")],
)
def test_ages_fall_into_fairface_bands(years: int, band: str) -> None:
    assert age_band(years) == band


def test_a_sub_folder_a_class_gives_as_many_classes(tmp_path: Path) -> None:
    for name in ("ann", "bob", "cleo", "dan"):
        write_picture(tmp_path / name / "sub" / "1.png", plain(RED, 8))
    write_picture(tmp_path / "stray.png", plain(RED, 8))
    dataset = read_dataset(tmp_path)
    assert dataset.counts == {"ann": 1, "bob": 1, "cleo": 1, "dan": 1}
    assert list(dataset.ignored) == ["stray.png"]


def test_class_folders_below_splits_and_a_wrapping_folder_are_found(tmp_path: Path) -> None:
    names = [f"set/{split}/{label}/1.png" for split in ("train", "val") for label in ("a", "b")]
    dataset = read_dataset(write_zip(tmp_path / "a.zip", dict.fromkeys(names, PNG)))
    assert dataset.labels == ("a", "b")
    assert {sample.attributes["split"] for sample in dataset} == {"train", "val"}


def test_pictures_alone_are_an_unlabelled_set(tmp_path: Path) -> None:
    write_picture(tmp_path / "1.png", plain(RED, 8))
    dataset = read_dataset(tmp_path)
    assert (dataset[0].label, dataset.labels) == (None, ())


def test_marked_faces_come_with_their_pictures(tmp_path: Path) -> None:
    files = {
        "labels.csv": "path,source\n1.png,here\n2.png,there\n",
        "boxes.csv": "path,label,xmin,ymin,xmax,ymax\n1.png,with_mask,2,3,12,23\n1.png,without_mask,0,0,5,5\n",
    }
    dataset = read_dataset(write_zip(tmp_path / "a.zip", files))
    assert dataset.has_boxes
    assert [(face.box, face.label) for face in dataset[0].boxes] == [
        (Box(2, 3, 10, 20), "with_mask"),
        (Box(0, 0, 5, 5), "without_mask"),
    ]
    assert (dataset[1].boxes, dataset[1].attributes["source"]) == ((), "there")


MARKED = """path,label,age,x,y,width,height,face
1.png,cat,3-9,,,,,
1.png,cat,,2,3,10,20,found
1.png,dog,,20,3,10,10,drawn
1.png,,,40,3,10,10,removed
2.png,dog,,,,,,
2.png,,,5,5,8,8,removed
3.png,dog,,1,1,9,9,drawn
4.png,,,1,1,9,9,drawn
"""


def test_rows_about_single_faces_belong_to_their_picture(tmp_path: Path) -> None:
    dataset = read_dataset(write_zip(tmp_path / "a.zip", {"labels.csv": MARKED}))
    assert [(sample.key, sample.label, [mark.kind for mark in sample.marks]) for sample in dataset] == [
        ("1.png", "cat", ["found", "drawn", "removed"]),
        ("2.png", "dog", ["removed"]),
        ("3.png", None, ["drawn"]),
        ("4.png", None, ["drawn"]),
    ]
    assert dataset[0].attributes == {"label": "cat", "age": "3-9"}
    assert dataset[0].marks[0].box == Box(2, 3, 10, 20)
    assert (dataset.layout, dataset.has_boxes) == ("labels.csv", False)


def test_of_a_picture_with_labelled_faces_each_counts_and_of_another_the_picture(tmp_path: Path) -> None:
    dataset = read_dataset(write_zip(tmp_path / "a.zip", {"labels.csv": MARKED}))
    faces = [[(label, mark and mark.box.x) for label, mark in sample.labelled_faces] for sample in dataset]
    assert faces == [[("cat", 2), ("dog", 20)], [("dog", None)], [("dog", 1)], []]
    assert dict(dataset.counts) == {"cat": 1, "dog": 3}
    assert dataset.labels == ("cat", "dog")


def test_a_face_that_is_moved_makes_another_set(tmp_path: Path) -> None:
    one = read_dataset(write_zip(tmp_path / "a.zip", {"labels.csv": MARKED}))
    other = read_dataset(
        write_zip(tmp_path / "b.zip", {"labels.csv": MARKED.replace("1.png,dog,,20,", "1.png,dog,,21,")})
    )
    assert one.fingerprint() != other.fingerprint()


def test_a_box_of_a_face_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"labels.csv": MARKED.replace("20,3,10,10", "20,3,ten,10")})
    with pytest.raises(DatasetError, match=r"labels\.csv line 4: width is 'ten'"):
        read_dataset(path)


def test_a_column_face_with_something_else_in_it_is_an_attribute(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"labels.csv": "path,label,face,x\n1.png,cat,round,7\n"})
    sample = read_dataset(path)[0]
    assert (sample.label, sample.marks, sample.attributes["face"]) == ("cat", (), "round")


@pytest.mark.parametrize("path", ["../secret.png", "/etc/passwd", "C:\\secret.png", "a/../../b.png", "", ".", "a\0b"])
def test_a_path_that_leads_out_of_the_set_is_refused(tmp_path: Path, path: str) -> None:
    write_csv(tmp_path / "labels.csv", ["path", "label"], [[path, "a"]])
    with pytest.raises(DatasetError, match=r"labels.csv.*inside the data set|no CSV"):
        read_dataset(tmp_path)


def test_a_zip_member_that_leads_out_of_the_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="inside the data set"):
        read_dataset(write_zip(tmp_path / "a.zip", {"../../evil.png": PNG}))


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = write_picture(tmp_path / "secret.png", plain(RED, 8))
    inside = tmp_path / "set"
    write_csv((inside.mkdir(), inside / "labels.csv")[1], ["path", "label"], [["1.png", "a"]])
    (inside / "1.png").symlink_to(secret)
    dataset = read_dataset(inside)
    with pytest.raises(PictureError, match="leads out"):
        dataset.image(dataset[0])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("file,label\n1.png,a\n", "no column 'path'"),
        ("path,colour\n1.png,a\n", "label, gender, mask"),
        ("path,label,label\n1.png,a,b\n", "more than once"),
        ("path,label\n1.png,a\n./1.png,b\n", "listed more than once"),
        ("path,label\n", "lists no pictures"),
        ("", "empty"),
        ('path,label\n"1.png,a' + "x" * 200_000, "no CSV"),
    ],
)
def test_a_table_that_does_not_serve_says_why_in_one_line(tmp_path: Path, table: str, complaint: str) -> None:
    (tmp_path / "labels.csv").write_text(table)
    with pytest.raises(DatasetError, match=complaint) as caught:
        read_dataset(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("boxes", "complaint"),
    [
        ("path,label,xmin,ymin,xmax,ymax\n1.png,a,9,0,3,3\n", "empty box"),
        ("path,label,xmin,ymin,xmax,ymax\n1.png,a,nan,0,3,3\n", "not a pixel position"),
        ("path,label,xmin,ymin,xmax,ymax\n9.png,a,0,0,3,3\n", "not in labels.csv"),
        ("path,label,x,y\n1.png,a,0,0\n", "no column 'width'"),
    ],
)
def test_boxes_that_make_no_sense_are_refused(tmp_path: Path, boxes: str, complaint: str) -> None:
    path = write_zip(tmp_path / "a.zip", {"labels.csv": "path,label\n1.png,a\n", "boxes.csv": boxes})
    with pytest.raises(DatasetError, match=complaint):
        read_dataset(path)


def test_what_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder or zip"):
        read_dataset(tmp_path / "nowhere")
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(DatasetError, match=r"text\.zip: not a readable zip"):
        read_dataset(tmp_path / "text.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="no pictures"):
        read_dataset(tmp_path / "empty")


def test_unreadable_pictures_are_counted_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = {"a/1.png": PNG, "a/2.png": PNG[:40], "a/3.png": b"no picture", "a/4.png": PNG}
    files |= {"labels.csv": "path,label\n" + "".join(f"a/{n}.png,x\n" for n in range(1, 6))}
    dataset = read_dataset(write_zip(tmp_path / "a.zip", files))
    assert [sample.key for sample, _ in dataset.images()] == ["a/1.png", "a/4.png"]
    assert set(dataset.unreadable) == {"a/2.png", "a/3.png", "a/5.png"}


def test_a_picture_with_a_huge_header_is_refused_before_decoding(tmp_path: Path) -> None:
    header = bytearray(PNG)
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    path = write_zip(tmp_path / "a.zip", {"a/1.png": bytes(header), "b/1.png": PNG})
    dataset = read_dataset(path)
    with pytest.raises(PictureError, match=r"1\.png"):
        dataset.image(dataset[0])


def test_a_damaged_member_of_a_zip_is_one_bad_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a/1.png", PNG)
        archive.writestr("b/1.png", encoded(plain(BLUE, 8)))
    content = path.read_bytes()
    path.write_bytes(content.replace(PNG[20:], bytes(len(PNG) - 20), 1))
    dataset = read_dataset(path)
    assert len(list(dataset.images())) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_named_as_a_picture_does_not_hang(tmp_path: Path) -> None:
    write_csv(tmp_path / "labels.csv", ["path", "label"], [["1.png", "a"]])
    os.mkfifo(tmp_path / "1.png")
    dataset = read_dataset(tmp_path)
    with pytest.raises(PictureError, match="not a regular file"):
        dataset.image(dataset[0])


def test_a_limit_keeps_every_class(tmp_path: Path) -> None:
    dataset = read_dataset(
        write_zip(tmp_path / "a.zip", {f"{c}/{n}.png": PNG for c in "abc" for n in range(10)}), limit=6
    )
    assert dataset.counts == {"a": 2, "b": 2, "c": 2}


def test_zip_and_unpacked_folder_have_one_fingerprint(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"labels.csv": "path,label\n1.png,a\n", "1.png": PNG})
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    assert read_dataset(path).fingerprint() == read_dataset(tmp_path / "folder").fingerprint()


@pytest.mark.parametrize("change", ["label", "picture"])
def test_the_fingerprint_changes_with_labels_and_pictures(tmp_path: Path, change: str) -> None:
    table, picture = "path,label\n1.png,a\n", PNG
    before = read_dataset(write_zip(tmp_path / "a.zip", {"labels.csv": table, "1.png": picture})).fingerprint()
    table = table.replace(",a", ",b") if change == "label" else table
    picture = encoded(plain(BLUE, 8)) if change == "picture" else picture
    after = read_dataset(write_zip(tmp_path / "b.zip", {"labels.csv": table, "1.png": picture})).fingerprint()
    assert before != after


def test_a_dataset_can_be_sent_to_a_worker_process(tmp_path: Path) -> None:
    dataset = read_dataset(write_zip(tmp_path / "a.zip", {"a/1.png": PNG}))
    copy = pickle.loads(pickle.dumps(dataset))
    assert np.array_equal(copy.image(copy[0]), dataset.image(dataset[0]))


def test_names_in_any_script_are_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "labels.csv", ["path", "label"], [["снимок 写真.png", "ürün"]])
    write_picture(tmp_path / "снимок 写真.png", plain(RED, 8))
    dataset = read_dataset(tmp_path)
    assert (dataset.labels, len(list(dataset.images()))) == (("ürün",), 1)


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


_CELL = st.sampled_from(["path", "label", "gender", "mask", "xmin", "1.png", "../x", "", "\0", '"', "nan", "1e999"])
_TABLE = st.one_of(
    st.binary(max_size=300), st.lists(st.lists(_CELL | st.text(max_size=20), max_size=6), max_size=6).map(_csv)
)
# FUZZ_EXAMPLES=100000 python -m pytest -k generated: the long version of the same test.
_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))


@settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=_TABLE, boxes=st.none() | _TABLE)
def test_generated_tables_are_read_or_refused_in_one_line(tmp_path: Path, labels: bytes, boxes: bytes | None) -> None:
    (tmp_path / "labels.csv").write_bytes(labels)
    (tmp_path / "boxes.csv").unlink(missing_ok=True)
    if boxes is not None:
        (tmp_path / "boxes.csv").write_bytes(boxes)
    try:
        dataset = read_dataset(tmp_path)
    except DatasetError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 600 + len(str(tmp_path))
    else:
        assert all(".." not in sample.key.split("/") for sample in dataset)
        dataset.fingerprint()
