"""What a model says about every picture of a labelled set, beside what the set says."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.data.face_choice import (
    PROBED,
    CascadeDetector,
    Detector,
    Fallback,
    LiveDetector,
    choose_fallback,
    evaluation_box,
    whole_box,
)
from train.errors import DatasetError
from train.evaluation.meant_faces import MeantFace, meant_faces, says_no_face
from train.metrics import softmax
from train.readers import Dataset, Mark, Sample
from train.readers.layouts import GENDER_WORDS
from webcam_app.errors import PictureError
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.face import Box
from webcam_app.faces.labelling import loading
from webcam_app.faces.labelling.classifier import Classifier, FaceClassifier
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.marks import FOUND

MASK_WORDS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "mask", "masked", "with_mask", "with mask"), True),
    **dict.fromkeys(("0", "0.0", "false", "no", "bare", "unmasked", "no_mask", "no mask"), False),
    **dict.fromkeys(("without_mask", "without mask", "none"), False),
}
"""Spellings of a ``mask`` column's values. Others (a mask below the nose, say) belong to neither group."""

DETECTORS: Mapping[str, Callable[[], Detector]] = {"live": LiveDetector, "frontal": CascadeDetector}
"""``live``: what the application uses. ``frontal``: the frontal cascade alone, as in ``prepare``; ten times faster."""

THREADS = 2
_CHUNK = 128
_WARM_UP = 20
_TIMED = 300

_Boxes = tuple[list[Box], bool] | None


@dataclass(frozen=True, slots=True)
class CropOptions:
    """How the face of a picture is cut out.

    Attributes:
        crop: ``default`` for the detector's face, ``whole`` to take every picture whole.
        fallback: ``auto``, or a value of ``Fallback``; see ``choose_framing``.
        detector: one of ``DETECTORS``.
    """

    crop: str = "default"
    fallback: str = "auto"
    detector: str = "live"


LIVE_CROP = CropOptions()
"""The crop that the application cuts."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How the pictures of a set became crops.

    Attributes:
        fallback: what was done where the detector saw no face; None with ``--crop whole``, where it was not asked.
        rule: why, in a sentence.
        found: faces that the detector saw.
        skipped: pictures left out because it did not see one.
        marked: faces whose boxes a person gave; the detector was not asked for them.
    """

    fallback: Fallback | None
    rule: str
    found: int
    skipped: int
    marked: int = 0


@dataclass(frozen=True, slots=True)
class Predictions:
    """One model on one set. All arrays have one entry for each face: one a picture, or those that a person labelled.

    Attributes:
        labels: the model's classes.
        samples: what the set says of each face.
        truth: int64, the true class; -1 where the set has none that the model knows.
        probabilities: float64 (n, classes), calibrated.
        masked: int64, 1 masked, 0 bare, -1 unknown, as the set says.
        mask: float64, the model's probability of a mask; NaN where it has no such output.
        detected: bool, whether the detector saw the face; one that a person drew it had not seen.
        framing: how the pictures became crops.
    """

    labels: tuple[str, ...]
    samples: Sequence[Sample]
    truth: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    masked: NDArray[np.int64]
    mask: NDArray[np.float64]
    detected: NDArray[np.bool_]
    framing: Framing

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """Its probability."""
        return np.asarray(self.probabilities.max(axis=1), np.float64)


@dataclass(frozen=True, slots=True)
class Speed:
    """What one face costs the network, on one thread, in milliseconds.

    Attributes:
        median_ms, p5_ms, p95_ms: over ``count`` single calls after warming up.
        count: calls measured.
    """

    median_ms: float
    p5_ms: float
    p95_ms: float
    count: int


def load_classifier(model: Path, like: FaceClassifier | None = None) -> FaceClassifier:
    """Load a model; a network without a card of its own borrows that of ``like``, as a float twin does.

    Raises:
        ModelError: the file or its card is missing, damaged, or does not fit the other.
    """
    if like is None or model.with_suffix(".json").exists() or not model.is_file():
        return loading.load_classifier(model)
    document = dict(like.card.document) | {"sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / model.name
        shutil.copyfile(model, copy)
        copy.with_suffix(".json").write_text(json.dumps(document), encoding="utf-8")
        return Classifier(copy)


def true_classes(dataset: Dataset, samples: Sequence[Sample], labels: Sequence[str]) -> NDArray[np.int64]:
    """The model's number for each sample's label, whatever the case and the spelling of a gender.

    Args:
        dataset: the set.
        samples: what it says of each face.
        labels: the model's classes.

    Returns:
        int64 of shape (len(samples),); -1 where the set says nothing or a class that the model does not have.

    Raises:
        DatasetError: the set has labels, and the model knows none of them.
    """
    numbers = {label.casefold(): number for number, label in enumerate(labels)}
    for word, gender in GENDER_WORDS.items():
        if gender in numbers:
            numbers.setdefault(word, numbers[gender])
    truth = np.array([numbers.get((sample.label or "").casefold(), -1) for sample in samples], np.int64)
    if dataset.labels and not (truth >= 0).any() and not is_mask_set(dataset):
        raise DatasetError(
            f"{dataset.path}: its labels ({_shown(dataset.labels)}) are none of the model's ({_shown(labels)}); "
            "name the column with --label"
        )
    return truth


def true_masks(dataset: Dataset, samples: Sequence[Sample]) -> NDArray[np.int64]:
    """1 where the set says that a face wears a mask, 0 where it says that it wears none, -1 where it says nothing."""
    of_labels = is_mask_set(dataset)
    words = [(sample.label if of_labels else sample.attributes.get("mask")) or "" for sample in samples]
    return np.array([int(MASK_WORDS[w.casefold()]) if w.casefold() in MASK_WORDS else -1 for w in words], np.int64)


def is_mask_set(dataset: Dataset) -> bool:
    """Whether the set's labels say who wears a mask."""
    if dataset.label_column == "mask":
        return True
    known = [label for label in dataset.labels if label.casefold() in MASK_WORDS and "mask" in label.casefold()]
    return 0 < len(known) >= len(dataset.labels) - 1


def choose_framing(dataset: Dataset, fallback: str) -> tuple[Fallback, str]:
    """What to do with pictures in which the detector sees no face, and why.

    Args:
        dataset: the set; up to ``PROBED`` of its pictures are looked at.
        fallback: ``auto``, or a value of ``Fallback``.
    """
    if fallback != "auto":
        return Fallback(fallback), "asked for"
    if is_mask_set(dataset) and not dataset.has("gender"):
        return Fallback.WHOLE, "a set of masks, whose faces the cascade often does not see"
    chosen, share = choose_fallback((image for _, image in dataset.limited(PROBED).images()), CascadeDetector())
    if share is None:
        return chosen, f"the detector finds next to nothing in {min(PROBED, len(dataset))} pictures"
    kind = "face crops" if chosen is Fallback.BOX else "photographs"
    return chosen, f"{kind}: the faces found fill {share:.2f} of the shorter side in the median"


def predict(
    classifiers: Sequence[FaceClassifier], dataset: Dataset, options: CropOptions = LIVE_CROP
) -> list[Predictions]:
    """Run models over a set, each on the same pictures and boxes.

    Args:
        classifiers: one or more.
        dataset: the set. Pictures that cannot be decoded end in its ``unreadable``.
        options: how the faces are cut out.

    Returns:
        For each classifier what it says.

    Raises:
        DatasetError: no picture is left to look at, or no label is one of the first model's.
        InferenceError: a network fails.
    """
    faces = meant_faces(dataset, one_each=options.crop == "whole")
    samples = [face.sample for face in faces]
    truth = true_classes(dataset, samples, classifiers[0].card.labels)
    masked = true_masks(dataset, samples)
    chosen: Fallback | None = None
    rule = "every picture taken whole"
    if options.crop != "whole":
        chosen, rule = choose_framing(dataset, options.fallback)
    rows: list[int] = []
    detected: list[bool] = []
    outputs: list[list[tuple[NDArray[np.float32], float]]] = [[] for _ in classifiers]
    readable = 0
    specs = [each.card.crop for each in classifiers]
    for row, image, boxes in _boxed(dataset, faces, chosen, DETECTORS[options.detector], specs):
        readable += 1
        if boxes is None:
            continue
        rows.append(row)
        detected.append(boxes[1])
        for classifier, box, predictions in zip(classifiers, boxes[0], outputs, strict=True):
            card = classifier.card
            result = classifier.classify([crop_face(image, box, card.input_size, card.crop)])[0]
            predictions.append((result.logits, np.nan if result.mask is None else result.mask))
    if not rows:
        reason = "cannot be decoded" if readable == 0 else "show no face that the detector finds; try --fallback whole"
        raise DatasetError(f"{dataset.path}: all {len(dataset)} pictures {reason}")
    marked = sum(faces[row].mark is not None for row in rows)
    framing = Framing(chosen, rule, sum(detected), readable - len(rows), marked)
    taken = np.array(rows)
    return [
        Predictions(
            classifier.card.labels,
            [samples[row] for row in rows],
            truth[taken],
            softmax(np.stack([logits for logits, _ in predictions])),
            masked[taken],
            np.array([mask for _, mask in predictions], np.float64),
            np.array(detected, np.bool_),
            framing,
        )
        for classifier, predictions in zip(classifiers, outputs, strict=True)
    ]


def measure_speed(classifier: FaceClassifier, calls: int = _TIMED) -> Speed:
    """Time single calls on noise; the cost of an int8 network does not depend on what it sees."""
    size = classifier.card.input_size
    crop = np.random.default_rng(0).integers(0, 256, (size, size, 3), np.uint8)
    times = []
    for _ in range(_WARM_UP + calls):
        start = time.perf_counter()
        classifier.classify([crop])
        times.append((time.perf_counter() - start) * 1e3)
    low, middle, high = np.percentile(times[_WARM_UP:], [5, 50, 95])
    return Speed(float(middle), float(low), float(high), calls)


def _boxed(
    dataset: Dataset,
    faces: Sequence[MeantFace],
    fallback: Fallback | None,
    make_detector: Callable[[], Detector],
    specs: Sequence[CropSpec],
) -> Iterator[tuple[int, NDArray[np.uint8], _Boxes]]:
    """Number of the face, its picture, and the box for each crop with whether it was detected; None to leave it out."""
    detectors = [make_detector() for _ in range(THREADS)]
    refiners = [BoxRefiner() for _ in range(THREADS)] if any(face.mark for face in faces) else []
    pictures = [list(group) for _, group in itertools.groupby(range(len(faces)), key=lambda at: faces[at].row)]

    def look(worker: int, some: Sequence[list[int]]) -> list[tuple[int, NDArray[np.uint8], _Boxes]]:
        looked: list[tuple[int, NDArray[np.uint8], _Boxes]] = []
        for numbers in some[worker::THREADS]:
            sample = dataset[faces[numbers[0]].row]
            try:
                image = dataset.image(sample)
            except PictureError as error:
                dataset.unreadable[sample.key] = str(error)
                continue
            for number in numbers:
                mark = faces[number].mark
                if mark is None:
                    boxes = _box_each(image, detectors[worker], fallback, specs, sample.marks)
                else:
                    boxes = [refiners[worker].fit_drawn(image, mark.box)] * len(specs), mark.kind == FOUND
                looked.append((number, image, boxes))
        return looked

    with ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(pictures), _CHUNK):
            some = pictures[start : start + _CHUNK]
            looked = itertools.chain.from_iterable(pool.map(look, range(THREADS), [some] * THREADS))
            yield from sorted(looked, key=lambda entry: entry[0])
            _show_progress(start + len(some), len(pictures))


def _box_each(
    image: NDArray[np.uint8],
    detector: Detector,
    fallback: Fallback | None,
    specs: Sequence[CropSpec],
    marks: Sequence[Mark],
) -> _Boxes:
    height, width = image.shape[:2]
    if fallback is None:
        return [whole_box(width, height, spec) for spec in specs], False
    box, detected = evaluation_box(image, detector, fallback, specs[0])
    if box is None or (detected and says_no_face(marks, box)):
        return None
    if not detected and fallback is Fallback.WHOLE:
        return [whole_box(width, height, spec) for spec in specs], False
    return [box] * len(specs), detected


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total} pictures", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _shown(labels: Sequence[str]) -> str:
    return ", ".join(labels[:6]) + (", …" if len(labels) > 6 else "")
