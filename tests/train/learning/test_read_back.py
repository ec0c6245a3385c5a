"""Training goes on from an exported file: the weights that it holds are the student's."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.batches import to_input
from train.errors import TrainError
from train.learning.networks import MobileNetV2
from train.learning.pretrained import load_mobilenet
from train.learning.read_back import load_folded, load_heads, read_back
from webcam_app.faces.labelling.classifier import Classifier
from webcam_app.resources import model_path


def test_a_student_read_back_from_the_shipped_file_answers_like_it() -> None:
    classifier = Classifier(model_path())
    size = classifier.card.input_size
    rng = np.random.default_rng(0)
    crops = [rng.integers(0, 256, (8, 8, 3), np.uint8).repeat(size // 8, 0).repeat(size // 8, 1) for _ in range(12)]
    student = MobileNetV2(len(classifier.card.labels) + 1, folded=True).eval()
    load_folded(student, read_back(model_path()))
    with torch.no_grad():
        mine = student(to_input(np.stack(crops))).numpy()[:, :-1]
    theirs = np.stack([said.logits for said in classifier.classify(crops)]) * classifier.card.temperature
    assert np.corrcoef(mine.ravel(), theirs.ravel())[0, 1] > 0.97
    assert np.abs(mine - theirs).mean() < 0.3


def test_weights_of_another_width_are_refused() -> None:
    with pytest.raises(TrainError, match="do not fit"):
        load_folded(MobileNetV2(3, width=0.5, folded=True), read_back(model_path()))


def test_batch_norm_that_is_measured_anew_leaves_the_answers_as_they_were() -> None:
    weights = read_back(model_path())
    pictures = torch.from_numpy(np.random.default_rng(0).random((8, 3, 64, 64), np.float32) * 2 - 1)
    folded = MobileNetV2(3, folded=True).eval()
    load_folded(folded, weights)
    renormed = MobileNetV2(3).eval()
    load_mobilenet(renormed, weights, pictures)
    load_heads(renormed, weights)
    with torch.no_grad():
        assert torch.allclose(renormed(pictures), folded(pictures), atol=1e-2)
