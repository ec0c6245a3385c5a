"""The classifier that a path names."""

from __future__ import annotations

from pathlib import Path

from webcam_app.faces.labelling.card import load_card
from webcam_app.faces.labelling.classifier import Classifier, FaceClassifier
from webcam_app.faces.labelling.taught import TaughtClassifier


def load_classifier(model: Path | None = None, *, threads: int = 1) -> FaceClassifier:
    """Load a network of its own or a taught model; the card says which.

    Args:
        model: a ``.tflite`` file with its card beside it, or a card (``.json``); None for the one that the application
            ships or the environment names.
        threads: threads of the network.

    Raises:
        ModelError: a file is missing, damaged, or does not fit the other.
    """
    if model is None:
        from webcam_app.resources import model_path

        model = model_path()
    card = load_card(model)
    return Classifier(card.path, threads=threads) if card.features is None else TaughtClassifier(model, threads=threads)
