"""The two files of a network are checked the same way, whichever network it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webcam_app.errors import ModelError
from webcam_app.faces import network_file
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.labelling.classifier import Classifier
from webcam_app.faces.network_file import number_field, read_card, read_checked_model
from webcam_app.resources import model_path

Network = tuple[Callable[[Path], Any], Path]


@pytest.fixture(params=[(Classifier, "gender"), (BoxRefiner, "face")], ids=["classifier", "refiner"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Network:
    """What loads a network, and a copy of its files, free to be damaged."""
    load, name = request.param
    for suffix in (".tflite", ".json"):
        shutil.copy(model_path(f"{name}.tflite").with_suffix(suffix), tmp_path)
    return load, tmp_path / f"{name}.tflite"


def change_card(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    change(card)
    path.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"format": 99}', "[" * 100_000, "nothing"])
def test_a_damaged_card_is_refused_in_one_line(network: Network, text: str) -> None:
    load, path = network
    path.with_suffix(".json").write_text(text)
    with pytest.raises(ModelError, match="damaged") as caught:
        load(path)
    assert path.with_suffix(".json").name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_card_that_is_too_large_is_not_read(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    load, path = network
    monkeypatch.setattr(network_file, "MAX_CARD_BYTES", 100)
    with pytest.raises(ModelError, match="no model card"):
        load(path)


def test_a_network_that_is_too_large_is_not_read(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    load, path = network
    monkeypatch.setattr(network_file, "MAX_MODEL_BYTES", 100)
    with pytest.raises(ModelError, match="larger"):
        load(path)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("input", "size", 4),
        ("input", "size", True),
        ("input", "size", 64.5),
        ("input", "crop", {"scale": 9.0, "shift_down": 0.0}),
        ("input", "crop", {"scale": 1.25, "shift_down": "0"}),
        ("input", "color_order", "HSV"),
    ],
)
def test_an_input_that_makes_no_sense_is_refused(network: Network, section: str, key: str, value: object) -> None:
    load, path = network
    change_card(path, lambda card: card[section].update({key: value}))
    with pytest.raises(ModelError, match=key if key != "crop" else "scale|shift_down"):
        load(path)


def test_an_input_of_another_size_than_the_networks_is_refused(network: Network) -> None:
    load, path = network
    change_card(path, lambda card: card["input"].update(size=33))
    with pytest.raises(ModelError, match="promises one input"):
        load(path)


def test_a_checksum_in_capitals_is_the_same(network: Network) -> None:
    load, path = network
    change_card(path, lambda card: card.update(sha256=card["sha256"].upper()))
    load(path)


def test_what_a_parser_misses_is_named(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text('{"format": 1}')
    with pytest.raises(ModelError, match="'labels' is missing"):
        read_card(tmp_path / "net.tflite", lambda document: document["labels"])


@pytest.mark.parametrize("value", [True, "1", None, float("nan"), float("inf"), -0.1, 1.1])
def test_a_field_that_is_no_number_of_the_range_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="share"):
        number_field({"share": value}, "share", 0.0, 1.0)


def test_bytes_that_fit_their_checksum_are_returned(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(b"network")
    assert read_checked_model(path, hashlib.sha256(b"network").hexdigest()) == b"network"


def test_a_model_that_is_not_there_at_all_is_not_told_as_a_missing_card(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^model '.*mine\.tflite' is missing"):
        read_card(tmp_path / "mine.tflite", dict)
    (tmp_path / "mine.tflite").touch()
    with pytest.raises(ModelError, match=r"^model card '.*mine\.json' is missing"):
        read_card(tmp_path / "mine.tflite", dict)
