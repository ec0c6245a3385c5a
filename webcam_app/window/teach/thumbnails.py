"""A row of small pictures, of which some can be chosen and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PyQt5.QtCore import QAbstractListModel, QModelIndex, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QPixmap
from PyQt5.QtWidgets import QListView, QWidget
from PyQt5.sip import voidptr

from webcam_app.teaching.gathering import Kept
from webcam_app.window.theme import current

SIDE = 48
DELETING_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class ThumbnailModel(QAbstractListModel):
    """Pictures of a class; each is turned into what Qt paints when it is first seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures: list[Kept] = []
        self._painted: dict[str, QPixmap] = {}

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._pictures)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What Qt asks about one."""
        kept = self._pictures[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pixmap(kept)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{kept.name}: no face was found, so it is taken whole" if kept.whole else kept.name
        return None

    def append(self, kept: Kept) -> None:
        """Add one at the end."""
        row = len(self._pictures)
        self.beginInsertRows(QModelIndex(), row, row)
        self._pictures.append(kept)
        self.endInsertRows()

    def replace(self, pictures: Sequence[Kept]) -> None:
        """Show others."""
        self.beginResetModel()
        self._pictures = list(pictures)
        names = {kept.name for kept in pictures}
        self._painted = {name: pixmap for name, pixmap in self._painted.items() if name in names}
        self.endResetModel()

    def names(self, rows: Sequence[int]) -> list[str]:
        """Names of some of them."""
        return [self._pictures[row].name for row in rows]

    def _pixmap(self, kept: Kept) -> QPixmap:
        pixmap = self._painted.get(kept.name)
        if pixmap is None:
            shown = np.ascontiguousarray(kept.thumbnail)
            height, width = shown.shape[:2]
            # The pixmap is a copy: the array need not outlive it.
            image = QImage(voidptr(shown.data), width, height, shown.strides[0], QImage.Format.Format_BGR888)
            pixmap = QPixmap.fromImage(image.copy())
            if kept.whole:
                painter = QPainter(pixmap)
                painter.setPen(QPen(QColor(current().amber), width / 8))
                painter.drawRect(pixmap.rect())
                painter.end()
            pixmap.setDevicePixelRatio(width / SIDE)  # sharp where a point has two pixels
            self._painted[kept.name] = pixmap
        return pixmap


class ThumbnailRow(QListView):
    """One row of pictures; Delete removes those that are chosen."""

    delete_requested = pyqtSignal(object)
    """A list of names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = ThumbnailModel(self)
        self.setModel(self.pictures)
        self.setObjectName("thumbnails")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setSpacing(2)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(SIDE + 24)

    def chosen(self) -> list[str]:
        """Names of those that are selected."""
        return self.pictures.names(sorted(index.row() for index in self.selectedIndexes()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete what is chosen; digits and letters are the page's."""
        if event is None:
            return
        if event.key() in DELETING_KEYS:
            if names := self.chosen():
                self.delete_requested.emit(names)
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)
