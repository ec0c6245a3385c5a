"""Found boxes against those that people drew."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.held_out import is_held_out
from train.evaluation.detection import evaluate_boxes
from train.readers import LabelledBox
from webcam_app.faces.accuracy import BoxCounts, match_boxes
from webcam_app.faces.face import Box


def test_each_marked_face_is_matched_once_and_by_the_best_box() -> None:
    marked = [Box(0, 0, 100, 100), Box(200, 0, 100, 100)]
    found = [Box(20, 0, 100, 100), Box(5, 0, 100, 100), Box(400, 0, 50, 50)]
    assert match_boxes(found, marked) == [None, 0, None]


def test_small_faces_are_neither_demanded_nor_held_against() -> None:
    counts = BoxCounts()
    marked = [LabelledBox(Box(0, 0, 20, 20), "with_mask"), LabelledBox(Box(100, 0, 60, 60), "with_mask")]
    counts.add([Box(0, 0, 20, 20), Box(300, 300, 50, 50), Box(400, 0, 31, 31), Box(500, 0, 32, 32)], marked)
    report = counts.report()
    assert report["faces"] == 1
    assert report["recall"] == 0
    assert report["false_positives"] == 2
    assert report["small_false_positives"] == 1
    assert report["precision"] == 0


def test_a_set_with_boxes_is_measured_by_label_and_held_out_apart(tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(12)]
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["path", "label", "xmin", "ymin", "xmax", "ymax"])
    for index, name in enumerate(names):
        writer.writerow([name, "with_mask" if index % 2 else "without_mask", 40, 40, 100, 100])
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("boxes.csv", table.getvalue())
        archive.writestr("labels.csv", "path\n" + "\n".join(names) + "\n")
        for name in names:
            archive.writestr(name, cv2.imencode(".png", np.full((150, 150, 3), 90, np.uint8))[1].tobytes())

    def perfect(image: NDArray[np.uint8]) -> list[Box]:
        return [Box(40, 40, 60, 60)]

    report = evaluate_boxes(path, detectors={"perfect": perfect, "blind": lambda image: []})
    assert report["all"]["perfect"]["recall"] == 1
    assert report["all"]["perfect"]["precision"] == 1
    assert report["all"]["perfect"]["by_label"]["with_mask"] == {"faces": 6, "recall": 1}
    assert report["all"]["blind"]["recall"] == 0
    assert report["held_out"]["perfect"]["pictures"] == sum(map(is_held_out, names))
