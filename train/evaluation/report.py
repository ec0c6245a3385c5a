"""The report of an evaluation: a JSON document, and a summary of it in Markdown.

The document (``report.json``); shares lie between 0 and 1, what cannot be known is null:

- ``model``, ``data``, ``crop``: what was measured, on what, and how the faces were cut out;
- ``accuracy``, ``interval`` (Wilson, 95 %), ``count``, ``balanced_accuracy``, ``class_gap`` (best recall less worst);
- ``per_class``, ``per_age``, ``per_race``, ``per_gender``, ``per_mask``: group to ``accuracy``, ``interval``,
  ``correct``, ``count``; for masks also the confusion matrix. Groups that the set does not know are missing;
- ``cells``: ``class × race``, ``class × age``, each a list with the worst first; ``worst_cell`` of ``class × race``;
- ``confusion_matrix``: truth in rows, in the order of ``labels``;
- ``calibration_error``, ``reliability`` (bins), ``coverage`` (at the card's threshold), ``coverage_curve``;
- ``mask``: precision, recall, accuracy and so on of the mask output; where the set does not say who wears a mask, only
  the share called masked;
- ``detection``: what ``train.evaluation.detection`` measures on sets with marked faces;
- ``speed``: one face through the network on one thread;
- ``compared``: the same for another network on the same crops, and how often both agree.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from train import metrics
from train.evaluation.predictions import Predictions, Speed
from train.files import replace_json
from train.readers import Dataset, Sample
from train.readers.layouts import age_band
from webcam_app.faces.labelling.card import ModelCard

FORMAT = 1
MIN_CELL = 30
"""Samples that a cell needs to be called the worst: below, Wilson's interval is wider than 25 points at 85 %."""

_AGE_ORDER = ("0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "more than 70", "70+")
_GROUPS = ("age", "race", "gender")


def describe(card: ModelCard, dataset: Dataset, predictions: Predictions | None, limit: int | None) -> dict[str, Any]:
    """The parts of the document that say what was measured."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "model": {
            "name": card.name,
            "file": card.path.name,
            "sha256": card.sha256,
            "labels": list(card.labels),
            "input_size": card.input_size,
            "temperature": card.temperature,
            "unsure_below": card.unsure_below,
            "mask_at": card.mask_at,
        },
        "data": {
            "name": dataset.path.name,
            "layout": dataset.layout,
            "label_column": dataset.label_column,
            "pictures": len(dataset),
            "limit": limit,
            "ignored": len(dataset.ignored),
            "unreadable": len(dataset.unreadable),
            "fingerprint": dataset.fingerprint(),
        },
    }
    if predictions is not None:
        framing = predictions.framing
        looked = len(predictions.samples) + framing.skipped
        document["data"] |= {
            "evaluated": len(predictions.samples),
            "without_class": int(np.count_nonzero(predictions.truth < 0)),
        }
        document["crop"] = {
            "mode": "whole" if framing.fallback is None else "default",
            "fallback": None if framing.fallback is None else framing.fallback.value,
            "rule": framing.rule,
            "found": None if framing.fallback is None else framing.found / looked,
            "faces_found": framing.found,
            "skipped": framing.skipped,
            "faces_marked": framing.marked,
        }
    return document


def measure(predictions: Predictions, card: ModelCard) -> dict[str, Any]:
    """The figures of the classes; without labels that the model knows, every one is null or missing."""
    known = predictions.truth >= 0
    document: dict[str, Any] = {
        "accuracy": None,
        "interval": None,
        "count": int(known.sum()),
        "balanced_accuracy": None,
    }
    if not known.any():
        return document
    truth, predicted, confidence = predictions.truth[known], predictions.predicted[known], predictions.confidence[known]
    samples = [sample for sample, usable in zip(predictions.samples, known.tolist(), strict=True) if usable]
    correct = truth == predicted
    labels, classes = predictions.labels, len(predictions.labels)
    total = metrics.accuracy(truth, predicted)
    per_class = metrics.class_rates(truth, predicted, classes)
    recalls = [rate.value for rate in per_class if rate.count]
    document |= _rate(total) | {
        "balanced_accuracy": metrics.balanced_accuracy(truth, predicted, classes),
        "class_gap": max(recalls) - min(recalls),
        "labels": list(labels),
        "per_class": {label: _rate(rate) for label, rate in zip(labels, per_class, strict=True) if rate.count},
        "confusion_matrix": metrics.confusion_matrix(truth, predicted, classes).tolist(),
        "calibration_error": metrics.calibration_error(confidence, correct),
        "reliability": [asdict(each) for each in metrics.reliability_bins(confidence, correct) if each.count],
        "coverage": metrics.coverage_at(confidence, correct, card.unsure_below)._asdict(),
        "coverage_curve": [each._asdict() for each in metrics.coverage_curve(confidence, correct)],
        "cells": {},
        "min_cell": MIN_CELL,
        "worst_cell": None,
    }
    for attribute in _GROUPS:
        document |= _measure_group(attribute, samples, truth, predicted, document)
    worst = next(
        (document["cells"][f"class × {name}"][0] for name in ("race", "age") if f"class × {name}" in document["cells"]),
        None,
    )
    if worst is not None and worst["count"] >= MIN_CELL:
        document["worst_cell"] = worst
    masked = predictions.masked[known]
    if (masked >= 0).any():
        parts = {name: masked == value for name, value in (("masked", 1), ("bare", 0))}
        document["per_mask"] = {
            name: _rate(metrics.accuracy(truth[part], predicted[part]))
            | {"confusion_matrix": metrics.confusion_matrix(truth[part], predicted[part], classes).tolist()}
            for name, part in parts.items()
            if part.any()
        }
    return document


def _measure_group(
    attribute: str,
    samples: Sequence[Sample],
    truth: metrics.Labels,
    predicted: metrics.Labels,
    document: Mapping[str, Any],
) -> dict[str, Any]:
    """The figures by an attribute, and by class and attribute; nothing where the set has one value at most."""
    values = [_group(attribute, sample.attributes) for sample in samples]
    if len({value for value in values if value is not None}) < 2:
        return {}
    if attribute == "gender" and all(v == sample.label for v, sample in zip(values, samples, strict=True)):
        return {}
    rates = metrics.group_rates(truth, predicted, values)
    labels = document["labels"]
    pairs = [None if value is None else (labels[t], value) for t, value in zip(truth.tolist(), values, strict=True)]
    cells = [
        {"class": cell[0], attribute: cell[1]} | _rate(rate)
        for cell, rate in metrics.worst_first(metrics.group_rates(truth, predicted, pairs), MIN_CELL)
        if isinstance(cell, tuple)
    ]
    return {
        f"per_{attribute}": {str(group): _rate(rates[group]) for group in _ordered(rates)},
        "cells": {**document["cells"], f"class × {attribute}": cells},
    }


def measure_mask(predictions: Predictions, card: ModelCard) -> dict[str, Any] | None:
    """The figures of the mask output; None where the network has none."""
    if card.mask_at is None or np.isnan(predictions.mask).any():
        return None
    called = predictions.mask >= card.mask_at
    known = predictions.masked >= 0
    document: dict[str, Any] = {"threshold": card.mask_at, "called_masked": float(called.mean())}
    if known.any():
        truth = predictions.masked[known] == 1
        counts = metrics.detection_counts(truth, called[known])
        document |= counts._asdict() | {
            "count": int(known.sum()),
            "accuracy": counts.accuracy,
            "interval": list(metrics.wilson_interval(counts.true_positives + counts.true_negatives, sum(counts))),
            "precision": counts.precision,
            "recall": counts.recall,
            "average_precision": metrics.average_precision(truth, predictions.mask[known]),
            "where_found": _found_apart(truth == called[known], predictions.detected[known]),
        }
    return document


def compare(first: Predictions, second: Predictions, name: str) -> dict[str, Any]:
    """Two networks on the same pictures: figures of the second, and how often both say the same.

    Args:
        first: the measured network.
        second: the other, with the same classes in the same order.
        name: what to call the other.
    """
    known = first.truth >= 0
    first_right = (first.predicted == first.truth)[known]
    second_right = (second.predicted == second.truth)[known]
    return {
        "file": name,
        "accuracy": float(second_right.mean()) if known.any() else None,
        "difference": float(first_right.mean() - second_right.mean()) if known.any() else None,
        "agreement": float((first.predicted == second.predicted).mean()),
        "mean_probability_gap": float(np.abs(first.probabilities - second.probabilities).mean()),
        "only_first_right": int(np.count_nonzero(first_right & ~second_right)),
        "only_second_right": int(np.count_nonzero(~first_right & second_right)),
    }


def speed_entry(speed: Speed) -> dict[str, Any]:
    """The document's ``speed``."""
    return asdict(speed) | {"threads": 1}


def write_json(document: Mapping[str, Any], path: Path) -> None:
    """Write a document whole or not at all; NaN becomes null."""
    replace_json(path, _without_nan(document), indent=1)


def _found_apart(correct: Any, detected: Any) -> dict[str, Any]:
    return {
        name: _rate(metrics.Rate(int(np.count_nonzero(correct[part])), int(np.count_nonzero(part))))
        for name, part in (("found", detected), ("taken_whole_or_placed", ~detected))
        if part.any()
    }


def _rate(rate: metrics.Rate) -> dict[str, Any]:
    return {
        "accuracy": rate.value,
        "interval": list(rate.interval),
        "correct": rate.correct,
        "count": rate.count,
    }


def _group(attribute: str, attributes: Mapping[str, str]) -> str | None:
    value = attributes.get(attribute) or (attributes.get("ethnicity") if attribute == "race" else None)
    if attribute == "age" and value is not None:
        try:
            years = float(value)
        except ValueError:
            return value
        return age_band(int(years)) if 0 <= years < 200 else None
    return value


def _ordered(groups: Mapping[Hashable, Any]) -> Sequence[Hashable]:
    return sorted(groups, key=lambda each: (_AGE_ORDER.index(str(each)) if each in _AGE_ORDER else -1, str(each)))


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
