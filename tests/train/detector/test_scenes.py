"""Training pictures show faces where they say, and targets lead back to the faces."""

from __future__ import annotations

import numpy as np
import pytest

from train.data.held_out import is_held_out
from train.detector.bank import PORTRAIT, Portraits, Street, checked_marks, is_development
from train.detector.degrade import degrade
from train.detector.geometry import Doubtful, moved, turn_and_zoom
from train.detector.scene import Sources, draw_scene
from train.detector.settings import DetectorSettings
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.still import Proposal

torch = pytest.importorskip("torch")

from train.detector.network import BASE_SIDE, STRIDE
from train.detector.targets import DOWN, HEAT, NEARNESS, RIGHT, SIZE, WEIGHT, detector_loss, draw_targets

SETTINGS = DetectorSettings(scene_size=96)
RED = (0, 0, 255)


def _sources() -> Sources:
    """Grey portraits whose face is a red square, and a street with one such face."""
    image = np.full((PORTRAIT, PORTRAIT, 3), 90, np.uint8)
    image[16:64, 16:64] = RED
    portraits = Portraits(np.stack([image] * 4), np.tile(np.array([40, 40, 48], np.float32), (4, 1)))
    street = np.full((150, 200, 3), 90, np.uint8)
    street[60:100, 80:120] = RED
    return Sources(portraits, [Street("a.png", (street, street[::2, ::2].copy()), (FaceBox(100, 80, 40),))])


@pytest.mark.parametrize("seed", range(30))
def test_every_face_of_a_scene_is_where_it_is_said_to_be(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("train.detector.scene.degrade", lambda image, _rng: image)
    monkeypatch.setattr("train.detector.paste.DISTRACTOR", 0.0)
    scene, faces = draw_scene(_sources(), np.random.default_rng(seed), SETTINGS)
    assert scene.shape == (96, 96, 3)
    for x, y, side in faces:
        if 8 < x < 88 and 8 < y < 88 and side < 60:
            blue, _, red = (int(value) for value in scene[int(y), int(x)])
            assert red > blue + 40


def test_a_map_takes_points_and_sizes_along() -> None:
    matrix = turn_and_zoom((10.0, 20.0), (50.0, 60.0), 2.0, 90.0)
    assert moved(matrix, 2.0, FaceBox(10, 20, 7)) == pytest.approx((50, 60, 14))
    assert moved(matrix, 2.0, FaceBox(13, 20, 7))[:2] == pytest.approx((50, 54), abs=1e-6)


def test_targets_lead_back_to_the_face() -> None:
    face = FaceBox(37.0, 52.0, 33.0)
    maps = draw_targets([face], (96, 96), SETTINGS)
    [(row, column)] = np.argwhere(maps[HEAT] == 1.0)
    x, y = (column + 0.5 + maps[RIGHT, row, column]) * STRIDE, (row + 0.5 + maps[DOWN, row, column]) * STRIDE
    assert (x, y) == pytest.approx((face.x, face.y), abs=1e-3)
    assert BASE_SIDE * np.exp(maps[SIZE, row, column]) == pytest.approx(face.side, abs=1e-3)
    assert maps[NEARNESS].max() == 1.0


def test_faces_just_outside_the_learned_sizes_count_neither_way_and_large_ones_are_background() -> None:
    middle = (96 // STRIDE // 2,) * 2
    for side, weight in ((12.0, 0.0), (65.0, 0.0), (90.0, 1.0), (30.0, 1.0)):
        maps = draw_targets([FaceBox(50, 50, side)], (96, 96), SETTINGS)
        assert maps[WEIGHT][middle] == weight
        assert (maps[HEAT].max() == 1.0) == (side == 30.0)
    assert draw_targets([FaceBox(50, 50, 12.0)], (96, 96), SETTINGS)[WEIGHT].mean() > 0.9


def test_nothing_is_learned_around_a_doubtful_face() -> None:
    maps = draw_targets([Doubtful(50, 50, 30.0)], (96, 96), SETTINGS)
    assert maps[WEIGHT][50 // STRIDE, 50 // STRIDE] == 0.0
    assert maps[HEAT].max() == 0.0
    assert maps[WEIGHT].mean() > 0.8
    assert isinstance(moved(turn_and_zoom((0, 0), (5, 5), 2.0, 10.0), 2.0, Doubtful(50, 50, 30)), Doubtful)


def test_marks_and_certain_finds_that_contradict_each_other_are_doubtful() -> None:
    right, beside, alone = FaceBox(50, 50, 40), FaceBox(170, 50, 40), FaceBox(400, 50, 40)
    finds = [
        Proposal(9.0, FaceBox(52, 48, 44)),  # the first mark
        Proposal(8.0, FaceBox(190, 70, 40)),  # beside the second
        Proposal(7.0, FaceBox(300, 50, 40)),  # where nobody marked anything
        Proposal(1.0, FaceBox(500, 50, 40)),  # not certain
    ]
    checked = checked_marks([right, beside, alone], finds)
    assert [face for face in checked if not isinstance(face, Doubtful)] == [right, alone]
    assert [face for face in checked if isinstance(face, Doubtful)] == [beside, finds[1].box, finds[2].box]


def test_the_loss_falls_when_the_answer_is_right() -> None:
    maps = torch.from_numpy(draw_targets([FaceBox(37, 52, 33)], (96, 96), SETTINGS))[None]
    blind = torch.zeros(1, 4, 12, 12)
    right = torch.cat([(maps[:, HEAT : HEAT + 1] - 0.5) * 12, maps[:, RIGHT : SIZE + 1]], 1)
    losses = [[float(part) for part in detector_loss(outputs, maps, SETTINGS)] for outputs in (blind, right)]
    assert losses[1][0] < 0.3 * losses[0][0]
    assert losses[1][1] < 1e-6 < losses[0][1]


def test_degrading_keeps_the_shape_and_is_the_same_for_the_same_seed() -> None:
    image = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    for seed in range(25):
        first, second = (degrade(image.copy(), np.random.default_rng(seed)) for _ in range(2))
        assert first.shape == image.shape
        assert first.dtype == np.uint8
        assert np.array_equal(first, second)


def test_development_photographs_are_never_held_out_ones() -> None:
    names = [f"{number:05d}.webp" for number in range(2000)]
    development = [name for name in names if is_development(name)]
    assert 0.15 < len(development) / len(names) < 0.25
    assert not any(is_held_out(name) for name in development)
