"""Fits a run's settings to its data: how many pictures choose the thresholds, how long it trains, from what it starts.

``python -m train run`` does so where no settings are given. Sets that are large enough for the settings' own numbers
(``PrepareSettings``) keep them, with an Inception teacher and ImageNet weights. Others train the shipped features
network further, on the given labels alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from train.errors import TrainError
from train.model_file import labels_of
from train.readers import read_dataset
from train.settings import PrepareSettings, Settings, StageSettings, StudentSettings
from webcam_app.resources import features_path

LEAST_PICTURES = 10
"""In all; fewer leave nothing to be measured with."""
FEW = 5
"""Pictures of a class below which nothing can be said of it."""
LITTLE = 30
"""Below so many, figures of a class are a rough guess: one picture in seven is kept for measuring."""
DEVELOPMENT_SHARE = 0.15
MOST_DEVELOPMENT = 2000
POOL_SHARE = 0.4
"""Of the pictures for training, where a teacher is trained that shall label what it never saw."""
HEAVILY = 3.0
"""Classes whose numbers of pictures differ by more are worth a word."""
SIZE = 128
"""Pixels, as it is exported: the last layer that training starts from is fitted at this size."""
RATE = 4e-4
"""From a last layer that is fitted to the features of the shipped network. With batch norm measured anew and higher
rates, or with the first half of the layers frozen, fewer were right. What a run reaches says ``train compare``."""


@dataclass(frozen=True)
class Counts:
    """Pictures of the labelled sets.

    Attributes:
        of: class to number of pictures.
        unlabelled: pictures without a label that count.
    """

    of: Mapping[str, int]
    unlabelled: int = 0

    @property
    def all(self) -> int:
        """Labelled pictures."""
        return sum(self.of.values())

    @property
    def least(self) -> int:
        """Pictures of the smallest class."""
        return min(self.of.values())


def count_pictures(settings: Settings) -> Counts:
    """Count without decoding any.

    Raises:
        TrainError: no data, fewer than two classes, or too few pictures for anything.
        DatasetError: a set cannot be read.
    """
    if not settings.data:
        raise TrainError("no data: name a labelled set with --data")
    counts: Counter[str] = Counter()
    for path in settings.data:
        counts.update(read_dataset(Path(path), label=settings.label).counts)
    if len(counts) < 2:
        raise TrainError(
            f"the data has only the class {sorted(counts)}: at least two are needed, a sub-folder of pictures for each"
        )
    if sum(counts.values()) < LEAST_PICTURES:
        raise TrainError(
            f"{sum(counts.values())} pictures are too few to train and to measure with: give {LEAST_PICTURES} at the "
            f"very least, better {LITTLE} of each class; webcam-app teach does with fewer"
        )
    unlabelled = sum(len(read_dataset(Path(path))) for path in settings.unlabelled)
    return Counts(dict(sorted(counts.items())), unlabelled)


def fit_settings(settings: Settings, counts: Counts) -> Settings:
    """The settings for data of so many pictures.

    Args:
        settings: what arguments say; the numbers in them are the defaults.
        counts: the pictures.
    """
    usual = PrepareSettings()
    if counts.all + counts.unlabelled > usual.development + usual.pool and settings.start_model is None:
        return settings
    teacher = settings.inception_weights is not None
    development = min(MOST_DEVELOPMENT, max(2, round(DEVELOPMENT_SHARE * counts.all)))
    taught = counts.all - development
    prepared = dataclasses.replace(
        settings.prepare,
        development=development,
        pool=round(POOL_SHARE * taught) + counts.unlabelled if teacher else 0,
        stratified=True,
        # Masks are drawn only where they are what the network shall see too.
        occluded=min(usual.occluded, counts.all // 2) if settings.mask_boxes or settings.mask_templates else 0,
    )
    student = fit_student(settings.student, taught, fresh=settings.mobilenet_weights is not None)
    start = settings.start_model
    if start is None and settings.mobilenet_weights is None:
        start = None if teacher else str(features_path())
    fitted = dataclasses.replace(
        settings,
        name=_name(settings),
        task="the class that a picture's face belongs to" if settings.task == Settings.task else settings.task,
        prepare=prepared,
        student=student,
        start_model=start,
        given_labels_only=not teacher,
    )
    if not teacher:
        return fitted
    stages = tuple(dataclasses.replace(stage, epochs=_epochs(taught, 2)) for stage in settings.teacher.stages[1:])
    batch = _batch(taught - prepared.pool)
    return dataclasses.replace(fitted, teacher=dataclasses.replace(settings.teacher, stages=stages, batch=batch))


def without_teacher(settings: Settings, counts: Counts) -> Settings:
    """Settings that start from a model of other classes learn from the given labels: that model can label nothing.

    Raises:
        ModelError: the model's card is missing or damaged.
    """
    if settings.start_model is None or labels_of(Path(settings.start_model)) == tuple(counts.of):
        return settings
    return dataclasses.replace(settings, given_labels_only=True)


def fit_student(student: StudentSettings, taught: int, *, fresh: bool) -> StudentSettings:
    """Schedule and batch for so many pictures to learn from.

    Args:
        student: other numbers.
        taught: how many pictures.
        fresh: whether it starts from ImageNet: that takes twice as long, at a higher rate.
    """
    epochs, batch = _epochs(taught, 2 if fresh else 1), _batch(taught)
    steps = max(1, epochs * taught // batch)
    return dataclasses.replace(
        student,
        stages=(StageSettings(SIZE, epochs, 1.2e-3 if fresh else RATE),),
        quantized=StageSettings(128, max(1, round(1500 / taught)), 2e-5),
        frozen_through=None,
        batch=batch,
        head_rate_factor=3.0 if fresh else 1.0,
        # The average forgets the first weights well before the end.
        average_decay=min(student.average_decay, max(0.5, 1 - 8 / steps)),
    )


def _epochs(pictures: int, factor: int) -> int:
    """Fewer pictures are shown more often: 12 times for 680, 5 times for 3,400 and more."""
    return factor * min(40, max(5, round(320 / math.sqrt(max(1, pictures)))))


def _batch(pictures: int) -> int:
    return int(min(64 if pictures >= 2000 else 32, max(2, pictures // 4)))


def _name(settings: Settings) -> str:
    return Path(settings.data[0]).resolve().stem or "mine" if settings.name == Settings.name else settings.name


def describe_plan(settings: Settings, counts: Counts) -> Iterator[str]:
    """What a run will do, in lines for people."""
    prepared, student = settings.prepare, settings.student
    yield (
        f"{counts.all} pictures of {len(counts.of)} classes, {counts.least} to {max(counts.of.values())} of each: "
        f"{counts.all - prepared.development - min(prepared.pool, counts.all)} to learn from, {prepared.development} "
        "kept out to choose temperature and thresholds by" + (f", {prepared.pool} in the pool" if prepared.pool else "")
    )
    yield from _balance(settings, counts)
    few = [label for label, count in counts.of.items() if count < FEW]
    little = [label for label, count in counts.of.items() if FEW <= count < LITTLE]
    if few:
        yield (
            f"warning: fewer than {FEW} pictures of {_named(few)}: they may be learned, but nothing can be said of how "
            "well; not every class is among the pictures kept out, and the accuracy is one over all classes"
        )
    if little:
        yield (
            f"warning: fewer than {LITTLE} pictures of {_named(little)}: what is measured of them is a rough guess; "
            "webcam-app teach may know them better"
        )
    start = "nothing" if settings.start_model is None else f"'{Path(settings.start_model).name}'"
    if settings.start_model is None and settings.mobilenet_weights != "random":
        start = (
            f"ImageNet weights ('{settings.mobilenet_weights}')"
            if settings.mobilenet_weights
            else "ImageNet weights, fetched"
        )
    teacher = "the given labels alone" if settings.given_labels_only else "a teacher's labels and the given ones"
    stages = ", ".join(f"{stage.epochs} epochs at {stage.size} px" for stage in student.stages)
    yield (
        f"starts from {start}, learns from {teacher}: {stages}, {student.quantized.epochs} more in int8, "
        f"batches of {student.batch}"
    )
    if not (settings.mask_boxes or settings.mask_templates or prepared.occluded):
        yield "no masks are shown to it, so it will say nothing about masks (--mask-boxes would show some)"


def shown_each_epoch(settings: Settings, counts: Counts) -> float:
    """How many faces an epoch shows over how many there are to learn from: more where small classes repeat."""
    return _shown_of_each(counts) * len(counts.of) / counts.all if settings.prepare.balance else 1.0


def _shown_of_each(counts: Counts) -> float:
    """How often an epoch shows each class, before development faces are kept out; see ``balanced_order``."""
    return min(max(counts.of.values()), 2 * counts.all / len(counts.of))


def _balance(settings: Settings, counts: Counts) -> Iterator[str]:
    if max(counts.of.values()) <= HEAVILY * counts.least:
        return
    if settings.prepare.balance:
        times = round(_shown_of_each(counts) * (1 - settings.prepare.development / counts.all))
        yield (
            f"classes are heavily out of balance: an epoch shows each {times} times or nearly so; pictures of small "
            "classes repeat, cropped, turned, lit and blurred anew each time, those of large ones take turns"
        )
    else:
        yield "classes are heavily out of balance, and prepare.balance is off: large ones will be favoured"


def _named(labels: list[str], most: int = 5) -> str:
    return ", ".join(labels[:most]) + (f" and {len(labels) - most} more classes" if len(labels) > most else "")
