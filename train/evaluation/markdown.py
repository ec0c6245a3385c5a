"""The summary of an evaluation in Markdown, made from its document; see :mod:`train.evaluation.report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_CELLS_SHOWN = 20


def summary(document: Mapping[str, Any], plots: Sequence[str] = ()) -> str:
    """The summary.

    Args:
        document: what ``report.json`` holds.
        plots: file names of pictures beside it, to be shown at the end.
    """
    model, data = document["model"], document["data"]
    lines = [f"# {model['name']} on {data['name']}", ""]
    lines += [f"`{model['file']}` (sha256 `{model['sha256'][:12]}…`)", ""]
    lines += _overview(document)
    for name in ("class", "race", "age", "gender", "mask"):
        if document.get(f"per_{name}"):
            lines += _rates(name, document[f"per_{name}"])
    for name, cells in document.get("cells", {}).items():
        lines += _cells(name, cells, document["min_cell"])
    if document.get("confusion_matrix"):
        lines += _confusion("Confusion", document["labels"], document["confusion_matrix"])
    for name, group in (document.get("per_mask") or {}).items():
        lines += _confusion(f"Confusion, {name}", document["labels"], group["confusion_matrix"])
    if document.get("detection"):
        lines += ["## Detection", "", *_nested(document["detection"]), ""]
    lines += [f"![{name.rsplit('.', 1)[0]}]({name})" for name in plots]
    return "\n".join(lines).rstrip() + "\n"


def _overview(document: Mapping[str, Any]) -> list[str]:
    data, crop = document["data"], document.get("crop")
    rows = [("pictures", f"{data.get('evaluated', data['pictures'])} of {data['pictures']}")]
    if data["unreadable"]:
        rows.append(("unreadable", str(data["unreadable"])))
    if data.get("without_class"):
        rows.append(("without a class of the model", str(data["without_class"])))
    if crop:
        rows.append(("crop", f"{crop['mode']}" + (f", else {crop['fallback']}" if crop["fallback"] else "")))
        rows.append(("because", crop["rule"]))
        if crop.get("detector"):
            rows.append(("detector", crop["detector"]))
        if crop["found"] is not None:
            rows.append(("faces that the detector finds", percent(crop["found"])))
    if document.get("accuracy") is not None:
        coverage = document["coverage"]
        rows += [
            ("accuracy", f"{percent(document['accuracy'])} ({_interval(document['interval'])})"),
            ("balanced accuracy", percent(document["balanced_accuracy"])),
            ("between best and worst class", percent(document["class_gap"])),
            ("calibration error (15 bins)", _number(document["calibration_error"])),
            (
                f"labelled at the threshold {coverage['threshold']:.3g}",
                f"{percent(coverage['coverage'])}, {percent(coverage['accuracy'])} of them right",
            ),
        ]
        worst = document["worst_cell"]
        if worst:
            rows.append(("worst cell", f"{_cell_name(worst)}: {percent(worst['accuracy'])} of {worst['count']}"))
    mask = document.get("mask")
    if mask and "accuracy" in mask:
        rows += [
            ("mask or not, accuracy", f"{percent(mask['accuracy'])} ({_interval(mask['interval'])})"),
            ("mask precision, recall", f"{percent(mask['precision'])}, {percent(mask['recall'])}"),
        ]
    elif mask:
        rows.append(("called masked", percent(mask["called_masked"])))
    if document.get("speed"):
        speed = document["speed"]
        times = f"{speed['median_ms']:.2f} ms ({speed['p5_ms']:.2f} to {speed['p95_ms']:.2f})"
        rows.append(("network, one face, one thread", times))
    other = document.get("compared")
    if other:
        rows += [
            (f"`{other['file']}`, accuracy", percent(other["accuracy"])),
            ("agreement with it", percent(other["agreement"])),
        ]
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), ""]


def _rates(title: str, rates: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = [f"| {title} | accuracy | 95 % interval | pictures |", "|---|---|---|---|"]
    for name, rate in rates.items():
        lines.append(f"| {name} | {percent(rate['accuracy'])} | {_interval(rate['interval'])} | {rate['count']} |")
    return [*lines, ""]


def _cells(name: str, cells: Sequence[Mapping[str, Any]], min_count: int) -> list[str]:
    lines = [f"## {name}, worst first (cells of fewer than {min_count} pictures last)", ""]
    lines += ["| cell | accuracy | 95 % interval | pictures |", "|---|---|---|---|"]
    for cell in cells[:_CELLS_SHOWN]:
        rate = f"{percent(cell['accuracy'])} | {_interval(cell['interval'])} | {cell['count']}"
        lines.append(f"| {_cell_name(cell)} | {rate} |")
    return [*lines, ""]


def _cell_name(cell: Mapping[str, Any]) -> str:
    figures = ("accuracy", "interval", "correct", "count")
    return " × ".join(str(value) for key, value in cell.items() if key not in figures)


def _confusion(title: str, labels: Sequence[str], matrix: Sequence[Sequence[int]]) -> list[str]:
    lines = [f"## {title}", "", "| is \\ called | " + " | ".join(labels) + " |", "|---" * (len(labels) + 1) + "|"]
    lines += [f"| {label} | " + " | ".join(map(str, row)) + " |" for label, row in zip(labels, matrix, strict=True)]
    return [*lines, ""]


def _nested(value: Mapping[str, Any], indent: str = "") -> list[str]:
    lines = []
    for key, each in value.items():
        if isinstance(each, Mapping):
            lines += [f"{indent}- {key}:", *_nested(each, indent + "  ")]
        else:
            lines.append(f"{indent}- {key}: {round(each, 4) if isinstance(each, float) else each}")
    return lines


def percent(share: float | None) -> str:
    """A share for people; a dash where it is not known."""
    return "–" if share is None or share != share else f"{100 * share:.1f} %"


def _interval(interval: Sequence[float]) -> str:
    return f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f}"


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.4f}"
