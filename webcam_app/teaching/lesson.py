"""Fits a taught model to described examples, and says how good it is on faces that it was not fitted to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import TeachingError
from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.card import MAX_LABELS
from webcam_app.faces.labelling.features import LOOKS, mean_of_looks
from webcam_app.faces.labelling.population import GRID, LARGEST, Population, Scale
from webcam_app.faces.labelling.taught import TaughtLayer
from webcam_app.teaching.calibration import Thresholds, choose_thresholds, fit_temperature, softmax
from webcam_app.teaching.folds import UNTESTED, split_folds
from webcam_app.teaching.regression import Array, LinearLayer, class_means, fit_discriminants, fit_logistic
from webcam_app.threads import one_blas_thread

# What cross-validation chooses from, the simplest first: of equals the first is taken.
STRENGTHS = (1.0, 0.1, 0.01)
SHRINKAGES = (0.99, 0.9, 0.6)
# Numbers that one pass of logistic regression may touch (rows × dimension × classes): beyond, discriminants do alone.
MOST_WORK = 100_000_000
# Variants of each example in cross-validation; the final fit has all.
FOLD_VARIANTS = 2
# With so many classes of so few different examples each, as people are taught, a standard error of cross-validation
# counts for ``NEAREST``, otherwise against it: people were told apart better by it, but cross-validation took a linear
# layer in one draw of three; masks and age bands are better told apart by a layer (seen once, no command repeats it).
# What belongs together counts once: frames of a take do not make a class known.
MANY_CLASSES, FEW_EXAMPLES = 4, 10
# Least deviation of a feature, in mean deviations: one that hardly moves in some examples would become loud.
LEAST_DEVIATION = 0.1


NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class Method:
    """A way to fit: ``logistic`` with a penalty's strength, ``discriminants`` with a shrinkage, or ``NEAREST``.

    The last has no layer of its own: the cosines with the classes' means decide, along the directions in which faces
    differ. It is best for people from few examples each.
    """

    kind: str
    value: float

    def fit(self, features: Array, truth: NDArray[np.int64], classes: int) -> LinearLayer:
        """Fit, every class counting the same whatever its number of examples."""
        if self.kind == NEAREST:
            return LinearLayer(np.zeros((classes, features.shape[1])), np.zeros(classes))
        weight = 1.0 / np.bincount(truth, minlength=classes)[truth]
        weight /= weight.sum()
        fit = fit_logistic if self.kind == "logistic" else fit_discriminants
        return fit(features, truth, classes, self.value, weight)


@dataclass(frozen=True, slots=True)
class Tested:
    """What a model said of examples that it had not seen, in cross-validation.

    Attributes:
        rows: (m,) which examples; those of classes with one group of pictures cannot be tested.
        truth: (m,) their classes.
        probabilities: (m, classes), calibrated.
        likeness: (m,) largest cosine with a class's mean.
        as_stranger: (m,) bool, whether the example would have got a wrong name if its class had not been taught.
    """

    rows: NDArray[np.int64]
    truth: NDArray[np.int64]
    probabilities: Array
    likeness: Array
    as_stranger: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A taught model, and how good it is.

    Attributes:
        labels: class names, in the order of the layer's rows.
        counts: examples of each.
        layer: the model's numbers; its scores are calibrated logits.
        thresholds: for ``unsure`` and for faces unlike all examples.
        method: how it was fitted.
        folds: number of folds of the cross-validation.
        tested: what it said in cross-validation; None where nothing could be tested.
    """

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    layer: TaughtLayer
    thresholds: Thresholds
    method: Method
    folds: int
    tested: Tested | None


@one_blas_thread()
def teach(
    features: NDArray[np.float32],
    labels: Sequence[str],
    groups: NDArray[np.int64],
    population: Population | None = None,
    *,
    order: Sequence[str] = (),
    check: Callable[[], None] = lambda: None,
) -> Lesson:
    """Fit a model.

    Args:
        features: (n, variants, dimension) as the features network gives them; the first ``LOOKS`` are the views that a
            face is labelled by, the very first the face as it is.
        labels: the class of each.
        groups: (n,) examples that are no test of each other.
        population: what the features of many faces are like; None to take the examples', which tells worse who is
            unlike them.
        order: the classes in the order that the model is to have, which fixes their colours; without it they are
            sorted. What is no class of ``labels`` is passed over.
        check: called from time to time; what it raises ends the work.

    Raises:
        TeachingError: see ``check_classes``.
    """
    names = tuple(sorted(check_classes(labels), key=lambda name: order.index(name) if name in order else len(order)))
    truth = np.array([names.index(label) for label in labels], np.int64)
    scale = _scale(features)
    common = population or Population(scale)
    count, variants, dimension = features.shape
    standard = _standardised(features, scale)
    outside = _directions(standard if population is None else _standardised(features, common))
    # Fewer rows than features span a space of their number, in which every fit here takes place: rotate into it.
    basis = np.linalg.qr(standard.T)[0] if len(standard) < dimension else None
    rotated = standard if basis is None else standard @ basis
    cube = rotated.reshape(count, variants, -1)

    split = _split(truth, groups)
    fold = split.fold
    looked = looked_at(features)[:, np.newaxis]
    likeness = _likeness(outside.reshape(count, variants, -1), _standardised(looked, common), truth, fold, len(names))
    seen = _standardised(looked, scale)
    method, scores = _choose(cube, seen if basis is None else seen @ basis, split, likeness, check)
    rows = np.flatnonzero(fold != UNTESTED)
    temperature, tested, thresholds = 1.0, None, Thresholds(0.5 + 0.5 / len(names), -1.0)
    if len(rows):
        temperature = fit_temperature(scores[rows], truth[rows])
        tested, thresholds = _test(rows, truth[rows], scores[rows] / temperature, likeness[rows])

    all_truth = np.repeat(truth, variants)
    layer = method.fit(rotated, all_truth, len(names))
    # The temperature is part of the weights: a card's own divides by 1.
    weights = (layer.weights if basis is None else layer.weights @ basis.T) / temperature
    taught = TaughtLayer(
        scale,
        common,
        *_whole_numbers(weights),
        layer.bias / temperature,
        _mean_directions(outside, all_truth, len(names)),
        thresholds.like,
        1 / temperature if method.kind == NEAREST else 0.0,
    )
    return Lesson(names, tuple(np.bincount(truth).tolist()), taught, thresholds, method, int(fold.max()) + 1, tested)


def _mean_directions(rows: Array, truth: NDArray[np.int64], classes: int) -> NDArray[np.int16]:
    """The direction of each class's mean, its largest number ``LARGEST``."""
    means = class_means(rows, truth, classes, np.ones(len(rows)))
    largest = np.maximum(np.abs(means).max(axis=1, keepdims=True), 1e-12)
    directions: NDArray[np.int16] = np.rint(means / largest * LARGEST).astype(np.int16)
    return directions


def _whole_numbers(values: Array) -> tuple[NDArray[np.int16], float]:
    """Values of any shape in 16 bits, and what one step of them is worth."""
    step = max(float(np.abs(values).max()), 1e-12) / LARGEST
    return np.rint(values / step).astype(np.int16), step


def check_classes(labels: Sequence[str], names_of_all: Sequence[str] = ()) -> tuple[str, ...]:
    """The classes of some examples, sorted.

    Args:
        labels: the class of each example.
        names_of_all: all classes that are meant, of which some may have no example.

    Raises:
        TeachingError: they are fewer than two or too many, or one has a name that means something else.
    """
    names = tuple(sorted(set(labels)))
    if not names:
        raise TeachingError("there is no picture: make a folder with a sub-folder of pictures for each class")
    if len(names) < 2:
        others = [f"'{name}'" for name in names_of_all if name not in names]
        if others:
            raise TeachingError(
                f"only '{names[0]}' has pictures that can be read, not {', '.join(others[:3])}: a model tells classes "
                "apart, so give another one pictures too"
            )
        raise TeachingError(
            f"there is only one class, '{names[0]}': a model tells classes apart, so give it another one too"
        )
    if len(names) > MAX_LABELS:
        raise TeachingError(f"there are {len(names)} classes: at most {MAX_LABELS} can be taught")
    if UNSURE in names:
        raise TeachingError(f"a class cannot be called '{UNSURE}', which faces unlike all examples are: rename it")
    return names


def looked_at(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What examples would be labelled by, (n, dimension), from their views; see ``FeatureNetwork.look``."""
    return mean_of_looks(features[:, :LOOKS])


def _standardised(features: NDArray[np.float32], scale: Scale | Population) -> Array:
    """Rows of (n · variants, dimension), or along a population's directions."""
    return np.stack([scale.apply(row) for row in features.reshape(-1, features.shape[2])]) / GRID


def _directions(rows: Array) -> Array:
    """Rows at length 1: of several views of a face one that lies far out is not to count more."""
    directions: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return directions


def _scale(features: NDArray[np.float32]) -> Scale:
    flat = features.reshape(-1, features.shape[2]).astype(np.float64)
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    deviation = flat.std(axis=0)
    least = max(LEAST_DEVIATION * float(deviation.mean()), 1e-9)
    return Scale(flat.mean(axis=0).astype(np.float32), np.maximum(deviation, least).astype(np.float32))


@dataclass(frozen=True, slots=True)
class _Split:
    """Classes and folds of the examples, and whether the classes are many and their different examples few."""

    truth: NDArray[np.int64]
    fold: NDArray[np.int64]
    few: bool


def _split(truth: NDArray[np.int64], groups: NDArray[np.int64]) -> _Split:
    classes = int(truth.max()) + 1
    few = classes >= MANY_CLASSES and len(np.unique(groups)) <= FEW_EXAMPLES * classes
    return _Split(truth, split_folds(truth, groups), few)


def _choose(
    cube: Array, looked: Array, split: _Split, likeness: Array, check: Callable[[], None]
) -> tuple[Method, Array]:
    """The method with the most right in cross-validation, and its scores of each example; NaN where not tested."""
    classes, truth, fold = likeness.shape[1], split.truth, split.fold
    tested = np.flatnonzero(fold != UNTESTED)
    if not len(tested):
        return Method("discriminants", 0.9), np.full((len(truth), classes), np.nan)
    methods = [Method(NEAREST, 1.0)]
    if cube.shape[0] * FOLD_VARIANTS * cube.shape[2] * classes <= MOST_WORK:
        methods += [Method("logistic", value) for value in STRENGTHS]
    methods += [Method("discriminants", value) for value in SHRINKAGES]
    best: tuple[tuple[float, float], Method, Array] | None = None
    for method in methods:
        scores = likeness if method.kind == NEAREST else _held_out_scores(method, cube, looked, truth, fold, check)
        right = balanced(scores[tested].argmax(axis=1) == truth[tested], truth[tested])
        sharp = softmax(scores[tested] / fit_temperature(scores[tested], truth[tested]))
        loss = -float(np.log(np.maximum(sharp[np.arange(len(tested)), truth[tested]], 1e-12)).mean())
        # To a thousandth and a hundredth: what is less is chance, and the simpler method wins.
        doubt = (right * (1 - right) / len(tested)) ** 0.5
        prior = 0.0 if method.kind != NEAREST else doubt if split.few else -doubt
        key = (round(right + prior, 3), -round(loss, 2))
        if best is None or key > best[0]:
            best = (key, method, scores)
    assert best is not None
    return best[1], best[2]


def _held_out_scores(
    method: Method,
    cube: Array,
    looked: Array,
    truth: NDArray[np.int64],
    fold: NDArray[np.int64],
    check: Callable[[], None],
) -> Array:
    """Scores of each example by a layer that was not taught with its fold; NaN where not tested."""
    classes = int(truth.max()) + 1
    scores = np.full((len(truth), classes), np.nan)
    for number in range(int(fold.max()) + 1):
        check()
        held = fold == number
        seen = cube[~held, :FOLD_VARIANTS]
        layer = method.fit(seen.reshape(-1, cube.shape[2]), np.repeat(truth[~held], seen.shape[1]), classes)
        scores[held] = layer.scores(looked[held])
    return scores


def balanced(right: NDArray[np.bool_], truth: NDArray[np.int64]) -> float:
    """Mean over classes of the share that is right."""
    return float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))


def _likeness(cube: Array, looked: Array, truth: NDArray[np.int64], fold: NDArray[np.int64], classes: int) -> Array:
    """Cosine of each example with each class's mean, made without the example's fold: (n, classes)."""
    likeness = np.full((len(truth), classes), np.nan)
    for number in range(int(fold.max()) + 1):
        held = fold == number
        seen = cube[~held]
        rows = seen.reshape(-1, cube.shape[2])
        means = class_means(rows, np.repeat(truth[~held], seen.shape[1]), classes, np.ones(len(rows)))
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        test = looked[held]
        likeness[held] = test @ means.T / np.maximum(np.linalg.norm(test, axis=1, keepdims=True), 1e-12)
    return likeness


def _test(
    rows: NDArray[np.int64], truth: NDArray[np.int64], logits: Array, likeness: Array
) -> tuple[Tested, Thresholds]:
    """Thresholds by what was said in cross-validation, and that itself.

    What an untaught class would get is known from the taught ones: leave out an example's own class, and see how like
    the others it is, and how surely it would be called one of them.
    """
    probabilities = softmax(logits)
    own = np.zeros(logits.shape, np.bool_)
    own[np.arange(len(rows)), truth] = True
    others = np.where(own, -np.inf, logits)
    stranger_probability = softmax(others).max(axis=1)
    stranger_likeness = np.where(own, -np.inf, likeness).max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    best_likeness = likeness.max(axis=1)
    thresholds = choose_thresholds(
        probabilities.max(axis=1), right, best_likeness, stranger_probability, stranger_likeness, logits.shape[1]
    )
    named = (stranger_probability >= thresholds.unsure) & (stranger_likeness > thresholds.like)
    return Tested(rows, truth, probabilities, best_likeness, named), thresholds
