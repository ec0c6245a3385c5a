"""Photographs: a grid that fills while they are labelled, filtered and sorted by what the network says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QComboBox, QStackedWidget

from webcam_app.capture.text import printable
from webcam_app.photographs import LookerSpec
from webcam_app.window.header import Header
from webcam_app.window.page import Page, PageParts, Shared
from webcam_app.window.photographs.actions import CANCEL, CANCEL_HELP, GO_ON, PhotographActions
from webcam_app.window.photographs.bars import PhotographBar, PhotographStatus
from webcam_app.window.photographs.collection import Collection, words
from webcam_app.window.photographs.comparing import ComparisonDialog, comparison
from webcam_app.window.photographs.correcting import Corrector
from webcam_app.window.photographs.exporting import Exporter
from webcam_app.window.photographs.grid import PhotographGrid
from webcam_app.window.photographs.kinds import ALL, NOT_SURE, ORDERS, Kind, by_name, kinds_in_order
from webcam_app.window.photographs.labelling import Labelling
from webcam_app.window.photographs.thumbnails import Thumbnails
from webcam_app.window.photographs.viewer import STEP, PhotographView
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.banner import Severity

# While answers come, which rows there are and their order follow once a second: nothing flickers under the mouse.
REFRESH_MS = 1000
PROBLEM = "photographs"
FIRST_SIDE = 148


class PhotographsPage(Page):
    """Shows the photographs of folders, and what the network makes of them."""

    left = pyqtSignal()
    """The person wants back to the live picture."""

    def __init__(self, shared: Shared, parent: QObject, spec: LookerSpec | None = None) -> None:
        """Make it, empty.

        Args:
            shared: what the window shares with its pages.
            parent: the window.
            spec: what photographs are looked at with.
        """
        self.collection = Collection()
        self.thumbnails = Thumbnails(FIRST_SIDE)
        self.grid = PhotographGrid(self.collection, self.thumbnails)
        self.view = PhotographView(shared.worker)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.view)
        self.stack.setFocusProxy(self.grid)
        self.actions_: PhotographActions = PhotographActions(self.stack, self.grid, self.view)
        self.kinds, self.orders = QComboBox(), QComboBox()
        self.kinds.setAccessibleName("Show")
        self.kinds.setToolTip("Which photographs are shown")
        self.orders.setAccessibleName("Sort by")
        self.orders.setToolTip("In which order they are shown")
        self.orders.addItems([text for text, _ in ORDERS])
        self.bar, self.status = PhotographBar(self.actions_), PhotographStatus()
        header = Header(
            shared.actions, ((ActionButton(self.actions_.back, icon_only=True), 0), (self.kinds, 2), (self.orders, 1))
        )
        super().__init__(PageParts(header, self.stack, self.bar, self.status), self.actions_, parent)
        self._banner = shared.banner
        self.labelling = Labelling(spec, self)
        self.exporter = Exporter(shared, self.collection, self.grid)
        self.corrector = Corrector(shared, self.collection)
        self._offered: list[Kind] = []
        self._labels: tuple[str, ...] = ()
        self._begun, self._begun_with = 0.0, 0
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.collection.refresh)
        self._connect()
        self._offer_kinds()
        self._show_progress()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Show the photographs of files and folders, and label those that were not labelled before."""
        self._banner.clear_message(PROBLEM)
        self.labelling.close(1.0)
        self._show_grid()
        self.corrector.forget_steps()
        self.thumbnails.clear()
        self.collection.clear()
        self.collection.show(ALL, by_name)
        self.orders.setCurrentIndex(0)
        self._offer_kinds()
        name = printable(paths[0].resolve().name) if len(paths) == 1 else f"{len(paths)} files and folders"
        self.title_changed.emit(name)
        self._begin()
        self.labelling.begin(paths)
        self._show_progress()

    def open(self, spec: str) -> None:
        """Show a folder."""
        self.open_paths([Path(spec)])

    def close(self, timeout_seconds: float) -> None:
        """End all work."""
        self.labelling.close(timeout_seconds)
        self.thumbnails.close()
        self.exporter.close()

    def cancel(self) -> None:
        """Esc leads from the large photograph to the grid, and there to all photographs."""
        if self.large:
            self._show_grid()
            return
        self.kinds.setCurrentIndex(0)
        self._choose()

    @property
    def large(self) -> bool:
        """Whether one photograph is shown large."""
        return self.stack.currentWidget() is self.view

    def _connect(self) -> None:
        actions, view = self.actions_, self.view
        actions.enlarge.triggered.connect(lambda: self._show_large())
        self.grid.doubleClicked.connect(lambda _index: self._show_large())
        actions.small.triggered.connect(lambda: self._show_grid())
        actions.next.triggered.connect(lambda: self._step(1))
        actions.previous.triggered.connect(lambda: self._step(-1))
        actions.closer.triggered.connect(lambda: view.zoom_by(STEP))
        actions.farther.triggered.connect(lambda: view.zoom_by(1 / STEP))
        actions.fit.triggered.connect(lambda: view.fit())
        actions.back.triggered.connect(lambda: self.left.emit())
        actions.unsure.triggered.connect(lambda: self._next_unsure())
        actions.copies.triggered.connect(lambda: self.exporter.ask_folder())
        actions.compare.triggered.connect(lambda: self._compare())
        actions.undo.triggered.connect(lambda: self._undo())
        actions.run.triggered.connect(lambda: self._toggle())
        actions.export.triggered.connect(lambda: self.exporter.ask())
        self.kinds.activated.connect(lambda _index: self._choose())
        self.orders.activated.connect(lambda _index: self._choose())
        self.grid.selected.connect(self._show_current)
        self.collection.counted.connect(self._offer_kinds)
        labelling = self.labelling
        labelling.listed.connect(self.collection.add)
        labelling.truths.connect(self.collection.know)
        labelling.labels_known.connect(self._take_labels)
        labelling.answered.connect(self._take_answers)
        labelling.ended.connect(self._on_ended)

    def _begin(self) -> None:
        self._begun, self._begun_with = time.monotonic(), self._done

    @property
    def _done(self) -> int:
        return sum(entry.looked is not None for entry in self.collection.entries)

    def _toggle(self) -> None:
        if self.labelling.running:
            self.labelling.cancel()
        elif self._done < len(self.collection.entries):
            self._begin()
            self.labelling.go_on(self.collection.entries)
        self._show_progress()

    def _next_unsure(self) -> None:
        entry = self.collection.next_unsure(self.grid.current, NOT_SURE)
        if entry is not None:
            self.grid.go_to(entry)
            if self.large:
                self.view.show_entry(entry)
        else:
            self.status.text.setText("The model is unsure of none of these.")

    def _show_large(self) -> None:
        entry = self.grid.current
        if entry is not None:
            self.view.show_entry(entry)
            self._show(self.view)

    def _show_grid(self) -> None:
        self._show(self.grid)
        self.view.show_entry(None)

    def _show(self, widget: PhotographGrid | PhotographView) -> None:
        self.stack.setCurrentWidget(widget)
        self.stack.setFocusProxy(widget)
        self.bar.set_large(self.large)
        widget.setFocus()

    def _step(self, by: int) -> None:
        """Go to the next photograph of those that are shown, or the one before."""
        shown = self.collection.shown
        entry = self.view.entry
        row = None if entry is None else self.collection.row_of(entry)
        if row is not None and 0 <= row + by < len(shown):
            self.grid.go_to(shown[row + by])
            self.view.show_entry(shown[row + by])

    def _choose(self) -> None:
        kind = self._offered[max(0, self.kinds.currentIndex())]
        self.collection.show(kind, ORDERS[max(0, self.orders.currentIndex())][1])

    def _take_labels(self, labels: tuple[str, ...]) -> None:
        self._labels = self.grid.delegate.labels = self.view.labels = self.exporter.labels = labels
        for label, action in self.actions_.offer_labels(labels).items():
            action.triggered.connect(lambda _checked=False, said=label: self._correct(said))
            self.bar.add_label(action)
        self._offer_kinds()

    def _correct(self, label: str) -> None:
        """Say what the largest face of the photograph, or of those that are selected, is."""
        large = self.view.entry if self.large else None
        self.corrector.label(self.grid.chosen if large is None else [large], label)
        self._show_current()

    def _compare(self) -> None:
        text = comparison(self.collection.entries, self._labels)
        self.comparison = ComparisonDialog(text, self.stack)
        self.comparison.show()

    def _undo(self) -> None:
        self.corrector.undo()
        self._show_current()

    def _take_answers(self, answers: list[object]) -> None:
        self.collection.take(answers)  # type: ignore[arg-type]
        self._show_progress()
        self._show_current()
        if not self._refresh.isActive():
            self._refresh.start()

    def _on_ended(self, problem: str) -> None:
        if problem:
            self._banner.show_message(PROBLEM, problem, Severity.ERROR)
        elif not self.collection.entries:
            self._banner.show_message(PROBLEM, "There are no pictures in it. Open another folder.", Severity.WARNING)
        self.collection.refresh()
        self._show_progress()

    def _offer_kinds(self) -> None:
        """Each kind with its count."""
        offered = kinds_in_order(self._labels)
        if offered != self._offered:
            at = self.collection.kind
            self._offered = offered
            self.kinds.clear()
            self.kinds.addItems([kind.text for kind in offered])
            self.kinds.setCurrentIndex(offered.index(at) if at in offered else 0)
        for number, kind in enumerate(offered):
            text = f"{kind.text}  {self.collection.counts[kind]:,}"
            if self.kinds.itemText(number) != text:
                self.kinds.setItemText(number, text)

    def _show_current(self) -> None:
        chosen = self.grid.chosen
        entry = self.grid.current
        text = " " if entry is None else f"{printable(entry.name)}: {words(entry)}"
        self.status.text.setText(f"{len(chosen)} selected; {text}" if len(chosen) > 1 else text)
        self.grid.setAccessibleDescription(text.strip())
        self.view.describe()

    def _show_progress(self) -> None:
        total, done, running = len(self.collection.entries), self._done, self.labelling.running
        text = f"{done:,} of {total:,}" if total else "Looking for pictures…" if running else "No pictures"
        if running and done > self._begun_with:
            rate = (done - self._begun_with) / max(0.001, time.monotonic() - self._begun)
            text += f" · {rate:.0f} a second · {duration((total - done) / rate)} left"
        self.bar.progress.setText(text)
        run = self.actions_.run
        run.setEnabled(running or done < total)
        if running or done >= total:
            run.show_as(CANCEL, "stop", CANCEL_HELP)
        else:
            run.show_as(GO_ON, "play", "Label the others")
        for action in (self.actions_.export, self.actions_.copies):
            action.setEnabled(done > 0)


def duration(seconds: float) -> str:
    """A time for people, as exact as an estimate is."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
