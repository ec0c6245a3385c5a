"""The window's size and place, as it was left, and full screen."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, QSize
from PyQt5.QtWidgets import QMainWindow

from webcam_app.window.screens import fitted, free_areas
from webcam_app.window.settings.store import SettingsStore

FIRST_SIZE = QSize(1000, 720)
SMALLEST_SIZE = QSize(480, 300)


class WindowGeometry:
    """Brings the window back as it was left, and from full screen to what it was before."""

    def __init__(self, window: QMainWindow, settings: SettingsStore) -> None:
        self._window, self._settings = window, settings
        self._normal = window.geometry()
        kept = settings.current
        size = QSize(*kept.window_size) if kept.window_size is not None else FIRST_SIZE
        place = QPoint(*kept.window_position) if kept.window_position is not None else None
        fit = fitted(size, place, free_areas(FIRST_SIZE))
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
