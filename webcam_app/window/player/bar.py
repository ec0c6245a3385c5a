"""The bar for the video that plays."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QAction, QActionGroup, QHBoxLayout, QLabel, QMenu, QToolButton

from webcam_app.window.player.actions import PlayerActions
from webcam_app.window.player.seek_bar import SeekBar
from webcam_app.window.player.texts import clock
from webcam_app.window.translation import number, tr
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


class PlayerBar(Bar):
    """Steps, the seek bar between the time and the length, speed, loop, and the annotated copy."""

    speed_chosen = pyqtSignal(float)

    def __init__(self, actions: PlayerActions) -> None:
        """Make it; it is not wanted before a video is open.

        Args:
            actions: what its buttons do.
        """
        super().__init__("controls")
        self.wanted, self.essential = False, True
        self.step_back = ActionButton(actions.step_back, icon_only=True)
        self.step_on = ActionButton(actions.step_on, icon_only=True)
        for button in (self.step_back, self.step_on):
            button.setAutoRepeat(True)
        self.seek = SeekBar()
        self.place, self.length = QLabel(), QLabel()
        for label, meaning in ((self.place, tr("Place in the video")), (self.length, tr("Length of the video"))):
            label.setToolTip(meaning)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setAlignment(Qt.Alignment(Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter)
        self.speed = self._speed_button()
        self.loop = ActionButton(actions.loop, icon_only=True)
        self.annotate = ActionButton(actions.annotate, icon_only=True)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(4)
        for part in (self.step_back, self.step_on, self.place):
            self._layout.addWidget(part)
        self._layout.addWidget(self.seek, 1)
        for part in (self.length, self.speed, self.loop, self.annotate):
            self._layout.addWidget(part)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Take less room."""
        self._layout.setContentsMargins(*((8, 1, 8, 0) if compact else (12, 4, 12, 0)))

    def set_length(self, seconds: float) -> None:
        """The video is so long."""
        self.seek.set_length(seconds)
        self.length.setText(clock(seconds))
        # Room for the longest that will stand there, so that nothing moves.
        self.place.setFixedWidth(self.place.fontMetrics().horizontalAdvance("0" * len(clock(seconds, exact=True))) + 4)

    def set_position(self, seconds: float, *, exact: bool) -> None:
        """It is there; with hundredths of a second where it stands still."""
        text = clock(seconds, exact=exact)
        if text != self.place.text():
            self.place.setText(text)
        self.seek.set_position(seconds)

    def set_speed(self, speed: float) -> None:
        """Show how fast it plays."""
        text = speed_text(speed)
        self.speed.setText(text)
        self.speed.setAccessibleName(tr("Speed: {speed}").format(speed=text))
        for action in self._speeds.actions():
            action.setChecked(action.data() == speed)

    def _speed_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("speed")
        button.setToolTip(tr("How fast the video plays (− and +)"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoRaise(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance("0.25×") + 22)
        menu = QMenu(button)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(speed_text(speed), self._speeds)
            action.setCheckable(True)
            action.setData(speed)
            action.triggered.connect(lambda _checked=False, chosen=speed: self.speed_chosen.emit(chosen))
        menu.addActions(self._speeds.actions())
        button.setMenu(menu)
        return button


def speed_text(speed: float) -> str:
    """A speed like ``1.5×``, as people write it."""
    return f"{number(speed, len(f'{speed:g}'.partition('.')[2]))}×"


def next_speed(speed: float, steps: int, speeds: Sequence[float] = SPEEDS) -> float:
    """The speed so many steps faster, or slower where negative; the last one at either end."""
    nearest = min(range(len(speeds)), key=lambda number: abs(speeds[number] - speed))
    return speeds[min(max(nearest + steps, 0), len(speeds) - 1)]
