"""A run folder that is used again with other settings does not go on with what the old ones made."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from train.__main__ import main
from train.errors import TrainError
from train.run_folder import RunFolder
from train.settings import Settings, StageSettings, save_settings
from train.tiny import make_pictures, tiny_settings


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def settings(pictures: Path) -> Settings:
    return tiny_settings(pictures)


@pytest.fixture
def run(tmp_path: Path, settings: Settings) -> RunFolder:
    """A run as it is after its teacher has trained for a while: the files' content does not matter here."""
    run = RunFolder(tmp_path / "run")
    run.start(settings)
    run.cache.mkdir()
    for artefact, file in (("canvases", "images.npy"), ("cache", "table.csv")):
        run.begin(artefact, settings)
        (run.cache / file).write_bytes(b"")
    run.begin("teacher", settings)
    run.checkpoint("teacher").write_bytes(b"")
    return run


def test_the_same_settings_go_on(run: RunFolder, settings: Settings) -> None:
    run.start(settings)


def test_other_data_is_refused_and_the_settings_stay(run: RunFolder, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match=r"made with data .*, not \[\"other\.zip\"\]: use another --run, or delete"):
        run.start(dataclasses.replace(settings, data=("other.zip",)))
    assert run.settings() == settings


def test_another_seed_is_refused_in_one_line_on_the_command_line(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    before = run.settings_path.read_bytes()
    assert main(["prepare", "--run", str(run.path), "--seed", "7"]) == 1
    message = capsys.readouterr().err
    assert "made with seed 1, not 7" in message
    assert len(message.splitlines()) == 1
    assert run.settings_path.read_bytes() == before


def test_settings_of_later_steps_may_change(run: RunFolder, settings: Settings) -> None:
    student = dataclasses.replace(settings.student, batch=24)
    run.start(dataclasses.replace(settings, student=student, export=dataclasses.replace(settings.export, size=32)))


def test_settings_of_a_network_that_is_in_training_may_not_change(run: RunFolder, settings: Settings) -> None:
    teacher = dataclasses.replace(settings.teacher, batch=24)
    with pytest.raises(TrainError, match=r"a teacher made with teacher\.batch 12, not 24: .*teacher\.checkpoint\.pt"):
        run.start(dataclasses.replace(settings, teacher=teacher))


def _with_epochs(settings: Settings, *stages: StageSettings) -> Settings:
    return dataclasses.replace(settings, teacher=dataclasses.replace(settings.teacher, stages=stages))


def test_a_finished_network_goes_on_when_it_is_given_more_epochs(run: RunFolder, settings: Settings) -> None:
    run.weights("teacher").write_bytes(b"")
    assert run.is_finished("teacher", settings)
    (stage,) = settings.teacher.stages
    longer = _with_epochs(settings, dataclasses.replace(stage, epochs=stage.epochs + 3), StageSettings(96, 1, 1e-4))
    run.start(longer)
    assert not run.is_finished("teacher", longer)


def test_epochs_that_are_over_cannot_be_changed(run: RunFolder, settings: Settings) -> None:
    with pytest.raises(TrainError, match=r"teacher\.stages"):
        run.start(_with_epochs(settings, StageSettings(107, 6, 5e-4)))


def test_labels_of_a_shorter_teacher_are_not_used_for_a_longer_one(run: RunFolder, settings: Settings) -> None:
    run.begin("soft_labels", settings)
    run.labels("soft_labels").write_bytes(b"")
    (stage,) = settings.teacher.stages
    with pytest.raises(TrainError, match=r"has soft labels made with teacher\.stages .*soft_labels\.npz"):
        run.start(_with_epochs(settings, dataclasses.replace(stage, epochs=9)))


def test_what_was_deleted_is_made_again_with_other_settings(run: RunFolder, settings: Settings) -> None:
    run.checkpoint("teacher").unlink()
    run.start(_with_epochs(settings, StageSettings(107, 6, 5e-4)))


def test_data_named_by_another_path_to_it_is_the_same(
    run: RunFolder, settings: Settings, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pictures.parent)
    run.start(dataclasses.replace(settings, data=(pictures.name,)))


def test_a_run_of_an_earlier_version_is_held_to_its_settings(tmp_path: Path, settings: Settings) -> None:
    run = RunFolder(tmp_path / "old")
    run.cache.mkdir(parents=True)
    save_settings(settings, run.settings_path)
    old = json.loads(run.settings_path.read_text(encoding="utf-8"))
    old["prepare"]["covered"] = old["prepare"].pop("occluded")
    run.settings_path.write_text(json.dumps(old), encoding="utf-8")
    for name in ("images.npy", "table.csv", "covered_rows.npy"):
        (run.cache / name).write_bytes(b"")
    run.start(settings)
    assert (run.cache / "occluded_rows.npy").exists()
    with pytest.raises(TrainError, match="seed"):
        run.start(dataclasses.replace(settings, seed=2))


def test_pictures_that_changed_under_a_finished_cache_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = make_pictures(tmp_path / "data")
    save_settings(tiny_settings(data), tmp_path / "settings.json")
    command = ["prepare", "--run", str(tmp_path / "run"), "--settings", str(tmp_path / "settings.json")]
    assert main(command) == 0
    assert main(command) == 0
    picture = next(data.rglob("*.png"))
    picture.write_bytes(cv2.imencode(".png", np.zeros((96, 96, 3), np.uint8))[1].tobytes())
    assert main(command) == 1
    assert "has changed since" in capsys.readouterr().err
