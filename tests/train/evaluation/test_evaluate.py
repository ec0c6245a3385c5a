"""Measuring a model on sets of known answers."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.train.pictures import BLUE, RED, encoded, plain, write_zip
from train.__main__ import main
from train.data.face_choice import SEARCH_MARGIN, SMALLEST_SHARE
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.labelling.crop import CropSpec, crop_face

LOGIT = 2.0
SURE = 1 / (1 + np.exp(-2 * LOGIT))


class ColorClassifier:
    """Calls red pictures female and blue ones male, and takes green in the lower half for a mask."""

    def __init__(self, labels: tuple[str, ...] = ("female", "male"), mask_at: float | None = 0.5) -> None:
        outputs = ("classes", None if mask_at is None else "mask")
        self.card = ModelCard(
            "colours",
            "colour",
            labels,
            32,
            "BGR",
            CropSpec(),
            1.0,
            0.9,
            mask_at,
            *outputs,
            "0" * 64,
            Path("c.tflite"),
            {},
        )
        self.seen: list[NDArray[np.uint8]] = []

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        return [self._look(crop) for crop in crops]

    def _look(self, crop: NDArray[np.uint8]) -> Prediction:
        self.seen.append(crop)
        blue, _, red = crop.reshape(-1, 3).mean(axis=0)
        logits = np.full(len(self.card.labels), -9.0, np.float32)
        logits[:2] = (LOGIT, -LOGIT) if red > blue else (-LOGIT, LOGIT)
        mask = None if self.card.mask_at is None else float(crop[16:, :, 1].mean() > 150)
        return Prediction(logits, mask)


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> ColorClassifier:
    """What every model file turns out to be."""
    made = ColorClassifier()
    monkeypatch.setattr("train.evaluation.evaluate.load_classifier", lambda model, like=None: made)
    return made


Evaluate = Callable[..., dict[str, Any]]


@pytest.fixture
def evaluate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """Runs the step on a set of files and returns the report. Plots take longer than all the rest: only if asked."""

    def run(files: Mapping[str, bytes | str], *arguments: str, code: int = 0, plots: bool = False) -> dict[str, Any]:
        if not plots:
            monkeypatch.setattr("train.evaluation.plots.write_plots", lambda *_: [])
        data, folder = write_zip(tmp_path / "set.zip", files), tmp_path / "report"
        arguments = ("evaluate", "--data", str(data), "--model", "c.tflite", "--report", str(folder), *arguments)
        assert main(list(arguments)) == code
        if code:
            return {}
        document: dict[str, Any] = json.loads((folder / "report.json").read_text())
        return document

    return run


def labelled(columns: str, rows: Sequence[tuple[str, NDArray[np.uint8]]]) -> dict[str, bytes | str]:
    """A set from rows of values and pictures."""
    lines = [f"path,{columns}", *(f"{number}.png,{values}" for number, (values, _) in enumerate(rows))]
    files: dict[str, bytes | str] = {f"{number}.png": encoded(image) for number, (_, image) in enumerate(rows)}
    return files | {"labels.csv": "\n".join(lines)}


def masked(color: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A picture with a green lower half."""
    image = plain(color)
    image[32:, :, 1] = 255
    return image


PEOPLE = [("female", plain(RED))] * 4 + [("male", plain(BLUE))] * 3 + [("male", plain(RED))]


def test_accuracy_confusion_and_classes_are_those_of_the_set(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    report = evaluate(labelled("gender", PEOPLE), "--crop", "whole")
    assert (report["accuracy"], report["count"], report["balanced_accuracy"]) == (0.875, 8, 0.875)
    assert report["confusion_matrix"] == [[4, 0], [1, 3]]
    assert report["per_class"]["male"]["accuracy"] == 0.75
    assert report["class_gap"] == 0.25


def test_calibration_and_coverage_use_the_cards_threshold(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    report = evaluate(labelled("gender", PEOPLE), "--crop", "whole")
    assert report["calibration_error"] == pytest.approx(SURE - 0.875)
    assert report["coverage"] == {"threshold": 0.9, "coverage": 1.0, "accuracy": 0.875}


def test_ages_races_and_cells_are_reported_worst_first(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    rows = [("female,25,White", plain(RED))] * 30 + [("male,71,Black", plain(BLUE))] * 20
    rows += [("male,71,Black", plain(RED))] * 10 + [("female,25,Black", plain(BLUE))] * 5
    report = evaluate(labelled("gender,age,race", rows), "--crop", "whole")
    assert list(report["per_age"]) == ["20-29", "more than 70"]
    assert report["per_race"]["Black"]["accuracy"] == pytest.approx(20 / 35)
    cells = [(cell["class"], cell["race"], cell["count"]) for cell in report["cells"]["class × race"]]
    assert cells == [("male", "Black", 30), ("female", "White", 30), ("female", "Black", 5)]
    assert report["worst_cell"]["accuracy"] == pytest.approx(2 / 3)


def test_a_set_without_ages_and_races_has_no_such_groups(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    report = evaluate(labelled("gender", PEOPLE), "--crop", "whole")
    assert not {"per_age", "per_race", "per_mask", "per_gender"} & set(report)
    assert (report["cells"], report["worst_cell"]) == ({}, None)


def test_gender_is_reported_masked_and_bare_apart(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    rows = [("female,0", plain(RED)), ("male,0", plain(BLUE)), ("female,1", masked(RED)), ("male,1", masked(RED))]
    report = evaluate(labelled("gender,mask", rows), "--crop", "whole")
    assert (report["per_mask"]["bare"]["accuracy"], report["per_mask"]["masked"]["accuracy"]) == (1.0, 0.5)
    assert report["per_mask"]["masked"]["confusion_matrix"] == [[1, 0], [1, 0]]
    assert (report["mask"]["precision"], report["mask"]["recall"]) == (1.0, 1.0)


def test_a_set_with_only_masks_measures_the_mask_output(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    rows = [("1", masked(RED)), ("1", plain(RED)), ("0", plain(RED)), ("0", plain(BLUE))]
    report = evaluate(labelled("mask", rows))
    assert report["accuracy"] is None
    assert (report["mask"]["accuracy"], report["mask"]["recall"], report["mask"]["precision"]) == (0.75, 0.5, 1.0)
    assert report["crop"]["fallback"] == "whole"


def test_folders_named_for_masks_are_a_set_of_masks(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    report = evaluate({"with_mask/1.png": encoded(masked(RED)), "without_mask/1.png": encoded(plain(RED))})
    assert report["mask"]["accuracy"] == 1.0


def test_a_picture_taken_whole_is_the_crop(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    image = plain(RED, 32)
    image[0, 0] = image[-1, -1] = (255, 255, 255)
    evaluate(labelled("gender", [("female", image)]), "--crop", "whole")
    assert np.array_equal(classifier.seen[0], image)


def test_a_wide_picture_taken_whole_keeps_both_sides(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    image = np.ascontiguousarray(plain(RED, 64)[:32])
    image[:, :2] = image[:, -2:] = (255, 255, 255)
    evaluate(labelled("gender", [("female", image)]), "--crop", "whole")
    assert classifier.seen[0][16, [0, -1]].min() > 200


def test_in_photographs_only_faces_that_the_detector_finds_count(
    classifier: ColorClassifier, evaluate: Evaluate, portrait: NDArray[np.uint8]
) -> None:
    report = evaluate(labelled("gender", [("female", portrait), ("male", plain(BLUE, 200)), ("female", portrait)]))
    assert report["crop"]["fallback"] == "skip"
    assert (report["count"], report["crop"]["found"], report["crop"]["skipped"]) == (2, pytest.approx(2 / 3), 1)


def test_in_face_crops_a_face_that_is_not_found_is_taken_at_the_usual_place(
    classifier: ColorClassifier, evaluate: Evaluate, portrait: NDArray[np.uint8]
) -> None:
    from train.data.face_choice import CascadeDetector

    box = CascadeDetector().detect(portrait)
    assert box is not None
    margin = box.width // 10
    tight = portrait[box.y - margin : box.y + box.height + margin, box.x - margin : box.x + box.width + margin]
    report = evaluate(labelled("gender", [("female", np.ascontiguousarray(tight)), ("male", plain(BLUE, 100))]))
    assert report["crop"]["fallback"] == "box"
    assert (report["count"], report["crop"]["faces_found"]) == (2, 1)


def test_the_crop_is_the_one_that_the_application_cuts(
    classifier: ColorClassifier, evaluate: Evaluate, portrait: NDArray[np.uint8]
) -> None:
    smallest = SEARCH_MARGIN * SMALLEST_SHARE * min(portrait.shape[:2])
    (face,) = FaceAnalyzer(classifier=None).analyze_still(portrait, smallest=smallest)
    expected = crop_face(portrait, face.box, classifier.card.input_size, classifier.card.crop)
    report = evaluate(labelled("gender", [("female", portrait)]))
    assert report["crop"]["detector"] == "live"
    assert np.array_equal(classifier.seen[0], expected)


def test_marked_faces_measure_the_detector(
    classifier: ColorClassifier, evaluate: Evaluate, portrait: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    (face,) = FaceAnalyzer(classifier=None).analyze_still(portrait)
    monkeypatch.setattr("webcam_app.faces.analyzer.FaceAnalyzer", lambda model: FaceAnalyzer(classifier=None))
    x, y, width, height = face.box
    boxes = f"path,label,xmin,ymin,xmax,ymax\n1.png,without_mask,{x},{y},{x + width},{y + height}\n"
    report = evaluate({"boxes.csv": boxes, "1.png": encoded(portrait)})
    assert report["accuracy"] is None
    assert report["detection"]["all"]["analyze_still"]["recall"] == 1.0


def test_unreadable_pictures_are_counted(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    files = labelled("gender", PEOPLE) | {"0.png": b"no picture"}
    report = evaluate(files, "--crop", "whole")
    assert (report["data"]["unreadable"], report["count"]) == (1, 7)


def test_any_number_of_classes_is_measured(monkeypatch: pytest.MonkeyPatch, evaluate: Evaluate) -> None:
    made = ColorClassifier(("ann", "bob", "cleo"), mask_at=None)
    monkeypatch.setattr("train.evaluation.evaluate.load_classifier", lambda model, like=None: made)
    colors = {"ann": RED, "bob": BLUE, "cleo": BLUE, "stranger": RED}
    files = {f"{name}/{n}.png": encoded(plain(color)) for name, color in colors.items() for n in range(3)}
    report = evaluate(files, "--crop", "whole")
    assert report["confusion_matrix"] == [[3, 0, 0], [0, 3, 0], [0, 3, 0]]
    assert (report["data"]["without_class"], report["mask"]) == (3, None)


def test_labels_are_matched_whatever_their_case_and_spelling(classifier: ColorClassifier, evaluate: Evaluate) -> None:
    files = {"Women/1.png": encoded(plain(RED)), "MALE/1.png": encoded(plain(BLUE))}
    assert evaluate(files, "--crop", "whole")["accuracy"] == 1.0


def test_labels_that_the_model_does_not_know_are_refused(
    classifier: ColorClassifier, evaluate: Evaluate, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate({"cat/1.png": encoded(plain(RED)), "dog/1.png": encoded(plain(RED))}, code=1)
    message = capsys.readouterr().err
    assert "cat, dog" in message
    assert message.count("\n") == 1


@pytest.mark.parametrize("arguments", [(), ("--fallback", "skip")])
def test_a_set_with_nothing_to_measure_is_refused(
    classifier: ColorClassifier, evaluate: Evaluate, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    files = {"1.png": encoded(plain(RED))} if not arguments else labelled("gender", PEOPLE)
    evaluate(files, *arguments, code=1)
    assert "set.zip" in capsys.readouterr().err


def test_the_report_comes_with_a_summary_plots_and_a_table(
    classifier: ColorClassifier, evaluate: Evaluate, tmp_path: Path
) -> None:
    rows = [(f"{gender},{age}", image) for age in (5, 70) for gender, image in PEOPLE]
    evaluate(labelled("gender,age", rows), "--crop", "whole", plots=True)
    folder = tmp_path / "report"
    assert "87.5 %" in (folder / "report.md").read_text(encoding="utf-8")
    for name in ("confusion", "reliability", "coverage", "cells-age"):
        assert cv2.imread(str(folder / f"{name}.png")) is not None
    with (folder / "predictions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["predicted"] for row in rows] == (["female"] * 4 + ["male"] * 3 + ["female"]) * 2


def test_another_network_is_compared_on_the_same_crops(monkeypatch: pytest.MonkeyPatch, evaluate: Evaluate) -> None:
    models = {"c.tflite": ColorClassifier(), "other.tflite": ColorClassifier()}
    look = models["other.tflite"]._look
    models["other.tflite"]._look = lambda crop: Prediction(-look(crop).logits, 0.0)  # type: ignore[method-assign]
    monkeypatch.setattr("train.evaluation.evaluate.load_classifier", lambda model, like=None: models[model.name])
    report = evaluate(labelled("gender", PEOPLE), "--crop", "whole", "--compare", "other.tflite")
    assert (report["compared"]["accuracy"], report["compared"]["agreement"]) == (0.125, 0.0)
    assert (report["compared"]["only_first_right"], report["compared"]["only_second_right"]) == (7, 1)


def test_a_report_folder_that_cannot_be_made_is_named_before_the_work(
    classifier: ColorClassifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_zip(tmp_path / "set.zip", labelled("gender", PEOPLE))
    (tmp_path / "file").write_text("")
    assert main(["evaluate", "--data", str(data), "--report", str(tmp_path / "file" / "report")]) == 1
    assert "cannot be made" in capsys.readouterr().err
    assert not classifier.seen


def test_the_shipped_model_is_measured_without_a_training_framework(tmp_path: Path, portrait_path: Path) -> None:
    import subprocess
    import sys

    data = write_zip(tmp_path / "set.zip", {"female/1.jpg": portrait_path.read_bytes()})
    script = (
        "import sys; sys.modules.update(dict.fromkeys(['torch', 'tensorflow', 'keras', 'PyQt5']));"
        "from train.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "evaluate", "--data", str(data), "--report", str(tmp_path / "report")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "report" / "report.json").read_text())["count"] == 1


TABLE = "path,label,age,x,y,width,height,face\n"


def two_squares() -> bytes:
    """A red one and a smaller blue one, in which no detector sees a face."""
    image = plain((128, 128, 128), 240)
    image[10:90, 20:100] = RED
    image[150:210, 150:210] = BLUE
    return encoded(image)


def written(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "report" / "predictions.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_faces_that_a_person_drew_and_labelled_are_measured_by_their_boxes(
    evaluate: Evaluate, classifier: ColorClassifier, tmp_path: Path
) -> None:
    table = TABLE + (
        "1.png,female,30,,,,,\n1.png,female,,20,10,80,80,drawn\n1.png,male,,150,150,60,60,found\n"
        "2.png,,75,,,,,\n2.png,female,,20,10,80,80,drawn\n"
    )
    files = {"labels.csv": table, "1.png": two_squares(), "2.png": two_squares()}
    report = evaluate(files, "--fallback", "skip")
    assert (report["count"], report["accuracy"], report["data"]["pictures"]) == (3, 1.0, 2)
    crop = report["crop"]
    assert (crop["faces_marked"], crop["faces_found"], crop["skipped"]) == (3, 1, 0)
    assert [(row["label"], row["predicted"], row["detected"]) for row in written(tmp_path)] == [
        ("female", "female", "0"), ("male", "male", "1"), ("female", "female", "0"),
    ]  # fmt: skip
    assert [each["count"] for each in report["per_age"].values()] == [1, 1], "a picture's age is its largest face's"


def test_taken_whole_a_picture_is_one_face_whatever_is_marked_in_it(
    evaluate: Evaluate, classifier: ColorClassifier
) -> None:
    table = f"{TABLE}1.png,female,30,,,,,\n1.png,male,,20,10,80,80,drawn\n1.png,male,,150,150,60,60,drawn\n"
    report = evaluate({"labels.csv": table, "1.png": two_squares()}, "--crop", "whole")
    assert (report["count"], report["crop"]["faces_marked"]) == (1, 0)


def test_what_a_person_said_is_no_face_is_not_taken_for_the_pictures_face(
    evaluate: Evaluate, classifier: ColorClassifier, portrait: NDArray[np.uint8]
) -> None:
    (face,) = FaceAnalyzer(classifier=None).analyze_still(portrait)
    box = ",".join(map(str, face.box))
    table = f"{TABLE}1.png,male,,,,,,\n1.png,,,{box},removed\n2.png,male,,,,,,\n"
    files = {"labels.csv": table, "1.png": encoded(portrait), "2.png": encoded(portrait)}
    report = evaluate(files, "--fallback", "skip")
    assert (report["count"], report["crop"]["skipped"]) == (1, 1)
