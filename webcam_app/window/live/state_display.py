"""What the window shows in each state of the engine: the picture, or why there is none and what can be done."""

from __future__ import annotations

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.live import LiveState
from webcam_app.window.actions import Actions
from webcam_app.window.live.bridge import EngineBridge, is_showing
from webcam_app.window.live.canvas import VideoCanvas
from webcam_app.window.live.recording_controller import RecordingController
from webcam_app.window.live.sources.control import SOURCE, SourceControl
from webcam_app.window.live.status import StatusLine
from webcam_app.window.theme import icon
from webcam_app.window.widgets.banner import Banner, Severity
from webcam_app.window.widgets.placeholder import Placeholder

# A spinner that is seen for less than this is a flicker.
SPINNER_AFTER_MS = 200
# A file's last frame is still being analysed when its end is told.
LAST_FRAME_MS = 1000


class StateDisplay(QObject):
    """Makes the window's parts show the state that the engine is in; ``show`` may be called at any time."""

    stop_requested = pyqtSignal()
    """Opening shall be cancelled."""

    def __init__(
        self,
        bridge: EngineBridge,
        sources: SourceControl,
        recording: RecordingController,
        actions: Actions,
        banner: Banner,
        canvas: VideoCanvas,
        placeholder: Placeholder,
        status: StatusLine,
    ) -> None:
        super().__init__(bridge.parent())
        self._bridge, self._engine, self._sources, self._recording_controller = (
            bridge,
            bridge.engine,
            sources,
            recording,
        )
        self._actions, self._banner, self._canvas, self._placeholder, self._status = (
            actions,
            banner,
            canvas,
            placeholder,
            status,
        )
        self._trouble = False
        self._spinner_delay = self._timer(SPINNER_AFTER_MS)
        self._spinner_delay.timeout.connect(self._show_opening)
        self._last_frame = self._timer(LAST_FRAME_MS)
        self._last_frame.timeout.connect(self._pause_after_end)

    def show(self) -> None:
        """Make every part show the state that the engine is in."""
        state, message = self._engine.state, self._engine.message
        running = state not in (LiveState.IDLE, LiveState.ENDED, LiveState.FAILED)
        start = self._actions["start"]
        start.setText("Stop" if running else "Start")
        start.setIcon(icon("stop" if running else "play"))
        has_picture = self._engine.latest() is not None and state is not LiveState.IDLE
        self._actions["record"].setEnabled((running and has_picture) or self._recording_controller.active)
        self._actions["snapshot"].setEnabled(has_picture)
        if state is LiveState.ENDED:
            self._last_frame.start()
        else:
            self._bridge.set_pulling(is_showing(state))
        self._canvas.set_stale(state in (LiveState.STALLED, LiveState.RETRYING))
        if state is not LiveState.OPENING:
            self._spinner_delay.stop()
        if state in (LiveState.RUNNING, LiveState.OPENING):
            if not (self._sources.choice and self._sources.choice.demo) and state is LiveState.RUNNING:
                self._clear_trouble()
            if state is LiveState.RUNNING and has_picture:
                self._placeholder.hide()
            elif self._placeholder.isHidden() or state is LiveState.OPENING:
                self._spinner_delay.start()
        elif state in (LiveState.STALLED, LiveState.RETRYING):
            self._trouble = True
            self._banner.show_message(SOURCE, message, Severity.WARNING, [("Retry now", self._sources.reopen)])
            self._placeholder.present("Waiting for the picture…")
        elif state is LiveState.FAILED:
            self._trouble = True
            choices = [("Retry", self._sources.reopen), ("Demo clip", self._sources.open_demo)]
            self._banner.show_message(SOURCE, message, Severity.ERROR, choices)
            self._placeholder.present("No picture", "Choose a camera or a file above.", icon="webcam")
        elif state is LiveState.ENDED:
            self._placeholder.present(message or "The end", icon="play", choices=[("Play again", self._sources.reopen)])
        else:
            self._clear_trouble()
            self._show_idle()
        if not running:
            self._status.clear()

    def _pause_after_end(self) -> None:
        if self._engine.state is LiveState.ENDED:
            self._bridge.set_pulling(False)

    def _clear_trouble(self) -> None:
        if self._trouble:
            self._trouble = False
            self._banner.clear_message(SOURCE)

    def _show_idle(self) -> None:
        self._canvas.show_result(None, ())
        if self._sources.searching:
            self._placeholder.present("Looking for a camera…")
        elif self._sources.choice is not None:
            choices = [("Start", self._sources.reopen)]
            self._placeholder.present("Stopped", "Press Space to start again.", icon="webcam", choices=choices)

    def _show_opening(self) -> None:
        if self._engine.latest() is None and self._engine.state in (LiveState.OPENING, LiveState.RUNNING):
            name = self._sources.choice.name if self._sources.choice else ""
            self._placeholder.present(f"Opening {name}…", choices=[("Cancel", self.stop_requested.emit)])

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer
