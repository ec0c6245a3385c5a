"""Fitting windows and dialogs to the screens that are there."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QPoint, QRect, QSize
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QDialog

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


def free_areas(fallback: QSize) -> list[QRect]:
    """Of the screens that are there, the main one first; what panels take is left out where the system tells it.

    Args:
        fallback: size of the area where there is no screen.
    """
    main = QGuiApplication.primaryScreen()
    screens = sorted(QGuiApplication.screens(), key=lambda screen: screen is not main)
    return [screen.availableGeometry() for screen in screens] or [QRect(QPoint(0, 0), fallback + FRAME_SIZE)]
