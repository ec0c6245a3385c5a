"""Crops and batches for training."""

from __future__ import annotations

import threading
from contextlib import closing

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.augment import Augmenter, Chances, crop_canvas
from train.data.batches import READY, Batch, CanvasBatches, balanced_order, evened_order, prefetched
from train.data.cache import cut_canvas
from train.errors import TrainError
from train.processes import Share
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
    augment, rng = Augmenter(240, 1.5, 0, CALM), np.random.default_rng(0)
    for _ in range(10):
        crop = augment(canvas, 96, rng)
        assert crop.shape == (96, 96, 3) and crop.dtype == np.uint8
        assert np.abs(crop.mean((0, 1)) - plain.mean((0, 1))).max() < 25


def test_every_augmentation_changes_the_picture_but_keeps_its_form(portrait: NDArray[np.uint8]) -> None:
    canvas = cut_canvas(portrait, Box(190, 90, 160, 160), 192, 1.5, CropSpec())
    before = canvas.copy()
    for name in ("small", "blur", "light", "noise", "compression", "gray", "erase"):
        chances = Chances(**{**dict.fromkeys(Chances.__dataclass_fields__, 0.0), name: 1.0})
        calm, changed = Augmenter(192, 1.5, 7, CALM), Augmenter(192, 1.5, 7, chances)
        crops = [augment(canvas, 64, np.random.default_rng(7)) for augment in (calm, changed)]
        difference = cv2.absdiff(*crops)
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
    for seed in range(40):
        before, after = (augment(textured, 128, np.random.default_rng(seed)) for augment in (calm, changed))
        detail.append(cv2.Laplacian(after, cv2.CV_32F).std() / cv2.Laplacian(before, cv2.CV_32F).std())
        shift.append(np.abs(cv2.blur(after, (16, 16)).astype(int) - cv2.blur(before, (16, 16))).mean())
    assert np.median(detail) < 0.7, "detail goes"
    assert np.max(shift) < 8, "light, colour and place stay"


def _batches(size: int = 4, seed: int = 1) -> CanvasBatches:
    canvases = np.random.default_rng(0).integers(0, 255, (600, 48, 48, 3), np.uint8)

    def picture(row: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        return canvases[row], int(rng.integers(0, 2))

    return CanvasBatches(lambda epoch: np.roll(np.arange(600), epoch), picture, size, 48, 1.5, seed)


def _first(source: CanvasBatches, epoch: int, start: int, count: int = 1) -> list[Batch]:
    with closing(source.batches(epoch, 24, start)) as batches:
        return [next(batches) for _ in range(count)]


def _same(one: Batch, other: Batch) -> bool:
    return torch.equal(one.images, other.images) and np.array_equal(one.masks, other.masks)


def test_batches_are_the_same_in_every_run_and_after_a_stop() -> None:
    straight = _first(_batches(), 1, 0, 8)
    assert all(_same(*pair) for pair in zip(straight, _first(_batches(), 1, 0, 8), strict=True))
    resumed = _first(_batches(), 1, 5, 3)
    assert all(_same(*pair) for pair in zip(straight[5:], resumed, strict=True))
    assert [batch.rows.tolist() for batch in resumed] == [[19, 20, 21, 22], [23, 24, 25, 26], [27, 28, 29, 30]]


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_show_together_the_batch_of_one(processes: int) -> None:
    [whole] = _first(_batches(), 1, 5)
    parts = []
    for number in range(processes):
        with closing(_batches().batches(1, 24, 5, Share(number, processes))) as batches:
            parts.append(next(batches))
    assert torch.equal(torch.cat([part.images for part in parts]), whole.images)
    assert np.concatenate([part.rows for part in parts]).tolist() == whole.rows.tolist()
    assert np.concatenate([part.masks for part in parts]).tolist() == whole.masks.tolist()


def test_more_processes_than_faces_in_a_batch_are_refused() -> None:
    with pytest.raises(TrainError, match="5 processes cannot share a batch of 4: start fewer"):
        next(_batches().batches(0, 24, 0, Share(1, 5)))


@pytest.mark.parametrize(("epoch", "start", "seed"), [(2, 0, 1), (1, 100, 1), (1, 1, 1), (1, 0, 2)])
def test_no_other_place_seed_or_epoch_shows_a_face_alike(epoch: int, start: int, seed: int) -> None:
    """The faces are the same one, so that only the augmentation can differ."""
    canvas = np.random.default_rng(0).integers(0, 255, (48, 48, 3), np.uint8)

    def source(seed: int) -> CanvasBatches:
        return CanvasBatches(lambda _: np.zeros(600, np.int64), lambda _row, _rng: (canvas, 0), 4, 48, 1.5, seed)

    [one], [other] = _first(source(1), 1, 0), _first(source(seed), epoch, start)
    assert not _same(one, other)
    assert not torch.equal(one.images[0], one.images[1])


def test_a_slow_thread_does_not_change_the_order() -> None:
    second_is_done = threading.Event()

    def make(number: int) -> int:
        if number == 0:
            assert second_is_done.wait(30)
        if number == 1:
            second_is_done.set()
        return number

    assert list(prefetched(make, 9, 2)) == list(range(9))


def test_no_more_batches_are_made_ahead_than_there_is_room_for() -> None:
    made: list[int] = []
    batches = prefetched(lambda number: made.append(number) or number, 100, 2)  # type: ignore[func-returns-value]
    assert next(batches) == 0
    batches.close()
    assert len(made) <= READY
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_an_error_in_an_augmenting_thread_reaches_the_training_loop() -> None:
    def broken(row: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        raise OSError(f"row {row}")

    with pytest.raises(OSError, match="row"):
        list(CanvasBatches(lambda _: np.arange(8), broken, 4, 48, 1.5, 0).batches(0, 32, 0))
