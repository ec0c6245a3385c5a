"""The photograph detector's files are checked, and its network takes pictures of any size."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from webcam_app.errors import ModelError
from webcam_app.faces.detection import still_network
from webcam_app.faces.detection.still_network import MODEL, StillNetwork
from webcam_app.resources import model_path

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The network with its card, free to be damaged."""
    for suffix in (".tflite", ".json"):
        shutil.copy(model_path(MODEL).with_suffix(suffix), (tmp_path / MODEL).with_suffix(suffix))
    return tmp_path / MODEL


@pytest.mark.parametrize("shape", [(32, 32), (160, 224), (32, 640)])
def test_the_maps_have_a_cell_for_each_stride(shape: tuple[int, int]) -> None:
    network = StillNetwork()
    maps = network.run(np.full((*shape, 3), 90, np.uint8))
    cells = tuple(length // network.card.stride for length in shape)
    assert maps.logits.shape == cells
    assert maps.boxes.shape == (*cells, 3)


def test_pictures_of_many_sizes_one_after_the_other_are_answered_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(still_network, "KEPT_PIXELS", 64 * 64 + 16 * 64)
    network = StillNetwork()
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    first = network.run(image)
    for number in range(8):
        network.run(np.zeros((16, 16 * (number + 1), 3), np.uint8))
    again = network.run(image)
    assert np.array_equal(first.logits, again.logits)
    assert np.array_equal(first.boxes, again.boxes)


@pytest.mark.parametrize("suffix", [".tflite", ".json"])
def test_a_missing_file_is_named(copied: Path, suffix: str) -> None:
    copied.with_suffix(suffix).unlink()
    with pytest.raises(ModelError, match=f"detector{suffix}' is missing"):
        StillNetwork(copied)


def test_a_truncated_network_is_refused(copied: Path) -> None:
    copied.write_bytes(copied.read_bytes()[:1000])
    with pytest.raises(ModelError, match="damaged"):
        StillNetwork(copied)


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card.pop("sizes"),
        lambda card: card["input"].update(color_order="RGB"),
        lambda card: card["input"].update(multiple=12),
        lambda card: card["sizes"].update(largest=20),
        lambda card: card["sizes"].update(smallest="small"),
        lambda card: card["thresholds"].update(face=float("nan")),
        lambda card: card["verifier"].pop("thresholds"),
        lambda card: card["verifier"].update(weights=[]),
        lambda card: card["verifier"].update(weights=[0.5, float("nan")]),
        lambda card: card["verifier"].update(network="../gender.tflite"),
        lambda card: card["verifier"]["thresholds"]["small"].update(face="high"),
        lambda card: card["outputs"].pop("box"),
        lambda card: card["outputs"].update(centre=card["outputs"]["box"]),
    ],
)
def test_a_card_that_makes_no_sense_is_refused(copied: Path, change: Change) -> None:
    path = copied.with_suffix(".json")
    card = json.loads(path.read_text(encoding="utf-8"))
    change(card)
    path.write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="detector"):
        StillNetwork(copied)
