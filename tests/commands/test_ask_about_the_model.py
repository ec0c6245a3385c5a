"""Someone wants to know what the model is, and on whom it is weak."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webcam_app.commands.model import worst_cell
from webcam_app.resources import model_path

Run = Callable[..., tuple[int, str, str]]

CARD: dict[str, Any] = {
    "format": 1,
    "name": "fruit",
    "task": "which fruit it is",
    "labels": ["apple", "pear"],
    "input": {"size": 96, "color_order": "RGB", "crop": {"scale": 1.25, "shift_down": 0.05}},
    "outputs": {"classes": "a", "mask": None},
    "temperature": 1.1,
    "thresholds": {"unsure": 0.8},
    "made_with": {"data": "an orchard"},
    "results": {
        "accuracy": 0.9231,
        "count": 1000,
        "per_color": {
            "red": {"accuracy": 0.95, "count": 600},
            "green": {"accuracy": 0.881, "count": 390},
            "blue": {"accuracy": 0.2, "count": 10},
        },
    },
    "weaknesses": ["Quinces are taken for pears."],
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "fruit.tflite"
    path.write_bytes(b"network")
    document = {**CARD, "sha256": hashlib.sha256(b"network").hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(document))
    return path


def test_the_card_is_told_in_words(run: Run, model: Path) -> None:
    code, said, complaints = run("model", "--model", model)
    assert (code, complaints) == (0, "")
    for words in (
        "fruit: which fruit it is",
        "apple, pear",
        "below 80% is called unsure",
        "mask:     not recognized",
        "data: an orchard",
        "accuracy: 92.3%",
        "green     88.1%    390",
        "- Quinces are taken for pears.",
        "Worst group: results / per color / green: 88.1% of 390",
    ):
        assert words in said


def test_json_is_the_card(run: Run, model: Path) -> None:
    code, said, _ = run("model", "--model", model, "--json")
    assert code == 0
    assert json.loads(said)["results"] == CARD["results"]


def test_a_model_that_is_not_the_card_s_is_refused(run: Run, model: Path) -> None:
    model.write_bytes(b"another")
    code, said, complaints = run("model", "--model", model)
    assert (code, said) == (1, "")
    assert "fruit.tflite" in complaints
    assert complaints.count("\n") == 1


@pytest.mark.parametrize(
    "document", [{}, [], "text", None, {"results": {"accuracy": 0.9, "count": 100}}, {"a": [1, 2]}]
)
def test_without_groups_there_is_no_worst_one(document: Any) -> None:
    assert worst_cell(document) is None


@pytest.mark.skipif(not model_path().exists(), reason="no model was trained here yet")
def test_the_shipped_model_tells_how_well_it_does(run: Run) -> None:
    code, said, _ = run("model")
    assert code == 0
    assert "female" in said
    assert "accuracy" in said


@pytest.mark.skipif(not model_path().exists(), reason="no model was trained here yet")
def test_the_shipped_model_labels_a_portrait(run: Run, portrait_path: Path, tmp_path: Path) -> None:
    import csv

    assert run("classify", portrait_path, "--csv", tmp_path / "out.csv")[0] == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["label"] in ("female", "male", "unsure")
    assert 0.5 <= float(row["confidence"]) <= 1
    assert (int(row["x"]), int(row["y"])) == pytest.approx((170, 90), abs=60)
