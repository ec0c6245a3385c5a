"""What a model's card says, in the order in which people ask: nothing here knows of widgets or of one certain model.

The card itself is English; what stands around its sentences is in the language of the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webcam_app.faces.labelling.card import ModelCard
from webcam_app.teaching.report import wilson
from webcam_app.window.core_texts import label_text
from webcam_app.window.translation import mark, number, percent, tr, translated

# Of fewer faces an accuracy says little; such a group is shown, but as one that is not known well.
FEW_FACES = 30
# About the model, in the order of the page; what a card has besides comes after the weaknesses.
FIRST, LAST = ("for", "not_for"), ("data", "recipe", "licence")
TITLES = {
    "for": mark("What it is for"),
    "not_for": mark("What it is not for"),
    "weaknesses": mark("What it is bad at"),
    "data": mark("What it learned from"),
    "recipe": mark("How it was made"),
    "licence": mark("Licence"),
    "persons": mark("Persons"),
    "unlike": mark("Faces unlike all examples"),
}
HIDDEN = ("plots_of",)
# Name and task of the model that comes with the application.
SHIPPED = (mark("gender"), mark("the gender that a face is perceived as"))
# Names in cards by which faces are grouped, and of such groups in the data that the shipped models were measured on.
WORDS = (
    mark("class", "group"),
    mark("race", "group"),
    mark("age", "group"),
    mark("mask", "group"),
    mark("masked", "group"),
    mark("bare", "group"),
    mark("Black", "group"),
    mark("East Asian", "group"),
    mark("Indian", "group"),
    mark("Latino Hispanic", "group"),
    mark("Middle Eastern", "group"),
    mark("Southeast Asian", "group"),
    mark("White", "group"),
    mark("more than 70", "group"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, or with a list.

    Attributes:
        title: the heading.
        texts: sentences, as they stand in the card.
    """

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """How often the model is right about some of the faces.

    Attributes:
        name: who they are.
        accuracy: share that is right, 0 to 1.
        count: faces.
        low, high: the 95 % interval of the share (Wilson).
    """

    name: str
    accuracy: float
    count: int
    low: float
    high: float

    @property
    def few(self) -> bool:
        """Whether the faces are too few to say much."""
        return self.count < FEW_FACES


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of one kind, the worst first.

    Attributes:
        title: what distinguishes them.
        groups: at least one.
        kind: the same in a word, such as age.
    """

    title: str
    groups: tuple[Group, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Faces about which the model was equally sure.

    Attributes:
        confidence: how sure it was on average, 0 to 1.
        accuracy: how many of them were right, 0 to 1.
        count: faces.
    """

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures on one set of pictures.

    Attributes:
        name: the set's name.
        sentences: the headline figures, a sentence each.
        groupings: how they differ from group to group.
        calibration: whether its confidence can be believed; empty where that was not measured.
        command: how the figures are found again; empty where the card does not say.
    """

    name: str
    sentences: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    calibration: tuple[CalibrationPoint, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the page shows.

    Attributes:
        title: the model's name and what its labels mean.
        before: what stands above the figures.
        measured: the figures, a set each.
        after: what stands below them.
        facts: names and values, for those who want to know exactly.
    """

    title: str
    before: tuple[Section, ...]
    measured: tuple[Measured, ...]
    after: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...]


def contents_of(card: ModelCard, *, shipped: bool) -> Contents:
    """What there is to say of a model.

    Args:
        card: its card; parts that are missing or of another form are left out.
        shipped: whether it is one that comes with the application, and so under its licence.
    """
    about = card.document.get("about")
    about = about if isinstance(about, Mapping) else {}
    middle = [name for name in about if name not in (*FIRST, *LAST, *HIDDEN)]
    after = list(_sections(about, [*sorted(middle, key=lambda name: name != "weaknesses"), *LAST]))
    if shipped and "licence" not in about:
        after.append(
            Section(
                translated(TITLES["licence"]),
                (tr("MIT, as the application. The pictures have their own, named above."),),
            )
        )
    return Contents(
        title=f"{translated(card.name)}: {translated(card.task)}",
        before=tuple(_sections(about, FIRST)),
        measured=tuple(_measured(card)),
        after=tuple(after),
        facts=tuple(_facts(card)),
    )


def _sections(about: Mapping[str, Any], names: Sequence[str]) -> Iterator[Section]:
    for name in names:
        value = about.get(name)
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        texts = [text for text in texts if isinstance(text, str) and text.strip()]
        if texts:
            yield Section(translated(TITLES.get(name, _words(name).capitalize())), tuple(texts))


def _measured(card: ModelCard) -> Iterator[Measured]:
    results = card.document.get("results")
    sets = dict(results) if isinstance(results, Mapping) else {}
    # What 'teach' found out; it names its figures with spaces.
    taught = card.document.get("cross-validation")
    if isinstance(taught, Mapping):
        sets[tr("its own examples, each tested by a model that had not seen it")] = taught
    for name, figures in sets.items():
        if isinstance(figures, Mapping):
            sentences = tuple(_sentences(figures))
            groupings = tuple(_groupings(figures))
            if sentences or groupings:
                command = figures.get("command")
                yield Measured(
                    str(name), sentences, groupings, _calibration(figures), command if isinstance(command, str) else ""
                )


def _sentences(figures: Mapping[str, Any]) -> Iterator[str]:
    accuracy, count, interval = _share(figures, "accuracy"), figures.get("count"), figures.get("interval")
    if accuracy is not None:
        text = tr("{share} right").format(share=percent(accuracy, 1))
        if isinstance(count, int) and count:
            text = tr("{share} right, of {count} faces").format(share=percent(accuracy, 1), count=number(count))
        if isinstance(interval, list) and len(interval) == 2:
            between = tr("95 % interval: {low} to {high}")
            text += f" ({between.format(low=percent(interval[0], 1), high=percent(interval[1], 1))})"
        yield f"{text}."
    coverage = figures.get("coverage")
    sure = coverage if isinstance(coverage, Mapping) else figures
    covered = _share(sure, "coverage")
    right = _share(coverage, "accuracy") if isinstance(coverage, Mapping) else _share(figures, "accuracy where sure")
    if covered is not None and right is not None:
        text = tr("It calls {unsure} unsure; of those that it labels, {right} are right.")
        yield text.format(unsure=percent(1 - covered, 1), right=percent(right, 1))
    error = _share(figures, "calibration_error")
    if error is not None:
        yield tr("Its confidence is off by {share} on average.").format(share=percent(error, 1))
    mask = figures.get("mask")
    if isinstance(mask, Mapping) and _share(mask, "accuracy") is not None:
        text = tr("Masks: {right} right; {seen} of the masks are seen, and {so} of what is called masked is.")
        yield text.format(
            right=percent(mask["accuracy"], 1),
            seen=percent(mask.get("recall", 0.0), 1),
            so=percent(mask.get("precision", 0.0), 1),
        )
    strangers = _share(figures, "strangers named")
    if strangers is not None:
        text = tr("A face of a class that was not taught would get a wrong name in {share} of the cases.")
        yield text.format(share=percent(strangers, 1))


def _groupings(figures: Mapping[str, Any]) -> Iterator[Grouping]:
    for name, table in figures.items():
        rows = table.items() if isinstance(table, Mapping) else ()
        groups = [_group(str(key), row) for key, row in rows if isinstance(row, Mapping)]
        found = [group for group in groups if group is not None]
        if found and len(found) == len(rows):
            kind = _group_words(name.removeprefix("per_").removeprefix("per "), " × ")
            # A group that is hardly known is not called the worst.
            title = tr("By {kind}").format(kind=kind)
            yield Grouping(title, tuple(sorted(found, key=lambda group: (group.few, group.accuracy))), kind)


def _group(name: str, row: Mapping[str, Any]) -> Group | None:
    accuracy, count = _share(row, "accuracy"), row.get("count")
    if accuracy is None or isinstance(count, bool) or not isinstance(count, int) or count < 1:
        return None
    low, high = wilson(round(accuracy * count), count)
    return Group(_group_words(name, " / "), accuracy, count, low, high)


def _calibration(figures: Mapping[str, Any]) -> tuple[CalibrationPoint, ...]:
    table = figures.get("reliability")
    if not isinstance(table, Mapping):
        return ()
    columns = [table.get(name) for name in ("confidence", "accuracy", "count")]
    if not all(isinstance(column, list) for column in columns):
        return ()
    rows = zip(*columns, strict=False)
    return tuple(
        CalibrationPoint(float(confidence), float(accuracy), int(count))
        for confidence, accuracy, count in rows
        if all(isinstance(value, (int, float)) for value in (confidence, accuracy, count)) and count > 0
    )


def _facts(card: ModelCard) -> Iterator[tuple[str, str]]:
    yield tr("Labels"), ", ".join(label_text(label) for label in card.labels)
    yield tr("Called unsure"), tr("below {share}").format(share=percent(card.unsure_below, 1))
    if card.mask_at is None:
        yield tr("Masks"), tr("not recognized")
    else:
        yield tr("Masks"), tr("worn from a probability of {share}").format(share=percent(card.mask_at, 1))
    examples = card.document.get("examples")
    if isinstance(examples, Mapping):
        yield tr("Examples"), ", ".join(f"{label} {count}" for label, count in examples.items())
    yield tr("Input"), tr("{width}×{height} pixels").format(width=card.input_size, height=card.input_size)
    network = card.document.get("network")
    if isinstance(network, Mapping) and isinstance(network.get("family"), str):
        yield tr("Network"), ", ".join(str(network[name]) for name in ("family", "numbers") if name in network)
    below = card.document.get("features_network")
    if isinstance(below, Mapping) and isinstance(below.get("name"), str):
        yield tr("Stands on"), below["name"]
    yield tr("File"), card.path.name
    yield tr("Checksum"), card.sha256[:16]


def _share(figures: Mapping[str, Any], name: str) -> float | None:
    value = figures.get(name)
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and 0 <= value <= 1 else None  # type: ignore[arg-type,operator]


def _group_words(key: str, between: str) -> str:
    """The name of a group, or of several that are crossed, in the language of the window."""
    parts = _words(key).split(between)
    return between.join(label_text(part, "group") for part in parts)


def _words(key: str) -> str:
    return key.replace("_", " ")
