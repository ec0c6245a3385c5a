"""Who labels the faces: a face network, the student that training starts from, and an Inception taught by both."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from tests.train.learning.test_hints import random_face_weights
from tests.train.pictures import noise, write_csv, write_picture
from train.__main__ import main
from train.data.cache import open_cache
from train.learning.checkpoint import load_network
from train.learning.networks import InceptionV3
from train.pipeline.soft_labels import combined_labels, labels_before_teacher
from train.pipeline.step_2_hints import face_labels
from train.pipeline.step_4_label import all_labels
from train.run_folder import RunFolder

MODEL = Path(__file__).resolve().parents[3] / "models" / "gender.tflite"
FACES = 24


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Labelled by all three; the teacher took one step."""
    folder = tmp_path_factory.mktemp("teachers")
    names = [f"{number}.png" for number in range(FACES)]
    for number, name in enumerate(names):
        write_picture(folder / "data" / name, noise(number, 64))
    rows = [
        [name, ("female", "male")[n % 2], ("0-2", "30-39")[n % 3 > 0], ("a", "b")[n % 2]]
        for n, name in enumerate(names)
    ]
    write_csv(folder / "data" / "labels.csv", ["path", "gender", "age", "race"], rows)
    stage = {"size": 75, "epochs": 1, "rate": 1e-3}
    settings = {
        "data": [str(folder / "data")],
        "start_model": str(MODEL),
        "inception_weights": "random",
        "face_weights": str(random_face_weights(folder / "face.npz")),
        "prepare": {"development": 6, "pool": 4, "canvas_size": 64, "occluded": 0, "duplicate_distance": 0},
        "hints": {"dimensions": 8, "folds": 2},
        "teacher": {"batch": 8, "stages": [stage], "beside_start": True, "even_by": ["race", "age"]},
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    for step in (["prepare", "--settings", str(folder / "settings.json")], ["teacher"], ["label"]):
        assert main([*step, "--run", str(folder / "run")]) == 0
    return RunFolder(folder / "run")


def test_the_teacher_is_kept_without_the_layers_that_learn_hints(run: RunFolder) -> None:
    teacher = load_network(InceptionV3(2), run.weights("teacher"))
    assert teacher.head.out_features == 2
    state = torch.load(run.checkpoint("teacher"), weights_only=True)["network"]
    assert state["hint.weight"].shape == (8, 2048), "it learned the face network's features"
    assert state["bands.weight"].shape == (2, 2048), "and age bands"


def test_both_the_start_and_the_teacher_label_every_face(run: RunFolder) -> None:
    start, teacher = all_labels(run, run.settings())
    assert start.shape == teacher.shape == (FACES, 2)
    assert not np.allclose(start, teacher)
    assert run.read_note("label").keys() == run.read_note("start_labels").keys() == {"train", "pool", "development"}


def test_the_teacher_learns_what_the_face_network_and_the_start_say_together(run: RunFolder) -> None:
    settings = run.settings()
    before = labels_before_teacher(run, settings)
    assert before is not None
    start = all_labels(run, settings)[0]
    assert np.array_equal(before, combined_labels(run, settings, [start]))
    said = face_labels(run, settings).logits
    # Temperatures aside: both have their part in it, and the teacher has none.
    margins = np.stack([logits[:, 1] - logits[:, 0] for logits in (before, start, said)])
    weights, residual, *_ = np.linalg.lstsq(margins[1:].T, margins[0], rcond=None)
    assert (weights > 0).all() and residual < 1e-6 * np.square(margins[0]).sum()


def test_it_is_said_how_often_each_labeller_is_right(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    settings = run.settings()
    combined_labels(run, settings, all_labels(run, settings))
    told = capsys.readouterr().out
    assert all(f"{name} 0." in told or f"{name} 1." in told for name in ("face network", "other 1", "other 2", "all"))


def test_another_face_network_is_refused_by_a_finished_teacher(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    before = run.settings()
    other = str(random_face_weights(run.path.parent / "other.npz", seed=1))
    assert main(["teacher", "--run", str(run.path), "--face-weights", other]) == 1
    assert "face_weights" in capsys.readouterr().err
    assert run.settings() == before
    assert len(open_cache(run.cache).keys) == FACES
