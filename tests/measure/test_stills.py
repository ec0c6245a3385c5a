"""The command ``bench --stills``, on a folder of three pictures."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from webcam_app.cli import main
from webcam_app.errors import SourceError
from webcam_app.faces.detection.cascades import FRONTAL, Cascade
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.measure.stills import read_boxes, run_stills


@pytest.fixture
def photographs(tmp_path: Path, portrait: NDArray[np.uint8]) -> Path:
    """A face, a picture without one, and a file that is no picture; the face is marked, and so is one that is none."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    small = np.asarray(cv2.resize(portrait, (256, 300)), np.uint8)
    scene = np.full((360, 480, 3), 120, np.uint8)
    scene[30:330, 100:356] = small
    cv2.imwrite(str(folder / "face.png"), scene)
    cv2.imwrite(str(folder / "wall.png"), np.full((200, 300, 3), 120, np.uint8))
    (folder / "broken.png").write_bytes(b"no picture")
    face = Cascade(FRONTAL).find(Pyramid.of(scene), 60, 300)[0].box.rounded
    rows = [
        ("face.png", "with_mask", face.x, face.y, face.x + face.width, face.y + face.height),
        ("wall.png", "without_mask", 10, 10, 90, 90),
    ]
    table = "path,label,xmin,ymin,xmax,ymax\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    (folder / "boxes.csv").write_text(table, encoding="utf-8")
    return folder


def test_found_and_marked_faces_are_compared_by_label(photographs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_stills(str(photographs), json=True) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["pictures"], result["unreadable"], result["ours"]["faces"]) == (2, 1, 1)
    assert result["ours"]["found"] == 0.5
    ours = result["boxes"]["ours"]
    assert ours["by_label"] == {
        "with_mask": {"faces": 1, "recall": 1.0},
        "without_mask": {"faces": 1, "recall": 0.0},
    }
    assert ours["false_positives"] == 0
    assert result["all"]["mean_ms"] > 0
    assert result["ratio"] == pytest.approx(result["ours"]["mean_ms"] / result["plain"]["mean_ms"], rel=0.1)


def test_without_marked_faces_only_times_and_faces_are_told(
    photographs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photographs / "boxes.csv").unlink()
    assert main(["bench", "--stills", str(photographs)]) == 0
    out = capsys.readouterr().out
    assert "2 pictures" in out
    assert "1 not read" in out
    assert "times a plain frontal cascade" in out
    assert "the file read, ours, and the faces labelled" in out
    assert "marked faces" not in out


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no picture"):
        run_stills(str(tmp_path))
    with pytest.raises(SourceError, match="no folder"):
        run_stills(str(tmp_path / "absent"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,label,xmin,ymin,xmax\n", "no column 'ymax'"),
        ("", "no column 'path'"),
        ("path,label,xmin,ymin,xmax,ymax\na.png,x,1,2,wide,4\n", "line 2"),
        ("path,label,xmin,ymin,xmax,ymax\na.png,x,1\n", "line 2"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path: Path, text: str, message: str) -> None:
    table = tmp_path / "boxes.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_boxes(table)


def test_a_source_and_a_folder_of_photographs_exclude_each_other(
    photographs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "clip.mp4", "--stills", str(photographs)]) == 2
    assert "--stills" in capsys.readouterr().err
