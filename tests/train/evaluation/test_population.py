"""What the features of many faces say of one: directions in which persons differ more than a person's pictures do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.errors import TrainError
from train.evaluation.population import directions, population
from webcam_app.errors import ModelError
from webcam_app.faces.labelling.population import Directions, Population, parse_population
from webcam_app.teaching.lesson import NEAREST, teach

DIMENSION = 24


def faces(random: np.random.Generator, persons: int, views: int, style: Any) -> Any:
    """Features in which light and place make more of a difference than who it is: (persons, views, dimension)."""
    who = random.normal(0, 1, (persons, 1, DIMENSION))
    how = random.normal(0, 1, (persons, views, 4)) @ style
    return (6.0 + who + how + random.normal(0, 0.3, (persons, views, DIMENSION))).astype(np.float32)


def known(tmp_path: Path, many: Any) -> Population:
    entry: dict[str, Any] = population(many[:, 0])
    rows, divisor = directions(many, entry)
    content = rows.astype("<i2").tobytes()
    (tmp_path / "directions.bin").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    entry["directions"] = {"file": "directions.bin", "sha256": sha256, "count": len(rows), "divisor": divisor}
    return parse_population(json.loads(json.dumps(entry)), tmp_path / "network.tflite")


def test_people_are_told_apart_along_the_directions_where_features_alone_show_the_light(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    style = random.normal(0, 3, (4, DIMENSION))
    outlook = known(tmp_path, faces(random, 300, 6, style))
    taught, tested = np.split(faces(random, 12, 12, style), [4], axis=1)
    labels = [f"{person:02d}" for person in range(12) for _ in range(4)]
    features = taught.reshape(-1, 1, DIMENSION)

    def right(some: Population | None) -> float:
        lesson = teach(features, labels, np.arange(len(labels)), some)
        cosines = np.array([[lesson.layer.cosines(each).argmax() for each in row] for row in tested])
        return float((cosines == np.arange(12)[:, np.newaxis]).mean())

    assert right(outlook) > right(Population(outlook.scale)) + 0.2
    assert teach(features, labels, np.arange(len(labels)), outlook).method.kind == NEAREST


def test_directions_that_are_not_those_of_the_card_are_refused(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    many = faces(random, 50, 3, random.normal(0, 1, (4, DIMENSION)))
    outlook = known(tmp_path, many)
    assert isinstance(outlook.directions, Directions)
    path = tmp_path / "directions.bin"
    entry = population(many[:, 0]) | {
        "directions": {
            "file": path.name,
            "sha256": outlook.directions.sha256,
            "count": len(outlook.directions.rows),
            "divisor": outlook.directions.divisor,
        }
    }
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(ModelError, match="damaged or of another version"):
        parse_population(entry, tmp_path / "network.tflite")
    path.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        parse_population(entry, tmp_path / "network.tflite")


def test_pictures_that_are_all_alike_make_no_directions() -> None:
    same = np.ones((5, 2, DIMENSION), np.float32)
    with pytest.raises(TrainError, match="do not differ"):
        directions(same, population(same[:, 0]))
