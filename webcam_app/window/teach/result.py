"""How good a taught model is, as a line and as a page."""

from __future__ import annotations

from collections import Counter
from html import escape

from webcam_app.faces.face import UNSURE
from webcam_app.teaching.gathering import Taught

# More classes than this make no table that fits beside the picture; the remarks name what is confused.
MOST_COLUMNS = 8
# Letters of a class's name in the table.
LONGEST = 12
NOT_YET = "<p>Here it will say how good the model is, which classes it confuses, and what would help.</p>"
UNTESTED = "How good it is cannot be told: no class has pictures of two different moments."
MEANING = (
    "Measured by leaving pictures out in turn and asking a model that was taught with the others. It holds for faces "
    "and light like those of the pictures."
)


def result_line(taught: Taught) -> str:
    """The result in one line."""
    shown = taught.figures
    if not shown["count"]:
        return UNTESTED
    low, high = shown["interval"]
    return (
        f"{_percent(shown['accuracy'])} right on pictures it was not taught with "
        f"(95 % interval {_percent(low)} to {_percent(high)}, {shown['count']} pictures)"
    )


def result_html(taught: Taught) -> str:
    """The result as a page: figures, confusion matrix, and what would help."""
    shown = taught.figures
    parts = [f"<h3>{escape(result_line(taught))}</h3>"]
    if shown["count"]:
        parts.append(
            f"<p>As it is used, {_percent(shown['coverage'])} of the faces get a label, and of these "
            f"{_percent(shown['accuracy where sure'])} the right one; the others are called {UNSURE}.</p>"
        )
        if "strangers named" in shown:
            named = _percent(shown["strangers named"])
            parts.append(
                f"<p>Of faces of a class that was not taught, {named} would get a wrong label; the others are called "
                f"{UNSURE}.</p>"
            )
        if len(taught.labels) <= MOST_COLUMNS:
            parts.append(_matrix(taught))
        parts.append(f"<p>{MEANING}</p>")
    if taught.remarks:
        rows = "".join(f"<li>{escape(_sentence(remark))}</li>" for remark in taught.remarks)
        parts.append(f"<h3>What would help</h3><ul>{rows}</ul>")
    return "".join(parts)


def _matrix(taught: Taught) -> str:
    """Rows are what the pictures show, columns what the model said."""
    counts = Counter((each.true, each.given) for each in taught.outcomes)
    columns = [*taught.labels, UNSURE]
    cell = "style='padding: 3px 6px; white-space: nowrap'"
    head = "".join(f"<th align='right' {cell}>{_short(column)}</th>" for column in columns)
    rows = []
    for true in taught.labels:
        cells = "".join(
            f"<td align='right' {cell}>{_emphasis(counts[true, given], right=true == given)}</td>" for given in columns
        )
        rows.append(f"<tr><th align='left' {cell}>{_short(true)}</th>{cells}</tr>")
    table = f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>"
    return f"<p>Each row is what the pictures show, each column what they were called:</p>{table}"


def _short(label: str) -> str:
    return escape(label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…")


def _emphasis(count: int, *, right: bool) -> str:
    return f"<b>{count}</b>" if right else str(count)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _sentence(remark: str) -> str:
    return f"{remark[:1].upper()}{remark[1:].rstrip('.')}."
