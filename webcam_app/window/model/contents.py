"""What a model's card says, in the order in which people ask: nothing here knows of Qt or of one certain model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webcam_app.faces.labelling.card import ModelCard
from webcam_app.teaching.report import wilson

# Of fewer faces an accuracy says little; such a group is shown, but as one that is not known well.
FEW_FACES = 30
# About the model, in the order of the page; what a card has besides comes after the weaknesses.
FIRST, LAST = ("for", "not_for"), ("data", "recipe", "licence")
TITLES = {
    "for": "What it is for",
    "not_for": "What it is not for",
    "weaknesses": "What it is bad at",
    "data": "What it learned from",
    "recipe": "How it was made",
    "licence": "Licence",
    "persons": "Persons",
    "unlike": "Faces unlike all examples",
}
HIDDEN = ("plots_of",)


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
    """

    title: str
    groups: tuple[Group, ...]


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
            Section(TITLES["licence"], ("MIT, as the application. The pictures have their own, named above.",))
        )
    return Contents(
        title=f"{card.name}: {card.task}",
        before=tuple(_sections(about, FIRST)),
        measured=tuple(_measured(card)),
        after=tuple(after),
        facts=tuple(_facts(card)),
    )


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{share:.1%}".replace("%", " %")


def _sections(about: Mapping[str, Any], names: Sequence[str]) -> Iterator[Section]:
    for name in names:
        value = about.get(name)
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        texts = [text for text in texts if isinstance(text, str) and text.strip()]
        if texts:
            yield Section(TITLES.get(name, _words(name).capitalize()), tuple(texts))


def _measured(card: ModelCard) -> Iterator[Measured]:
    results = card.document.get("results")
    sets = dict(results) if isinstance(results, Mapping) else {}
    # What 'teach' found out; it names its figures with spaces.
    taught = card.document.get("cross-validation")
    if isinstance(taught, Mapping):
        sets["its own examples, each tested by a model that had not seen it"] = taught
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
        text = f"{percent(accuracy)} right"
        if isinstance(count, int) and count:
            text += f", of {count:,} faces"
        if isinstance(interval, list) and len(interval) == 2:
            text += f" (95 % interval: {percent(interval[0])} to {percent(interval[1])})"
        yield f"{text}."
    coverage = figures.get("coverage")
    sure = coverage if isinstance(coverage, Mapping) else figures
    covered = _share(sure, "coverage")
    right = _share(coverage, "accuracy") if isinstance(coverage, Mapping) else _share(figures, "accuracy where sure")
    if covered is not None and right is not None:
        yield f"It calls {percent(1 - covered)} unsure; of those that it labels, {percent(right)} are right."
    error = _share(figures, "calibration_error")
    if error is not None:
        yield f"Its confidence is off by {percent(error)} on average."
    mask = figures.get("mask")
    if isinstance(mask, Mapping) and _share(mask, "accuracy") is not None:
        yield (
            f"Masks: {percent(mask['accuracy'])} right; {percent(mask.get('recall', 0.0))} of the masks are seen, and "
            f"{percent(mask.get('precision', 0.0))} of what is called masked is."
        )
    strangers = _share(figures, "strangers named")
    if strangers is not None:
        yield f"A face of a class that was not taught would get a wrong name in {percent(strangers)} of the cases."


def _groupings(figures: Mapping[str, Any]) -> Iterator[Grouping]:
    for name, table in figures.items():
        rows = table.items() if isinstance(table, Mapping) else ()
        groups = [_group(str(key), row) for key, row in rows if isinstance(row, Mapping)]
        found = [group for group in groups if group is not None]
        if found and len(found) == len(rows):
            title = _words(name).removeprefix("per ")
            # A group that is hardly known is not called the worst.
            yield Grouping(f"By {title}", tuple(sorted(found, key=lambda group: (group.few, group.accuracy))))


def _group(name: str, row: Mapping[str, Any]) -> Group | None:
    accuracy, count = _share(row, "accuracy"), row.get("count")
    if accuracy is None or isinstance(count, bool) or not isinstance(count, int) or count < 1:
        return None
    low, high = wilson(round(accuracy * count), count)
    return Group(_words(name), accuracy, count, low, high)


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
    yield "Labels", ", ".join(card.labels)
    yield "Called unsure", f"below {percent(card.unsure_below)}"
    yield "Masks", "not recognized" if card.mask_at is None else f"worn from a probability of {percent(card.mask_at)}"
    examples = card.document.get("examples")
    if isinstance(examples, Mapping):
        yield "Examples", ", ".join(f"{label} {count}" for label, count in examples.items())
    yield "Input", f"{card.input_size}×{card.input_size} pixels"
    network = card.document.get("network")
    if isinstance(network, Mapping) and isinstance(network.get("family"), str):
        yield "Network", ", ".join(str(network[name]) for name in ("family", "numbers") if name in network)
    below = card.document.get("features_network")
    if isinstance(below, Mapping) and isinstance(below.get("name"), str):
        yield "Stands on", below["name"]
    yield "File", card.path.name
    yield "Checksum", card.sha256[:16]


def _share(figures: Mapping[str, Any], name: str) -> float | None:
    value = figures.get(name)
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and 0 <= value <= 1 else None  # type: ignore[arg-type,operator]


def _words(key: str) -> str:
    return key.replace("_", " ")
