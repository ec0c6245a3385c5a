"""What a person says of photographs: shown at once, kept beside the pictures in the background, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.faces.face import Box, Face
from webcam_app.photographs import LookerSpec
from webcam_app.photographs.labels.corrections import Kept, keep_labels
from webcam_app.threads import use_opencv_threads
from webcam_app.window.page import Shared
from webcam_app.window.photographs.collection import Collection
from webcam_app.window.photographs.correcting import marking
from webcam_app.window.photographs.entry import Entry, State
from webcam_app.window.tasks import Worker
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity

if TYPE_CHECKING:
    from webcam_app.photographs.looking import Looker

CORRECTIONS = "corrections"
DRAWN_FACES = "drawn faces"
# Steps that can be taken back.
MOST_STEPS = 1000

Step = list[tuple[Entry, State]]


class Corrector:
    """Changes photographs of a collection as a person says, and has the network look at the faces that are drawn."""

    def __init__(self, shared: Shared, collection: Collection, spec: LookerSpec) -> None:
        """Make it.

        Args:
            shared: the worker that writes, and the banner that says where that fails.
            collection: the photographs.
            spec: what drawn faces are looked at with.
        """
        self._worker, self._banner, self._collection = shared.worker, shared.banner, collection
        self._looking = _DrawnFaces(spec, collection, self._tell_fault)
        self.labels: Sequence[str] = ()
        """The model's: a table of other labels is not written into."""
        self._steps: list[Step] = []
        self._undone: list[Step] = []
        self._pending: dict[Path, dict[str, Kept]] = {}
        """What has not been written yet, because it could not be; it goes along with the next."""

    def label(self, entries: Sequence[Entry], label: str) -> None:
        """Say what is true of the largest face of each photograph."""
        self.change([(entry, marking.labelled(entry, label)) for entry in entries])

    def change(self, states: Sequence[tuple[Entry, State]]) -> None:
        """Say something of photographs, in one step that can be taken back."""
        states = [(entry, state) for entry, state in states if state is not entry.state and state != entry.state]
        if not states:
            return
        self._steps.append([(entry, entry.state) for entry, _ in states])
        del self._steps[:-MOST_STEPS]
        self._undone.clear()
        self._set(states)

    def undo(self) -> Sequence[Entry]:
        """Take the last step back.

        Returns:
            The photographs that it was about.
        """
        return self._turn(self._steps, self._undone)

    def redo(self) -> Sequence[Entry]:
        """Do again what was taken back last; see ``undo``."""
        return self._turn(self._undone, self._steps)

    def use(self, spec: LookerSpec) -> None:
        """Look at drawn faces with something else from now on."""
        self._looking.use(spec)

    def forget_steps(self) -> None:
        """Other photographs are shown, or other labels."""
        self._steps.clear()
        self._undone.clear()

    def look(self, entries: Sequence[Entry]) -> None:
        """Have the network look at what is drawn, where it did not."""
        for entry in entries:
            for box in entry.to_look_at:
                self._looking.ask(entry, box)

    def close(self, timeout_seconds: float = 0.5) -> None:
        """Look at nothing more."""
        self._looking.close(timeout_seconds)

    def _turn(self, steps: list[Step], others: list[Step]) -> Sequence[Entry]:
        if not steps:
            return ()
        step = steps.pop()
        others.append([(entry, entry.state) for entry, _ in step])
        self._set(step)
        return [entry for entry, _ in step]

    def _set(self, states: Sequence[tuple[Entry, State]]) -> None:
        first = {home: self._known(home) for home in {entry.home for entry, _ in states}}
        self._collection.know(states)
        self.look([entry for entry, _ in states])
        for entry, state in states:
            self._pending.setdefault(entry.home, {})[entry.name] = _kept(state)
        for home, known in first.items():
            self._keep(home, dict(self._pending[home]), known)

    def _known(self, home: Path) -> dict[str, str]:
        return {entry.name: entry.truth for entry in self._collection.entries if entry.truth and entry.home == home}

    def _keep(self, home: Path, kept: dict[str, Kept], first: dict[str, str]) -> None:
        def done(_none: object) -> None:
            pending = self._pending.get(home, {})
            for name, each in kept.items():
                if pending.get(name) == each:
                    del pending[name]
            self._banner.clear_message(CORRECTIONS)

        def failed(problem: str) -> None:
            text = tr("Your labels are not kept: {problem}").format(problem=problem)
            self._banner.show_message(CORRECTIONS, text, Severity.ERROR)

        labels = self.labels
        self._worker.submit(lambda: keep_labels(home, kept, first, labels), done, failed)

    def _tell_fault(self, problem: str) -> None:
        text = tr("A face that was drawn is not labelled: {problem}").format(problem=problem)
        self._banner.show_message(DRAWN_FACES, text, Severity.WARNING)


@lru_cache(maxsize=1000)  # thousands may get the same label at once
def _kept(state: State) -> Kept:
    return Kept(state.truth or "", state.marks)


class _DrawnFaces:
    """Looks at drawn faces in a thread of its own, which loads the networks when the first one comes."""

    def __init__(self, spec: LookerSpec, collection: Collection, failed: Callable[[str], None]) -> None:
        self._spec, self._collection, self._failed = spec, collection, failed
        self._worker: Worker | None = None
        self._asked: set[tuple[Entry, Box]] = set()
        self._looker: tuple[LookerSpec, Looker] | None = None
        """In the worker's thread, with what it was made from."""

    def ask(self, entry: Entry, box: Box) -> None:
        if (entry, box) in self._asked:
            return
        self._asked.add((entry, box))
        self._worker = self._worker or Worker("drawn faces")
        spec = self._spec

        def done(face: Face) -> None:
            if spec is self._spec:
                self._asked.discard((entry, box))
                self._collection.take_drawn(entry, box, face)

        def failed(problem: str) -> None:
            if spec is self._spec:
                self._asked.discard((entry, box))
                self._failed(problem)

        self._worker.submit(lambda: self._look(spec, entry.path, box), done, failed)

    def use(self, spec: LookerSpec) -> None:
        self._spec = spec
        self._asked.clear()

    def close(self, timeout_seconds: float) -> None:
        if self._worker is not None:
            self._worker.close(timeout_seconds)

    def _look(self, spec: LookerSpec, path: Path, box: Box) -> Face:
        from webcam_app.photographs.looking import Looker

        if self._looker is None or self._looker[0] is not spec:
            use_opencv_threads(1)
            self._looker = spec, Looker(spec)
        return self._looker[1].look_at(path, box)
