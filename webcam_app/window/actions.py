"""Everything that can be done, each once: its text, key, icon and help."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QWidget

from webcam_app.window.theme import RED, TEXT, icon


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    keys: tuple[str, ...]
    icon: str
    help: str
    checkable: bool = False


ENTRIES = {
    "start": _Entry("Start", ("Space",), "play", "Start or stop the picture"),
    "record": _Entry("Record", ("R",), "record", "Record what you see, with its labels; press again to stop"),
    "snapshot": _Entry("Snapshot", ("S",), "snapshot", "Keep the picture you see now as a file"),
    "mirror": _Entry("Mirror", ("M",), "mirror", "Show the picture as a mirror would; text stays readable", True),
    "masks": _Entry("Masks", ("K",), "mask", "Say who wears a mask", True),
    "full_screen": _Entry("Full screen", ("F", "F11"), "fullscreen", "Fill the screen; Esc leaves it", True),
    "open_file": _Entry("Open file…", ("Ctrl+O",), "file", "Open a video or a picture"),
    "open_folder": _Entry("Open folder…", ("Ctrl+Shift+O",), "folder", "Open a folder of pictures"),
    "open_url": _Entry("Open address…", ("Ctrl+L",), "link", "Open a stream from a network camera"),
    "demo": _Entry("Demo clip", ("Ctrl+D",), "demo", "Show the clip that comes with the application"),
    "show_recordings": _Entry("Show recordings", ("Ctrl+Shift+R",), "folder", "Open the folder of recordings"),
    "settings": _Entry("Settings…", ("Ctrl+,",), "settings", "Folders, labels, mirror"),
    "about": _Entry("What the labels mean…", ("F2",), "info", "What the network says, and what it cannot know"),
    "keys": _Entry("Keyboard…", ("F1",), "help", "All keys"),
    "quit": _Entry("Quit", ("Ctrl+Q",), "close", "Close the window; a recording is finished first"),
}
ESCAPE_HELP = ("Esc", "Leave full screen; cancel opening")
TAB_HELP = ("Tab", "Go to the next button")


class Actions:
    """The window's ``QAction`` objects by name; their shortcuts work wherever the focus is."""

    def __init__(self, window: QWidget) -> None:
        self._actions: dict[str, QAction] = {}
        for name, entry in ENTRIES.items():
            action = QAction(icon(entry.icon, RED if name == "record" else TEXT), entry.text, window)
            action.setObjectName(name)
            action.setCheckable(entry.checkable)
            action.setShortcuts([QKeySequence(key) for key in entry.keys])
            action.setAutoRepeat(False)
            action.setToolTip(f"{entry.help} ({entry.keys[0]})")
            window.addAction(action)
            self._actions[name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]


def key_list() -> list[tuple[str, str]]:
    """Keys and what they do, for people."""
    listed = [(" or ".join(entry.keys), entry.help) for entry in ENTRIES.values()]
    return [*listed, ESCAPE_HELP, TAB_HELP]
