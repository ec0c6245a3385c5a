"""A run's settings fit its data: someone brings a folder of any size, and it trains."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from train.errors import TrainError
from train.fit import Counts, count_pictures, describe_plan, fit_settings, shown_each_epoch, without_teacher
from train.settings import Settings
from train.tiny import make_pictures
from webcam_app.resources import features_path, model_path

NEEDS_TORCH = "training needs PyTorch: pip install 'webcam-app[train]'"


def fitted(counts: Counts, **changes: object) -> Settings:
    return fit_settings(Settings(data=("pictures",), **changes), counts)  # type: ignore[arg-type]


def text(settings: Settings, counts: Counts) -> str:
    return "\n".join(describe_plan(settings, counts))


def test_a_small_set_starts_from_the_shipped_network_without_a_teacher() -> None:
    counts = Counts({"a": 200, "b": 200, "c": 200, "d": 200})
    settings = fitted(counts)
    assert settings.start_model == str(features_path())
    assert settings.given_labels_only
    assert settings.prepare.pool == 0 and settings.prepare.development == 120
    assert settings.student.batch == 32
    assert "warning" not in text(settings, counts)


def test_a_set_as_large_as_the_defaults_ask_for_keeps_them() -> None:
    counts = Counts({"female": 18_000, "male": 19_000})
    assert fitted(counts) == Settings(data=("pictures",))


def test_a_file_of_mobilenet_weights_is_what_the_run_starts_from() -> None:
    settings = fitted(Counts({"a": 400, "b": 400}), mobilenet_weights="weights.npz")
    assert settings.start_model is None and settings.given_labels_only
    assert settings.student.frozen_through is None


def test_inception_weights_bring_a_teacher_and_a_pool_for_it_to_label() -> None:
    settings = fitted(Counts({"a": 400, "b": 400}), mobilenet_weights="m.npz", inception_weights="i.npz")
    assert not settings.given_labels_only
    assert 0 < settings.prepare.pool < 680


@pytest.mark.parametrize("count", [10, 12, 60, 800, 3000, 17_000])
def test_more_pictures_are_shown_less_often_and_no_batch_is_larger_than_an_epoch(count: int) -> None:
    settings = fitted(Counts({"a": count // 2, "b": count - count // 2}))
    taught = count - settings.prepare.development
    assert 0 < settings.student.batch <= taught
    assert settings.student.stages[0].epochs <= fitted(Counts({"a": 5, "b": 5})).student.stages[0].epochs
    assert 0 < settings.prepare.development <= 0.2 * count


def test_a_thousand_classes_of_three_pictures_are_taken_with_a_warning_of_what_can_be_known() -> None:
    counts = Counts({f"{number:04d}": 3 for number in range(1000)})
    said = text(fitted(counts), counts)
    assert "warning: fewer than 5 pictures of 0000" in said and "and 995 more classes" in said


def test_classes_out_of_balance_are_named_with_what_is_done() -> None:
    counts = Counts({"common": 900, "rare": 30})
    settings = fitted(counts)
    learned = 900 - settings.prepare.development * 900 / 930
    assert f"heavily out of balance: an epoch shows each {learned:.0f} times" in text(settings, counts)
    even = Counts({"a": 100, "b": 150})
    assert "balance" not in text(fitted(even), even)


@pytest.mark.parametrize(
    "of", [{"a": 500, "b": 20, "c": 5}, {"a": 100, "b": 100}, {"a": 30, "b": 90}, {f"{n}": 3 for n in range(50)}]
)
def test_an_epoch_is_as_long_as_the_plan_takes_it_to_be(of: dict[str, int]) -> None:
    pytest.importorskip("torch", reason=NEEDS_TORCH)
    from train.data.batches import balanced_order

    classes = np.repeat(np.arange(len(of)), list(of.values())).astype(np.int16)
    rows = np.arange(len(classes))
    drawn = balanced_order(rows, classes, np.random.default_rng(0), balance=True)
    counts = Counts(of)
    assert len(drawn) / len(rows) == pytest.approx(shown_each_epoch(fitted(counts), counts), rel=0.01)


def test_the_planned_time_counts_pictures_as_often_as_they_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason=NEEDS_TORCH)
    from train import speed

    monkeypatch.setattr(speed, "_seconds_a_picture", lambda *_: 0.01)
    settings = fitted(Counts({"a": 30, "b": 30}))
    once, thrice = (speed.planned_seconds(settings, 60, shown) for shown in (1.0, 3.0))
    assert thrice["student"] == pytest.approx(3 * once["student"])
    assert thrice["student_tuned"] == pytest.approx(3 * once["student_tuned"])
    assert thrice["prepare"] == once["prepare"]


def test_without_masks_in_the_data_the_plan_says_that_nothing_is_learned_of_them() -> None:
    counts = Counts({"a": 100, "b": 100})
    assert "nothing about masks" in text(fitted(counts), counts)
    with_masks = fitted(counts, mask_boxes="boxes.zip")
    assert with_masks.prepare.occluded > 0 and "nothing about masks" not in text(with_masks, counts)


def test_a_start_from_a_model_of_other_classes_does_without_its_labels() -> None:
    settings = Settings(start_model=str(features_path()))
    assert without_teacher(settings, Counts({"a": 9, "b": 9})).given_labels_only
    gender = Settings(start_model=str(model_path("gender.tflite")))
    assert without_teacher(gender, Counts({"female": 9, "male": 9})) == gender


def test_a_handful_of_pictures_is_refused_with_how_many_are_needed(tmp_path: Path) -> None:
    data = make_pictures(tmp_path / "pictures")
    for path in sorted(data.rglob("*.png")):
        if int(path.stem) >= 3:
            path.unlink()
    with pytest.raises(TrainError, match=r"9 pictures are too few.*10 at the very least"):
        count_pictures(dataclasses.replace(Settings(), data=(str(data),)))
