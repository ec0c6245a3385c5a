"""Fixtures of the capture tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.capture.fakes import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server, closed after the test."""
    running = Server()
    yield running
    running.close()
