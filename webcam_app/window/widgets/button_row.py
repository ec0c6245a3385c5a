"""A row of buttons that changes with what there is to choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt5.QtWidgets import QHBoxLayout, QPushButton

Choice = tuple[str, Callable[[], None]]
"""What a button says, and what it does."""


class ButtonRow(QHBoxLayout):
    """Holds one button for each choice."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(8)
        self.buttons: list[QPushButton] = []

    def set_choices(self, choices: Sequence[Choice], *, primary: bool = False) -> None:
        """Put other buttons in place of those that are there.

        Args:
            choices: what they say and do.
            primary: whether the first stands out as the one to take.
        """
        for old in self.buttons:
            self.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        for text, action in choices:
            button = QPushButton(text)
            button.setProperty("primary", primary and not self.buttons)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _checked=False, act=action: act())
            self.addWidget(button)
            # At once and not at the next turn of the event loop: the room that is left for text depends on it.
            button.show()
            self.buttons.append(button)
