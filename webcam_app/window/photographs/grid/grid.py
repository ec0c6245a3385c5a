"""The grid of photographs."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QItemSelectionModel, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QAbstractItemView, QListView

from webcam_app.window.photographs.collection import Collection
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.photographs.grid.delegate import SIDE, PhotographDelegate
from webcam_app.window.photographs.grid.thumbnails import Thumbnails
from webcam_app.window.translation import tr

# Thumbnails of what has just been scrolled past are not worth making.
SETTLE_MS = 30
# Beyond what is visible, in screens.
NEAR = 1


class PhotographGrid(QListView):
    """Shows a collection; asks for the thumbnails of what is visible, then of what is near."""

    selected = pyqtSignal()
    """Another photograph is the current one, or others are selected."""

    def __init__(self, collection: Collection, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("photographs")
        self.setAccessibleName(tr("Photographs"))
        self._collection, self._thumbnails = collection, thumbnails
        self.delegate = PhotographDelegate(thumbnails, self)
        self.setItemDelegate(self.delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setModel(collection)
        self._set_cell()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._ask_for_thumbnails)
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.valueChanged.connect(lambda _value: self._soon())
        for signal in (collection.layoutChanged, collection.rowsInserted, collection.modelReset):
            signal.connect(lambda *_: self._soon())
        thumbnails.arrived.connect(self._paint_again)
        selection = self.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(lambda *_: self.selected.emit())
            selection.currentChanged.connect(lambda *_: self.selected.emit())

    @property
    def current(self) -> Entry | None:
        """The photograph that has the focus."""
        index = self.currentIndex()
        return self._collection.shown[index.row()] if index.isValid() else None

    @property
    def chosen(self) -> list[Entry]:
        """Those that are selected, in order; the current one where none is."""
        shown = self._collection.shown
        rows = sorted(row for rows in self._selected_rows() for row in rows)
        if rows:
            return [shown[row] for row in rows]
        return [] if self.current is None else [self.current]

    @property
    def selected_count(self) -> int:
        """How many are selected."""
        return sum(len(rows) for rows in self._selected_rows())

    def go_to(self, entry: Entry) -> None:
        """Make a photograph the current one, and the only one that is selected."""
        row = self._collection.row_of(entry)
        selection = self.selectionModel()
        if row is not None and selection is not None:
            index = self._collection.index(row)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def visible_rows(self) -> range:
        """Rows of which a part can be seen."""
        view = self.viewport()
        size = self.gridSize()
        if view is None or size.height() < 1:
            return range(0)
        columns = max(1, (view.width() - 1) // size.width())
        top = self.verticalOffset()
        first = top // size.height() * columns
        last = ((top + view.height()) // size.height() + 1) * columns
        return range(min(first, len(self._collection.shown)), min(last, len(self._collection.shown)))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """More or fewer are visible."""
        super().resizeEvent(event)
        self._soon()

    def changeEvent(self, event: QEvent | None) -> None:
        """Letters of another size need more or less room."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._set_cell()

    def _selected_rows(self) -> list[range]:
        """As ranges: an index for each of ten thousand would take 20 ms."""
        selection = self.selectionModel()
        ranges = () if selection is None else selection.selection()
        return [range(each.top(), each.bottom() + 1) for each in ranges]

    def _set_cell(self) -> None:
        size: QSize = self.delegate.cell(self.font())
        if size != self.gridSize():
            self.setGridSize(size)

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _ask_for_thumbnails(self) -> None:
        self._thumbnails.set_side(round(SIDE * self.devicePixelRatioF()))
        rows = self.visible_rows()
        around = NEAR * max(1, len(rows))
        shown = self._collection.shown
        near = (*rows, *range(rows.stop, min(len(shown), rows.stop + around)))
        near += tuple(range(rows.start - 1, max(-1, rows.start - 1 - around), -1))
        self._thumbnails.want(shown[row].path for row in near)

    def _paint_again(self) -> None:
        view = self.viewport()
        if view is not None:
            view.update()
