"""The box refiner learns from what is true, a stopped training goes on, and its network works in the application."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from train.errors import TrainError
from train.refiner.bank import PATCH, PATCH_SCALE, Bank, cut_patch
from webcam_app.faces.face import Box

torch = pytest.importorskip("torch")

from train.refiner.measure import choose_threshold, measure, run_tflite
from train.refiner.network import OUTPUTS, RefinerNetwork
from train.refiner.patches import PatchSources
from train.refiner.samples import CROP, INPUT, draw_sample, sampling_weights, square_iou
from train.refiner.settings import RefinerSettings
from train.refiner.train import check_run, checkpoint_path, train_network

TINY = RefinerSettings(channels=(4, 4, 4, 4), epochs=2, samples=64, batch=16, mine_after=9)
SOURCES = PatchSources(Path("faces.zip"), Path("streets.zip"), Path("masks.zip"), 80, 0)


@pytest.fixture(scope="module")
def bank() -> Bank:
    """Discs are the faces (group 0), plain noise is not (group 5)."""
    rng = np.random.default_rng(0)
    patches, groups = [], []
    for number in range(80):
        patch = rng.integers(60, 120, (PATCH, PATCH, 3), np.uint8)
        if number % 2 == 0:
            cv2.circle(patch, (PATCH // 2, PATCH // 2), PATCH // 4, (150, 180, 240), -1)
        patches.append(patch)
        groups.append(5 * (number % 2))
    held_out = np.arange(80) % 8 < 2
    return Bank(np.stack(patches), np.array(groups, np.uint8), held_out)


def test_the_overlap_of_squares_is_that_of_boxes() -> None:
    for right, down, size in ((0, 0, 1), (0.3, -0.2, 1.2), (0.9, 0.9, 0.5), (2, 0, 1)):
        box = Box(0, 0, 1000, 1000)
        side = round(1000 * size)
        other = Box(round(500 + 1000 * right - side / 2), round(500 + 1000 * down - side / 2), side, side)
        values = (np.array(float(value)) for value in (right, down, size))
        assert float(square_iou(*values)) == pytest.approx(box.iou(other), abs=2e-3)


def test_a_samples_target_leads_back_to_the_face() -> None:
    # A bright square is the face; where the target says that it is, the crop must show it.
    patch = np.zeros((PATCH, PATCH, 3), np.uint8)
    inner = round(PATCH / PATCH_SCALE / 2)
    patch[PATCH // 2 - inner : PATCH // 2 + inner, PATCH // 2 - inner : PATCH // 2 + inner] = 255
    settings = RefinerSettings(misplaced_share=0.0)
    errors = []
    for seed in range(60):
        crop, (face, _, right, down, size) = draw_sample(patch, 0, np.random.default_rng(seed), settings)
        rows, columns = np.nonzero(crop.mean(axis=2) > (int(crop.max()) + int(crop.min())) / 2)
        if face != 1 or not len(rows):
            continue
        unit = INPUT / CROP.scale
        wanted_x, wanted_y = INPUT / 2 + right * unit, INPUT / 2 + (down - CROP.shift_down) * unit
        errors.append((columns.mean() - wanted_x, rows.mean() - wanted_y, np.sqrt(len(rows)) / unit - np.exp(size)))
    median = np.median(np.abs(errors), axis=0)
    assert len(errors) > 30
    assert median[0] < 1.5
    assert median[1] < 1.5
    assert median[2] < 0.1


def test_boxes_far_off_are_no_faces() -> None:
    patch = np.zeros((PATCH, PATCH, 3), np.uint8)
    settings = RefinerSettings(misplaced_share=1.0)
    targets = [draw_sample(patch, 0, np.random.default_rng(seed), settings)[1] for seed in range(50)]
    assert np.mean([face for face, *_ in targets]) < 0.1
    assert all(np.isnan(target[2]) for target in targets)


def test_held_out_patches_are_never_trained_on(bank: Bank) -> None:
    assert sampling_weights(bank, TINY, held_out=False)[bank.held_out].sum() == 0
    assert sampling_weights(bank, TINY, held_out=True)[~bank.held_out].sum() == 0


def test_a_stopped_training_ends_like_one_that_was_not(bank: Bank, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = train_network(bank, tmp_path / "whole", TINY, SOURCES)
    seen = []

    def stop(self: object, *args: object, **kwargs: object) -> object:
        seen.append(1)
        if len(seen) == 6:  # in the second epoch
            raise KeyboardInterrupt
        return forward(self, *args, **kwargs)

    forward = RefinerNetwork.forward
    RefinerNetwork.forward = stop  # type: ignore[method-assign]
    try:
        with pytest.raises(KeyboardInterrupt):
            train_network(bank, tmp_path / "parts", TINY, SOURCES)
    finally:
        RefinerNetwork.forward = forward  # type: ignore[method-assign]
    resumed = train_network(bank, tmp_path / "parts", TINY, SOURCES)
    for one, other in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(one.float(), other.float(), atol=1e-6)


def test_a_folder_of_another_training_is_refused(tmp_path: Path) -> None:
    check_run(tmp_path, TINY, SOURCES)
    check_run(tmp_path, dataclasses.replace(TINY, batch=32), SOURCES)  # nothing is trained yet
    check_run(tmp_path, TINY, SOURCES)
    checkpoint_path(tmp_path).write_bytes(b"")
    check_run(tmp_path, TINY, SOURCES)
    with pytest.raises(TrainError, match=r"a refiner made with batch 16, not 32: .*refiner\.checkpoint\.pt"):
        check_run(tmp_path, dataclasses.replace(TINY, batch=32), SOURCES)
    with pytest.raises(TrainError, match="streets"):
        check_run(tmp_path, TINY, dataclasses.replace(SOURCES, streets=Path("other.zip")))
    check_run(tmp_path, dataclasses.replace(TINY, epochs=3), SOURCES)


def test_the_threshold_lets_through_the_share_that_was_asked_for() -> None:
    outputs = np.zeros((1000, OUTPUTS), np.float32)
    outputs[:, 0] = np.linspace(-5, 5, 1000)
    targets = np.tile(np.array([0, 1, np.nan, np.nan, np.nan], np.float32), (1000, 1))
    threshold = choose_threshold(outputs, targets, 0.02)
    assert measure(outputs, np.vstack([targets[:-1], [[1, 1, 0, 0, 0]]]).astype(np.float32), threshold)[
        "others_confirmed"
    ] == pytest.approx(0.02, abs=0.002)


def test_the_converted_network_answers_like_the_trained_one(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    from train.refiner.export import convert, write_refiner
    from webcam_app.faces.detection.refiner import BoxRefiner

    torch.manual_seed(1)
    network = RefinerNetwork((8, 8, 8, 8))
    rng = np.random.default_rng(0)
    crops = np.stack([cv2.resize(rng.integers(0, 256, (5, 5, 3), np.uint8), (INPUT, INPUT)) for _ in range(64)])
    images = torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1
    network.train()
    with torch.no_grad():
        for _ in range(20):
            network(images)
        network.eval()
        wanted = network(images).numpy()
    content = convert(network, crops)
    found = run_tflite(content, crops)
    assert np.abs(found - wanted).max() < 0.1 * np.abs(wanted).max()
    output = tmp_path / "face.tflite"
    write_refiner(content, output, {"face": 0.5}, {}, {})
    scores = BoxRefiner(output).score_crops(list(crops))
    assert np.allclose(scores, 1 / (1 + np.exp(-found[:, 0])), atol=1e-5)


def test_a_patch_shows_twice_the_box() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    image[80:120, 80:120] = 255
    patch = cut_patch(image, Box(80, 80, 40, 40))
    assert (patch.mean(axis=2) > 127).sum() == pytest.approx((PATCH / 2) ** 2, rel=0.05)
