"""Looks through a whole video for its faces, in a process of its own."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.errors import WebcamAppError
from webcam_app.live.playing.background import stop_asked, work_in_background

if TYPE_CHECKING:
    from webcam_app.faces.face import Face

# Behind everything else: the picture that plays, a copy that is written, and whatever else runs.
NICENESS = 15
TELL_SECONDS = 0.2

SeenFace = tuple[int, str | None, bool]
"""Track, label, whether it wears a mask."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Pictures that were looked at: the time of each in seconds, and its faces."""

    pictures: list[tuple[float, list[SeenFace]]]


@dataclass(frozen=True, slots=True)
class LookedToTheEnd:
    """The end was reached, which is at so many seconds; or as far as the file can be read."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LookedInVain:
    """Why no faces can be looked for."""

    problem: str


def scan(connection: Connection, path: Path, model: Path | None) -> None:
    """Send the faces of a video as they are found: ``Looked`` again and again, then the end. Main of the process.

    They are those of ``annotate``: every picture is looked at, in order.

    Args:
        connection: ends it when it is closed.
        path: the video.
        model: as ``FaceAnalyzer`` takes it.
    """
    work_in_background(NICENESS)
    with contextlib.suppress(OSError):  # whoever asked has gone
        try:
            connection.send(_scan(connection, path, model))
        except WebcamAppError as error:
            connection.send(LookedInVain(str(error)))


def _scan(connection: Connection, path: Path, model: Path | None) -> LookedToTheEnd:
    from webcam_app.capture import open_source
    from webcam_app.errors import SourceLostError
    from webcam_app.faces.analyzer import FaceAnalyzer

    analyzer = FaceAnalyzer(model)
    end = 0.0
    pictures: list[tuple[float, list[SeenFace]]] = []
    told = time.monotonic()
    with open_source(str(path)) as source, contextlib.suppress(SourceLostError):
        while (frame := source.read()) is not None and not stop_asked(connection):
            faces = analyzer.analyze(frame.image, frame.time)
            pictures.append((frame.time, [_seen(face) for face in faces]))
            end = frame.time + (source.frame_seconds or 1.0 / (source.info.fps or 30.0))
            if time.monotonic() - told > TELL_SECONDS:
                connection.send(Looked(pictures))
                pictures, told = [], time.monotonic()
    connection.send(Looked(pictures))
    return LookedToTheEnd(end)


def _seen(face: Face) -> SeenFace:
    return face.track, face.label, bool(face.masked)
