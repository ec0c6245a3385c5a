"""The row of files."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt5.QtWidgets import QAbstractItemView, QListView, QMenu

from webcam_app.window import theme
from webcam_app.window.actions import key_text
from webcam_app.window.live.strip.delegate import StripDelegate
from webcam_app.window.live.strip.files import KeptFile
from webcam_app.window.live.strip.model import FILE_ROLE, StripModel
from webcam_app.window.translation import tr

OWN_KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Menu),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)
"""While the row has the focus they are its own, whatever they mean in the window."""


class StripView(QListView):
    """Shows the files side by side; played, renamed and deleted with the mouse or by keys alone."""

    play = pyqtSignal(object)
    """A ``KeptFile`` is to be played."""
    show_folder = pyqtSignal(object)
    trash = pyqtSignal(object)

    def __init__(self, model: StripModel) -> None:
        super().__init__()
        self.setObjectName("files")
        self.setAccessibleName(tr("Last recordings and snapshots"))
        self.setAccessibleDescription(tr("Return plays, F2 renames, Delete moves to the trash"))
        self.delegate = StripDelegate(model, self)
        self.setItemDelegate(self.delegate)
        self.setModel(model)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.activated.connect(self._activate)
        self.set_compact(False)

    @property
    def current(self) -> KeptFile | None:
        """The file that has the focus."""
        file = self.currentIndex().data(FILE_ROLE)
        return file if isinstance(file, KeptFile) else None

    def set_compact(self, compact: bool) -> None:
        """Show smaller pictures."""
        self.delegate.compact = compact
        self.scheduleDelayedItemsLayout()
        bar = self.horizontalScrollBar()
        room = 0 if bar is None else bar.sizeHint().height()
        self.setFixedHeight(self.delegate.cell(self.fontMetrics()).height() + room + 2)

    def changeEvent(self, event: QEvent | None) -> None:
        """Letters of another size need more or less room."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.set_compact(self.delegate.compact)

    def rename_current(self) -> None:
        """Let the name of the current file be edited."""
        if self.current is not None and self.state() != QAbstractItemView.State.EditingState:
            self.edit(self.currentIndex())

    def event(self, event: QEvent | None) -> bool:
        """Take keys before the window's shortcuts do."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in OWN_KEYS
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            and self.current is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Rename and delete; the rest is the list's."""
        file = self.current
        if event is not None and file is not None and event.key() == Qt.Key.Key_F2:
            self.rename_current()
        elif event is not None and file is not None and event.key() == Qt.Key.Key_Delete:
            self.trash.emit(file)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """The wheel goes along the row, whichever way it turns."""
        bar = self.horizontalScrollBar()
        if event is not None and bar is not None:
            turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
            bar.setValue(bar.value() - (turned.x() or turned.y()))
            event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer what can be done with a file."""
        if event is None:
            return
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        at = event.globalPos() if by_mouse else self._below(index)
        self.menu(index).popup(at)

    def menu(self, index: QModelIndex) -> QMenu:
        """What can be done with a file; it is deleted when it is closed."""
        file = index.data(FILE_ROLE)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key = "\t"
        for text, function in (
            ((tr("Play") if file.video else tr("Open")) + key + key_text("Return"), lambda: self.play.emit(file)),
            (tr("Rename") + key + key_text("F2"), self.rename_current),
            (tr("Show folder"), lambda: self.show_folder.emit(file)),
            (tr("Move to the trash") + key + key_text("Del"), lambda: self.trash.emit(file)),
        ):
            action = menu.addAction(text)
            if action is not None:
                action.triggered.connect(lambda _checked=False, call=function: call())
        return menu

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Say what will be here where nothing is yet."""
        super().paintEvent(event)
        model, view = self.model(), self.viewport()
        if model is not None and view is not None and not model.rowCount():
            painter = QPainter(view)
            painter.setPen(QColor(theme.current().muted))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(view.rect(), flags, tr("Nothing yet: R records, S takes a snapshot"))
            painter.end()

    def _activate(self, index: QModelIndex) -> None:
        file = index.data(FILE_ROLE)
        if isinstance(file, KeptFile):
            self.play.emit(file)

    def _below(self, index: QModelIndex) -> QPoint:
        view = self.viewport()
        place = self.visualRect(index).center()
        return place if view is None else view.mapToGlobal(place)
