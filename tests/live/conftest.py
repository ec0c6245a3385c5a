"""Fixtures of the live engine's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.fakes import FakeAnalyzer, FakeCamera, Watcher, live_threads, wait_until
from webcam_app.live import LiveEngine, session


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog with a tenth of its timeouts."""
    monkeypatch.setattr(session, "MIN_STALL_SECONDS", 0.15)
    monkeypatch.setattr(session, "ABANDON_AFTER_SECONDS", 0.1)
    monkeypatch.setattr(session, "MIN_RETRY_DELAY_SECONDS", 0.01)
    monkeypatch.setattr(session, "MAX_RETRY_DELAY_SECONDS", 0.05)
    monkeypatch.setattr(session, "POLL_SECONDS", 0.02)


@pytest.fixture
def camera() -> Iterator[FakeCamera]:
    plugged_in = FakeCamera()
    yield plugged_in
    plugged_in.may_open.set()
    plugged_in.thaw()


@pytest.fixture
def analyzer() -> Iterator[FakeAnalyzer]:
    made = FakeAnalyzer()
    yield made
    made.may_go_on.set()


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def engine(camera: FakeCamera, analyzer: FakeAnalyzer, watcher: Watcher) -> Iterator[LiveEngine]:
    """An engine whose every source is the fake camera; after each test no thread may be left."""
    made = LiveEngine(lambda: analyzer, on_event=watcher, opener=camera.open)
    yield made
    camera.may_open.set()
    camera.thaw()
    analyzer.may_go_on.set()
    made.close()
    wait_until(lambda: not live_threads(), "the end of every thread")
