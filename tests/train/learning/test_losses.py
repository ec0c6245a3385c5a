"""What the student minimizes, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.batches import Batch
from train.learning.losses import LabelLoss, LossSum, MaskLoss, TeacherLoss

# Rows 0 and 1 have given labels, row 2 has none.
CLASSES = np.array([0, 1, -1], np.int16)
# Two classes, then the mask.
OUTPUTS = torch.tensor([[math.log(3), 0.0, 0.0], [0.0, 0.0, math.log(4)]])


def batch(rows: list[int], masks: list[int]) -> Batch:
    return Batch(torch.zeros(len(rows), 3, 1, 1), np.array(rows), np.array(masks, np.int8))


def test_the_label_loss_is_the_cross_entropy_of_faces_with_a_label() -> None:
    loss = LabelLoss(CLASSES, 2, smoothing=0.0)
    assert float(loss(OUTPUTS, batch([0, 1], [0, 0]))) == pytest.approx((-math.log(0.75) + math.log(2)) / 2)
    assert float(loss(OUTPUTS, batch([0, 2], [0, 0]))) == pytest.approx(-math.log(0.75) / 2)


def test_the_teacher_counts_for_its_share_where_a_label_is_given_and_fully_where_not() -> None:
    soft = torch.tensor([[100.0, 0.0]] * 3)
    loss = TeacherLoss(soft, CLASSES, share=0.25, temperature=1.0)
    assert float(loss(OUTPUTS, batch([0, 2], [0, 0]))) == pytest.approx((0.25 * -math.log(0.75) + math.log(2)) / 2)


def test_a_temperature_softens_both_sides_and_scales_by_its_square() -> None:
    soft = torch.tensor([[2 * math.log(3), 0.0]] * 3)
    loss = TeacherLoss(soft, CLASSES, share=1.0, temperature=2.0)
    root = math.sqrt(3)
    expected = 4 * (-0.75 * math.log(root / (1 + root)) - 0.25 * math.log(1 / (1 + root)))
    assert float(loss(OUTPUTS[:1], batch([0], [0]))) == pytest.approx(expected, rel=1e-5)


def test_the_mask_loss_leaves_out_faces_of_which_nothing_is_known() -> None:
    loss = MaskLoss(2)
    assert float(loss(OUTPUTS, batch([0, 1], [-1, 1]))) == pytest.approx(-math.log(0.8) / 2)


def test_a_sum_weighs_its_terms() -> None:
    total = LossSum([(2.0, LabelLoss(CLASSES, 2, 0.0)), (0.5, MaskLoss(2))])
    expected = 2 * (-math.log(0.75) + math.log(2)) / 2 + 0.5 * (math.log(2) - math.log(0.8)) / 2
    assert float(total(OUTPUTS, batch([0, 1], [0, 1]))) == pytest.approx(expected)
