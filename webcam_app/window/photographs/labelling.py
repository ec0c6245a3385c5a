"""Photographs listed and labelled in the background; what was done is kept until the program ends."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.capture import list_pictures
from webcam_app.errors import WebcamAppError, first_line
from webcam_app.photographs import Looked, LookerSpec, Photograph, PhotographRun, label_photographs
from webcam_app.photographs.engine import cores
from webcam_app.photographs.labels.corrections import LABELS_FILE
from webcam_app.photographs.labels.truth import FolderTruth, TableTruth
from webcam_app.photographs.paths import path_with_root
from webcam_app.threads import use_opencv_threads
from webcam_app.window.photographs.entry import Entry

# The window is told ten times a second: more often nobody can read.
TELL_MS = 100
# Photographs that are handed over at a time while folders are listed.
LISTED_AT_A_TIME = 500
# Of ten thousand at once the window would take 90 ms to lay them out.
MOST_TOLD = 2000
# Two processes at least: the network would hold Python's lock in this one, and with it the window.
FEWEST_JOBS = 2

Stamp = tuple[int, int]
"""A file's time of change and size: another file under the same name is looked at anew."""


@dataclass(slots=True)
class _News:
    """What the window has not been told yet."""

    listed: list[Entry] = field(default_factory=list)
    answers: list[tuple[Entry, Looked]] = field(default_factory=list)
    truths: list[tuple[Entry, str]] = field(default_factory=list)
    labels: tuple[str, ...] | None = None
    ended: bool = False
    problem: str = ""


class Labelling(QObject):
    """One run at a time, in a thread of its own. All signals come in the window's thread."""

    listed = pyqtSignal(list)
    """More ``Entry``."""
    answered = pyqtSignal(list)
    """Pairs of ``Entry`` and ``Looked``."""
    truths = pyqtSignal(list)
    """Pairs of ``Entry`` and its true label."""
    labels_known = pyqtSignal(tuple)
    """The model's labels."""
    ended = pyqtSignal(str)
    """The run is over; with one line where it failed."""

    def __init__(self, spec: LookerSpec | None = None, parent: QObject | None = None) -> None:
        """Make it.

        Args:
            spec: what photographs are looked at with.
            parent: who owns it.
        """
        super().__init__(parent)
        self._spec = spec or LookerSpec(background=True)
        self._done: dict[Path, tuple[Stamp, Looked]] = {}
        self._lock = threading.Lock()
        self._news = _News()
        self._thread: threading.Thread | None = None
        self._run: PhotographRun | None = None
        self._stopped = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(TELL_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def running(self) -> bool:
        """Whether a run goes on."""
        return self._thread is not None

    def begin(self, paths: Sequence[Path]) -> None:
        """List these files and folders and label what is in them, in place of what is being done."""
        self._start(lambda: self._list(paths))

    def go_on(self, entries: Sequence[Entry]) -> None:
        """Label those of some photographs that have no answer yet."""
        self._start(lambda: [entry for entry in entries if entry.looked is None])

    def cancel(self) -> None:
        """Let the run end with the photographs that are done."""
        self._stopped.set()
        with self._lock:
            if self._run is not None:
                self._run.cancel()

    def close(self, timeout_seconds: float) -> None:
        """End the run, whose last answers are forgotten."""
        self.cancel()
        self._timer.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(timeout_seconds)

    def _start(self, entries: Callable[[], Iterable[Entry]]) -> None:
        self.close(1.0)
        stopped = self._stopped = threading.Event()
        with self._lock:
            self._news = _News()
        news = self._news
        self._thread = threading.Thread(
            target=self._work, args=(entries, news, stopped), name="photographs", daemon=True
        )
        self._thread.start()
        self._timer.start()

    def _work(self, entries: Callable[[], Iterable[Entry]], news: _News, stopped: threading.Event) -> None:
        problem = ""
        try:
            self._label(entries, news, stopped)
        except WebcamAppError as error:
            problem = str(error)
        except Exception as error:  # the thread's edge: the window goes on
            problem = f"Labelling failed: {first_line(error)} ({type(error).__name__})."
        with self._lock:
            news.problem, news.ended = problem, True

    def _list(self, paths: Sequence[Path]) -> Iterator[Entry]:
        for place, path in enumerate(list_pictures(paths)):
            home = next((root for root in paths if path != root and root in path.parents), path.parent)
            yield Entry(path, home, path.relative_to(home).as_posix(), place)

    def _label(self, entries: Callable[[], Iterable[Entry]], news: _News, stopped: threading.Event) -> None:
        use_opencv_threads()
        everything: list[Entry] = []
        waiting: list[Entry] = []
        stream = iter(entries())
        while (batch := list(itertools.islice(stream, LISTED_AT_A_TIME))) and not stopped.is_set():
            answers = [(entry, looked) for entry in batch if (looked := self._known(entry)) is not None]
            known = {entry.place for entry, _ in answers}
            waiting += [entry for entry in batch if entry.place not in known]
            everything += batch
            with self._lock:
                news.listed += batch
                news.answers += answers
        if stopped.is_set() or not everything:
            return
        with label_photographs(
            (Photograph(entry.path) for entry in waiting), self._spec, jobs=max(FEWEST_JOBS, cores())
        ) as run:
            with self._lock:
                self._run = run
            try:
                self._answers(run, everything, waiting, news, stopped)
            finally:
                with self._lock:
                    self._run = None

    def _answers(
        self,
        run: PhotographRun,
        everything: Sequence[Entry],
        waiting: Sequence[Entry],
        news: _News,
        stopped: threading.Event,
    ) -> None:
        card = run.card
        labels = () if card is None else card.labels
        truths = true_labels(everything, labels)
        with self._lock:
            news.labels = labels
            news.truths += truths
        for entry, looked in zip(waiting, () if stopped.is_set() else run, strict=False):
            stamp = _stamp(entry.path)
            if stamp is not None:
                self._done[entry.path] = (stamp, looked)
            with self._lock:
                news.answers.append((entry, looked))

    def _known(self, entry: Entry) -> Looked | None:
        kept = self._done.get(entry.path)
        return kept[1] if kept is not None and kept[0] == _stamp(entry.path) else None

    def _tell(self) -> None:
        with self._lock:
            news = self._news
            listed, news.listed = news.listed[:MOST_TOLD], news.listed[MOST_TOLD:]
            more = bool(news.listed)
            if not more:
                answers, truths, labels = news.answers, news.truths, news.labels
                news.answers, news.truths, news.labels = [], [], None
                ended, problem = news.ended, news.problem
        if listed:
            self.listed.emit(listed)
        if more:  # answers are about photographs that the window knows
            return
        if labels is not None:
            self.labels_known.emit(labels)
        if truths:
            self.truths.emit(truths)
        if answers:
            self.answered.emit(answers)
        if ended and self._thread is not None:
            self._thread.join()
            self._thread = None
            self._timer.stop()
            self.ended.emit(problem)


def true_labels(entries: Sequence[Entry], labels: Sequence[str]) -> list[tuple[Entry, str]]:
    """What a ``labels.csv`` in the folder that was named, else the names of folders say, as ``classify`` takes it.

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
        known = folders.of(path_with_root(entry.path, [entry.home])) if table is None else table.of(entry.path)
        if known.label is not None:
            found.append((entry, known.label))
    return found


def _table(path: Path, labels: Sequence[str]) -> TableTruth | None:
    """The folder's table, None where it has none that says something of these labels."""
    if path.is_file():
        with contextlib.suppress(WebcamAppError):
            return TableTruth(path, labels)
    return None


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
