"""What a person can do: each action once, with its text, keys, icon and help. Pages add actions of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QWidget

from webcam_app.window.theme import icon
from webcam_app.window.translation import mark, tr, translated

ESCAPE_HELP = ("Esc", mark("Leave full screen; cancel opening"))
TAB_HELP = ("Tab", mark("Go to the next button"))


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
        self.setToolTip(f"{help_text} ({key_text(keys[0])})")

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
        self.setToolTip(f"{help_text} ({key_text(self.keys[0])})")


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

    def take_out(self, action: Action) -> None:
        """Offer an action no more, also in the menus and bars that it is in."""
        self._actions.remove(action)
        for widget in action.associatedWidgets():
            widget.removeAction(action)
        action.deleteLater()


class WindowActions(ActionSet):
    """What can be done on every page."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.full_screen = self.add(
            "full_screen", tr("Full screen"), ("F", "F11"), "fullscreen", tr("Fill the screen; Esc leaves it")
        )
        self.full_screen.setCheckable(True)
        self.open_file = self.add("open_file", tr("Open file…"), ("Ctrl+O",), "file", tr("Open videos or pictures"))
        self.open_folder = self.add(
            "open_folder", tr("Open folder…"), ("Ctrl+Shift+O",), "folder", tr("Open a folder of pictures")
        )
        self.open_url = self.add(
            "open_url", tr("Open address…"), ("Ctrl+L",), "link", tr("Open a stream from a network camera")
        )
        self.demo = self.add(
            "demo", tr("Demo clip"), ("Ctrl+D",), "demo", tr("Show the clip that comes with the application")
        )
        self.show_live = self.add(
            "show_live", tr("Live picture"), ("Ctrl+1",), "previous", tr("Go back to the live picture")
        )
        self.show_teach = self.add(
            "show_teach",
            tr("Teach…"),
            ("Ctrl+T",),
            "teach",
            tr("Teach classes of your own by examples"),
        )
        self.open_model = self.add(
            "open_model", tr("Open model…"), ("Ctrl+M",), "model", tr("Label with another model")
        )
        self.built_in_model = self.add(
            "built_in_model", tr("Built-in model"), ("Ctrl+B",), "reset", tr("Label with the model that comes with it")
        )
        self.show_recordings = self.add(
            "show_recordings", tr("Show recordings"), ("Ctrl+Shift+R",), "folder", tr("Open the folder of recordings")
        )
        self.palette = self.add(
            "palette", tr("All actions"), ("Ctrl+K", "Ctrl+Shift+P"), "search", tr("Find what can be done by typing")
        )
        self.settings = self.add("settings", tr("Settings…"), ("Ctrl+,",), "settings", tr("Folders, labels, mirror"))
        self.model = self.add(
            "model",
            tr("The model"),
            ("F3",),
            "chart",
            tr("What the labels mean, whom the model is right about and how often"),
        )
        self.about = self.add(
            "about", tr("About…"), ("F2",), "info", tr("What the labels mean and what they cannot tell; licences")
        )
        self.keys = self.add("keys", tr("Keyboard…"), ("F1",), "help", tr("All keys"))
        self.copy_details = self.add(
            "copy_details",
            tr("Copy details for a bug report"),
            ("Ctrl+Shift+B",),
            "copy",
            tr("Versions, system, settings and the last messages, without names, paths and addresses"),
        )
        self.quit = self.add(
            "quit", tr("Quit"), ("Ctrl+Q",), "close", tr("Close the window; a recording is finished first")
        )


def key_list(actions: Iterable[Action], more: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Keys and what they do, for people.

    Args:
        actions: what can be done.
        more: keys that are no actions, such as those that are held, and what they do.
    """
    done = [(_alternatives(action.keys), action.help_text) for action in actions]
    return [*more, *done, *((key_text(key), translated(text)) for key, text in (ESCAPE_HELP, TAB_HELP))]


def key_text(key: str) -> str:
    """A shortcut as it is written on the person's keyboard: ``Strg+O`` on a German one."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _alternatives(keys: Iterable[str]) -> str:
    return f" {tr('or', 'between two keys')} ".join(key_text(key) for key in keys)
