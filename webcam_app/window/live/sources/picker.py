"""The two lists in the header: what to look at, and at which size and rate."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QLineF, QModelIndex, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QPainter, QStandardItemModel
from PyQt5.QtWidgets import QAction, QComboBox, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from webcam_app.capture.cameras import Camera, Mode
from webcam_app.capture.source import SourceInfo, SourceKind
from webcam_app.window.live.sources.choices import SourceChoice, camera_choice, demo_choice
from webcam_app.window.settings.schema import CameraMode
from webcam_app.window.theme import current, icon

ICON_SIZE = QSize(18, 18)
# As in the menu of the theme: above and below the text of a row together, and a separator with its margins.
ROW_PADDING, SEPARATOR_HEIGHT = 12, 9


class RowDelegate(QStyledItemDelegate):
    """Rows of a list as high as those of a menu, separators as there. Qt's own are lower and follow no style sheet."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Size of a row."""
        height = SEPARATOR_HEIGHT if _is_separator(index) else option.fontMetrics.height() + ROW_PADDING
        return QSize(super().sizeHint(option, index).width(), height)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint a row."""
        if painter is None or not _is_separator(index):
            super().paint(painter, option, index)
            return
        rect = option.rect
        painter.setPen(QColor(current().edge))
        painter.drawLine(QLineF(rect.left() + 8, rect.center().y(), rect.right() - 8, rect.center().y()))


class SourcePicker(QComboBox):
    """Cameras by name, the file or address that is open, and ways to open another."""

    chosen = pyqtSignal(object)
    """A ``SourceChoice`` that a person picked."""

    def __init__(self, open_actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            open_actions: ways to open something else, at the end of the list.
            parent: the widget that it lies on.
        """
        super().__init__(parent)
        self._open_actions = open_actions
        self.setAccessibleName("Camera or file")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("What to look at: a camera, a file, a folder of pictures, a stream")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(360)
        self.setIconSize(ICON_SIZE)
        view = self.view()
        if view is not None:
            view.setIconSize(ICON_SIZE)
        self.setItemDelegate(RowDelegate(self))
        self._cameras: Sequence[Camera] = ()
        self._current: SourceChoice | None = None
        self._together: Sequence[SourceChoice] = ()
        self._stale = False
        self.activated.connect(self._on_activated)
        self._rebuild()

    def set_cameras(self, cameras: Sequence[Camera]) -> None:
        """Offer these cameras; while the list is open it stays as it is."""
        self._cameras = tuple(cameras)
        self._stale = True
        view = self.view()
        if view is None or not view.isVisible():
            self._rebuild()

    def set_current(self, choice: SourceChoice | None, together: Sequence[SourceChoice] = ()) -> None:
        """Show what is open, or was last, and the files that were opened together with it."""
        self._current, self._together = choice, together
        self._rebuild()

    def hidePopup(self) -> None:
        """The list is closed: cameras that came meanwhile appear now."""
        super().hidePopup()
        if self._stale:
            self._rebuild()

    def _rebuild(self) -> None:
        self._stale = False
        self.blockSignals(True)
        self.clear()
        current = self._current
        listed = False
        for camera in self._cameras:
            choice = camera_choice(camera)
            self.addItem(icon("webcam"), choice.name, choice)
            row = self.count() - 1
            self.setItemData(row, camera.problem or f"{choice.name} ({camera.path})", Qt.ItemDataRole.ToolTipRole)
            if current is not None and current.camera and _is_same(current, camera):
                self.setCurrentIndex(row)
                listed = True
        if not self._cameras:
            self._add_disabled("No camera found")
        for choice in self._together if len(self._together) > 1 else ():
            self.addItem(icon("file"), choice.name, choice)
            if choice == current:
                self.setCurrentIndex(self.count() - 1)
                listed = True
        if current is not None and not listed and not current.demo:
            name = f"{current.name} (not there)" if current.camera else current.name
            self.addItem(icon("webcam" if current.camera else "file"), name, current)
            self.setCurrentIndex(self.count() - 1)
        self.insertSeparator(self.count())
        self.addItem(icon("demo"), "Demo clip", demo_choice())
        if current is not None and current.demo:
            self.setCurrentIndex(self.count() - 1)
        self.insertSeparator(self.count())
        for action in self._open_actions:
            self.addItem(action.icon(), action.text(), action)
        if current is None:
            self.setCurrentIndex(-1)
        self.blockSignals(False)
        self.update()

    def _add_disabled(self, text: str) -> None:
        self.addItem(icon("webcam"), text, None)
        model = self.model()
        if isinstance(model, QStandardItemModel):
            item = model.item(self.count() - 1)
            if item is not None:
                item.setEnabled(False)

    def _on_activated(self, row: int) -> None:
        what = self.itemData(row)
        if isinstance(what, SourceChoice):
            self._current = what
            self.chosen.emit(what)
        elif isinstance(what, QAction):
            # Until something is really opened, the list goes on showing what is.
            self._rebuild()
            what.trigger()


class ModePicker(QComboBox):
    """Size and rate: what the camera offers, or just what was obtained."""

    chosen = pyqtSignal(object)
    """A ``CameraMode``, or None for what the camera does by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Size and rate")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(240)
        self.setItemDelegate(RowDelegate(self))
        self._modes: Sequence[Mode] = ()
        self._wished: CameraMode | None = None
        self._info: SourceInfo | None = None
        self.activated.connect(lambda row: self.chosen.emit(self.itemData(row)))
        self._rebuild()

    def set_source(self, info: SourceInfo | None, modes: Sequence[Mode], wished: CameraMode | None) -> None:
        """Show what was obtained and offer what else there is.

        Args:
            info: what was obtained, None while nothing is open.
            modes: what the camera offers; empty for anything else.
            wished: what was asked for, None for the camera's own choice.
        """
        if (info, tuple(modes), wished) != (self._info, self._modes, self._wished):
            self._info, self._modes, self._wished = info, tuple(modes), wished
            self._rebuild()

    def _rebuild(self) -> None:
        obtained = "–"
        if self._info is not None:
            rate = None if self._info.kind is SourceKind.PICTURES else self._info.fps
            obtained = mode_text(self._info.width, self._info.height, rate)
        self.blockSignals(True)
        self.clear()
        self.addItem(f"Automatic · {obtained}" if self._modes and self._wished is None else obtained, self._wished)
        if self._modes and self._wished is not None:
            self.addItem("Automatic", None)
        for mode in self._modes:
            wish = CameraMode(mode.width, mode.height, mode.fps)
            self.addItem(mode_text(mode.width, mode.height, mode.fps), wish)
        self.setCurrentIndex(0)
        self.setEnabled(bool(self._modes))
        self.setToolTip(
            "Size and rate that were obtained; choose another" if self._modes else "Size and rate that were obtained"
        )
        self.blockSignals(False)


def mode_text(width: int, height: int, fps: float | None) -> str:
    """A size and rate as people write it: ``640×480 · 30 fps``."""
    return f"{width}×{height}" + (f" · {fps:.4g} fps" if fps else "")


def _is_separator(index: QModelIndex) -> bool:
    """As ``QComboBox.insertSeparator`` marks them."""
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")


def _is_same(choice: SourceChoice, camera: Camera) -> bool:
    return choice.spec in (camera.stable_id, camera.path, camera.name, str(camera.index))
