"""Feeds the strip below the live picture, shows and hides it, and exports what was counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PyQt5.QtCore import QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QAction, QFileDialog

from webcam_app.capture.text import printable
from webcam_app.faces.face import Face
from webcam_app.live import LiveEngine, Result
from webcam_app.window.history.graph import LOWEST_RATE, SHORTEST_LATENCY_MS, Row, faces_row, line_row, masks_row
from webcam_app.window.history.minute import SLICE_SECONDS, Minute, Slice, current
from webcam_app.window.history.strip import Counts, HistoryStrip, counts_lines, label_name
from webcam_app.window.history.table import table_rows, write_table
from webcam_app.window.history.tally import TrackTally
from webcam_app.window.page import Shared
from webcam_app.window.translation import number, tr
from webcam_app.window.widgets.banner import Severity

EXPORT = "history export"
# A sentence takes about as long to be spoken.
TELL_EVERY = round(2.0 / SLICE_SECONDS)
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class HistoryActions:
    """What can be done with the strip."""

    show: QAction
    export: QAction


class HistoryController(QObject):
    """Counts all the time; paints twice a second, and only while the strip is seen."""

    arranged = pyqtSignal()
    """The strip is to be seen, or not any more, or has another height."""

    def __init__(
        self, engine: LiveEngine, shared: Shared, strip: HistoryStrip, actions: HistoryActions, parent: QObject
    ) -> None:
        """Make it.

        Args:
            engine: says what is open and which labels there are.
            shared: the settings, which remember whether the strip is shown; the worker and the banner.
            strip: what is fed.
            actions: show and hide it; export.
            parent: the page.
        """
        super().__init__(parent)
        self.minute, self.tally = Minute(), TrackTally()
        self.dialog: QFileDialog | None = None
        self._engine, self._shared, self._strip, self._actions = engine, shared, strip, actions
        self._source = ""
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * SLICE_SECONDS))
        self._timer.timeout.connect(self._tick)
        actions.show.triggered.connect(self._toggle)
        actions.export.triggered.connect(self.ask)
        shared.settings.changed.connect(self._apply)
        self._apply()

    @property
    def wanted(self) -> bool:
        """Whether the strip is to be seen."""
        return self._shared.settings.current.show_history

    def add(self, result: Result) -> None:
        """Count a result; photographs are not counted."""
        if result.frame.picture is not None:
            return
        self.minute.add(result.faces, result.sequence, time.monotonic())
        if result.faces:
            if not self._source:
                source = self._engine.statistics().source
                self._source = "" if source is None else printable(source.name)
            self.tally.see(result.faces, result.frame.time, self._source)

    def painted(self, result: Result) -> None:
        """A result has reached the screen."""
        now = time.monotonic()
        if result.frame.picture is None:
            self.minute.add_painted(1000 * (now - result.frame.taken_at), now)

    def interrupt(self) -> None:
        """Another source begins, or none."""
        self.minute.interrupt()
        self._source = ""

    def refresh(self) -> None:
        """Show what is known now."""
        slices = self.minute.slices(time.monotonic())
        newest = current(slices)
        masks = self._shared.settings.current.show_masks
        rows, words = self._rows(slices, newest, masks=masks)
        if self._strip.graph.show_rows(rows):
            self.arranged.emit()
        counts = Counts(self.tally.began, self.tally.counts(), self.tally.masked if masks else None)
        self._strip.show_counts(counts, self._engine.labels)
        if self._ticks % TELL_EVERY == 0:
            self._strip.graph.setAccessibleDescription(". ".join([*words, *counts_lines(counts)]))
        self._ticks += 1

    def ask(self) -> None:
        """Ask where to export to; nothing waits for the answer."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        title, kinds = tr("Export who was seen"), tr("Tables (*.csv)")
        dialog = self.dialog = QFileDialog(self._strip, title, "faces-seen.csv", kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.finished.connect(self._forget)
        dialog.show()

    def export(self, path: Path) -> None:
        """Write the table; a file that is there is replaced, as the dialog has asked."""
        rows, tracks, folded = table_rows(self.tally), self.tally.tracks, self.tally.folded

        def done(_none: None) -> None:
            text = tr("Faces written to '{file}': {count}.").format(file=printable(path), count=number(tracks))
            if folded:
                text += " " + tr("The oldest {count} are in its totals only.").format(count=number(folded))
            show = (tr("Show folder"), lambda: self._shared.folders.show(path.parent))
            self._shared.banner.show_message(EXPORT, text, Severity.INFO, [show])

        self._shared.worker.submit(
            lambda: write_table(path, rows),
            done,
            lambda problem: self._shared.banner.show_message(EXPORT, problem, Severity.ERROR),
        )

    def close(self) -> None:
        """Paint no more."""
        self._timer.stop()
        if self.dialog is not None:
            self.dialog.reject()

    def _rows(
        self, slices: Sequence[Slice | None], newest: Slice | None, *, masks: bool
    ) -> tuple[list[Row], list[str]]:
        """The graph's rows, and what they say now in words."""
        faces = self.minute.faces if newest is not None else ()
        rate, latency = (newest.rate, newest.latency_ms) if newest is not None else (None, None)
        rate_text = UNKNOWN if rate is None else tr("{rate} fps").format(rate=number(rate))
        latency_text = UNKNOWN if latency is None else tr("{count} ms").format(count=number(latency))
        count = UNKNOWN if newest is None else str(len(faces))
        rows = [faces_row(tr("Faces"), count, slices, self._engine.labels)]
        words = [_told(faces) if newest is not None else tr("No picture")]
        if masks:
            masked = UNKNOWN if newest is None else str(sum(face.masked is True for face in faces))
            rows.append(masks_row(tr("Masks"), masked, slices))
            words.append(f"{tr('Masks')}: {masked}")
        rates = [None if each is None else each.rate for each in slices]
        latencies = [None if each is None else each.latency_ms for each in slices]
        rows.append(line_row(tr("Rate"), rate_text, rates, LOWEST_RATE))
        rows.append(line_row(tr("Latency"), latency_text, latencies, SHORTEST_LATENCY_MS))
        return rows, [*words, f"{tr('Rate')}: {rate_text}", f"{tr('Latency')}: {latency_text}"]

    def _tick(self) -> None:
        if self._strip.isVisible():
            self.refresh()

    def _toggle(self) -> None:
        self._shared.settings.update(show_history=not self.wanted)

    def _apply(self) -> None:
        self._actions.show.setChecked(self.wanted)
        if self.wanted:
            self._ticks = 0
            self.refresh()
        if self.wanted != self._strip.wanted:
            self._strip.wanted = self.wanted
            (self._timer.start if self.wanted else self._timer.stop)()
            self.arranged.emit()

    def _forget(self) -> None:
        self.dialog = None


def _told(faces: Sequence[Face]) -> str:
    """The faces of the newest picture for those who hear it."""
    counted = Counter(label_name(face.label) if face.label else tr("not labelled") for face in faces)
    names = ", ".join(f"{name} {count}" for name, count in counted.most_common())
    text = f"{tr('Faces')}: {len(faces)}"
    return f"{text} ({names})" if names else text
