"""Widgets beside one another, in as many rows as they need."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, QRect, QSize, Qt
from PyQt5.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Like the words of a text; Qt has none of its own."""

    def __init__(self, parent: QWidget, spacing: int) -> None:
        """Make it, empty.

        Args:
            parent: the widget that it lays out.
            spacing: between the widgets, in both directions.
        """
        super().__init__(parent)
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem | None) -> None:
        """Qt adds a widget."""
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientations:
        """It takes no more room than it needs."""
        return Qt.Orientations()

    def hasHeightForWidth(self) -> bool:
        """In less width it takes more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What it needs."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Qt gives it room."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """As little as it can do with; the height follows from the width."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """As much as the largest of them needs."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        left, top, right, bottom = self.getContentsMargins()
        return size + QSize((left or 0) + (right or 0), (top or 0) + (bottom or 0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Place them in a rectangle; returns the height that they take."""
        left, top, right, bottom = (margin or 0 for margin in self.getContentsMargins())
        room = rect.adjusted(left, top, -right, -bottom)
        x, y, row = room.x(), room.y(), 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            if x > room.x() and x + size.width() > room.right() + 1:
                x, y, row = room.x(), y + row + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, row = x + size.width() + self.spacing(), max(row, size.height())
        return y + row - rect.y() + bottom
