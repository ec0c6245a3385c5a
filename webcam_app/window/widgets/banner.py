"""Messages above the page, one at a time, the most severe first."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from webcam_app.window.theme import icon
from webcam_app.window.widgets.button_row import ButtonRow, Choice
from webcam_app.window.widgets.icon_label import IconLabel

MARGINS, LOW_MARGINS = (12, 6, 6, 6), (12, 2, 6, 2)
ICON_SIDE = 20


class Severity(IntEnum):
    """How severe a message is."""

    INFO = 0
    WARNING = 1
    ERROR = 2


LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING, Severity.ERROR: logging.ERROR}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One thing to know.

    Attributes:
        text: one line for people.
        severity: decides the colour, the icon, and which message is shown first.
        choices: text and action of each button.
        closed: called when the person closed it, with a button or without.
    """

    text: str
    severity: Severity
    choices: Sequence[Choice] = ()
    closed: Callable[[], None] = lambda: None


class Banner(QFrame):
    """Shows the most severe of its messages, the newest among equals; each can be closed."""

    changed = pyqtSignal()
    """It appeared, disappeared or has another text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._messages: dict[str, Message] = {}
        self._shown: str | None = None
        self._icon = IconLabel(ICON_SIDE)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._buttons = ButtonRow()
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setIconSize(QSize(16, 16))
        self._close.setToolTip("Close this message")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self._dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*MARGINS)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0)
        layout.addWidget(self.text, 1)
        layout.addLayout(self._buttons, 0)
        layout.addWidget(self._close, 0)
        self.hide()

    def show_message(
        self,
        key: str,
        text: str,
        severity: Severity = Severity.INFO,
        choices: Sequence[Choice] = (),
        *,
        closed: Callable[[], None] = lambda: None,
    ) -> None:
        """Show a message, in place of the one with the same key.

        Args:
            key: what it is about; ``clear_message`` needs it.
            text: one line for people.
            severity: how severe it is.
            choices: text and action of each button; pressing one closes the message.
            closed: called when the person closed it.
        """
        if key in self._messages and self._messages[key].text == text:
            return
        _log.log(LEVELS[severity], "%s: %s", key, text)
        self._messages.pop(key, None)
        self._messages[key] = Message(text, severity, choices, closed)
        self._refresh()

    def clear_message(self, key: str) -> None:
        """Remove a message that no longer applies."""
        if self._messages.pop(key, None) is not None:
            self._refresh()

    def set_low(self, low: bool) -> None:
        """Take less room where the window is low."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(*(LOW_MARGINS if low else MARGINS))

    def height_for(self, width: int) -> int:
        """The height in which the whole text can be read at a width."""
        layout = self.layout()
        self.resize(width, self.height())
        if layout is not None:
            layout.activate()
        margins = self.contentsMargins() if layout is None else layout.contentsMargins()
        text = self.text.heightForWidth(self.text.width()) + margins.top() + margins.bottom()
        return max(text, self.minimumSizeHint().height())

    @property
    def severity(self) -> Severity | None:
        """Of the message that is shown, None without one."""
        return self._messages[self._shown].severity if self._shown is not None else None

    def messages(self) -> dict[str, str]:
        """All messages, by key, also those that are not shown now."""
        return {key: message.text for key, message in self._messages.items()}

    @property
    def buttons(self) -> list[QPushButton]:
        """The buttons of the message that is shown."""
        return self._buttons.buttons

    def _refresh(self) -> None:
        if not self._messages:
            self._shown = None
            self.hide()
            self.changed.emit()
            return
        keys = list(self._messages)
        self._shown = max(keys, key=lambda key: (self._messages[key].severity, keys.index(key)))
        message = self._messages[self._shown]
        self.setProperty("kind", message.severity.name.lower())
        name, color = {
            Severity.INFO: ("info", "text"),
            Severity.WARNING: ("warning", "amber"),
            Severity.ERROR: ("error", "alarm"),
        }[message.severity]
        self._icon.set_icon(icon(name, color))
        self.text.setText(message.text)
        self.setAccessibleName(message.text)
        key = self._shown
        self._buttons.set_choices(
            [(text, functools.partial(self._choose, key, action)) for text, action in message.choices]
        )
        style = self.style()
        if style is not None:
            style.unpolish(self)
            style.polish(self)
        self.show()
        self.changed.emit()

    def _choose(self, key: str, action: Callable[[], None]) -> None:
        self._close_message(key)
        action()

    def _dismiss(self) -> None:
        if self._shown is not None:
            self._close_message(self._shown)

    def _close_message(self, key: str) -> None:
        message = self._messages.get(key)
        self.clear_message(key)
        if message is not None:
            message.closed()
