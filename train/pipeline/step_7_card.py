"""Step ``card``: put what was measured into a model's card, and write its page.

    python -m train card --model models/gender.tflite --about train/about_gender.json \
        --reports runs/gender/reports/* --page models/README.md

``--about`` is what only people know: what the model is for, its data and their licences, its weaknesses. Figures come
from the ``report.json`` of ``evaluate`` alone; a report on another file than the card's is refused.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from train.errors import TrainError
from train.files import replace_text
from train.model_file import read_json
from train.model_file import write_card as replace_card
from webcam_app.faces.labelling.card import load_card

TOP_LEVEL = (
    *("count", "accuracy", "interval", "balanced_accuracy", "class_gap"),
    *("calibration_error", "coverage", "mask", "detection"),
)
GROUPS = ("per_class", "per_race", "per_age", "per_mask")
# As columns: a row with an accuracy and a count would be taken for a group of faces.
RELIABILITY = ("confidence", "accuracy", "count")
PLOTS = ("reliability.png", "coverage.png")

OTHERS = "<!-- Other networks: written by hand, kept by the step card. -->"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--model``, ``--about``, ``--reports`` and ``--page``."""
    parser.add_argument("--model", type=Path, required=True, help="the .tflite file whose card is written")
    parser.add_argument("--about", type=Path, help="JSON with what people know of the model")
    parser.add_argument("--reports", type=Path, nargs="+", default=[], help="folders that 'evaluate' wrote")
    parser.add_argument("--page", type=Path, help="Markdown page to write; plots go beside it")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    card = write_card(arguments.model, arguments.about, arguments.reports)
    if arguments.page is not None:
        write_page(card, arguments.model, arguments.reports, arguments.page)
    print(f"card: {arguments.model.with_suffix('.json')} has {len(card['results'])} measured sets")
    return 0


def write_card(model: Path, about: Path | None, reports: Sequence[Path]) -> dict[str, Any]:
    """Replace a card's ``about`` and ``results``.

    Raises:
        ModelError: the card is missing or damaged.
        TrainError: a report is missing, or measured another file.
    """
    checked = load_card(model)
    card = dict(checked.document)
    if about is not None:
        card["about"] = read_json(about)
    card["results"] = {}
    for folder in reports:
        report = read_json(folder / "report.json")
        if report["model"]["sha256"] != checked.sha256:
            raise TrainError(f"'{folder}' measured another file than '{model}': evaluate it again")
        card["results"][report["data"]["name"]] = _figures(report, model)
    replace_card(model, card)
    load_card(model)
    return card


def _figures(report: Mapping[str, Any], model: Path) -> dict[str, Any]:
    name, crop = report["data"]["name"], report.get("crop") or {}
    detector = "" if crop.get("detector", "live") == "live" else f" --detector {crop['detector']}"
    limit = f" --limit {report['data']['limit']}" if report["data"].get("limit") else ""
    figures: dict[str, Any] = {
        "command": f"python -m train evaluate --data {name} --model {model.name} --report DIR{detector}{limit}",
        "pictures": report["data"].get("evaluated", report["data"]["pictures"]),
    }
    if crop.get("found") is not None:
        figures["faces_found"] = round(crop["found"], 4)
    for key in TOP_LEVEL:
        if report.get(key) is not None:
            figures[key] = report[key]
    if report.get("reliability"):
        bins = report["reliability"]
        figures["reliability"] = {name: [each[name] for each in bins] for name in RELIABILITY}
    for key in GROUPS:
        if report.get(key):
            figures[key] = {group: _rate(rate) for group, rate in report[key].items()}
    for key, cells in (report.get("cells") or {}).items():
        figures[key] = {_cell_name(cell): _rate(cell) for cell in cells}
    rounded: dict[str, Any] = _rounded(figures)
    return rounded


def _rate(rate: Mapping[str, Any]) -> dict[str, Any]:
    return {key: rate[key] for key in ("accuracy", "count") if key in rate}


def _cell_name(cell: Mapping[str, Any]) -> str:
    named = cell.get("name") or cell.get("cell") or [cell[key] for key in ("class", "race", "age") if key in cell]
    return named if isinstance(named, str) else " / ".join(map(str, named))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _other_networks(page: Path) -> str:
    """What an older page says of other networks: from the mark ``OTHERS`` on, it is kept as it is."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    return "\n" + old[old.index(OTHERS) :] if OTHERS in old else ""


def write_page(card: Mapping[str, Any], model: Path, reports: Sequence[Path], page: Path) -> None:
    """Write the card as a Markdown page, with the plots of the reports beside it."""
    lines = [f"# {model.name}", "", f"Labels {card['task']}: {', '.join(card['labels'])}.", ""]
    for key, value in (card.get("about") or {}).items():
        if key == "plots_of":
            continue
        title = f"**{key.replace('_', ' ').capitalize()}.**"
        lines += (
            [title, "", *(f"- {item}" for item in value), ""] if isinstance(value, list) else [f"{title} {value}", ""]
        )
    network = card["network"]
    lines += [
        f"Network: {network['family']}, {network['numbers']}, {network['bytes'] / 1e6:.1f} MB, trained on "
        f"{network['trained_on']}. Input {card['input']['size']}×{card['input']['size']}. Temperature "
        f"{card['temperature']}, unsure below {card['thresholds']['unsure']}.",
        "",
    ]
    for name, figures in card["results"].items():
        lines += [f"## {name}", "", f"`{figures['command']}`", "", *_overview(figures)]
        for key, table in figures.items():
            if _is_table(table):
                lines += ["", f"| {key.replace('_', ' ')} | accuracy | faces |", "|---|---|---|"]
                lines += [f"| {group} | {row['accuracy']:.1%} | {row['count']} |" for group, row in table.items()]
        lines.append("")
    for folder in reports:
        name = read_json(folder / "report.json")["data"]["name"].partition(".")[0]
        for plot in PLOTS:
            if (folder / plot).exists() and name.startswith(tuple(card.get("about", {}).get("plots_of", [name]))):
                (page.parent / "plots").mkdir(exist_ok=True)
                shutil.copyfile(folder / plot, page.parent / "plots" / f"{name}-{plot}")
                lines.append(f"![{name}: {plot.partition('.')[0]}](plots/{name}-{plot})")
    replace_text(page, "\n".join(lines).rstrip() + "\n" + _other_networks(page))


def _is_table(value: Any) -> bool:
    """Whether it is groups with an accuracy each."""
    rows = list(value.values()) if isinstance(value, Mapping) else []
    return bool(rows) and all(isinstance(row, Mapping) and "accuracy" in row for row in rows)


def _overview(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "| figure | value |"
    yield "|---|---|"
    for key, value in figures.items():
        if key == "command" or value is None:
            continue
        if key == "coverage":
            right = "–" if value["accuracy"] is None else f"{value['accuracy']:.1%}"
            yield f"| labelled at the unsure threshold | {value['coverage']:.1%}, of these right {right} |"
        elif key == "interval":
            yield f"| 95 % interval of the accuracy | {value[0]:.1%} to {value[1]:.1%} |"
        elif key == "calibration_error":
            yield f"| calibration error (15 bins) | {value:.4f} |"
        elif key == "mask":
            for name, share in value.items():
                if isinstance(share, float):
                    yield f"| mask: {name.replace('_', ' ')} | {share:.1%} |"
        elif isinstance(value, (int, float)):
            shown = f"{value:.1%}" if isinstance(value, float) else str(value)
            yield f"| {key.replace('_', ' ')} | {shown} |"
