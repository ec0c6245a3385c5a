"""The bars above and below the live picture."""

from __future__ import annotations

from PyQt5.QtWidgets import QAction, QHBoxLayout

from webcam_app.capture.text import printable
from webcam_app.live import MicrophoneStatus
from webcam_app.window.actions import WindowActions
from webcam_app.window.core_texts import told
from webcam_app.window.header import Header
from webcam_app.window.live.actions import GO_ON_RECORDING, PAUSE_RECORDING, LiveActions
from webcam_app.window.live.presentation import START_LOOKS
from webcam_app.window.live.recording.countdown import Purpose
from webcam_app.window.live.sources.choices import SourceChoice
from webcam_app.window.live.sources.picker import ModePicker, SourcePicker
from webcam_app.window.translation import mark, tr, translated
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar
from webcam_app.window.widgets.level_meter import LevelMeter


class LiveHeader(Header):
    """Choose the source, its size and rate."""

    def __init__(self, actions: WindowActions, live_actions: LiveActions) -> None:
        source, mode = SourcePicker((actions.open_file, actions.open_folder, actions.open_url)), ModePicker()
        steps = [ActionButton(action, icon_only=True) for action in (live_actions.previous, live_actions.next)]
        tune = ActionButton(live_actions.camera_controls, icon_only=True)
        selectors = ((source, 3), *((step, 0) for step in steps), (mode, 2), (tune, 0))
        in_menu = (live_actions.history, live_actions.export_history, live_actions.virtual_camera)
        super().__init__(actions, selectors, narrow_hides=(mode, tune), page_actions=in_menu)
        self.source, self.mode = source, mode
        self._actions, self._steps = live_actions, steps
        self.set_steps(None, None)

    def set_steps(self, previous: SourceChoice | None, following: SourceChoice | None) -> None:
        """Offer the neighbours of the file that is shown; without any there are no buttons for them."""
        self._actions.previous.setEnabled(previous is not None)
        self._actions.next.setEnabled(following is not None)
        for step in self._steps:
            step.setVisible(previous is not None or following is not None)


RECORD, STOP_RECORDING, CANCEL = mark("Record"), mark("Stop recording"), mark("Cancel")


class ControlBar(Bar):
    """Start, mirror and masks on the left, record in the middle, snapshot and full screen on the right."""

    def __init__(self, actions: LiveActions, full_screen: QAction) -> None:
        super().__init__("controls")
        self._action = actions.record
        self.start = ActionButton(actions.start, texts=[translated(look.text) for look in START_LOOKS])
        self.mirror = ActionButton(actions.mirror)
        self.masks = ActionButton(actions.masks)
        self.record = ActionButton(
            actions.record, texts=[translated(each) for each in (RECORD, STOP_RECORDING, CANCEL)]
        )
        self._pause_action = actions.pause_recording
        self.pause = ActionButton(actions.pause_recording, icon_only=True)
        policy = self.pause.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when it appears
        self.pause.setSizePolicy(policy)
        self.pause.hide()
        self.level = LevelMeter()
        self._snapshot_action = actions.snapshot
        self._snapshot_text = actions.snapshot.text()
        self.snapshot = ActionButton(actions.snapshot, texts=(self._snapshot_text, CANCEL))
        self.freeze = ActionButton(actions.freeze, icon_only=True)
        self.full_screen = ActionButton(full_screen, icon_only=True)
        self.record.setProperty("recording", False)
        left, right = QHBoxLayout(), QHBoxLayout()
        for button in (self.start, self.mirror, self.masks):
            left.addWidget(button)
        left.addStretch()
        right.addWidget(self.snapshot)
        right.addWidget(self.freeze)
        right.addWidget(self.pause)
        right.addWidget(self.level)
        right.addStretch()
        right.addWidget(self.full_screen)
        self._layout = QHBoxLayout(self)
        # Both sides get the same width, so that the button between them stands in the middle of the window.
        self._layout.addLayout(left, 1)
        self._layout.addWidget(self.record)
        self._layout.addLayout(right, 1)
        for layout in (left, right, self._layout):
            layout.setSpacing(6)
        self._recording = False
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Show icons alone."""
        self._layout.setContentsMargins(*((8, 3, 8, 3) if compact else (12, 9, 12, 9)))
        for button in (self.start, self.mirror, self.masks, self.record, self.pause, self.snapshot, self.full_screen):
            button.set_compact(compact)

    def set_counting(self, purpose: Purpose | None) -> None:
        """Show what is counted down to, which its button then cancels; None for nothing."""
        snapshot = self._snapshot_action
        if purpose is Purpose.SNAPSHOT:
            snapshot.show_as(translated(CANCEL), "close", tr("Do not take the picture"))
        else:
            snapshot.show_as(self._snapshot_text, "snapshot", snapshot.help_text)
        if purpose is Purpose.RECORDING:
            self._action.show_as(translated(CANCEL), "close", tr("Do not record"))
        elif not self._recording:
            self._action.show_as(translated(RECORD), "record", self._action.help_text, icon_color="red")

    def set_microphone(self, microphone: MicrophoneStatus | None) -> None:
        """Show how loud the microphone is, or no level where there is none."""
        self.level.setVisible(microphone is not None)
        if microphone is not None:
            self.level.show_level(microphone.level)
            level = tr("Level of the microphone: {name}").format(name=printable(microphone.name))
            text = told(microphone.problem) or level
            if text != self.level.toolTip():
                self.level.setToolTip(text)
                self.level.setAccessibleDescription(text)

    def set_paused(self, paused: bool) -> None:
        """Show whether the recording is paused."""
        if paused:
            self._pause_action.show_as(translated(GO_ON_RECORDING), "play", tr("Go on recording in the same file"))
        else:
            self._pause_action.show_as(
                translated(PAUSE_RECORDING), "pause", tr("Leave out what comes, and go on in the same file")
            )

    def set_recording(self, recording: bool) -> None:
        """Show whether it is recorded; for how long stands on the picture and in the window's title."""
        if recording == self._recording:
            return
        self._recording = recording
        self._pause_action.setEnabled(recording)
        self.pause.setVisible(recording)
        if not recording:
            self.set_paused(False)
        if recording:
            help_text = tr("Finish the recording; the picture goes on")
            self._action.show_as(translated(STOP_RECORDING), "stop", help_text, icon_color="on_strong")
        else:
            self._action.show_as(translated(RECORD), "record", self._action.help_text, icon_color="red")
        self.record.setProperty("recording", recording)
        style = self.record.style()
        if style is not None:
            style.unpolish(self.record)
            style.polish(self.record)
