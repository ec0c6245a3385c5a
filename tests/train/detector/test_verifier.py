"""What looks again at the detector's proposals: what it learns from, and how its weight and threshold are chosen."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from train.detector.bank import CERTAIN
from train.detector.verifier import Photograph, choose, examples, fit, judged, mean_recall, variants
from train.errors import TrainError
from train.readers import LabelledBox
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.still import Proposal
from webcam_app.faces.face import Box

DIMENSION = 6


def _photograph(rng: np.random.Generator, *, told: bool = True) -> Photograph:
    """A face and two squares that are none, which the detector cannot tell apart and the features can, if ``told``."""
    marked = [LabelledBox(Box(100, 100, 60, 60), "face")]
    squares = [FaceBox(130, 130, 60), FaceBox(300, 130, 60), FaceBox(500, 130, 60)]
    found = [Proposal(float(rng.normal(0, 1)), box) for box in squares]
    features = rng.normal(0, 1, (3, 2, DIMENSION)).astype(np.float32)
    features[0, :, 0] += 5.0 * told
    return Photograph(marked, found, features)


def test_squares_on_marked_faces_and_squares_beside_them_are_learned_from() -> None:
    features, truth = examples([_photograph(np.random.default_rng(number)) for number in range(5)])
    assert features.shape == (30, DIMENSION), "each square and its mirror image"
    assert truth.tolist() == [1, 1, 0, 0, 0, 0] * 5


def test_a_certain_find_without_a_mark_and_a_square_half_beside_one_teach_nothing() -> None:
    marked, found, features = _photograph(np.random.default_rng(0))
    found[1] = found[1]._replace(log_odds=CERTAIN + 1)
    found[2] = Proposal(0.0, FaceBox(158, 130, 60))
    assert examples([Photograph(marked, found, features), _photograph(np.random.default_rng(1))])[1].tolist() == [
        *(1, 1),
        *(1, 1, 0, 0, 0, 0),
    ]


def test_without_a_marked_face_there_is_nothing_to_fit() -> None:
    _, found, features = _photograph(np.random.default_rng(0))
    with pytest.raises(TrainError, match="more photographs"):
        examples([Photograph([], found, features)])


def test_features_that_tell_faces_raise_recall_and_get_a_weight() -> None:
    training, development = ([_photograph(np.random.default_rng(seed + n)) for n in range(80)] for seed in (0, 1000))
    strength, share, (without, with_it) = choose(training, development)
    assert share > 0
    assert with_it > without + 0.3
    assert with_it > 0.95
    assert mean_recall(judged(development, fit(training, strength), share)) == pytest.approx(with_it)


def test_features_that_tell_nothing_get_little_weight() -> None:
    training, development = (
        [_photograph(np.random.default_rng(seed + n), told=False) for n in range(80)] for seed in (0, 1000)
    )
    _, _, (without, with_it) = choose(training, development)
    assert with_it < without + 0.1, "chance alone"


def test_marks_follow_the_faces_into_every_variant_of_a_photograph() -> None:
    image = np.full((100, 200, 3), 100, np.uint8)
    image[40:60, 100:140] = 250
    seen = list(variants(image, [LabelledBox(Box(100, 40, 40, 20), "face")]))
    assert len({picture.tobytes() for picture, _ in seen}) == 4
    for picture, (face,) in seen:
        x, y, width, height = face.box
        inside = picture[y + 3 : y + height - 3, x + 3 : x + width - 3].mean()
        assert inside == picture.max(), "the bright square is where the mark is"
        assert face.label == "face"
        assert width / picture.shape[1] == pytest.approx(0.2, abs=0.01)
