"""How good a taught model is, as a line and as a page."""

from __future__ import annotations

from collections import Counter
from html import escape

from webcam_app.faces.face import UNSURE
from webcam_app.teaching.gathering import Taught
from webcam_app.window.core_texts import label_text, told
from webcam_app.window.translation import mark, number, percent, tr, translated

# More classes than this make no table that fits beside the picture; the remarks name what is confused.
MOST_COLUMNS = 8
# Letters of a class's name in the table.
LONGEST = 12
NOT_YET = mark("Here it will say how good the model is, which classes it confuses, and what would help.")
UNTESTED = mark("How good it is cannot be told: no class has pictures of two different moments.")
MEANING = mark(
    "Measured by leaving pictures out in turn and asking a model that was taught with the others. It holds for faces "
    "and light like those of the pictures."
)


def result_line(taught: Taught) -> str:
    """The result in one line."""
    shown = taught.figures
    if not shown["count"]:
        return translated(UNTESTED)
    low, high = shown["interval"]
    text = tr("{share} right on pictures it was not taught with (95 % interval {low} to {high}, {count} pictures)")
    return text.format(
        share=percent(shown["accuracy"]), low=percent(low), high=percent(high), count=number(shown["count"])
    )


def result_html(taught: Taught) -> str:
    """The result as a page: figures, confusion matrix, and what would help."""
    shown = taught.figures
    parts = [f"<h3>{escape(result_line(taught))}</h3>"]
    if shown["count"]:
        text = tr(
            "As it is used, {labelled} of the faces get a label, and of these {right} the right one; the others are "
            "called {unsure}."
        )
        labelled, right = percent(shown["coverage"]), percent(shown["accuracy where sure"])
        parts.append(f"<p>{text.format(labelled=labelled, right=right, unsure=label_text(UNSURE))}</p>")
        if "strangers named" in shown:
            text = tr(
                "Of faces of a class that was not taught, {named} would get a wrong label; the others are called "
                "{unsure}."
            )
            named = percent(shown["strangers named"])
            parts.append(f"<p>{text.format(named=named, unsure=label_text(UNSURE))}</p>")
        if len(taught.labels) <= MOST_COLUMNS:
            parts.append(_matrix(taught))
        parts.append(f"<p>{translated(MEANING)}</p>")
    if taught.remarks:
        rows = "".join(f"<li>{escape(_sentence(told(remark)))}</li>" for remark in taught.remarks)
        parts.append(f"<h3>{tr('What would help')}</h3><ul>{rows}</ul>")
    return "".join(parts)


def _matrix(taught: Taught) -> str:
    """Rows are what the pictures show, columns what the model said."""
    counts = Counter((each.true, each.given) for each in taught.outcomes)
    columns = [*taught.labels, UNSURE]
    cell = "style='padding: 3px 6px; white-space: nowrap'"
    head = "".join(
        f"<th align='right' {cell}>{_short(label_text(column) if column == UNSURE else column)}</th>"
        for column in columns
    )
    rows = []
    for true in taught.labels:
        cells = "".join(
            f"<td align='right' {cell}>{_emphasis(counts[true, given], right=true == given)}</td>" for given in columns
        )
        rows.append(f"<tr><th align='left' {cell}>{_short(true)}</th>{cells}</tr>")
    table = f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>"
    text = tr("Each row is what the pictures show, each column what they were called:")
    return f"<p>{text}</p>{table}"


def _short(label: str) -> str:
    return escape(label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…")


def _emphasis(count: int, *, right: bool) -> str:
    return f"<b>{count}</b>" if right else str(count)


def _sentence(remark: str) -> str:
    return f"{remark[:1].upper()}{remark[1:].rstrip('.')}."
