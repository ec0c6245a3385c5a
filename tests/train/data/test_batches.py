"""Crops and batches for training."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.augment import Augmenter, Chances, crop_canvas
from train.data.batches import augmented, balanced_order, evened_order
from train.data.cache import cut_canvas
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face

CALM = Chances(small=0, blur=0, light=0, cast=0, noise=0, compression=0, gray=0, erase=0)


def test_the_training_crop_is_the_live_crop(portrait: NDArray[np.uint8]) -> None:
    box = Box(190, 90, 160, 160)
    live = crop_face(portrait, box, 96, CropSpec())
    canvas = cut_canvas(portrait, box, 240, 1.5, CropSpec())
    trained = crop_canvas(canvas, 96, 1.5)
    assert np.abs(live.astype(int) - trained).mean() < 2
    shifted = crop_canvas(cut_canvas(portrait, Box(200, 90, 160, 160), 240, 1.5, CropSpec()), 96, 1.5)
    assert np.abs(live.astype(int) - shifted).mean() > 6


def test_a_calm_augmenter_only_moves_the_crop(portrait: NDArray[np.uint8]) -> None:
    canvas = cut_canvas(portrait, Box(190, 90, 160, 160), 240, 1.5, CropSpec())
    plain = crop_canvas(canvas, 96, 1.5)
    augment = Augmenter(240, 1.5, 0, CALM)
    for _ in range(10):
        crop = augment(canvas, 96)
        assert crop.shape == (96, 96, 3) and crop.dtype == np.uint8
        assert np.abs(crop.mean((0, 1)) - plain.mean((0, 1))).max() < 25


def test_every_augmentation_changes_the_picture_but_keeps_its_form(portrait: NDArray[np.uint8]) -> None:
    canvas = cut_canvas(portrait, Box(190, 90, 160, 160), 192, 1.5, CropSpec())
    before = canvas.copy()
    for name in ("small", "blur", "light", "noise", "compression", "gray", "erase"):
        chances = Chances(**{**dict.fromkeys(Chances.__dataclass_fields__, 0.0), name: 1.0})
        calm, changed = Augmenter(192, 1.5, 7, CALM), Augmenter(192, 1.5, 7, chances)
        difference = cv2.absdiff(calm(canvas, 64), changed(canvas, 64))
        assert difference.any(), name
    assert np.array_equal(canvas, before)


def test_balanced_orders_draw_each_class_equally_often() -> None:
    classes = np.array([0] * 90 + [1] * 10, np.int16)
    order = balanced_order(np.arange(100), classes, np.random.default_rng(0), balance=True)
    assert np.bincount(classes[order]).tolist() == [90, 90]
    assert set(order[classes[order] == 0]) == set(range(90))


@pytest.mark.parametrize(("power", "rare", "common"), [(0.0, 10, 90), (0.5, 25, 75), (1.0, 50, 50)])
def test_evened_orders_draw_rare_cells_more_often(power: float, rare: int, common: int) -> None:
    cells = np.array([0] * 90 + [1] * 10, np.int64)
    orders = [evened_order(np.arange(100), cells, np.random.default_rng(seed), power) for seed in range(40)]
    drawn = np.bincount(cells[np.concatenate(orders)]) / 40
    assert drawn == pytest.approx([common, rare], rel=0.05)
    assert set(np.concatenate(orders)) == set(range(100))


def test_faces_with_more_emphasis_are_drawn_more_often() -> None:
    rows, cells = np.arange(100), np.zeros(100, np.int64)
    emphasis = np.where(rows < 50, 3.0, 1.0)
    orders = [evened_order(rows, cells, np.random.default_rng(seed), 0.4, emphasis) for seed in range(40)]
    drawn = np.concatenate(orders)
    assert (drawn < 50).mean() == pytest.approx(0.75, abs=0.02)
    assert len(drawn) / 40 == pytest.approx(100, abs=2)


def test_a_face_compressed_like_a_video_loses_its_texture_and_no_more(portrait: NDArray[np.uint8]) -> None:
    canvas = cut_canvas(portrait, Box(190, 90, 160, 160), 192, 1.5, CropSpec())
    textured = cv2.add(canvas, np.random.default_rng(0).integers(0, 40, canvas.shape, np.uint8))
    chances = Chances(**{**dict.fromkeys(Chances.__dataclass_fields__, 0.0), "compression": 1.0})
    calm, changed = Augmenter(192, 1.5, 3, CALM), Augmenter(192, 1.5, 3, chances)
    detail, shift = [], []
    for _ in range(40):
        calm._rng.bit_generator.state = changed._rng.bit_generator.state
        before, after = calm(textured, 128), changed(textured, 128)
        detail.append(cv2.Laplacian(after, cv2.CV_32F).std() / cv2.Laplacian(before, cv2.CV_32F).std())
        shift.append(np.abs(cv2.blur(after, (16, 16)).astype(int) - cv2.blur(before, (16, 16))).mean())
    assert np.median(detail) < 0.7, "detail goes"
    assert np.max(shift) < 8, "light, colour and place stay"


def test_an_error_in_an_augmenting_thread_reaches_the_training_loop() -> None:
    def broken(row: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        raise OSError(f"row {row}")

    with pytest.raises(OSError, match="row"):
        list(augmented(np.arange(8), 32, 4, broken, [Augmenter(48, 1.5, 0)], 0))
