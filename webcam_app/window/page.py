"""The interface between the window and its pages.

The live picture is a page. Others, such as a gallery, go into rooms beside ``live/``; ``MainWindow.add_page`` takes
them in.
"""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import Action, ActionSet, WindowActions
from webcam_app.window.desktop import FolderOpener
from webcam_app.window.settings.store import SettingsStore
from webcam_app.window.tasks import Worker
from webcam_app.window.widgets.banner import Banner
from webcam_app.window.widgets.bar import Bar


@dataclass(frozen=True)
class Shared:
    """What the window shares with its pages.

    Attributes:
        actions: what can be done on every page.
        banner: messages above the page.
        settings: the current ones.
        worker: runs what takes long.
        folders: opens folders in the file manager.
    """

    actions: WindowActions
    banner: Banner
    settings: SettingsStore
    worker: Worker
    folders: FolderOpener


@dataclass(frozen=True)
class PageParts:
    """What a page puts into the window, from top to bottom; in full screen the bars lie over the content."""

    header: Bar
    content: QWidget
    controls: Bar
    status: Bar
    more: tuple[Bar, ...] = ()
    """Between the content and the controls, where they are wanted and there is room."""


class Page(QObject):
    """One of the window's pages: its parts, its actions, and the calls that it gets from the window."""

    title_changed = pyqtSignal(str)
    """What stands before the window's title, such as a recording's time; empty for nothing."""
    arranged = pyqtSignal()
    """A part takes more or less room than before, or is wanted that was not."""

    def __init__(self, parts: PageParts, actions: ActionSet, parent: QObject | None = None) -> None:
        """Make it.

        Args:
            parts: what it shows.
            actions: what can be done here; their owner is the content, so that their keys rest on other pages.
            parent: the window.
        """
        super().__init__(parent)
        self.parts = parts
        self.actions_ = actions
        self.dialog_actions: tuple[Action, ...] = ()
        """Those whose keys also work while a dialog of the window is in front."""
        self.held_keys: tuple[tuple[str, str], ...] = ()
        """Keys that are held, and what they do meanwhile; for the list of keys."""

    def set_compact(self, compact: bool) -> None:
        """Show short or full bars, as the window's size allows."""
        for bar in (self.parts.header, self.parts.controls, self.parts.status, *self.parts.more):
            bar.set_compact(compact)

    def open(self, spec: str) -> None:
        """Show a file, folder, address or camera that a person named, as ``open_source`` takes it."""
        raise NotImplementedError

    def appear(self) -> None:
        """The window shows it from now on."""

    def cancel(self) -> None:
        """Esc was pressed: cancel what is still being opened, if anything is."""

    def close(self, timeout_seconds: float) -> None:
        """End all work, within this time: the window is closed."""
