"""The plots of an evaluation. They show figures and never a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from train.evaluation.predictions import Predictions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 110
_WRITTEN_IN_CELLS = 20
_BLUE, _ORANGE, _GREY = "#2b6cb0", "#c05621", "#718096"


def write_plots(document: Mapping[str, Any], predictions: Predictions, folder: Path) -> list[str]:
    """Draw what the document holds.

    Args:
        document: what ``report.json`` holds.
        predictions: what the model predicted, for the spread of its mask output.
        folder: where to write; exists.

    Returns:
        The file names written, in the order in which they are read best.
    """
    written = []
    if document.get("accuracy") is not None:
        written.append(_save(confusion_plot(document["labels"], document["confusion_matrix"]), folder, "confusion"))
        written.append(
            _save(reliability_plot(document["reliability"], document["calibration_error"]), folder, "reliability")
        )
        written.append(_save(coverage_plot(document["coverage_curve"], document["coverage"]), folder, "coverage"))
        for name, cells in document["cells"].items():
            kind = name.rsplit(" ", 1)[-1]
            written.append(_save(cells_plot(name, cells, document["accuracy"]), folder, f"cells-{kind}"))
    if "accuracy" in (document.get("mask") or {}):
        written.append(_save(mask_plot(predictions, document["mask"]["threshold"]), folder, "mask"))
    return written


def confusion_plot(labels: Sequence[str], matrix: Sequence[Sequence[int]]) -> Figure:
    """Truth in rows, prediction in columns, coloured by the share of the row."""
    counts = np.array(matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = min(12.0, 3 + 0.6 * len(labels))
    figure, axes = _figure(size, size * 0.9)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(
        range(len(labels)), labels, rotation=45 if len(labels) > 4 else 0, ha="right" if len(labels) > 4 else "center"
    )
    axes.set_yticks(range(len(labels)), labels)
    if len(labels) <= _WRITTEN_IN_CELLS:
        for row, column in np.ndindex(*counts.shape):
            color = "white" if shares[row, column] > 0.6 else "black"
            text = (
                f"{counts[row, column]}\n{100 * shares[row, column]:.1f} %"
                if len(labels) < 8
                else str(counts[row, column])
            )
            axes.text(column, row, text, ha="center", va="center", color=color)
    axes.set_xlabel("called")
    axes.set_ylabel("is")
    return figure


def reliability_plot(bins: Sequence[Mapping[str, Any]], error: float) -> Figure:
    """Accuracy over confidence, with the number of pictures below."""
    figure, axes = _figure(5.2, 5.2)
    below = axes.inset_axes((0, -0.38, 1, 0.22), sharex=axes)
    centers = [(each["low"] + each["high"]) / 2 for each in bins]
    widths = [(each["high"] - each["low"]) * 0.92 for each in bins]
    axes.bar(centers, [each["accuracy"] for each in bins], widths, color=_BLUE, alpha=0.75, label="accuracy")
    axes.plot(
        [each["confidence"] for each in bins], [each["accuracy"] for each in bins], "o", color=_ORANGE, label="mean"
    )
    axes.plot([0, 1], [0, 1], "--", color=_GREY, label="perfect")
    axes.set_title(f"calibration error {error:.4f}")
    axes.set_ylabel("accuracy")
    axes.set_ylim(0, 1)
    axes.legend(loc="upper left")
    below.bar(centers, [each["count"] for each in bins], widths, color=_GREY)
    below.set_ylabel("pictures")
    below.set_xlabel("confidence")
    axes.set_xlim(min(0.5, min(each["low"] for each in bins)), 1)
    return figure


def coverage_plot(curve: Sequence[Mapping[str, float]], chosen: Mapping[str, float]) -> Figure:
    """Accuracy on what is labelled, over how much is."""
    figure, axes = _figure(5.2, 4)
    axes.plot([100 * each["coverage"] for each in curve], [100 * each["accuracy"] for each in curve], color=_BLUE)
    if chosen["accuracy"] == chosen["accuracy"]:
        axes.plot(100 * chosen["coverage"], 100 * chosen["accuracy"], "o", color=_ORANGE)
        axes.annotate(
            f"unsure below {chosen['threshold']:.2f}",
            (100 * chosen["coverage"], 100 * chosen["accuracy"]),
            textcoords="offset points",
            xytext=(-8, 8),
            ha="right",
        )
    axes.set_xlabel("labelled, % of pictures")
    axes.set_ylabel("right, % of those labelled")
    axes.grid(alpha=0.3)
    return figure


def cells_plot(name: str, cells: Sequence[Mapping[str, Any]], accuracy: float) -> Figure:
    """Accuracy of each cell with its Wilson interval, the worst on top."""
    names = [" × ".join(str(cell[key]) for key in list(cell)[:2]) for cell in cells]
    values = np.array([100 * cell["accuracy"] for cell in cells])
    ends = 100 * np.array([cell["interval"] for cell in cells])
    figure, axes = _figure(6.5, 1.2 + 0.27 * len(cells))
    rows = np.arange(len(cells))
    axes.errorbar(values, rows, xerr=np.abs(ends.T - values), fmt="o", color=_BLUE, ecolor=_GREY, capsize=3)
    axes.axvline(100 * accuracy, color=_ORANGE, linestyle="--", label="all")
    axes.set_yticks(rows, [f"{each} ({cell['count']})" for each, cell in zip(names, cells, strict=True)])
    axes.invert_yaxis()
    axes.set_xlabel("accuracy, %, with 95 % interval")
    axes.set_title(name)
    axes.legend()
    axes.grid(axis="x", alpha=0.3)
    return figure


def mask_plot(predictions: Predictions, threshold: float) -> Figure:
    """How the mask output spreads over masked and bare faces."""
    figure, axes = _figure(5.2, 3.6)
    edges = np.linspace(0, 1, 26).tolist()
    for value, name, color in ((0, "bare", _BLUE), (1, "masked", _ORANGE)):
        axes.hist(predictions.mask[predictions.masked == value], edges, color=color, alpha=0.6, label=name)
    axes.axvline(threshold, color=_GREY, linestyle="--", label="threshold")
    axes.set_yscale("symlog")
    axes.set_xlabel("probability of a mask")
    axes.set_ylabel("pictures")
    axes.legend()
    return figure


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    # Without pyplot there is no display to look for and nothing global to close.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, figure.subplots()


def _save(figure: Figure, folder: Path, name: str) -> str:
    figure.savefig(folder / f"{name}.png", dpi=DPI, bbox_inches="tight")
    return f"{name}.png"
