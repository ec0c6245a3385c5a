"""A taught model behind its card."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.faces.fakes import write_model
from tests.teaching.fakes import COLORS, DIMENSION, SIZE, ColorInterpreter, install
from webcam_app.errors import ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.classifier import Classifier, predict_followed
from webcam_app.faces.labelling.features import LOOKS, FeatureNetwork, Glances
from webcam_app.faces.labelling.labeller import Labeller
from webcam_app.faces.labelling.loading import load_classifier
from webcam_app.faces.labelling.population import GRID, Directions, Population, Scale
from webcam_app.faces.labelling.prediction import TrackLabel
from webcam_app.faces.labelling.taught import LayerNumbers, TaughtClassifier, TaughtLayer
from webcam_app.faces.tracking.track import Track
from webcam_app.teaching.lesson import teach
from webcam_app.teaching.store import NewModel

CLASSES = ("red", "blue", "green", "black")


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that was taught four colours."""
    install(monkeypatch, tmp_path)
    network = FeatureNetwork()
    crops = [crop(color, seed) for color in CLASSES for seed in range(12)]
    features = [[network.describe(each), network.describe(np.ascontiguousarray(each[:, ::-1]))] for each in crops]
    labels = [color for color in CLASSES for _ in range(12)]
    lesson = teach(np.array(features), labels, np.arange(len(labels)))
    with NewModel(tmp_path / "mine.json", overwrite=False) as new:
        new.write(lesson, network.card)
    return tmp_path / "mine.json"


def crop(color: str, seed: int) -> Any:
    noise = np.random.default_rng([seed, CLASSES.index(color)]).normal(0, 20, (4, 4, 3)).repeat(8, 0).repeat(8, 1)
    return np.clip(np.array(COLORS[color]) + noise, 0, 255).astype(np.uint8)


def layer(classes: int = 3, seed: int = 0) -> TaughtLayer:
    random = np.random.default_rng(seed)
    numbers = random.integers(-32767, 32768, (2, classes, DIMENSION)).astype(np.int16)
    scale = Scale(random.normal(0, 0.1, DIMENSION).astype(np.float32), np.full(DIMENSION, 0.01, np.float32))
    return TaughtLayer(scale, Population(scale), numbers[0], 0.001, random.normal(0, 1, classes), numbers[1], 0.25)


def test_faces_like_the_examples_get_their_class(model: Path) -> None:
    classifier = load_classifier(model)
    said = classifier.classify([crop(color, 99) for color in CLASSES])
    assert [classifier.card.labels[int(each.logits.argmax())] for each in said] == list(CLASSES)
    assert all(each.mask is None for each in said)


def test_a_face_unlike_all_examples_is_unsure(model: Path) -> None:
    classifier = load_classifier(model)
    stripes = np.zeros((SIZE, SIZE, 3), np.uint8)
    stripes[:, ::2] = (0, 255, 255)
    stripes[: SIZE // 4] = (255, 0, 255)
    track = TrackLabel(classifier.card)
    for time in range(20):
        track.add(classifier.classify([stripes])[0], float(time))
    assert track.label == UNSURE


def test_the_file_gives_back_the_same_numbers() -> None:
    before = layer()
    numbers = LayerNumbers(before.step, before.like_at, 0.0)
    after = TaughtLayer.from_bytes(before.to_bytes(), (3, DIMENSION), None, numbers)
    assert after.to_bytes() == before.to_bytes()
    with pytest.raises(ValueError, match="4 classes"):
        TaughtLayer.from_bytes(before.to_bytes(), (4, DIMENSION), None, numbers)


def test_scores_are_exact_sums_and_so_the_same_on_every_machine() -> None:
    taught = layer(seed=3)
    features = np.random.default_rng(1).random(DIMENSION).astype(np.float32)
    whole = [int(value) for value in taught.scale.apply(features)]
    sums = [sum(int(w) * x for w, x in zip(row, whole, strict=True)) for row in taught.weights]
    expected = [total * (taught.step / GRID) + bias for total, bias in zip(sums, taught.bias.tolist(), strict=True)]
    assert taught.scores(features).tolist() == expected
    means = [sum(int(m) * x for m, x in zip(row, whole, strict=True)) for row in taught.means]
    lengths = [math.sqrt(sum(int(m) ** 2 for m in row)) for row in taught.means]
    length = math.sqrt(sum(x * x for x in whole))
    assert taught.likeness(features) == max(m / n / length for m, n in zip(means, lengths, strict=True))


def test_nearness_counts_a_faces_cosines_along_the_directions_of_many_faces() -> None:
    random = np.random.default_rng(2)
    plain = layer(seed=4)
    rows = random.integers(-32767, 32768, (5, DIMENSION)).astype(np.int16)
    common = Population(plain.scale, Directions(rows, 2.0**20, "0" * 64))
    means = random.integers(-32767, 32768, (3, 5)).astype(np.int16)
    near = TaughtLayer(plain.scale, common, plain.weights, plain.step, plain.bias, means, 0.25, nearness=3.0)
    features = random.random(DIMENSION).astype(np.float32)
    whole = [int(value) for value in plain.scale.apply(features)]
    place = [round(sum(int(w) * x for w, x in zip(row, whole, strict=True)) / 2**20) for row in rows]
    lengths = [math.sqrt(sum(int(m) ** 2 for m in row)) for row in means]
    length = math.sqrt(sum(x * x for x in place))
    cosines = [
        sum(int(m) * x for m, x in zip(row, place, strict=True)) / n / length
        for row, n in zip(means, lengths, strict=True)
    ]
    assert near.cosines(features).tolist() == cosines
    assert near.scores(features).tolist() == (plain.scores(features) + 3.0 * np.array(cosines)).tolist()


def test_a_face_and_its_mirror_image_get_the_same_answer(model: Path) -> None:
    classifier = load_classifier(model)
    face = crop("red", 7)
    [one, other] = classifier.classify([face, np.ascontiguousarray(face[:, ::-1])])
    assert one.logits.tolist() == other.logits.tolist()


def test_glances_at_one_view_a_frame_come_to_the_answer_of_a_photograph(model: Path) -> None:
    classifier, seen = load_classifier(model), Glances()
    face = crop("red", 7)
    face[: SIZE // 2, : SIZE // 2] = 90  # no view of it is like another
    said = [predict_followed(classifier, face, seen) for _ in range(2 * LOOKS)]
    [still] = classifier.classify([face])
    assert [each.logits.tolist() for each in said[LOOKS - 1 :]] == [still.logits.tolist()] * (LOOKS + 1)
    assert said[0].logits.tolist() != still.logits.tolist()


def test_glances_follow_a_face_that_has_become_another(model: Path) -> None:
    classifier, seen = load_classifier(model), Glances()
    for _ in range(2 * LOOKS):
        predict_followed(classifier, crop("red", 7), seen)
    for _ in range(LOOKS):
        said = predict_followed(classifier, crop("blue", 7), seen)
    assert said.logits.tolist() == classifier.classify([crop("blue", 7)])[0].logits.tolist()


@pytest.mark.parametrize(("still", "each"), [(False, 1), (True, LOOKS)])
def test_a_followed_face_costs_one_look_a_frame_and_one_of_a_photograph_all(
    model: Path, monkeypatch: pytest.MonkeyPatch, still: bool, each: int
) -> None:
    looked = []
    invoke = ColorInterpreter.invoke
    monkeypatch.setattr(ColorInterpreter, "invoke", lambda self: looked.append(invoke(self)))
    labeller = Labeller(load_classifier(model))
    image = np.full((64, 64, 3), COLORS["green"], np.uint8)
    tracks = [Track(FaceBox(16 + 32 * side, 32, 24), 0.0) for side in (0, 1)]
    labeller.label(tracks, image, 0.0, still=still)
    assert len(looked) == len(tracks) * each
    assert [track.label and track.label.label for track in tracks] == ["green", "green"]


def test_two_followed_faces_share_no_glances(model: Path) -> None:
    labeller = Labeller(load_classifier(model))
    image = np.full((64, 96, 3), COLORS["red"], np.uint8)
    image[:, 48:] = COLORS["blue"]
    tracks = [Track(FaceBox(x, 32, 24), 0.0) for x in (24, 72)]
    for frame in range(LOOKS):
        labeller.label(tracks, image, frame / 30)
    assert [track.label and track.label.label for track in tracks] == ["red", "blue"]


def test_a_model_taught_with_other_directions_asks_to_be_taught_again(model: Path) -> None:
    card = json.loads(model.read_text(encoding="utf-8"))
    card["features_network"]["directions"] = "0" * 64
    model.write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="taught with another version"):
        load_classifier(model)


def test_a_model_taught_on_another_network_asks_to_be_taught_again(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = json.loads(model.read_text(encoding="utf-8"))
    card["features_network"]["sha256"] = "0" * 64
    model.write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match=r"another version of the network.*teach it again"):
        load_classifier(model)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": "../mine.bin"}, "no name of a file beside it"),
        ({"weights": "gone.bin"}, "gone.bin' is missing"),
        ({"layer": {}}, "'step' is missing"),
        ({"labels": ["a", "b"]}, "2 classes"),
        ({"thresholds": {"unsure": 0.5, "like": 2}}, "'like' is 2"),
        ({"features_network": {"sha256": "x", "dimension": 0}}, "'dimension'"),
    ],
)
def test_a_card_that_makes_no_sense_is_refused_by_name(model: Path, change: dict[str, Any], message: str) -> None:
    card = json.loads(model.read_text(encoding="utf-8"))
    model.write_text(json.dumps({**card, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        load_classifier(model)


def test_damaged_weights_are_refused(model: Path) -> None:
    weights = model.with_suffix(".bin")
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ModelError, match="checksum differs"):
        load_classifier(model)


def test_a_network_of_its_own_is_loaded_by_its_file_and_by_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Path] = []
    monkeypatch.setattr(Classifier, "__init__", lambda self, path, threads: loaded.append(path))
    path = write_model(tmp_path)
    assert isinstance(load_classifier(path), Classifier)
    assert isinstance(load_classifier(path.with_suffix(".json")), Classifier)
    assert loaded == [path, path]


def test_a_card_of_a_network_is_no_taught_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not that of a taught model"):
        TaughtClassifier(write_model(tmp_path).with_suffix(".json"))
