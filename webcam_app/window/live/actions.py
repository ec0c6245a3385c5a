"""What can be done with the live picture."""

from __future__ import annotations

from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import ActionSet
from webcam_app.window.theme import icon
from webcam_app.window.translation import mark, tr, translated

PAUSE_RECORDING, GO_ON_RECORDING = mark("Pause recording"), mark("Go on recording")


class LiveActions(ActionSet):
    """The actions of the live page; their texts and icons follow the state."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.start = self.add(
            "start", tr("Start"), ("Space",), "play", tr("Start or stop the picture; pause a video or go on")
        )
        self.record = self.add(
            "record", tr("Record"), ("R",), "record", tr("Record what you see, with its labels; press again to stop")
        )
        self.record.setIcon(icon("record", "red"))
        self.pause_recording = self.add(
            "pause_recording",
            translated(PAUSE_RECORDING),
            ("Shift+R",),
            "pause",
            tr("While recording: leave out what comes, and go on in the same file"),
        )
        self.pause_recording.setEnabled(False)
        self.snapshot = self.add(
            "snapshot", tr("Snapshot"), ("S",), "snapshot", tr("Keep the picture you see now as a file")
        )
        self.previous = self.add(
            "previous",
            tr("Previous"),
            ("PgUp", "P"),
            "previous",
            tr("Of several files that were opened, show the one before"),
        )
        self.next = self.add(
            "next", tr("Next"), ("PgDown", "N"), "next", tr("Of several files that were opened, show the next one")
        )
        self.mirror = self.add(
            "mirror", tr("Mirror"), ("M",), "mirror", tr("Show the picture as a mirror would; text stays readable")
        )
        self.mirror.setCheckable(True)
        self.cover = self.add(
            "cover",
            tr("Cover faces"),
            ("B",),
            "cover",
            tr("Blur every face, also in recordings; a click on a face leaves it out"),
        )
        self.cover.setCheckable(True)
        self.camera_controls = self.add(
            "camera_controls",
            tr("Camera controls…"),
            ("C",),
            "brightness",
            tr("Brightness, exposure, focus and more, where the camera has them"),
        )
        self.camera_controls.setEnabled(False)
        self._add_snapshots()
        self._add_view()
        self.masks = self.add("masks", tr("Masks"), ("K",), "mask", tr("Say who wears a mask"))
        self.masks.setCheckable(True)
        self._add_history()

    def _add_snapshots(self) -> None:
        self.snapshot_other = self.add(
            "snapshot_other",
            tr("Snapshot without labels"),
            ("Shift+S",),
            "snapshot",
            tr("Keep the picture without boxes and labels; with them, where the settings leave them out"),
        )
        self.burst = self.add(
            "burst",
            tr("Several snapshots"),
            ("Ctrl+Shift+S",),
            "burst",
            tr("Keep several pictures in a row; the settings say how many and how fast"),
        )
        self.strip = self.add(
            "strip",
            tr("Last recordings"),
            ("G",),
            "strip",
            tr("Show or hide the last recordings and snapshots below the picture"),
        )
        self.strip.setCheckable(True)

    def _add_view(self) -> None:
        self.freeze = self.add(
            "freeze",
            tr("Freeze"),
            ("Z",),
            "freeze",
            tr("Let the picture stand still while the camera and a recording go on; a snapshot keeps what stands"),
        )
        self.freeze.setCheckable(True)
        self.zoom_in = self.add(
            "zoom_in",
            tr("Zoom in"),
            ("Ctrl++", "Ctrl+="),
            "search",
            tr("Enlarge the picture, on the screen only; the wheel and two fingers do, dragging moves it"),
        )
        self.zoom_out = self.add("zoom_out", tr("Zoom out"), ("Ctrl+-",), "search", tr("See more of the picture"))
        self.zoom_whole = self.add(
            "zoom_whole", tr("Whole picture"), ("Ctrl+0",), "search", tr("Show the whole picture again")
        )

    def _add_history(self) -> None:
        self.history = self.add(
            "history",
            tr("Last minute"),
            ("H",),
            "chart",
            tr("Show faces, labels, masks, rate and latency of the last minute, and how many faces there were"),
        )
        self.history.setCheckable(True)
        self.export_history = self.add(
            "export_history",
            tr("Export who was seen…"),
            ("Ctrl+E",),
            "table",
            tr("Write a table of the faces since the start: label, mask, when first and last seen"),
        )
        self.virtual_camera = self.add(
            "virtual_camera",
            tr("Virtual camera"),
            ("V",),
            "webcam",
            tr("Let other programs, such as those for calls, see this picture as a camera"),
        )
        self.virtual_camera.setCheckable(True)
