"""Proposals are looked at once more by the features of the network that labels faces."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import Scene
from webcam_app.errors import ModelError
from webcam_app.faces import analyzer as analyzer_module
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import Proposal, StillDetector
from webcam_app.faces.detection.still_network import MODEL, StillNetwork
from webcam_app.faces.detection.verifier import FaceVerifier, VerifierCard
from webcam_app.resources import model_path, shipped_model_path

PLACE = FaceBox(320, 240, 90)


@pytest.fixture(scope="module")
def card() -> VerifierCard:
    """What the shipped detector's card says."""
    card = StillNetwork().card.verifier
    assert card is not None
    return card


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the network that the verifier looks with."""
    for path in shipped_model_path().parent.glob("gender*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def _verifier(card: VerifierCard) -> FaceVerifier:
    return FaceVerifier(card, shipped_model_path().parent)


def test_a_face_looks_more_like_one_than_what_stands_beside_it(card: VerifierCard, scene: Scene) -> None:
    verifier, image = _verifier(card), scene(PLACE)
    on_it = verifier.log_odds(image, PLACE)
    beside = [verifier.log_odds(image, PLACE._replace(x=x, y=y)) for x, y in ((80, 80), (560, 400), (120, 400))]
    assert on_it > 0
    assert on_it > max(beside) + 2


def test_what_the_verifier_says_is_added_and_what_is_hopeless_is_left_out(
    card: VerifierCard, refiner: BoxRefiner, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {90: 3.0, 40: -1.5}
    monkeypatch.setattr(FaceVerifier, "log_odds", lambda _self, _image, box: said[round(box.side)])
    detector = StillDetector(refiner, verifier=_verifier(card))
    found = [Proposal(1.0, PLACE), Proposal(4.0, FaceBox(100, 100, 40)), Proposal(card.least - 0.1, FaceBox(9, 9, 30))]
    monkeypatch.setattr(detector, "propose", lambda _image, _smallest: found)
    monkeypatch.setattr(StillDetector, "_refine", lambda _self, _refiner, _image, proposal: proposal)
    assert [(entry.log_odds, entry.box.side) for entry in detector.proposals(scene(PLACE), 20.0)] == [
        (4, 90),
        (2.5, 40),
    ]


def test_the_verifier_brings_thresholds_of_its_own(
    card: VerifierCard, refiner: BoxRefiner, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = StillNetwork().card.thresholds
    between = Proposal((alone.face + alone.face + 5) / 2, PLACE)
    strict = replace(card, thresholds=replace(card.thresholds, face=alone.face + 5))
    for verifier, count in ((None, 1), (_verifier(strict), 0), (_verifier(card), 1)):
        detector = StillDetector(refiner, verifier=verifier)
        monkeypatch.setattr(detector, "proposals", lambda _image, _smallest: [between])
        assert len(detector.find(scene(PLACE), 20.0)) == count


def test_another_network_in_its_place_is_not_asked(card: VerifierCard, copied: Path, scene: Scene) -> None:
    assert FaceVerifier(card, copied).fits()
    path = copied / "gender.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "sha256": "0" * 64}), encoding="utf-8")
    assert not FaceVerifier(card, copied).fits()
    path.write_text("no card", encoding="utf-8")
    assert not FaceVerifier(card, copied).fits()
    path.unlink()
    assert not FaceVerifier(card, copied).fits()
    with pytest.raises(ModelError, match=r"gender\.json"):
        FaceVerifier(card, copied).log_odds(scene(PLACE), PLACE)


def test_photographs_are_searched_where_another_network_stands_in_its_place(
    copied: Path, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix in (".tflite", ".json"):
        shutil.copy(model_path(MODEL).with_suffix(suffix), copied)
        shutil.copy(model_path("face.tflite").with_suffix(suffix), copied)
    path = copied / "gender.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "sha256": "0" * 64}), encoding="utf-8")
    monkeypatch.setattr(analyzer_module, "model_path", lambda name="gender.tflite": copied / name)
    monkeypatch.setattr(FaceVerifier, "log_odds", lambda *_: pytest.fail("it was asked"))
    analyzer = FaceAnalyzer(classifier=None)
    assert [face.box for face in analyzer.analyze_still(scene(PLACE))] != []
    assert analyzer.problem is None


def test_a_verifier_of_other_features_is_refused(card: VerifierCard, scene: Scene) -> None:
    short: NDArray[np.float32] = card.weights[:-1]
    with pytest.raises(ModelError, match="another network"):
        _verifier(replace(card, weights=short)).log_odds(scene(PLACE), PLACE)
