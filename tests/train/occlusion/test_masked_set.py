"""A set with every face bare and masked, from a set of bare faces."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from train.__main__ import main
from train.occlusion.draw import HELD_OUT_KINDS


@pytest.fixture
def faces(tmp_path: Path, portrait: NDArray[np.uint8]) -> Path:
    folder = tmp_path / "faces"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(folder / name), portrait)
    (folder / "labels.csv").write_text("path,gender,race\na.png,male,White\nb.png,male,White\n", encoding="utf-8")
    return folder


def test_every_face_is_there_bare_and_masked(faces: Path, tmp_path: Path, portrait: NDArray[np.uint8]) -> None:
    made = tmp_path / "made"
    assert main(["masked-set", str(faces), str(made)]) == 0
    with (made / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["mask"], row["gender"], row["race"]) for row in rows] == [
        ("0", "male", "White"),
        ("1", "male", "White"),
    ] * 2
    assert all(row["kind"] in (HELD_OUT_KINDS if row["mask"] == "1" else ("",)) for row in rows)
    bare, masked = (cv2.imread(str(made / row["path"])) for row in rows[:2])
    assert np.array_equal(bare, portrait)
    changed = np.any(bare != masked, axis=2)
    assert 0.05 < changed.mean() < 0.6
    assert not changed[: round(109 + 0.3 * 207)].any(), "the forehead of the face at 165, 109 is bare"


def test_the_same_seed_draws_the_same_masks(faces: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["masked-set", str(faces), str(tmp_path / name), "--seed", "7"]) == 0
    pictures = [sorted((tmp_path / name).glob("*.png")) for name in ("one", "two")]
    assert [path.read_bytes() for path in pictures[0]] == [path.read_bytes() for path in pictures[1]]


def test_a_set_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["masked-set", str(tmp_path / "none"), str(tmp_path / "made")]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
