"""Makes the live page show the state of the engine, as the table of ``presentation`` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.live import LiveState
from webcam_app.window.core_texts import told
from webcam_app.window.live.actions import LiveActions
from webcam_app.window.live.bridge import EngineBridge
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.live.presentation import (
    OPENING,
    PAUSE,
    PLAY,
    SEARCHING,
    Button,
    Command,
    Panel,
    Presentation,
    is_still,
    presentation,
    start_look,
)
from webcam_app.window.live.recording.controller import RecordingController
from webcam_app.window.live.sources.controller import SOURCE, SourceController
from webcam_app.window.live.status import StatusLine
from webcam_app.window.live.viewing.freeze import FreezeController
from webcam_app.window.translation import tr, translated
from webcam_app.window.widgets.banner import Banner
from webcam_app.window.widgets.button_row import Choice
from webcam_app.window.widgets.placeholder import Placeholder

# A spinner that is seen for less than this is a flicker.
SPINNER_AFTER_MS = 200
# A file's last frame is still being analysed when the engine reports its end.
LAST_FRAME_MS = 1000


@dataclass(frozen=True)
class LiveViews:
    """The parts that show the state."""

    actions: LiveActions
    banner: Banner
    canvas: VideoCanvas
    placeholder: Placeholder
    status: StatusLine
    freeze: FreezeController


class StateDisplay(QObject):
    """Makes the page's parts show the state that the engine is in; ``show`` may be called at any time."""

    stop_requested = pyqtSignal()
    """The person cancelled opening."""

    def __init__(
        self, bridge: EngineBridge, sources: SourceController, recording: RecordingController, views: LiveViews
    ) -> None:
        super().__init__(bridge.parent())
        self._bridge, self._engine = bridge, bridge.engine
        self._sources, self._recording, self._views = sources, recording, views
        self._commands: dict[Command, Callable[[], None]] = {
            Command.REOPEN: sources.reopen,
            Command.OPEN_DEMO: sources.open_demo,
            Command.STOP: self.stop_requested.emit,
        }
        self._source_problem = False
        self._opening_delay = self._timer(SPINNER_AFTER_MS)
        self._opening_delay.timeout.connect(self._show_opening)
        self._last_frame = self._timer(LAST_FRAME_MS)
        self._last_frame.timeout.connect(self._pause_after_end)

    def show(self) -> None:
        """Make every part show the state that the engine is in."""
        state, message = self._engine.state, self._engine.message
        look = presentation(state, self._engine.statistics().source)
        has_picture = self._engine.latest() is not None and state is not LiveState.IDLE
        self._show_actions(state, look, has_picture=has_picture)
        if state is LiveState.ENDED:
            self._last_frame.start()
        else:
            self._bridge.set_pulling(look.has_results)
        self._views.canvas.set_stale(look.stale)
        self._show_message(state, look, message)
        if state is not LiveState.OPENING:
            self._opening_delay.stop()
        if look.awaits_picture:
            self._await_picture(has_picture=has_picture, opening=state is LiveState.OPENING)
        elif state is LiveState.IDLE:
            self._show_idle(look)
        elif look.panel is not None:
            self._show_panel(state, look.panel, told(message) if look.severity is None else "")
        elif state is LiveState.PAUSED:
            self._views.placeholder.hide()
        if not look.active or state is LiveState.PAUSED:
            self._views.status.clear(tr("Paused") if state is LiveState.PAUSED else tr("Ready"))

    def _show_panel(self, state: LiveState, panel: Panel, headline: str) -> None:
        """What lies over the picture; over a video that can be sought, only if there is another to go on with."""
        following = self._sources.following if state is LiveState.ENDED else None
        source = self._engine.statistics().source
        if state is LiveState.ENDED and following is None and source is not None and source.seekable:
            self._views.placeholder.hide()
            return
        more = (
            [(tr("Next: {name}").format(name=following.name), lambda: self._sources.step(1))]
            if following is not None
            else []
        )
        self._present(panel, headline, more)

    def _show_actions(self, state: LiveState, look: Presentation, *, has_picture: bool) -> None:
        actions = self._views.actions
        source = self._engine.statistics().source
        start = start_look(state, source)
        actions.start.show_as(translated(start.text), start.icon, translated(start.help_text))
        actions.start.setEnabled(not (is_still(source) and start in (PAUSE, PLAY)))
        actions.record.setEnabled((look.recordable and has_picture) or self._recording.active)
        for action in (actions.snapshot, actions.snapshot_other):
            action.setEnabled(has_picture)
        freeze = self._views.freeze
        freeze.offer(state, live=has_picture and source is not None and source.live)
        actions.burst.setEnabled(has_picture and look.recordable and not freeze.frozen)

    def _show_message(self, state: LiveState, look: Presentation, message: str) -> None:
        if look.severity is not None:
            self._source_problem = True
            self._views.banner.show_message(SOURCE, told(message), look.severity, self._choices(look.buttons))
        elif look.resolved and self._source_problem and not self._demo_runs(state):
            self._source_problem = False
            self._views.banner.clear_message(SOURCE)

    def _demo_runs(self, state: LiveState) -> bool:
        """Whether the demo clip runs; the message that says why it is shown then stays."""
        choice = self._sources.choice
        return state in (LiveState.RUNNING, LiveState.PAUSED) and choice is not None and choice.demo

    def _await_picture(self, *, has_picture: bool, opening: bool) -> None:
        if has_picture and not opening:
            self._views.placeholder.hide()
        elif self._views.placeholder.isHidden() or opening:
            self._opening_delay.start()

    def _show_idle(self, look: Presentation) -> None:
        self._views.canvas.show_result(None, ())
        if self._sources.searching:
            self._present(SEARCHING)
        elif self._sources.choice is not None and look.panel is not None:
            self._present(look.panel)

    def _show_opening(self) -> None:
        if self._engine.latest() is None and self._engine.state in (LiveState.OPENING, LiveState.RUNNING):
            name = self._sources.choice.name if self._sources.choice else ""
            self._present(OPENING, translated(OPENING.headline).format(name=name))

    def _present(self, panel: Panel, headline: str = "", more: Sequence[Choice] = ()) -> None:
        choices = [*more, *self._choices(panel.buttons)]
        headline, detail = headline or translated(panel.headline), translated(panel.detail)
        self._views.placeholder.present(headline, detail, icon=panel.icon, choices=choices)

    def _choices(self, buttons: Iterable[Button]) -> list[Choice]:
        return [(translated(button.text), self._commands[button.command]) for button in buttons]

    def _pause_after_end(self) -> None:
        if self._engine.state is not LiveState.ENDED:
            return
        if self._engine.latest() is None:  # a photograph, and the networks are still being loaded
            self._last_frame.start()
        else:
            self._bridge.set_pulling(False)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer
