"""The confidence over many looks at one face, compared with the truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from train.__main__ import main
from train.evaluation.tracks import LOOKS, development_samples, look_at, measure
from train.readers import Sample
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import Classifier, Prediction
from webcam_app.faces.labelling.loading import load_classifier


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    found = load_classifier(None)
    assert isinstance(found, Classifier)
    return found


def _tracks(means: NDArray[np.float64], within: float, looks: int) -> list[list[Prediction]]:
    random = np.random.default_rng(2)
    return [
        [Prediction(np.array([v / 2, -v / 2], np.float32), None) for v in mean + random.normal(0, within, looks)]
        for mean in means
    ]


def _calibrated(count: int) -> tuple[NDArray[np.float64], list[str]]:
    """Log-odds of tracks whose looks all say the same, and truths of which as many hold as they say."""
    random = np.random.default_rng(1)
    odds = random.normal(0, 2.5, count)
    return odds, ["female" if hit else "male" for hit in random.random(count) < 1 / (1 + np.exp(-odds))]


def test_many_looks_that_repeat_each_other_stay_calibrated(classifier: Classifier) -> None:
    odds, truth = _calibrated(800)
    figures = measure(_tracks(odds, 0.2, 30), truth, classifier.card)
    assert max(row["calibration_error"] for row in figures.values()) < 0.05
    right, shown = map(int, figures[30]["shown_99"].split(" of "))
    assert shown > 50
    assert right / shown > 0.94


def test_a_label_that_counts_every_look_anew_is_found_out(classifier: Classifier) -> None:
    odds, truth = _calibrated(400)
    tracks: list[Sequence[Prediction]] = []
    for track in _tracks(odds, 0.2, 30):
        sums = np.cumsum([prediction.logits for prediction in track], axis=0)
        tracks.append([Prediction(summed.astype(np.float32), None) for summed in sums])
    figures = measure(tracks, truth, classifier.card)
    assert figures[30]["calibration_error"] > 0.08
    assert figures[1]["calibration_error"] < 0.06


def test_an_unsure_look_stays_unsure_however_often_it_is_repeated(classifier: Classifier) -> None:
    card: ModelCard = classifier.card
    doubtful = np.log(0.62 / 0.38)
    figures = measure(_tracks(np.full(20, doubtful), 0.0, 60), ["female"] * 20, card)
    assert [row["coverage"] for row in figures.values()] == [0.0] * len(figures)


def test_a_face_moves_from_look_to_look_and_the_same_way_each_time(
    classifier: Classifier, portrait: NDArray[np.uint8]
) -> None:
    small = np.asarray(cv2.resize(portrait, (160, 188)), np.uint8)
    first, again = (look_at(small, Box(50, 25, 64, 64), classifier, 7, 12) for _ in range(2))
    values = [prediction.logits[0] for prediction in first]
    assert values == [prediction.logits[0] for prediction in again]
    assert len(set(map(float, values))) > 3
    assert LOOKS >= 60


def test_the_faces_are_drawn_as_prepare_draws_them() -> None:
    samples = [Sample(f"{number}.jpg", "female") for number in range(100)]
    chosen = development_samples(samples, 1, 30)
    assert len(chosen) == 30
    assert chosen == development_samples(samples[::-1], 1, 30)
    assert chosen != development_samples(samples, 2, 30)


def test_the_command_writes_the_figures(
    portrait: NDArray[np.uint8], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for label in ("female", "male"):
        (tmp_path / "set" / label).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "set" / label / "face.jpg"), cv2.resize(portrait[:400], (192, 150)))
    report = tmp_path / "report"
    assert main(["evaluate-tracks", "--data", str(tmp_path / "set"), "--report", str(report)]) == 0
    figures = json.loads((report / "tracks.json").read_text(encoding="utf-8"))
    assert figures["tracks"] == 2
    assert set(figures["looks"]) == {"1", "3", "8", "15", "30", "60"}
    assert figures["looks"]["60"]["accuracy"] == 0.5
    assert "2 tracks of development faces" in capsys.readouterr().out
