"""Where the parts of the window lie: one above the other, or over the content in full screen."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QPoint, Qt, QTimer
from PyQt5.QtGui import QCursor, QMouseEvent, QResizeEvent
from PyQt5.QtWidgets import QApplication, QWidget

from webcam_app.window.page import Page, PageParts
from webcam_app.window.widgets.banner import Banner, Severity

# Below this width or height, words leave the buttons and icons stay.
COMPACT_WIDTH, COMPACT_HEIGHT = 860, 400
# How long the bars stay in full screen after the mouse was moved.
HIDE_BARS_MS = 2500


class WindowLayout(QWidget):
    """Lays out a page's header, content, controls and status line, and the banner below the header.

    In full screen the content takes everything; the bars appear above it when the mouse moves, and go again.
    """

    def __init__(self, banner: Banner, page: Page) -> None:
        super().__init__()
        self.banner = banner
        self._page = page
        self._compact: bool | None = None
        self._full_screen = False
        self._bars_shown = True
        self._mouse = QPoint()
        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.setInterval(HIDE_BARS_MS)
        self._hide_timer.timeout.connect(self._hide_bars)
        self.setMouseTracking(True)
        banner.changed.connect(self.arrange)
        self._add(page)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._page

    @property
    def compact(self) -> bool:
        """Whether there is only room for icons."""
        return bool(self._compact)

    def set_page(self, page: Page) -> None:
        """Show another page."""
        if page is self._page:
            return
        parts = self._parts
        for part in (parts.header, parts.content, parts.controls, parts.status, *parts.more):
            part.hide()
        parts.content.removeEventFilter(self)
        self._page.arranged.disconnect(self._rearrange)
        self._page = page
        self._add(page)
        self._parts.content.show()
        page.set_compact(self.compact)
        self.set_full_screen(self._full_screen)

    def set_full_screen(self, full_screen: bool) -> None:
        """Give the content everything, or back."""
        self._full_screen = full_screen
        self._bars_shown = not full_screen
        self._hide_timer.stop()
        self._parts.content.setCursor(Qt.CursorShape.BlankCursor if full_screen else Qt.CursorShape.ArrowCursor)
        self.arrange()

    def show_bars(self) -> None:
        """Show the bars for a while, in full screen."""
        if self._full_screen:
            self._hide_timer.start()
            if not self._bars_shown:
                self._bars_shown = True
                self._parts.content.unsetCursor()
                self.arrange()

    def arrange(self) -> None:
        """Put every part in its place."""
        parts = self._parts
        width, height = self.width(), self.height()
        compact = width < COMPACT_WIDTH or height < COMPACT_HEIGHT
        if compact != self._compact:
            self._compact = compact
            self._page.set_compact(compact)
        low = height < COMPACT_HEIGHT
        self.banner.set_low(low)
        shown = self._bars_shown or not self._full_screen
        for part in (parts.header, parts.controls):
            part.setVisible(shown)
        # In a low window the picture needs the room more than the figures do.
        parts.status.setVisible(shown and not low)
        head = parts.header.sizeHint().height() if shown else 0
        foot = parts.controls.sizeHint().height() if shown else 0
        line = parts.status.sizeHint().height() if shown and not low else 0
        more = self._arrange_more(height - line - foot, shown=shown, low=low)
        parts.header.setGeometry(0, 0, width, head)
        banner_height = self._arrange_banner(head, shown)
        parts.controls.setGeometry(0, height - line - foot, width, foot)
        parts.status.setGeometry(0, height - line, width, line)
        if self._full_screen:
            parts.content.setGeometry(0, 0, width, height)
        else:
            top = head + banner_height
            parts.content.setGeometry(0, top, width, max(1, height - top - more - foot - line))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The window has another size."""
        self.arrange()

    def event(self, event: QEvent | None) -> bool:
        """A part needs more or less room than before: of bars within bars that is known only after a while."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)

    def eventFilter(self, watched: object, event: QEvent | None) -> bool:
        """Notice the mouse over the content."""
        moved = event.globalPos() if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove else None
        # Qt sends a move when the cursor's shape or the widget under it changes, too.
        if moved is not None and moved != self._mouse:
            self._mouse = moved
            self.show_bars()
        return False

    @property
    def _parts(self) -> PageParts:
        return self._page.parts

    def _add(self, page: Page) -> None:
        parts = page.parts
        # The order in which Tab goes through them, and in which they cover each other.
        for part in (parts.content, parts.header, self.banner, *parts.more, parts.controls, parts.status):
            if part.parentWidget() is not self:
                part.setParent(self)
        page.arranged.connect(self._rearrange)
        parts.content.lower()
        parts.content.installEventFilter(self)

    def _rearrange(self) -> None:
        """A part takes more or less room, because someone asked for it: in full screen they want to see it."""
        self.show_bars()
        self.arrange()

    def _arrange_banner(self, top: int, bars_shown: bool) -> int:
        """Returns the height that it takes."""
        severity = self.banner.severity
        # What is only good to know does not lie over the picture in full screen.
        wanted = severity is not None and (bars_shown or severity > Severity.INFO)
        self.banner.setVisible(wanted)
        if not wanted:
            return 0
        height = self.banner.height_for(self.width())
        self.banner.setGeometry(0, top, self.width(), height)
        return height

    def _arrange_more(self, bottom: int, *, shown: bool, low: bool) -> int:
        """Returns the height that the page's further bars take, above ``bottom``."""
        whole = 0
        for bar in reversed(self._parts.more):
            wanted = bar.wanted and shown and (bar.essential or not low)
            bar.setVisible(wanted)
            if wanted:
                height = bar.sizeHint().height()
                whole += height
                bar.setGeometry(0, bottom - whole, self.width(), height)
        return whole

    def _hide_bars(self) -> None:
        if not self._full_screen:
            return
        mouse = QCursor.pos()
        bars = (self._parts.header, self._parts.controls)
        if any(
            bar.rect().contains(bar.mapFromGlobal(mouse)) or bar.isAncestorOf(QApplication.focusWidget())
            for bar in bars
        ):
            self._hide_timer.start()
            return
        self._bars_shown = False
        self._parts.content.setCursor(Qt.CursorShape.BlankCursor)
        self.arrange()
