"""Another model in place of the one that labels: loaded and tried before it is taken."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PyQt5.QtCore import QObject, pyqtSignal

from webcam_app.capture.text import printable
from webcam_app.faces.labelling.card import ModelCard, load_card
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.live import LiveEngine
from webcam_app.resources import MODEL_VARIABLE, shipped_model_path
from webcam_app.window.core_texts import label_text
from webcam_app.window.live.model.status import ModelStatus
from webcam_app.window.page import Shared
from webcam_app.window.settings.schema import SettingsError
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity

OPENED = "opened model"


class ModelSwitch(QObject):
    """Changes the model that labels, and remembers which one a person chose."""

    switched = pyqtSignal()
    """Another model labels, or the first one does."""
    replaced = pyqtSignal()
    """A model that a person chose has taken the place of another."""

    def __init__(self, engine: LiveEngine, shared: Shared, status: ModelStatus, parent: QObject) -> None:
        """Make it.

        Args:
            engine: labels.
            shared: what the window shares with its pages.
            status: is told of the new model.
            parent: the page.
        """
        super().__init__(parent)
        self._engine, self._shared, self._status = engine, shared, status
        self.path: Path | None = self.chosen()
        """The model that labels, None for the one that is built in."""
        self._replaced = False

    def chosen(self) -> Path | None:
        """The model to begin with: the environment's, else the one that was opened last; None for the built-in."""
        named = os.environ.get(MODEL_VARIABLE)
        return Path(named) if named else self._shared.settings.current.model

    def open(self, path: Path, *, remember: bool = True, then: Callable[[], None] = lambda: None) -> None:
        """Label with another model, if it is in order; else say why not, and the one before goes on.

        Args:
            path: a card (``.json``), or a network (``.tflite``) with its card beside it.
            remember: whether the next start is to begin with it.
            then: called when it labels.
        """
        self._load(path, path, remember=remember, then=then)

    def open_built_in(self) -> None:
        """Label with the model that comes with the application."""
        self._load(shipped_model_path(), None, remember=True)

    def on_loaded_first(self, card: ModelCard | None, problem: str) -> None:
        """The engine has loaded the model to begin with, or the built-in one where that was refused."""
        if self._replaced:  # before the first source was opened
            return
        if problem:
            self.path = None
        self._status.on_loaded(card, problem)
        self.switched.emit()

    def read_card(self) -> None:
        """Know what labels also where no picture was opened for which the model was loaded."""
        path = self.path or shipped_model_path()

        def known(card: ModelCard) -> None:
            if self._status.card is None and not self._status.problem:
                self._status.on_loaded(card, "")
                self.switched.emit()

        # What is wrong with it is told by who labels with it.
        self._shared.worker.submit(lambda: load_card(path), known, lambda problem: None)

    def on_refused(self, problem: str) -> None:
        """Photographs cannot be labelled with the model that was chosen: the built-in one labels everything."""
        self._load(
            shipped_model_path(), None, remember=False, then=lambda: self._status.on_loaded(self._status.card, problem)
        )

    def forget(self) -> None:
        """Begin with the built-in model next time."""
        self._shared.settings.update(model=None)

    def _load(self, path: Path, named: Path | None, *, remember: bool, then: Callable[[], None] = lambda: None) -> None:
        def loaded(classifier: FaceClassifier) -> None:
            self._engine.use_classifier(classifier)
            self.path, self._replaced = named, True
            self._shared.banner.clear_message(OPENED)
            self._status.on_loaded(classifier.card, "")
            if remember:
                with contextlib.suppress(SettingsError):  # a name that cannot be stored is opened again by hand
                    self._shared.settings.update(model=named)
            self.switched.emit()
            self.replaced.emit()
            then()

        def refused(problem: str) -> None:
            text = tr("The model {name} was not taken, the one before goes on: {problem}")
            text = text.format(name=printable(path.name), problem=problem)
            self._shared.banner.show_message(OPENED, text, Severity.ERROR)

        self._shared.worker.submit(lambda: _tried(path), loaded, refused)


def _tried(path: Path) -> FaceClassifier:
    """A model that has answered once.

    Raises:
        ModelError: a file is missing, damaged, or does not fit the other.
        InferenceError: it answers with nonsense.
    """
    from webcam_app.faces.labelling.loading import load_classifier

    classifier = load_classifier(path)
    side = classifier.card.input_size
    classifier.classify([np.full((side, side, 3), 128, np.uint8)])
    return classifier


def model_name(card: ModelCard | None, path: Path | None) -> str:
    """What a model is called: by its file, or as the built-in one."""
    if card is None:
        return tr("no model")
    name = printable(path.stem) if path is not None else tr("the built-in model")
    labels = ", ".join(label_text(label) for label in card.labels[:4])
    if len(card.labels) <= 4:
        return f"{name} ({labels})"
    return tr("{model} ({labels} and %n more)", count=len(card.labels) - 4).format(model=name, labels=labels)
