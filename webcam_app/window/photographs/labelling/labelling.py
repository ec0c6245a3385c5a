"""Photographs listed and labelled in the background; what was done is kept, also for the next start."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.photographs import LookerSpec
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.photographs.labelling.round import Done, Round

# The window is told ten times a second: more often nobody can read.
TELL_MS = 100
# Of ten thousand at once the window would take 90 ms to lay them out: so it is told of some, as long as that takes at
# most TELL_SECONDS, and goes on SOON_MS later.
TOLD_AT_A_TIME = 250
TELL_SECONDS = 0.01
SOON_MS = 15


class Labelling(QObject):
    """One run at a time. All signals come in the window's thread."""

    listed = pyqtSignal(list)
    """More ``Entry``."""
    answered = pyqtSignal(list)
    """Pairs of ``Entry`` and ``Looked``."""
    truths = pyqtSignal(list)
    """Pairs of ``Entry`` and the ``State`` that says what is known of it."""
    labels_known = pyqtSignal(tuple)
    """The model's labels."""
    ended = pyqtSignal(str)
    """The run is over; with one line where it failed."""
    refused = pyqtSignal(str)
    """The run is over because the model cannot be used; why, in one line."""

    def __init__(self, spec: LookerSpec, parent: QObject | None = None, *, kept: Path | None = None) -> None:
        """Make it.

        Args:
            spec: what photographs are looked at with.
            parent: who owns it.
            kept: the file of what was seen before; None to keep nothing for the next start.
        """
        super().__init__(parent)
        self._kept = kept
        self._spec = spec
        self._done: Done = {}
        self._paths: Sequence[Path] = ()
        """Files and folders that are not listed to their end."""
        self._round: Round | None = None
        self._left: list[Round] = []
        """Runs that were cancelled, and may not have ended."""
        self._timer = QTimer(self)
        self._timer.setInterval(TELL_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def running(self) -> bool:
        """Whether a run goes on."""
        return self._round is not None

    @property
    def more_to_list(self) -> bool:
        """Whether there may be photographs that were not listed, since it was cancelled before."""
        return bool(self._paths)

    def begin(self, paths: Sequence[Path]) -> None:
        """List these files and folders and label what is in them, in place of what is being done."""
        self.leave()
        self._paths = paths
        self._start(())

    def go_on(self, entries: Sequence[Entry]) -> None:
        """Label those of the photographs that have no answer yet, and list those that were not listed before.

        Args:
            entries: all that are listed.
        """
        self.leave()
        self._start(entries)

    def use(self, spec: LookerSpec) -> None:
        """Look with something else from the next run on; the present one ends."""
        self.leave()
        self._spec, self._done = spec, {}

    def cancel(self) -> None:
        """Let the run end with the photographs that are done."""
        if self._round is not None:
            self._round.cancel()

    def leave(self) -> None:
        """End the run, whose last answers are forgotten; nothing waits for that."""
        self.cancel()
        self._timer.stop()
        self._left = [left for left in self._left if left.alive]
        if self._round is not None:
            self._left.append(self._round)
            self._round = None

    def close(self, timeout_seconds: float) -> None:
        """End all work."""
        self.leave()
        deadline = time.monotonic() + timeout_seconds
        for left in self._left:
            left.join(max(0.0, deadline - time.monotonic()))

    def _start(self, entries: Sequence[Entry]) -> None:
        self._round = Round(self._spec, self._kept, self._done, entries, self._paths)
        self._round.start()
        self._timer.start(TELL_MS)

    def _tell(self) -> None:
        """Hand over what there is, as far as the time allows."""
        end = time.perf_counter() + TELL_SECONDS
        more = True
        while more and self._round is not None and time.perf_counter() < end:
            more = self._tell_some(self._round)
        if self._round is not None:
            self._timer.start(SOON_MS if more else TELL_MS)

    def _tell_some(self, round_: Round) -> bool:
        """Returns whether there is more."""
        news, more = round_.take(TOLD_AT_A_TIME)
        if news.listed:
            self.listed.emit(news.listed)
        if news.labels is not None:
            self.labels_known.emit(news.labels)
        if news.truths:
            self.truths.emit(news.truths)
        if news.answers:
            self.answered.emit(news.answers)
        if news.ended and self._round is round_:
            round_.join()
            self._round = None
            self._timer.stop()
            if round_.all_listed:
                self._paths = ()
            if news.refused:
                self.refused.emit(news.problem)
            else:
                self.ended.emit(news.problem)
        return more
