"""The photographs of the gallery: all of them, and those that are shown, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, pyqtSignal

from webcam_app.output.overlay import describe
from webcam_app.photographs import Looked
from webcam_app.window.photographs.entry import Entry, State
from webcam_app.window.photographs.kinds import ALL, Kind, by_name, kinds_of

ENTRY_ROLE = Qt.ItemDataRole.UserRole
NO_PARENT = QModelIndex()


class Collection(QAbstractListModel):
    """Holds all photographs; its rows are those of one kind, in one order.

    Answers come ten times a second while labelling goes on: what is painted follows at once, which rows there are and
    in which order only with ``refresh``, so that nothing moves under the mouse.
    """

    counted = pyqtSignal()
    """The counts have changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.counts: Counter[Kind] = Counter()
        self.kind: Kind = ALL
        self.order: Callable[[Entry], Any] = by_name
        self._kinds: list[frozenset[Kind]] = []
        self._by_path: dict[Path, Entry] = {}
        self._shown: list[Entry] = []
        self._rows: dict[int, int] = {}

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        """Photographs that are shown."""
        return 0 if parent.isValid() else len(self._shown)

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
        self.beginResetModel()
        self.entries, self._shown, self._kinds = [], [], []
        self._rows, self._by_path = {}, {}
        self.counts.clear()
        self.kind = ALL
        self.endResetModel()
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
            new = [entry for entry in entries if self.kind in self._kinds[entry.place]]
            if new:
                first = len(self._shown)
                self.beginInsertRows(NO_PARENT, first, first + len(new) - 1)
                self._rows.update((entry.place, row) for row, entry in enumerate(new, first))
                self._shown.extend(new)
                self.endInsertRows()
        else:
            self.refresh()
        self.counted.emit()

    def take(self, answers: Iterable[tuple[Entry, Looked]]) -> None:
        """Take the network's answers."""
        changed = []
        for entry, looked in answers:
            entry.take(looked)
            changed.append(entry)
        self._changed(changed)

    def set_states(self, states: Iterable[tuple[Entry, State]]) -> None:
        """Take what a person says of photographs."""
        changed = []
        for entry, state in states:
            entry.state = state
            changed.append(entry)
        self._changed(changed)

    def know(self, truths: Iterable[tuple[Entry, str]]) -> None:
        """Take true labels."""
        changed = []
        for entry, truth in truths:
            entry.know(truth)
            changed.append(entry)
        self._changed(changed)

    def show(self, kind: Kind, order: Callable[[Entry], Any]) -> None:
        """Show those of one kind in one order."""
        self.kind, self.order = kind, order
        self.refresh()

    def refresh(self) -> None:
        """Show what belongs there now, where it belongs. What is selected stays so, if it is still shown."""
        kind, kinds = self.kind, self._kinds
        shown = self.entries if kind == ALL else [entry for entry in self.entries if kind in kinds[entry.place]]
        shown = list(shown) if self.order is by_name else sorted(shown, key=self.order)
        if shown == self._shown:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        entries = [self._shown[index.row()] for index in before]
        self._shown = shown
        self._rows = {entry.place: row for row, entry in enumerate(shown)}
        rows = [self._rows.get(entry.place) for entry in entries]
        self.changePersistentIndexList(before, [QModelIndex() if row is None else self.index(row) for row in rows])
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
        return "not looked at yet"
    if looked.error:
        return looked.error
    said = f", not {entry.said}" if entry.wrong else ""
    faults = "".join(f"; {each}" for each in (looked.problem, looked.remark) if each)
    described = ", ".join(describe(face) or "not labelled" for face in entry.faces)
    return f"{described or 'no face'}{said}{faults}"
