"""The photographs of the gallery: all of them, and those that are shown, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QModelIndex, QObject, QSignalBlocker, QStringListModel, Qt, pyqtSignal

from webcam_app.faces.face import Box, Face
from webcam_app.faces.marks import MarkedFace
from webcam_app.photographs import Looked
from webcam_app.window.core_texts import face_text, label_text, told
from webcam_app.window.photographs.entry import Entry, State, is_drawn
from webcam_app.window.photographs.kinds import ALL, Kind, by_name, kinds_of, lets_through
from webcam_app.window.translation import tr

ENTRY_ROLE = Qt.ItemDataRole.UserRole


class Collection(QStringListModel):
    """Holds all photographs; its rows are those of one kind, in one order.

    How many rows there are Qt counts itself, as a list of empty strings: to lay out ten thousand it asks for that ten
    thousand times, and each time Python was asked another thread could take its lock for milliseconds.

    Answers come ten times a second while labelling goes on: what is painted follows at once, which rows there are and
    in which order only with ``refresh``, so that nothing moves under the mouse.
    """

    counted = pyqtSignal()
    """The counts have changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.counts: Counter[Kind] = Counter()
        self.done = 0
        """Photographs that were looked at."""
        self.chosen: frozenset[Kind] = frozenset()
        self.order: Callable[[Entry], Any] = by_name
        self._kinds: list[frozenset[Kind]] = []
        self._by_path: dict[Path, Entry] = {}
        self._shown: list[Entry] = []
        self._rows: dict[int, int] = {}

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The photograph, or what people and assistive technology read of it."""
        if not index.isValid():
            return None
        entry = self._shown[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.name}\n{words(entry)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{entry.name}: {words(entry)}"
        return None

    @property
    def shown(self) -> Sequence[Entry]:
        """Those that are shown, in order."""
        return self._shown

    def row_of(self, entry: Entry) -> int | None:
        """Where a photograph is shown, None where it is not."""
        return self._rows.get(entry.place)

    def find(self, path: Path) -> Entry | None:
        """A photograph by its path."""
        return self._by_path.get(path)

    def clear(self) -> None:
        """Hold none."""
        self.entries, self._shown, self._kinds = [], [], []
        self._rows, self._by_path = {}, {}
        self.counts.clear()
        self.done = 0
        self.chosen = frozenset()
        self.setStringList([])
        self.counted.emit()

    def forget_answers(self) -> None:
        """Know nothing of the photographs any more but their names; they stay where they are shown."""
        for entry in self.entries:
            entry.forget()
        self._kinds = [frozenset((ALL,))] * len(self.entries)
        self.counts = Counter({ALL: len(self.entries)})
        self.done = 0
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))
        self.counted.emit()

    def add(self, entries: Sequence[Entry]) -> None:
        """Take more photographs, which follow those that are there."""
        for entry in entries:
            kinds = kinds_of(entry)
            self.entries.append(entry)
            self._kinds.append(kinds)
            self.counts.update(kinds)
            self._by_path[entry.path] = entry
        if self.order is by_name:
            new = [entry for entry in entries if lets_through(self.chosen, self._kinds[entry.place])]
            if new:
                first = len(self._shown)
                self._rows.update((entry.place, row) for row, entry in enumerate(new, first))
                self._shown.extend(new)
                self.insertRows(first, len(new))
        else:
            self.refresh()
        self.counted.emit()

    def take(self, answers: Iterable[tuple[Entry, Looked]]) -> None:
        """Take the network's answers."""
        changed = []
        for entry, looked in answers:
            self.done += entry.looked is None
            entry.take(looked)
            changed.append(entry)
        self._changed(changed)

    def know(self, states: Iterable[tuple[Entry, State]]) -> None:
        """Take what people say of photographs."""
        changed = []
        for entry, state in states:
            entry.know(state)
            changed.append(entry)
        self._changed(changed)

    def take_drawn(self, entry: Entry, box: Box, face: Face) -> None:
        """Take the network's answer about a box that was drawn."""
        entry.take_drawn(box, face)
        self._changed([entry])

    def show(self, chosen: Iterable[Kind], order: Callable[[Entry], Any]) -> None:
        """Show those that filters let through, in one order; without a filter, all."""
        self.chosen, self.order = frozenset(chosen), order
        self.refresh()

    def refresh(self) -> None:
        """Show what belongs there now, where it belongs. What is selected stays so, if it is still shown."""
        chosen, kinds = self.chosen, self._kinds
        shown = list(self.entries)
        if chosen:
            shown = [entry for entry in shown if lets_through(chosen, kinds[entry.place])]
        if self.order is not by_name:
            shown.sort(key=self.order)
        if shown == self._shown:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        entries = [self._shown[index.row()] for index in before]
        self._shown = shown
        self._rows = {entry.place: row for row, entry in enumerate(shown)}
        rows = [self._rows.get(entry.place) for entry in entries]
        count = self.rowCount()
        with QSignalBlocker(self):  # views are told of another layout, not of rows
            if len(shown) > count:
                self.insertRows(count, len(shown) - count)
            self.changePersistentIndexList(before, [QModelIndex() if row is None else self.index(row) for row in rows])
            if len(shown) < count:
                self.removeRows(len(shown), count - len(shown))
        self.layoutChanged.emit()

    def next_unsure(self, after: Entry | None, kind: Kind) -> Entry | None:
        """The first photograph of a kind behind another in the order of what is shown, from the beginning at its end.

        Args:
            after: the other; None to begin with the first.
            kind: such as those about which the network is not sure.
        """
        start = -1 if after is None else self._rows.get(after.place, -1)
        count = len(self._shown)
        for step in range(1, count + 1):
            entry = self._shown[(start + step) % count]
            if kind in self._kinds[entry.place]:
                return entry
        return None

    def _changed(self, entries: Sequence[Entry]) -> None:
        rows = []
        for entry in entries:
            kinds = kinds_of(entry)
            before = self._kinds[entry.place]
            if kinds != before:
                self.counts.subtract(before - kinds)
                self.counts.update(kinds - before)
                self._kinds[entry.place] = kinds
            row = self._rows.get(entry.place)
            if row is not None:
                rows.append(row)
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
        if entries:
            self.counted.emit()


def words(entry: Entry) -> str:
    """What is known of a photograph, as people read it."""
    looked = entry.looked
    if looked is None:
        return tr("not looked at yet")
    if looked.error:
        return told(looked.error)
    said = f", {tr('not {label}').format(label=label_text(entry.said or ''))}" if entry.wrong else ""
    faults = "".join(f"; {told(each)}" for each in (looked.problem, looked.remark) if each)
    described = ", ".join(_face_words(each) for each in entry.shown)
    return f"{described or tr('no face')}{said}{faults}"


def _face_words(each: MarkedFace) -> str:
    text = face_text(each.face) or tr("not labelled")
    return tr("{face}, drawn by hand").format(face=text) if is_drawn(each) else text
