"""Another source is opened while frames of the one before are still on their way."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.live.fakes import FakeAnalyzer, FakeCamera, results, wait_until
from webcam_app.capture import Frame
from webcam_app.faces.face import Face
from webcam_app.live import LiveEngine, LiveState
from webcam_app.live.recordings.recording import Recording
from webcam_app.output.overlay import OverlayStyle

BLOCKED_SECONDS = 0.3
"""How long a thread gets to do what it must not be able to do."""


def _run(engine: LiveEngine) -> None:
    engine.open("0")
    wait_until(lambda: engine.analyzer_loaded and engine.state is LiveState.RUNNING, "a running camera")
    results(engine, 1)


def _open_while_publishing(engine: LiveEngine, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open another source, which stays in opening, just when a result of the present one is about to be stored."""
    camera.may_open.clear()
    opening = threading.Thread(target=engine.open, args=("1",))
    analysed = engine._meter.analysed

    def open_then_analysed(*arguments: float) -> None:
        monkeypatch.setattr(engine._meter, "analysed", analysed)
        opening.start()
        opening.join(BLOCKED_SECONDS)
        analysed(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(engine._meter, "analysed", open_then_analysed)
    wait_until(lambda: opening.ident is not None, "a result")
    opening.join()
    assert engine._analysis.slot.wait_idle(20)


def test_the_old_picture_is_not_shown_while_the_next_source_opens(
    engine: LiveEngine, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(engine)
    _open_while_publishing(engine, camera, monkeypatch)
    assert engine.state is LiveState.OPENING
    assert engine.latest() is None


def test_no_old_picture_is_recorded_once_the_next_source_was_asked_for(
    engine: LiveEngine, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _run(engine)
    engine.start_recording(tmp_path, OverlayStyle())
    order: list[str] = []
    put, reset = Recording.put, engine._meter.reset

    def note_put(recording: Recording, frame: Frame, faces: Sequence[Face]) -> None:
        order.append("recorded")
        put(recording, frame, faces)

    def note_opening() -> None:
        order.append("opened")
        reset()

    monkeypatch.setattr(Recording, "put", note_put)
    monkeypatch.setattr(engine._meter, "reset", note_opening)
    _open_while_publishing(engine, camera, monkeypatch)
    assert order[-1] == "opened" and order.count("opened") == 1


def test_tracks_do_not_carry_over_from_a_frame_that_was_still_waiting(
    engine: LiveEngine, analyzer: FakeAnalyzer, camera: FakeCamera
) -> None:
    _run(engine)
    wait_until(lambda: analyzer.seen, "an analysed frame")
    analyzer.started.clear()
    analyzer.may_go_on.clear()
    assert analyzer.started.wait(20)
    before = engine.statistics().dropped
    wait_until(lambda: engine.statistics().dropped > before, "a frame that waits in the slot")
    camera.may_open.clear()
    camera.size = (96, 72)
    engine.open("1")
    analyzer.may_go_on.set()
    assert engine._analysis.slot.wait_idle(20)
    camera.may_open.set()
    wait_until(lambda: analyzer.widths[-1] == 96, "a frame of the new source")
    last_reset = max(position for position, width in enumerate(analyzer.widths) if width is None)
    assert set(analyzer.widths[last_reset + 1 :]) == {96}
    assert 96 not in analyzer.widths[:last_reset]
