"""A real stream in the engine: what ends is opened again, as a camera is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.capture.fakes import Server
from tests.live.fakes import FakeAnalyzer, Watcher, results
from webcam_app.live import LiveEngine, LiveState


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def test_a_stream_that_ends_is_opened_again(server: Server, analyzer: FakeAnalyzer, watcher: Watcher) -> None:
    server.serve_jpegs("/live", 15)
    engine = LiveEngine(lambda: analyzer, on_event=watcher)
    engine.open(server.url("/live"))
    watcher.wait_for_state(LiveState.RUNNING)
    assert "ended the stream" in watcher.wait_for_state(LiveState.RETRYING).message
    watcher.wait_for_state(LiveState.RUNNING)
    assert results(engine, 2)
    assert engine.close()


def test_a_stream_that_refuses_is_named(server: Server, analyzer: FakeAnalyzer, watcher: Watcher) -> None:
    engine = LiveEngine(lambda: analyzer, on_event=watcher)
    engine.open(server.url("/none").replace("http://", "http://me:secret@"))
    message = watcher.wait_for_state(LiveState.FAILED).message
    assert "/none" in message and "secret" not in message
    assert engine.close()
