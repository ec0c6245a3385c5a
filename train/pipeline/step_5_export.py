"""Step ``export``: quantize the student, calibrate its probabilities, choose thresholds, write the model and its card.

    python -m train export --run runs/gender --output models/gender.tflite

Everything is chosen on the development faces, which neither network was trained on; the validation set stays unseen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.augment import crop_canvas
from train.data.batches import to_input
from train.data.cache import Cache, canvas_box, open_cache
from train.errors import TrainError
from train.learning.convert import CLASSES_OUTPUT, MASK_OUTPUT, to_tflite
from train.learning.fit import predict
from train.learning.networks import MobileNetV2
from train.metrics import softmax
from train.occlusion.cover import shown_pictures
from train.occlusion.occluder import draw_occluder, eye_positions
from train.pipeline.step_1_prepare import marked_faces
from train.pipeline.step_4_student import train_student, tune_student
from train.readers import read_dataset
from train.refiner.data import cascade_box
from train.run_folder import RunFolder, environment, replace_text
from train.settings import Settings
from webcam_app.faces.labelling.classifier import Classifier
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.network_file import FORMAT

# Where there are no real masked faces to choose it by.
MASK_AT = 0.5
# Development faces that get something other than a mask before them, to choose the mask's threshold by.
OCCLUDED_FACES = 600
MOST_COVERED = 0.01
# Search for the temperature: nobody's network is further off than this.
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.2, 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--output``: the model's file; its card goes beside it."""
    parser.add_argument("--output", type=Path, help="the .tflite file to write (default: in the run folder)")
    parser.add_argument("--hard", action="store_true", help="export the student trained without the teacher")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    settings = run.settings()
    output = arguments.output or run.path / f"{settings.name}{'_hard' if arguments.hard else ''}.tflite"
    print(json.dumps(export(run, settings, output, hard=arguments.hard), indent=2))
    return 0


def export(run: RunFolder, settings: Settings, output: Path, *, hard: bool = False) -> dict[str, Any]:
    """Write ``output``, its card, and the float network beside them as ``NAME_float.tflite`` in the run folder.

    Returns:
        What was measured on the development faces.

    Raises:
        TrainError: there are no development faces, or the output folder cannot be written.
    """
    cache = open_cache(run.cache)
    rows = cache.rows("development")
    if not len(rows):
        raise TrainError("there are no development faces to calibrate on: set prepare.development above 0")
    student, tuned = train_student(run, settings, hard=hard), tune_student(run, settings, hard=hard)
    size, scale = settings.export.size, settings.prepare.canvas_scale
    crops = [crop_canvas(cache.images[row], size, scale) for row in rows]
    float_logits = predict(student, iter(crops), len(crops), bfloat16=False)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _write(run, settings, student, run.path / f"{output.stem}_float.tflite", None, hard=hard)
        _write(run, settings, tuned, output, _calibration(run, settings, cache), hard=hard)
    except OSError as error:
        raise TrainError(f"'{output}' cannot be written: {error.strerror or error}") from None
    classifier = Classifier(output)
    said = classifier.classify(crops)
    logits = np.stack([evidence.logits for evidence in said])
    truth = cache.classes[rows]
    temperature = fit_temperature(logits, truth)
    probabilities = softmax(logits / temperature)
    unsure = unsure_threshold(probabilities.max(1), settings.export.coverage)
    sure = probabilities.max(1) >= unsure
    right = probabilities.argmax(1) == truth
    figures = {
        "faces": len(rows),
        "accuracy": float(right.mean()),
        "float_accuracy": float((float_logits[:, :-1].argmax(1) == truth).mean()),
        "agreement_with_float": float((float_logits[:, :-1].argmax(1) == logits.argmax(1)).mean()),
        "coverage": float(sure.mean()),
        "accuracy_where_sure": float(right[sure].mean()),
    }
    card = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))
    if settings.mask_boxes:
        chosen = _mask_threshold(classifier, settings, cache, [float(evidence.mask or 0.0) for evidence in said])
        card["thresholds"]["mask"] = round(chosen["threshold"], 4)
        figures["mask"] = chosen
    card["temperature"] = round(temperature, 4)
    card["thresholds"]["unsure"] = round(unsure, 4)
    card["development"] = figures
    replace_text(output.with_suffix(".json"), json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return {**figures, "temperature": temperature, "unsure": unsure, "bytes": output.stat().st_size}


def unsure_threshold(confidence: NDArray[np.floating[Any]], coverage: float) -> float:
    """The confidence below which a face is called unsure, so that ``coverage`` holds on other faces too.

    Args:
        confidence: N, of development faces; their share above the threshold is ``coverage`` and one standard error.
        coverage: least share of faces to label.
    """
    error = np.sqrt(coverage * (1 - coverage) / len(confidence))
    return float(np.quantile(confidence, max(0.0, 1 - coverage - error)))


def best_threshold(
    masked: NDArray[np.floating[Any]], bare: NDArray[np.floating[Any]], covered: NDArray[np.floating[Any]]
) -> float:
    """The threshold with the best balanced accuracy at which hands and cups are no masks; of several, the middle.

    Args:
        masked: probabilities that the network gives masked faces.
        bare: those that it gives bare ones.
        covered: those that it gives faces behind other things; at most ``MOST_COVERED`` of them may be called masked.
    """
    steps = np.linspace(0.05, 0.95, 181)
    steps = steps[[(covered >= step).mean() <= MOST_COVERED for step in steps]]
    if not len(steps):
        return 0.95
    balanced = [(masked >= step).mean() + (bare < step).mean() for step in steps]
    return float(np.median(steps[np.flatnonzero(np.isclose(balanced, max(balanced)))]))


def _mask_threshold(
    classifier: Classifier, settings: Settings, cache: Cache, of_development: list[float]
) -> dict[str, Any]:
    """The mask's threshold by real masked faces that were held out, bare faces, and faces behind other things."""
    size, scale = settings.export.size, settings.prepare.canvas_scale
    box = canvas_box(settings.prepare.canvas_size, scale, CropSpec())
    entries = marked_faces(read_dataset(Path(settings.mask_boxes or "")), held_out=True)
    real = [
        crop_face(entry.dataset.image(entry.sample), cascade_box(entry.marked.box), size, CropSpec())
        for entry in entries
        if entry.marked is not None
    ]
    covered = []
    for row in cache.rows("development")[:OCCLUDED_FACES]:
        canvas = cache.images[row]
        drawn = draw_occluder(canvas, box, eye_positions(canvas, box), np.random.default_rng((settings.seed, int(row))))
        covered.append(crop_canvas(drawn, size, scale))
    of_real = np.array([evidence.mask or 0.0 for evidence in classifier.classify(real)])
    of_covered = np.array([evidence.mask or 0.0 for evidence in classifier.classify(covered)])
    worn = np.array([entry.mask == 1 for entry in entries])
    bare = np.concatenate([of_real[~worn], of_development])
    threshold = best_threshold(of_real[worn], bare, of_covered)
    return {
        "threshold": threshold,
        "real masked faces": int(worn.sum()),
        "seen as masked": float((of_real[worn] >= threshold).mean()),
        "bare faces": len(bare),
        "wrongly called masked": float((bare >= threshold).mean()),
        "faces behind other things": len(of_covered),
        "of these called masked": float((of_covered >= threshold).mean()),
    }


def fit_temperature(logits: NDArray[np.float32], truth: NDArray[np.integer[Any]]) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017, arXiv:1706.04599).

    Args:
        logits: N×C.
        truth: N class numbers.

    Returns:
        A divisor for the logits, by golden-section search on its logarithm.
    """

    def cost(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        return float(-np.log(np.maximum(probabilities[np.arange(len(truth)), truth], 1e-12)).mean())

    ratio = (5**0.5 - 1) / 2
    low, high = np.log(LOWEST_TEMPERATURE), np.log(HIGHEST_TEMPERATURE)
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if cost(left) < cost(right) else (left, high)
    return float(np.exp((low + high) / 2))


def _calibration(run: RunFolder, settings: Settings, cache: Cache) -> Iterator[NDArray[np.float32]]:
    """Training faces as the application sees them, masked ones among them."""
    rng = np.random.default_rng(settings.seed)
    picture = shown_pictures(run.cache, cache, settings.student.covered_share)
    rows = rng.permutation(cache.rows("train", "pool"))[: settings.export.calibration_faces]
    for row in rows:
        crop = crop_canvas(picture(int(row), rng)[0], settings.export.size, settings.prepare.canvas_scale)
        yield np.ascontiguousarray(to_input(crop[None]).permute(0, 2, 3, 1).numpy())


def _write(
    run: RunFolder,
    settings: Settings,
    student: MobileNetV2,
    path: Path,
    calibration: Iterator[NDArray[np.float32]] | None,
    *,
    hard: bool,
) -> None:
    content, names = to_tflite(student, settings.export.size, calibration)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
    cache = open_cache(run.cache)
    card = {
        "format": FORMAT,
        "name": settings.name,
        "task": settings.task,
        "labels": list(cache.labels),
        "input": {
            "size": settings.export.size,
            "color_order": "RGB",
            "crop": {"scale": CropSpec().scale, "shift_down": CropSpec().shift_down},
        },
        "outputs": {"classes": names[CLASSES_OUTPUT], "mask": names[MASK_OUTPUT]},
        "temperature": 1.0,
        "thresholds": {"unsure": 0.5, "mask": MASK_AT},
        "sha256": hashlib.sha256(content).hexdigest(),
        "network": {
            "family": f"MobileNetV2 {settings.student.width:g}",
            "trained_on": "the given labels" if hard else "an Inception v3 teacher's soft labels and the given labels",
            "numbers": "float32" if calibration is None else "int8 throughout, per-channel weights",
            "bytes": len(content),
        },
        "made_with": {**environment(), "data": run.read_note("data") or {}},
    }
    replace_text(path.with_suffix(".json"), json.dumps(card, indent=2, ensure_ascii=False) + "\n")
