"""What a program reads of what was seen."""

from __future__ import annotations

import csv
import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from webcam_app.capture.frame import Frame
from webcam_app.errors import OutputError
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.output.tables import CsvTable, TextFile, csv_row, frame_line

SEEN = Face(Box(10, 20, 30, 40), 3, "female", {"female": 0.973456789, "male": 0.026543211}, 0.0212345, False)
FRAME = Frame(np.zeros((4, 4, 3), np.uint8), 12, 0.4000000001, 0.0)


def test_a_line_of_json_is_as_promised() -> None:
    assert frame_line(FRAME, [SEEN]) == (
        '{"frame": 12, "time": 0.4, "faces": [{"box": [10, 20, 30, 40], "track": 3, "label": "female", '
        '"probabilities": {"female": 0.9735, "male": 0.0265}, "mask": 0.0212}]}'
    )


def test_without_a_mask_output_and_without_a_label_json_has_null() -> None:
    (plain,) = json.loads(frame_line(FRAME, [Face(Box(0, 0, 1, 1), 1)]))["faces"]
    assert plain == {"box": [0, 0, 1, 1], "track": 1, "label": None, "probabilities": {}, "mask": None}


def test_numpy_numbers_are_numbers() -> None:
    box = Box(*np.array([1, 2, 3, 4]))
    line = frame_line(FRAME, [Face(box, 1, UNSURE, {"a": np.float32(0.5), "b": np.float32(0.5)}, np.float32(0.25))])  # type: ignore[dict-item,arg-type]
    assert json.loads(line)["faces"][0]["probabilities"] == {"a": 0.5, "b": 0.5}


def test_rows_of_the_csv(tmp_path: Path) -> None:
    out = tmp_path / "Tabelle – таблица.csv"
    with TextFile(out, overwrite=False) as file:
        table = CsvTable(file)
        table.add(csv_row('a, "b"\n.jpg', SEEN, number=1))
        table.add(csv_row("a.jpg", Face(Box(1, 2, 3, 4), 2), number=2))
        table.add(csv_row("empty.jpg"))
        table.add(csv_row("broken.jpg", error="it is no picture"))
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert out.read_text("utf-8").startswith("path,face,x,y,width,height,label,confidence,mask,error\n")
    assert list(rows[0].values()) == ['a, "b"\n.jpg', "1", "10", "20", "30", "40", "female", "0.9735", "0.0212", ""]
    assert list(rows[1].values()) == ["a.jpg", "2", "1", "2", "3", "4", "", "", "", ""]
    assert list(rows[2].values()) == ["empty.jpg", *[""] * 9]
    assert list(rows[3].values()) == ["broken.jpg", *[""] * 8, "it is no picture"]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_no_text_comes_back_as_it_was(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.jpg")
    with TextFile(tmp_path / "table.csv", overwrite=False) as file:
        CsvTable(file).add(csv_row(name))
    assert b"\xff\xfe.jpg" in (tmp_path / "table.csv").read_bytes()


def test_nothing_half_written_is_left_when_something_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), TextFile(tmp_path / "table.csv", overwrite=False) as file:
        CsvTable(file).add(csv_row("a.jpg"))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    file = TextFile(tmp_path / "table.csv", overwrite=False)

    def full(text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file._file.write = full  # type: ignore[method-assign]
    with pytest.raises(OutputError, match=r"table\.csv.*disk is full"):
        file.write("text")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    out.write_text("precious")
    with pytest.raises(OutputError, match="--overwrite"):
        TextFile(out, overwrite=False)
    assert out.read_text() == "precious"
    with TextFile(out, overwrite=True) as file:
        file.write("new")
    assert out.read_text() == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    file = TextFile(out, overwrite=False)
    file.write("new")
    out.write_text("precious")
    with pytest.raises(OutputError, match="already"):
        file.commit()
    assert out.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [out]


def test_an_old_table_stays_whole_until_the_new_one_is(tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    out.write_text("old")
    with TextFile(out, overwrite=True) as file:
        file.write("new")
        assert out.read_text() == "old"
    assert out.read_text() == "new"


@pytest.mark.parametrize("name", ["missing/table.csv", "n" * 300 + ".csv", ""])
def test_a_place_that_takes_no_file_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError) as caught:
        TextFile(tmp_path / name, overwrite=True)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no such device here")
def test_a_device_is_written_directly() -> None:
    with TextFile(Path("/dev/null"), overwrite=False) as file:
        file.write("text")
    assert not Path("/dev/null").is_file()
