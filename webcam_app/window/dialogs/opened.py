"""The dialogs that are open. None of them holds up the window: a recording can be stopped while one is in front."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PyQt5.QtWidgets import QAction, QDialog


class OpenDialogs:
    """Shows each dialog once, beside the window; some keys of the window also work in it."""

    def __init__(self, actions: Callable[[], Iterable[QAction]]) -> None:
        """Make it.

        Args:
            actions: gives those whose keys also work while a dialog is in front. Where text is typed, it takes them.
        """
        self._actions = actions
        self._open: dict[str, QDialog] = {}

    def show(self, key: str, make: Callable[[], QDialog]) -> None:
        """Show a dialog, or bring it to the front where it is open already.

        Args:
            key: which one it is.
            make: makes it; it is deleted when it is closed.
        """
        dialog = self._open.get(key)
        if dialog is not None:
            dialog.raise_()
            dialog.activateWindow()
            return
        dialog = self._open[key] = make()
        dialog.addActions(list(self._actions()))
        dialog.finished.connect(lambda _result: self._forget(key))
        dialog.setModal(False)
        dialog.show()
        dialog.activateWindow()

    def _forget(self, key: str) -> None:
        self._open.pop(key, None)

    def close(self) -> None:
        """Close all of them without taking what they hold."""
        for dialog in list(self._open.values()):
            dialog.reject()
