"""One run over photographs, in a thread of its own: they are listed, and those that are not known looked at."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture import list_pictures
from webcam_app.errors import ModelError, WebcamAppError, first_line
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.photographs import Looked, LookerSpec, Photograph, PhotographRun, label_photographs
from webcam_app.photographs.engine import cores
from webcam_app.photographs.labels.corrections import LABELS_FILE
from webcam_app.photographs.labels.truth import NOTHING, FolderTruth, TableTruth
from webcam_app.photographs.looking import card_of
from webcam_app.photographs.paths import path_with_root
from webcam_app.threads import use_opencv_threads
from webcam_app.window.core_texts import told
from webcam_app.window.photographs.entry import Entry, State
from webcam_app.window.translation import tr

if TYPE_CHECKING:
    from webcam_app.photographs.answers import Answers, Stamp

# Photographs that are handed over at a time while folders are listed.
LISTED_AT_A_TIME = 500
# Two processes at least: the network would hold Python's lock in this one, and with it the window.
FEWEST_JOBS = 2

Done = dict[Path, tuple["Stamp", Looked]]
"""What was seen, with the stamp that the file had."""


@dataclass(slots=True)
class News:
    """What the window has not been told yet.

    Attributes:
        listed: photographs that were not known before.
        answers: what the network said.
        truths: what people say.
        labels: the model's, once they are known.
        ended: nothing follows.
        problem: why it failed, one line; empty where it did not.
        refused: it is the model that cannot be used.
    """

    listed: list[Entry] = field(default_factory=list)
    answers: list[tuple[Entry, Looked]] = field(default_factory=list)
    truths: list[tuple[Entry, State]] = field(default_factory=list)
    labels: tuple[str, ...] | None = None
    ended: bool = False
    problem: str = ""
    refused: bool = False


class Round:
    """Lists and labels photographs until it is done or cancelled. The window takes its news."""

    def __init__(
        self, spec: LookerSpec, kept: Path | None, done: Done, entries: Sequence[Entry], paths: Sequence[Path]
    ) -> None:
        """Make it.

        Args:
            spec: what photographs are looked at with.
            kept: the file of what was seen before; None for none.
            done: what was seen with ``spec`` since the window began; it is added to.
            entries: photographs that were listed before; those without an answer are looked at.
            paths: files and folders in which there may be more.
        """
        self.all_listed = False
        """Whether there are no more photographs than were handed over."""
        self._spec, self._kept, self._done = spec, kept, done
        self._entries, self._paths = list(entries), list(paths)
        self._lock = threading.Lock()
        self._news = News()
        self._stopped = threading.Event()
        self._run: PhotographRun | None = None
        self._thread = threading.Thread(target=self._work, name="photographs", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Let it end with the photographs that are done."""
        self._stopped.set()
        with self._lock:
            if self._run is not None:
                self._run.cancel()

    def join(self, timeout_seconds: float | None = None) -> None:
        """Wait for the thread's end."""
        self._thread.join(timeout_seconds)

    def take(self, most: int) -> tuple[News, bool]:
        """Hand over so much of the news: photographs before the labels, these before what is said of them.

        Returns:
            The news, and whether there are more.
        """
        with self._lock:
            news = self._news
            listed, news.listed = news.listed[:most], news.listed[most:]
            room = 0 if news.listed else most - len(listed)
            truths, news.truths = news.truths[:room], news.truths[room:]
            room -= len(truths)
            answers, news.answers = news.answers[:room], news.answers[room:]
            more = bool(news.listed or news.truths or news.answers)
            labels = None
            if not news.listed:
                labels, news.labels = news.labels, None
            ended = news.ended and not more
            return News(listed, answers, truths, labels, ended, news.problem, news.refused), more

    def _work(self) -> None:
        problem, refused = "", False
        try:
            self._label()
        except WebcamAppError as error:
            problem, refused = told(str(error)), isinstance(error, ModelError)
        except Exception as error:  # the thread's edge: the window goes on
            text = tr("Labelling failed: {reason} ({kind}).")
            problem = text.format(reason=first_line(error), kind=type(error).__name__)
        with self._lock:
            self._news.problem, self._news.refused, self._news.ended = problem, refused, True

    def _list(self) -> Iterator[Entry]:
        """The photographs that were not listed before, numbered behind those that were."""
        if not self._paths:
            return
        known = {entry.path for entry in self._entries}
        new = (path for path in list_pictures(self._paths) if path not in known)
        for place, path in enumerate(new, len(known)):
            home = next((root for root in self._paths if path != root and root in path.parents), path.parent)
            yield Entry(path, home, path.relative_to(home).as_posix(), place)

    def _label(self) -> None:
        from webcam_app.photographs.answers import Answers  # here, so that the window does not wait for it

        use_opencv_threads()
        with Answers(self._kept, self._spec) as answers:
            waiting: list[tuple[Entry, Stamp | None]] = []
            everything = list(self._go_through(self._entries, answers, waiting, new=False))
            everything += self._go_through(self._list(), answers, waiting, new=True)
            self.all_listed = not self._stopped.is_set()
            if not self.all_listed or not everything:
                return
            if not waiting:
                self._know(card_of(self._spec), everything)
                return
            photographs = (Photograph(entry.path) for entry, _ in waiting)
            with label_photographs(photographs, self._spec, jobs=max(FEWEST_JOBS, cores())) as run:
                with self._lock:
                    self._run = run
                try:
                    self._know(run.card, everything)
                    for (entry, stamp), looked in zip(waiting, () if self._stopped.is_set() else run, strict=False):
                        if stamp is not None:
                            self._done[entry.path] = (stamp, looked)
                            answers.keep(looked, stamp)
                        with self._lock:
                            self._news.answers.append((entry, looked))
                finally:
                    with self._lock:
                        self._run = None

    def _go_through(
        self, entries: Iterable[Entry], answers: Answers, waiting: list[tuple[Entry, Stamp | None]], *, new: bool
    ) -> Iterator[Entry]:
        """Gives the photographs, and finds those that were not looked at as they are now."""
        from webcam_app.photographs.answers import stamp_of

        stream = iter(entries)
        while (batch := list(itertools.islice(stream, LISTED_AT_A_TIME))) and not self._stopped.is_set():
            known = []
            for entry in batch:
                if entry.looked is not None:
                    continue
                stamp = stamp_of(entry.path)
                looked = None if stamp is None else self._known(entry, stamp, answers)
                if looked is None:
                    waiting.append((entry, stamp))
                else:
                    known.append((entry, looked))
            with self._lock:
                self._news.listed += batch if new else ()
                self._news.answers += known
            yield from batch

    def _know(self, card: ModelCard | None, everything: Sequence[Entry]) -> None:
        """Say what is known from people, once the model's labels are."""
        labels = () if card is None else card.labels
        truths = true_labels(everything, labels)
        with self._lock:
            self._news.labels = labels
            self._news.truths += truths

    def _known(self, entry: Entry, stamp: Stamp, answers: Answers) -> Looked | None:
        kept = self._done.get(entry.path)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        looked = answers.find(entry.path, stamp)
        if looked is not None:
            self._done[entry.path] = (stamp, looked)
        return looked


def true_labels(entries: Sequence[Entry], labels: Sequence[str]) -> list[tuple[Entry, State]]:
    """True labels, and what people said of single faces.

    A ``labels.csv`` in the folder that was named says it, else the names of folders, as ``classify`` takes it.

    Args:
        entries: the photographs.
        labels: the model's.
    """
    found = []
    tables: dict[Path, TableTruth | None] = {}
    folders = FolderTruth(labels)
    for entry in entries:
        if entry.home not in tables:
            tables[entry.home] = _table(entry.home / LABELS_FILE, labels)
        table = tables[entry.home]
        known = NOTHING if table is None else table.of(entry.path)
        label = known.label
        if table is None or not table.has_labels:
            label = folders.of(path_with_root(entry.path, [entry.home])).label
        if label is not None or known.marks:
            found.append((entry, State(label, known.marks)))
    return found


def _table(path: Path, labels: Sequence[str]) -> TableTruth | None:
    """The folder's table, None where it has none that says something of these labels."""
    if path.is_file():
        with contextlib.suppress(WebcamAppError):
            return TableTruth(path, labels)
    return None
