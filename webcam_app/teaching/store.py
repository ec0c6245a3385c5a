"""Writes a taught model: the card, and the weights beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from webcam_app import __version__
from webcam_app.errors import OutputError
from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.card import CARD_SUFFIX, load_card
from webcam_app.faces.labelling.features import FeatureCard
from webcam_app.faces.network_file import FORMAT, read_checked_model
from webcam_app.output.files import AtomicFile, reason
from webcam_app.teaching.lesson import Lesson
from webcam_app.teaching.report import figures

WEIGHTS_SUFFIX = ".bin"
PERSONS = "If the classes are people, this model recognises persons: each of them must have agreed to that."
ARE_PERSONS = "The classes are people: this model recognises persons. Each of them must have agreed to that."


class NewModel:
    """The two files of a model in the making, as a context manager: both appear when it ends well, or neither.

    They are begun before the work, so that a place that cannot be written is refused at once.
    """

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        """Begin both files.

        Args:
            path: the card; its name ends with ``.json``.
            overwrite: whether files that are there may be replaced.

        Raises:
            OutputError: another ending, a file is there already, or the folder is missing or cannot be written.
        """
        if path.suffix != CARD_SUFFIX:
            raise OutputError(f"'{path}' is no name for a taught model: let it end with {CARD_SUFFIX}")
        self._weights = AtomicFile(path.with_suffix(WEIGHTS_SUFFIX), overwrite=overwrite)
        try:
            self._card = AtomicFile(path, overwrite=overwrite)
        except OutputError:
            self._weights.discard()
            raise

    def write(self, lesson: Lesson, network: FeatureCard, *, people: bool = False) -> None:
        """Fill both files.

        Args:
            lesson: the model.
            network: what it stands on.
            people: whether the classes are known to be people; the card says so then.

        Raises:
            OutputError: the disk is full or fails.
        """
        content = lesson.layer.to_bytes()
        document = card_document(lesson, network, self._card.path, hashlib.sha256(content).hexdigest())
        if people:
            document["about"]["persons"] = ARE_PERSONS
        self._fill(document, content)

    def copy(self, model: Path) -> None:
        """Fill both files with a taught model that is there already; it takes the new name.

        Args:
            model: its card.

        Raises:
            ModelError: it cannot be read.
            OutputError: the disk is full or fails.
        """
        card = load_card(model)
        content = read_checked_model(card.path, card.sha256)
        weights = self._card.path.with_suffix(WEIGHTS_SUFFIX).name
        self._fill({**card.document, "name": self._card.path.stem, "weights": weights}, content)

    def _fill(self, document: Mapping[str, Any], content: bytes) -> None:
        try:
            self._weights.partial.write_bytes(content)
            self._card.partial.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"Cannot write '{self._card.path}': {reason(error)}") from None

    def __enter__(self) -> NewModel:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._weights.commit()
            self._card.commit()
        else:
            self._weights.discard()
            self._card.discard()


def card_document(lesson: Lesson, network: FeatureCard, path: Path, sha256: str) -> dict[str, Any]:
    """The card of a taught model.

    Args:
        lesson: the model.
        network: what it stands on.
        path: where the card will be.
        sha256: checksum of the weights' file.
    """
    directions = lesson.layer.common.directions
    return {
        "format": FORMAT,
        "name": path.stem,
        "task": "classes that were taught from example pictures",
        "labels": list(lesson.labels),
        "input": {
            "size": network.input_size,
            "color_order": network.color_order,
            "crop": {"scale": network.crop.scale, "shift_down": network.crop.shift_down},
        },
        "outputs": {"classes": "taught"},
        "temperature": 1.0,
        "thresholds": {"unsure": lesson.thresholds.unsure, "like": lesson.thresholds.like},
        "sha256": sha256,
        "weights": path.with_suffix(WEIGHTS_SUFFIX).name,
        "layer": {"step": lesson.layer.step, "nearness": lesson.layer.nearness},
        "features_network": {
            "name": network.name,
            "file": network.path.name,
            "sha256": network.sha256,
            "dimension": lesson.layer.weights.shape[1],
            **({} if directions is None else {"directions": directions.sha256}),
        },
        "examples": dict(zip(lesson.labels, lesson.counts, strict=True)),
        "cross-validation": figures(lesson),
        "about": {
            "for": "Labelling faces with classes of one's own, on the person's own machine.",
            "persons": PERSONS,
            "not_for": ["Any decision about a person: access, hiring, pricing, policing, medicine."],
            "unlike": f"A face unlike all examples is called {UNSURE}; not every face that was not taught is.",
        },
        "made_with": {"webcam-app": __version__, "numpy": np.__version__},
    }
