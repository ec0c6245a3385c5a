"""Labels given by a person: shown at once, kept beside the pictures in the background, taken back with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from webcam_app.photographs.labels.corrections import keep_labels
from webcam_app.window.page import Shared
from webcam_app.window.photographs.collection import Collection
from webcam_app.window.photographs.entry import Entry, State, with_truth
from webcam_app.window.widgets.banner import Severity

CORRECTIONS = "corrections"
# Steps that can be taken back.
MOST_STEPS = 1000


class Corrector:
    """Labels photographs of a collection."""

    def __init__(self, shared: Shared, collection: Collection) -> None:
        """Make it.

        Args:
            shared: the worker that writes, and the banner that says where that fails.
            collection: the photographs.
        """
        self._worker, self._banner, self._collection = shared.worker, shared.banner, collection
        self._steps: list[list[tuple[Entry, State]]] = []
        self._pending: dict[Path, dict[str, str]] = {}
        """What has not been written yet, because it could not be; it goes along with the next."""

    def label(self, entries: Sequence[Entry], label: str) -> None:
        """Say what is true of the largest face of each photograph."""
        if not entries:
            return
        self._steps.append([(entry, entry.state) for entry in entries])
        del self._steps[:-MOST_STEPS]
        self._set([(entry, _labelled(entry, label)) for entry in entries])

    def undo(self) -> None:
        """Take the last step back."""
        if self._steps:
            self._set(self._steps.pop())

    def forget_steps(self) -> None:
        """Other photographs are shown."""
        self._steps.clear()

    def _set(self, states: Sequence[tuple[Entry, State]]) -> None:
        first = {home: self._known(home) for home in {entry.home for entry, _ in states}}
        self._collection.set_states(states)
        for entry, state in states:
            self._pending.setdefault(entry.home, {})[entry.name] = state.truth or ""
        for home, known in first.items():
            self._keep(home, dict(self._pending[home]), known)

    def _known(self, home: Path) -> dict[str, str]:
        return {entry.name: entry.truth for entry in self._collection.entries if entry.truth and entry.home == home}

    def _keep(self, home: Path, labels: dict[str, str], first: dict[str, str]) -> None:
        def done(_none: object) -> None:
            pending = self._pending.get(home, {})
            for name, label in labels.items():
                if pending.get(name) == label:
                    del pending[name]
            self._banner.clear_message(CORRECTIONS)

        def failed(problem: str) -> None:
            text = f"Your labels are not kept: {problem}"
            self._banner.show_message(CORRECTIONS, text, Severity.ERROR)

        self._worker.submit(lambda: keep_labels(home, labels, first), done, failed)


def _labelled(entry: Entry, label: str) -> State:
    """A photograph whose largest face has this label; the network's answer again where that says the same."""
    looked = entry.looked
    faces = entry.faces if looked is None else looked.faces
    return replace(entry.state, faces=with_truth(faces, label), truth=label)
