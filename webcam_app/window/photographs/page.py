"""Photographs: a grid that fills while they are labelled, filtered and sorted by what the network says."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from webcam_app.capture.text import printable
from webcam_app.photographs import Looked, LookerSpec
from webcam_app.resources import shipped_model_path
from webcam_app.window.header import Header
from webcam_app.window.page import Page, PageParts, Shared
from webcam_app.window.photographs.actions import CANCEL, CANCEL_HELP, GO_ON, PhotographActions
from webcam_app.window.photographs.bars import PhotographBar, PhotographStatus
from webcam_app.window.photographs.chips import KindChips
from webcam_app.window.photographs.collection import Collection, words
from webcam_app.window.photographs.correcting.comparing import ComparisonDialog, comparison
from webcam_app.window.photographs.correcting.corrector import Corrector
from webcam_app.window.photographs.entry import Entry, State
from webcam_app.window.photographs.exporting import Exporter
from webcam_app.window.photographs.grid.grid import PhotographGrid
from webcam_app.window.photographs.grid.thumbnails import Thumbnails
from webcam_app.window.photographs.kinds import NOT_SURE, ORDERS, Kind, by_name, kinds_in_order
from webcam_app.window.photographs.labelling.labelling import Labelling
from webcam_app.window.photographs.labelling.rubbish import SetAside
from webcam_app.window.photographs.large.faces import LargeFaces
from webcam_app.window.photographs.large.viewer import STEP, PhotographView
from webcam_app.window.settings.folders import cache_folder
from webcam_app.window.translation import number, tr, translated
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.banner import Severity

# While answers come, which rows there are and their order follow once a second: nothing flickers under the mouse.
REFRESH_MS = 1000
PROBLEM = "photographs"
ANSWERS_FILE = "photographs.sqlite"
FIRST_SIDE = 148


class PhotographsPage(Page):
    """Shows the photographs of folders, and what the network makes of them."""

    left = pyqtSignal()
    """The person wants back to the live picture."""

    model_refused = pyqtSignal(str)
    """The model that was to label cannot be used; why, in one line. Another one is to be named."""

    def __init__(self, shared: Shared, parent: QObject, model: Path | None = None) -> None:
        """Make it, empty.

        Args:
            shared: what the window shares with its pages.
            parent: the window.
            model: labels; None for the one that is built in.
        """
        self.collection = Collection()
        self.thumbnails = Thumbnails(FIRST_SIDE)
        self.grid = PhotographGrid(self.collection, self.thumbnails)
        self.view = PhotographView(shared.worker)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.view)
        self.chips, content = KindChips(), QWidget()
        content.setFocusProxy(self.grid)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.chips)
        layout.addWidget(self.stack, 1)
        self.actions_: PhotographActions = PhotographActions(content, self.grid, self.view)
        self.orders = QComboBox()
        self.orders.setAccessibleName(tr("Sort by"))
        self.orders.setToolTip(tr("In which order they are shown"))
        self.orders.addItems([translated(text) for text, _ in ORDERS])
        self.bar, self.status = PhotographBar(self.actions_), PhotographStatus()
        header = Header(shared.actions, ((ActionButton(self.actions_.back, icon_only=True), 0), (self.orders, 1)))
        super().__init__(PageParts(header, content, self.bar, self.status), self.actions_, parent)
        self._banner = shared.banner
        self.model = model
        """Labels, None for the one that is built in."""
        spec = _spec(model)
        self.labelling = Labelling(spec, self, kept=cache_folder() / ANSWERS_FILE)
        self.exporter = Exporter(shared, self.collection, self.grid)
        self.corrector = Corrector(shared, self.collection, spec)
        self._faces = LargeFaces(self.view, self.actions_.faces, self.corrector, self._tell)
        self._hint = ""
        self._other_model = False
        """Whether what is shown was labelled by another model than the one that labels from now on."""
        self._set_aside = SetAside()
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
        self.labelling.leave()
        self._other_model = False
        self._show_grid()
        self.corrector.forget_steps()
        self.thumbnails.clear()
        self.collection.clear()
        self.chips.choose(())
        self.collection.show((), by_name)
        self.orders.setCurrentIndex(0)
        self._offer_kinds()
        name = tr("%n files and folders", count=len(paths))
        if len(paths) == 1:
            name = printable(paths[0].resolve().name)
        self.title_changed.emit(name)
        self._begin()
        self.labelling.begin(paths)
        self._show_progress()

    def use_model(self, model: Path | None) -> None:
        """Label with another model, or with one that has changed; what is open is labelled again once it is seen.

        Args:
            model: labels from now on; None for the one that is built in.
        """
        self.model = model
        spec = _spec(model)
        self.labelling.use(spec)
        self.corrector.use(spec)
        self._other_model = True
        QTimer.singleShot(0, self._label_anew)

    def appear(self) -> None:
        """What another model labelled meanwhile is labelled again."""
        self._label_anew()

    def open(self, spec: str) -> None:
        """Show a folder."""
        self.open_paths([Path(spec)])

    def close(self, timeout_seconds: float) -> None:
        """End all work."""
        self.labelling.close(timeout_seconds)
        self._set_aside.take_back()
        self.thumbnails.close()
        self.exporter.close()
        self.corrector.close()

    def cancel(self) -> None:
        """Esc leads from the large photograph to the grid, and there to all photographs."""
        if self.view.editor.active:
            self.view.editor.stop()
        elif self.large:
            self._show_grid()
        else:
            self.chips.choose(())

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
        actions.undo.triggered.connect(lambda: self._turn(self.corrector.undo))
        actions.redo.triggered.connect(lambda: self._turn(self.corrector.redo))
        actions.run.triggered.connect(lambda: self._toggle())
        actions.export.triggered.connect(lambda: self.exporter.ask())
        self.chips.chosen_changed.connect(self._choose)
        self.orders.activated.connect(lambda _index: self._choose())
        self.grid.selected.connect(self._show_current)
        self.collection.counted.connect(self._offer_kinds)
        self.collection.counted.connect(self._show_current)
        labelling = self.labelling
        labelling.listed.connect(self._take_listed)
        labelling.truths.connect(self._take_truths)
        labelling.labels_known.connect(self._take_labels)
        labelling.answered.connect(self._take_answers)
        labelling.ended.connect(self._on_ended)
        labelling.refused.connect(self._on_refused)

    def _begin(self) -> None:
        self._begun, self._begun_with = time.monotonic(), self.collection.done

    def _toggle(self) -> None:
        if self.labelling.running:
            self.labelling.cancel()
        elif self.collection.done < len(self.collection.entries) or self.labelling.more_to_list:
            self._begin()
            self.labelling.go_on(self.collection.entries)
        self._show_progress()

    def _label_anew(self) -> None:
        """Ask the model that labels now. The person stays at the same photograph; kinds of labels are others."""
        if not self._other_model or not self.parts.content.isVisible():
            return
        self._other_model = False
        if not self.collection.entries and not self.labelling.more_to_list:
            return
        self._banner.clear_message(PROBLEM)
        self.view.editor.stop()
        self.corrector.forget_steps()
        self.chips.choose(())
        self.collection.forget_answers()
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
            self.status.text.setText(tr("The model is unsure of none of these."))

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
        self.parts.content.setFocusProxy(widget)
        self.chips.setVisible(widget is self.grid)
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
        self.collection.show(self.chips.chosen, ORDERS[max(0, self.orders.currentIndex())][1])

    def _take_labels(self, labels: tuple[str, ...]) -> None:
        self._labels = self.grid.delegate.labels = self.view.labels = self.exporter.labels = labels
        self.corrector.labels = labels
        for label, action in self.actions_.offer_labels(labels).items():
            action.triggered.connect(lambda _checked=False, said=label: self._correct(said))
            self.bar.add_label(action)
        self._offer_kinds()

    def _correct(self, label: str) -> None:
        """Say what the largest face of the photographs that are selected is, or the selected face of a large one."""
        if self.large:
            self._faces.label(label)
        else:
            self.corrector.label(self.grid.chosen, label)
        self._show_current()

    def _compare(self) -> None:
        text = comparison(self.collection.entries, self._labels)
        self.comparison = ComparisonDialog(text, self.stack)
        self.comparison.show()

    def _turn(self, step: Callable[[], Sequence[Entry]]) -> None:
        """Take a correction back, or do it again; what it was about is shown."""
        entries = step()
        self.view.editor.reset()
        if entries and self.large and self.view.entry not in entries:
            self.grid.go_to(entries[0])
            self.view.show_entry(entries[0])
        self._show_current()

    def _tell(self, hint: str) -> None:
        """Say what can be done now; where there is nothing to say, what is known of the photograph."""
        self._hint = hint
        self._show_current()
        if hint:
            self.view.setAccessibleDescription(hint)

    def _take_truths(self, states: list[tuple[Entry, State]]) -> None:
        self.collection.know(states)
        self.corrector.look([entry for entry, _ in states])

    def _take_listed(self, entries: list[Entry]) -> None:
        self.collection.add(entries)
        self._set_aside.add(len(entries))

    def _take_answers(self, answers: list[tuple[Entry, Looked]]) -> None:
        self.collection.take(answers)
        self._set_aside.add(len(answers))
        self._show_progress()
        if not self._refresh.isActive():
            self._refresh.start()

    def _on_refused(self, problem: str) -> None:
        if self.model is None:
            self._on_ended(problem)
        else:
            self._show_progress()
            self.model_refused.emit(problem)

    def _on_ended(self, problem: str) -> None:
        if problem:
            self._banner.show_message(PROBLEM, problem, Severity.ERROR)
        elif not self.collection.entries and not self.labelling.more_to_list:
            text = tr("There are no pictures in it. Open another folder.")
            self._banner.show_message(PROBLEM, text, Severity.WARNING)
        self.collection.refresh()
        self._show_progress()

    def _offer_kinds(self) -> None:
        """Each kind with its count."""
        offered = kinds_in_order(self._labels)
        if offered != self._offered:
            self._offered = offered
            self.chips.offer(offered)
        self.chips.count(self.collection.counts)

    def _show_current(self) -> None:
        selected = self.grid.selected_count
        entry = self.grid.current
        text = " " if entry is None else f"{printable(entry.name)}: {words(entry)}"
        if selected > 1:
            text = tr("%n selected; {text}", count=selected).format(text=text)
        self.status.text.setText(self._hint or text)
        self.grid.setAccessibleDescription(text.strip())
        self.view.describe()

    def _show_progress(self) -> None:
        total, done, running = len(self.collection.entries), self.collection.done, self.labelling.running
        text = tr("Looking for pictures…") if running else tr("No pictures")
        if total:
            text = tr("{count} of {total}").format(count=number(done), total=number(total))
        if running and done > self._begun_with:
            rate = (done - self._begun_with) / max(0.001, time.monotonic() - self._begun)
            more = tr("{rate} a second · {time} left")
            text += f" · {more.format(rate=number(rate), time=duration((total - done) / rate))}"
        self.bar.progress.setText(text)
        run = self.actions_.run
        unfinished = done < total or self.labelling.more_to_list
        run.setEnabled(running or unfinished)
        if running or not unfinished:
            run.show_as(translated(CANCEL), "stop", translated(CANCEL_HELP))
        else:
            run.show_as(translated(GO_ON), "play", tr("Label the others"))
        for action in (self.actions_.export, self.actions_.copies):
            action.setEnabled(done > 0)


def _spec(model: Path | None) -> LookerSpec:
    return LookerSpec(model or shipped_model_path(), background=True)


def duration(seconds: float) -> str:
    """A time for people, as exact as an estimate is."""
    if seconds < 60:
        return tr("{count} s").format(count=number(max(1, round(seconds))))
    if seconds < 5400:
        return tr("{count} min").format(count=number(round(seconds / 60)))
    return tr("{count} h").format(count=number(seconds / 3600, 1))
