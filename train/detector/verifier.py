"""Fit the detector's verifier: what do the features of a network that knows faces say of what may be one?

    python -m train verifier --boxes STREETS.zip [--detector models/detector.tflite] [--features models/gender.tflite]

Of each street photograph for training the squares are taken that detector and refiner propose: those on a marked face,
and those beside all. A logistic regression on their features tells them apart. Its penalty, its weight beside the
detector's log-odds and then the thresholds are chosen on the development photographs; all is written into the
detector's card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.held_out import is_held_out
from train.detector.bank import BESIDE, CERTAIN, is_development
from train.detector.measure import Judged, judge
from train.detector.settings import DetectorSettings
from train.detector.train import SMALLEST_SEARCHED, Marked, measure_development
from train.errors import TrainError
from train.learning.heads import Standard
from train.model_file import read_json, write_card
from train.readers import Dataset, LabelledBox, read_dataset
from webcam_app.faces.accuracy import match_boxes
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import Proposal, StillDetector
from webcam_app.faces.detection.still_network import StillNetwork
from webcam_app.faces.detection.verifier import FaceVerifier
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.labelling.features import FeatureNetwork
from webcam_app.resources import model_path, shipped_model_path
from webcam_app.teaching.regression import fit_logistic

Array = NDArray[np.float64]

LEAST_LOG_ODDS = -2.0
"""Proposals with less are no faces after a second look either."""
STRENGTHS = (1.0, 0.3, 1e-1, 3e-2, 1e-2, 3e-3)
"""Penalties that are tried, as ``fit_logistic`` takes them."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Weights beside the detector's log-odds that are tried."""
ZOOMS, DIM = (0.7, 1.4), 0.6
"""Of the photographs for training: how much smaller and larger they are looked at, too, and how dark."""
FALSE_BOXES = np.arange(2, 13) / 80
"""Boxes without a marked face for each photograph at which recall is compared: the mean over them is less a matter of
chance than that at one."""


class Photograph(NamedTuple):
    """What was proposed in a photograph.

    Attributes:
        marked: the faces that people marked.
        found: proposals, those with the highest log-odds first.
        features: (proposals, 2, dimension) float32, of each square and its mirror image.
    """

    marked: Sequence[LabelledBox]
    found: list[Proposal]
    features: NDArray[np.float32]


class Layer(NamedTuple):
    """A logistic regression on features as the network gives them."""

    weights: Array
    bias: float

    def log_odds(self, features: NDArray[np.float32]) -> Array:
        """Of (n, dimension) features, (n,)."""
        return np.asarray(features.astype(np.float64) @ self.weights + self.bias)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m train verifier``."""
    parser.add_argument("--boxes", type=Path, required=True, help="set with boxes.csv")
    parser.add_argument("--detector", type=Path, help="the network; its card is written (default: the shipped one)")
    parser.add_argument("--features", type=Path, help="the network to look with (default: the one for gender)")


def main(options: argparse.Namespace) -> int:
    """Fit, choose and write; returns the exit code.

    Raises:
        TrainError: the set marks no face.
        ModelError: a network is missing or damaged.
    """
    cv2.setNumThreads(1)
    detector = StillNetwork(options.detector or model_path("detector.tflite"))
    network = FeatureNetwork(options.features or shipped_model_path())
    dataset = read_dataset(options.boxes)
    kept = {
        development: list(
            _photographs(_part(dataset, development=development), detector, network, varied=not development)
        )
        for development in (False, True)
    }
    strength, share, recall = choose(kept[False], kept[True])
    fitted = fit(kept[False], strength)
    layer = Layer(share * fitted.weights, share * fitted.bias)
    card = read_json(detector.path.with_suffix(".json"))
    thresholds = {"face": 0.0, "small": {"below": detector.card.thresholds.small, "face": 0.0}}
    card["verifier"] = {
        "network": network.card.path.name,
        "sha256": network.card.sha256,
        "weights": [float(f"{weight:.5g}") for weight in layer.weights],
        "bias": round(layer.bias, 5),
        "least": LEAST_LOG_ODDS,
        "thresholds": thresholds,
    }
    card["results"]["verifier"] = {
        "command": "python -m train verifier --boxes STREETS.zip",
        "strength": strength,
        "share": share,
        "development_recall": {"with": round(recall[1], 4), "without": round(recall[0], 4)},
    }
    write_card(detector.path, card)
    _choose_thresholds(detector.path, _part(dataset, development=True))
    print(json.dumps({"strength": strength, "share": share, "recall without and with": recall}))
    return 0


def _part(dataset: Dataset, *, development: bool) -> Dataset:
    return dataset.subset(lambda sample: not is_held_out(sample.key) and is_development(sample.key) == development)


def _photographs(
    dataset: Dataset, detector: StillNetwork, network: FeatureNetwork, *, varied: bool = False
) -> Iterator[Photograph]:
    """What is proposed in each photograph of a set; with ``varied`` in each of its ``variants``."""
    finder, crop = StillDetector(BoxRefiner(), network=detector), network.card.crop
    for sample, whole in dataset.images():
        for image, marked in variants(whole, sample.boxes) if varied else [(whole, list(sample.boxes))]:
            proposals = finder.proposals(image, SMALLEST_SEARCHED)
            found = sorted(
                (entry for entry in proposals if entry.log_odds >= LEAST_LOG_ODDS), key=lambda e: -e.log_odds
            )
            features = np.zeros((len(found), 2, network.dimension), np.float32)
            for row, proposal in enumerate(found):
                seen = crop_face(image, proposal.box.rounded, network.card.input_size, crop)
                features[row] = network.describe(seen), network.describe(np.ascontiguousarray(seen[:, ::-1]))
            yield Photograph(marked, found, features)


def variants(image: NDArray[np.uint8], marked: Sequence[LabelledBox]) -> Iterator[Marked]:
    """A photograph as it is, smaller, larger, and dark and blurred: each makes other proposals.

    Args:
        image: H×W×3 uint8 BGR.
        marked: its marked faces.

    Yields:
        Picture and marks.
    """
    yield image, list(marked)
    for zoom in ZOOMS:
        way = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
        resized = np.asarray(cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=way), np.uint8)
        yield resized, [face._replace(box=Box(*(round(zoom * value) for value in face.box))) for face in marked]
    yield np.asarray(cv2.GaussianBlur(cv2.convertScaleAbs(image, alpha=DIM), (0, 0), 1.0), np.uint8), list(marked)


def examples(photographs: list[Photograph]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """What is learned from: squares on marked faces, and squares that are none.

    A square of which the detector is certain is a face that nobody marked, and one half beside a mark is neither.

    Returns:
        (n, dimension) features and (n,) whether it is a face.
    """
    rows, truth = [], []
    for marked, found, features in photographs:
        matched = match_boxes([entry.box.rounded for entry in found], [face.box for face in marked])
        for entry, index, seen in zip(found, matched, features, strict=True):
            beside = all(entry.box.iou(FaceBox.of(face.box)) < BESIDE for face in marked)
            if index is not None or (beside and entry.log_odds < CERTAIN):
                rows.append(seen)
                truth += [int(index is not None)] * len(seen)
    if len(set(truth)) < 2:
        raise TrainError("there are no marked faces, or nothing else is proposed: more photographs are needed")
    return np.concatenate(rows), np.array(truth, np.int64)


def fit(photographs: list[Photograph], strength: float) -> Layer:
    """The logistic regression; see ``examples`` for what it learns from."""
    features, truth = examples(photographs)
    standard = Standard.steady(features)
    weight = np.full(len(truth), 1 / len(truth))
    layer = standard.on_features(fit_logistic(standard(features).astype(np.float64), truth, 2, strength, weight))
    return Layer(layer.weights[1] - layer.weights[0], float(layer.bias[1] - layer.bias[0]))


def judged(photographs: list[Photograph], layer: Layer, share: float) -> Judged:
    """What is found with a share of a layer's log-odds added."""
    return judge(
        (
            marked,
            [
                (entry.log_odds + share * more, entry.box.rounded)
                for entry, more in zip(found, layer.log_odds(features[:, 0]), strict=True)
            ],
        )
        for marked, found, features in photographs
    )


def mean_recall(result: Judged) -> float:
    """Share of the faces found, averaged over how many boxes without a marked face are let through."""
    return float(np.mean([result.recall(result.threshold(float(allowed))) for allowed in FALSE_BOXES]))


def choose(training: list[Photograph], development: list[Photograph]) -> tuple[float, float, tuple[float, float]]:
    """The penalty and the share by which most development faces are found.

    Returns:
        Both, and the mean recall without a verifier and with it.
    """
    best, without = (STRENGTHS[0], 0.0, -1.0), 0.0
    for strength in STRENGTHS:
        layer = fit(training, strength)
        for share in SHARES:
            recall = mean_recall(judged(development, layer, share))
            print(f"verifier: strength {strength:g}, share {share:g}: recall {recall:.4f}", flush=True)
            if share == 0.0:
                without = recall
            if recall > best[2]:
                best = strength, share, recall
    return best[0], best[1], (without, best[2])


def _choose_thresholds(model: Path, development: Dataset) -> None:
    """Choose the detector's thresholds anew, with the verifier that its card has now."""
    card, network = read_json(model.with_suffix(".json")), StillNetwork(model)
    entry = network.card.verifier
    assert entry is not None, "it was written just before"
    detector = StillDetector(BoxRefiner(), network=network, verifier=FaceVerifier(entry, model.parent))
    settings = replace(DetectorSettings(), small=network.card.thresholds.small)
    marked = ((image, sample.boxes) for sample, image in development.images())
    results: dict[str, Any] = measure_development(detector, marked, settings)
    thresholds = card["verifier"]["thresholds"]
    thresholds["face"], thresholds["small"]["face"] = results["threshold"], results["small"]["threshold"]
    card["results"]["verifier"]["development"] = results
    write_card(model, card)
