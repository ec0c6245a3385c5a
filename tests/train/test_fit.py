"""A run's settings fit its data: someone brings a folder of any size, and it trains."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from train.errors import TrainError
from train.fit import Counts, count_pictures, describe_plan, fit_settings, without_teacher
from train.settings import Settings
from train.tiny import make_pictures
from webcam_app.resources import features_path, model_path


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
    assert "heavily out of balance: an epoch shows each 900 times" in text(fitted(counts), counts)
    even = Counts({"a": 100, "b": 150})
    assert "balance" not in text(fitted(even), even)


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
