"""Step ``features``: how much a network's features know of faces, by what a linear layer learns on them from few.

    python -m train features --model models/gender.tflite --data fairface-train.zip --test fairface-val.zip \
        --label age --classes 0-2 3-9 20-29 "60-69,more than 70" --shots 150
    python -m train features --model models/gender.tflite --data lfw-dev.zip --label subject --least 12 --shots 5

Pictures are drawn at random for teaching and testing, several times; the same number of each class is tested, so chance
is one over the number of classes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.face_choice import PROBED, CascadeDetector, LiveDetector, choose_fallback, evaluation_box
from train.errors import DatasetError
from train.metrics import softmax
from train.readers import Dataset, Sample, read_dataset
from webcam_app.errors import PictureError
from webcam_app.faces.labelling.card import load_card
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.network_file import read_checked_model
from webcam_app.faces.tflite import as_input, dequantize, load_interpreter

ROUNDS = 5
"""Draws of the pictures that teach: with few, which ones they are matters."""
MOST_TESTED = 150
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Weight decays of the linear layer, of which cross-validation picks one."""
FOLDS = 5
STEPS = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--model", type=Path, required=True, help="a .tflite file whose card names 'features'")
    parser.add_argument("--data", type=Path, required=True, metavar="SET", help="labelled set: a zip or a folder")
    parser.add_argument("--label", required=True, metavar="COLUMN", help="column of labels.csv with the classes")
    parser.add_argument("--classes", nargs="+", help="classes to take, each one value or several with commas between")
    parser.add_argument("--least", type=int, default=1, metavar="N", help="take classes with N pictures and more")
    parser.add_argument("--shots", type=int, required=True, metavar="N", help="pictures of each class for teaching")
    parser.add_argument("--test", type=Path, metavar="SET", help="set to test on (default: the rest of the same set)")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: the set cannot be read, or fewer than two classes have enough pictures.
        ModelError: the model or its card is missing or damaged, or has no features.
    """
    least = max(arguments.least, arguments.shots + (arguments.test is None))
    taught = read_dataset(arguments.data, label=arguments.label)
    most = arguments.shots * ROUNDS if arguments.test is not None else arguments.shots + MOST_TESTED
    features = describe(arguments.model, taught, choose_samples(taught, arguments.classes, least, most))
    others = None
    if arguments.test is not None:
        tested = read_dataset(arguments.test, label=arguments.label)
        chosen = choose_samples(tested, arguments.classes, 1, MOST_TESTED)
        others = describe(arguments.model, tested, {name: chosen[name] for name in features if name in chosen})
    print(json.dumps(few_shot(features, arguments.shots, others), indent=2))
    return 0


def choose_samples(dataset: Dataset, classes: Sequence[str] | None, least: int, most: int) -> dict[str, list[Sample]]:
    """Pictures of each class, drawn at random.

    Args:
        dataset: the set.
        classes: those to take, each one value of the label or several with commas between; None for all.
        least: classes with fewer pictures are left out.
        most: so many of each class are enough.

    Raises:
        DatasetError: fewer than two classes have enough pictures.
    """
    merged = {value: name for name in classes or () for value in name.split(",")}
    found: dict[str, list[Sample]] = {}
    for sample in dataset:
        label = sample.label or ""
        name = merged.get(label) if merged else label
        if name:
            found.setdefault(name, []).append(sample)
    enough = {name: found[name] for name in sorted(found) if len(found[name]) >= least}
    if len(enough) < 2:
        raise DatasetError(f"fewer than two classes have {least} pictures: lower --shots or --least")
    rng = np.random.default_rng(0)
    return {name: [rows[place] for place in rng.permutation(len(rows))[:most]] for name, rows in enough.items()}


def describe(model: Path, dataset: Dataset, classes: Mapping[str, Sequence[Sample]]) -> dict[str, NDArray[np.float32]]:
    """The features of each class's faces, cut out as ``evaluate`` does: name to N×D."""
    card = load_card(model)
    name = card.document["outputs"].get("features")
    interpreter = load_interpreter(read_checked_model(model, card.sha256), model)
    taken = interpreter.get_input_details()[0]
    given = next((each for each in interpreter.get_output_details() if each["name"] == name), None)
    if given is None:
        raise DatasetError(f"'{model}' gives no features: its card names none")
    detector = LiveDetector()
    every = [sample for samples in classes.values() for sample in samples]
    probed = (dataset.image(sample) for sample in every[:: max(1, len(every) // PROBED)])
    fallback, _ = choose_fallback(probed, CascadeDetector())
    result = {}
    for label, samples in classes.items():
        rows = []
        for sample in samples:
            try:
                image = dataset.image(sample)
            except PictureError:
                continue
            box, _ = evaluation_box(image, detector, fallback, card.crop)
            if box is None:
                continue
            crop = crop_face(image, box, card.input_size, card.crop)
            if card.color_order == "RGB":
                crop = np.ascontiguousarray(crop[..., ::-1])
            interpreter.set_tensor(taken["index"], as_input(crop, taken["dtype"])[np.newaxis])
            interpreter.invoke()
            rows.append(dequantize(interpreter.get_tensor(given["index"]), given).reshape(-1))
        result[label] = np.stack(rows)
    return result


def few_shot(
    features: Mapping[str, NDArray[np.float32]], shots: int, others: Mapping[str, NDArray[np.float32]] | None = None
) -> dict[str, Any]:
    """What a linear layer gets right after a few examples of each class.

    Args:
        features: class to N×D.
        shots: examples of each.
        others: faces to test on; None for those that did not teach.

    Returns:
        Mean accuracy over classes and rounds, its deviation between rounds, and how many pictures were there.
    """
    accuracies = []
    for number in range(ROUNDS):
        rng = np.random.default_rng(number)
        taught, tested, taught_as, tested_as = [], [], [], []
        for place, (name, rows) in enumerate(features.items()):
            order = rng.permutation(len(rows))
            taught.append(rows[order[:shots]])
            tested.append(rows[order[shots:]] if others is None else others[name])
            taught_as += [place] * len(taught[-1])
            tested_as += [place] * len(tested[-1])
        x, y = np.concatenate(taught), np.array(taught_as)
        mean, deviation = x.mean(0), x.std(0) + 1e-6
        x, test = (x - mean) / deviation, (np.concatenate(tested) - mean) / deviation
        weights, bias = fit_linear(x, y, len(features), _best_strength(x, y, len(features), rng))
        right = (test @ weights + bias).argmax(1) == np.array(tested_as)
        accuracies.append(np.mean([right[np.array(tested_as) == place].mean() for place in range(len(features))]))
    return {
        "classes": len(features),
        "pictures": sum(map(len, features.values())) + sum(map(len, (others or {}).values())),
        "features": int(next(iter(features.values())).shape[1]),
        "shots": shots,
        "accuracy": round(float(np.mean(accuracies)), 4),
        "deviation between rounds": round(float(np.std(accuracies)), 4),
    }


def _best_strength(x: NDArray[np.float32], y: NDArray[np.int64], classes: int, rng: np.random.Generator) -> float:
    folds = rng.permutation(len(x)) % FOLDS
    right = []
    for strength in STRENGTHS:
        hits = 0
        for fold in range(FOLDS):
            weights, bias = fit_linear(x[folds != fold], y[folds != fold], classes, strength)
            hits += int(((x[folds == fold] @ weights + bias).argmax(1) == y[folds == fold]).sum())
        right.append(hits)
    return STRENGTHS[int(np.argmax(right))]


def fit_linear(
    x: NDArray[np.float32], y: NDArray[np.int64], classes: int, strength: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Multinomial regression with weight decay, by accelerated gradient descent (Nesterov 1983).

    Args:
        x: N×D, standardised.
        y: N class numbers.
        classes: how many.
        strength: of the decay.

    Returns:
        Weights D×classes and bias (classes,).
    """
    count = len(x)
    target = np.eye(classes, dtype=np.float32)[y]
    # Half the largest eigenvalue of the features' covariance bounds the curvature.
    gram = (x @ x.T if count <= x.shape[1] else x.T @ x) / count
    rate = 1 / (0.5 * float(np.linalg.norm(gram, 2)) + strength)
    weights = np.zeros((x.shape[1], classes), np.float32)
    bias = np.zeros(classes, np.float32)
    ahead, before, momentum = weights, weights, 1.0
    for _ in range(STEPS):
        error = (softmax(x @ ahead + bias).astype(np.float32) - target) / count
        weights = ahead - np.float32(rate) * (x.T @ error + np.float32(strength) * ahead)
        bias = bias - error.sum(0)
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = weights + np.float32((momentum - 1) / following) * (weights - before)
        before, momentum = weights, following
    return weights, bias
