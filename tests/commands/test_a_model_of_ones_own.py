"""Someone made a network for labels of their own and names it in the environment."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from webcam_app.cli import main
from webcam_app.resources import MODEL_VARIABLE, model_path


def test_every_command_uses_the_network_that_the_environment_names(
    tmp_path: Path, portrait_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = model_path()
    mine = tmp_path / "mine.tflite"
    shutil.copyfile(shipped, mine)
    card = json.loads(shipped.with_suffix(".json").read_text(encoding="utf-8"))
    card["labels"] = ["seen", "other"]
    card["thresholds"]["unsure"] = 0.0
    mine.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
    monkeypatch.setenv(MODEL_VARIABLE, str(mine))
    table = tmp_path / "faces.csv"
    assert main(["classify", str(portrait_path), "--csv", str(table)]) == 0
    [face] = table.read_text(encoding="utf-8").splitlines()[1:]
    assert face.split(",")[6] in ("seen", "other")
    capsys.readouterr()
    assert main(["model"]) == 0
    assert "seen, other" in capsys.readouterr().out


def test_a_named_network_that_is_missing_is_named(
    tmp_path: Path, portrait_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "nothing.tflite"))
    assert main(["classify", str(portrait_path)]) == 1
    assert "nothing.tflite' is missing" in capsys.readouterr().err
