"""All that can be done now, found by typing: for those who work with the keyboard alone, and for what is in no menu."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt5.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, QTimer
from PyQt5.QtGui import QColor, QKeyEvent, QPainter
from PyQt5.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from webcam_app.window.actions import Action
from webcam_app.window.screens import fitted, free_areas
from webcam_app.window.theme import current

SIZE = QSize(520, 420)
# Below the upper edge of the window.
DOWN = 40
ROW_PADDING = 12
ACTION, KEYS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
NOTHING = "Nothing of that name can be done now"
MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


class _Rows(QStyledItemDelegate):
    """An action with its key on the right."""

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint a row."""
        super().paint(painter, option, index)
        keys = index.data(KEYS)
        if painter is not None and keys:
            marked = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(QColor(current().on_checked if marked else current().muted))
            place = option.rect.adjusted(0, 0, -10, 0)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(keys))


class Palette(QDialog):
    """A line to type in, and below it what fits; Enter does what is marked."""

    def __init__(self, actions: Iterable[Action], parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            actions: in the order of the help; those that cannot be done now are left out.
            parent: the window.
        """
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("All actions")
        self._actions = [action for action in actions if action.isEnabled()]
        self.line = QLineEdit()
        question = QLabel("What do you want to do?")
        question.setBuddy(self.line)
        self.line.setAccessibleName(question.text())
        self.line.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("What fits")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setIconSize(QSize(18, 18))
        self.help = QLabel()
        self.help.setObjectName("detail")
        self.help.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        for part in (question, self.line, self.list, self.help):
            layout.addWidget(part)
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda *_: self._tell())
        self.list.itemClicked.connect(lambda _item: self.accept())
        self._fill()
        place = self.pos()
        if parent is not None:
            place = parent.mapToGlobal(QPoint((parent.width() - SIZE.width()) // 2, DOWN))
        fit = fitted(SIZE, place, free_areas(SIZE))
        self.resize(fit.size())
        self.move(fit.topLeft())

    def accept(self) -> None:
        """Do what is marked, once the palette is gone: then the window has the focus, as with a key or a button."""
        action = self.marked
        if action is not None:
            super().accept()
            QTimer.singleShot(0, action.trigger)

    @property
    def marked(self) -> Action | None:
        """What Enter does now."""
        item = self.list.currentItem()
        action = item.data(ACTION) if item is not None else None
        return action if isinstance(action, Action) else None

    def eventFilter(self, watched: object, event: QEvent | None) -> bool:
        """Keys that move the mark, though the line has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = MOVES.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.accept()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.reject()
                return True
        return False

    def _move(self, step: int) -> None:
        """One row beyond an end is the other end; more rows stop there."""
        count = self.list.count()
        wanted = self.list.currentRow() + step
        self.list.setCurrentRow(wanted % count if abs(step) == 1 else min(max(wanted, 0), count - 1))

    def _fill(self) -> None:
        self.list.clear()
        for action in fitting(self._actions, self.line.text()):
            state = "" if not action.isCheckable() else "  –  on" if action.isChecked() else "  –  off"
            text = f"{action.text().rstrip('…')}{state}"
            item = QListWidgetItem(action.icon(), text)
            item.setData(KEYS, action.keys[0])
            item.setData(ACTION, action)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}, {action.help_text}, {action.keys[0]}")
            item.setSizeHint(QSize(0, self.fontMetrics().height() + ROW_PADDING))
            self.list.addItem(item)
        if not self.list.count():
            item = QListWidgetItem(NOTHING)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._tell()

    def _tell(self) -> None:
        """What is marked, for those who see it and those who hear it: the focus stays in the line."""
        action, item = self.marked, self.list.currentItem()
        self.help.setText(action.help_text if action is not None else "")
        self.line.setAccessibleDescription(
            str(item.data(Qt.ItemDataRole.AccessibleTextRole)) if action is not None and item is not None else NOTHING
        )


def fitting(actions: Iterable[Action], typed: str) -> list[Action]:
    """The actions that have each of the typed words in their text or help, those whose text begins with them first.

    Args:
        actions: to choose from; where two fit equally well their order stays.
        typed: words in any order; empty for all actions.
    """
    words = typed.casefold().split()

    def rank(action: Action) -> tuple[bool, bool]:
        text = action.text().casefold()
        return (not text.startswith(" ".join(words)), not all(word in text for word in words))

    found = [
        action for action in actions if all(word in f"{action.text()} {action.help_text}".casefold() for word in words)
    ]
    return sorted(found, key=rank)
