"""Someone brings a set of any size and shape: it is split fairly, trained without a network, and exported."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

import torch

from train.__main__ import main
from train.data.batches import balanced_order
from train.data.cache import open_cache
from train.learning.networks import MobileNetV2
from train.pipeline.step_1_prepare import prepare
from train.pipeline.step_5_student import best_between
from train.run_folder import RunFolder
from train.settings import PrepareSettings, Settings, StageSettings, save_settings
from train.tiny import CLASSES, draw_picture, make_pictures, tiny_settings
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.labelling.card import load_card


def many_classes(folder: Path, classes: int, each: int) -> Path:
    rng = np.random.default_rng(0)
    for number in range(classes):
        (folder / f"{number:03d}").mkdir(parents=True)
        for picture in range(each):
            image = draw_picture([*CLASSES.values()][number % 3], rng)
            cv2.imwrite(str(folder / f"{number:03d}" / f"{picture}.png"), image)
    return folder


def prepared(tmp_path: Path, data: Path, development: int) -> RunFolder:
    run = RunFolder(tmp_path / "run")
    chosen = PrepareSettings(
        canvas_size=32, development=development, pool=0, stratified=True, occluded=0, duplicate_distance=0
    )
    settings = Settings(data=(str(data),), prepare=chosen)
    run.start(settings)
    prepare(run, settings)
    return run


def test_each_class_gives_development_faces_by_its_share(tmp_path: Path) -> None:
    data = make_pictures(tmp_path / "pictures")
    for path in (data / "top").glob("*.png"):
        if int(path.stem) >= 10:
            path.unlink()
    cache = open_cache(prepared(tmp_path, data, 20).cache)
    kept = np.bincount(cache.classes[cache.rows("development")], minlength=3)
    assert kept.sum() == 20
    assert dict(zip(cache.labels, kept.tolist(), strict=True)) == {"bottom": 9, "plain": 9, "top": 2}


def test_of_three_pictures_a_class_two_are_always_left_to_learn_from(tmp_path: Path) -> None:
    cache = open_cache(prepared(tmp_path, many_classes(tmp_path / "pictures", 40, 3), 18).cache)
    assert len(cache.rows("development")) == 18
    assert np.bincount(cache.classes[cache.rows("train")], minlength=40).min() == 2


def test_an_epoch_shows_large_and_small_classes_alike_and_is_no_longer_than_twice_the_pictures() -> None:
    classes = np.repeat(np.arange(10), [500, *[3] * 9]).astype(np.int16)
    rows = np.arange(len(classes), dtype=np.int64)
    order = balanced_order(rows, classes, np.random.default_rng(0), balance=True)
    shown = np.bincount(classes[order], minlength=10)
    assert (shown == shown[0]).all()
    assert len(order) <= 2 * len(rows)
    assert len(set(order[classes[order] == 0])) == shown[0], "a large class does not repeat while others wait"


def test_weights_that_cannot_be_fetched_are_told_in_one_line_with_the_option_for_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keras = pytest.importorskip("keras")

    def refuse(**_: object) -> None:
        raise Exception("URL fetch failure on https://example.org/weights.h5: None -- no route\nto host")

    monkeypatch.setattr(keras.applications, "MobileNetV2", refuse)
    settings = dataclasses.replace(
        tiny_settings(make_pictures(tmp_path / "pictures")), mobilenet_weights=None, given_labels_only=True
    )
    save_settings(settings, tmp_path / "settings.json")
    assert main(["run", "--run", str(tmp_path / "run"), "--settings", str(tmp_path / "settings.json")]) == 1
    [line] = capsys.readouterr().err.strip().splitlines()[-1:]
    assert "MobileNetV2 cannot be fetched" in line and "--mobilenet-weights" in line and "no route to host" in line


def test_a_run_that_never_began_is_fitted_anew_to_other_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("train.run._announce", stop)
    many, few = make_pictures(tmp_path / "many"), many_classes(tmp_path / "few", 3, 7)
    run = RunFolder(tmp_path / "run")
    development = []
    for data in (many, few):
        assert main(["run", "--run", str(run.path), "--data", str(data)]) == 130
        development.append(run.settings().prepare.development)
    assert development == [27, 3]


def favouring(bias: list[float]) -> MobileNetV2:
    """A network that says the same of every face."""
    network = MobileNetV2(4, width=0.35, folded=True).eval()
    with torch.no_grad():
        network.head.weight.zero_()
        network.head.bias.copy_(torch.tensor([*bias, 0.0]))
    return network


@pytest.mark.parametrize(
    ("start", "trained", "chosen"),
    [([0, 0, 0], [20, 0, 0], [5, 0, 0]), ([20, 0, 0], [0, 0, 0], [0, 0, 0]), ([0, 12, 0], [0, -12, 0], [0, 0, 0])],
)
def test_what_training_forgot_is_taken_back_as_far_as_the_development_faces_say(
    tmp_path: Path, start: list[float], trained: list[float], chosen: list[float]
) -> None:
    run = prepared(tmp_path, make_pictures(tmp_path / "pictures"), 36)
    settings, cache = run.settings(), open_cache(run.cache)
    settings = dataclasses.replace(
        settings, student=dataclasses.replace(settings.student, stages=(StageSettings(32, 1, 1e-3),))
    )
    found = best_between(favouring(start), favouring(trained), cache, settings)
    assert found.head.bias[:3].tolist() == pytest.approx(chosen, abs=1e-5)


def test_what_a_small_class_loses_counts_as_much_as_what_large_ones_win(tmp_path: Path) -> None:
    data = make_pictures(tmp_path / "pictures")
    for path in (data / "top").glob("*.png"):
        if int(path.stem) >= 10:
            path.unlink()
    run = prepared(tmp_path, data, 40)
    settings, cache = run.settings(), open_cache(run.cache)
    assert np.bincount(cache.classes[cache.rows("development")])[2] < 5
    settings = dataclasses.replace(
        settings, student=dataclasses.replace(settings.student, stages=(StageSettings(32, 1, 1e-3),))
    )
    # What training came to fits the shares of the classes best, and never finds the small one.
    found = best_between(favouring([0, 0, 2]), favouring([2, 2, -4]), cache, settings)
    assert found.head.bias[:3].tolist() == pytest.approx([0.5, 0.5, 0.5], abs=1e-5)


def test_a_handful_of_development_faces_chooses_nothing(tmp_path: Path) -> None:
    run = prepared(tmp_path, make_pictures(tmp_path / "pictures"), 20)
    trained = favouring([20, 0, 0])
    assert best_between(favouring([0, 0, 0]), trained, open_cache(run.cache), run.settings()) is trained


@pytest.mark.slow
def test_a_model_that_saw_no_masks_says_nothing_about_masks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tensorflow", reason="the conversion needs TensorFlow: pip install 'webcam-app[train]'")
    tiny = tiny_settings(make_pictures(tmp_path / "pictures"))
    settings = dataclasses.replace(
        tiny,
        given_labels_only=True,
        prepare=dataclasses.replace(tiny.prepare, pool=0, occluded=0),
        student=dataclasses.replace(tiny.student, stages=(StageSettings(32, 2, 4e-3),)),
    )
    save_settings(settings, tmp_path / "settings.json")
    output = tmp_path / "mine.tflite"
    arguments = ["--run", str(tmp_path / "run"), "--settings", str(tmp_path / "settings.json"), "--progress"]
    assert main(["run", *arguments, "--output", str(output)]) == 0
    card = load_card(output)
    assert card.mask_output is None and card.mask_at is None
    assert "mask" not in card.document["outputs"] and "mask" not in card.document["thresholds"]
    portrait = cv2.imread(
        str(Path(str(pytest.importorskip("matplotlib").get_data_path())) / "sample_data/grace_hopper.jpg")
    )
    faces = FaceAnalyzer(output).analyze_still(np.asarray(portrait, np.uint8))
    assert faces and all(face.mask is None and face.label for face in faces)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["step"] for line in told} >= {"prepare", "student_hard", "student_hard_tuned", "export"}
    assert told[-1]["step"] == "export" and told[-1]["done"] == told[-1]["of"]
    assert set(told[-1]["metrics"]) == {"accuracy", "coverage", "accuracy_where_sure"}
