"""Fills a video's timeline in the background, once for each video that was open lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.live import Result
from webcam_app.live.playing.background import BackgroundProcess
from webcam_app.live.playing.scan import Looked, LookedToTheEnd, scan
from webcam_app.window.player.face_timeline import FaceTimeline, Seen

# The first picture and its faces come before; a file that is only passed by is not looked through.
START_MS = 700
PULL_MS = 200
# So many timelines of 17 kB are kept, so that a video opened again is not looked through again.
MOST_KEPT = 16

Key = tuple[Path, int, int, Path | None, tuple[str, ...]]
"""A file as it is now, and the model that looks: another file under the same name is looked at anew."""


class Scanning(QObject):
    """Has the timeline of the video that is open."""

    changed = pyqtSignal()
    """There is more in the timeline, or its end is known."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timeline: FaceTimeline | None = None
        self.ended = False
        """Whether the whole video was looked at."""
        self._key: Key | None = None
        self._kept: OrderedDict[Key, tuple[FaceTimeline, bool]] = OrderedDict()
        self._process: BackgroundProcess | None = None
        self._before: tuple[float, list[Seen]] | None = None
        """The picture before the next one: how long it is shown is known only then."""
        self._start = QTimer(self)
        self._start.setSingleShot(True)
        self._start.setInterval(START_MS)
        self._start.timeout.connect(self._begin)
        self._pull = QTimer(self)
        self._pull.setInterval(PULL_MS)
        self._pull.timeout.connect(self._take)

    def open(self, path: Path, seconds: float | None, model: Path | None, labels: Sequence[str]) -> None:
        """Look through another video, or through the same with another model; goes on where it was left only if whole.

        Args:
            path: the video.
            seconds: its length, about; None where unknown.
            model: as ``FaceAnalyzer`` takes it.
            labels: the model's.
        """
        key = _key(path, model, tuple(labels))
        if key is None or key == self._key:
            return
        self.close()
        self._key = key
        self.timeline, self.ended = self._kept.pop(key, (FaceTimeline(seconds, labels), False))
        self._kept[key] = self.timeline, self.ended
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        if not self.ended:
            self._start.start()
        self.changed.emit()

    def close(self) -> None:
        """Look no further."""
        self._start.stop()
        self._pull.stop()
        if self._process is not None:
            self._process.end()
            self._process = None
        self._key = self.timeline = self._before = None
        self.ended = False

    def played(self, result: Result, seconds: float) -> None:
        """Note what was seen while it was played.

        Args:
            result: of a picture with a position.
            seconds: how long it is shown.
        """
        position = result.frame.position
        if self.timeline is not None and position is not None and not self.ended:
            self.timeline.add(position, position + seconds, map(Seen.of, result.faces), scanned=False)

    def _begin(self) -> None:
        if self._key is None:
            return
        try:
            self._process = BackgroundProcess(scan, self._key[0], self._key[3])
        except OSError:  # the strip then has what was played
            return
        self._pull.start()

    def _take(self) -> None:
        process, timeline = self._process, self.timeline
        if process is None or timeline is None:
            return
        messages = process.messages()
        for message in messages:
            if isinstance(message, Looked):
                self._add(timeline, message)
            elif isinstance(message, LookedToTheEnd):
                self._finish(timeline, message.seconds)
        if process.ended:
            self._pull.stop()
            process.end()
            self._process = None
        if messages:
            self.changed.emit()

    def _add(self, timeline: FaceTimeline, looked: Looked) -> None:
        for time, faces in looked.pictures:
            if self._before is not None:
                timeline.add(self._before[0], time, self._before[1], scanned=True)
            self._before = time, [Seen(*face) for face in faces]

    def _finish(self, timeline: FaceTimeline, seconds: float) -> None:
        if self._before is not None:
            timeline.add(self._before[0], max(seconds, self._before[0]), self._before[1], scanned=True)
        self._before = None
        timeline.end_at(seconds)
        self.ended = True
        if self._key is not None:
            self._kept[self._key] = timeline, True


def _key(path: Path, model: Path | None, labels: tuple[str, ...]) -> Key | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return path, status.st_mtime_ns, status.st_size, model, labels
