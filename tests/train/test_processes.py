"""Two processes that torchrun starts do the work of one: on the processor, as they would on two GPUs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from tests.train import shared_training
from tests.train.pictures import noise, write_picture
from train.processes import ALL, Share

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL = REPOSITORY / "models" / "gender.tflite"


def _torchrun(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "--"]
    paths = os.pathsep.join([str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
    return subprocess.run(
        [*command, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=1200
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes came to: ``0.pt`` and ``1.pt``."""
    folder = tmp_path_factory.mktemp("shared")
    done = _torchrun("tests.train.shared_training", str(folder))
    assert done.returncode == 0, done.stderr
    (folder / "output.txt").write_text(done.stdout)
    return folder


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As each of two processes has; for networks so small several are no quicker."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one process comes to."""
    folder = tmp_path_factory.mktemp("alone")
    return {kind: shared_training.train(kind, folder / kind) for kind in ("hinted", "normed")}


def _read(folder: Path, number: int) -> dict[str, Any]:
    return dict(torch.load(folder / f"{number}.pt", weights_only=True))


def _flat(state: dict[str, Any]) -> Any:
    return torch.cat([value.flatten().double() for value in state.values()])


def _distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """How far two results are apart, as a share of how far training went."""
    start = _flat(shared_training.network_of("hinted").state_dict())
    return float((_flat(one) - _flat(other)).norm() / (_flat(other) - start).norm())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hinted", "normed", "rounded", "resumed"])
def test_both_processes_have_the_same_gradients_weights_and_statistics(folder: Path, kind: str) -> None:
    one, other = _read(folder, 0)[kind], _read(folder, 1)[kind]
    for name in ("network", "average", "first"):
        if name in one:
            assert torch.equal(_flat(one[name]), _flat(other[name])), name
    for mine, theirs in zip(one.get("gradients", ()), other.get("gradients", ()), strict=True):
        assert torch.equal(mine, theirs)
    assert torch.isfinite(_flat(one["average"])).all()


@pytest.mark.slow
def test_two_processes_take_the_steps_of_one(folder: Path, alone: dict[str, Any]) -> None:
    two, one = _read(folder, 0)["hinted"], alone["hinted"]
    for mine, theirs in zip(two["gradients"], one["gradients"], strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-3, atol=1e-6)
    for name in ("network", "average"):
        assert _distance(two[name], one[name]) < 1e-3


@pytest.mark.slow
def test_statistics_of_batch_norm_are_those_of_all_faces(folder: Path, alone: dict[str, Any]) -> None:
    name = "units.Conv1.norm.running_mean"
    two, one = (each["normed"]["first"][name] for each in (_read(folder, 0), alone))
    assert torch.allclose(two, one, rtol=1e-4, atol=1e-6)
    assert not torch.equal(one, torch.zeros_like(one))


@pytest.mark.slow
def test_a_stopped_training_goes_on_in_two_processes_and_in_one(
    folder: Path, alone: dict[str, Any], tmp_path: Path
) -> None:
    assert _distance(_read(folder, 0)["resumed"]["average"], alone["hinted"]["average"]) < 1e-3
    stopped = shutil.copy(folder / "stopped.checkpoint.pt", tmp_path)
    steps = torch.load(stopped, weights_only=True)["progress"][2]
    assert steps == shared_training.STOPPED_AFTER
    assert _distance(shared_training.train("hinted", Path(stopped))["average"], alone["hinted"]["average"]) < 1e-3


@pytest.mark.slow
def test_only_the_first_process_writes_measures_and_prints(folder: Path) -> None:
    assert _read(folder, 0)["written"]
    assert not _read(folder, 1)["written"]
    lines = (folder / "output.txt").read_text().splitlines()
    ends = [line for line in lines if line.startswith(f"epoch 2/2 at {shared_training.SIZE} px")]
    assert len(ends) == 4, "a line for each training"
    assert all(line.endswith("1 process") for line in ends), "what is measured at an epoch's end is not shared"


@pytest.mark.slow
def test_two_processes_go_all_the_way_from_pictures_to_a_model(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="the conversion to TFLite needs TensorFlow")
    for number in range(24):
        write_picture(tmp_path / "data" / ("female", "male")[number % 2] / f"{number}.png", noise(number, 64))
    stage = {"size": 32, "epochs": 1, "rate": 1e-4}
    settings = {
        "data": [str(tmp_path / "data")],
        "start_model": str(MODEL),
        "prepare": {"development": 6, "pool": 4, "canvas_size": 64, "occluded": 6, "duplicate_distance": 0},
        "student": {"batch": 8, "stages": [stage], "quantized": stage},
        "export": {"size": 32, "calibration_faces": 8},
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    run = tmp_path / "run"
    done = _torchrun("train", "run", "--settings", str(tmp_path / "settings.json"), "--run", str(run))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("epoch 1/1 at 32 px") == 2, "the student and its last epochs, each once"
    assert done.stdout.count("the model is in") == 1
    assert (run / "gender.tflite").exists() and json.loads((run / "gender.json").read_text())["labels"]
    with np.load(run / "start_labels.npz") as kept:
        assert kept["logits"].shape == (24, 2)
    assert not list(run.rglob("*.partial*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["teacher"], "train teacher: .* has no finished cache: run 'python -m train prepare' first"),
        (["run", "--data", "no-such-folder"], "train run: no-such-folder: no such folder or zip file"),
        (["refiner", "--faces", "f", "--boxes", "b", "--masks", "m"], "train refiner: .* without torchrun"),
    ],
    ids=["in all processes", "in the first", "with the step"],
)
def test_what_is_wrong_is_said_once_and_ends_all(tmp_path: Path, arguments: list[str], line: str) -> None:
    done = _torchrun("train", *arguments, "--run", str(tmp_path / "new"))
    assert done.returncode == 1
    said = [each for each in done.stderr.splitlines() if each.startswith(f"train {arguments[0]}: ")]
    assert len(said) == 1 and re.fullmatch(line, said[0])
    assert "Traceback" not in done.stderr.partition("torch/distributed/elastic")[0]


@pytest.mark.parametrize(("count", "of"), [(7, 2), (8, 2), (64, 3), (3, 4)])
def test_shares_leave_nothing_out_and_nothing_twice(count: int, of: int) -> None:
    things = list(range(count))
    parts = [things[Share(number, of).part(count)] for number in range(of)]
    assert list(chain(*parts)) == things
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    turns = [[thing for thing in things if Share(number, of).takes(thing)] for number in range(of)]
    assert sorted(chain(*turns)) == things
    assert things[ALL.part(count)] == things
