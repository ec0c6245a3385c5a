"""Photographs labelled one after another, in the thread that asks for them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from webcam_app.faces.labelling.card import ModelCard
from webcam_app.photographs.looking import Looker, LookerSpec
from webcam_app.photographs.results import Looked, Photograph
from webcam_app.photographs.run import PhotographRun


class SerialRun(PhotographRun):
    """Needs no other process; the networks are loaded in this one, on first use."""

    def __init__(self, photographs: Iterable[Photograph], spec: LookerSpec) -> None:
        self._photographs, self._spec = photographs, spec
        self._looker: Looker | None = None
        self._cancelled = threading.Event()

    @property
    def card(self) -> ModelCard | None:
        """The network's card, None where there is no network."""
        return self._load().card

    def __iter__(self) -> Iterator[Looked]:
        looker = self._load()
        for photograph in self._photographs:
            if self._cancelled.is_set():
                return
            yield looker.look(photograph)

    def cancel(self) -> None:
        """Let the iteration end with the photograph that is being worked on."""
        self._cancelled.set()

    def close(self) -> None:
        """Nothing is left to be ended."""
        self._cancelled.set()

    def _load(self) -> Looker:
        if self._looker is None:
            self._looker = Looker(self._spec)
        return self._looker
