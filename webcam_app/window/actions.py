"""What a person can do: each action once, with its text, keys, icon and help. Pages add actions of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QWidget

from webcam_app.window.theme import icon

ESCAPE_HELP = ("Esc", "Leave full screen; cancel opening")
TAB_HELP = ("Tab", "Go to the next button")


class Action(QAction):
    """A ``QAction`` that knows its keys and its help as people read them.

    Attributes:
        keys: the shortcuts; the first one stands in the tool tip.
        help_text: one sentence.
    """

    def __init__(self, name: str, text: str, keys: tuple[str, ...], help_text: str, owner: QWidget) -> None:
        super().__init__(text, owner)
        self.keys, self.help_text = keys, help_text
        self.setObjectName(name)
        self.setShortcuts([QKeySequence(key) for key in keys])
        self.setAutoRepeat(False)
        self.setToolTip(f"{help_text} ({keys[0]})")

    def show_as(self, text: str, icon_name: str, help_text: str, icon_color: str = "text") -> None:
        """Say what the action does now; its button follows. ``help_text`` goes on to hold in the list of keys.

        Args:
            text: what the button says.
            icon_name: a file of ``assets/icons`` without its suffix.
            help_text: one sentence for the tool tip.
            icon_color: its colour, as ``theme.icon`` takes it.
        """
        self.setText(text)
        self.setIcon(icon(icon_name, icon_color))
        self.setToolTip(f"{help_text} ({self.keys[0]})")


class ActionSet:
    """Actions as attributes, made with ``add``; iterating gives all of them, in the order of the help."""

    def __init__(self, owner: QWidget) -> None:
        """Make an empty set.

        Args:
            owner: the shortcuts work wherever the focus is in the window, while this widget is visible.
        """
        self._owner = owner
        self._actions: list[Action] = []

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions)

    def add(self, name: str, text: str, keys: tuple[str, ...], icon_name: str, help_text: str) -> Action:
        """Make an action.

        Args:
            name: its object name, which is also that of its button.
            text: what the button says.
            keys: one shortcut or more.
            icon_name: a file of ``assets/icons`` without its suffix.
            help_text: one sentence for the tool tip and the list of keys.
        """
        action = Action(name, text, keys, help_text, self._owner)
        action.setIcon(icon(icon_name))
        self._owner.addAction(action)
        self._actions.append(action)
        return action


class WindowActions(ActionSet):
    """What can be done on every page."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.full_screen = self.add(
            "full_screen", "Full screen", ("F", "F11"), "fullscreen", "Fill the screen; Esc leaves it"
        )
        self.full_screen.setCheckable(True)
        self.open_file = self.add("open_file", "Open file…", ("Ctrl+O",), "file", "Open videos or pictures")
        self.open_folder = self.add(
            "open_folder", "Open folder…", ("Ctrl+Shift+O",), "folder", "Open a folder of pictures"
        )
        self.open_url = self.add(
            "open_url", "Open address…", ("Ctrl+L",), "link", "Open a stream from a network camera"
        )
        self.demo = self.add("demo", "Demo clip", ("Ctrl+D",), "demo", "Show the clip that comes with the application")
        self.show_live = self.add("show_live", "Live picture", ("Ctrl+1",), "previous", "Go back to the live picture")
        self.show_teach = self.add(
            "show_teach",
            "Teach…",
            ("Ctrl+T",),
            "teach",
            "Teach classes of your own by examples",
        )
        self.open_model = self.add("open_model", "Open model…", ("Ctrl+M",), "model", "Label with another model")
        self.built_in_model = self.add(
            "built_in_model", "Built-in model", ("Ctrl+B",), "reset", "Label with the model that comes with it"
        )
        self.show_recordings = self.add(
            "show_recordings", "Show recordings", ("Ctrl+Shift+R",), "folder", "Open the folder of recordings"
        )
        self.palette = self.add(
            "palette", "All actions", ("Ctrl+K", "Ctrl+Shift+P"), "search", "Find what can be done by typing"
        )
        self.settings = self.add("settings", "Settings…", ("Ctrl+,",), "settings", "Folders, labels, mirror")
        self.model = self.add(
            "model", "The model", ("F3",), "chart", "What the labels mean, whom the model is right about and how often"
        )
        self.about = self.add(
            "about", "About…", ("F2",), "info", "What the labels mean and what they cannot tell; licences"
        )
        self.keys = self.add("keys", "Keyboard…", ("F1",), "help", "All keys")
        self.copy_details = self.add(
            "copy_details",
            "Copy details for a bug report",
            ("Ctrl+Shift+B",),
            "copy",
            "Versions, system, settings and the last messages, without names, paths and addresses",
        )
        self.quit = self.add("quit", "Quit", ("Ctrl+Q",), "close", "Close the window; a recording is finished first")


def key_list(actions: Iterable[Action], more: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Keys and what they do, for people.

    Args:
        actions: what can be done.
        more: keys that are no actions, such as those that are held, and what they do.
    """
    return [*more, *((" or ".join(action.keys), action.help_text) for action in actions), ESCAPE_HELP, TAB_HELP]
