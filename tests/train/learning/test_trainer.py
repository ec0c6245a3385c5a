"""The training loop and its checkpoints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.batches import Batch, CanvasBatches
from train.errors import TrainError
from train.learning.checkpoint import load_network, save_state
from train.learning.trainer import Optimization, Trainer, parameter_groups
from train.settings import StageSettings


class Interrupted(Exception):
    """The person stops the training."""


def test_a_stopped_training_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("train.learning.trainer.CHECKPOINT_SECONDS", 0)
    canvases = np.random.default_rng(0).integers(0, 255, (32, 48, 48, 3), np.uint8)
    stages = (StageSettings(32, 3, 1e-2),)

    def start() -> Trainer[torch.nn.Module]:
        torch.manual_seed(0)
        network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten(), torch.nn.LazyLinear(2))
        network(torch.zeros(1, 3, 32, 32))
        groups = parameter_groups(network, [], 0.0, 1.0)
        return Trainer(network, groups, stages, tmp_path / "c.pt", Optimization(average_decay=0.5))

    source = CanvasBatches(lambda epoch: np.arange(32), lambda row, _: (canvases[row], 0), 8, 48, 1.5, 1)
    seen: list[int] = []

    def run(trainer: Trainer[torch.nn.Module], stop_after: int | None) -> None:
        def loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
            if stop_after is not None and len(seen) == stop_after:
                raise Interrupted
            seen.append(1)
            return logits.square().mean()

        trainer.run(source, loss)

    with pytest.raises(Interrupted):
        run(start(), 6)
    again = start()
    assert again.step == 6
    run(again, None)
    assert len(seen) == 12, "three epochs of four batches, none twice"


def test_a_stopped_training_comes_to_the_weights_of_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With dropout and augmentation, both of which draw at random."""
    canvases = np.random.default_rng(0).integers(0, 255, (24, 48, 48, 3), np.uint8)
    source = CanvasBatches(lambda epoch: np.arange(24), lambda row, _: (canvases[row], 0), 8, 48, 1.5, 1)

    def train(name: str, stop_after: int | None = None) -> dict[str, torch.Tensor]:
        torch.manual_seed(0)
        layers = [torch.nn.Conv2d(3, 4, 3, 4), torch.nn.Flatten(), torch.nn.Dropout(0.5), torch.nn.Linear(256, 2)]
        network = torch.nn.Sequential(*layers)
        groups = parameter_groups(network, [], 0.0, 1.0)
        plan = (StageSettings(32, 2, 1e-2),)
        trainer = Trainer(network, groups, plan, tmp_path / name, Optimization(average_decay=0.5))

        def loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
            if trainer.step == stop_after:
                raise Interrupted
            return (logits - torch.from_numpy(batch.rows % 2)[:, None]).square().mean()

        return trainer.run(source, loss).state_dict()

    straight = train("straight.pt")
    monkeypatch.setattr("train.learning.trainer.CHECKPOINT_SECONDS", -1)
    with pytest.raises(Interrupted):
        train("stopped.pt", 4)
    resumed = train("stopped.pt")
    assert all(torch.equal(straight[name], resumed[name]) for name in straight)


def test_damaged_weights_are_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "teacher.pt").write_bytes(b"half a file")
    with pytest.raises(TrainError, match=r"teacher\.pt' cannot be read .*: remove it to train again"):
        load_network(torch.nn.Linear(2, 2), tmp_path / "teacher.pt")


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_state(torch.nn.Linear(3, 2).state_dict(), tmp_path / "teacher.pt")
    with pytest.raises(TrainError, match="another network"):
        load_network(torch.nn.Linear(2, 2), tmp_path / "teacher.pt")


def test_a_weights_file_cannot_run_code(tmp_path: Path) -> None:
    torch.save({"weight": Interrupted()}, tmp_path / "teacher.pt")
    with pytest.raises(TrainError, match="cannot be read"):
        load_network(torch.nn.Linear(2, 2), tmp_path / "teacher.pt")
