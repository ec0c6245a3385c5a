"""What a cluster's workers run for ``cluster``: is the same installed there, and some photographs."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from webcam_app import __version__
from webcam_app.errors import ClusterError
from webcam_app.faces.labelling.card import load_card
from webcam_app.photographs.looking import Looker, LookerSpec
from webcam_app.photographs.results import Looked, Photograph
from webcam_app.resources import model_path, shipped_model_path

# They decode pictures and run networks: another version may answer otherwise in the last digit.
LIBRARIES = ("Pillow", "numpy", "opencv-python-headless", "opencv-python", "ai-edge-litert", "tflite-runtime")
SEARCH_CARDS = ("face.json", "detector.json", shipped_model_path().with_suffix(".json").name)
"""The last is that of the network with which the search looks twice, whatever network labels."""

_thread = threading.local()
"""A looker for each of the worker's threads, with what it was made from."""


def installed(model: str | None) -> dict[str, str]:
    """What decides about the rows: versions and networks.

    Args:
        model: the network that labels; None for this machine's own.

    Returns:
        What it is to which it is: equal on two machines if they answer the same.

    Raises:
        ModelError: a network is missing or damaged.
    """
    card = load_card(model_path() if model is None else Path(model))
    found = {"webcam-app": __version__, "model": _digest(json.dumps(card.document, sort_keys=True).encode())}
    for name in SEARCH_CARDS:
        path = shipped_model_path().with_name(name)
        found[name] = _digest(path.read_bytes()) if path.exists() else "none"
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            found[library] = "none"
    return found


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """What is not the same, in a few words; empty where all is."""
    for name, value in ours.items():
        other = theirs.get(name, "none")
        if other == value:
            continue
        if name == "model":
            return "another model"
        return f"another {name}" if name in SEARCH_CARDS else f"{name} {other} instead of {value}"
    return ""


def look(
    spec: LookerSpec, ours: dict[str, str], tasks: Sequence[tuple[Photograph, bytes | None]]
) -> list[Looked]:  # pragma: no cover - runs in workers
    """Label some photographs. A worker's task.

    Args:
        spec: what to look with.
        ours: ``installed`` of the machine that asks: workers may have come since it compared.
        tasks: which, each with its file's bytes, or None to read it here.

    Raises:
        ClusterError: something else is installed here.
        ModelError: a network is missing or damaged.
    """
    made = getattr(_thread, "made", None)
    if made is None or made[0] != spec:
        from webcam_app.threads import use_opencv_threads

        other = difference(ours, installed(None if spec.model is None else str(spec.model)))
        if other:
            raise ClusterError(f"a worker has {other}: install the same on all machines")
        use_opencv_threads()
        made = _thread.made = (spec, Looker(spec))
    looker: Looker = made[1]
    return [looker.look(photograph, content, copy_back=True) for photograph, content in tasks]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
