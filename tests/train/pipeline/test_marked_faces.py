"""Someone trains with photographs in which faces were drawn by hand: these are what is learnt from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from tests.train.pictures import noise, write_csv, write_picture
from train.__main__ import main
from train.data.cache import cut_canvas, open_cache
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec

FACE = Box(166, 108, 205, 205)
LOOSE = Box(190, 130, 160, 200)
ELSEWHERE = Box(20, 400, 80, 80)


def test_each_face_that_was_labelled_is_cut_where_it_was_drawn(tmp_path: Path, portrait: NDArray[np.uint8]) -> None:
    data = tmp_path / "album"
    rows = []
    for number in range(8):
        write_picture(data / f"{number}.png", noise(number, 200))
        rows.append([f"{number}.png", "ab"[number % 2], *[""] * 5])
    write_picture(data / "photograph.png", portrait)
    rows += [
        ["photograph.png", "a", *map(str, LOOSE), "drawn"],
        ["photograph.png", "b", *map(str, ELSEWHERE), "drawn"],
        ["photograph.png", "", "300", "500", "40", "40", "removed"],
    ]
    write_csv(data / "labels.csv", ["path", "label", "x", "y", "width", "height", "face"], rows)
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"prepare": {"development": 2, "pool": 0, "canvas_size": 96}}))
    run = tmp_path / "run"
    assert main(["prepare", "--run", str(run), "--data", str(data), "--settings", str(settings)]) == 0

    cache = open_cache(run / "cache")
    own = [row for row, key in enumerate(cache.keys) if key == "photograph.png"]
    assert len(cache.keys) == 10
    assert [cache.labels[cache.classes[row]] for row in own] == ["a", "b"]
    fitted = BoxRefiner().fit_drawn(portrait, LOOSE)
    assert fitted.iou(FACE) > 0.75 > LOOSE.iou(FACE)
    scale = json.loads((run / "settings.json").read_text())["prepare"]["canvas_scale"]
    for row, box in zip(own, (fitted, BoxRefiner().fit_drawn(portrait, ELSEWHERE)), strict=True):
        expected = cut_canvas(portrait, box, 96, scale, CropSpec())
        assert np.array_equal(cache.images[row], expected)
