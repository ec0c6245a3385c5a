"""The page of the models keeps what was written by hand about other networks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from train.pipeline.step_7_card import OTHERS, write_card, write_page
from webcam_app.faces.labelling.card import load_card

CHECKOUT = Path(__file__).parents[3]

CARD: dict[str, Any] = {
    "task": "the colour of a ball",
    "labels": ["blue", "red"],
    "input": {"size": 32},
    "temperature": 1.0,
    "thresholds": {"unsure": 0.7},
    "network": {"family": "MobileNetV2", "numbers": "int8", "bytes": 1000, "trained_on": "balls"},
    "results": {},
}


def test_a_rewritten_page_keeps_other_networks_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"# old.tflite\n\nOld text.\n\n{OTHERS}\n# other.tflite\n\nBy hand.\n", encoding="utf-8")
    for _ in range(2):
        write_page(CARD, Path("ball.tflite"), [], page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ball.tflite")
    assert "Old text" not in text
    assert text.endswith(f"\n\n{OTHERS}\n# other.tflite\n\nBy hand.\n")
    assert text.count(OTHERS) == 1


def test_a_new_page_has_only_its_own_network(tmp_path: Path) -> None:
    write_page(CARD, Path("ball.tflite"), [], tmp_path / "README.md")
    assert OTHERS not in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_card_keeps_how_often_each_confidence_was_right(tmp_path: Path) -> None:
    model = tmp_path / "gender.tflite"
    shutil.copyfile(CHECKOUT / "models" / "gender.json", model.with_suffix(".json"))
    bins = [
        {"low": 0.5, "high": 0.6, "count": 4, "confidence": 0.55556, "accuracy": 0.5},
        {"low": 0.9, "high": 1.0, "count": 10, "confidence": 0.96, "accuracy": 0.9},
    ]
    report = {
        "model": {"sha256": load_card(model).sha256},
        "data": {"name": "balls.zip", "pictures": 14},
        "reliability": bins,
    }
    (tmp_path / "report.json").write_text(json.dumps(report))
    figures = write_card(model, None, [tmp_path])["results"]["balls.zip"]
    assert figures["reliability"] == {"confidence": [0.5556, 0.96], "accuracy": [0.5, 0.9], "count": [4, 10]}
