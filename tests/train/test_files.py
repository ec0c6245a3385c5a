"""Files are whole or as they were."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from train.errors import TrainError
from train.files import replace_json
from train.model_file import card_path, staged_model, write_card


def test_a_number_that_json_does_not_have_is_named_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    replace_json(path, {"thresholds": {"mask": 0.5}})
    with pytest.raises(TrainError, match=r"thresholds\.mask is no finite number"):
        replace_json(path, {"thresholds": {"mask": math.nan}})
    assert "0.5" in path.read_text(encoding="utf-8")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model with its card that was there before."""
    path = tmp_path / "models" / "gender.tflite"
    path.parent.mkdir()
    path.write_bytes(b"old network")
    write_card(path, {"sha256": "old"})
    return path


def test_model_and_card_are_replaced_together(model: Path) -> None:
    with staged_model(model, b"new network") as draft:
        write_card(draft, {"sha256": "new"})
        assert model.read_bytes() == b"old network", "nothing is replaced before all is measured"
    assert model.read_bytes() == b"new network"
    assert "new" in card_path(model).read_text(encoding="utf-8")
    assert len(list(model.parent.iterdir())) == 2, "nothing is left over"


def test_a_measurement_that_fails_leaves_model_and_card_as_they_were(model: Path) -> None:
    with pytest.raises(RuntimeError), staged_model(model, b"new network") as draft:
        write_card(draft, {"sha256": "new"})
        raise RuntimeError("measuring failed")
    assert model.read_bytes() == b"old network"
    assert "old" in card_path(model).read_text(encoding="utf-8")
    assert len(list(model.parent.iterdir())) == 2


def test_a_card_that_cannot_be_replaced_leaves_the_model_as_it_was(model: Path) -> None:
    card_path(model).unlink()
    (card_path(model) / "in the way").mkdir(parents=True)
    with pytest.raises(TrainError, match="cannot be replaced"), staged_model(model, b"new network") as draft:
        write_card(draft, {"sha256": "new"})
    assert model.read_bytes() == b"old network"


def test_a_first_model_whose_card_cannot_be_written_is_not_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "new.tflite"
    with pytest.raises(TrainError, match="cannot be replaced"), staged_model(output, b"network"):
        pass
    assert list(tmp_path.iterdir()) == []
