"""Photographs in the engine: each with its faces, none with those of another, and what is damaged is named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.live.fakes import TIMEOUT_SECONDS, Watcher, live_threads, wait_until
from webcam_app.capture import Image, picture_source
from webcam_app.faces.face import Box, Face
from webcam_app.live import EventKind, LiveEngine, LiveState, Result


class StillAnalyzer:
    """Gives each photograph one face, as wide as the picture is; knows no videos."""

    card = None

    def __init__(self) -> None:
        self.problem: str | None = None

    def analyze_still(self, image: Image, *, smallest: float = 0.0) -> list[Face]:
        return [Face(Box(0, 0, image.shape[1], 9), 1, "female", {"female": 0.9, "male": 0.1})]

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        raise AssertionError("a photograph was taken for a frame of a video")

    def reset(self) -> None:
        pass


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pictures of different widths, a damaged one and one that is cut off, shown quickly."""
    monkeypatch.setattr(picture_source, "SECONDS_PER_PICTURE", 0.01)
    for number, width in enumerate((40, 50, 60)):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((48, width, 3), 99, np.uint8))
    (tmp_path / "1b.jpg").write_bytes(b"not a picture")
    cut = cv2.imencode(".jpg", np.random.default_rng(0).integers(0, 255, (48, 70, 3), np.uint8))[1].tobytes()
    (tmp_path / "3.jpg").write_bytes(cut[: len(cut) * 2 // 3])
    return tmp_path


class Slow:
    """A factory of analyzers that takes as long as a test wants."""

    def __init__(self) -> None:
        self.may_load = threading.Event()

    def __call__(self) -> StillAnalyzer:
        self.may_load.wait(TIMEOUT_SECONDS)
        return StillAnalyzer()


@pytest.fixture
def factory() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.may_load.set()


@pytest.fixture
def seen(factory: Slow, watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LiveEngine, list[Result]]]:
    """An engine, and every result that it ever had."""
    results: list[Result] = []
    engine = LiveEngine(factory, on_event=watcher)
    # What is recorded is every result, also those that are replaced before a window could take them.
    monkeypatch.setattr(
        engine._recording, "put", lambda frame, faces: results.append(Result(frame, faces, 0.0, len(results)))
    )
    yield engine, results
    factory.may_load.set()
    engine.close()


def test_each_picture_is_there_with_its_faces_even_if_the_networks_come_late(
    album: Path, seen: tuple[LiveEngine, list[Result]], factory: Slow, watcher: Watcher
) -> None:
    engine, results = seen
    engine.open(str(album))
    watcher.wait_for_state(LiveState.RUNNING)
    assert engine.latest() is None
    factory.may_load.set()
    watcher.wait_for_state(LiveState.ENDED)
    wait_until(lambda: len(results) == 4, "every picture")
    assert [result.frame.image.shape[1] for result in results] == [40, 50, 60, 70]
    assert [[face.box.width for face in result.faces] for result in results] == [[40], [50], [60], [70]]


def test_a_damaged_picture_is_named(
    album: Path, seen: tuple[LiveEngine, list[Result]], factory: Slow, watcher: Watcher
) -> None:
    factory.may_load.set()
    seen[0].open(str(album))
    first = watcher.wait(lambda event: event.kind is EventKind.REMARK)
    assert "1b.jpg is not a picture" in first.message
    second = watcher.wait(lambda event: event.kind is EventKind.REMARK)
    assert "3.jpg is truncated: the lower" in second.message
    watcher.wait_for_state(LiveState.ENDED)


def test_it_ends_while_a_picture_waits_for_the_networks(
    album: Path, seen: tuple[LiveEngine, list[Result]], factory: Slow, watcher: Watcher
) -> None:
    engine, results = seen
    engine.open(str(album))
    watcher.wait_for_state(LiveState.RUNNING)
    assert not engine.close(0.1)  # the thread that loads them cannot be stopped
    wait_until(lambda: live_threads() == ["live model"], "the end of the others")
    factory.may_load.set()
    wait_until(lambda: not live_threads(), "the end of every thread")
    assert results == []
