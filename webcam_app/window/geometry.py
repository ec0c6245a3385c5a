"""The window's size and place, which fit the screens that are there, and full screen."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QPoint, QRect, QSize
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QDialog, QMainWindow

from webcam_app.window.settings.store import SettingsStore

FIRST_SIZE = QSize(1000, 720)
SMALLEST_SIZE = QSize(480, 300)
# What a window manager may add around the window; it is not known before the window is shown. GNOME's title bar, the
# tallest of the usual ones, has 37 pixels.
FRAME_SIZE = QSize(4, 40)


def fitted(wanted: QSize, place: QPoint | None, screens: Sequence[QRect]) -> QRect:
    """Where a window of a wanted size and place can be seen whole.

    Args:
        wanted: its size, without its frame.
        place: upper left corner of its frame when it was seen last; None for anywhere.
        screens: free areas of the screens that are there, the main one first; not empty.

    Returns:
        Upper left corner of the frame and size without it, on the screen that shows most of the wanted place, else on
        the main one.
    """
    frame = QRect(place if place is not None else screens[0].topLeft(), wanted + FRAME_SIZE)

    def shown(screen: QRect) -> int:
        part = screen.intersected(frame)
        return part.width() * part.height() if part.isValid() else 0

    screen = max(screens, key=shown)  # the first of equals
    size = frame.size().boundedTo(screen.size())
    left = max(screen.left(), min(frame.left(), screen.right() + 1 - size.width()))
    top = max(screen.top(), min(frame.top(), screen.bottom() + 1 - size.height()))
    return QRect(QPoint(left, top), size - FRAME_SIZE)


def fit_dialog(dialog: QDialog, wanted: QSize) -> None:
    """Give a dialog a size that fits the screen of its window."""
    parent = dialog.parentWidget()
    screen = parent.screen() if parent is not None else QGuiApplication.primaryScreen()
    room = screen.availableSize() - FRAME_SIZE if screen is not None else wanted
    dialog.resize(wanted.boundedTo(room))


class WindowGeometry:
    """Brings the window back as it was left, and from full screen to what it was before."""

    def __init__(self, window: QMainWindow, settings: SettingsStore) -> None:
        self._window, self._settings = window, settings
        self._normal = window.geometry()
        kept = settings.current
        size = QSize(*kept.window_size) if kept.window_size is not None else FIRST_SIZE
        place = QPoint(*kept.window_position) if kept.window_position is not None else None
        fit = fitted(size, place, _free_areas())
        window.setMinimumSize(SMALLEST_SIZE.boundedTo(fit.size()))
        window.resize(fit.size())
        if place is not None:
            window.move(fit.topLeft())

    def show(self) -> None:
        """Show the window as it was left."""
        if self._settings.current.maximized:
            self._window.showMaximized()
        else:
            self._window.show()

    def enter_full_screen(self) -> None:
        """Fill the screen."""
        window = self._window
        self.remember()
        self._normal = window.geometry()
        window.showFullScreen()
        screen, handle = window.screen(), window.windowHandle()
        if screen is not None and handle is not None:
            # A window manager does this anyway, but there may be none. QWidget.setGeometry would leave full screen.
            handle.setGeometry(screen.geometry())

    def leave_full_screen(self) -> None:
        """Be again what it was before."""
        if self._settings.current.maximized:
            self._window.showMaximized()
        else:
            self._window.showNormal()
            self._window.setGeometry(self._normal)

    def remember(self) -> None:
        """Note size, place and state for the next start; in full screen those from before it hold."""
        window = self._window
        if window.isFullScreen():
            return
        self._settings.set_for_later(maximized=window.isMaximized())
        if not window.isMaximized():
            self._settings.set_for_later(
                window_size=(window.width(), window.height()), window_position=(window.x(), window.y())
            )


def _free_areas() -> list[QRect]:
    """Of the screens that are there, the main one first; what panels take is left out where the system tells it."""
    main = QGuiApplication.primaryScreen()
    screens = sorted(QGuiApplication.screens(), key=lambda screen: screen is not main)
    return [screen.availableGeometry() for screen in screens] or [QRect(QPoint(0, 0), FIRST_SIZE + FRAME_SIZE)]
