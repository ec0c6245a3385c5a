"""Crops, batches and the training loop."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.augment import Augmenter, Chances, crop_canvas
from train.data.batches import Batch, CanvasBatches, augmented, balanced_order
from train.data.cache import cut_canvas
from train.errors import TrainError
from train.learning.calibration import fit_temperature, mask_threshold, unsure_threshold
from train.learning.checkpoint import load_network, save_state
from train.learning.trainer import Optimization, Trainer, parameter_groups
from train.settings import StageSettings
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


def test_an_error_in_an_augmenting_thread_reaches_the_training_loop() -> None:
    def broken(row: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        raise OSError(f"row {row}")

    with pytest.raises(OSError, match="row"):
        list(augmented(np.arange(8), 32, 4, broken, [Augmenter(48, 1.5, 0)], 0))


def test_a_known_temperature_is_found_again() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20000, 3)).astype(np.float32)
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = (probabilities.cumsum(1) > rng.random((20000, 1))).argmax(1)
    assert fit_temperature(logits * 2.5, truth) == pytest.approx(2.5, rel=0.05)


class Interrupted(Exception):
    """The person stops the training."""


def test_a_stopped_training_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("train.learning.trainer.CHECKPOINT_SECONDS", 0)
    canvases = np.random.default_rng(0).integers(0, 255, (32, 48, 48, 3), np.uint8)
    stages = (StageSettings(32, 3, 1e-2),)

    def start() -> Trainer[torch.nn.Module]:
        torch.manual_seed(0)
        network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten(), torch.nn.LazyLinear(2))
        network(torch.zeros(1, 3, 32, 32))
        groups = parameter_groups(network, [], 0.0, 1.0)
        return Trainer(network, groups, stages, tmp_path / "c.pt", Optimization(average_decay=0.5))

    source = CanvasBatches(lambda epoch: np.arange(32), lambda row, _: (canvases[row], 0), 8, 48, 1.5, 1)
    seen: list[int] = []

    def run(trainer: Trainer[torch.nn.Module], stop_after: int | None) -> None:
        def loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
            if stop_after is not None and len(seen) == stop_after:
                raise Interrupted
            seen.append(1)
            return logits.square().mean()

        trainer.run(source, loss)

    with pytest.raises(Interrupted):
        run(start(), 6)
    again = start()
    assert again.step == 6
    run(again, None)
    assert len(seen) == 12, "three epochs of four batches, none twice"


def test_damaged_weights_are_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "teacher.pt").write_bytes(b"half a file")
    with pytest.raises(TrainError, match=r"teacher\.pt' cannot be read .*: remove it to train again"):
        load_network(torch.nn.Linear(2, 2), tmp_path / "teacher.pt")


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_state(torch.nn.Linear(3, 2).state_dict(), tmp_path / "teacher.pt")
    with pytest.raises(TrainError, match="another network"):
        load_network(torch.nn.Linear(2, 2), tmp_path / "teacher.pt")


def test_a_weights_file_cannot_run_code(tmp_path: Path) -> None:
    torch.save({"weight": Interrupted()}, tmp_path / "teacher.pt")
    with pytest.raises(TrainError, match="cannot be read"):
        load_network(torch.nn.Linear(2, 2), tmp_path / "teacher.pt")


def test_the_masks_threshold_lies_between_masked_and_bare_faces() -> None:
    masked, bare, hands = np.array([0.4, 0.9, 0.95]), np.array([0.01, 0.2]), np.array([0.1] * 50)
    assert mask_threshold(masked, bare, hands) == pytest.approx(0.3, abs=0.01)
    assert mask_threshold(masked, bare, np.array([0.5] * 50)) == pytest.approx(0.7, abs=0.01), "hands come first"


def test_without_masked_or_bare_faces_there_is_no_threshold_to_choose() -> None:
    none, some = np.array([]), np.array([0.2, 0.8])
    assert mask_threshold(none, some, some) is None
    assert mask_threshold(some, none, some) is None
    assert mask_threshold(np.array([0.8]), np.array([0.2]), none) == pytest.approx(0.5, abs=0.01)


def test_as_many_are_labelled_as_asked_on_faces_that_did_not_choose_the_threshold() -> None:
    rng = np.random.default_rng(5)
    labelled = []
    for _ in range(200):
        threshold = unsure_threshold(rng.beta(5, 1, 2000), 0.9)
        labelled.append((rng.beta(5, 1, 2000) >= threshold).mean())
    assert np.mean(labelled) == pytest.approx(0.9067, abs=0.001), "nine tenths and a standard error"
    assert np.mean(np.array(labelled) >= 0.9) > 0.7
    assert unsure_threshold(np.array([0.6, 0.9]), 0.9) == 0.6, "few faces: all are labelled"
