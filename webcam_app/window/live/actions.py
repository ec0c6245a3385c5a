"""What can be done with the live picture."""

from __future__ import annotations

from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import ActionSet
from webcam_app.window.theme import icon

PAUSE_RECORDING, GO_ON_RECORDING = "Pause recording", "Go on recording"


class LiveActions(ActionSet):
    """The actions of the live page; their texts and icons follow the state."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.start = self.add("start", "Start", ("Space",), "play", "Start or stop the picture; pause a video or go on")
        self.record = self.add(
            "record", "Record", ("R",), "record", "Record what you see, with its labels; press again to stop"
        )
        self.record.setIcon(icon("record", "red"))
        self.pause_recording = self.add(
            "pause_recording",
            PAUSE_RECORDING,
            ("Shift+R",),
            "pause",
            "While recording: leave out what comes, and go on in the same file",
        )
        self.pause_recording.setEnabled(False)
        self.snapshot = self.add("snapshot", "Snapshot", ("S",), "snapshot", "Keep the picture you see now as a file")
        self.previous = self.add(
            "previous", "Previous", ("PgUp", "P"), "previous", "Of several files that were opened, show the one before"
        )
        self.next = self.add(
            "next", "Next", ("PgDown", "N"), "next", "Of several files that were opened, show the next one"
        )
        self.mirror = self.add(
            "mirror", "Mirror", ("M",), "mirror", "Show the picture as a mirror would; text stays readable"
        )
        self.mirror.setCheckable(True)
        self.cover = self.add(
            "cover", "Cover faces", ("B",), "", "Blur every face, also in recordings; a click on a face leaves it out"
        )
        self.cover.setCheckable(True)
        self.camera_controls = self.add(
            "camera_controls",
            "Camera controls…",
            ("C",),
            "brightness",
            "Brightness, exposure, focus and more, where the camera has them",
        )
        self.camera_controls.setEnabled(False)
        self.masks = self.add("masks", "Masks", ("K",), "mask", "Say who wears a mask")
        self.masks.setCheckable(True)
