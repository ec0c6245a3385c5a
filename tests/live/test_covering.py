"""Faces are covered in what a live recording and a snapshot keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.live.fakes import FakeCamera, results
from webcam_app.capture.frame import Frame
from webcam_app.faces.face import Box, Face
from webcam_app.live.engine import LiveEngine
from webcam_app.live.recordings.recording import Recording
from webcam_app.output.cover import FILL, CoverKind
from webcam_app.output.covering import Covering
from webcam_app.output.live.effort import Effort
from webcam_app.output.overlay import OverlayStyle

FACE = Face(Box(60, 40, 20, 20), 1)
MIDDLE = (50, 70)


class Writer:
    """Keeps what it is given."""

    path = Path("one.mp4")
    duration = disk_seconds = 0.0
    size = 0
    free: int | None = None
    sound_problem = ""

    def __init__(self) -> None:
        self.images: list[Any] = []
        self.times: list[float] = []
        self.effort: Effort = next(iter(Effort))

    @property
    def frames(self) -> int:
        return len(self.images)

    def write(self, image: Any, time: float) -> None:
        self.images.append(image.copy())
        self.times.append(time)

    def write_sound(self, samples: Any, rate: int, time: float) -> None:
        pass

    def pause(self, time: float) -> None:
        pass

    def resume(self, time: float) -> None:
        pass

    def lighten(self) -> bool:
        return False

    def close(self, time: float | None = None) -> None:
        pass


def frame(index: int) -> Frame:
    return Frame(np.full((120, 160, 3), 200, np.uint8), index, index / 10, 0.0)


def covered(image: Any) -> bool:
    return bool((image[MIDDLE] == FILL).all())


def record(covering: Covering, seen: range, *, frames: int = 20, switch_off_at: int = -1) -> Writer:
    writer = Writer()
    recording = Recording(writer, OverlayStyle(covering=covering), lambda: (), lambda summary: None)
    for index in range(frames):
        if index == switch_off_at:
            covering.kind = None
        recording.put(frame(index), [FACE] if index in seen else [])
    recording.stop(5.0)
    assert writer.times == [index / 10 for index in range(frames)]
    return writer


def test_a_recording_shows_no_face_from_half_a_second_before_it_is_found_to_one_after_it_is_lost() -> None:
    writer = record(Covering(CoverKind.FILL), range(10, 12))
    shown = [index for index, image in enumerate(writer.images) if not covered(image)]
    assert set(range(5, 17)).isdisjoint(shown)
    assert set(range(4)) | set(range(18, 20)) <= set(shown)


def test_a_chosen_face_stays_and_nothing_is_covered_where_it_is_switched_off() -> None:
    assert not any(covered(image) for image in record(Covering(CoverKind.FILL, {1}), range(20)).images)
    assert not any(covered(image) for image in record(Covering(), range(20)).images)


def test_what_was_filmed_while_faces_were_covered_stays_covered_when_that_is_switched_off() -> None:
    writer = record(Covering(CoverKind.PIXELATE), range(20), switch_off_at=8)
    plain = record(Covering(), range(20))
    assert writer.frames == plain.frames == 20
    ours = record(Covering(CoverKind.FILL), range(20), switch_off_at=8)
    assert not covered(ours.images[8])


def test_a_snapshot_is_covered(engine: LiveEngine, camera: FakeCamera, tmp_path: Path) -> None:
    engine.open("0")
    results(engine, 2)
    result = engine.latest()
    assert result is not None and result.faces
    path = engine.snapshot(tmp_path, OverlayStyle(covering=Covering(CoverKind.FILL)))
    plain = engine.snapshot(tmp_path, OverlayStyle())
    filled, bare = (
        (np.abs(cv2.imread(str(each)).astype(int) - FILL).max(axis=2) < 20).mean() for each in (path, plain)
    )
    assert filled > bare + 0.1
