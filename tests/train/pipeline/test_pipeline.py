"""Someone trains a network for labels of their own: pictures of three classes in folders, one command, one model."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from train.tiny import CLASSES, draw_picture
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.classifier import Classifier
from webcam_app.faces.labelling.crop import crop_face

pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")
pytest.importorskip("tensorflow", reason="the conversion to TFLite needs TensorFlow: pip install 'webcam-app[train]'")

from tests.train.pictures import plain, write_csv, write_picture
from train.__main__ import main
from train.data.cache import open_cache
from train.data.held_out import is_held_out
from train.errors import TrainError
from train.pipeline.step_6_export import measure_mask
from train.run_folder import RunFolder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    assert main(["run", "--tiny", "--run", str(folder)]) == 0
    return folder


def test_the_model_labels_pictures_that_it_never_saw(run: Path) -> None:
    classifier = Classifier(run / "dark.tflite")
    assert classifier.card.labels == tuple(sorted(CLASSES))
    rng = np.random.default_rng(12345)
    right = 0
    for name, dark in [*CLASSES.items()] * 10:
        picture = draw_picture(dark, rng)
        size = picture.shape[0]
        box = Box(round(0.09 * size), round(0.03 * size), round(0.8 * size), round(0.8 * size))
        crop = crop_face(picture, box, classifier.card.input_size, classifier.card.crop)
        [evidence] = classifier.classify([crop])
        right += classifier.card.labels[int(evidence.logits.argmax())] == name
        assert evidence.mask is not None and 0 <= evidence.mask <= 1
    assert right >= 24, f"{right} of 30 right"  # 10 by chance; 25 to 30, as the threads of training come


def test_the_int8_network_answers_like_the_float_one(run: Path) -> None:
    card = json.loads((run / "dark.json").read_text(encoding="utf-8"))
    development = card["development"]
    assert development["agreement_with_float"] >= 0.9
    of = development["per_class"].values()
    assert sum(each["faces"] for each in of) == development["faces"]
    shares = [each["accuracy"] for each in of]
    assert development["balanced_accuracy"] == pytest.approx(sum(shares) / len(shares))
    assert card["network"]["numbers"].startswith("int8")


def test_the_card_says_how_to_repeat_the_run(run: Path) -> None:
    card = json.loads((run / "dark.json").read_text(encoding="utf-8"))
    [fingerprint] = card["made_with"]["data"].values()
    assert len(fingerprint) == 64
    assert card["made_with"]["packages"]["torch"]
    assert json.loads((run / "settings.json").read_text(encoding="utf-8"))["seed"] == 1


def test_no_face_is_in_two_splits_and_the_teacher_never_saw_the_pool(run: Path) -> None:
    cache = open_cache(run / "cache")
    splits = {split: set(cache.rows(split)) for split in ("train", "pool", "development")}
    assert [len(splits[split]) for split in ("pool", "development")] == [48, 36]
    assert sum(len(rows) for rows in splits.values()) == len(set().union(*splits.values())) == len(cache.keys)
    with np.load(run / "soft_labels.npz") as soft:
        assert soft["logits"].shape == (len(cache.keys), 3)


def test_a_finished_run_repeats_nothing(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = (run / "student.pt").stat().st_mtime_ns
    assert main(["student", "--run", str(run)]) == 0
    assert (run / "student.pt").stat().st_mtime_ns == weights
    assert "epoch" not in capsys.readouterr().out


def test_a_step_before_its_time_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teacher", "--run", str(tmp_path / "new")]) == 1
    assert "run 'python -m train prepare' first" in capsys.readouterr().err


def test_too_few_pictures_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from train.tiny import make_pictures

    data = make_pictures(tmp_path / "pictures")
    assert main(["prepare", "--run", str(tmp_path / "run"), "--data", str(data)]) == 1
    assert "180 usable faces are too few" in capsys.readouterr().err


def test_a_settings_file_with_an_unknown_name_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"teacher": {"epoch": 3}}', encoding="utf-8")
    assert main(["prepare", "--run", str(tmp_path / "run"), "--settings", str(path)]) == 1
    assert "there is no setting 'epoch'" in capsys.readouterr().err


def test_the_teacher_is_measured_like_a_model(run: Path, tmp_path: Path) -> None:
    arguments = ["--data", str(run / "pictures"), "--detector", "frontal", "--fallback", "box"]
    assert main(["evaluate", "--teacher", str(run), *arguments, "--report", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["model"]["name"] == "dark: Inception v3 teacher"
    assert [sum(row) for row in report["confusion_matrix"]] == [60, 60, 60]
    cache = open_cache(run / "cache")
    with np.load(run / "soft_labels.npz") as soft:
        labelled_right = float((soft["logits"].argmax(1) == cache.classes).mean())
    assert report["accuracy"] == pytest.approx(labelled_right, abs=0.1), "crops of the cache and of the set are alike"


def test_a_run_without_a_teacher_cannot_measure_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from train.settings import Settings
    from train.tiny import make_pictures

    RunFolder(tmp_path / "run").start(Settings())
    arguments = ["--data", str(make_pictures(tmp_path / "pictures")), "--report", str(tmp_path / "report")]
    assert main(["evaluate", "--teacher", str(tmp_path / "run"), *arguments]) == 1
    assert "python -m train label" in capsys.readouterr().err


def test_an_export_whose_measurement_fails_leaves_the_old_model_and_card(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> float:
        raise TrainError("no temperature fits")

    files = [run / "dark.tflite", run / "dark.json"]
    files[0].write_bytes(files[0].read_bytes())
    before = [file.read_bytes() for file in files]
    monkeypatch.setattr("train.pipeline.step_6_export.fit_temperature", fail)
    monkeypatch.setattr("train.pipeline.step_6_export.environment", lambda: {"changed": True})
    assert main(["export", "--run", str(run)]) == 1
    assert [file.read_bytes() for file in files] == before


def test_without_a_held_out_masked_face_the_masks_threshold_is_the_usual_one(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name for number in range(40) if is_held_out(name := f"{number}.png")][:3]
    write_csv(
        tmp_path / "boxes.csv",
        ["path", "label", "xmin", "ymin", "xmax", "ymax"],
        [[name, "without_mask", "10", "10", "80", "80"] for name in names],
    )
    for name in names:
        write_picture(tmp_path / name, plain((90, 120, 150), 96))
    settings = dataclasses.replace(RunFolder(run).settings(), mask_boxes=str(tmp_path))
    classifier, cache = Classifier(run / "dark.tflite"), open_cache(run / "cache")
    figures = measure_mask(classifier, settings, cache, [])
    assert (figures["threshold"], figures["real masked faces"], figures["bare faces"]) == (0.5, 0, 3)
    assert "seen as masked" not in figures
    json.dumps(figures, allow_nan=False)
    assert "it stays 0.5" in capsys.readouterr().out
