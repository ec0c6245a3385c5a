"""Where the parts of the window lie: one above the other, or over the picture in full screen."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QPoint, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QCursor, QMouseEvent, QResizeEvent
from PyQt5.QtWidgets import QApplication, QWidget

from webcam_app.window.widgets.banner import Banner, Severity

# Below this width or height, words leave the buttons and icons stay.
COMPACT_WIDTH, COMPACT_HEIGHT = 820, 480
# How long the controls stay in full screen after the mouse was moved.
HIDE_BARS_MS = 2500


class WindowLayout(QWidget):
    """Lays out header, banner, canvas, controls and status line.

    In full screen the canvas takes everything; the rest appears above it when the mouse moves and goes again.
    """

    compact_changed = pyqtSignal(bool)
    laid_out = pyqtSignal()

    def __init__(self, header: QWidget, banner: Banner, canvas: QWidget, controls: QWidget, status: QWidget) -> None:
        super().__init__()
        self.header, self.banner, self.canvas = header, banner, canvas
        self.controls, self.status = controls, status
        # The order in which Tab goes through them, and in which they cover each other.
        for part in (canvas, header, banner, controls, status):
            part.setParent(self)
        self._compact: bool | None = None
        self._full_screen = False
        self._bars_shown = True
        self._mouse = QPoint()
        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.setInterval(HIDE_BARS_MS)
        self._hide_timer.timeout.connect(self._hide_bars)
        self.setMouseTracking(True)
        canvas.installEventFilter(self)

    @property
    def compact(self) -> bool:
        """Whether there is only room for icons."""
        return bool(self._compact)

    def set_full_screen(self, full_screen: bool) -> None:
        """Give the canvas everything, or back."""
        self._full_screen = full_screen
        self._bars_shown = not full_screen
        self._hide_timer.stop()
        self.canvas.setCursor(Qt.CursorShape.BlankCursor if full_screen else Qt.CursorShape.ArrowCursor)
        self.arrange()

    def show_bars(self) -> None:
        """Show the controls for a while, in full screen."""
        if self._full_screen:
            self._hide_timer.start()
            if not self._bars_shown:
                self._bars_shown = True
                self.canvas.unsetCursor()
                self.arrange()

    def arrange(self) -> None:
        """Put every part in its place."""
        width, height = self.width(), self.height()
        compact = width < COMPACT_WIDTH or height < COMPACT_HEIGHT
        if compact != self._compact:
            self._compact = compact
            self.compact_changed.emit(compact)
        shown = self._bars_shown or not self._full_screen
        for part in (self.header, self.controls, self.status):
            part.setVisible(shown)
        head = self.header.sizeHint().height() if shown else 0
        foot = self.controls.sizeHint().height() if shown else 0
        line = self.status.sizeHint().height() if shown else 0
        self.header.setGeometry(0, 0, width, head)
        banner_height = 0
        # What is only good to know does not lie over the picture in full screen.
        wanted = self.banner.severity is not None and (shown or self.banner.severity > Severity.INFO)
        self.banner.setVisible(wanted)
        if wanted:
            banner_height = self.banner.height_for(width)
            self.banner.setGeometry(0, head, width, banner_height)
        self.controls.setGeometry(0, height - line - foot, width, foot)
        self.status.setGeometry(0, height - line, width, line)
        if self._full_screen:
            self.canvas.setGeometry(0, 0, width, height)
        else:
            self.canvas.setGeometry(0, head + banner_height, width, max(1, height - head - banner_height - foot - line))
        self.laid_out.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The window has another size."""
        self.arrange()

    def eventFilter(self, watched: object, event: QEvent | None) -> bool:
        """Notice the mouse over the canvas."""
        moved = event.globalPos() if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove else None
        # Qt sends a move when the cursor's shape or the widget under it changes, too.
        if moved is not None and moved != self._mouse:
            self._mouse = moved
            self.show_bars()
        return False

    def _hide_bars(self) -> None:
        if not self._full_screen:
            return
        mouse = QCursor.pos()
        bars = (self.header, self.controls)
        if any(
            bar.rect().contains(bar.mapFromGlobal(mouse)) or bar.isAncestorOf(QApplication.focusWidget())
            for bar in bars
        ):
            self._hide_timer.start()
            return
        self._bars_shown = False
        self.canvas.setCursor(Qt.CursorShape.BlankCursor)
        self.arrange()
