"""Teaching and training are compared on pictures that neither has seen, and on the same ones."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.train.evaluation.test_evaluate import ColorClassifier
from tests.train.pictures import BLUE, RED, noise, plain, write_csv, write_picture
from train.__main__ import main
from train.evaluation.compare import describe, draw, measure, write_pictures
from train.readers import read_dataset


def arguments(data: Path, **changes: Any) -> argparse.Namespace:
    given = {"data": data, "others": None, "label": None, "classes": None, "each": 4, "most": 9, "seed": 1}
    return argparse.Namespace(**{**given, **changes})


def keys(pictures: Mapping[str, Sequence[tuple[Any, Any]]]) -> dict[str, list[str]]:
    return {label: [sample.key for _, sample in entries] for label, entries in pictures.items()}


def labelled(folder: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """A set of different pictures with a table."""
    for number, _ in enumerate(rows):
        write_picture(folder / f"{number}.png", noise(number))
    write_csv(folder / "labels.csv", ["path", *columns], [[f"{n}.png", *row] for n, row in enumerate(rows)])
    return folder


def test_what_is_tested_was_not_learned_and_looks_like_nothing_that_was(tmp_path: Path) -> None:
    for label, first in (("a", 0), ("b", 100)):
        for number in range(8):
            image = noise(first + number, 96)
            write_picture(tmp_path / label / f"{number}.png", image)
            write_picture(tmp_path / label / f"{number} again.png", cv2.convertScaleAbs(image, alpha=0.97))
    learned, tested = map(keys, draw(arguments(tmp_path)))
    for label in "ab":
        assert len(learned[label]) == 4 and tested[label]
        seen = {key.split("/")[-1].split(" ")[0].split(".")[0] for key in learned[label]}
        assert not seen & {key.split("/")[-1].split(" ")[0].split(".")[0] for key in tested[label]}


def test_who_was_learned_from_is_not_tested(tmp_path: Path) -> None:
    rows = [("red" if number % 2 else "blue", f"person {number // 4}") for number in range(40)]
    data = labelled(tmp_path, ("label", "person"), rows)
    learned, tested = draw(arguments(data, each=3))
    people = [
        {sample.attributes["person"] for entries in part.values() for _, sample in entries}
        for part in (learned, tested)
    ]
    assert people[1] and not people[0] & people[1]


def test_classes_are_values_of_several_columns_and_several_values_may_be_one(tmp_path: Path) -> None:
    rows = [(color, age) for color in ("red", "blue") for age in ("1", "2", "3") for _ in range(6)]
    data = labelled(tmp_path, ("color", "age"), rows)
    learned, tested = draw(arguments(data, label="color,age", classes=["red/1", "blue/2,blue/3"], each=5))
    assert {label: len(entries) for label, entries in learned.items()} == {"red/1": 5, "blue/2 or blue/3": 5}
    said = {(s.attributes["color"], s.attributes["age"]) for _, s in [*learned["blue/2 or blue/3"], *tested["red/1"]]}
    assert said == {("red", "1"), ("blue", "2"), ("blue", "3")}


def test_the_same_seed_draws_the_same_and_another_others(tmp_path: Path) -> None:
    data = labelled(tmp_path, ("label",), [("a",), ("b",)] * 20)
    first, second, other = (keys(draw(arguments(data, seed=seed))[0]) for seed in (1, 1, 2))
    assert first == second != other


def test_pictures_to_test_with_may_come_from_another_set(tmp_path: Path) -> None:
    data = labelled(tmp_path / "one", ("label",), [("a",), ("b",)] * 6)
    for number in range(4):
        write_picture(tmp_path / "two" / "ab"[number % 2] / f"{number}.png", noise(500 + number))
    learned, tested = draw(arguments(data, others=tmp_path / "two"))
    assert {d.path for e in learned.values() for d, _ in e} == {data}
    assert sorted(key for entries in keys(tested).values() for key in entries) == [
        "a/0.png", "a/2.png", "b/1.png", "b/3.png",
    ]  # fmt: skip


def test_both_models_label_the_same_crops_and_the_gain_counts_pictures_that_one_has_right(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for number in range(40):
        for label, color in (("female", RED), ("male", BLUE)):
            shade: NDArray[np.uint8] = np.clip(plain(color) + random.integers(0, 30), 0, 255).astype(np.uint8)
            write_picture(tmp_path / label / f"{number}.png", shade)
    first, second = ColorClassifier(), ColorClassifier()
    look = first._look
    first._look = lambda crop: look(crop[..., ::-1])  # type: ignore[method-assign]
    document = measure([first, second], read_dataset(tmp_path))
    assert (document["teach"]["accuracy"], document["train run"]["accuracy"], document["count"]) == (0.0, 1.0, 80)
    assert document["gain"]["value"] == 1.0 and document["gain"]["interval"] == [1.0, 1.0]
    assert all(np.array_equal(a[..., ::-1], b) for a, b in zip(first.seen, second.seen, strict=True))
    document["seconds"] = {"teach": 2.0, "train run": 60.0}
    lines = "\n".join(describe(document))
    assert "train run: 100.0% of 80 others right" in lines and "+100.0 points (+100.0 to +100.0)" in lines


def test_a_person_finds_the_pictures_in_a_folder_a_class(tmp_path: Path) -> None:
    data = labelled(tmp_path / "set", ("label",), [("a",), ("b",)] * 6)
    learned, _ = draw(arguments(data))
    write_pictures(learned, tmp_path / "pictures")
    assert read_dataset(tmp_path / "pictures").counts == {"a": 4, "b": 4}


def test_too_few_pictures_and_a_folder_in_use_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = labelled(tmp_path / "set", ("label",), [("a",), ("b",)] * 6)
    command = ["compare", "--data", str(data), "--each", "6"]
    assert main([*command, "--run", str(tmp_path / "new")]) == 1
    assert "too few pictures of 'a'" in capsys.readouterr().err
    assert main([*command, "--run", str(data)]) == 1
    assert "is not empty: name a new folder" in capsys.readouterr().err
