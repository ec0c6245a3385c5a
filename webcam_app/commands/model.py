"""``webcam-app model``: the card, readable."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from webcam_app.commands.shell import DONE

LINE_WIDTH = 100
# Printed in the summary at the top, or of use to programs only.
SHOWN_SEPARATELY = frozenset(
    {
        "format",
        "name",
        "task",
        "labels",
        "input",
        "outputs",
        "temperature",
        "thresholds",
        "sha256",
        "weights",
        "layer",
        "population",
    }
)
SHARES = (
    *("accuracy", "precision", "recall", "coverage", "share", "f1", "agreement", "error"),
    *("interval", "balanced", "named"),
)
COUNTS = ("count", "n", "faces", "pictures", "samples", "support")
# The accuracy on fewer faces says little.
MIN_GROUP_SIZE = 30


def print_model(model: Path | None, *, as_json: bool) -> int:
    """Print what a model is, what it was trained on, and how well it does on whom.

    Args:
        model: the ``.tflite`` file or the card, None for the one that the application ships.
        as_json: print the card as it is.

    Raises:
        ModelError: the network or its card is missing, damaged, or does not fit the other.
    """
    from webcam_app.faces.labelling.card import load_card
    from webcam_app.faces.network_file import read_checked_model
    from webcam_app.resources import model_path

    card = load_card(model_path() if model is None else model)
    content = read_checked_model(card.path, card.sha256)
    if as_json:
        print(json.dumps(card.document, ensure_ascii=False, indent=2))
        return DONE
    print(f"{card.name}: {card.task}")
    facts = {
        "labels": ", ".join(card.labels),
        "file": f"{card.path} ({_size(len(content))}, checksum right)",
        "input": f"{card.input_size}x{card.input_size} pixels, {card.color_order}",
        "unsure": f"a face whose best label is below {card.unsure_below:.0%} is called unsure",
        "mask": "not recognized" if card.mask_at is None else f"worn from a probability of {card.mask_at:.0%}",
    }
    for key, value in facts.items():
        print(f"  {key + ':':9} {value}")
    for key, value in card.document.items():
        if key not in SHOWN_SEPARATELY:
            print()
            print("\n".join(_lines(_words(key), value, 0)))
    worst = worst_cell(card.document)
    if worst is not None:
        print(f"\nWorst group: {worst}")
    return DONE


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1e3))} kB"


def worst_cell(document: Any) -> str | None:
    """The group of at least ``MIN_GROUP_SIZE`` faces on which the model is right least often, None without groups.

    Args:
        document: a card; groups are objects with an ``accuracy`` and a count, at any depth.
    """
    cells = [cell for cell in _cells(document, ()) if cell[1] >= MIN_GROUP_SIZE and len(cell[2]) > 1]
    if len(cells) < 2:
        return None
    accuracy, count, path = min(cells, key=lambda cell: cell[0])
    return f"{' / '.join(_words(part) for part in path)}: {accuracy:.1%} of {count}"


def _cells(node: Any, path: tuple[str, ...]) -> Iterator[tuple[float, int, tuple[str, ...]]]:
    if isinstance(node, Mapping):
        accuracy = node.get("accuracy")
        count = next((node[name] for name in COUNTS if isinstance(node.get(name), int)), None)
        if isinstance(accuracy, (int, float)) and count is not None:
            yield float(accuracy), count, path
        for key, value in node.items():
            yield from _cells(value, (*path, str(key)))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            yield from _cells(value, path)


def _lines(name: str, value: Any, depth: int) -> Iterator[str]:
    """A value as indented text: objects of like objects as a table, lists as bullets."""
    indent = "  " * depth
    if isinstance(value, Mapping) and value:
        yield f"{indent}{name}:"
        if _is_table(value):
            yield from _table(value, indent + "  ")
        else:
            for key, inner in value.items():
                yield from _lines(_words(str(key)), inner, depth + 1)
    elif isinstance(value, list) and value and not all(isinstance(item, (int, float)) for item in value):
        yield f"{indent}{name}:"
        for item in value:
            if isinstance(item, Mapping):
                item = ", ".join(f"{_words(str(key))} {_scalar(str(key), inner)}" for key, inner in item.items())
            yield from _wrapped("- ", _scalar(name, item), indent + "  ")
    else:
        yield from _wrapped(f"{name}: ", _scalar(name, value), indent)


def _is_table(value: Mapping[Any, Any]) -> bool:
    rows = list(value.values())
    if len(rows) < 2 or not all(isinstance(row, Mapping) and row for row in rows):
        return False
    return all(not isinstance(cell, (Mapping, list)) for row in rows for cell in row.values())


def _table(value: Mapping[Any, Any], indent: str) -> Iterator[str]:
    columns = list(dict.fromkeys(str(column) for row in value.values() for column in row))
    head = ["", *(_words(column) for column in columns)]
    body = [
        [str(name), *(_scalar(column, row[column]) if column in row else "" for column in columns)]
        for name, row in value.items()
    ]
    widths = [max(len(row[column]) for row in (head, *body)) for column in range(len(head))]
    for row in (head, *body):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield (indent + "  ".join(cells)).rstrip()


def _wrapped(lead: str, text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(
        lead + text,
        LINE_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + " " * (2 if lead != "- " else len(lead)),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent + lead]


def _scalar(name: str, value: Any) -> str:
    if value is None or value in ({}, []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        share = 0 <= value <= 1 and any(word in name.replace(" ", "_").lower() for word in SHARES)
        return f"{value:.1%}" if share else f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(_scalar(name, item) for item in value)
    return str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
