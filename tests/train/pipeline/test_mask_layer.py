"""The mask output's last layer is fitted to drawn and real masks; all else of the student stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from torch import Tensor, nn
from torch.nn import functional

from tests.train.pictures import noise, write_csv, write_picture
from train.__main__ import main
from train.data.augment import crop_canvas
from train.data.batches import to_input
from train.data.cache import open_cache
from train.learning.networks import MobileNetV2
from train.occlusion.occluded_faces import open_occluded
from train.pipeline.mask_layer import fit_mask_layer
from train.run_folder import RunFolder

SIZE = 48
STUDENT = {
    "width": 0.25,
    "batch": 8,
    "stages": [{"size": SIZE, "epochs": 1, "rate": 1e-3}],
    "quantized": {"size": SIZE, "epochs": 1, "rate": 1e-4},
}


def _run(folder: Path, occluded: int) -> RunFolder:
    for number in range(40):
        write_picture(folder / "data" / f"{number}.png", noise(number, 96))
    write_csv(folder / "data" / "labels.csv", ["path", "label"], [[f"{n}.png", "ab"[n % 2]] for n in range(40)])
    settings = {
        "prepare": {"development": 4, "pool": 0, "canvas_size": 96, "occluded": occluded},
        "student": STUDENT,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    arguments = ["--run", str(folder / "run"), "--data", str(folder / "data"), "--settings"]
    assert main(["prepare", *arguments, str(folder / "settings.json")]) == 0
    return RunFolder(folder / "run")


class ColourStudent(nn.Module):
    """Sees how bright each part of a picture is and how much it varies there, and knows nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.head = nn.Linear(6 * 64, 3)

    def forward(self, images: Tensor) -> Tensor:
        mean = functional.adaptive_avg_pool2d(images, 8)
        square = functional.adaptive_avg_pool2d(images**2, 8)
        parts = torch.cat([mean, (square - mean**2).clamp(min=0).sqrt()], 1)
        return self.head(self.scale * parts.flatten(1))


def _student() -> MobileNetV2:
    torch.manual_seed(0)
    return cast(MobileNetV2, ColourStudent().eval())


def test_drawn_masks_are_told_from_bare_faces_and_the_classes_stay(tmp_path: Path) -> None:
    run = _run(tmp_path, occluded=36)
    cache, settings, student = open_cache(run.cache), run.settings(), _student()
    before = {name: value.clone() for name, value in student.state_dict().items()}
    assert fit_mask_layer(student, run, cache, settings)
    after = student.state_dict()
    assert torch.equal(after["head.weight"][:-1], before["head.weight"][:-1])
    assert torch.equal(after["head.bias"][:-1], before["head.bias"][:-1])
    assert all(torch.equal(after[name], before[name]) for name in before if not name.startswith("head."))

    drawn, twins = open_occluded(run.cache)
    masked = np.array([drawn[number] for number in np.flatnonzero(twins[:, 1] == 1)])
    bare = np.array([drawn[number] for number in np.flatnonzero(twins[:, 1] == 0)])
    logits = []
    for canvases in (masked, bare):
        crops = np.stack([crop_canvas(canvas, SIZE, settings.prepare.canvas_scale) for canvas in canvases])
        with torch.no_grad():
            logits.append(student(to_input(crops))[:, -1].numpy())
    higher = (logits[0][:, None] > logits[1][None, :]).mean()
    assert higher > 0.8, "a masked face gets more than one behind something else"


def test_the_same_weights_are_fitted_each_time(tmp_path: Path) -> None:
    run = _run(tmp_path, occluded=36)
    students = [_student(), _student()]
    for student in students:
        assert fit_mask_layer(student, run, open_cache(run.cache), run.settings())
    one, other = (student.state_dict() for student in students)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_without_a_masked_face_nothing_changes(tmp_path: Path) -> None:
    run = _run(tmp_path, occluded=0)
    student = _student()
    before = {name: value.clone() for name, value in student.state_dict().items()}
    assert not fit_mask_layer(student, run, open_cache(run.cache), run.settings())
    assert all(torch.equal(value, before[name]) for name, value in student.state_dict().items())
