"""Step ``export``: quantize the student, calibrate its probabilities, choose thresholds, write the model and its card.

    python -m train export --run runs/gender --output models/gender.tflite

Everything is chosen on the development faces, which neither network was trained on; the validation set stays unseen.
Model and card replace the old ones at the end, both or neither.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train import processes
from train.data.augment import crop_canvas
from train.data.batches import to_input
from train.data.cache import Cache, canvas_box, open_cache
from train.data.cascade_boxes import cascade_box
from train.errors import TrainError
from train.learning.calibration import fit_temperature, mask_threshold, unsure_threshold
from train.learning.convert import output_names, to_tflite
from train.learning.keras_twin import CLASSES_OUTPUT, FEATURES_OUTPUT, MASK_OUTPUT, keras_twin
from train.learning.networks import MobileNetV2
from train.learning.trainer import predict
from train.metrics import softmax
from train.model_file import checksum, input_entry, staged_model, write_card
from train.occlusion.draw import draw_occluder, eye_positions
from train.occlusion.occluded_faces import masks_shown, shown_pictures
from train.pipeline.step_1_prepare import marked_faces
from train.pipeline.step_5_student import train_student, tune_student
from train.readers import read_dataset
from train.run_folder import RunFolder, environment
from train.settings import Settings
from webcam_app.faces.labelling.card import load_card
from webcam_app.faces.labelling.classifier import Classifier, Prediction
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.network_file import FORMAT

# Where there are no real masked faces to choose it by.
DEFAULT_MASK_THRESHOLD = 0.5
# Classes up to which each has its own figure.
MOST_SHOWN = 30
# Development faces that get something other than a mask before them, to choose the mask's threshold by.
OCCLUDED_FACES = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--output``: the model's file; its card goes beside it."""
    parser.add_argument("--output", type=Path, help="the .tflite file to write (default: in the run folder)")
    parser.add_argument("--hard", action="store_true", help="export the student trained without the teacher")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    settings = run.settings()
    output = arguments.output or run.path / f"{settings.name}{'_hard' if arguments.hard else ''}.tflite"
    hard = arguments.hard or settings.given_labels_only
    if processes.share().of > 1:  # what is not trained yet, all train
        tune_student(run, settings, hard=hard)
    figures = processes.once(export, run, settings, output, hard=hard)
    print(json.dumps(figures, indent=2))
    return 0


def export(run: RunFolder, settings: Settings, output: Path, *, hard: bool = False) -> dict[str, Any]:
    """Write ``output``, its card, and the float network with one as ``NAME_float.tflite`` in the run folder.

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
    float_logits = predict(student, iter(crops), len(crops), bfloat16=False)[:, : len(cache.labels)]
    _write_float(run, settings, student, f"{output.stem}_float.tflite", hard=hard)
    calibration = list(_calibration(run, settings, cache))
    masks = masks_shown(run.cache, cache)
    content = to_tflite(keras_twin(tuned, size, scale_input=False, mask=masks), calibration)
    card = _card(run, settings, content, "int8 throughout, per-channel weights", hard=hard)
    with staged_model(output, content) as draft:
        write_card(draft, card)
        classifier = Classifier(draft)
        predictions = classifier.classify(crops)
        figures = _calibrate(card, predictions, float_logits, cache.classes[rows], settings)
        if settings.mask_boxes and masks:
            figures["mask"] = measure_mask(classifier, settings, cache, predictions)
            card["thresholds"]["mask"] = round(figures["mask"]["threshold"], 4)
        card["development"] = figures
        write_card(draft, card)
        load_card(draft)  # what the application would refuse is not written
    return {
        **figures,
        "temperature": card["temperature"],
        "unsure": card["thresholds"]["unsure"],
        "bytes": len(content),
    }


def _calibrate(
    card: dict[str, Any],
    predictions: Sequence[Prediction],
    float_logits: NDArray[np.float32],
    truth: NDArray[np.int16],
    settings: Settings,
) -> dict[str, Any]:
    """Put temperature and unsure threshold into a card, and measure the network with them."""
    logits = np.stack([prediction.logits for prediction in predictions])
    temperature = fit_temperature(logits, truth)
    probabilities = softmax(logits / temperature)
    right = probabilities.argmax(1) == truth
    unsure = unsure_threshold(probabilities.max(1), right, settings.export.coverage)
    card["temperature"] = round(temperature, 4)
    card["thresholds"]["unsure"] = round(unsure, 4)
    sure = probabilities.max(1) >= unsure
    per_class = {
        label: {"faces": int(of.sum()), "accuracy": float(right[of].mean())}
        for number, label in enumerate(card["labels"])
        if (of := truth == number).any()
    }
    return {
        "faces": len(truth),
        "accuracy": float(right.mean()),
        "balanced_accuracy": float(np.mean([each["accuracy"] for each in per_class.values()])),
        **({"per_class": per_class} if len(per_class) <= MOST_SHOWN else {}),
        "float_accuracy": float((float_logits.argmax(1) == truth).mean()),
        "agreement_with_float": float((float_logits.argmax(1) == logits.argmax(1)).mean()),
        "coverage": float(sure.mean()),
        "accuracy_where_sure": float(right[sure].mean()),
    }


def measure_mask(
    classifier: Classifier, settings: Settings, cache: Cache, of_development: Sequence[Prediction]
) -> dict[str, Any]:
    """Choose the mask's threshold by real masked faces that were held out, bare faces, and faces behind other things.

    Where no masked face was held out, it is ``DEFAULT_MASK_THRESHOLD``, a line says so, and no share is given.
    """
    entries = marked_faces(read_dataset(Path(settings.mask_boxes or "")), held_out=True)
    real = [
        crop_face(entry.dataset.image(entry.sample), cascade_box(entry.marked.box), settings.export.size, CropSpec())
        for entry in entries
        if entry.marked is not None
    ]
    of_real = _mask_probabilities(classifier.classify(real))
    of_occluded = _mask_probabilities(classifier.classify(_occluded_crops(cache, settings)))
    worn = np.array([entry.mask == 1 for entry in entries], np.bool_)
    masked, bare = of_real[worn], np.concatenate([of_real[~worn], _mask_probabilities(of_development)])
    chosen = mask_threshold(masked, bare, of_occluded)
    if chosen is None:
        print(
            f"export: no masked face of '{settings.mask_boxes}' is held out to choose the mask's threshold by: "
            f"it stays {DEFAULT_MASK_THRESHOLD}",
            flush=True,
        )
    threshold = DEFAULT_MASK_THRESHOLD if chosen is None else chosen
    shares = {
        "seen as masked": masked,
        "wrongly called masked": bare,
        "of these called masked": of_occluded,
    }
    figures: dict[str, Any] = {
        "threshold": threshold,
        "real masked faces": len(masked),
        "bare faces": len(bare),
        "faces behind other things": len(of_occluded),
    }
    return figures | {name: float((each >= threshold).mean()) for name, each in shares.items() if len(each)}


def _mask_probabilities(predictions: Sequence[Prediction]) -> NDArray[np.float64]:
    return np.array([prediction.mask or 0.0 for prediction in predictions], np.float64)


def _occluded_crops(cache: Cache, settings: Settings) -> list[NDArray[np.uint8]]:
    """Development faces behind things that are no masks."""
    size, scale = settings.export.size, settings.prepare.canvas_scale
    box = canvas_box(settings.prepare.canvas_size, scale, CropSpec())
    crops = []
    for row in cache.rows("development")[:OCCLUDED_FACES]:
        canvas = cache.images[row]
        drawn = draw_occluder(canvas, box, eye_positions(canvas, box), np.random.default_rng((settings.seed, int(row))))
        crops.append(crop_canvas(drawn, size, scale))
    return crops


def _calibration(run: RunFolder, settings: Settings, cache: Cache) -> Iterator[NDArray[np.float32]]:
    """Training faces as the application sees them, masked ones among them, for the ranges of int8."""
    rng = np.random.default_rng(settings.seed)
    picture = shown_pictures(run.cache, cache, settings.student.occluded_share)
    rows = rng.permutation(cache.rows("train", "pool"))[: settings.export.calibration_faces]
    for row in rows:
        crop = crop_canvas(picture(int(row), rng)[0], settings.export.size, settings.prepare.canvas_scale)
        yield np.ascontiguousarray(to_input(crop[None]).permute(0, 2, 3, 1).numpy())


def _write_float(run: RunFolder, settings: Settings, student: MobileNetV2, name: str, *, hard: bool) -> None:
    """The student before quantization, to compare with; its card is not calibrated."""
    masks = masks_shown(run.cache, open_cache(run.cache))
    content = to_tflite(keras_twin(student, settings.export.size, scale_input=True, mask=masks))
    with staged_model(run.path / name, content) as draft:
        write_card(draft, _card(run, settings, content, "float32", hard=hard))


def _card(run: RunFolder, settings: Settings, content: bytes, numbers: str, *, hard: bool) -> dict[str, Any]:
    """A network's card, as yet without calibration and measured thresholds."""
    names = output_names(content)
    return {
        "format": FORMAT,
        "name": settings.name,
        "task": settings.task,
        "labels": list(open_cache(run.cache).labels),
        "input": input_entry(settings.export.size, "RGB", CropSpec()),
        # A network that was shown no mask has no such output.
        "outputs": {
            output: names[output] for output in (CLASSES_OUTPUT, MASK_OUTPUT, FEATURES_OUTPUT) if output in names
        },
        "temperature": 1.0,
        "thresholds": {"unsure": 0.5} | ({"mask": DEFAULT_MASK_THRESHOLD} if MASK_OUTPUT in names else {}),
        "sha256": checksum(content),
        "network": {
            "family": f"MobileNetV2 {settings.student.width:g}",
            "trained_on": "the given labels" if hard else _teachers(settings),
            "numbers": numbers,
            "bytes": len(content),
        },
        "made_with": {**environment(), "data": run.read_note("data") or {}},
    }


def _teachers(settings: Settings) -> str:
    """Whose labels the student learned from."""
    named = {
        "an Inception v3 teacher's": settings.has_teacher,
        "its predecessor's": settings.start_model is not None,
        "a face network's": settings.face_weights is not None,
    }
    return f"{' and '.join(name for name, used in named.items() if used)} soft labels and the given labels"
